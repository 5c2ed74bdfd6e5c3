//! What the limiters of one device share: their shaders, compiled.

use super::parts::{
    SAMPLER, STORAGE, TEXTURE, UNIFORM, WRITTEN, bound, compute_pipeline, laying_pipeline, layout, module,
    pipeline_layout, smooth_sampler,
};
use super::{Gpu, Memory, StageError, stripes};
use crate::flash::limits;

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
    pub(super) stripes: stripes::Kit,
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
        let stripes = stripes::Kit::new(gpu, format)?;
        let limiter = module(gpu, "the limiter", limits::declarations() + &LIMITER.join("\n"))?;
        let limited = module(gpu, "lay.wgsl", [LIGHT, LAY].join("\n"))?;
        gpu.guarded("the limiter of flashes", || {
            let looking = looking(&gpu.device);
            let calling = layout(&gpu.device, wgpu::ShaderStages::COMPUTE, &[STORAGE]);
            let laying = laying(&gpu.device);
            let (of_looking, of_laying) =
                (pipeline_layout(gpu, &[Some(&looking)]), pipeline_layout(gpu, &[Some(&laying)]));
            let of_weighing = pipeline_layout(gpu, &[Some(&looking), Some(&calling)]);
            let compute = |entry, layout| compute_pipeline(gpu, &limiter, entry, layout);
            let lay = laying_pipeline(gpu, &limited, &of_laying, format);
            let smoothed = smooth_sampler(gpu);
            let [look, average, decide, spread] =
                ["look", "average", "decide", "spread"].map(|entry| compute(entry, &of_looking));
            let weigh = compute("weigh", &of_weighing);
            Self {
                format,
                stripes,
                look,
                weigh,
                average,
                decide,
                spread,
                lay,
                looking,
                calling,
                laying,
                smoothed,
            }
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

fn looking(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let types = [UNIFORM, TEXTURE, TEXTURE, SAMPLER, STORAGE, STORAGE, STORAGE, WRITTEN, WRITTEN, WRITTEN];
    layout(device, wgpu::ShaderStages::COMPUTE, &types)
}

fn laying(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let types = [UNIFORM, TEXTURE, SAMPLER, TEXTURE, TEXTURE, TEXTURE];
    layout(device, wgpu::ShaderStages::VERTEX_FRAGMENT, &types)
}
