//! Operators that put the same entries in another order or shape, or put several values together.

use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::limits;
use crate::pack::sizes::tensor::{Length, Number, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "Reshape" => reshape(call)?,
        "Flatten" => flatten(call)?,
        "Squeeze" => squeeze(call)?,
        "Unsqueeze" => unsqueeze(call)?,
        "Transpose" => transpose(call)?,
        "Concat" => concat(call)?,
        "Shape" => shape(call)?,
        "Size" => Tensor::new(Element::INT64, Vec::new()),
        "DepthToSpace" => depth_to_space(call)?,
        "SpaceToDepth" => space_to_depth(call)?,
        _ => return Ok(None),
    };
    Ok(Some(Made::from(made)))
}

/// The same entries in another shape.
fn reshaped(input: &Tensor, dims: Vec<Length>) -> Tensor {
    Tensor::new(input.element, dims).with_most(input.most)
}

fn reshape(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let wanted: Vec<Option<i64>> = match (call.numbers("shape"), call.given(1)) {
        (Some(shape), _) => shape.iter().copied().map(Some).collect(),
        (None, Some(shape)) => match (&shape.values, shape.dims.as_deref()) {
            (Some(values), _) => values.iter().map(|value| whole(*value)).collect(),
            // Its length is the rank, even where its entries are unknown.
            (None, Some([length])) if length.exact && length.most <= 16 => vec![None; length.most as usize],
            _ => return Ok(Tensor::at_most(input.element, input.most)),
        },
        (None, None) => return Err(call.wrong("has no shape")),
    };
    let keep_zero = call.flag("allowzero");
    let mut dims = Vec::with_capacity(wanted.len());
    let mut rest = None;
    for (place, length) in wanted.iter().enumerate() {
        dims.push(match length {
            Some(0) if !keep_zero => match &input.dims {
                Some(dims) => {
                    *dims.get(place).ok_or_else(|| call.wrong("copies a dimension that is not there"))?
                }
                None => Length::at_most(input.most),
            },
            Some(-1) if rest.replace(place).is_some() => return Err(call.wrong("leaves two dimensions open")),
            Some(-1) => Length::exactly(1),
            Some(length) => {
                let length = u64::try_from(*length);
                Length::exactly(length.map_err(|_| call.wrong("has a negative length"))?)
            }
            None => Length::at_most(input.most),
        });
    }
    if let Some(place) = rest {
        // The dimensions that are not known are at least 1.
        let known = dims.iter().filter_map(|dim| dim.known()).fold(1u64, u64::saturating_mul);
        let length = input.most.checked_div(known).unwrap_or(0);
        let exact = input.is_exact() && dims.iter().all(|dim| dim.exact);
        dims[place] = Length { most: length, exact };
    }
    Ok(reshaped(input, dims))
}

fn whole(value: Option<Number>) -> Option<i64> {
    match value? {
        Number::Whole(number) => Some(number),
        Number::Float(_) => None,
    }
}

fn flatten(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let Some(dims) = &input.dims else { return Ok(reshaped(input, vec![Length::at_most(input.most); 2])) };
    let axis = call.number("axis").unwrap_or(1);
    let place = if axis == dims.len() as i64 { dims.len() } else { call.axis(axis, dims.len())? };
    let product = |dims: &[Length]| dims.iter().fold(Length::exactly(1), |all, dim| all.times(*dim));
    Ok(reshaped(input, vec![product(&dims[..place]), product(&dims[place..])]))
}

fn squeeze(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let unknown = || Tensor::at_most(input.element, input.most);
    let Some(dims) = &input.dims else { return Ok(unknown()) };
    let gone: Vec<usize> = match call.list("axes", 1) {
        Some(Some(axes)) => call.axes(&axes, dims.len())?,
        Some(None) => return Ok(unknown()),
        None if !input.is_exact() => return Ok(unknown()),
        None => (0..dims.len()).filter(|place| dims[*place].most == 1).collect(),
    };
    let left = dims.iter().enumerate().filter(|(place, _)| !gone.contains(place));
    Ok(reshaped(input, left.map(|(_, dim)| *dim).collect()))
}

