//! Magnifies pictures along their edges, twice at a time.

use super::super::canvas::{Canvas, SHOWN};
use super::super::{Gpu, StageError, shader};

/// New pixels that one workgroup makes, on a side; twice the number of its invocations.
const TILE_PX: u32 = 16;

/// The compute pass of `magnify.wgsl`.
#[derive(Clone)]
pub(super) struct Magnifier {
    pipeline: wgpu::ComputePipeline,
    layout: wgpu::BindGroupLayout,
}

impl Magnifier {
    /// # Errors
    /// The shader does not compile, or the driver refuses it.
    pub fn compile(gpu: &Gpu) -> Result<Self, StageError> {
        let module = shader::compile(gpu, "magnify.wgsl")?;
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty,
            count: None,
        };
        let small = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let large = wgpu::BindingType::StorageTexture {
            access: wgpu::StorageTextureAccess::WriteOnly,
            format: SHOWN,
            view_dimension: wgpu::TextureViewDimension::D2,
        };
        gpu.guarded("the pipeline of magnify", || {
            let layout = gpu.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some("magnify"),
                entries: &[entry(0, small), entry(1, large)],
            });
            let pipelines = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("magnify"),
                bind_group_layouts: &[Some(&layout)],
                ..Default::default()
            });
            let pipeline = gpu.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some("magnify"),
                layout: Some(&pipelines),
                module: &module,
                entry_point: Some("magnify"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            });
            Self { pipeline, layout }
        })
    }

    /// Fills `large`, which is twice as wide and high as `small`.
    pub fn magnify(&self, gpu: &Gpu, encoder: &mut wgpu::CommandEncoder, small: &Canvas, large: &Canvas) {
        let view = |binding, canvas: &'_ Canvas| (binding, canvas.view.clone());
        let entries = [view(0, small), view(1, large)];
        let bound = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("magnify"),
            layout: &self.layout,
            entries: &entries.each_ref().map(|(binding, view)| wgpu::BindGroupEntry {
                binding: *binding,
                resource: wgpu::BindingResource::TextureView(view),
            }),
        });
        let size = large.texture.size();
        // Each invocation makes the four pixels between four old ones; one row and column more for the edges.
        let groups = |side: u32| (side + 2).div_ceil(TILE_PX);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &bound, &[]);
        pass.dispatch_workgroups(groups(size.width), groups(size.height), 1);
    }
}
