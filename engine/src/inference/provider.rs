//! Execution providers: what ONNX Runtime can run a graph on.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use ort::device::Device;
use ort::ep::{self, ExecutionProvider};
use ort::session::builder::SessionBuilder;
use serde::{Deserialize, Serialize};

use super::afar::Terms;
use super::devices::Target;
use super::network::{Network, Ports};
use super::runtime::plugins::{self, Plugin};
use super::runtime::{one_line, parts};
use super::{InferenceError, Options, Runtime, wish};
use crate::pack::Model;
use crate::pack::graph::Graph;
use crate::pack::wire::Writer;
use crate::stage::Gpu;

/// What a graph runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// NVIDIA GPUs.
    Cuda,
    /// Any GPU on Windows.
    DirectMl,
    /// Apple's GPU and neural engine.
    CoreMl,
    /// NVIDIA's RTX GPUs, with kernels made for the one at hand.
    TensorRtRtx,
    /// Intel's GPUs, neural processors and processors.
    OpenVino,
    /// Any GPU, through Vulkan, Direct3D 12 or Metal.
    WebGpu,
    /// The processor: always there.
    Cpu,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::TensorRtRtx,
        Self::Cuda,
        Self::DirectMl,
        Self::CoreMl,
        Self::OpenVino,
        Self::WebGpu,
        Self::Cpu,
    ];

    /// Those that this system can have, the processor last.
    pub fn of_this_system() -> Vec<Self> {
        if cfg!(windows) {
            vec![Self::TensorRtRtx, Self::Cuda, Self::DirectMl, Self::OpenVino, Self::WebGpu, Self::Cpu]
        } else if cfg!(target_os = "macos") {
            vec![Self::CoreMl, Self::WebGpu, Self::Cpu]
        } else {
            vec![Self::TensorRtRtx, Self::Cuda, Self::OpenVino, Self::WebGpu, Self::Cpu]
        }
    }

    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cuda => "CUDA",
            Self::DirectMl => "DirectML",
            Self::CoreMl => "CoreML",
            Self::TensorRtRtx => "TensorRT-RTX",
            Self::OpenVino => "OpenVINO",
            Self::WebGpu => "WebGPU",
            Self::Cpu => "CPU",
        }
    }

    /// ONNX Runtime's own name.
    pub(super) fn runtime_name(self) -> &'static str {
        match self {
            Self::Cuda => ep::CUDA::NAME,
            Self::DirectMl => ep::DirectML::NAME,
            Self::CoreMl => ep::CoreML::NAME,
            Self::TensorRtRtx => plugins::TENSORRT_RTX.name,
            Self::OpenVino => plugins::OPENVINO.name,
            Self::WebGpu => plugins::WEBGPU.name,
            Self::Cpu => ep::CPU::NAME,
        }
    }

    /// The library that it is, where it is one of its own.
    fn plugin(self) -> Option<&'static Plugin> {
        match self {
            Self::TensorRtRtx => Some(&plugins::TENSORRT_RTX),
            Self::OpenVino => Some(&plugins::OPENVINO),
            Self::WebGpu => Some(&plugins::WEBGPU),
            Self::Cuda | Self::DirectMl | Self::CoreMl | Self::Cpu => None,
        }
    }

    /// The device that it runs on, in ONNX Runtime's eyes, where it is a library of its own.
    pub(super) fn device<'r>(self, runtime: &'r Runtime, target: &Target) -> Option<Device<'r>> {
        self.plugin()?.device(runtime.environment(), Some(target))
    }

    /// Whether somebody could expect it: it was asked for by name, or has a device here.
    pub(super) fn is_expected(self) -> bool {
        let is_there = || match self.plugin() {
            Some(plugin) => plugin.has_device() && !self.is_roundabout(),
            None => self.is_built_in().unwrap_or(true),
        };
        wish::chosen().is_some() || is_there()
    }

    /// Whether it would only run on the processor, in a roundabout way: a virtual machine may have a card that nothing drives. Who
    /// chooses it by hand has it all the same.
    fn is_roundabout(self) -> bool {
        static ANY_HARDWARE: OnceLock<bool> = OnceLock::new();
        self == Self::WebGpu && wish::chosen().is_none() && !ANY_HARDWARE.get_or_init(Gpu::is_any_hardware)
    }

    /// Whether the library has it, which does not yet mean that it works; or why not, and what to do.
    pub(super) fn is_there(self, runtime: &Runtime) -> Result<(), String> {
        if let Some(plugin) = self.plugin() {
            plugin.is_there(runtime)?;
            if self.is_roundabout() {
                return Err("every graphics adapter here is drawn by the processor".to_owned());
            }
            return Ok(());
        }
        if self.is_built_in().map_err(|error| one_line(&error))? {
            if let (Self::Cuda, Some(folder)) = (self, runtime.path().parent()) {
                parts::preload(folder);
            }
            return Ok(());
        }
        let cure = match self {
            Self::Cuda => "; `klangbild runtime install nvidia` gets one that has it",
            Self::DirectMl => "; `klangbild runtime install directml` gets one that has it",
            _ => "",
        };
        Err(format!("ONNX Runtime {} was built without it{cure}", runtime.version()))
    }

    fn is_built_in(self) -> ort::Result<bool> {
        match self {
            Self::Cuda => ep::CUDA::is_available(),
            Self::DirectMl => ep::DirectML::is_available(),
            Self::CoreMl => ep::CoreML::is_available(),
            Self::TensorRtRtx | Self::OpenVino | Self::WebGpu => Ok(false),
            Self::Cpu => Ok(true),
        }
    }

    /// Puts it before the processor, which every session has already. It is loud: by default a provider that fails falls back
    /// to the processor without a word.
    pub(super) fn register(
        self,
        runtime: &Runtime,
        target: &Target,
        builder: SessionBuilder,
    ) -> ort::Result<SessionBuilder> {
        let dispatch = match self {
            // The default search times algorithms against each other, so that two runs need not give the same bytes.
            Self::Cuda => {
                let search = ep::cuda::ConvAlgorithmSearch::Heuristic;
                let cuda = ep::CUDA::default().with_conv_algorithm_search(search);
                cuda.with_device_id(target.cuda_number).build()
            }
            Self::DirectMl => match target.dxgi_number(runtime.environment()) {
                Some(number) => ep::DirectML::default().with_device_id(number).build(),
                None => ep::DirectML::default().build(),
            },
            Self::CoreMl => ep::CoreML::default().build(),
            Self::TensorRtRtx | Self::OpenVino | Self::WebGpu => {
                let device = self.device(runtime, target);
                let power = target.power_preference().to_owned();
                let wish = [(format!("{}.powerPreference", plugins::WEBGPU.name), power)];
                return Ok(builder.with_devices(device, Some(&wish))?);
            }
            Self::Cpu => return Ok(builder),
        };
        Ok(builder.with_execution_providers([dispatch.error_on_failure()])?)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Provider {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|provider| provider.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no provider {name:?}: expected one of {names}")
        })
    }
}

