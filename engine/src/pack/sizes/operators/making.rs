//! Operators whose result is as large as a number says. They are what a small file fills the memory with: that number must
//! be known.

use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Number, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "Constant" => constant(call)?,
        "ConstantOfShape" => {
            let element = call.tensor("value").map_or(Element::FLOAT32, |value| value.element);
            Tensor::exactly(element, shape(call, 0)?)
        }
        "RandomNormal" | "RandomUniform" => {
            let shape = call.numbers("shape").ok_or_else(|| call.wrong("has no shape"))?;
            let element = call.element("dtype").filter(|element| element.0 != 0);
            Tensor::exactly(element.unwrap_or(Element::FLOAT32), lengths(call, shape)?)
        }
        "Multinomial" => {
            let count = call.number("sample_size").unwrap_or(1);
            let count = u64::try_from(count).map_err(|_| call.wrong("draws a negative number of times"))?;
            Tensor::new(Element::INT64, vec![call.dims_from(0, 1)?[0], Length::exactly(count)])
        }
        "Expand" => {
            let input = call.input(0)?;
            let target = Tensor::exactly(input.element, shape(call, 1)?);
            Tensor::broadcast(input.element, [input, &target])
        }
        "Tile" => tile(call)?,
        "Range" => range(call)?,
        "OneHot" => one_hot(call)?,
        "Pad" => pad(call)?,
        "CenterCropPad" => centre(call)?,
        "Resize" | "Upsample" => resize(call)?,
        "AffineGrid" => {
            let size = shape(call, 1)?;
            let [count, _, sides @ ..] = size.as_slice() else { return Err(call.wrong("has no size")) };
            let last = sides.len() as u64;
            let all = [*count].into_iter().chain(sides.iter().copied()).chain([last]);
            Tensor::exactly(call.input(0)?.element, all)
        }
        _ => return Ok(None),
    };
    Ok(Some(Made::from(made)))
}

fn lengths(call: &Call<'_, '_>, shape: &[i64]) -> Result<Vec<u64>, Trouble> {
    let length = |length: &i64| u64::try_from(*length).map_err(|_| call.wrong("has a negative length"));
    shape.iter().map(length).collect()
}

/// A shape that an input holds.
fn shape(call: &Call<'_, '_>, place: usize) -> Result<Vec<u64>, Trouble> {
    let shape = call.input(place)?.numbers().ok_or_else(|| call.unbounded())?;
    lengths(call, &shape)
}

fn constant(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let list = |count: usize| vec![Length::exactly(count as u64)];
    if let Some(stored) = call.tensor("value") {
        return Ok(Tensor::exactly(stored.element, stored.dims.iter().copied()));
    }
    Ok(if call.number("value_int").is_some() {
        Tensor::new(Element::INT64, Vec::new())
    } else if let Some(numbers) = call.numbers("value_ints") {
        Tensor::new(Element::INT64, list(numbers.len()))
    } else if let Some(floats) = call.floats("value_floats") {
        Tensor::new(Element::FLOAT32, list(floats.len()))
    } else if call.float("value_float").is_some() {
        Tensor::new(Element::FLOAT32, Vec::new())
    } else {
        return Err(call.wrong("has no value of numbers"));
    })
}

fn tile(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let (dims, counts) = (call.dims(0)?, shape(call, 1)?);
    if counts.len() != dims.len() {
        return Err(call.wrong("repeats another number of dimensions"));
    }
    let dims = dims.iter().zip(counts).map(|(dim, count)| dim.times(Length::exactly(count)));
    Ok(Tensor::new(call.input(0)?.element, dims.collect()))
}

fn range(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let value = |place: usize| -> Result<f64, Trouble> {
        match call.input(place)?.floats().as_deref() {
            Some([value]) => Ok(*value),
            _ => Err(call.unbounded()),
        }
    };
    let (start, end, step) = (value(0)?, value(1)?, value(2)?);
    let count = ((end - start) / step).ceil();
    if count.is_nan() {
        return Err(call.unbounded());
    }
    // A cast stops at 0 and at the largest number. What a rounding may add is one.
    let exact = count.abs() < 1e9;
    let count = (count as u64).saturating_add(u64::from(!exact));
    Ok(Tensor::new(call.input(0)?.element, vec![Length { most: count, exact }]))
}

