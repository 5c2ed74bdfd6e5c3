//! What a machine's graphics lack, and the cure.

use std::fs;
use std::path::Path;

#[cfg(windows)]
use klangbild_engine::inference::Provider;
use klangbild_engine::inference::{Probe, Runtime, has_vulkan, installed_part};
use klangbild_engine::stage::{Gpu, StageError};

use super::cures;
#[cfg(windows)]
use super::windows;

/// PCI's number for NVIDIA, and its class of display controllers.
const NVIDIA: u32 = 0x10de;
const DISPLAY: u32 = 0x03;

/// A problem, and what to do about it.
pub type Finding = (String, String);

/// What is wrong where there is an adapter; `opened` is the one that draws.
pub fn look(opened: &Result<std::sync::Arc<Gpu>, StageError>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    if !Gpu::is_any_hardware() {
        let cure = cures::of_idle_card(&idle_cards(), has_vulkan());
        let none = "nothing, unless there is a card: then install its driver";
        found.push((
            "no GPU: the processor draws and dreams, at a smaller size in windows".to_owned(),
            cure.unwrap_or(none).to_owned(),
        ));
    }
    if opened.as_ref().is_ok_and(|gpu| !gpu.can_limit_flashes()) {
        found.push((
            "the graphics adapter cannot compute: flashes are not limited, and scenes that compute do not play".to_owned(),
            "update its driver to one with Vulkan, Direct3D 12 or Metal".to_owned(),
        ));
    }
    #[cfg(windows)]
    if windows::is_wine() {
        found.push((
            "this is Wine: it has no DirectML, and Direct3D 12 only with vkd3d".to_owned(),
            "the stage draws by Vulkan, and the processor runs the models; Klangbild for Linux runs them on the card"
                .to_owned(),
        ));
    }
    found
}

/// What is wrong with what `runtime` runs models on, where there is a cure that its own words do not name.
pub fn look_at_providers(runtime: &Runtime, probes: &[Probe]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let is_cuda_wanted = installed_part("nvidia").is_some();
    let driver = nvidia_driver().filter(|_| is_cuda_wanted);
    if let Some((major, cure)) = driver.and_then(|major| Some((major, cures::of_nvidia_driver(major)?))) {
        let oldest = cures::OLDEST_NVIDIA;
        found.push((
            format!(
                "NVIDIA's driver {major} is too old for the CUDA that is installed, which wants {oldest}"
            ),
            cure,
        ));
    }
    for Probe { provider, problem } in probes {
        let reason = problem.as_deref().unwrap_or_default();
        let cure = cures::of_refusal(*provider, reason);
        if let Some(cure) = cure.filter(|cure| found.iter().all(|(_, other)| other != cure)) {
            found.push((format!("{provider} does not work: {reason}"), cure));
        }
    }
    #[cfg(windows)]
    found.extend(old_directml(runtime, probes));
    #[cfg(not(windows))]
    let _ = runtime;
    found
}

/// The major version of NVIDIA's driver: as the kernel says, or what draws.
fn nvidia_driver() -> Option<u32> {
    let kernel = fs::read_to_string("/proc/driver/nvidia/version").ok();
    kernel.as_deref().and_then(cures::nvidia_driver).or_else(|| {
        let cards = Gpu::adapters().into_iter().filter(|info| info.vendor == NVIDIA);
        cards.into_iter().find_map(|info| cures::nvidia_driver(&info.driver_info))
    })
}

/// The PCI vendors of the graphics cards that Linux sees.
fn idle_cards() -> Vec<u32> {
    let number = |folder: &Path, name: &str| {
        let text = fs::read_to_string(folder.join(name)).ok()?;
        u32::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok()
    };
    let Ok(devices) = fs::read_dir("/sys/bus/pci/devices") else { return Vec::new() };
    let folders = devices.filter_map(|device| Some(device.ok()?.path()));
    let displays =
        folders.filter(|folder| number(folder, "class").is_some_and(|class| class >> 16 == DISPLAY));
    displays.filter_map(|folder| number(&folder, "vendor")).collect()
}

/// Where none lies beside ONNX Runtime, the system's is loaded.
#[cfg(windows)]
fn old_directml(runtime: &Runtime, probes: &[Probe]) -> Option<Finding> {
    let has_own = runtime.path().parent().is_some_and(|folder| folder.join("DirectML.dll").is_file());
    let fails = probes.iter().any(|probe| {
        probe.provider == Provider::DirectMl
            && probe.problem.as_ref().is_some_and(|problem| !problem.contains("without it"))
    });
    if has_own || !fails {
        return None;
    }
    let [major, minor] = windows::directml_version()?;
    let cure = cures::of_directml([major, minor])?;
    Some((format!("the system's DirectML.dll is {major}.{minor}, too old for the models"), cure.to_owned()))
}
