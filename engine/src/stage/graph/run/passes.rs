//! Runs a scene's passes, in each frame.

use std::sync::Arc;

use super::super::super::painter::Painter;
use super::super::super::{Gpu, StageError};
use super::super::binding::{Given, texture_format};
use super::super::program::{Pipeline, Prepared, Program};
use super::super::source::OWN;
use super::turns::{CanvasBlock, Turn};
use super::{Graph, SLOT_BYTES, Shown, Step};
use crate::scene::head::Blend;

impl Graph {
    /// Runs all passes but the last.
    ///
    /// # Errors
    /// No memory for what a pass knows of itself.
    pub fn run(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        step: &Step<'_>,
        given: Given<'_>,
    ) -> Result<(), StageError> {
        let program = Arc::clone(&self.program);
        self.set(gpu, step);
        let turns = self.turns(step);
        let needed = (turns.len() as u64 + 1) * SLOT_BYTES;
        if needed > self.canvases.size() {
            self.canvases = gpu.guarded("canvases", || {
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("canvases"),
                    size: needed.next_power_of_two(),
                    usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
            })?;
        }
        // The last pass comes first: it is there whatever runs before it.
        let mut bytes = vec![0; needed as usize];
        let last = self.canvas(program.head.passes.len() - 1, 0, 1, step);
        for (place, canvas) in std::iter::once(last).chain(turns.iter().map(|turn| turn.canvas)).enumerate() {
            let at = place * SLOT_BYTES as usize;
            bytes[at..at + size_of::<CanvasBlock>()].copy_from_slice(bytemuck::bytes_of(&canvas));
        }
        gpu.queue.write_buffer(&self.canvases, 0, &bytes);
        let blocks = self.blocks(gpu);
        for (place, turn) in turns.iter().enumerate() {
            let offset = ((place + 1) as u64 * SLOT_BYTES) as u32;
            self.turn(gpu, painter, encoder, &program, turn, given, &blocks, offset);
        }
        self.store.fresh = false;
        if let (Some(player), Some(isf)) = (&mut self.player, &program.isf) {
            let store = &self.store;
            let drawn = |name: &str| {
                let at = program.head.targets().iter().position(|target| target.name == name)?;
                store.targets.get(at).map(|target| target.read().clone())
            };
            player.run(gpu, painter, encoder, isf, &program.head, step, &drawn)?;
        }
        Ok(())
    }

    /// Runs the last pass. `given` may hold more than before: the light that blooms.
    pub fn show(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        given: Given<'_>,
        into: Shown<'_>,
    ) {
        let Some(at) = self.program.passes.len().checked_sub(1) else { return };
        let (view, prepared) = match (into, &self.program.fused) {
            (Shown::Frame(view), Some(fused)) if self.grades => (view, &fused.graded),
            (Shown::Frame(view), Some(fused)) => (view, &fused.ungraded),
            (Shown::Frame(view) | Shown::Light(view), _) => (view, &self.program.passes[at]),
        };
        let Pipeline::Render(pipeline) = &prepared.pipeline else { return };
        let drawn = self.player.as_ref().zip(self.program.isf.as_ref());
        let drawn = drawn.and_then(|(player, isf)| player.drawn(isf));
        let given = drawn.map_or(given, |drawn| given.with("isf_drawn", drawn));
        let bound = self.bind(gpu, painter, prepared, given);
        let blocks = self.blocks(gpu);
        let mut pass = begin(encoder, &[view], wgpu::LoadOp::Clear(wgpu::Color::BLACK));
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, painter.common(), &[]);
        pass.set_bind_group(1, &bound, &[]);
        pass.set_bind_group(2, &blocks, &[0]);
        let (vertices, instances) = self.drawn(&self.program.head.passes[at]);
        pass.draw(0..vertices, 0..instances);
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one call site; a struct of them would be made for it alone"
    )]
    fn turn(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        program: &Program,
        turn: &Turn,
        given: Given<'_>,
        blocks: &wgpu::BindGroup,
        offset: u32,
    ) {
        let (pass, prepared) = (&program.head.passes[turn.pass], &program.passes[turn.pass]);
        let bound = self.bind(gpu, painter, prepared, given);
        let written = program.written(turn.pass);
        match &prepared.pipeline {
            Pipeline::Compute(pipeline, _) => {
                let [x, y, z] = self.groups(turn.pass);
                let mut compute = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                compute.set_pipeline(pipeline);
                compute.set_bind_group(0, painter.common(), &[]);
                compute.set_bind_group(1, &bound, &[]);
                compute.set_bind_group(2, blocks, &[offset]);
                compute.dispatch_workgroups(x, y, z);
                drop(compute);
                written.iter().for_each(|at| self.store.targets[*at].turn());
            }
            Pipeline::Render(pipeline) => {
                // What is laid over what is there stays on the same texture.
                let lays_over = pass.blend != Blend::Replace;
                let targets = written.iter().map(|at| &self.store.targets[*at]);
                let views: Vec<_> =
                    targets.map(|target| if lays_over { target.level(0) } else { target.next() }).collect();
                let load = if lays_over {
                    wgpu::LoadOp::Load
                } else {
                    wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT)
                };
                let mut render = begin(encoder, &views, load);
                render.set_pipeline(pipeline);
                render.set_bind_group(0, painter.common(), &[]);
                render.set_bind_group(1, &bound, &[]);
                render.set_bind_group(2, blocks, &[offset]);
                let (vertices, instances) = self.drawn(pass);
                render.draw(0..vertices, 0..instances);
                drop(render);
                if !lays_over {
                    written.iter().for_each(|at| self.store.targets[*at].turn());
                }
            }
        }
        for at in written {
            let target = &self.store.targets[at];
            for level in 1..target.mips {
                painter.shrink(
                    gpu,
                    encoder,
                    target.level(level - 1),
                    target.level(level),
                    texture_format(target.format),
                );
            }
        }
    }

    fn bind(&self, gpu: &Gpu, painter: &Painter, prepared: &Prepared, given: Given<'_>) -> wgpu::BindGroup {
        let blank = || wgpu::BindingResource::TextureView(painter.blank());
        let entries: Vec<_> = prepared
            .bindings
            .iter()
            .map(|&binding| {
                let own = self.store.resource(&self.program, binding);
                let shared = || given.view(binding).map(wgpu::BindingResource::TextureView);
                let resource = if binding < OWN { shared() } else { own };
                wgpu::BindGroupEntry { binding, resource: resource.unwrap_or_else(blank) }
            })
            .collect();
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &prepared.layout,
            entries: &entries,
        })
    }

    fn blocks(&self, gpu: &Gpu) -> wgpu::BindGroup {
        let canvas = wgpu::BufferBinding {
            buffer: &self.canvases,
            offset: 0,
            size: wgpu::BufferSize::new(size_of::<CanvasBlock>() as u64),
        };
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.program.block_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(canvas) },
                wgpu::BindGroupEntry { binding: 1, resource: self.controls.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 2, resource: self.post.as_entire_binding() },
            ],
        })
    }
}

pub(in crate::stage::graph) fn begin<'e>(
    encoder: &'e mut wgpu::CommandEncoder,
    views: &[&wgpu::TextureView],
    load: wgpu::LoadOp<wgpu::Color>,
) -> wgpu::RenderPass<'e> {
    let attachments: Vec<_> = views
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
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        color_attachments: &attachments,
        ..Default::default()
    })
}
