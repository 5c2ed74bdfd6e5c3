//! Execution providers that are libraries of their own: ONNX Runtime's plugin interface.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::device::Device;
use ort::environment::Environment;
use ort::memory::DeviceType;

use crate::inference::devices::Target;

use super::{Runtime, library_folders, one_line, parts};

/// A provider's library, and what becomes of it in this process.
pub struct Plugin {
    /// ONNX Runtime's name for the provider.
    pub name: &'static str,
    /// What we call its library. Another plugin of ours in the same process may have registered it before.
    registration: &'static str,
    /// The library's file without what systems put around it.
    stem: &'static str,
    /// What the user installs to get it; none where it comes with ONNX Runtime.
    part: Option<&'static str>,
    /// What it may run on, best first.
    devices: &'static [DeviceType],
    /// The outcome of registering, once a process: a library stays loaded, as ONNX Runtime does.
    outcome: Mutex<Option<Result<(), String>>>,
}

/// Vulkan, Direct3D 12 or Metal, through Dawn.
pub static WEBGPU: Plugin = Plugin {
    name: "WebGpuExecutionProvider",
    registration: "klangbild-webgpu",
    stem: "onnxruntime_providers_webgpu",
    part: None,
    devices: &[DeviceType::GPU],
    outcome: Mutex::new(None),
};

/// Intel's GPUs, neural processors and processors.
pub static OPENVINO: Plugin = Plugin {
    name: "OpenVINOExecutionProvider",
    registration: "klangbild-openvino",
    stem: "onnxruntime_providers_openvino_plugin",
    part: Some("openvino"),
    devices: &[DeviceType::GPU, DeviceType::NPU, DeviceType::CPU],
    outcome: Mutex::new(None),
};

/// NVIDIA's GPUs from Turing on.
pub static TENSORRT_RTX: Plugin = Plugin {
    name: "NvTensorRTRTXExecutionProvider",
    registration: "klangbild-tensorrt-rtx",
    stem: "onnxruntime_providers_nv_tensorrt_rtx",
    part: Some("tensorrt-rtx"),
    devices: &[DeviceType::GPU],
    outcome: Mutex::new(None),
};

impl Plugin {
    /// Finds and registers the library, once, and says whether it has a device; or why not.
    pub fn is_there(&self, runtime: &Runtime) -> Result<(), String> {
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = &*outcome {
            return outcome.clone();
        }
        // What is not there may be installed a moment later; what was tried stays as it is.
        let library = if self.has_any(runtime.environment()) { None } else { Some(self.find(runtime)?) };
        let registered = self.register(runtime.environment(), library.as_deref());
        *outcome = Some(registered.clone());
        registered
    }

    /// Whether it was registered and has a device.
    pub fn has_device(&self) -> bool {
        matches!(*self.outcome.lock().unwrap_or_else(PoisonError::into_inner), Some(Ok(())))
    }

    /// The device that the provider offers for this target, or else its best.
    pub fn device<'e>(&self, environment: &'e Environment, target: Option<&Target>) -> Option<Device<'e>> {
        let rank = |device: &Device<'_>| {
            let kind = device.hardware_device().ty();
            let place = self.devices.iter().position(|wanted| *wanted == kind)?;
            Some((!target.is_some_and(|target| target.is(device)), place))
        };
        let own = environment.devices().filter(|device| device.ep().is_ok_and(|name| name == self.name));
        own.filter_map(|device| Some((rank(&device)?, device)))
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, device)| device)
    }

    fn has_any(&self, environment: &Environment) -> bool {
        self.device(environment, None).is_some()
    }

    fn register(&self, environment: &Environment, library: Option<&Path>) -> Result<(), String> {
        if let Some(library) = library {
            library.parent().into_iter().for_each(parts::preload);
            let registered = environment.register_ep_library(self.registration, library);
            registered.map_err(|error| format!("{}: {}", library.display(), one_line(&error)))?;
        }
        if self.has_any(environment) {
            return Ok(());
        }
        Err(if std::ptr::eq(self, &WEBGPU) && !has_vulkan() {
            "there is no Vulkan on this system; install its loader (Debian, Ubuntu: apt install libvulkan1)"
        } else {
            "ONNX Runtime sees no device for it"
        }
        .to_owned())
    }

    /// The library, in the part that the user installed, or beside ONNX Runtime, or in the folders that may hold that.
    fn find(&self, runtime: &Runtime) -> Result<PathBuf, String> {
        let name = libloading::library_filename(self.stem);
        let part = self.part.and_then(parts::folder_of);
        let beside = runtime.path().parent().map(Path::to_path_buf);
        let mut folders = part.into_iter().chain(beside).chain(library_folders());
        let found = folders.find_map(|folder| folder.join(&name).canonicalize().ok());
        found.ok_or_else(|| match self.part {
            Some(part) => format!("it is not installed; `klangbild runtime install {part}` gets it"),
            None => format!("there is no {} beside {}", name.display(), runtime.path().display()),
        })
    }
}

/// Whether Vulkan's loader is there, where WebGPU needs it.
pub fn has_vulkan() -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    // SAFETY: loading a library runs its start-up code; Vulkan's loader asks nothing of its caller.
    unsafe { libloading::Library::new("libvulkan.so.1") }.is_ok()
}
