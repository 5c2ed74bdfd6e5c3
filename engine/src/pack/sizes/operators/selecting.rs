//! Operators that pick entries out of a value.

use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "Slice" => slice(call)?,
        "Gather" => gather(call)?,
        "GatherElements" => call.input(1)?.of(call.input(0)?.element),
        "GatherND" => gather_nd(call)?,
        "Split" => return split(call).map(Some),
        "TopK" => return top(call).map(Some),
        "Compress" => compress(call)?,
        "Unique" => return unique(call).map(Some),
        "NonZero" => {
            let input = call.input(0)?;
            let rank =
                input.dims.as_ref().map_or(Length::at_most(64), |dims| Length::exactly(dims.len() as u64));
            Tensor::new(Element::INT64, vec![rank, Length::at_most(input.most)])
        }
        "NonMaxSuppression" => {
            let (boxes, scores) = (call.dims_from(0, 3)?, call.dims_from(1, 3)?);
            let most = scores[1].times(boxes[0]).times(boxes[1]).most;
            Tensor::new(Element::INT64, vec![Length::at_most(most), Length::exactly(3)])
        }
        _ => return Ok(None),
    };
    Ok(Some(Made::from(made)))
}

/// How many entries a slice has of a dimension: ONNX clamps both ends into it.
fn sliced(length: u64, start: i64, end: i64, step: i64) -> Option<u64> {
    let length = i64::try_from(length).ok()?;
    let from_start = |place: i64| if place < 0 { place.saturating_add(length) } else { place };
    let (start, end) = (from_start(start), from_start(end));
    let count = match step {
        0 => return None,
        1.. => (end.clamp(0, length) - start.clamp(0, length)).max(0).div_ceil_by(step),
        _ => {
            (start.clamp(-1, length - 1) - end.clamp(-1, length - 1)).max(0).div_ceil_by(step.checked_neg()?)
        }
    };
    u64::try_from(count).ok()
}

trait DivCeil {
    fn div_ceil_by(self, step: i64) -> i64;
}

impl DivCeil for i64 {
    /// For numbers of at least 0 and a step of at least 1.
    fn div_ceil_by(self, step: i64) -> i64 {
        self / step + i64::from(self % step != 0)
    }
}

/// The axes that a slice cuts, with start, end and step of each, where all are known.
pub fn cuts(call: &Call<'_, '_>, rank: usize) -> Option<Vec<(usize, [i64; 3])>> {
    let starts = call.list("starts", 1)??;
    let ends = call.list("ends", 2)??;
    let axes = match call.list("axes", 3) {
        Some(axes) => axes?,
        None => (0..starts.len() as i64).collect(),
    };
    let steps = match call.given(4) {
        Some(steps) => steps.numbers()?,
        None => vec![1; starts.len()],
    };
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return None;
    }
    let axes = call.axes(&axes, rank).ok()?;
    Some((0..axes.len()).map(|place| (axes[place], [starts[place], ends[place], steps[place]])).collect())
}

fn slice(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let Some(dims) = &input.dims else { return Ok(input.of(input.element)) };
    let mut dims = dims.clone();
    match cuts(call, dims.len()) {
        Some(cuts) => {
            for (axis, [start, end, step]) in cuts {
                dims[axis] = match dims[axis].known().and_then(|length| sliced(length, start, end, step)) {
                    Some(length) => Length::exactly(length),
                    None => Length::at_most(dims[axis].most),
                };
            }
        }
        None => dims.iter_mut().for_each(|dim| *dim = Length::at_most(dim.most)),
    }
    Ok(Tensor::new(input.element, dims).with_most(input.most))
}

fn gather(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let (input, places) = (call.input(0)?, call.input(1)?);
    let (Some(dims), Some(places)) = (&input.dims, &places.dims) else {
        // Each place may give all that lies along the other axes.
        return Ok(Tensor::at_most(input.element, input.most.saturating_mul(places.most)));
    };
    let axis = call.axis(call.number("axis").unwrap_or(0), dims.len())?;
    let all = dims[..axis].iter().chain(places).chain(&dims[axis + 1..]);
    Ok(Tensor::new(input.element, all.copied().collect()))
}

