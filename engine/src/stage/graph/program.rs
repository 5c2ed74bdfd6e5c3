//! A scene, compiled.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use wgpu::naga::ShaderStage;

use super::super::canvas::LIGHT;
use super::super::painter::Painter;
use super::super::{Gpu, StageError, upload};
use super::binding::{layout_of, texture_format};
use super::flat::COVER;
use super::isf;
use super::module::Checked;
use super::source::{OWN, Own, Source, own};
use super::trial::Cost;
use crate::scene::SceneFile;
use crate::scene::head::{Blend, Format, Head, Pass, PassKind};

/// A scene's passes on one device, ready to be run by any stage on it.
pub(in crate::stage) struct Program {
    pub head: Head,
    /// The scene's own textures.
    pub images: Vec<wgpu::TextureView>,
    pub own: Vec<Own>,
    /// Bytes of each buffer.
    pub buffer_bytes: Vec<u64>,
    pub passes: Vec<Prepared>,
    /// The last pass, developed to what is shown, if it can be.
    pub fused: Option<Fused>,
    /// What it plays if it is in the Interactive Shader Format.
    pub isf: Option<isf::Program>,
    /// How long it takes, where that was tried.
    pub cost: OnceLock<Cost>,
    /// Group 2: the pass's canvas, controls, what comes after.
    pub block_layout: wgpu::BindGroupLayout,
}

/// The last pass, developed while it is drawn.
pub(in crate::stage) struct Fused {
    /// Of the frames that it draws.
    pub format: wgpu::TextureFormat,
    pub graded: Prepared,
    /// Where nothing is graded: see [`PostBlock::grades`](super::PostBlock::grades).
    pub ungraded: Prepared,
}

/// A pass, ready to be run.
pub(in crate::stage) struct Prepared {
    pub pipeline: Pipeline,
    pub layout: wgpu::BindGroupLayout,
    /// Bindings of group 1 that it uses.
    pub bindings: Vec<u32>,
}

/// What draws, or computes.
pub(in crate::stage) enum Pipeline {
    Render(wgpu::RenderPipeline),
    /// With the size of its workgroups.
    Compute(wgpu::ComputePipeline, [u32; 3]),
}

/// What a pass's pipeline is made of.
struct Recipe<'a> {
    pass: &'a Pass,
    vertex: &'a str,
    fragment: &'a str,
    targets: &'a [wgpu::TextureFormat],
}

impl Program {
    /// Compiles a scene. `format` is that of the frames that are shown.
    ///
    /// # Errors
    /// What is wrong, with file, line and column; or a driver that refuses it.
    pub fn compile(
        gpu: &Gpu,
        painter: &Painter,
        file: &SceneFile,
        format: wgpu::TextureFormat,
    ) -> Result<Self, StageError> {
        // What can be wrong in a stranger's file comes first.
        let isf = isf::Program::compile(gpu, file)?;
        let source = Source::of(file)?;
        let mut checked = Checked::parse(&source)?;
        if gpu.is_software() {
            checked.flatten(&source)?;
        }
        let (head, scene) = (file.head.clone(), file.scene);
        let module = gpu.guarded(&format!("the shaders of scene {scene}"), || {
            gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(scene.name()),
                source: wgpu::ShaderSource::Naga(Cow::Owned(checked.module.clone())),
            })
        })?;
        let block_layout = block_layout(&gpu.device);
        let own = own(&head);
        let maker = Maker {
            gpu,
            painter,
            head: &head,
            own: &own,
            checked: &checked,
            module: &module,
            blocks: &block_layout,
        };
        let passes = head.passes.iter().map(|pass| maker.prepare(pass)).collect::<Result<Vec<_>, _>>()?;
        let fused = head.passes.last().map(|pass| maker.fuse(pass, format)).transpose()?.flatten();
        let images = images(gpu, file)?;
        let buffer_bytes = head.buffers.iter().map(|buffer| checked.bytes(&buffer.name)).collect();
        Ok(Self { cost: OnceLock::new(), images, own, buffer_bytes, passes, fused, isf, block_layout, head })
    }

    /// As [`compile`](Self::compile), and tries it in small: for what strangers have written.
    ///
    /// # Errors
    /// Also where it takes too long.
    pub fn tried(
        gpu: &Gpu,
        painter: &Painter,
        file: &SceneFile,
        format: wgpu::TextureFormat,
    ) -> Result<Arc<Self>, StageError> {
        let program = Arc::new(Self::compile(gpu, painter, file, format)?);
        let cost = Cost::measure(gpu, &program)?;
        let _ = program.cost.set(cost); // it was made just now
        Ok(program)
    }

    /// Which targets a pass writes: those that it returns, and those that it stores into.
    pub fn written(&self, pass: usize) -> Vec<usize> {
        let targets = self.head.targets();
        let place = |name: &str| targets.iter().position(|target| target.name == name);
        let mut written: Vec<_> =
            self.head.passes[pass].targets().into_iter().filter_map(|(name, _)| place(name)).collect();
        for own in
            self.passes[pass].bindings.iter().filter_map(|at| self.own.get(at.checked_sub(OWN)? as usize))
        {
            if let Own::TargetOut(at) = own
                && !written.contains(at)
            {
                written.push(*at);
            }
        }
        written
    }

    /// Whether a pass that writes this target also reads it.
    pub fn is_read_by_writer(&self, target: usize) -> bool {
        let reads = |pass: &Prepared| {
            pass.bindings.iter().any(|at| {
                at.checked_sub(OWN).and_then(|at| self.own.get(at as usize)) == Some(&Own::Target(target))
            })
        };
        (0..self.passes.len()).any(|pass| reads(&self.passes[pass]) && self.written(pass).contains(&target))
    }

    /// Whether any pass reads this given texture.
    pub fn reads(&self, given: &str) -> bool {
        let binding = super::binding::given(given);
        self.passes.iter().any(|pass| pass.bindings.contains(&binding))
    }
}

