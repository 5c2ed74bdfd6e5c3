//! Operators that make one entry of many.

use super::{Answer, Call, Made};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let input = match operator {
        "GlobalAveragePool" | "GlobalMaxPool" | "GlobalLpPool" => {
            let dims = call.dims_from(0, 2)?;
            let kept = dims.iter().enumerate().map(|(place, dim)| match place {
                0 | 1 => *dim,
                _ => Length::exactly(1),
            });
            return Ok(Some(Made::from(Tensor::new(call.input(0)?.element, kept.collect()))));
        }
        "Det" => {
            let dims = call.dims_from(0, 2)?;
            let kept = dims[..dims.len() - 2].to_vec();
            return Ok(Some(Made::from(Tensor::new(call.input(0)?.element, kept))));
        }
        "ArgMax" | "ArgMin" => {
            let input = call.input(0)?.of(Element::INT64);
            return Ok(Some(Made::from(reduce(
                call,
                &input,
                Some(Some(vec![call.number("axis").unwrap_or(0)])),
            )?)));
        }
        _ if operator.starts_with("Reduce") => call.input(0)?,
        _ => return Ok(None),
    };
    let axes = call.list("axes", 1);
    // An empty list of axes means all of them, or none.
    let none = axes.is_none() || matches!(&axes, Some(Some(axes)) if axes.is_empty());
    if none && call.flag("noop_with_empty_axes") {
        return Ok(Some(Made::from(input.of(input.element))));
    }
    Ok(Some(Made::from(reduce(call, input, if none { None } else { axes })?)))
}

fn reduce(
    call: &Call<'_, '_>,
    input: &Tensor,
    axes: Option<Option<Vec<i64>>>,
) -> Result<Tensor, super::Trouble> {
    let keep = call.number("keepdims") != Some(0);
    let one = |dims: &[Length], gone: &dyn Fn(usize) -> bool| {
        let kept = dims.iter().enumerate().filter(|(place, _)| keep || !gone(*place));
        kept.map(|(place, dim)| if gone(place) { Length::exactly(1) } else { *dim }).collect()
    };
    // A mean of nothing is still one number.
    let most = input.most.max(1);
    let Some(dims) = &input.dims else {
        return Ok(match (axes, keep) {
            (None, false) => Tensor::new(input.element, Vec::new()),
            _ => Tensor::at_most(input.element, most),
        });
    };
    Ok(match axes {
        None => Tensor::new(input.element, one(dims, &|_| true)),
        Some(Some(axes)) => {
            let axes = call.axes(&axes, dims.len())?;
            Tensor::new(input.element, one(dims, &|place| axes.contains(&place)))
        }
        Some(None) if keep => {
            Tensor::new(input.element, dims.iter().map(|dim| Length::at_most(dim.most.max(1))).collect())
        }
        Some(None) => Tensor::at_most(input.element, most),
    })
}
