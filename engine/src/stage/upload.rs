//! Textures that come from the processor's memory.

use super::{Gpu, StageError};

/// A texture to be filled and sampled, and its view.
///
/// # Errors
/// No memory for it, or a size that the device does not know.
pub(super) fn texture(
    gpu: &Gpu,
    label: &str,
    [width, height]: [u32; 2],
    format: wgpu::TextureFormat,
) -> Result<(wgpu::Texture, wgpu::TextureView), StageError> {
    let texture = gpu.guarded(&format!("the texture for {label}"), || {
        gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        })
    })?;
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    Ok((texture, view))
}

/// Fills all of a texture, row by row.
pub(super) fn upload<T: bytemuck::NoUninit>(gpu: &Gpu, texture: &wgpu::Texture, texels: &[T]) {
    let size = texture.size();
    let bytes: &[u8] = bytemuck::cast_slice(texels);
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(bytes.len() as u32 / size.height),
        rows_per_image: None,
    };
    gpu.queue.write_texture(texture.as_image_copy(), bytes, layout, size);
}
