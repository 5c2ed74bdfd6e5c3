//! From the bindings that a function uses to what is bound there.

use super::source::{GIVEN, OWN, Own};
use crate::scene::head::{Format, Head};

/// The views that every scene can read; a place that is `None` holds a black texel.
#[derive(Clone, Copy, Default)]
pub(in crate::stage) struct Given<'a> {
    views: [Option<&'a wgpu::TextureView>; GIVEN.len()],
}

impl<'a> Given<'a> {
    /// With one more of them.
    #[must_use]
    pub fn with(mut self, name: &str, view: &'a wgpu::TextureView) -> Self {
        if let Some(at) = GIVEN.iter().position(|given| *given == name) {
            self.views[at] = Some(view);
        }
        self
    }

    pub fn view(&self, binding: u32) -> Option<&'a wgpu::TextureView> {
        self.views.get(binding as usize).copied().flatten()
    }
}

/// The place of a given texture.
pub fn given(name: &str) -> u32 {
    GIVEN.iter().position(|given| *given == name).unwrap_or_default() as u32
}

/// How a binding of group 1 is declared to the driver; `None` for one that nothing stands behind.
pub fn layout_of(
    head: &Head,
    own: &[Own],
    binding: u32,
    stages: wgpu::ShaderStages,
) -> Option<wgpu::BindGroupLayoutEntry> {
    let targets = head.targets();
    let texture = |filterable: bool| wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    let buffer = |read_only: bool| wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Storage { read_only },
        has_dynamic_offset: false,
        min_binding_size: None,
    };
    let ty = if binding < OWN {
        texture(true)
    } else {
        match *own.get((binding - OWN) as usize)? {
            Own::Target(at) => texture(!matches!(targets.get(at)?.format, Format::R32f | Format::Rgba32f)),
            Own::TargetOut(at) => wgpu::BindingType::StorageTexture {
                access: wgpu::StorageTextureAccess::WriteOnly,
                format: texture_format(targets.get(at)?.format),
                view_dimension: wgpu::TextureViewDimension::D2,
            },
            Own::Buffer(_) => buffer(true),
            Own::BufferOut(_) => buffer(false),
            Own::Texture(_) => texture(true),
        }
    };
    Some(wgpu::BindGroupLayoutEntry { binding, visibility: stages, ty, count: None })
}

/// What the driver calls a format.
pub fn texture_format(format: Format) -> wgpu::TextureFormat {
    match format {
        Format::Rgba16f => wgpu::TextureFormat::Rgba16Float,
        Format::Rgba8 | Format::Root8 => wgpu::TextureFormat::Rgba8Unorm,
        Format::Rg16f => wgpu::TextureFormat::Rg16Float,
        Format::R16f => wgpu::TextureFormat::R16Float,
        Format::R8 => wgpu::TextureFormat::R8Unorm,
        Format::R32f => wgpu::TextureFormat::R32Float,
        Format::Rgba32f => wgpu::TextureFormat::Rgba32Float,
    }
}
