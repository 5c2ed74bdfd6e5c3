//! The cards that models can run on, the strongest first, and which of them a provider takes. What draws may be another one.

pub mod processor;
#[cfg(test)]
mod tests;

use std::ffi::CStr;
use std::fmt;

use ort::AsPointer;
use serde::Serialize;

use super::Provider;
use super::wish::device::AUTOMATIC;
use crate::stage::Gpu;

/// PCI's numbers for those whose cards only some providers drive.
const NVIDIA: u32 = 0x10de;
const INTEL: u32 = 0x8086;

/// A card, as users see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Device {
    /// From 1 on, the strongest first: what `klangbild runtime device` takes.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Whether it has memory of its own.
    pub kind: Kind,
    /// Memory of its own, where the system tells.
    pub memory_mib: Option<u64>,
    /// PCI's number for its maker; 0 where it has none.
    #[serde(skip)]
    pub vendor: u32,
    /// PCI's number for its model; 0 where it has none.
    #[serde(skip)]
    pub id: u32,
    /// Where it sits, such as `0000:01:00.0`; empty where nobody knows.
    #[serde(skip)]
    pub bus: String,
}

/// How strong a card may be, the strongest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// With memory of its own.
    #[default]
    Discrete,
    /// With the processor's memory.
    Integrated,
    /// A virtual machine's, or of a kind that nobody knows.
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discrete => "GPU",
            Self::Integrated => "integrated GPU",
            Self::Other => "virtual GPU",
        })
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, name, kind, memory_mib, .. } = self;
        write!(f, "{number} {name} ({kind}")?;
        memory_mib.map_or(Ok(()), |mib| write!(f, ", {mib} MiB"))?;
        f.write_str(")")
    }
}

/// The cards of this machine, without what the processor draws.
pub fn devices() -> Vec<Device> {
    let found = Gpu::adapters().into_iter().filter(|info| info.device_type != wgpu::DeviceType::Cpu);
    let device = |info: wgpu::AdapterInfo| Device {
        number: 0,
        kind: match info.device_type {
            wgpu::DeviceType::DiscreteGpu => Kind::Discrete,
            wgpu::DeviceType::IntegratedGpu => Kind::Integrated,
            _ => Kind::Other,
        },
        memory_mib: memory_mib(&info.device_pci_bus_id),
        vendor: info.vendor,
        id: info.device,
        bus: info.device_pci_bus_id,
        name: info.name,
    };
    numbered(found.map(device).collect())
}

/// The strongest first, and each once: two drivers may show the same card.
fn numbered(mut found: Vec<Device>) -> Vec<Device> {
    let mut seen: Vec<(u32, u32, String)> = Vec::new();
    found.retain(|device| {
        let key = (device.vendor, device.id, device.bus.clone());
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
    found.sort_by(|a, b| (a.kind, b.memory_mib).cmp(&(b.kind, a.memory_mib)));
    found.iter_mut().zip(1..).for_each(|(device, number)| device.number = number);
    found
}

/// What AMD's driver for Linux says of a card's own memory; others keep silent.
fn memory_mib(bus: &str) -> Option<u64> {
    let file = format!("/sys/bus/pci/devices/{}/mem_info_vram_total", bus.to_ascii_lowercase());
    let bytes: u64 = std::fs::read_to_string(file).ok()?.trim().parse().ok()?;
    Some(bytes >> 20)
}

/// The card of this number, or whose name contains these words, in any case: of several the strongest; none where the choice is
/// automatic.
///
/// # Errors
/// There is none: the message lists those that there are.
pub fn find<'d>(devices: &'d [Device], wanted: &str) -> Result<Option<&'d Device>, String> {
    let wanted = wanted.trim();
    if wanted.is_empty() || wanted.eq_ignore_ascii_case(AUTOMATIC) {
        return Ok(None);
    }
    let number = wanted.parse::<usize>().ok();
    let by_number = devices.iter().find(|device| Some(device.number) == number);
    let words = wanted.to_lowercase();
    let by_name = || devices.iter().find(|device| device.name.to_lowercase().contains(&words));
    by_number.or_else(by_name).map(Some).ok_or_else(|| {
        let there: Vec<_> = devices.iter().map(Device::to_string).collect();
        let there = if there.is_empty() { "no GPU at all".to_owned() } else { there.join("; ") };
        format!("there is no device {wanted:?} here, but {there}; `klangbild runtime device automatic` takes the strongest")
    })
}

