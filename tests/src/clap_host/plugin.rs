//! One instance.

use std::io::Cursor;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clack_extensions::audio_ports_config::PluginAudioPortsConfig;
use clack_extensions::latency::PluginLatency;
use clack_extensions::render::{PluginRender, RenderMode};
use clack_extensions::state::PluginState;
use clack_host::extensions::prelude::{Extension, PluginExtensionSide};
use clack_host::prelude::*;

use super::handlers::{Asked, Daw, MainThread};
use super::{Library, Sound};

/// Longer than anything that a test waits for may take on a busy machine; it turns a hang into a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// An instance, and the host's main thread for it. Dropping it destroys it, whatever is open.
pub struct Plugin {
    pub(super) instance: PluginInstance<Daw>,
    channels: usize,
}

impl Plugin {
    /// A new one, stereo and inactive.
    #[track_caller]
    pub fn new(library: &Library) -> Self {
        let host = HostInfo::new("Klangbild's tests", "The Klangbild authors", "", "1").expect("no zeros");
        let made = PluginInstance::new(
            |_| Asked::default(),
            |_| MainThread::default(),
            &library.entry,
            &library.id,
            &host,
        );
        Self { instance: made.expect("makes an instance"), channels: 2 }
    }

    pub(super) fn extension<E: Extension<ExtensionSide = PluginExtensionSide>>(&mut self) -> E {
        self.instance.plugin_handle().get_extension().expect("has the extension")
    }

    pub(super) fn with<E: Extension<ExtensionSide = PluginExtensionSide>>(
        &mut self,
    ) -> (PluginMainThreadHandle<'_>, E) {
        let extension = self.extension();
        (self.instance.plugin_handle(), extension)
    }

    /// Chooses how many channels go in and come out; it must not be active.
    #[track_caller]
    pub fn set_channels(&mut self, channels: usize) {
        let config: PluginAudioPortsConfig = self.extension();
        let number = ClapId::new(u32::from(channels == 1));
        let plugin = self.instance.inactive_plugin_handle().expect("is not active");
        config.select(&plugin, number).expect("takes mono and stereo");
        self.channels = channels;
    }

    /// Whether the host renders to a file.
    #[track_caller]
    pub fn set_offline(&mut self, offline: bool) {
        let (plugin, render) = self.with::<PluginRender>();
        let mode = if offline { RenderMode::Offline } else { RenderMode::Realtime };
        render.set(&plugin, mode).expect("takes the mode");
    }

    /// Frames that the sound comes later.
    pub fn latency(&mut self) -> u32 {
        let (plugin, latency) = self.with::<PluginLatency>();
        latency.get(&plugin)
    }

    /// Makes it ready for sound.
    #[track_caller]
    pub fn activate(&mut self, sample_rate_hz: f64, longest_block: u32) -> Sound {
        let config = PluginAudioConfiguration {
            sample_rate: sample_rate_hz,
            min_frames_count: 1,
            max_frames_count: longest_block,
        };
        let stopped = self.instance.activate(|_, _| (), config).expect("is activated");
        let processor = stopped.start_processing().expect("starts to process");
        Sound::new(processor, self.channels)
    }

    /// No more sound comes.
    pub fn deactivate(&mut self, sound: Sound) {
        self.instance.deactivate(sound.stop());
    }

    /// The project's file.
    pub fn save(&mut self) -> Vec<u8> {
        let (plugin, state) = self.with::<PluginState>();
        let mut bytes = Vec::new();
        state.save(&plugin, &mut bytes).expect("saves its state");
        bytes
    }

    /// Opens a project; whether the plugin takes it.
    pub fn load(&mut self, bytes: &[u8]) -> bool {
        let (plugin, state) = self.with::<PluginState>();
        state.load(&plugin, &mut Cursor::new(bytes)).is_ok()
    }

    /// One round of the host's main loop.
    pub fn pump(&mut self) {
        let asked = self.instance.access_shared_handler(|asked| asked.callback.swap(false, Ordering::SeqCst));
        if asked {
            self.instance.call_on_main_thread_callback();
        }
    }

    /// The host's main loop, for a time.
    pub fn pump_for(&mut self, duration: Duration) {
        let until = Instant::now() + duration;
        while Instant::now() < until {
            self.pump();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The host's main loop, until something is there; what is a word for the failure.
    #[track_caller]
    pub fn pump_until(&mut self, what: &str, mut there: impl FnMut() -> bool) {
        let began = Instant::now();
        while !there() {
            assert!(began.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
            self.pump_for(Duration::from_millis(20));
        }
    }

    /// How often the plugin has said that the project has changed.
    pub fn dirty(&self) -> u32 {
        self.instance.access_handler(|host| host.dirty.get())
    }

    /// How often it has said that values of its parameters have.
    pub fn rescans(&self) -> u32 {
        self.instance.access_handler(|host| host.rescans.get())
    }

    /// How often it has said that names and texts of its parameters have.
    pub fn renames(&self) -> u32 {
        self.instance.access_handler(|host| host.renames.get())
    }

    /// Why it could not load a preset.
    pub fn trouble(&self) -> Option<String> {
        self.instance.access_handler(|host| host.trouble.borrow().clone())
    }

    /// How often the plugin has said that its window is gone.
    pub fn closed(&self) -> u32 {
        self.instance.access_shared_handler(|asked| asked.closed.load(Ordering::SeqCst))
    }
}
