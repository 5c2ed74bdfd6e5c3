//! One PNG.

use std::fs::File;
use std::io::{BufWriter, Error, Write};
use std::path::Path;

use super::RecorderError;

/// Writes a still: tightly packed rows of sRGB RGBA, 8 bits each, top row first; the alpha is left out. Keys and values go
/// into the file as text. Nothing of that name is replaced, and nothing half-written is left behind.
///
/// # Errors
/// The file exists, or cannot be written.
pub fn write_still(
    path: &Path,
    width_px: u32,
    height_px: u32,
    rgba: &[u8],
    metadata: &[(String, String)],
) -> Result<(), RecorderError> {
    let expected = width_px as usize * height_px as usize * 4;
    if rgba.len() != expected {
        return Err(RecorderError::FrameSize { found: rgba.len(), expected });
    }
    if path.exists() {
        return Err(RecorderError::Exists { path: path.to_path_buf() });
    }
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let part = path.with_extension("png.part");
    let written =
        write_png(&part, width_px, height_px, &rgb, metadata).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|source| {
        let _ = std::fs::remove_file(&part); // it may not even exist
        RecorderError::Write { path: path.to_path_buf(), source, kept: None }
    })
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
