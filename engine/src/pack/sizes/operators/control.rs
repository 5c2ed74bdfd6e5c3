//! Operators with a graph inside.

use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};
use crate::pack::sizes::walk::{Scope, Walk};

/// A value that changes in each round of a loop has found its size after so many, if it has one: its shape may have turned from
/// known to bounded once, its entries from known to unknown.
const ROUNDS: u64 = 8;

pub(super) fn infer<'t>(
    call: &Call<'_, 't>,
    operator: &str,
    walk: &mut Walk<'t>,
    scope: &Scope<'_, 't>,
) -> Answer {
    match operator {
        "If" => either(call, walk, scope).map(Some),
        "Loop" => repeat(call, walk, scope).map(Some),
        "Scan" => scan(call, walk, scope).map(Some),
        _ => Ok(None),
    }
}

fn either<'t>(call: &Call<'_, 't>, walk: &mut Walk<'t>, scope: &Scope<'_, 't>) -> Result<Made, Trouble> {
    let (then, or_else) = (call.graph("then_branch")?, call.graph("else_branch")?);
    // Exporters ask for shapes that are long known.
    if let Some(condition) = call.input(0)?.number() {
        let chosen = if condition != 0 { then } else { or_else };
        return walk.subgraph(chosen, Vec::new(), scope).map(Made::from);
    }
    let one = walk.subgraph(then, Vec::new(), scope)?;
    let other = walk.subgraph(or_else, Vec::new(), scope)?;
    Ok(one.iter().zip(&other).map(|(one, other)| one.or(other)).collect::<Vec<_>>().into())
}

/// Loop: how many rounds at most, whether to begin, then the values that go from round to round.
fn repeat<'t>(call: &Call<'_, 't>, walk: &mut Walk<'t>, scope: &Scope<'_, 't>) -> Result<Made, Trouble> {
    let body = call.graph("body")?;
    let rounds = match call.given(0) {
        Some(rounds) => rounds.number().map(|rounds| u64::try_from(rounds).unwrap_or(0)),
        None => None,
    };
    let mut carried: Vec<Tensor> =
        (2..call.inputs.len()).map(|place| call.input(place).cloned()).collect::<Result<_, _>>()?;
    carried.iter_mut().for_each(|tensor| tensor.fixed = false);
    let mut seen = 0;
    let found = loop {
        let mut inputs =
            vec![Tensor::new(Element::INT64, Vec::new()), Tensor::new(Element::BOOL, Vec::new())];
        inputs.extend(carried.iter().cloned());
        let made = walk.subgraph(body, inputs, scope)?;
        let next = made.get(1..1 + carried.len()).ok_or_else(|| call.wrong("gives back too few values"))?;
        let next: Vec<_> = carried.iter().zip(next).map(|(old, new)| old.or(new)).collect();
        seen += 1;
        let settled = next == carried;
        carried = next;
        if settled || rounds.is_some_and(|rounds| seen >= rounds) {
            break made;
        }
        if seen >= ROUNDS && rounds.is_none() {
            return Err(call.unbounded());
        }
    };
    let mut outputs = carried;
    // What a round adds to a list stands there once for each.
    for one in &found[1 + outputs.len()..] {
        let rounds = rounds.ok_or_else(|| call.unbounded())?;
        let dims = one.dims.as_ref().map(|dims| {
            [Length::at_most(rounds)].into_iter().chain(dims.iter().copied()).collect::<Vec<_>>()
        });
        outputs.push(match dims {
            Some(dims) => Tensor::new(one.element, dims),
            None => Tensor::at_most(one.element, one.most.saturating_mul(rounds)),
        });
    }
    Ok(outputs.into())
}

/// Scan: values that go from round to round, then some that are taken apart along an axis, one slice a round.
fn scan<'t>(call: &Call<'_, 't>, walk: &mut Walk<'t>, scope: &Scope<'_, 't>) -> Result<Made, Trouble> {
    let body = call.graph("body")?;
    let taken_apart = call.number("num_scan_inputs").and_then(|count| usize::try_from(count).ok());
    let kept = taken_apart.and_then(|count| call.inputs.len().checked_sub(count));
    let kept = kept.ok_or_else(|| call.wrong("has too few inputs"))?;
    let axes =
        |name: &str, place: usize| call.numbers(name).and_then(|axes| axes.get(place)).copied().unwrap_or(0);
    let mut slices = Vec::new();
    let mut rounds = Length::at_most(0);
    for place in kept..call.inputs.len() {
        let mut dims = call.dims_from(place, 1)?.to_vec();
        let axis = call.axis(axes("scan_input_axes", place - kept), dims.len())?;
        let length = dims.remove(axis);
        rounds = if slices.is_empty() { length } else { rounds.or(length) };
        slices.push(Tensor::new(call.input(place)?.element, dims));
    }
    let mut carried = (0..kept).map(|place| call.input(place).cloned()).collect::<Result<Vec<_>, _>>()?;
    for tensor in &mut carried {
        (tensor.fixed, tensor.values) = (false, None);
    }
    let inputs = carried.iter().chain(&slices).cloned().collect();
    let made = walk.subgraph(body, inputs, scope)?;
    let lists = made.get(kept..).ok_or_else(|| call.wrong("gives back too few values"))?;
    for (old, new) in carried.iter().zip(&made) {
        if new.most > old.most {
            return Err(call.unbounded());
        }
    }
    let mut outputs = carried;
    for (place, one) in lists.iter().enumerate() {
        let Some(dims) = &one.dims else { return Err(call.unbounded()) };
        let mut dims = dims.clone();
        let axis = call.axis(axes("scan_output_axes", place), dims.len() + 1)?;
        dims.insert(axis, rounds);
        outputs.push(Tensor::new(one.element, dims));
    }
    Ok(outputs.into())
}
