//! Products of matrices, and the layers that are made of them.

use std::collections::BTreeMap;

use super::{Answer, Call, Made, Trouble};
use crate::pack::graph::Element;
use crate::pack::sizes::tensor::{Length, Tensor};

pub(super) fn infer(call: &Call<'_, '_>, operator: &str) -> Answer {
    let made = match operator {
        "MatMul" => product(call, 0, 1, [false; 2])?.into(),
        "FusedMatMul" => product(call, 0, 1, [call.flag("transA"), call.flag("transB")])?.into(),
        "MatMulInteger" => product(call, 0, 1, [false; 2])?.of(Element::INT32).into(),
        "QLinearMatMul" => product(call, 0, 3, [false; 2])?.into(),
        "Gemm" => {
            let (one, two) = (call.dims_from(0, 2)?, call.dims_from(1, 2)?);
            let rows = one[usize::from(call.flag("transA"))];
            let columns = two[usize::from(!call.flag("transB"))];
            Tensor::new(call.input(0)?.element, vec![rows, columns]).into()
        }
        "Einsum" => einsum(call)?,
        "LSTM" => recurrent(call, 4)?,
        "GRU" => recurrent(call, 3)?,
        "RNN" => recurrent(call, 1)?,
        "Attention" => attention(call)?,
        _ => return Ok(None),
    };
    Ok(Some(made))
}

/// As NumPy's matmul: the last two dimensions are a matrix, those before are broadcast, a single one is a vector.
fn product(call: &Call<'_, '_>, one: usize, two: usize, turned: [bool; 2]) -> Result<Tensor, Trouble> {
    let element = call.input(one)?.element;
    let (one, two) = (call.dims_from(one, 1)?, call.dims_from(two, 1)?);
    let split = |dims: &[Length], turned: bool| match *dims {
        [ref batch @ .., rows, columns] if turned => (batch.to_vec(), Some(columns), Some(rows)),
        [ref batch @ .., rows, columns] => (batch.to_vec(), Some(rows), Some(columns)),
        _ => (Vec::new(), None, None),
    };
    let ((batch, rows, _), (other, _, columns)) = (split(one, turned[0]), split(two, turned[1]));
    let batches = [Tensor::new(element, batch), Tensor::new(element, other)];
    let batch = Tensor::broadcast(element, &batches).dims.unwrap_or_default();
    Ok(Tensor::new(element, batch.into_iter().chain(rows).chain(columns).collect()))
}

/// A sum over products, such as "bij,bjk->bik". ONNX Runtime multiplies the values one after the other, and sums over what
/// is in none of those that follow: what it keeps in between may be larger than the result.
fn einsum(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let equation = call.text("equation").and_then(|text| std::str::from_utf8(text).ok());
    let equation: String = equation.unwrap_or_default().split_whitespace().collect();
    let (terms, result) = match equation.split_once("->") {
        Some((terms, result)) => (terms, Some(result)),
        None => (equation.as_str(), None),
    };
    let terms: Vec<_> = terms.split(',').collect();
    if terms.len() != call.inputs.len() || terms.len() > 32 {
        return Err(call.wrong("has an equation for another number of values"));
    }
    let mut lengths: BTreeMap<Label, Length> = BTreeMap::new();
    let mut labels = Vec::with_capacity(terms.len());
    for (place, term) in terms.iter().enumerate() {
        let dims = call.dims(place)?;
        let term = label(term, dims.len()).ok_or_else(|| call.wrong("has an equation that does not fit"))?;
        for (label, dim) in term.iter().zip(dims) {
            let known = lengths.entry(*label).or_insert(*dim);
            *known = if known.most == 1 { *dim } else { Length { most: known.most.max(dim.most), ..*known } };
        }
        labels.push(term);
    }
    let wider: usize = lengths.keys().filter(|label| matches!(label, Label::Wider(_))).count();
    let result: Vec<Label> = match result {
        Some(result) => {
            let letters = result.chars().filter(|letter| *letter != '.').count();
            let rank = letters + if result.contains("...") { wider } else { 0 };
            label(result, rank).ok_or_else(|| call.wrong("has an equation that does not fit"))?
        }
        None => {
            let all = || labels.iter().flatten();
            let once = |label: &&Label| {
                matches!(label, Label::Wider(_)) || all().filter(|l| l == label).count() == 1
            };
            let mut once: Vec<_> = all().filter(once).copied().collect();
            once.sort_unstable();
            once.dedup();
            once
        }
    };
    let size = |labels: &[Label]| {
        labels
            .iter()
            .fold(1u64, |size, label| size.saturating_mul(lengths.get(label).map_or(1, |length| length.most)))
    };
    let mut kept: Vec<Label> = Vec::new();
    let mut scratch = 0u64;
    for (place, term) in labels.iter().enumerate() {
        kept.extend(term);
        kept.sort_unstable();
        kept.dedup();
        kept.retain(|label| {
            result.contains(label) || labels[place + 1..].iter().any(|term| term.contains(label))
        });
        scratch = scratch.max(size(&kept).saturating_mul(8));
    }
    let dims = result.iter().map(|label| lengths.get(label).copied().unwrap_or(Length::exactly(1)));
    Ok(Made { outputs: vec![Tensor::new(call.input(0)?.element, dims.collect())], scratch })
}

