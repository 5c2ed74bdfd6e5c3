//! Small numbers that a graph works out itself: mostly shapes.
//!
//! Only what decides sizes is followed, entry by entry, and only as exactly as ONNX Runtime computes it; an entry that would
//! overflow or be rounded in another way is unknown from there on.

use super::operators::{Call, layout_range, only_number, slice_cuts};
use super::tensor::{FOLLOWED, Number, Tensor};
use crate::pack::graph::Element;

type Entry = Option<Number>;

/// Notes the entries of the first output where they are known.
pub fn follow(call: &Call<'_, '_>, outputs: &mut [Tensor]) {
    if !call.node.domain.is_empty() {
        return;
    }
    if call.node.operator == "Split" {
        return split(call, outputs);
    }
    let Some(output) = outputs.first_mut() else { return };
    if !output.is_exact() || output.most > FOLLOWED || !is_followed(output.element) {
        return;
    }
    let Some(found) = entries(call, output) else { return };
    if found.len() as u64 != output.most || found.iter().all(Option::is_none) {
        return;
    }
    let element = output.element;
    output.values =
        Some(found.into_iter().map(|entry| entry.and_then(|entry| fit(entry, element))).collect());
}

fn is_followed(element: Element) -> bool {
    let followed = [Element::INT64, Element::INT32, Element::BOOL, Element::FLOAT32, Element::FLOAT64];
    followed.contains(&element)
}

/// The number as that type holds it; `None` where ONNX Runtime may hold another.
fn fit(number: Number, element: Element) -> Entry {
    match (number, element) {
        (Number::Whole(number), Element::INT64) => Some(Number::Whole(number)),
        (Number::Whole(number), Element::INT32) => i32::try_from(number).ok().map(|_| Number::Whole(number)),
        (Number::Whole(number), Element::BOOL) => Some(Number::Whole((number != 0).into())),
        (Number::Float(number), Element::FLOAT32) => {
            let single = number as f32;
            // The smallest ones are taken for zero or not, depending on the machine.
            (single == 0.0 || single.is_normal()).then(|| Number::Float(single.into()))
        }
        (Number::Float(number), Element::FLOAT64) => {
            (number == 0.0 || number.is_normal()).then_some(Number::Float(number))
        }
        _ => None,
    }
}

fn entries(call: &Call<'_, '_>, output: &Tensor) -> Option<Vec<Entry>> {
    let known = |place: usize| call.given(place)?.values.clone();
    let count = output.most as usize;
    Some(match call.node.operator {
        "Constant" => constant(call)?,
        "Shape" => {
            let dims = call.given(0)?.dims.as_ref()?;
            let (start, end) = layout_range(call, dims.len());
            let length = |dim: &super::tensor::Length| {
                dim.known().and_then(|length| i64::try_from(length).ok()).map(Number::Whole)
            };
            dims.get(start..end)?.iter().map(length).collect()
        }
        "Size" => {
            let input = call.given(0)?;
            let size = if input.is_exact() { i64::try_from(input.most).ok() } else { None };
            vec![size.map(Number::Whole)]
        }
        "Identity" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => known(0)?.to_vec(),
        "Transpose" if call.dims(0).is_ok_and(|dims| dims.len() < 2) => known(0)?.to_vec(),
        "Cast" => known(0)?.iter().map(|entry| cast((*entry)?, output.element)).collect(),
        "ConstantOfShape" => {
            let number = only_number(call)?;
            vec![Some(number); count]
        }
        "Expand" if call.given(0)?.most == 1 => vec![*known(0)?.first()?; count],
        "Expand" if call.given(0)?.dims == output.dims => known(0)?.to_vec(),
        "Range" => range(&known(0)?, &known(2)?, count)?,
        "Concat" if output.dims.as_ref()?.len() == 1 => {
            let mut all = Vec::with_capacity(count);
            for input in call.inputs.iter().flatten() {
                match &input.values {
                    Some(values) => all.extend(values.iter().copied()),
                    None => all.resize(all.len() + usize::try_from(input.most).ok()?, None),
                }
            }
            all
        }
        "Gather" => gather(call)?,
        "Slice" => slice(call)?,
        "ReduceProd" | "ReduceSum" | "ReduceMax" | "ReduceMin" if output.most == 1 => {
            let values = known(0)?;
            let combine = match call.node.operator {
                "ReduceProd" => "Mul",
                "ReduceSum" => "Add",
                "ReduceMax" => "Max",
                _ => "Min",
            };
            let (first, rest) = values.split_first()?;
            // The order of a sum of floats is not ours to know.
            let whole = values.iter().all(|entry| matches!(entry, Some(Number::Whole(_))));
            let all = rest.iter().try_fold((*first)?, |all, entry| combined(combine, all, (*entry)?));
            vec![if whole || rest.is_empty() { all } else { None }]
        }
        "Neg" | "Abs" | "Floor" | "Ceil" | "Sqrt" | "Not" => {
            known(0)?.iter().map(|entry| changed(call.node.operator, (*entry)?)).collect()
        }
        "Where" => {
            let (chosen, one, other) =
                (spread(call, 0, output)?, spread(call, 1, output)?, spread(call, 2, output)?);
            let choose = |place: usize| match chosen[place] {
                Some(Number::Whole(0)) => other[place],
                Some(_) => one[place],
                None => one[place].filter(|entry| Some(*entry) == other[place]),
            };
            (0..count).map(choose).collect()
        }
        operator @ ("Add" | "Sub" | "Mul" | "Div" | "Mod" | "Max" | "Min" | "Equal" | "Less" | "Greater"
        | "LessOrEqual" | "GreaterOrEqual" | "And" | "Or")
            if call.inputs.len() == 2 =>
        {
            if operator == "Mod" && call.flag("fmod") {
                return None;
            }
            let (one, other) = (spread(call, 0, output)?, spread(call, 1, output)?);
            one.iter().zip(&other).map(|(one, other)| combined(operator, (*one)?, (*other)?)).collect()
        }
        _ => return None,
    })
}

