//! Puts a window's frame together: the stage's picture, and the panel over it.

use egui_wgpu::{Renderer, RendererOptions, ScreenDescriptor};
use klangbild_engine::stage::Gpu;

/// What a window needs besides its stage to be drawn.
pub struct Painter {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    panel: Renderer,
    /// Textures that the frame before still used.
    unused: Vec<egui::TextureId>,
}

impl Painter {
    /// For a surface of this format.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let device = gpu.device();
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("present.wgsl"),
            source: wgpu::ShaderSource::Wgsl(include_str!("../../../shaders/present.wgsl").into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty,
            count: None,
        };
        let texture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let filtering = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("present"),
            entries: &[entry(0, texture), entry(1, filtering)],
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("present"),
            bind_group_layouts: &[Some(&layout)],
            ..Default::default()
        });
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("present"),
            layout: Some(&pipeline_layout),
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
                entry_point: Some("present"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(format.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("present"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let panel = Renderer::new(device, format, RendererOptions::default());
        Self { pipeline, layout, sampler, panel, unused: Vec::new() }
    }

    /// Draws `frame` and what egui has put out onto `target`, which is `target_px` pixels large. Submit what it returns.
    pub fn paint(
        &mut self,
        gpu: &Gpu,
        frame: &wgpu::Texture,
        context: &egui::Context,
        mut output: egui::FullOutput,
        target: &wgpu::TextureView,
        target_px: (u32, u32),
    ) -> Vec<wgpu::CommandBuffer> {
        let (device, queue) = (gpu.device(), gpu.queue());
        for texture in self.unused.drain(..) {
            self.panel.free_texture(&texture);
        }
        let scale = output.pixels_per_point;
        let shapes = context.tessellate(std::mem::take(&mut output.shapes), scale);
        let screen =
            ScreenDescriptor { size_in_pixels: [target_px.0, target_px.1], pixels_per_point: scale };
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        for (texture, changes) in output.textures_delta.set.drain() {
            for change in changes {
                self.panel.update_texture(device, queue, texture, &change);
            }
        }
        let mut work = self.panel.update_buffers(device, queue, &mut encoder, &shapes, &screen);
        let view = frame.create_view(&wgpu::TextureViewDescriptor::default());
        let bound = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("present"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(&self.sampler) },
            ],
        });
        {
            let mut pass = encoder
                .begin_render_pass(&wgpu::RenderPassDescriptor {
                    label: Some("window"),
                    color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                        view: target,
                        depth_slice: None,
                        resolve_target: None,
                        ops: wgpu::Operations {
                            load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                            store: wgpu::StoreOp::Store,
                        },
                    })],
                    ..Default::default()
                })
                .forget_lifetime();
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &bound, &[]);
            pass.draw(0..3, 0..1);
            self.panel.render(&mut pass, &shapes, &screen);
        }
        work.push(encoder.finish());
        self.unused.extend(output.textures_delta.free.drain());
        work
    }
}
