//! How ONNX Runtime is told to run a graph.

use std::sync::Arc;
use std::thread::JoinHandle;

use ort::environment::ThreadManager;
use ort::memory::Allocator;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{IoBinding, Session};
use ort::value::{DynValue, Tensor};

use super::Ports;
use crate::inference::devices::Target;
use crate::inference::{Options, Provider, Runtime, assignment, spawn_low_priority};
use crate::pack::Model;
use crate::pack::contract::ConstantInput;
use crate::pack::graph::Element;
use crate::pack::limits;

/// How large a constant may be that ONNX Runtime works out when it loads a graph; older versions do not know it.
const FOLDING_LIMIT: &str = "optimization.constant_folding_max_output_size_in_bytes";

/// The tensors that each run fills again, by name.
pub(super) type Inputs = Vec<(String, Tensor<f32>)>;

pub(super) fn builder(
    runtime: &Runtime,
    model: &Model,
    options: &Options,
    target: &Target,
) -> ort::Result<SessionBuilder> {
    // Spinning threads would halve what is left for the audio and the stage: measured, 50 % of the CPU against 23 %.
    let mut builder = Session::builder(runtime.environment())?
        .with_optimization_level(GraphOptimizationLevel::All)?
        .with_intra_threads(options.threads.max(1))?
        .with_inter_threads(1)?
        .with_parallel_execution(false)?
        .with_intra_op_spinning(false)?
        .with_inter_op_spinning(false)?
        .with_deterministic_compute(true)?
        .with_flush_to_zero()?
        .with_thread_manager(LowPriority)?
        .with_config_entry(assignment::OPTION, "1")?
        // Never its own format, which was not checked, whatever the first bytes say.
        .with_config_entry("session.load_model_format", "ONNX")?
        // What the check has let pass is smaller; this is the second bolt.
        .with_config_entry(FOLDING_LIMIT, limits::VALUE_BYTES.to_string())?;
    for (location, bytes) in &model.external {
        builder = builder.with_external_initializer_file_in_memory(location, Arc::clone(bytes))?;
    }
    if target.provider == Provider::DirectMl {
        // DirectML's own rule.
        builder = builder.with_memory_pattern(false)?;
    }
    target.provider.register(runtime, target, builder)
}

/// Makes the tensors that every run uses again.
pub(super) fn bind(session: &Session, ports: &Ports) -> ort::Result<(IoBinding, Inputs)> {
    let mut binding = session.create_binding()?;
    let mut inputs = Vec::with_capacity(ports.inputs.len());
    for (name, shape) in &ports.inputs {
        let entries = shape.iter().product::<i64>() as usize;
        inputs.push((name.clone(), Tensor::from_array((shape.clone(), vec![0f32; entries]))?));
    }
    for constant in &ports.constants {
        binding.bind_input(constant.name.as_str(), &constant_tensor(constant)?)?;
    }
    for (name, shape) in &ports.outputs {
        let tensor = Tensor::<f32>::new(&Allocator::default(), shape.clone())?;
        binding.bind_output(name.as_str(), tensor)?;
    }
    Ok((binding, inputs))
}

fn constant_tensor(constant: &ConstantInput) -> ort::Result<DynValue> {
    let (shape, values) = (constant.shape.clone(), constant.values.iter());
    Ok(match constant.element {
        Element::INT32 => {
            Tensor::from_array((shape, values.map(|value| *value as i32).collect::<Vec<_>>()))?.into_dyn()
        }
        Element::INT64 => {
            Tensor::from_array((shape, values.map(|value| *value as i64).collect::<Vec<_>>()))?.into_dyn()
        }
        Element::BOOL => {
            Tensor::from_array((shape, values.map(|value| *value != 0.0).collect::<Vec<_>>()))?.into_dyn()
        }
        _ => Tensor::from_array((shape, values.map(|value| *value as f32).collect::<Vec<_>>()))?.into_dyn(),
    })
}

/// Starts ONNX Runtime's own threads at low priority.
struct LowPriority;

impl ThreadManager for LowPriority {
    type Thread = JoinHandle<()>;

    fn create(&self, work: impl FnOnce() + Send + 'static) -> ort::Result<Self::Thread> {
        spawn_low_priority("klangbild-infer", work).map_err(ort::Error::wrap)
    }

    fn join(thread: Self::Thread) -> ort::Result<()> {
        thread.join().map_err(|_| ort::Error::new("a thread of ONNX Runtime ended with a panic"))
    }
}
