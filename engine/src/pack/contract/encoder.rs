//! Sound in, embedding out.

use super::{EncoderContract, Section};
use crate::pack::error::PackError;
use crate::pack::graph::Graph;
use crate::pack::manifest::EncoderSpec;

/// Settles the encoder's shapes.
pub fn encoder(
    manifest: &str,
    file: &str,
    spec: &EncoderSpec,
    graph: &Graph,
) -> Result<EncoderContract, PackError> {
    let section = Section { manifest, graph: file, name: "encoder" };
    let window_samples = (spec.window_s * f64::from(spec.sample_rate_hz)).round() as usize;
    if let Some(other) = graph.inputs.iter().find(|port| port.name != spec.input)
        && graph.input(&spec.input).is_some()
    {
        return Err(section.port(
            "input",
            other,
            "no input but the audio",
            "export the encoder with audio alone",
        ));
    }
    let input = section.float("input", section.find("input", &spec.input, "input", &graph.inputs)?)?;
    let (input_shape, _) =
        section.vector("input", input, Some(window_samples), "encoder.window_s x encoder.sample_rate_hz")?;
    let output = section.find("embedding", &spec.embedding, "output", &graph.outputs)?;
    let output = section.float("output", output)?;
    let (embedding_shape, embedding_dim) =
        section.vector("output", output, spec.embedding_dim, "encoder.embedding_dim")?;
    section.bounded(output, embedding_dim)?;
    let named = spec.control_names.len();
    let controls_shape = match &spec.controls {
        None if named > 0 => {
            let cure = "write controls = \"name of the output\" or remove control_names";
            return Err(section.field("controls", "the name of an output", "nothing", cure));
        }
        None => None,
        Some(name) => {
            let output =
                section.float("output", section.find("controls", name, "output", &graph.outputs)?)?;
            let (shape, _) = section.vector("output", output, Some(named), "encoder.control_names")?;
            Some(shape)
        }
    };
    Ok(EncoderContract { window_samples, input_shape, embedding_dim, embedding_shape, controls_shape })
}
