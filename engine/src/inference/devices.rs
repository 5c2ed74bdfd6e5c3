//! What a provider drives, by name.

use std::sync::OnceLock;

use ort::AsPointer;
use ort::device::Device;

use super::Provider;
use super::runtime::Runtime;
use crate::stage::Gpu;

/// PCI's number for NVIDIA.
const NVIDIA: u32 = 0x10de;

impl Provider {
    /// What it drives on this machine: a card's name or the processor's; empty where the system does not tell.
    pub(super) fn device_name(self, runtime: &Runtime) -> String {
        match self {
            Self::Cpu => processor().to_owned(),
            Self::Cuda => adapter(|vendor, _| vendor == NVIDIA).unwrap_or_default(),
            Self::DirectMl | Self::CoreMl => adapter(|_, _| true).unwrap_or_default(),
            Self::TensorRtRtx | Self::OpenVino | Self::WebGpu => {
                self.plugin_device(runtime).as_ref().map(name_of).unwrap_or_default()
            }
        }
    }
}

/// A device of ONNX Runtime's: what draws has the better name for it.
fn name_of(device: &Device<'_>) -> String {
    let hardware = device.hardware_device();
    // SAFETY: the device is one that the environment just gave, which lives as long as the process.
    let vendor_id = unsafe { (ort::api().HardwareDevice_VendorId)(hardware.ptr()) };
    let kind = hardware.ty();
    if kind == ort::memory::DeviceType::CPU {
        return processor().to_owned();
    }
    adapter(|vendor, id| (vendor, id) == (vendor_id, hardware.id())).unwrap_or_else(|| {
        let vendor = hardware.vendor().ok().filter(|vendor| !vendor.is_empty());
        format!("{} {:04x}:{:04x}", vendor.unwrap_or("device"), vendor_id, hardware.id())
    })
}

/// The best graphics adapter that is a device of its own, and whose vendor and number are wanted.
fn adapter(is_wanted: impl Fn(u32, u32) -> bool) -> Option<String> {
    let found = Gpu::adapters().into_iter().filter(|info| info.device_type != wgpu::DeviceType::Cpu);
    found.into_iter().find(|info| is_wanted(info.vendor, info.device)).map(|info| info.name)
}

/// The processor's own name; empty where it has none.
fn processor() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| brand().unwrap_or_default())
}

/// As x86 processors call themselves, in 48 bytes (Intel, "Architectures Software Developer's Manual", volume 2, CPUID).
#[cfg(target_arch = "x86_64")]
fn brand() -> Option<String> {
    use std::arch::x86_64::__cpuid;

    const FIRST: u32 = 0x8000_0002;
    if __cpuid(0x8000_0000).eax < FIRST + 2 {
        return None;
    }
    let parts = (FIRST..FIRST + 3).map(__cpuid);
    let words = parts.flat_map(|part| [part.eax, part.ebx, part.ecx, part.edx]);
    let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).take_while(|byte| *byte != 0).collect();
    Some(String::from_utf8_lossy(&bytes).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Others have no name that they would tell every program.
#[cfg(not(target_arch = "x86_64"))]
fn brand() -> Option<String> {
    None
}
