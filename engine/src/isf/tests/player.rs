//! Draws a file as the rules of [`crate::isf`] say, as plainly as can be.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use half::f16;

use super::*;
use crate::stage::Gpu;

/// A picture: rows from the top, four numbers a pixel.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Canvas {
    pub size_px: [u32; 2],
    pub pixels: Vec<[f32; 4]>,
}

impl Canvas {
    pub fn new(size_px: [u32; 2], colour: impl Fn(u32, u32) -> [f32; 4]) -> Self {
        let pixels = (0..size_px[1]).flat_map(|y| (0..size_px[0]).map(move |x| (x, y)));
        Self { size_px, pixels: pixels.map(|(x, y)| colour(x, y)).collect() }
    }

    /// The pixel in column `x` of row `y`, counted from the top.
    pub fn at(&self, x: u32, y: u32) -> [f32; 4] {
        self.pixels[(y * self.size_px[0] + x) as usize]
    }
}

pub(super) struct Player {
    gpu: Arc<Gpu>,
    isf: Isf,
    program: Program,
    pub frame_px: [u32; 2],
    /// Values of uniforms, over the defaults.
    pub values: HashMap<String, Vec<f32>>,
    /// Pictures by the names of textures.
    images: HashMap<String, wgpu::Texture>,
    targets: HashMap<String, wgpu::Texture>,
    frames: i32,
}

const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;

impl Player {
    pub fn new(gpu: &Arc<Gpu>, isf: Isf, program: Program, frame_px: [u32; 2]) -> Self {
        let (values, images, targets) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { gpu: Arc::clone(gpu), isf, program, frame_px, values, images, targets, frames: 0 }
    }

