//! Lists of values. What counts is how many entries all have together.

use super::{Answer, Call, Made};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};

/// What ONNX Runtime needs for one value of a list, besides its entries.
const BYTES_OF_ONE: u64 = 512;

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "SequenceEmpty" => Tensor::at_most(call.element("dtype").unwrap_or(Element::FLOAT32), 0).into(),
        "SequenceConstruct" | "SequenceInsert" => {
            let parts = call.inputs.iter().copied().flatten();
            let most = parts.fold(0u64, |most, part| most.saturating_add(part.most));
            Made { scratch: BYTES_OF_ONE, ..Tensor::at_most(call.input(0)?.element, most).into() }
        }
        "SplitToSequence" => {
            let input = call.input(0)?;
            let scratch = input.most.saturating_mul(BYTES_OF_ONE);
            // At most as many parts as the axis is long.
            let parts = match &input.dims {
                Some(dims) => dims[call.axis(call.number("axis").unwrap_or(0), dims.len())?].most,
                None => input.most,
            };
            let scratch = scratch.min(parts.saturating_mul(BYTES_OF_ONE));
            Made { scratch, ..Tensor::at_most(input.element, input.most).into() }
        }
        "SequenceAt" | "SequenceErase" | "ConcatFromSequence" => {
            let input = call.input(0)?;
            Tensor::at_most(input.element, input.most).into()
        }
        "SequenceLength" => Tensor::new(Element::INT64, Vec::<Length>::new()).into(),
        _ => return Ok(None),
    };
    Ok(Some(made))
}
