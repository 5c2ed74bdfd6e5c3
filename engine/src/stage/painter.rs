//! What every pass shares: the uniform block, the sampler, and one way to run a full-frame shader.

use std::sync::{Arc, Mutex, PoisonError};

use super::look::{LookBlock, MoodBlock};
use super::palette::PaletteBlock;
use super::{Gpu, StageError, moment, moment::Moment, shader};
use crate::controls::Controls;
use crate::hearing::Heard;

/// Most textures that one pass reads.
const INPUTS: usize = 4;

/// Bind group 0 is the same for all passes: `now`, the samplers, `knobs`, `heard`, `palette`, `look` and `mood`. Bind group 1 is a pass's textures,
/// in the order in which its shader numbers them; places that it does not use hold a black texel.
pub(super) struct Painter {
    moment: wgpu::Buffer,
    knobs: wgpu::Buffer,
    heard: wgpu::Buffer,
    palette: wgpu::Buffer,
    look: wgpu::Buffer,
    mood: wgpu::Buffer,
    common: wgpu::BindGroup,
    layouts: Arc<Layouts>,
}

/// What the painters of one device share.
pub(super) struct Layouts {
    common: wgpu::BindGroupLayout,
    inputs: wgpu::BindGroupLayout,
    pipelines: wgpu::PipelineLayout,
    clamped: wgpu::Sampler,
    repeating: wgpu::Sampler,
    nearest: wgpu::Sampler,
    blank: wgpu::TextureView,
    /// What makes smaller copies, by format.
    shrinks: Mutex<Vec<(wgpu::TextureFormat, wgpu::RenderPipeline)>>,
}

/// Which shader file makes a pass, where it starts, and what it writes.
pub(super) struct Recipe<'a> {
    pub file: &'a str,
    pub entry: &'a str,
    pub target: wgpu::TextureFormat,
    /// Whether light is added to what is there already.
    pub adds: bool,
}

impl Layouts {
    pub fn new(device: &wgpu::Device) -> Self {
        let sampler = |label, address_mode, filter, mipmap_filter| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some(label),
                address_mode_u: address_mode,
                address_mode_v: address_mode,
                mag_filter: filter,
                min_filter: filter,
                mipmap_filter,
                ..Default::default()
            })
        };
        let (clamp, linear, nearest) =
            (wgpu::AddressMode::ClampToEdge, wgpu::FilterMode::Linear, wgpu::FilterMode::Nearest);
        let clamped = sampler("clamped", clamp, linear, wgpu::MipmapFilterMode::Linear);
        let repeating =
            sampler("repeating", wgpu::AddressMode::Repeat, linear, wgpu::MipmapFilterMode::Linear);
        let nearest = sampler("nearest", clamp, nearest, wgpu::MipmapFilterMode::Nearest);
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT | wgpu::ShaderStages::COMPUTE,
            ty,
            count: None,
        };
        let uniform = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let filtering = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        let texture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        let common = layout(
            "common",
            &[
                entry(0, uniform),
                entry(1, filtering),
                entry(2, uniform),
                entry(3, uniform),
                entry(4, uniform),
                entry(5, filtering),
                entry(6, filtering),
                entry(7, uniform),
                entry(8, uniform),
            ],
        );
        let inputs = layout("inputs", &[0, 1, 2, 3].map(|binding| entry(binding, texture)));
        let pipelines = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("stage"),
            bind_group_layouts: &[Some(&common), Some(&inputs)],
            ..Default::default()
        });
        let blank = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("blank"),
            size: wgpu::Extent3d { width: 1, height: 1, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });
        let blank = blank.create_view(&wgpu::TextureViewDescriptor::default());
        Self { common, inputs, pipelines, clamped, repeating, nearest, blank, shrinks: Mutex::default() }
    }
}

