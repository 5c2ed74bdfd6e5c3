//! What the limiters of one device share: their shaders, compiled.

use super::{Gpu, Memory, StageError};
use crate::flash::limits;

/// How strengths are kept: the only small format that every device lets a shader write.
pub(super) const STRENGTHS: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;

/// The shaders that decide, one after the other, behind what they share.
const LIMITER: [&str; 6] = [
    include_str!("../../../../shaders/limiter/memory.wgsl"),
    LIGHT,
    include_str!("../../../../shaders/limiter/look.wgsl"),
    include_str!("../../../../shaders/limiter/weigh.wgsl"),
    include_str!("../../../../shaders/limiter/decide.wgsl"),
    include_str!("../../../../shaders/limiter/spread.wgsl"),
];
/// What a place shows: those that decide must know what the last one draws.
const LIGHT: &str = include_str!("../../../../shaders/limiter/light.wgsl");
const LAY: &str = include_str!("../../../../shaders/limiter/lay.wgsl");

/// Pipelines and layouts, for frames of one format.
pub(in crate::stage) struct Kit {
    pub format: wgpu::TextureFormat,
    pub(super) look: wgpu::ComputePipeline,
    pub(super) weigh: wgpu::ComputePipeline,
    pub(super) average: wgpu::ComputePipeline,
    pub(super) decide: wgpu::ComputePipeline,
    pub(super) spread: wgpu::ComputePipeline,
    pub(super) lay: wgpu::RenderPipeline,
    looking: wgpu::BindGroupLayout,
    calling: wgpu::BindGroupLayout,
    laying: wgpu::BindGroupLayout,
    smoothed: wgpu::Sampler,
}

impl Kit {
    /// Compiles everything.
    ///
    /// # Errors
    /// [`StageError::Refused`] in the driver's words.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Result<Self, StageError> {
        let limiter = module(gpu, "the limiter", limits::declarations() + &LIMITER.join("\n"))?;
        let limited = module(gpu, "lay.wgsl", [LIGHT, LAY].join("\n"))?;
        gpu.guarded("the limiter of flashes", || {
            let looking = looking(&gpu.device);
            let calling = layout(&gpu.device, wgpu::ShaderStages::COMPUTE, &[STORAGE]);
            let laying = laying(&gpu.device);
            let layout = |layouts: &[Option<&wgpu::BindGroupLayout>]| {
                gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                    label: Some("limiter"),
                    bind_group_layouts: layouts,
                    ..Default::default()
                })
            };
            let (of_looking, of_laying) = (layout(&[Some(&looking)]), layout(&[Some(&laying)]));
            let of_weighing = layout(&[Some(&looking), Some(&calling)]);
            let compute = |entry, layout| {
                gpu.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                    label: Some(entry),
                    layout: Some(layout),
                    module: &limiter,
                    entry_point: Some(entry),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    cache: None,
                })
            };
            let lay = gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some("lay"),
                layout: Some(&of_laying),
                vertex: wgpu::VertexState {
                    module: &limited,
                    entry_point: Some("tile"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState {
                    topology: wgpu::PrimitiveTopology::TriangleStrip,
                    ..Default::default()
                },
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &limited,
                    entry_point: Some("lay"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(wgpu::ColorTargetState {
                        format,
                        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                        write_mask: wgpu::ColorWrites::COLOR,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            });
            let smoothed = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("limiter"),
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                ..Default::default()
            });
            let [look, average, decide, spread] =
                ["look", "average", "decide", "spread"].map(|entry| compute(entry, &of_looking));
            let weigh = compute("weigh", &of_weighing);
            Self { format, look, weigh, average, decide, spread, lay, looking, calling, laying, smoothed }
        })
    }

    /// What the probes see and remember.
    pub(super) fn looking(
        &self,
        gpu: &Gpu,
        memory: &Memory,
        before: &wgpu::TextureView,
        wanted: &wgpu::TextureView,
    ) -> wgpu::BindGroup {
        let view = wgpu::BindingResource::TextureView;
        let resources = [
            memory.now.as_entire_binding(),
            view(before),
            view(wanted),
            wgpu::BindingResource::Sampler(&self.smoothed),
            memory.state.as_entire_binding(),
            memory.tile_state.as_entire_binding(),
            memory.weights.as_entire_binding(),
            view(&memory.strengths),
            view(&memory.tile_strengths),
            view(&memory.sought),
        ];
        bound(gpu, &self.looking, resources)
    }

    /// Where it is written how much of the rest there is to do.
    pub(super) fn calling(&self, gpu: &Gpu, memory: &Memory) -> wgpu::BindGroup {
        bound(gpu, &self.calling, [memory.calls.as_entire_binding()])
    }

    /// What is laid over a frame.
    pub(super) fn laying(&self, gpu: &Gpu, memory: &Memory, before: &wgpu::TextureView) -> wgpu::BindGroup {
        let view = wgpu::BindingResource::TextureView;
        let resources = [
            memory.lay.as_entire_binding(),
            view(before),
            wgpu::BindingResource::Sampler(&self.smoothed),
            view(&memory.strengths),
            view(&memory.tile_strengths),
            view(&memory.sought),
        ];
        bound(gpu, &self.laying, resources)
    }
}