    /// Puts a picture behind the texture called `name`.
    pub fn show(&mut self, name: &str, canvas: &Canvas) {
        let texture = self.texture(canvas.size_px);
        let bytes: Vec<u8> =
            canvas.pixels.iter().flatten().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect();
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(canvas.size_px[0] * 8),
            rows_per_image: None,
        };
        self.gpu.queue().write_texture(texture.as_image_copy(), &bytes, layout, texture.size());
        self.images.insert(name.to_owned(), texture);
    }

    /// Draws one frame, `TIME` being its number.
    pub fn draw(&mut self) -> Canvas {
        let mut last = None;
        for index in 0..self.isf.passes.len() {
            let pass = self.isf.passes[index].clone();
            let size_px = pass.size_px(self.frame_px, |name| self.value(name).first().copied());
            let written = self.pass(index, size_px);
            if let Some(target) = pass.target {
                self.targets.insert(target, written.clone());
            }
            last = Some(written);
        }
        self.frames += 1;
        self.pixels(&last.unwrap())
    }

    fn value(&self, name: &str) -> Vec<f32> {
        if let Some(value) = self.values.get(name) {
            return value.clone();
        }
        let input = self.isf.inputs.iter().find(|input| input.name == name);
        match input.map(|input| &input.kind) {
            Some(InputKind::Bool { default }) => vec![f32::from(u8::from(*default))],
            Some(InputKind::Long { default, .. }) => vec![*default as f32],
            Some(InputKind::Float { default, .. }) => vec![*default],
            Some(InputKind::Point2D { default, .. }) => default.to_vec(),
            Some(InputKind::Color { default }) => default.to_vec(),
            _ => vec![0.0; 4],
        }
    }

    fn block(&self, index: usize, size_px: [u32; 2]) -> Vec<u8> {
        let mut block = vec![0; self.program.uniform_bytes as usize];
        for uniform in &self.program.uniforms {
            let value = match uniform.name.as_str() {
                "RENDERSIZE" => size_px.map(|side| side as f32).to_vec(),
                "TIME" | "FRAMEINDEX" => vec![self.frames as f32],
                "PASSINDEX" => vec![index as f32],
                name => self.value(name),
            };
            let integer = matches!(uniform.kind, UniformKind::Bool | UniformKind::Int);
            for (at, number) in value.iter().take(uniform.kind.bytes() as usize / 4).enumerate() {
                let bytes = if integer { (*number as i32).to_le_bytes() } else { number.to_le_bytes() };
                let begin = uniform.offset_bytes as usize + at * 4;
                block[begin..begin + 4].copy_from_slice(&bytes);
            }
        }
        block
    }

    fn texture(&self, size_px: [u32; 2]) -> wgpu::Texture {
        self.gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: None,
            size: wgpu::Extent3d { width: size_px[0], height: size_px[1], depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: FORMAT,
            usage: wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::COPY_SRC
                | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        })
    }

    fn layout(&self) -> wgpu::BindGroupLayout {
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty,
            count: None,
        };
        let uniform = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let texture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        let mut entries = vec![entry(UNIFORM_BINDING, uniform), entry(SAMPLER_BINDING, sampler)];
        entries.extend(self.program.textures.iter().map(|slot| entry(slot.binding, texture)));
        self.gpu
            .device()
            .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries })
    }

    /// The pipeline; a panic with the GPU's words where it cannot be made.
    pub fn pipeline(&self, layout: &wgpu::BindGroupLayout) -> wgpu::RenderPipeline {
        let device = self.gpu.device();
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let shader = |module: &wgpu::naga::Module| {
            let source = wgpu::ShaderSource::Naga(Cow::Owned(module.clone()));
            device.create_shader_module(wgpu::ShaderModuleDescriptor { label: None, source })
        };
        let (vertex, fragment) = (shader(&self.program.vertex), shader(&self.program.fragment));
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: None,
            layout: Some(&device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: None,
                bind_group_layouts: &[Some(layout)],
                immediate_size: 0,
            })),
            vertex: wgpu::VertexState {
                module: &vertex,
                entry_point: Some(Program::ENTRY),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &fragment,
                entry_point: Some(Program::ENTRY),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(FORMAT.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        if let Some(error) = pollster::block_on(scope.pop()) {
            panic!("{error}");
        }
        pipeline
    }

    fn pass(&self, index: usize, size_px: [u32; 2]) -> wgpu::Texture {
        let device = self.gpu.device();
        let layout = self.layout();
        let pipeline = self.pipeline(&layout);
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: u64::from(self.program.uniform_bytes),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.gpu.queue().write_buffer(&uniform, 0, &self.block(index, size_px));
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let black = self.texture([1, 1]);
        let views = self.program.textures.iter().map(|slot| {
            let source = if slot.source == TextureSource::Target { &self.targets } else { &self.images };
            source.get(&slot.name).unwrap_or(&black).create_view(&wgpu::TextureViewDescriptor::default())
        });
        let views: Vec<_> = views.collect();
        let mut entries = vec![
            wgpu::BindGroupEntry { binding: UNIFORM_BINDING, resource: uniform.as_entire_binding() },
            wgpu::BindGroupEntry {
                binding: SAMPLER_BINDING,
                resource: wgpu::BindingResource::Sampler(&sampler),
            },
        ];
        entries.extend(self.program.textures.iter().zip(&views).map(|(slot, view)| wgpu::BindGroupEntry {
            binding: slot.binding,
            resource: wgpu::BindingResource::TextureView(view),
        }));
        let descriptor = wgpu::BindGroupDescriptor { label: None, layout: &layout, entries: &entries };
        let group = device.create_bind_group(&descriptor);
        let target = self.texture(size_px);
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            });
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.draw(0..VERTICES, 0..1);
        }
        self.gpu.submit([encoder.finish()]);
        target
    }

    fn pixels(&self, texture: &wgpu::Texture) -> Canvas {
        let device = self.gpu.device();
        let size_px = [texture.width(), texture.height()];
        let row_bytes = (size_px[0] * 8).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: u64::from(row_bytes * size_px[1]),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let layout =
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row_bytes), rows_per_image: None };
        let copy = wgpu::TexelCopyBufferInfo { buffer: &buffer, layout };
        encoder.copy_texture_to_buffer(texture.as_image_copy(), copy, texture.size());
        self.gpu.submit([encoder.finish()]);
        buffer.slice(..).map_async(wgpu::MapMode::Read, |mapped| mapped.unwrap());
        device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
        let bytes = buffer.slice(..).get_mapped_range().unwrap();
        let number = |row: u32, at: u32| {
            let begin = (row * row_bytes + at * 2) as usize;
            f16::from_le_bytes([bytes[begin], bytes[begin + 1]]).to_f32()
        };
        Canvas::new(size_px, |x, y| [0, 1, 2, 3].map(|channel| number(y, x * 4 + channel)))
    }
}
