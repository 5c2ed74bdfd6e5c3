//! Any bytes as a pack's archive: its files, or one line. Nothing is read of more than a mebibyte.

#![no_main]

use std::fs;

use klangbild_engine::pack::files::PackFiles;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("klangbild-fuzz-{}.zip", std::process::id()));
    fs::write(&path, bytes).unwrap();
    let read = PackFiles::open(&path).and_then(|files| {
        for name in ["pack.toml", "encoder.onnx", "weights/a.bin"] {
            let found = files.look_at(name, 1 << 20);
            let read = files.read(name, 1 << 20);
            assert!(read.is_err() || found.is_ok(), "{name} is read and not found");
        }
        Ok(())
    });
    if let Err(error) = read {
        assert!(!error.to_string().contains('\n'), "{error}");
    }
});
