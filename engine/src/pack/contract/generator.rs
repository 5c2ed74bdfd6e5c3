//! Latent and embedding in, picture out.

use super::image::image;
use super::{ConstantInput, GeneratorContract, Section, VectorInput};
use crate::pack::error::PackError;
use crate::pack::graph::{Dim, Element, Graph, Port};
use crate::pack::limits;
use crate::pack::manifest::{BridgeSpec, GeneratorSpec, LookSpec, Part};

/// Settles the generator's shapes. `embedding_dim` is what the encoder gives, before a bridge.
pub fn generator(
    manifest: &str,
    file: &str,
    (spec, look): (&GeneratorSpec, Option<&LookSpec>),
    graph: &Graph,
    bridge: Option<&BridgeSpec>,
    encoder_dim: Option<usize>,
) -> Result<GeneratorContract, PackError> {
    let section = Section { manifest, graph: file, name: "generator" };
    let given_dim = bridge.map(|bridge| bridge.to).or(encoder_dim);
    let (mut vectors, mut latent_dim, mut embedding_dim) = (Vec::new(), 0, 0);
    if let Some(joined) = &spec.joined {
        let cure = "a joined input replaces both: remove joined, or embedding and latent";
        if spec.embedding.is_some() || spec.latent.is_some() {
            return Err(section.field("joined", "no embedding or latent beside it", "both", cure));
        }
        if joined.order[0] == joined.order[1] {
            let expected = "[\"latent\", \"embedding\"] or the other way round";
            return Err(section.field("joined.order", expected, "the same twice", "correct it"));
        }
        let input = section.find("joined.input", &joined.input, "input", &graph.inputs)?;
        let input = section.float("input", input)?;
        embedding_dim = spec.embedding_dim.or(given_dim).unwrap_or(0);
        let wanted = spec.latent_dim.map(|latent| latent.saturating_add(embedding_dim));
        let (shape, length) = section.vector("input", input, wanted, "generator.latent_dim")?;
        section.bounded(input, length)?;
        latent_dim = length.saturating_sub(embedding_dim);
        if latent_dim == 0 {
            let expected = format!("more than the embedding's {embedding_dim} entries");
            return Err(section.port("input", input, expected, "use embedding in place of joined"));
        }
        vectors.push(VectorInput { name: joined.input.clone(), shape, parts: joined.order.to_vec() });
    }
    for (field, name, wanted, part) in [
        ("latent", &spec.latent, spec.latent_dim, Part::Latent),
        ("embedding", &spec.embedding, spec.embedding_dim, Part::Embedding),
    ] {
        let Some(name) = name else { continue };
        let input = section.float("input", section.find(field, name, "input", &graph.inputs)?)?;
        let (shape, length) = section.vector("input", input, wanted, &format!("generator.{field}_dim"))?;
        section.bounded(input, length)?;
        match part {
            Part::Latent => latent_dim = length,
            Part::Embedding => embedding_dim = length,
        }
        vectors.push(VectorInput { name: name.clone(), shape, parts: vec![part] });
    }
    if vectors.is_empty() {
        let cure = "name the input that the latent, the embedding or both go into";
        return Err(section.field("latent", "latent, embedding or joined", "none of them", cure));
    }
    if let Some(given) = given_dim
        && embedding_dim > 0
        && given != embedding_dim
    {
        let cure =
            format!("add a [bridge] with from = {} and to = {embedding_dim}", encoder_dim.unwrap_or(given));
        let found = format!("{given} from the {}", if bridge.is_some() { "bridge" } else { "encoder" });
        return Err(section.field("embedding", format!("{embedding_dim} entries"), found, cure));
    }
    let constants = constants(&section, spec, graph)?;
    let named = |port: &Port| {
        vectors.iter().any(|vector| vector.name == port.name)
            || constants.iter().any(|constant| constant.name == port.name)
    };
    if let Some(left) = graph.inputs.iter().find(|port| !named(port)) {
        let cure = "name it as latent or embedding, or give it a value in generator.constants";
        return Err(section.port("input", left, "to be named in pack.toml", cure));
    }
    let (image_shape, width_px, height_px, colours) = image(&section, spec, graph)?;
    Ok(GeneratorContract {
        vectors,
        constants,
        latent_dim,
        embedding_dim,
        image_shape,
        width_px,
        height_px,
        colours,
        look_shape: look.map(|look| look_shape(manifest, file, look, graph)).transpose()?,
    })
}

fn look_shape(manifest: &str, file: &str, look: &LookSpec, graph: &Graph) -> Result<Vec<i64>, PackError> {
    let section = Section { manifest, graph: file, name: "look" };
    let output = section.float("output", section.find("output", &look.output, "output", &graph.outputs)?)?;
    let (shape, _) = section.vector("output", output, Some(look.names.len()), "look.names")?;
    Ok(shape)
}

fn constants(
    section: &Section<'_>,
    spec: &GeneratorSpec,
    graph: &Graph,
) -> Result<Vec<ConstantInput>, PackError> {
    let mut constants = Vec::new();
    for constant in &spec.constants {
        let port = section.find("constants", &constant.input, "input", &graph.inputs)?;
        let allowed = [Element::FLOAT32, Element::INT32, Element::INT64, Element::BOOL];
        let Some(element) = port.element.filter(|element| allowed.contains(element)) else {
            return Err(section.port("input", port, "float32, int32, int64 or bool", "export the model so"));
        };
        let open = vec![Dim::Fixed(constant.values.len() as u64)];
        let dims = port.shape.as_ref().unwrap_or(&open);
        let lengths = dims.iter().map(|dim| match dim {
            Dim::Fixed(length) => *length,
            Dim::Open(_) => 1,
        });
        let entries = lengths.clone().try_fold(1u64, u64::checked_mul);
        let Some(entries) = entries.filter(|&entries| entries <= limits::CONSTANT_ENTRIES) else {
            return Err(section.port("input", port, "at most a million entries", "build it into the graph"));
        };
        let values = match constant.values.as_slice() {
            [value] => vec![*value; entries as usize],
            values if values.len() as u64 == entries => values.to_vec(),
            values => {
                let field = format!("constants, {:?}, values", constant.input);
                let expected = format!("1 or {entries} values for {port}");
                return Err(section.field(&field, expected, values.len(), "correct them"));
            }
        };
        let shape = lengths.map(|length| i64::try_from(length).unwrap_or(i64::MAX)).collect();
        constants.push(ConstantInput { name: constant.input.clone(), element, shape, values });
    }
    Ok(constants)
}