/// Where a provider is to run a graph.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// The provider.
    pub provider: Provider,
    /// None where it finds a device by itself.
    pub device: Option<Device>,
    /// Which of NVIDIA's cards it is, from 0 on.
    pub cuda_number: i32,
}

impl Target {
    /// The card that was chosen for this machine, or the strongest that the provider drives.
    ///
    /// # Errors
    /// The provider does not drive the one that was chosen.
    pub fn of(provider: Provider, wanted: &str) -> Result<Self, String> {
        if provider == Provider::Cpu {
            return Ok(Self::any(provider));
        }
        Self::among(&devices(), provider, wanted)
    }

    /// Whatever the provider finds by itself.
    pub fn any(provider: Provider) -> Self {
        Self { provider, device: None, cuda_number: 0 }
    }

    fn among(devices: &[Device], provider: Provider, wanted: &str) -> Result<Self, String> {
        let chosen = find(devices, wanted).unwrap_or_else(|error| {
            tracing::warn!("{error}");
            None
        });
        let device = match chosen {
            Some(device) if provider != Provider::Cpu && !provider.drives(device) => {
                return Err(format!("it does not drive {}, which was chosen for the models", device.name));
            }
            Some(device) => Some(device),
            None => devices.iter().find(|device| provider.drives(device)),
        };
        let mut of_nvidia: Vec<_> = devices.iter().filter(|device| device.vendor == NVIDIA).collect();
        // CUDA counts the quickest first and then by places; so do we.
        of_nvidia.sort_by_key(|device| device.number);
        let place = of_nvidia.iter().position(|other| Some(*other) == device);
        Ok(Self { provider, device: device.cloned(), cuda_number: place.unwrap_or(0) as i32 })
    }

    /// Of two cards WebGPU takes one by how much power it draws: it cannot be told which.
    pub fn power_preference(&self) -> &'static str {
        match &self.device {
            Some(Device { kind: Kind::Integrated, .. }) => "low-power",
            _ => "high-performance",
        }
    }

    /// Whether this is the device in ONNX Runtime's eyes.
    pub fn is(&self, device: &ort::device::Device<'_>) -> bool {
        let hardware = device.hardware_device();
        // SAFETY: the device is one that the environment just gave, which lives as long as the process.
        let vendor = unsafe { (ort::api().HardwareDevice_VendorId)(hardware.ptr()) };
        self.device.as_ref().is_some_and(|own| (own.vendor, own.id) == (vendor, hardware.id()))
    }

    /// Direct3D's number for it, by which DirectML knows it.
    pub fn dxgi_number(&self, environment: &ort::environment::Environment) -> Option<i32> {
        let found = environment.devices().find(|device| self.is(device))?;
        // SAFETY: the device is one that the environment just gave; the table and the text in it belong to it. The key is a C string.
        let text = unsafe {
            let table = (ort::api().HardwareDevice_Metadata)(found.hardware_device().ptr());
            let text = (ort::api().GetKeyValue)(table, c"DxgiAdapterNumber".as_ptr());
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
        };
        text?.parse().ok()
    }

    /// What the provider drives, for people: this card, or what ONNX Runtime found in its place; empty where nobody knows.
    pub fn name(&self, provider: Provider, found: Option<&ort::device::Device<'_>>) -> String {
        let own = || self.device.as_ref().map(|device| device.name.clone());
        match (provider, found) {
            (Provider::Cpu, _) => processor::name().to_owned(),
            (_, Some(found)) if !self.is(found) => {
                let hardware = found.hardware_device();
                match hardware.ty() {
                    ort::memory::DeviceType::CPU => processor::name().to_owned(),
                    _ => hardware.vendor().unwrap_or_default().to_owned(),
                }
            }
            _ => own().unwrap_or_default(),
        }
    }
}

impl Provider {
    /// Whether this card is one that it runs on.
    fn drives(self, device: &Device) -> bool {
        match self {
            Self::Cuda | Self::TensorRtRtx => device.vendor == NVIDIA,
            Self::OpenVino => device.vendor == INTEL,
            Self::DirectMl | Self::CoreMl | Self::WebGpu => true,
            Self::Cpu => false,
        }
    }
}
