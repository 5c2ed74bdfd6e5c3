//! Any bytes as the settings of a saved project: settings within their bounds.

#![no_main]

use klangbild::settings::Settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(settings) = serde_json::from_slice::<Settings>(bytes) {
        let bounded = settings.bounded();
        let _ = bounded.output_folder();
    }
});