struct Maker<'a> {
    gpu: &'a Gpu,
    painter: &'a Painter,
    head: &'a Head,
    own: &'a [Own],
    checked: &'a Checked,
    module: &'a wgpu::ShaderModule,
    blocks: &'a wgpu::BindGroupLayout,
}

impl Maker<'_> {
    fn prepare(&self, pass: &Pass) -> Result<Prepared, StageError> {
        let formats: Vec<_> = match pass.targets() {
            targets if targets.is_empty() => vec![LIGHT],
            targets => targets.iter().map(|(_, format)| texture_format(*format)).collect(),
        };
        let float32 =
            pass.targets().iter().any(|(_, format)| matches!(format, Format::R32f | Format::Rgba32f));
        if float32 && pass.blend != Blend::Replace {
            return Err(self.wrong(format!("pass {}: 32-bit floats cannot be blended", pass.entry)));
        }
        let corner = format!("{}_corner", pass.entry);
        let (vertex, fragment) = match pass.kind {
            PassKind::Compute => return self.compute(pass),
            PassKind::Fragment => (COVER, pass.entry.as_str()),
            PassKind::Points => (corner.as_str(), "point_light"),
            PassKind::Triangles => (pass.vertex.as_deref().unwrap_or_default(), pass.entry.as_str()),
        };
        self.render(&Recipe { pass, vertex, fragment, targets: &formats })
    }

    fn fuse(&self, pass: &Pass, format: wgpu::TextureFormat) -> Result<Option<Fused>, StageError> {
        let Some(fused) = self.checked.fused(&pass.entry).filter(|_| pass.kind == PassKind::Fragment) else {
            return Ok(None);
        };
        let targets = &[format];
        let make = |fragment| self.render(&Recipe { pass, vertex: COVER, fragment, targets });
        let [graded, ungraded] = &fused;
        Ok(Some(Fused { format, graded: make(graded)?, ungraded: make(ungraded)? }))
    }

    fn compute(&self, pass: &Pass) -> Result<Prepared, StageError> {
        let entry = pass.entry.as_str();
        self.need(ShaderStage::Compute, entry)?;
        let bindings = self.checked.bindings(ShaderStage::Compute, entry, 1);
        let layout = self.layout(&bindings, &[], wgpu::ShaderStages::COMPUTE)?;
        let workgroup = self.checked.workgroup(entry);
        let pipeline = self.gpu.guarded(&format!("the pipeline of {entry}"), || {
            self.gpu.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry),
                layout: Some(&self.pipeline_layout(&layout)),
                module: self.module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
        })?;
        Ok(Prepared { pipeline: Pipeline::Compute(pipeline, workgroup), layout, bindings })
    }

    fn render(&self, recipe: &Recipe<'_>) -> Result<Prepared, StageError> {
        let Recipe { pass, vertex, fragment, targets } = recipe;
        let twins = self.checked.twins(fragment).filter(|_| *vertex == COVER);
        let [vertex, fragment] =
            twins.as_ref().map_or([*vertex, *fragment], |twins| twins.each_ref().map(String::as_str));
        self.need(ShaderStage::Vertex, vertex)?;
        self.need(ShaderStage::Fragment, fragment)?;
        let in_vertex = self.checked.bindings(ShaderStage::Vertex, vertex, 1);
        let in_fragment = self.checked.bindings(ShaderStage::Fragment, fragment, 1);
        let layout = self.layout(&in_fragment, &in_vertex, wgpu::ShaderStages::FRAGMENT)?;
        let blend = match pass.blend {
            Blend::Replace if pass.kind == PassKind::Points => Some(ADDED),
            Blend::Replace => None,
            Blend::Add => Some(ADDED),
            Blend::Over => Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
        };
        let targets: Vec<_> = targets
            .iter()
            .map(|&format| Some(wgpu::ColorTargetState { format, blend, write_mask: wgpu::ColorWrites::ALL }))
            .collect();
        let topology = match pass.kind {
            PassKind::Points => wgpu::PrimitiveTopology::TriangleStrip,
            _ => wgpu::PrimitiveTopology::TriangleList,
        };
        let pipeline = self.gpu.guarded(&format!("the pipeline of {fragment}"), || {
            self.gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(fragment),
                layout: Some(&self.pipeline_layout(&layout)),
                vertex: wgpu::VertexState {
                    module: self.module,
                    entry_point: Some(vertex),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState { topology, ..Default::default() },
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: self.module,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &targets,
                }),
                multiview_mask: None,
                cache: None,
            })
        })?;
        let mut bindings = in_fragment;
        bindings.extend(in_vertex);
        bindings.sort_unstable();
        bindings.dedup();
        Ok(Prepared { pipeline: Pipeline::Render(pipeline), layout, bindings })
    }

    /// Bindings that `main` uses, those in the vertex function too.
    fn layout(
        &self,
        main: &[u32],
        vertex: &[u32],
        stage: wgpu::ShaderStages,
    ) -> Result<wgpu::BindGroupLayout, StageError> {
        let mut all: Vec<u32> = main.iter().chain(vertex).copied().collect();
        all.sort_unstable();
        all.dedup();
        self.check_conflicts(&all)?;
        let entries: Vec<_> = all
            .iter()
            .filter_map(|binding| {
                let mut stages = wgpu::ShaderStages::empty();
                stages.set(stage, main.contains(binding));
                stages.set(wgpu::ShaderStages::VERTEX, vertex.contains(binding));
                layout_of(self.head, self.own, *binding, stages)
            })
            .collect();
        self.gpu.guarded("a pass's layout", || {
            self.gpu
                .device
                .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries })
        })
    }

    /// One pass cannot use one buffer in both ways.
    fn check_conflicts(&self, bindings: &[u32]) -> Result<(), StageError> {
        let uses = |own: Own| {
            bindings
                .iter()
                .any(|at| at.checked_sub(OWN).and_then(|at| self.own.get(at as usize)) == Some(&own))
        };
        match (0..self.head.buffers.len()).find(|at| uses(Own::Buffer(*at)) && uses(Own::BufferOut(*at))) {
            Some(at) => {
                let name = &self.head.buffers[at].name;
                Err(self.wrong(format!("a pass uses both {name} and {name}_rw: read {name}_rw instead")))
            }
            None => Ok(()),
        }
    }

    fn pipeline_layout(&self, inputs: &wgpu::BindGroupLayout) -> wgpu::PipelineLayout {
        self.gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("scene"),
            bind_group_layouts: &[Some(self.painter.common_layout()), Some(inputs), Some(self.blocks)],
            ..Default::default()
        })
    }

    fn need(&self, stage: ShaderStage, name: &str) -> Result<(), StageError> {
        if self.checked.has(stage, name) {
            return Ok(());
        }
        let kind = match stage {
            ShaderStage::Vertex => "@vertex",
            ShaderStage::Compute => "@compute",
            _ => "@fragment",
        };
        let there = self.checked.names(stage);
        Err(self.wrong(format!("there is no {kind} fn {name}; there are: {there}")))
    }

    fn wrong(&self, message: String) -> StageError {
        StageError::Scene { scene: self.head.name.clone(), message }
    }
}

