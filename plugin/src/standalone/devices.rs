//! Sound devices: which there are, which one is meant, and how to find it again after it was lost.

use std::fmt::Write;

use anyhow::{Context, anyhow};
use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, DeviceId, Host, SupportedStreamConfig};

use super::pick::pick;

/// Which way the sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To be heard.
    Output,
    /// To be listened to.
    Input,
}

/// A device as the user means it: it outlives the device's being unplugged.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Whatever the system's default is by then.
    Default,
    /// This one.
    Named {
        /// What the system finds it by.
        id: DeviceId,
        /// What people call it.
        name: String,
        /// Whether an output is to be listened to.
        loopback: bool,
    },
}

/// A device that was found.
pub struct Found {
    /// The device.
    pub device: Device,
    /// How it plays or listens best, as it says.
    pub config: SupportedStreamConfig,
}

struct Entry {
    name: String,
    id: Option<DeviceId>,
    loopback: bool,
    default: bool,
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Output => "sound output",
            Self::Input => "sound input",
        }
    }

    fn default_of(self, host: &Host) -> Option<Device> {
        match self {
            Self::Output => host.default_output_device(),
            Self::Input => host.default_input_device(),
        }
    }

    fn config_of(self, device: &Device, loopback: bool) -> Result<SupportedStreamConfig, cpal::Error> {
        match self {
            Self::Input if !loopback => device.default_input_config(),
            _ => device.default_output_config(),
        }
    }
}

impl Choice {
    /// What people call it.
    pub fn name(&self, direction: Direction) -> String {
        match self {
            Self::Default => format!("the default {}", direction.name()),
            Self::Named { name, .. } => name.clone(),
        }
    }

    /// Finds it. The system is asked anew each time: what was unplugged may be back, or the sound server have restarted.
    ///
    /// # Errors
    /// It is not there, or does not say how it plays; one line.
    pub fn find(&self, direction: Direction) -> anyhow::Result<Found> {
        let host = host();
        let (device, loopback) = match self {
            Self::Default => (direction.default_of(&host), false),
            Self::Named { id, loopback, .. } => (host.device_by_id(id), *loopback),
        };
        let device = device.ok_or_else(|| anyhow!("{} is not there", self.name(direction)))?;
        let config = direction
            .config_of(&device, loopback)
            .map_err(|error| anyhow!("{} cannot be used: {}", self.name(direction), words(&error)))?;
        Ok(Found { device, config })
    }
}

/// The device that `wanted` names: `default`, a number from the list, or a part of a name.
///
/// # Errors
/// There is none, or it cannot be used; the message lists what there is.
pub fn choose(direction: Direction, wanted: &str) -> anyhow::Result<Choice> {
    let mut entries = entries(&host(), direction);
    let names: Vec<_> = entries.iter().map(|entry| entry.name.clone()).collect();
    let choice = match wanted {
        "default" => Choice::Default,
        _ => {
            let index = pick(direction.name(), &names, wanted).map_err(|error| anyhow!(error))?;
            let Entry { name, id, loopback, .. } = entries.swap_remove(index);
            Choice::Named { id: id.with_context(|| format!("{name} has no identity"))?, name, loopback }
        }
    };
    choice.find(direction).with_context(|| {
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        format!("cannot use the {} {wanted:?} (there are: {there})", direction.name())
    })?;
    Ok(choice)
}

/// Outputs and inputs, a line each.
pub fn list() -> String {
    let host = host();
    let mut text = String::new();
    for direction in [Direction::Output, Direction::Input] {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}s ({})", capitalised(direction.name()), host.id().name());
        let entries = entries(&host, direction);
        if entries.is_empty() {
            let _ = writeln!(text, "    none");
        }
        for (index, Entry { name, default, .. }) in entries.iter().enumerate() {
            let _ = writeln!(text, "{:>5}  {name}{}", index + 1, if *default { " [default]" } else { "" });
        }
        text.push('\n');
    }
    text
}

/// The system's sound: PulseAudio (or PipeWire by the same protocol) where it runs, else ALSA; WASAPI; Core Audio.
fn host() -> Host {
    hush();
    cpal::default_host()
}

/// ALSA would write to our terminal, from this thread, a page about every device that is not there.
pub fn hush() {
    #[cfg(target_os = "linux")]
    if let Err(error) = alsa::Output::local_error_handler() {
        tracing::debug!("ALSA cannot be hushed: {error}");
    }
}

/// What went wrong, without its full stop: it becomes a part of a line of ours.
pub fn words(error: &cpal::Error) -> String {
    error.to_string().trim_end_matches('.').replace('\n', " ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn entries(host: &Host, direction: Direction) -> Vec<Entry> {
    let all: Vec<Device> = host.devices().map(Iterator::collect).unwrap_or_default();
    let default = direction.default_of(host).and_then(|device| device.id().ok());
    let fits = |device: &&Device| match direction {
        Direction::Output => device.supports_output(),
        Direction::Input => device.supports_input(),
    };
    let mut entries: Vec<Entry> = all.iter().filter(fits).map(|device| Entry::of(device, &default)).collect();
    // These systems let an output be listened to; on Linux the sound server has inputs for that.
    if direction == Direction::Input && cfg!(any(windows, target_os = "macos")) {
        entries.extend(all.iter().filter(|device| device.supports_output()).map(|device| {
            let entry = Entry::of(device, &None);
            Entry { name: format!("{} (loopback)", entry.name), loopback: true, ..entry }
        }));
    }
    entries
}

impl Entry {
    fn of(device: &Device, default: &Option<DeviceId>) -> Self {
        let id = device.id().ok();
        let plain = device.description().map_or_else(|_| device.to_string(), |it| it.name().to_owned());
        let name = match &id {
            // Many of ALSA's devices are described in the same words, and users know its own names.
            Some(id) if id.host().name() == "ALSA" && id.id() != plain => format!("{} ({plain})", id.id()),
            _ => plain,
        };
        Self { default: id.is_some() && id == *default, name, id, loopback: false }
    }
}
