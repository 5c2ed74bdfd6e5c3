//! How much a node computes, counted: what a run takes on one machine or another is about in proportion to it, and unlike a
//! measured time it is the same on all of them.

use super::operators::Call;
use super::tensor::Tensor;

/// Products of convolutions and matrices, which take nearly all of the time, and one for each number that another operator makes.
pub fn of(call: &Call<'_, '_>, outputs: &[Tensor]) -> u64 {
    let made = outputs.first().map_or(0, |output| output.most);
    // The lengths of an input from the second dimension on, multiplied: what one output of a convolution sums up.
    let inner = |place: usize| {
        let dims = call.given(place).and_then(|weight| weight.dims.as_deref()).unwrap_or_default();
        dims.iter().skip(1).fold(1u64, |product, dim| product.saturating_mul(dim.most))
    };
    let last = |place: usize| {
        let dims = call.given(place).and_then(|input| input.dims.as_deref()).unwrap_or_default();
        dims.last().map_or(1, |dim| dim.most)
    };
    match call.node.operator {
        "Conv" | "FusedConv" | "ConvInteger" | "DeformConv" => made.saturating_mul(inner(1)),
        "QLinearConv" => made.saturating_mul(inner(3)),
        "ConvTranspose" => call.given(0).map_or(0, |input| input.most).saturating_mul(inner(1)),
        "MatMul" | "Gemm" | "FusedMatMul" | "FusedGemm" | "MatMulInteger" | "QLinearMatMul" => {
            made.saturating_mul(last(0))
        }
        _ => outputs.iter().fold(0, |sum, output| sum.saturating_add(output.most)),
    }
}
