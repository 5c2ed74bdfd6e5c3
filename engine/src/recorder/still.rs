//! One PNG.

use std::fs::File;
use std::io::{BufWriter, Error, Write};
use std::path::{Path, PathBuf};

use super::output::Output;
use super::{IfTaken, RecorderError, plain_text};

/// Writes a still: tightly packed rows of sRGB RGBA, 8 bits each, top row first; the alpha is left out. Keys and values go
/// into the file as text. The file takes its name when it is whole, and that name is returned.
///
/// # Errors
/// The name is taken, and another one is not wanted; or the file cannot be written.
pub fn write_still(
    path: &Path,
    width_px: u32,
    height_px: u32,
    rgba: &[u8],
    metadata: &[(String, String)],
    if_taken: IfTaken,
) -> Result<PathBuf, RecorderError> {
    let expected = width_px as usize * height_px as usize * 4;
    if rgba.len() != expected {
        return Err(RecorderError::FrameSize { found: rgba.len(), expected });
    }
    let output = Output::check(path, if_taken, false)?;
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let part = output.part()?;
    let failed = |source| RecorderError::Write { path: path.to_path_buf(), source, kept: None };
    write_png(&part, width_px, height_px, &rgb, &plain_text(metadata)).map_err(failed)?;
    output.complete_file(part).map_err(|(source, _)| failed(source))
}

/// Writes rows of sRGB RGB.
pub(super) fn write_png(
    path: &Path,
    width_px: u32,
    height_px: u32,
    rgb: &[u8],
    metadata: &[(String, String)],
) -> Result<(), Error> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(&mut file, width_px, height_px);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    for (key, value) in metadata {
        // Plain text where it can hold the value, because more programs read it.
        let added = if value.is_ascii() {
            encoder.add_text_chunk(key.clone(), value.clone())
        } else {
            encoder.add_itxt_chunk(key.clone(), value.clone())
        };
        added.map_err(Error::other)?;
    }
    let mut writer = encoder.write_header().map_err(Error::other)?;
    writer.write_image_data(rgb).map_err(Error::other)?;
    writer.finish().map_err(Error::other)?;
    file.flush()
}
