//! Execution providers that are libraries of their own: ONNX Runtime's plugin interface.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ort::device::Device;
use ort::environment::Environment;
use ort::memory::DeviceType;

use super::{Runtime, library_folders, one_line};

/// ONNX Runtime's name for the provider that runs on WebGPU: Vulkan, Direct3D 12 or Metal.
pub const WEBGPU: &str = "WebGpuExecutionProvider";
/// What we call its library. Another plugin of ours in the same process may have registered it before.
const WEBGPU_REGISTRATION: &str = "klangbild-webgpu";

/// The outcome of registering, once a process: a library stays loaded, as ONNX Runtime does.
static WEBGPU_IS_THERE: OnceLock<Result<(), String>> = OnceLock::new();

impl Runtime {
    /// Finds and registers the WebGPU provider at the first call, and says whether it has a GPU.
    pub(in crate::inference) fn webgpu(&self) -> Result<(), String> {
        WEBGPU_IS_THERE.get_or_init(|| self.register_webgpu()).clone()
    }

    fn register_webgpu(&self) -> Result<(), String> {
        let environment = self.environment();
        if !has_provider(environment, WEBGPU) {
            let library = self.find_beside(webgpu_library())?;
            let registered = environment.register_ep_library(WEBGPU_REGISTRATION, &library);
            registered.map_err(|error| format!("{}: {}", library.display(), one_line(&error)))?;
        }
        match webgpu_device(environment) {
            Some(_) => Ok(()),
            None => Err(if has_vulkan() {
                "there is no GPU that ONNX Runtime sees".to_owned()
            } else {
                "there is no Vulkan on this system; install its loader (Debian, Ubuntu: apt install libvulkan1)".to_owned()
            }),
        }
    }

    /// A library beside ONNX Runtime's own, or in the folders that may hold that.
    fn find_beside(&self, name: &str) -> Result<PathBuf, String> {
        let beside = self.path().parent().map(Path::to_path_buf);
        let mut folders = beside.into_iter().chain(library_folders());
        let found = folders.find_map(|folder| folder.join(name).canonicalize().ok());
        found.ok_or_else(|| format!("there is no {name} beside {}", self.path().display()))
    }
}

/// Whether the provider was registered and has a GPU, without registering it.
pub(in crate::inference) fn webgpu_has_a_gpu() -> bool {
    matches!(WEBGPU_IS_THERE.get(), Some(Ok(())))
}

/// The device that stands for WebGPU. The provider takes one and finds the GPU behind it by itself.
pub(in crate::inference) fn webgpu_device(environment: &Environment) -> Option<Device<'_>> {
    let mut devices = environment.devices().filter(|device| {
        device.ep().is_ok_and(|name| name == WEBGPU) && device.hardware_device().ty() == DeviceType::GPU
    });
    devices.next()
}

fn has_provider(environment: &Environment, name: &str) -> bool {
    environment.devices().any(|device| device.ep().is_ok_and(|found| found == name))
}

fn webgpu_library() -> &'static str {
    if cfg!(windows) {
        "onnxruntime_providers_webgpu.dll"
    } else if cfg!(target_os = "macos") {
        "libonnxruntime_providers_webgpu.dylib"
    } else {
        "libonnxruntime_providers_webgpu.so"
    }
}

/// Whether Vulkan's loader is there, where WebGPU needs it.
fn has_vulkan() -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    // SAFETY: loading a library runs its start-up code; Vulkan's loader asks nothing of its caller.
    unsafe { libloading::Library::new("libvulkan.so.1") }.is_ok()
}