const SUM: wgpu::BlendComponent = wgpu::BlendComponent {
    src_factor: wgpu::BlendFactor::One,
    dst_factor: wgpu::BlendFactor::One,
    operation: wgpu::BlendOperation::Add,
};
const ADDED: wgpu::BlendState = wgpu::BlendState { color: SUM, alpha: SUM };

fn block_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, has_dynamic_offset| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::all(),
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset,
            min_binding_size: None,
        },
        count: None,
    };
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("a scene's blocks"),
        entries: &[entry(0, true), entry(1, false), entry(2, false)],
    })
}

/// The scene's own textures, uploaded.
fn images(gpu: &Gpu, file: &SceneFile) -> Result<Vec<wgpu::TextureView>, StageError> {
    let named = file.head.textures.iter().zip(&file.images);
    named.map(|(texture, bytes)| image(gpu, file, texture, bytes)).collect()
}

fn image(
    gpu: &Gpu,
    file: &SceneFile,
    texture: &crate::scene::head::Texture,
    bytes: &[u8],
) -> Result<wgpu::TextureView, StageError> {
    let wrong = |message: String| StageError::Scene {
        scene: file.scene.name().to_owned(),
        message: format!("texture {}: {message}", texture.file),
    };
    let (rgba, width, height) = crate::scene::image::decode(bytes).map_err(wrong)?;
    let format =
        if texture.data { wgpu::TextureFormat::Rgba8Unorm } else { wgpu::TextureFormat::Rgba8UnormSrgb };
    let (made, view) = upload::texture(gpu, &texture.file, [width, height], format)?;
    upload::upload(gpu, &made, &rgba);
    Ok(view)
}
