//! A scene's own textures.

use std::io::Cursor;

use image::{ImageError, ImageFormat, ImageReader, Limits};

use super::limits;

/// How the files of pictures end.
const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];

/// Decodes a PNG or a JPEG to rows of RGBA bytes, with its width and height in pixels.
///
/// # Errors
/// It is neither, broken, or too large; in words.
pub fn decode(bytes: &[u8]) -> Result<(Vec<u8>, u32, u32), String> {
    let format = image::guess_format(bytes).ok();
    let Some(format @ (ImageFormat::Png | ImageFormat::Jpeg)) = format else {
        return Err("it is neither a PNG nor a JPEG".to_owned());
    };
    let side_px = limits::TEXTURE_SIDE_PX;
    let mut allowed = Limits::default();
    (allowed.max_image_width, allowed.max_image_height) = (Some(side_px), Some(side_px));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(allowed);
    let picture = reader.decode().map_err(|error| match error {
        ImageError::Limits(_) => {
            let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().ok();
            let size = size.map_or("too large".to_owned(), |(width, height)| format!("{width}x{height}"));
            format!("it is {size}, and may have {side_px} px a side at most")
        }
        error => format!("it is broken: {error}"),
    })?;
    let rgba = picture.into_rgba8();
    let (width, height) = rgba.dimensions();
    Ok((rgba.into_raw(), width, height))
}

/// Whether a file is a picture, by its name.
pub fn is_picture(name: &std::path::Path) -> bool {
    let end = name.extension().and_then(|end| end.to_str()).unwrap_or_default();
    ENDINGS.iter().any(|known| end.eq_ignore_ascii_case(known))
}