fn one_hot(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let depth = match call.input(1)?.floats().as_deref() {
        Some([depth]) if *depth >= 0.0 => *depth as u64,
        _ => return Err(call.unbounded()),
    };
    let mut dims = call.dims(0)?.to_vec();
    let axis = call.axis(call.number("axis").unwrap_or(-1), dims.len() + 1)?;
    dims.insert(axis, Length::exactly(depth));
    Ok(Tensor::new(call.input(2)?.element, dims))
}

fn pad(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let mut dims = call.dims(0)?.to_vec();
    let pads = call.list("pads", 1).or_else(|| call.list("paddings", 1));
    let pads = pads.flatten().ok_or_else(|| call.unbounded())?;
    let axes = match call.given(3) {
        Some(axes) => call.axes(&axes.numbers().ok_or_else(|| call.unbounded())?, dims.len())?,
        None => (0..dims.len()).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(call.wrong("pads another number of dimensions"));
    }
    for (place, axis) in axes.iter().enumerate() {
        let (before, after) = (i128::from(pads[place]), i128::from(pads[place + axes.len()]));
        dims[*axis] = dims[*axis].map(|length| to_length(i128::from(length) + before + after));
    }
    Ok(Tensor::new(call.input(0)?.element, dims))
}

/// A length that was worked out: not below 0, and no longer than any number.
pub(super) fn to_length(length: i128) -> u64 {
    u64::try_from(length.max(0)).unwrap_or(u64::MAX)
}

fn centre(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let (mut dims, target) = (call.dims(0)?.to_vec(), shape(call, 1)?);
    let axes = match call.numbers("axes") {
        Some(axes) => call.axes(axes, dims.len())?,
        None => (0..dims.len()).collect(),
    };
    if axes.len() != target.len() {
        return Err(call.wrong("names another number of axes"));
    }
    axes.into_iter().zip(target).for_each(|(axis, length)| dims[axis] = Length::exactly(length));
    Ok(Tensor::new(call.input(0)?.element, dims))
}

fn resize(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let mut dims = call.dims(0)?.to_vec();
    // Opset 10 and Upsample have the scales where later ones have the region of interest.
    let late = call.node.operator == "Resize" && call.node.inputs.len() > 2;
    let filled = |place: usize| call.given(place).filter(|tensor| tensor.most > 0);
    let axes = match call.numbers("axes") {
        Some(axes) => call.axes(axes, dims.len())?,
        None => (0..dims.len()).collect(),
    };
    if let Some(sizes) = filled(3).filter(|_| late) {
        let sizes = sizes.numbers().ok_or_else(|| call.unbounded())?;
        let sizes = lengths(call, &sizes)?;
        if sizes.len() != axes.len() {
            return Err(call.wrong("names another number of axes"));
        }
        let policy = call.text("keep_aspect_ratio_policy").unwrap_or(b"stretch");
        if policy == b"not_smaller" {
            let ratio = |(axis, size): (&usize, &u64)| *size as f64 / dims[*axis].most.max(1) as f64;
            let scale = axes.iter().zip(&sizes).map(ratio).fold(0.0, f64::max);
            axes.iter().for_each(|axis| dims[*axis] = Length::at_most(scaled(dims[*axis].most, scale) + 1));
        } else {
            let exact = policy == b"stretch";
            axes.iter().zip(sizes).for_each(|(axis, most)| dims[*axis] = Length { most, exact });
        }
        return Ok(Tensor::new(call.input(0)?.element, dims));
    }
    let scales = match (call.floats("scales"), filled(if late { 2 } else { 1 })) {
        (Some(scales), _) => scales.iter().copied().map(f64::from).collect(),
        (None, Some(scales)) => scales.floats().ok_or_else(|| call.unbounded())?,
        (None, None) => return Err(call.unbounded()),
    };
    if scales.len() != axes.len() {
        return Err(call.wrong("names another number of axes"));
    }
    if call.text("coordinate_transformation_mode") == Some(b"tf_crop_and_resize") {
        return Err(call.unbounded());
    }
    for (axis, scale) in axes.into_iter().zip(scales) {
        dims[axis] = dims[axis].map(|length| scaled(length, scale));
    }
    Ok(Tensor::new(call.input(0)?.element, dims))
}

/// A length times a scale, rounded down as ONNX Runtime does it in single precision. A cast stops at 0 and at the largest.
fn scaled(length: u64, scale: f64) -> u64 {
    (length as f32 * scale as f32) as u64
}

/// The number that a stored tensor of one entry holds.
pub fn only_number(call: &Call<'_, '_>) -> Option<Number> {
    match call.tensor("value") {
        Some(stored) => stored.numbers(1)?.first().copied(),
        None => Some(Number::Float(0.0)),
    }
}
