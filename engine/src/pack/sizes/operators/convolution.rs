//! Operators that slide a window over a picture.

use super::making::to_length;
use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "Conv" | "DeformConv" => convolve(call, call.input(0)?, 1)?,
        "ConvInteger" => {
            let made = convolve(call, call.input(0)?, 1)?;
            Made { outputs: vec![made.outputs[0].of(Element::INT32)], ..made }
        }
        "QLinearConv" => convolve(call, call.input(0)?, 3)?,
        "ConvTranspose" => transposed(call)?,
        "AveragePool" | "MaxPool" | "LpPool" => pool(call)?,
        "MaxUnpool" => unpool(call)?,
        "GridSample" => {
            let (dims, grid) = (call.dims_from(0, 2)?, call.dims_from(1, 2)?);
            let sides = &grid[1..grid.len() - 1];
            Tensor::new(call.input(0)?.element, dims[..2].iter().chain(sides).copied().collect()).into()
        }
        "RoiAlign" => {
            let (dims, regions) = (call.dims_from(0, 2)?, call.dims_from(1, 1)?);
            let side = |name: &str| length(call, call.number(name).unwrap_or(1));
            let sides = [side("output_height")?, side("output_width")?];
            Tensor::new(call.input(0)?.element, [regions[0], dims[1]].into_iter().chain(sides).collect())
                .into()
        }
        "MaxRoiPool" => {
            let (dims, regions) = (call.dims_from(0, 2)?, call.dims_from(1, 1)?);
            let sides = call.numbers("pooled_shape").unwrap_or_default();
            let sides = sides.iter().map(|side| length(call, *side)).collect::<Result<Vec<_>, _>>()?;
            Tensor::new(call.input(0)?.element, [regions[0], dims[1]].into_iter().chain(sides).collect())
                .into()
        }
        "Col2Im" => columns_to_image(call)?,
        _ => return Ok(None),
    };
    Ok(Some(made))
}

fn length(call: &Call<'_, '_>, number: i64) -> Result<Length, Trouble> {
    u64::try_from(number).map(Length::exactly).map_err(|_| call.wrong("has a negative length"))
}

/// How a window moves along each side.
struct Window {
    kernel: Vec<u64>,
    strides: Vec<i64>,
    dilations: Vec<i64>,
    pads: Vec<i64>,
    auto: &'static str,
    ceil: bool,
}

impl Window {
    fn of(call: &Call<'_, '_>, sides: usize, kernel: Vec<u64>) -> Result<Self, Trouble> {
        let list = |name: &str, default: i64, count: usize| match call.numbers(name) {
            Some(numbers) if numbers.len() == count => Ok(numbers.to_vec()),
            Some(_) => Err(call.wrong(&format!("has {name} for another number of sides"))),
            None => Ok(vec![default; count]),
        };
        let (strides, dilations) = (list("strides", 1, sides)?, list("dilations", 1, sides)?);
        let pads = list("pads", 0, 2 * sides)?;
        if kernel.len() != sides || strides.iter().chain(&dilations).any(|step| *step < 1) {
            return Err(call.wrong("has a window that does not fit"));
        }
        let auto = match call.text("auto_pad") {
            None | Some(b"NOTSET" | b"") => "",
            Some(b"VALID") => "valid",
            Some(b"SAME_UPPER" | b"SAME_LOWER") => "same",
            Some(_) => return Err(call.wrong("pads in an unknown way")),
        };
        Ok(Self { kernel, strides, dilations, pads, auto, ceil: call.flag("ceil_mode") })
    }

    fn reach(&self, side: usize) -> i128 {
        (i128::from(self.kernel[side]) - 1).saturating_mul(i128::from(self.dilations[side])).saturating_add(1)
    }

    fn padding(&self, side: usize) -> i128 {
        match self.auto {
            "" => i128::from(self.pads[side]) + i128::from(self.pads[side + self.kernel.len()]),
            _ => 0,
        }
    }

    /// Places of the window along a side.
    fn places(&self, side: usize, length: u64) -> u64 {
        let stride = i128::from(self.strides[side]);
        if self.auto == "same" {
            return length.div_ceil(self.strides[side] as u64);
        }
        let room = (i128::from(length) + self.padding(side)).saturating_sub(self.reach(side));
        match room {
            ..0 => 0,
            _ if self.ceil => to_length(room / stride + i128::from(room % stride != 0) + 1),
            _ => to_length(room / stride + 1),
        }
    }
}

/// The lengths of a kernel, which must be known.
fn kernel(call: &Call<'_, '_>, weights: &[Length]) -> Result<Vec<u64>, Trouble> {
    weights.iter().map(|side| side.known().ok_or_else(|| call.unbounded())).collect()
}

fn entries(lengths: impl IntoIterator<Item = u64>) -> u64 {
    lengths.into_iter().fold(1, u64::saturating_mul)
}

