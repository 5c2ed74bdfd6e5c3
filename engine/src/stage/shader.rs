//! The passes that are there whatever scene is played: their WGSL, compiled.

use super::{Gpu, StageError, moment};

macro_rules! built_in {
    ($($name:literal),*) => { [$(($name, include_str!(concat!("../../../shaders/", $name)))),*] };
}

const BUILT_IN: [(&str, &str); 8] = built_in![
    "prelude.wgsl",
    "shade.wgsl",
    "magnify.wgsl",
    "field.wgsl",
    "ambience.wgsl",
    "tween.wgsl",
    "bloom.wgsl",
    "carry.wgsl"
];

/// Compiles one of them, behind the declarations and the prelude.
///
/// # Errors
/// [`StageError::Refused`] in the driver's words.
pub(super) fn compile(gpu: &Gpu, name: &str) -> Result<wgpu::ShaderModule, StageError> {
    let text = |wanted: &str| BUILT_IN.iter().find(|(name, _)| *name == wanted).map_or("", |(_, text)| text);
    let source = format!("{}\n{}\n{}", moment::declarations(), text("prelude.wgsl"), text(name));
    gpu.guarded(&format!("the shader {name}"), || {
        gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(name),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        })
    })
}
