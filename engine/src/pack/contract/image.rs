//! The shape of the picture.

use super::Section;
use crate::pack::error::PackError;
use crate::pack::graph::{Dim, Graph};
use crate::pack::limits;
use crate::pack::manifest::{GeneratorSpec, Layout};

/// Shape, width, height and number of colours of the picture.
pub(super) fn image(
    section: &Section<'_>,
    spec: &GeneratorSpec,
    graph: &Graph,
) -> Result<(Vec<i64>, u32, u32, usize), PackError> {
    let port = section.float("output", section.find("image", &spec.image, "output", &graph.outputs)?)?;
    let open = vec![Dim::Open(String::new()); 4];
    let dims = port.shape.as_ref().unwrap_or(&open);
    let (expected, places) = match spec.layout {
        Layout::Nchw => ("float32 [1, 3, height, width] or [1, 1, height, width]", [0, 1, 2]),
        Layout::Nhwc => ("float32 [1, height, width, 3] or [1, height, width, 1]", [2, 0, 1]),
    };
    let wrong = |cure: &str| section.port("output", port, expected, cure);
    let inner = match dims.as_slice() {
        [Dim::Fixed(1) | Dim::Open(_), inner @ ..] if inner.len() == 3 => inner,
        inner if inner.len() == 3 => inner,
        _ => return Err(wrong("export the model for one picture (batch 1), or set generator.layout")),
    };
    let colours = match &inner[places[0]] {
        Dim::Fixed(1) => 1,
        Dim::Fixed(3) | Dim::Open(_) => 3,
        Dim::Fixed(_) => return Err(wrong("set generator.layout, or export the model with 1 or 3 channels")),
    };
    let side = |field: &str, place: usize, said: Option<u32>| {
        let cure = format!("correct generator.{field} in pack.toml");
        let side = match (&inner[place], said) {
            (Dim::Fixed(side), None) => u32::try_from(*side).unwrap_or(u32::MAX),
            (Dim::Fixed(side), Some(said)) if *side == u64::from(said) => said,
            (Dim::Fixed(side), Some(said)) => {
                let expected = format!("{side}, as {} says", section.graph);
                return Err(section.field(field, expected, said, "correct or remove it"));
            }
            (Dim::Open(_), Some(said)) => said,
            (Dim::Open(_), None) => {
                let expected = "a number of pixels, as the graph leaves it open";
                return Err(section.field(field, expected, "nothing", "write it into pack.toml"));
            }
        };
        if (1..=limits::IMAGE_SIDE_PX).contains(&side) {
            return Ok(side);
        }
        Err(section.field(field, format!("1 to {} px", limits::IMAGE_SIDE_PX), side, cure))
    };
    let height_px = side("height_px", places[1], spec.height_px)?;
    let width_px = side("width_px", places[2], spec.width_px)?;
    let mut shape = vec![1i64; dims.len()];
    let offset = dims.len() - 3;
    shape[offset + places[0]] = colours as i64;
    shape[offset + places[1]] = i64::from(height_px);
    shape[offset + places[2]] = i64::from(width_px);
    Ok((shape, width_px, height_px, colours))
}
