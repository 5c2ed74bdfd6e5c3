//! What is compiled once for all stages of a device: the shaders that soften stripes.

use super::super::parts::{
    SAMPLER, STORAGE, TEXTURE, UNIFORM, WRITTEN, bound, compute_pipeline, laying_pipeline, layout, module,
    pipeline_layout, smooth_sampler,
};
use super::{Gpu, StageError, Stripes};
use crate::flash::limits;

const MEMORY: &str = include_str!("../../../../../shaders/limiter/stripes/memory.wgsl");
const READ: &str = include_str!("../../../../../shaders/limiter/stripes/read.wgsl");
const SCAN: &str = include_str!("../../../../../shaders/limiter/stripes/scan.wgsl");
const MARK: &str = include_str!("../../../../../shaders/limiter/stripes/mark.wgsl");
const WEIGH: &str = include_str!("../../../../../shaders/limiter/stripes/weigh.wgsl");
const SOFTEN: &str = include_str!("../../../../../shaders/limiter/stripes/soften.wgsl");
const LAY: &str = include_str!("../../../../../shaders/limiter/stripes/lay.wgsl");

/// Pipelines and layouts, for frames of one format.
pub(in crate::stage::limiter) struct Kit {
    pub(super) read_line: wgpu::ComputePipeline,
    pub(super) scan: wgpu::ComputePipeline,
    pub(super) mark: wgpu::ComputePipeline,
    pub(super) weigh: wgpu::ComputePipeline,
    pub(super) soften: [wgpu::ComputePipeline; 4],
    pub(super) lay: wgpu::RenderPipeline,
    looking: wgpu::BindGroupLayout,
    scanning: wgpu::BindGroupLayout,
    weighing: wgpu::BindGroupLayout,
    softening: wgpu::BindGroupLayout,
    laying: wgpu::BindGroupLayout,
    smoothed: wgpu::Sampler,
}

impl Kit {
    /// Compiles everything.
    ///
    /// # Errors
    /// [`StageError::Refused`] in the driver's words.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Result<Self, StageError> {
        let text = |part: &str| limits::stripe_declarations() + MEMORY + part;
        let reads = module(gpu, "read.wgsl", text(READ))?;
        let scans = module(gpu, "scan.wgsl", text(SCAN))?;
        let marks = module(gpu, "mark.wgsl", text(MARK))?;
        let weighs = module(gpu, "weigh.wgsl", text(WEIGH))?;
        let softens = module(gpu, "soften.wgsl", text(SOFTEN))?;
        let lays = module(gpu, "lay.wgsl", LAY.to_owned())?;
        gpu.guarded("the limiter of stripes", || {
            let compute = |types| layout(&gpu.device, wgpu::ShaderStages::COMPUTE, types);
            let looking = compute(&[UNIFORM, TEXTURE, SAMPLER, STORAGE, STORAGE]);
            let [scanning, weighing] = [(); 2].map(|()| compute(&[STORAGE, STORAGE]));
            let softening = compute(&[STORAGE, WRITTEN]);
            let laying =
                layout(&gpu.device, wgpu::ShaderStages::VERTEX_FRAGMENT, &[UNIFORM, SAMPLER, TEXTURE]);
            let of_reading = pipeline_layout(gpu, &[Some(&looking)]);
            let of_scanning = pipeline_layout(gpu, &[Some(&looking), Some(&scanning)]);
            let of_weighing = pipeline_layout(gpu, &[Some(&looking), Some(&weighing)]);
            let of_softening = pipeline_layout(gpu, &[Some(&looking), Some(&softening)]);
            let of_laying = pipeline_layout(gpu, &[Some(&laying)]);
            Self {
                read_line: compute_pipeline(gpu, &reads, "read_line", &of_reading),
                scan: compute_pipeline(gpu, &scans, "scan", &of_scanning),
                mark: compute_pipeline(gpu, &marks, "mark", &of_reading),
                weigh: compute_pipeline(gpu, &weighs, "weigh", &of_weighing),
                soften: ["average", "blur_rows", "blur_columns", "spread"]
                    .map(|entry| compute_pipeline(gpu, &softens, entry, &of_softening)),
                lay: laying_pipeline(gpu, &lays, &of_laying, format),
                looking,
                scanning,
                weighing,
                softening,
                laying,
                smoothed: smooth_sampler(gpu),
            }
        })
    }

    /// What is seen and remembered.
    pub(super) fn looking(
        &self,
        gpu: &Gpu,
        stripes: &Stripes,
        wanted: &wgpu::TextureView,
    ) -> wgpu::BindGroup {
        let resources = [
            stripes.now.as_entire_binding(),
            wgpu::BindingResource::TextureView(wanted),
            wgpu::BindingResource::Sampler(&self.smoothed),
            stripes.lines.as_entire_binding(),
            stripes.state.as_entire_binding(),
        ];
        bound(gpu, &self.looking, resources)
    }

    /// Where it is written how much of the rest there is to do.
    pub(super) fn scanning(&self, gpu: &Gpu, calls: &wgpu::Buffer, acts: &wgpu::Buffer) -> wgpu::BindGroup {
        bound(gpu, &self.scanning, [calls.as_entire_binding(), acts.as_entire_binding()])
    }

    /// Where it is written whether anything is softened.
    pub(super) fn weighing(&self, gpu: &Gpu, places: &wgpu::Buffer, acts: &wgpu::Buffer) -> wgpu::BindGroup {
        bound(gpu, &self.weighing, [places.as_entire_binding(), acts.as_entire_binding()])
    }

    /// Where it is written what is mixed in.
    pub(super) fn softening(
        &self,
        gpu: &Gpu,
        places: &wgpu::Buffer,
        field: &wgpu::TextureView,
    ) -> wgpu::BindGroup {
        let field = wgpu::BindingResource::TextureView(field);
        bound(gpu, &self.softening, [places.as_entire_binding(), field])
    }

    /// What is mixed in.
    pub(super) fn laying(&self, gpu: &Gpu, lay: &wgpu::Buffer, field: &wgpu::TextureView) -> wgpu::BindGroup {
        let resources = [
            lay.as_entire_binding(),
            wgpu::BindingResource::Sampler(&self.smoothed),
            wgpu::BindingResource::TextureView(field),
        ];
        bound(gpu, &self.laying, resources)
    }
}
