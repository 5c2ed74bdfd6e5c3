//! Operators of sound: windows and spectra.

use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "BlackmanWindow" | "HammingWindow" | "HannWindow" => {
            let element = call.element("output_datatype").unwrap_or(Element::FLOAT32);
            Tensor::new(element, vec![said(call, 0)?])
        }
        "MelWeightMatrix" => {
            let bins = said(call, 1)?.map(|length| length / 2 + 1);
            let element = call.element("output_datatype").unwrap_or(Element::FLOAT32);
            Tensor::new(element, vec![bins, said(call, 0)?])
        }
        "DFT" => transform(call)?,
        "STFT" => short_time(call)?,
        _ => return Ok(None),
    };
    Ok(Some(Made::from(made)))
}

/// A length that an input holds.
fn said(call: &Call<'_, '_>, place: usize) -> Result<Length, Trouble> {
    let length = call.input(place)?.number().and_then(|length| u64::try_from(length).ok());
    length.map(Length::exactly).ok_or_else(|| call.unbounded())
}

fn transform(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let mut dims = call.dims_from(0, 2)?.to_vec();
    let axis = match (call.number("axis"), call.given(2)) {
        (Some(axis), _) => axis,
        (None, Some(axis)) => axis.number().ok_or_else(|| call.unbounded())?,
        (None, None) => -2,
    };
    // The old form counts from the start, and its first dimension is the count.
    let axis = call.axis(axis, dims.len())?;
    let (one_sided, inverse) = (call.flag("onesided"), call.flag("inverse"));
    let last = dims.len() - 1;
    dims[last] = Length::exactly(2);
    if call.given(1).is_some() {
        dims[axis] = said(call, 1)?;
    } else if one_sided && inverse {
        dims[axis] = Length::at_most(dims[axis].most.saturating_mul(2));
    }
    match (one_sided, inverse) {
        (true, false) => dims[axis] = dims[axis].map(|length| length / 2 + 1),
        // Real numbers, in one part or two.
        (true, true) => dims[last] = Length::at_most(2),
        _ => {}
    }
    Ok(Tensor::new(call.input(0)?.element, dims))
}

fn short_time(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let dims = call.dims_from(0, 2)?;
    let frame = match (call.given(3), call.given(2)) {
        (Some(_), _) => said(call, 3)?,
        (None, Some(_)) => call.dims_from(2, 1)?[0],
        (None, None) => return Err(call.unbounded()),
    };
    let frames = match call.input(1)?.number() {
        Some(step @ 1..) => dims[1].map(|length| length.saturating_sub(frame.most) / step as u64 + 1),
        Some(_) => return Err(call.wrong("has no step")),
        None => Length::at_most(dims[1].most),
    };
    let bins = if call.number("onesided") == Some(0) { frame } else { frame.map(|length| length / 2 + 1) };
    Ok(Tensor::new(call.input(0)?.element, vec![dims[0], frames, bins, Length::exactly(2)]))
}
