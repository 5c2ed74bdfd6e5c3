//! A picture in, embedding out.

use super::{PictureTowerContract, Section};
use crate::pack::error::PackError;
use crate::pack::graph::{Dim, Graph};
use crate::pack::manifest::PictureTowerSpec;

/// Sides that a picture tower may ask for, in pixels.
const SIDES_PX: std::ops::RangeInclusive<u64> = 8..=1024;

/// Settles the picture tower's shapes, for embeddings of length `embedding_dim`.
pub fn picture_tower(
    manifest: &str,
    file: &str,
    spec: &PictureTowerSpec,
    graph: &Graph,
    embedding_dim: usize,
) -> Result<PictureTowerContract, PackError> {
    let section = Section { manifest, graph: file, name: "picture_tower" };
    if let Some(other) = graph.inputs.iter().find(|port| port.name != spec.input)
        && graph.input(&spec.input).is_some()
    {
        let cure = "export the tower with the picture alone";
        return Err(section.port("input", other, "no input but the picture", cure));
    }
    let input = section.float("input", section.find("input", &spec.input, "input", &graph.inputs)?)?;
    let side_px = match input.shape.as_deref() {
        Some([Dim::Fixed(1) | Dim::Open(_), Dim::Fixed(3), Dim::Fixed(height), Dim::Fixed(width)])
            if height == width && SIDES_PX.contains(width) =>
        {
            *width as u32
        }
        _ => {
            let expected = format!(
                "float32 [1, 3, side, side] with a side of {} to {}",
                SIDES_PX.start(),
                SIDES_PX.end()
            );
            return Err(section.port("input", input, expected, "export it for square pictures in RGB"));
        }
    };
    let output = section.find("embedding", &spec.embedding, "output", &graph.outputs)?;
    let output = section.float("output", output)?;
    let (embedding_shape, _) =
        section.vector("output", output, Some(embedding_dim), "the encoder's embedding")?;
    Ok(PictureTowerContract { side_px, embedding_shape })
}