fn bound<const N: usize>(
    gpu: &Gpu,
    layout: &wgpu::BindGroupLayout,
    resources: [wgpu::BindingResource<'_>; N],
) -> wgpu::BindGroup {
    let entry = |(binding, resource)| wgpu::BindGroupEntry { binding, resource };
    let entries: Vec<_> = (0..).zip(resources).map(entry).collect();
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
}

const UNIFORM: wgpu::BindingType = wgpu::BindingType::Buffer {
    ty: wgpu::BufferBindingType::Uniform,
    has_dynamic_offset: false,
    min_binding_size: None,
};
const STORAGE: wgpu::BindingType = wgpu::BindingType::Buffer {
    ty: wgpu::BufferBindingType::Storage { read_only: false },
    has_dynamic_offset: false,
    min_binding_size: None,
};
const TEXTURE: wgpu::BindingType = wgpu::BindingType::Texture {
    sample_type: wgpu::TextureSampleType::Float { filterable: true },
    view_dimension: wgpu::TextureViewDimension::D2,
    multisampled: false,
};
const SAMPLER: wgpu::BindingType = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
const WRITTEN: wgpu::BindingType = wgpu::BindingType::StorageTexture {
    access: wgpu::StorageTextureAccess::WriteOnly,
    format: STRENGTHS,
    view_dimension: wgpu::TextureViewDimension::D2,
};

fn looking(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let types = [UNIFORM, TEXTURE, TEXTURE, SAMPLER, STORAGE, STORAGE, STORAGE, WRITTEN, WRITTEN, WRITTEN];
    layout(device, wgpu::ShaderStages::COMPUTE, &types)
}

fn laying(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let types = [UNIFORM, TEXTURE, SAMPLER, TEXTURE, TEXTURE, TEXTURE];
    layout(device, wgpu::ShaderStages::VERTEX_FRAGMENT, &types)
}

fn layout(
    device: &wgpu::Device,
    visibility: wgpu::ShaderStages,
    types: &[wgpu::BindingType],
) -> wgpu::BindGroupLayout {
    let entry = |(binding, ty): (u32, &wgpu::BindingType)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty: *ty,
        count: None,
    };
    let entries: Vec<_> = (0..).zip(types).map(entry).collect();
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("limiter"),
        entries: &entries,
    })
}

fn module(gpu: &Gpu, name: &str, text: String) -> Result<wgpu::ShaderModule, StageError> {
    gpu.guarded(&format!("the shader {name}"), || {
        gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(name),
            source: wgpu::ShaderSource::Wgsl(text.into()),
        })
    })
}
