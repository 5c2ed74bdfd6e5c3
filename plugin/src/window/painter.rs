//! Puts a window's frame together: the stage's picture, and the panel over it.

use std::time::{Duration, Instant};

use egui_wgpu::{Renderer, RendererOptions, ScreenDescriptor};
use klangbild_engine::stage::Gpu;

/// On an adapter that is the processor itself, the panel is drawn so often at most, into a layer of its own: translucent
/// pixels cost it more than a whole scene.
const LAYER_EVERY: Duration = Duration::from_millis(60);
/// And not more often than this many times as long as it takes.
const LAYER_REST: u32 = 4;

/// What a window needs besides its stage to be drawn.
pub struct Painter {
    format: wgpu::TextureFormat,
    layout: wgpu::BindGroupLayout,
    alone: wgpu::RenderPipeline,
    under_panel: wgpu::RenderPipeline,
    sampler: wgpu::Sampler,
    blank: wgpu::TextureView,
    panel: Renderer,
    /// Textures that the frame before still used.
    unused: Vec<egui::TextureId>,
    /// Whether the panel has a layer of its own, and the layer.
    layered: bool,
    layer: Option<Layer>,
    /// Whether the layer was drawn in the newest frame, and how long a frame takes in which it is.
    drew_layer: bool,
    layer_takes: Duration,
}

/// The panel as it was drawn last.
struct Layer {
    view: wgpu::TextureView,
    px: (u32, u32),
    drawn: Instant,
}

/// What a frame is put together from.
pub struct Parts<'a> {
    /// The stage's picture.
    pub frame: &'a wgpu::Texture,
    /// What made the panel.
    pub context: &'a egui::Context,
    /// The panel.
    pub output: egui::FullOutput,
    /// Whether the panel has answered to something in this frame, and must show it.
    pub answers: bool,
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
            entries: &[entry(0, texture), entry(1, filtering), entry(2, texture)],
        });
        let pipelines = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("present"),
            bind_group_layouts: &[Some(&layout)],
            ..Default::default()
        });
        let pipeline = |name| {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(name),
                layout: Some(&pipelines),
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
                    entry_point: Some(name),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(format.into())],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("present"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let options = RendererOptions { dithering: false, ..RendererOptions::default() };
        Self {
            format,
            alone: pipeline("present"),
            under_panel: pipeline("present_under_panel"),
            layout,
            sampler,
            blank: texture_of(device, format, (1, 1)),
            panel: Renderer::new(device, format, options),
            unused: Vec::new(),
            layered: gpu.is_software(),
            layer: None,
            drew_layer: false,
            layer_takes: Duration::ZERO,
        }
    }

    /// Notes how long the newest frame has taken.
    pub fn note(&mut self, taken: Duration) {
        if self.drew_layer {
            self.layer_takes = taken;
        }
    }

    /// Draws the parts onto `target`, which is `px` pixels large. Submit what it returns.
    pub fn paint(
        &mut self,
        gpu: &Gpu,
        mut parts: Parts<'_>,
        target: &wgpu::TextureView,
        px: (u32, u32),
    ) -> Vec<wgpu::CommandBuffer> {
        let (device, queue) = (gpu.device(), gpu.queue());
        for texture in self.unused.drain(..) {
            self.panel.free_texture(&texture);
        }
        for (texture, changes) in parts.output.textures_delta.set.drain() {
            for change in changes {
                self.panel.update_texture(device, queue, texture, &change);
            }
        }
        self.unused.extend(parts.output.textures_delta.free.drain());

        let scale = parts.output.pixels_per_point;
        let screen = ScreenDescriptor { size_in_pixels: [px.0, px.1], pixels_per_point: scale };
        let is_empty = parts.output.shapes.is_empty();
        let keep_for = LAYER_EVERY.max(self.layer_takes * LAYER_REST);
        let fresh = self
            .layer
            .as_ref()
            .is_some_and(|layer| layer.px == px && !parts.answers && layer.drawn.elapsed() < keep_for);
        let reuse = self.layered && fresh && !is_empty;
        // A context that has not run yet has no fonts, and cannot be asked.
        let shapes = match reuse || is_empty {
            true => Vec::new(),
            false => parts.context.tessellate(std::mem::take(&mut parts.output.shapes), scale),
        };
        self.drew_layer = self.layered && !is_empty && !reuse;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut work = self.panel.update_buffers(device, queue, &mut encoder, &shapes, &screen);
        if is_empty {
            self.layer = None;
        } else if self.drew_layer {
            let kept = self.layer.take().filter(|layer| layer.px == px).map(|layer| layer.view);
            let view = kept.unwrap_or_else(|| texture_of(device, self.format, px));
            let mut pass = pass(&mut encoder, &view, wgpu::Color::TRANSPARENT);
            self.panel.render(&mut pass, &shapes, &screen);
            drop(pass);
            self.layer = Some(Layer { view, px, drawn: Instant::now() });
        }
        let bound = self.bind(device, parts.frame);
        let mut pass = pass(&mut encoder, target, wgpu::Color::BLACK);
        pass.set_pipeline(if self.layer.is_some() { &self.under_panel } else { &self.alone });
        pass.set_bind_group(0, &bound, &[]);
        pass.draw(0..3, 0..1);
        if !self.layered {
            self.panel.render(&mut pass, &shapes, &screen);
        }
        drop(pass);
        work.push(encoder.finish());
        work
    }

    fn bind(&self, device: &wgpu::Device, frame: &wgpu::Texture) -> wgpu::BindGroup {
        let frame = frame.create_view(&wgpu::TextureViewDescriptor::default());
        let layer = self.layer.as_ref().map_or(&self.blank, |layer| &layer.view);
        let resources = [
            wgpu::BindingResource::TextureView(&frame),
            wgpu::BindingResource::Sampler(&self.sampler),
            wgpu::BindingResource::TextureView(layer),
        ];
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("present"),
            layout: &self.layout,
            entries: &entries,
        })
    }
}

fn texture_of(
    device: &wgpu::Device,
    format: wgpu::TextureFormat,
    (width, height): (u32, u32),
) -> wgpu::TextureView {
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("panel"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
        view_formats: &[],
    });
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

fn pass(
    encoder: &mut wgpu::CommandEncoder,
    target: &wgpu::TextureView,
    clear: wgpu::Color,
) -> wgpu::RenderPass<'static> {
    let attachment = wgpu::RenderPassColorAttachment {
        view: target,
        depth_slice: None,
        resolve_target: None,
        ops: wgpu::Operations { load: wgpu::LoadOp::Clear(clear), store: wgpu::StoreOp::Store },
    };
    encoder
        .begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("window"),
            color_attachments: &[Some(attachment)],
            ..Default::default()
        })
        .forget_lifetime()
}