/// What was found by really running a tiny graph on a provider.
#[derive(Clone, Debug, Serialize)]
pub struct Probe {
    /// The provider.
    pub provider: Provider,
    /// `None` if it works, else why not.
    pub problem: Option<String>,
}

/// Tries each provider of this system with a tiny graph.
pub fn probe(runtime: &Runtime) -> Vec<Probe> {
    let providers = Provider::of_this_system().into_iter();
    providers.map(|provider| Probe { provider, problem: problem(runtime, provider) }).collect()
}

fn problem(runtime: &Runtime, provider: Provider) -> Option<String> {
    let options = Options {
        threads: 1,
        providers: vec![provider],
        quickest: false,
        apart: Terms::never(),
        ..Options::default()
    };
    match try_tiny(runtime, &options) {
        Err(error) => Some(error.to_string()),
        Ok(network) if network.provider() == provider => None,
        Ok(network) => Some(match network.fallbacks().first() {
            Some(fallback) => fallback.reason.clone(),
            None => format!("{} ran in its place", network.provider()),
        }),
    }
}

fn try_tiny(runtime: &Runtime, options: &Options) -> Result<Network, InferenceError> {
    let file = "(the test graph)".to_owned();
    let bytes = tiny_model();
    let graph = Graph::read(&file, &bytes)
        .map_err(|error| InferenceError::Load { file: file.clone(), message: error.to_string() })?;
    let model = Model {
        file,
        bytes: bytes.into(),
        external: Vec::new(),
        graph,
        on_processor: None,
        half: None,
        is_foreign: false,
    };
    let shape = vec![64, 64];
    let ports = Ports {
        inputs: vec![("x".to_owned(), shape.clone())],
        constants: Vec::new(),
        outputs: vec![("y".to_owned(), shape)],
        samples: vec![(0..64 * 64).map(|place| (place % 61) as f32 / 61.0).collect()],
    };
    Network::new(runtime, &model, &ports, options)
}

/// y = x * x as matrices: enough work that a provider cannot fold it away.
fn tiny_model() -> Vec<u8> {
    let dim = Writer::default().number(1, 64).finish();
    let shape = Writer::default().bytes(1, &dim).bytes(1, &dim).finish();
    let kind = Writer::default().bytes(1, Writer::default().number(1, 1).bytes(2, shape).finish()).finish();
    let port = |name: &str| Writer::default().bytes(1, name).bytes(2, &kind).finish();
    let node = Writer::default().bytes(1, "x").bytes(1, "x").bytes(2, "y").bytes(4, "MatMul").finish();
    let graph =
        Writer::default().bytes(1, node).bytes(2, "tiny").bytes(11, port("x")).bytes(12, port("y")).finish();
    let opset = Writer::default().bytes(1, "").number(2, 13).finish();
    Writer::default().number(1, 8).bytes(7, graph).bytes(8, opset).finish()
}