/// A dimension's name in an equation: a letter, or a place within the dots, from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Wider(std::cmp::Reverse<usize>),
    Letter(char),
}

/// The names of a value's dimensions.
fn label(term: &str, rank: usize) -> Option<Vec<Label>> {
    let (before, after) =
        term.split_once("...").map_or((term, None), |(before, after)| (before, Some(after)));
    let letters = before.chars().chain(after.unwrap_or_default().chars());
    let count = letters.clone().count();
    if !letters.clone().all(|letter| letter.is_ascii_alphabetic()) {
        return None;
    }
    let wider = rank.checked_sub(count).filter(|wider| after.is_some() || *wider == 0)?;
    let wider = (0..wider).rev().map(|place| Label::Wider(std::cmp::Reverse(place)));
    let after = after.unwrap_or_default().chars().map(Label::Letter);
    Some(before.chars().map(Label::Letter).chain(wider).chain(after).collect())
}

/// A layer with a memory: `gates` times its own size while it works.
fn recurrent(call: &Call<'_, '_>, gates: u64) -> Result<Made, Trouble> {
    let (input, weights) = (call.dims_from(0, 3)?, call.dims_from(2, 3)?);
    let batch_first = call.number("layout") == Some(1);
    let (steps, batch) = if batch_first { (input[1], input[0]) } else { (input[0], input[1]) };
    let (directions, hidden) = (weights[0], weights[2]);
    let element = call.input(0)?.element;
    let all = match batch_first {
        true => vec![batch, steps, directions, hidden],
        false => vec![steps, directions, batch, hidden],
    };
    let all = Tensor::new(element, all);
    let last = match batch_first {
        true => vec![batch, directions, hidden],
        false => vec![directions, batch, hidden],
    };
    let last = Tensor::new(element, last);
    let scratch = all.bytes().saturating_mul(2 * (gates + 1));
    Ok(Made { outputs: vec![all, last.clone(), last], scratch })
}

/// Every place of the query looks at every place of the key.
fn attention(call: &Call<'_, '_>) -> Result<Made, Trouble> {
    let element = call.input(0)?.element;
    let (query, key, value) = (call.dims_from(0, 3)?, call.dims_from(1, 3)?, call.dims_from(2, 3)?);
    let heads = |name: &str| {
        let count = call.number(name).and_then(|count| u64::try_from(count).ok());
        count.filter(|count| *count > 0).map(Length::exactly).ok_or_else(|| call.wrong("has no heads"))
    };
    let past = |place: usize| match call.given(place) {
        Some(_) => call.dims_from(place, 4).map(|dims| dims[2]),
        None => Ok(Length::exactly(0)),
    };
    // Of either form: count, heads, places and width of a head.
    let four = |dims: &[Length], name: &str| -> Result<[Length; 4], Trouble> {
        match *dims {
            [count, heads, places, width] => Ok([count, heads, places, width]),
            [count, places, all] => {
                let heads = heads(name)?;
                Ok([count, heads, places, all.map(|all| all / heads.most)])
            }
            _ => Err(call.wrong("takes three or four dimensions")),
        }
    };
    let flat = query.len() == 3;
    let (query, key, value) =
        (four(query, "q_num_heads")?, four(key, "kv_num_heads")?, four(value, "kv_num_heads")?);
    let (key_places, value_places) = (key[2].plus(past(4)?), value[2].plus(past(5)?));
    let looks = Tensor::new(element, vec![query[0], query[1], query[2], key_places]);
    let made = match flat {
        true => vec![query[0], query[2], query[1].times(value[3])],
        false => vec![query[0], query[1], query[2], value[3]],
    };
    let present = |of: [Length; 4], places: Length| Tensor::new(element, vec![of[0], of[1], places, of[3]]);
    let scratch = looks.bytes().saturating_mul(2);
    let outputs =
        vec![Tensor::new(element, made), present(key, key_places), present(value, value_places), looks];
    Ok(Made { outputs, scratch })
}