fn constant(call: &Call<'_, '_>) -> Option<Vec<Entry>> {
    let whole = |number: &i64| Some(Number::Whole(*number));
    let float = |number: &f32| Some(Number::Float((*number).into()));
    if let Some(stored) = call.tensor("value") {
        return Some(stored.numbers(FOLLOWED)?.into_iter().map(Some).collect());
    }
    if let Some(numbers) = call.numbers("value_ints") {
        return Some(numbers.iter().map(whole).collect());
    }
    if let Some(floats) = call.floats("value_floats") {
        return Some(floats.iter().map(float).collect());
    }
    let number = call.number("value_int").map(|number| vec![whole(&number)]);
    number.or_else(|| call.float("value_float").map(|number| vec![float(&number)]))
}

fn cast(number: Number, element: Element) -> Entry {
    let float = [Element::FLOAT32, Element::FLOAT64].contains(&element);
    Some(match number {
        Number::Whole(number) if float => Number::Float(number as f64),
        Number::Float(number) if element == Element::BOOL => Number::Whole((number != 0.0).into()),
        // Towards zero; beyond what fits each machine does as it likes.
        Number::Float(number) if !float => {
            if number.abs() >= 1e15 || number.is_nan() {
                return None;
            }
            Number::Whole(number as i64)
        }
        number => number,
    })
}

fn range(start: &[Entry], step: &[Entry], count: usize) -> Option<Vec<Entry>> {
    let ([Some(Number::Whole(start))], [Some(Number::Whole(step))]) = (start, step) else { return None };
    let entry = |place: usize| start.checked_add(step.checked_mul(place as i64)?).map(Number::Whole);
    Some((0..count).map(entry).collect())
}

/// Of a list, the entries at some places.
fn gather(call: &Call<'_, '_>) -> Option<Vec<Entry>> {
    let (list, places) = (call.given(0)?, call.given(1)?);
    let values = list.values.as_ref()?;
    if list.dims.as_ref()?.len() != 1 {
        return None;
    }
    let entry = |place: &Entry| {
        let Some(Number::Whole(place)) = *place else { return None };
        let place = if place < 0 { place.checked_add(values.len() as i64)? } else { place };
        *values.get(usize::try_from(place).ok()?)?
    };
    Some(places.values.as_ref()?.iter().map(entry).collect())
}

