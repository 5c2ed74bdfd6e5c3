//! Operators that keep the shape, or broadcast several to one.

use super::{Answer, Call, Made};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::Tensor;

/// These make one value of the first input's shape and type. Where they make more (a mean, a mask), none is larger.
const ALIKE: &[&str] = &[
    "Abs",
    "Acos",
    "Acosh",
    "Asin",
    "Asinh",
    "Atan",
    "Atanh",
    "BatchNormalization",
    "BitwiseNot",
    "Ceil",
    "Celu",
    "Clip",
    "Cos",
    "Cosh",
    "CumProd",
    "CumSum",
    "Elu",
    "Erf",
    "Exp",
    "Floor",
    "Gelu",
    "GroupNormalization",
    "HardSigmoid",
    "HardSwish",
    "Hardmax",
    "Identity",
    "InstanceNormalization",
    "LRN",
    "LayerNormalization",
    "LeakyRelu",
    "Log",
    "LogSoftmax",
    "LpNormalization",
    "MeanVarianceNormalization",
    "Mish",
    "Neg",
    "Not",
    "RMSNormalization",
    "Reciprocal",
    "Relu",
    "ReverseSequence",
    "RotaryEmbedding",
    "Round",
    "Scatter",
    "ScatterElements",
    "ScatterND",
    "Selu",
    "Shrink",
    "Sigmoid",
    "Sign",
    "Sin",
    "Sinh",
    "Softmax",
    "Softplus",
    "Softsign",
    "Sqrt",
    "Swish",
    "Tan",
    "Tanh",
    "TensorScatter",
    "ThresholdedRelu",
    "Trilu",
];

/// These broadcast all their inputs and keep the type.
const BROADCAST: &[&str] = &[
    "Add",
    "BitShift",
    "BitwiseAnd",
    "BitwiseOr",
    "BitwiseXor",
    "Div",
    "Max",
    "Mean",
    "Min",
    "Mod",
    "Mul",
    "PRelu",
    "Pow",
    "Sub",
    "Sum",
];

/// These broadcast all their inputs to truth values.
const COMPARE: &[&str] = &["And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor"];

/// Of ONNX Runtime's own those that make values of the first input's shape and type, or less.
const MICROSOFT: &[&str] = &[
    "BiasAdd",
    "BiasGelu",
    "BiasSoftmax",
    "BiasSplitGelu",
    "FastGelu",
    "Gelu",
    "GroupNorm",
    "QLinearLeakyRelu",
    "QLinearSigmoid",
    "QLinearSoftmax",
    "QuickGelu",
    "SkipGroupNorm",
    "SkipLayerNormalization",
    "SkipSimplifiedLayerNormalization",
];

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let alike = |element: Element| -> Answer { Ok(Some(Made::from(call.input(0)?.of(element)))) };
    match operator {
        _ if ALIKE.contains(&operator) => several_alike(call),
        _ if BROADCAST.contains(&operator) => broadcast(call, call.input(0)?.element),
        _ if COMPARE.contains(&operator) => broadcast(call, Element::BOOL),
        "Where" => broadcast(call, call.input(1)?.element),
        "Dropout" => {
            let same = call.input(0)?;
            Ok(Some(vec![same.of(same.element), same.of(Element::BOOL)].into()))
        }
        "IsInf" | "IsNaN" => alike(Element::BOOL),
        "Cast" | "BitCast" => match call.element("to") {
            Some(element) if element.bits().is_some() => alike(element),
            _ => Err(call.wrong("makes something else than numbers")),
        },
        "CastLike" => alike(call.input(1)?.element),
        "QuantizeLinear" => alike(match (call.given(2), call.element("output_dtype")) {
            (Some(zero), _) => zero.element,
            (None, Some(element)) if element.0 != 0 => element,
            _ => Element::UINT8,
        }),
        "DequantizeLinear" => alike(call.input(1)?.element),
        "DynamicQuantizeLinear" => {
            let (values, one) = (call.input(0)?.of(Element::UINT8), Vec::new);
            let scale = Tensor::new(Element::FLOAT32, one());
            Ok(Some(vec![values, scale, Tensor::new(Element::UINT8, one())].into()))
        }
        "EyeLike" | "RandomNormalLike" | "RandomUniformLike" | "Bernoulli" => {
            let element = call.element("dtype").filter(|element| element.bits().is_some());
            alike(element.unwrap_or(call.input(0)?.element))
        }
        _ => Ok(None),
    }
}

pub(super) fn microsoft(call: &Call<'_, '_>, operator: &str) -> Answer {
    match operator {
        _ if MICROSOFT.contains(&operator) => several_alike(call),
        "QLinearAdd" | "QLinearMul" => {
            let (one, other) = (call.input(0)?, call.input(3)?);
            Ok(Some(Made::from(Tensor::broadcast(one.element, [one, other]))))
        }
        _ => Ok(None),
    }
}

pub(super) fn machine_learning(call: &Call<'_, '_>, operator: &str) -> Answer {
    match operator {
        "Binarizer" | "Imputer" | "Normalizer" | "Scaler" => {
            Ok(Some(Made::from(call.input(0)?.of(Element::FLOAT32))))
        }
        _ => Ok(None),
    }
}

fn several_alike(call: &Call<'_, '_>) -> Answer {
    let first = call.input(0)?;
    let same = first.of(first.element);
    // What else there is, is no larger.
    let more = Tensor { dims: None, ..same.clone() };
    let more = std::iter::repeat_n(more, call.node.outputs.len().clamp(1, 8) - 1);
    Ok(Some(std::iter::once(same).chain(more).collect::<Vec<_>>().into()))
}

fn broadcast(call: &Call<'_, '_>, element: Element) -> Answer {
    call.input(0)?;
    Ok(Some(Made::from(Tensor::broadcast(element, call.inputs.iter().copied().flatten()))))
}