fn convolve(call: &Call<'_, '_>, input: &Tensor, weights: usize) -> Result<Made, Trouble> {
    let (dims, weights) = (call.dims_from(0, 3)?, call.dims_from(weights, 3)?);
    let sides = dims.len() - 2;
    let window = Window::of(call, sides, kernel(call, &weights[2..])?)?;
    let placed = (0..sides).map(|side| dims[2 + side].map(|length| window.places(side, length)));
    let made: Vec<_> = [dims[0], weights[0]].into_iter().chain(placed).collect();
    // Every place of the window is laid out for a product of matrices, but for floats of up to three sides.
    let direct = input.element == Element::FLOAT32 && sides <= 3 && call.node.operator != "DeformConv";
    let laid_out = entries(weights[1..].iter().chain(&made[2..]).map(|dim| dim.most)).saturating_mul(4);
    let scratch = if direct { 0 } else { laid_out };
    Ok(Made { outputs: vec![Tensor::new(input.element, made)], scratch })
}

fn transposed(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let (input, dims, weights) = (call.input(0)?, call.dims_from(0, 3)?, call.dims_from(1, 3)?);
    let sides = dims.len() - 2;
    let window = Window::of(call, sides, kernel(call, &weights[2..])?)?;
    let groups = length(call, call.number("group").unwrap_or(1))?;
    let more = call.numbers("output_padding").unwrap_or_default();
    let said = call.numbers("output_shape").unwrap_or_default();
    // The shape may be said with or without count and channels.
    let said = said.len().checked_sub(sides).map_or(&[][..], |start| &said[start..]);
    let side = |side: usize| -> Result<Length, Trouble> {
        if let Some(said) = said.get(side) {
            return length(call, *said);
        }
        let stride = i128::from(window.strides[side]);
        let more = i128::from(more.get(side).copied().unwrap_or(0));
        Ok(dims[2 + side].map(|length| {
            let length = i128::from(length);
            to_length(match window.auto {
                "same" => length.saturating_mul(stride),
                _ => {
                    let first = stride.saturating_mul(length - 1).saturating_add(window.reach(side));
                    first.saturating_add(more - window.padding(side))
                }
            })
        }))
    };
    let placed = (0..sides).map(side).collect::<Result<Vec<_>, _>>()?;
    let channels = weights[1].times(groups);
    let made = [dims[0], channels].into_iter().chain(placed).collect();
    let scratch = entries(weights[1..].iter().chain(&dims[2..]).map(|dim| dim.most)).saturating_mul(4);
    Ok(Made { outputs: vec![Tensor::new(input.element, made)], scratch })
}

fn window_of_attribute(call: &Call<'_, '_>, sides: usize) -> Result<Window, Trouble> {
    let kernel = call.numbers("kernel_shape").unwrap_or_default();
    let kernel =
        kernel.iter().map(|side| length(call, *side).map(|side| side.most)).collect::<Result<_, _>>()?;
    Window::of(call, sides, kernel)
}

fn pool(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let (input, dims) = (call.input(0)?, call.dims_from(0, 3)?);
    let sides = dims.len() - 2;
    let window = window_of_attribute(call, sides)?;
    let placed = (0..sides).map(|side| {
        let placed = dims[2 + side].map(|length| window.places(side, length));
        // A last window that would begin in the padding is left out.
        if window.ceil { Length::at_most(placed.most) } else { placed }
    });
    let made: Vec<_> = dims[..2].iter().copied().chain(placed).collect();
    Ok(vec![Tensor::new(input.element, made.clone()), Tensor::new(Element::INT64, made)].into())
}

fn unpool(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let (input, dims) = (call.input(0)?, call.dims_from(0, 3)?);
    if let Some(shape) = call.given(2) {
        let shape = shape.numbers().ok_or_else(|| call.unbounded())?;
        let shape = shape.iter().map(|side| length(call, *side)).collect::<Result<Vec<_>, _>>()?;
        return Ok(Tensor::new(input.element, shape).into());
    }
    let window = window_of_attribute(call, dims.len() - 2)?;
    let side = |(side, dim): (usize, &Length)| {
        let stride = i128::from(window.strides[side]);
        let reach = i128::from(window.kernel[side]) - window.padding(side);
        dim.map(|length| to_length((i128::from(length) - 1).saturating_mul(stride).saturating_add(reach)))
    };
    let sides = dims[2..].iter().enumerate().map(side);
    Ok(Tensor::new(input.element, dims[..2].iter().copied().chain(sides).collect()).into())
}

fn columns_to_image(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let dims = call.dims_from(0, 2)?;
    let lengths = |place: usize| -> Result<Vec<u64>, Trouble> {
        let numbers = call.input(place)?.numbers().ok_or_else(|| call.unbounded())?;
        numbers.iter().map(|number| length(call, *number).map(|length| length.most)).collect()
    };
    let (image, block) = (lengths(1)?, entries(lengths(2)?));
    let channels = dims[1].map(|length| length.checked_div(block).unwrap_or(0));
    let made = [dims[0], channels].into_iter().chain(image.into_iter().map(Length::exactly));
    Ok(Tensor::new(call.input(0)?.element, made.collect()).into())
}
