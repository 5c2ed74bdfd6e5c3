//! Any text as a preset: its values, or an error.

#![no_main]

use klangbild::params::KlangbildParams;
use klangbild::preset::Preset;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(preset) = Preset::from_toml(text) {
        let _ = preset.values(&KlangbildParams::default());
    }
});