impl Painter {
    pub fn new(gpu: &Gpu) -> Result<Self, StageError> {
        gpu.guarded("the stage's buffers", || {
            let layouts = gpu.shelf.layouts(&gpu.device);
            let uniforms = |label, bytes: usize| {
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some(label),
                    size: bytes.next_multiple_of(16) as u64,
                    usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
            };
            let moment = uniforms("now", size_of::<Moment>());
            let knobs = uniforms("knobs", size_of_val(moment::knobs(&Controls::default()).as_slice()));
            let heard = uniforms("heard", size_of_val(moment::heard(&Heard::default()).as_slice()));
            let palette = uniforms("palette", size_of::<PaletteBlock>());
            let look = uniforms("look", size_of::<LookBlock>());
            let mood = uniforms("mood", size_of::<MoodBlock>());
            let sampler = wgpu::BindingResource::Sampler;
            let common = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("common"),
                layout: &layouts.common,
                entries: &[
                    wgpu::BindGroupEntry { binding: 0, resource: moment.as_entire_binding() },
                    wgpu::BindGroupEntry { binding: 1, resource: sampler(&layouts.clamped) },
                    wgpu::BindGroupEntry { binding: 2, resource: knobs.as_entire_binding() },
                    wgpu::BindGroupEntry { binding: 3, resource: heard.as_entire_binding() },
                    wgpu::BindGroupEntry { binding: 4, resource: palette.as_entire_binding() },
                    wgpu::BindGroupEntry { binding: 5, resource: sampler(&layouts.repeating) },
                    wgpu::BindGroupEntry { binding: 6, resource: sampler(&layouts.nearest) },
                    wgpu::BindGroupEntry { binding: 7, resource: look.as_entire_binding() },
                    wgpu::BindGroupEntry { binding: 8, resource: mood.as_entire_binding() },
                ],
            });
            Self { moment, knobs, heard, palette, look, mood, common, layouts }
        })
    }

    /// Bind group 0, which all passes share.
    pub fn common(&self) -> &wgpu::BindGroup {
        &self.common
    }

    /// Its layout.
    pub fn common_layout(&self) -> &wgpu::BindGroupLayout {
        &self.layouts.common
    }

    /// A black texel.
    pub fn blank(&self) -> &wgpu::TextureView {
        &self.layouts.blank
    }

    /// Hands the frame's numbers to the shaders.
    pub fn set(&self, gpu: &Gpu, moment: &Moment, controls: &Controls, heard: &Heard) {
        gpu.queue.write_buffer(&self.moment, 0, bytemuck::bytes_of(moment));
        gpu.queue.write_buffer(&self.knobs, 0, bytemuck::cast_slice(&moment::knobs(controls)));
        gpu.queue.write_buffer(&self.heard, 0, bytemuck::cast_slice(&moment::heard(heard)));
    }

    /// Hands the picture's colours to the shaders.
    pub fn set_palette(&self, gpu: &Gpu, palette: &PaletteBlock) {
        gpu.queue.write_buffer(&self.palette, 0, bytemuck::bytes_of(palette));
    }

    /// Hands what the music looks like to the shaders.
    pub fn set_look(&self, gpu: &Gpu, (look, mood): &(LookBlock, MoodBlock)) {
        gpu.queue.write_buffer(&self.look, 0, bytemuck::bytes_of(look));
        gpu.queue.write_buffer(&self.mood, 0, bytemuck::bytes_of(mood));
    }

    /// Builds a pass's pipeline.
    ///
    /// # Errors
    /// [`StageError::Refused`] in the driver's words.
    pub fn pipeline(&self, gpu: &Gpu, recipe: &Recipe<'_>) -> Result<wgpu::RenderPipeline, StageError> {
        let module = shader::compile(gpu, recipe.file)?;
        let sum = wgpu::BlendComponent {
            src_factor: wgpu::BlendFactor::One,
            dst_factor: wgpu::BlendFactor::One,
            operation: wgpu::BlendOperation::Add,
        };
        let blend = recipe.adds.then_some(wgpu::BlendState { color: sum, alpha: sum });
        let write_mask = wgpu::ColorWrites::ALL;
        let targets = [Some(wgpu::ColorTargetState { format: recipe.target, blend, write_mask })];
        gpu.guarded(&format!("the pipeline of {}", recipe.entry), || {
            gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(recipe.entry),
                layout: Some(&self.layouts.pipelines),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some("cover"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(recipe.entry),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &targets,
                }),
                multiview_mask: None,
                cache: None,
            })
        })
    }

    /// Makes the smaller copy of a level.
    pub fn shrink(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        from: &wgpu::TextureView,
        to: &wgpu::TextureView,
        format: wgpu::TextureFormat,
    ) {
        let mut shrinks = self.layouts.shrinks.lock().unwrap_or_else(PoisonError::into_inner);
        let pipeline = match shrinks.iter().find(|(of, _)| *of == format) {
            Some((_, pipeline)) => pipeline.clone(),
            None => {
                let recipe = Recipe { file: "carry.wgsl", entry: "carry", target: format, adds: false };
                match self.pipeline(gpu, &recipe) {
                    Ok(pipeline) => {
                        shrinks.push((format, pipeline.clone()));
                        pipeline
                    }
                    Err(error) => return tracing::error!("no smaller copies: {error}"),
                }
            }
        };
        drop(shrinks);
        self.pass(gpu, encoder, &pipeline, &[from], &[to], false);
    }

    /// Runs `pipeline` over every pixel of `targets`. `keep` leaves what is there, for pipelines that add.
    pub fn pass(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        pipeline: &wgpu::RenderPipeline,
        inputs: &[&wgpu::TextureView],
        targets: &[&wgpu::TextureView],
        keep: bool,
    ) {
        let entries: Vec<_> = (0..INPUTS)
            .map(|place| wgpu::BindGroupEntry {
                binding: place as u32,
                resource: wgpu::BindingResource::TextureView(
                    inputs.get(place).unwrap_or(&&self.layouts.blank),
                ),
            })
            .collect();
        let bound = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.layouts.inputs,
            entries: &entries,
        });
        let load = if keep { wgpu::LoadOp::Load } else { wgpu::LoadOp::Clear(wgpu::Color::BLACK) };
        let attachments: Vec<_> = targets
            .iter()
            .map(|view| {
                Some(wgpu::RenderPassColorAttachment {
                    view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
                })
            })
            .collect();
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &attachments,
            ..Default::default()
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &self.common, &[]);
        pass.set_bind_group(1, &bound, &[]);
        pass.draw(0..3, 0..1);
    }
}