fn gather_nd(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let (dims, places) = (call.dims(0)?, call.dims_from(1, 1)?);
    let batch = call.number("batch_dims").and_then(|batch| usize::try_from(batch).ok()).unwrap_or(0);
    let (inner, outer) = places.split_last().ok_or_else(|| call.wrong("has no places"))?;
    let depth =
        inner.known().and_then(|depth| usize::try_from(depth).ok()).ok_or_else(|| call.unbounded())?;
    let left = dims.get(batch.saturating_add(depth)..).ok_or_else(|| call.wrong("reaches too deep"))?;
    Ok(Tensor::new(call.input(0)?.element, outer.iter().chain(left).copied().collect()))
}

fn split(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let (input, count) = (call.input(0)?, call.node.outputs.len());
    // Parts of an unknown whole are no larger than it, all together: so the first may be all of it.
    let Some(dims) = &input.dims else {
        return Ok(vec![input.of(input.element); count].into());
    };
    let axis = call.axis(call.number("axis").unwrap_or(0), dims.len())?;
    let whole = dims[axis];
    let lengths: Vec<Length> = match call.list("split", 1) {
        Some(Some(lengths)) => {
            // No part is longer than the whole, whatever it says.
            let part = |length: i64| u64::try_from(length).unwrap_or(0).min(whole.most);
            lengths.into_iter().map(|length| Length::exactly(part(length))).collect()
        }
        Some(None) => vec![Length::at_most(whole.most); count],
        None => {
            let each = whole.most.div_ceil(count.max(1) as u64);
            let part = |place: usize| each.min(whole.most.saturating_sub(each * place as u64));
            (0..count).map(|place| Length { most: part(place), exact: whole.exact }).collect()
        }
    };
    if lengths.len() < count {
        return Err(call.wrong("has more outputs than parts"));
    }
    let part = |length: Length| {
        let mut dims = dims.clone();
        dims[axis] = length;
        Tensor::new(input.element, dims).with_most(input.most)
    };
    Ok(lengths.into_iter().take(count).map(part).collect::<Vec<_>>().into())
}

fn top(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let input = call.input(0)?;
    let mut dims = call.dims_from(0, 1)?.to_vec();
    let axis = call.axis(call.number("axis").unwrap_or(-1), dims.len())?;
    let count = call.number("k").or_else(|| call.given(1).and_then(Tensor::number));
    dims[axis] = match count.and_then(|count| u64::try_from(count).ok()) {
        Some(count) if count <= dims[axis].most => Length { most: count, exact: dims[axis].exact },
        _ => Length::at_most(dims[axis].most),
    };
    Ok(vec![Tensor::new(input.element, dims.clone()), Tensor::new(Element::INT64, dims)].into())
}

fn compress(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let Some(axis) = call.number("axis") else {
        return Ok(Tensor::new(input.element, vec![Length::at_most(input.most)]));
    };
    let mut dims = call.dims(0)?.to_vec();
    let axis = call.axis(axis, dims.len())?;
    dims[axis] = Length::at_most(dims[axis].most);
    Ok(Tensor::new(input.element, dims))
}

fn unique(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let input = call.input(0)?;
    let list = |element| Tensor::new(element, vec![Length::at_most(input.most)]);
    let found = match (call.number("axis"), &input.dims) {
        (Some(axis), Some(dims)) => {
            let mut dims = dims.clone();
            let axis = call.axis(axis, dims.len())?;
            dims[axis] = Length::at_most(dims[axis].most);
            Tensor::new(input.element, dims)
        }
        (Some(_), None) => input.of(input.element),
        (None, _) => list(input.element),
    };
    Ok(vec![found, list(Element::INT64), list(Element::INT64), list(Element::INT64)].into())
}
