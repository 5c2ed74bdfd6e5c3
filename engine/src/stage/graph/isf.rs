//! A file in the Interactive Shader Format, compiled. Its own passes run before the last pass of the scene around it, which shows
//! what they have drawn. The rules by which they are drawn are those of [`crate::isf`].

mod player;

use std::borrow::Cow;
use std::sync::Arc;

use wgpu::naga::{
    self, Module,
    valid::{Capabilities, ValidationFlags, Validator},
};

use super::super::{Gpu, StageError, upload};
use super::loops;
use crate::isf::{self, SAMPLER_BINDING, TextureSource, UNIFORM_BINDING};
use crate::scene::{IsfFile, SceneFile, head::Format, image};
pub(super) use player::{Player, units};

/// Textures that every device lets one stage read.
const MOST_TEXTURES: usize = 16;

/// A file's passes on one device.
pub(in crate::stage) struct Program {
    file: Arc<IsfFile>,
    uniforms: Vec<isf::Uniform>,
    uniform_bytes: u32,
    textures: Vec<isf::TextureSlot>,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    /// One for each format that a pass writes.
    pipelines: Vec<(Format, wgpu::RenderPipeline)>,
    /// The pictures that it imports, by name.
    images: Vec<(String, wgpu::TextureView)>,
    targets: Vec<Target>,
    /// Which of them each pass writes.
    written: Vec<usize>,
}

/// What passes draw into.
struct Target {
    /// Nothing for the frame itself.
    name: String,
    format: Format,
    /// The pass that says how large it is: the first that writes it.
    pass: usize,
    /// Whether the shader reads it, for which there have to be two of it.
    is_read: bool,
}

impl Program {
    /// Compiles what `file` plays; nothing if it is no ISF.
    ///
    /// # Errors
    /// The shader is wrong, with file, line and column, or a driver refuses it.
    pub fn compile(gpu: &Gpu, file: &SceneFile) -> Result<Option<Self>, StageError> {
        let Some(isf) = &file.isf else { return Ok(None) };
        let wrong = |message: String| StageError::Scene { scene: file.scene.name().to_owned(), message };
        let program = isf.isf.translate(isf.vertex.as_deref()).map_err(|error| isf.error(&error))?;
        if program.textures.len() > MOST_TEXTURES {
            let found = program.textures.len();
            return Err(wrong(format!(
                "it reads {found} pictures in one pass; a device reads {MOST_TEXTURES}"
            )));
        }
        let (targets, written) = targets(isf, &program.textures);
        let layout = gpu.guarded("the file's layout", || layout(&gpu.device, &program.textures))?;
        let vertex = shader(gpu, bounded(program.vertex).map_err(&wrong)?)?;
        let fragment = shader(gpu, bounded(program.fragment).map_err(&wrong)?)?;
        let mut pipelines: Vec<(Format, wgpu::RenderPipeline)> = Vec::new();
        for target in &targets {
            if pipelines.iter().all(|(format, _)| *format != target.format) {
                let made = pipeline(gpu, &layout, &vertex, &fragment, target.format)?;
                pipelines.push((target.format, made));
            }
        }
        let sampler = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("isf"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let imported = isf.isf.imported.iter().zip(&isf.images).map(|(imported, bytes)| {
            Ok((imported.name.clone(), imported_picture(gpu, &imported.path, bytes).map_err(&wrong)?))
        });
        Ok(Some(Self {
            images: imported.collect::<Result<_, StageError>>()?,
            file: Arc::clone(isf),
            uniforms: program.uniforms,
            uniform_bytes: program.uniform_bytes,
            textures: program.textures,
            layout,
            sampler,
            pipelines,
            targets,
            written,
        }))
    }

    fn pipeline(&self, format: Format) -> Option<&wgpu::RenderPipeline> {
        self.pipelines.iter().find(|(of, _)| *of == format).map(|(_, pipeline)| pipeline)
    }
}

/// Every target once, and which one each pass writes.
fn targets(file: &IsfFile, read: &[isf::TextureSlot]) -> (Vec<Target>, Vec<usize>) {
    let mut targets: Vec<Target> = Vec::new();
    let mut written = Vec::new();
    for (at, pass) in file.isf.passes.iter().enumerate() {
        let name = pass.target.clone().unwrap_or_default();
        let format = if pass.float { Format::Rgba16f } else { Format::Rgba8 };
        let place = targets.iter().position(|target| target.name == name);
        let is_read = read.iter().any(|slot| slot.source == TextureSource::Target && slot.name == name);
        let place = place.unwrap_or_else(|| {
            targets.push(Target { name, format, pass: at, is_read });
            targets.len() - 1
        });
        if pass.float {
            targets[place].format = Format::Rgba16f;
        }
        written.push(place);
    }
    (targets, written)
}

/// A module whose loops end, and that no driver should fail at.
fn bounded(mut module: Module) -> Result<Module, String> {
    if let Some((found, limit)) = loops::too_large(&module) {
        return Err(format!("with every call written out it has {found} steps; a scene may have {limit}"));
    }
    loops::bound(&mut module);
    let valid = Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module);
    valid.map_err(|error| naga_words(&error)).map(|_| module)
}

fn naga_words(error: &naga::WithSpan<naga::valid::ValidationError>) -> String {
    format!("its loops could not be bounded: {}", error.as_inner())
}

fn shader(gpu: &Gpu, module: Module) -> Result<wgpu::ShaderModule, StageError> {
    gpu.guarded("the file's shader", || {
        gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("isf"),
            source: wgpu::ShaderSource::Naga(Cow::Owned(module)),
        })
    })
}

fn layout(device: &wgpu::Device, textures: &[isf::TextureSlot]) -> wgpu::BindGroupLayout {
    let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
        ty,
        count: None,
    };
    let block = wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Uniform,
        has_dynamic_offset: true,
        min_binding_size: None,
    };
    let texture = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
    let mut entries = vec![entry(UNIFORM_BINDING, block), entry(SAMPLER_BINDING, sampler)];
    entries.extend(textures.iter().map(|slot| entry(slot.binding, texture)));
    device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some("isf"), entries: &entries })
}

fn pipeline(
    gpu: &Gpu,
    layout: &wgpu::BindGroupLayout,
    vertex: &wgpu::ShaderModule,
    fragment: &wgpu::ShaderModule,
    format: Format,
) -> Result<wgpu::RenderPipeline, StageError> {
    gpu.guarded("the file's pipeline", || {
        let device = &gpu.device;
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("isf"),
            bind_group_layouts: &[Some(layout)],
            ..Default::default()
        });
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("isf"),
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: vertex,
                entry_point: Some(isf::Program::ENTRY),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: fragment,
                entry_point: Some(isf::Program::ENTRY),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(super::binding::texture_format(format).into())],
            }),
            multiview_mask: None,
            cache: None,
        })
    })
}

/// A picture as its bytes are: the format's colours are sRGB as it is stored.
fn imported_picture(gpu: &Gpu, path: &str, bytes: &[u8]) -> Result<wgpu::TextureView, String> {
    let (rgba, width, height) = image::decode(bytes).map_err(|reason| format!("{path}: {reason}"))?;
    let (texture, view) = upload::texture(gpu, path, [width, height], wgpu::TextureFormat::Rgba8Unorm)
        .map_err(|error| error.to_string())?;
    upload::upload(gpu, &texture, &rgba);
    Ok(view)
}