fn unsqueeze(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let Some(dims) = &input.dims else { return Ok(Tensor::at_most(input.element, input.most)) };
    let Some(axes) = call.list("axes", 1).flatten() else {
        return Ok(Tensor::at_most(input.element, input.most));
    };
    let rank = dims.len() + axes.len();
    if rank > limits::RANK {
        return Err(call.wrong("makes too many dimensions"));
    }
    let new = call.axes(&axes, rank)?;
    let mut old = dims.iter();
    let dims = (0..rank).map(|place| match new.contains(&place) {
        true => Length::exactly(1),
        false => old.next().copied().unwrap_or(Length::exactly(1)),
    });
    Ok(reshaped(input, dims.collect()))
}

fn transpose(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let input = call.input(0)?;
    let Some(dims) = &input.dims else { return Ok(input.of(input.element)) };
    let order = match call.numbers("perm") {
        Some(order) if order.len() == dims.len() => call.axes(order, dims.len())?,
        Some(_) => return Err(call.wrong("turns another number of dimensions")),
        None => (0..dims.len()).rev().collect(),
    };
    Ok(reshaped(input, order.into_iter().map(|place| dims[place]).collect()))
}

fn concat(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let first = call.input(0)?;
    let parts = || call.inputs.iter().copied().flatten();
    let most = parts().fold(0u64, |most, part| most.saturating_add(part.most));
    let Some(mut dims) = first.dims.clone() else { return Ok(Tensor::at_most(first.element, most)) };
    let axis = call.axis(call.number("axis").unwrap_or(1), dims.len())?;
    for part in parts().skip(1) {
        let Some(others) = &part.dims else { return Ok(Tensor::at_most(first.element, most)) };
        if others.len() != dims.len() {
            return Err(call.wrong("joins values of different ranks"));
        }
        for (place, (dim, other)) in dims.iter_mut().zip(others).enumerate() {
            *dim = if place == axis { dim.plus(*other) } else { dim.or(*other) };
        }
    }
    Ok(Tensor::new(first.element, dims).with_most(most))
}

fn shape(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    // A slice of the shape is no longer than the shape.
    let rank = match &call.input(0)?.dims {
        Some(dims) => {
            let (start, end) = shape_range(call, dims.len());
            Length::exactly(end.saturating_sub(start) as u64)
        }
        None => Length::at_most(64),
    };
    Ok(Tensor::new(Element::INT64, vec![rank]))
}

/// The dimensions that a Shape gives.
pub fn shape_range(call: &Call<'_, '_>, rank: usize) -> (usize, usize) {
    let place = |name: &str, default: usize| match call.number(name) {
        Some(place) if place < 0 => usize::try_from(place.saturating_add(rank as i64)).unwrap_or(0),
        Some(place) => usize::try_from(place).unwrap_or(rank).min(rank),
        None => default,
    };
    (place("start", 0), place("end", rank))
}

fn block(call: &Call<'_, '_>) -> Result<u64, Trouble> {
    let block = call.number("blocksize").and_then(|block| u64::try_from(block).ok());
    block.filter(|block| (1..=1 << 16).contains(block)).ok_or_else(|| call.wrong("has no block size"))
}

fn depth_to_space(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let (input, block) = (call.input(0)?, block(call)?);
    let [count, depth, height, width] = *call.dims_from(0, 4)? else {
        return Err(call.wrong("takes four dimensions"));
    };
    let wider = |side: Length| side.map(|side| side.saturating_mul(block));
    let depth = depth.map(|depth| depth / (block * block));
    Ok(reshaped(input, vec![count, depth, wider(height), wider(width)]))
}

fn space_to_depth(call: &Call<'_, '_>) -> Result<Tensor, Trouble> {
    let (input, block) = (call.input(0)?, block(call)?);
    let [count, depth, height, width] = *call.dims_from(0, 4)? else {
        return Err(call.wrong("takes four dimensions"));
    };
    let narrower = |side: Length| side.map(|side| side / block);
    let depth = depth.map(|depth| depth.saturating_mul(block * block));
    Ok(reshaped(input, vec![count, depth, narrower(height), narrower(width)]))
}