/// Of a list, the entries of a range.
fn slice(call: &Call<'_, '_>) -> Option<Vec<Entry>> {
    let list = call.given(0)?;
    let values = list.values.as_ref()?;
    if list.dims.as_ref()?.len() != 1 {
        return None;
    }
    let cuts = slice_cuts(call, 1)?;
    let [(_, [start, end, step])] = *cuts.as_slice() else { return None };
    let length = values.len() as i64;
    let from_start = |place: i64| if place < 0 { place.saturating_add(length) } else { place };
    let (start, end) = (from_start(start), from_start(end));
    let mut found = Vec::new();
    if step > 0 {
        let (mut place, end) = (start.clamp(0, length), end.clamp(0, length));
        while place < end {
            found.push(*values.get(usize::try_from(place).ok()?)?);
            place = place.saturating_add(step);
        }
    } else if step < 0 {
        let (mut place, end) = (start.clamp(-1, length - 1), end.clamp(-1, length - 1));
        while place > end {
            found.push(*values.get(usize::try_from(place).ok()?)?);
            place = place.saturating_add(step);
        }
    }
    Some(found)
}

fn split(call: &Call<'_, '_>, outputs: &mut [Tensor]) {
    let Some(input) = call.given(0) else { return };
    let Some(values) =
        input.values.as_ref().filter(|_| input.dims.as_ref().is_some_and(|dims| dims.len() == 1))
    else {
        return;
    };
    let mut from = 0;
    for output in outputs {
        let to = from + output.most as usize;
        if !output.is_exact() || to > values.len() {
            return;
        }
        output.values = Some(values[from..to].into());
        from = to;
    }
}

/// The entries of an input as they meet those of the output: of the same shape, or one for all.
fn spread(call: &Call<'_, '_>, place: usize, output: &Tensor) -> Option<Vec<Entry>> {
    let input = call.given(place)?;
    let count = output.most as usize;
    let unknown = || vec![None; count];
    let Some(values) = &input.values else { return Some(unknown()) };
    Some(match values.len() {
        1 => vec![values[0]; count],
        // The same number of entries in the same order: only dimensions of one can lie between.
        length if length == count => values.to_vec(),
        _ => unknown(),
    })
}

fn changed(operator: &str, number: Number) -> Entry {
    Some(match (operator, number) {
        ("Neg", Number::Whole(number)) => Number::Whole(number.checked_neg()?),
        ("Abs", Number::Whole(number)) => Number::Whole(number.checked_abs()?),
        ("Not", Number::Whole(number)) => Number::Whole((number == 0).into()),
        ("Neg", Number::Float(number)) => Number::Float(-number),
        ("Abs", Number::Float(number)) => Number::Float(number.abs()),
        ("Floor", Number::Float(number)) => Number::Float(number.floor()),
        ("Ceil", Number::Float(number)) => Number::Float(number.ceil()),
        ("Sqrt", Number::Float(number)) => Number::Float(number.sqrt()),
        _ => return None,
    })
}

fn combined(operator: &str, one: Number, other: Number) -> Entry {
    let truth = |truth: bool| Some(Number::Whole(truth.into()));
    match (one, other) {
        (Number::Whole(one), Number::Whole(other)) => match operator {
            "Add" => one.checked_add(other).map(Number::Whole),
            "Sub" => one.checked_sub(other).map(Number::Whole),
            "Mul" => one.checked_mul(other).map(Number::Whole),
            "Div" => one.checked_div(other).map(Number::Whole),
            // The sign is the divisor's.
            "Mod" => {
                let left = one.checked_rem(other)?;
                Some(Number::Whole(if left != 0 && (left < 0) != (other < 0) { left + other } else { left }))
            }
            "Max" => Some(Number::Whole(one.max(other))),
            "Min" => Some(Number::Whole(one.min(other))),
            "Equal" => truth(one == other),
            "Less" => truth(one < other),
            "Greater" => truth(one > other),
            "LessOrEqual" => truth(one <= other),
            "GreaterOrEqual" => truth(one >= other),
            "And" => truth(one != 0 && other != 0),
            "Or" => truth(one != 0 || other != 0),
            _ => None,
        },
        // Exact in double precision, and rounded to single by whoever asked: as if it were done in single.
        (Number::Float(one), Number::Float(other)) => match operator {
            "Add" => Some(Number::Float(one + other)),
            "Sub" => Some(Number::Float(one - other)),
            "Mul" => Some(Number::Float(one * other)),
            "Div" => Some(Number::Float(one / other)),
            "Max" => Some(Number::Float(one.max(other))),
            "Min" => Some(Number::Float(one.min(other))),
            "Equal" => truth(one == other),
            "Less" => truth(one < other),
            "Greater" => truth(one > other),
            "LessOrEqual" => truth(one <= other),
            "GreaterOrEqual" => truth(one >= other),
            _ => None,
        },
        _ => None,
    }
}
