//! A scene's own textures.

use super::limits;

/// Decodes a PNG to rows of RGBA bytes, with its width and height in pixels.
///
/// # Errors
/// It is no PNG, or too large; in words.
pub fn decode(bytes: &[u8]) -> Result<(Vec<u8>, u32, u32), String> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(|error| format!("it is no PNG: {error}"))?;
    let (width, height) = (reader.info().width, reader.info().height);
    let limit = limits::TEXTURE_SIDE_PX;
    if width.max(height) > limit {
        return Err(format!("it is {width}x{height}, and may have {limit} px a side at most"));
    }
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut pixels = vec![0; size];
    let info = reader.next_frame(&mut pixels).map_err(|error| format!("it is broken: {error}"))?;
    pixels.truncate(info.buffer_size());
    let rgba = match info.color_type {
        png::ColorType::Rgba => pixels,
        png::ColorType::GrayscaleAlpha => {
            pixels.chunks_exact(2).flat_map(|grey| [grey[0], grey[0], grey[0], grey[1]]).collect()
        }
        other => return Err(format!("its colours are {other:?}, which is not understood")),
    };
    Ok((rgba, width, height))
}
