//! Any bytes as `pack.toml`: a manifest, or one line.

#![no_main]

use klangbild_engine::pack::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = Manifest::parse("pack.toml", bytes.to_vec());
    if let Err(error) = read.and_then(|manifest| manifest.check("pack.toml")) {
        assert!(!error.to_string().contains('\n'), "{error}");
    }
});
