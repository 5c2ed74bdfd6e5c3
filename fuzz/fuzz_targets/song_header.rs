//! Any bytes as a song: sound, or an error that says what is wrong with it.

#![no_main]

use std::fs;

use klangbild_engine::song::Song;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("klangbild-fuzz-{}.song", std::process::id()));
    fs::write(&path, bytes).unwrap();
    let Ok(mut song) = Song::open(&path) else { return };
    let mut frames = [[0.0; 2]; 1024];
    for _ in 0..64 {
        match song.read(&mut frames) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    let _ = song.warnings();
});
