//! Things that are broken on purpose.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The starter pack as it lies in the repository.
pub fn starter_pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/starter")
}

/// Copies the starter pack's manifest and models to `folder`.
pub fn copy_of_starter(folder: &Path) {
    fs::create_dir_all(folder).expect("makes the pack's folder");
    for name in ["pack.toml", "encoder.onnx", "generator.onnx", "thumbnail.png"] {
        fs::copy(starter_pack().join(name), folder.join(name))
            .unwrap_or_else(|e| panic!("copies {name}: {e}"));
    }
}

/// Changes one line of the copy's manifest: the `key` of a `table`, to a new value in TOML.
pub fn change_manifest(folder: &Path, table: &str, key: &str, value: &str) {
    let path = folder.join("pack.toml");
    let mut inside = false;
    let mut changed = 0;
    let mut lines = Vec::new();
    for line in fs::read_to_string(&path).expect("reads the manifest").lines() {
        if line.starts_with('[') {
            inside = line.starts_with(&format!("[{table}]"));
        }
        if inside && line.split('=').next().is_some_and(|name| name.trim() == key) {
            lines.push(format!("{key} = {value}"));
            changed += 1;
        } else {
            lines.push(line.to_owned());
        }
    }
    assert_eq!(changed, 1, "the manifest has no {key} in [{table}]");
    fs::write(&path, lines.join("\n") + "\n").expect("writes the manifest");
}

/// Keeps the first `share` of a file.
pub fn truncate(path: &Path, share: f64) {
    let bytes = fs::read(path).expect("reads the file");
    fs::write(path, &bytes[..(bytes.len() as f64 * share) as usize]).expect("shortens the file");
}

/// Zips the starter pack, with one more entry whose name leads out of the archive.
pub fn zip_that_slips(path: &Path, entry: &str) {
    let mut entries: Vec<(String, Vec<u8>)> =
        ["pack.toml", "encoder.onnx", "generator.onnx", "thumbnail.png"]
            .iter()
            .map(|name| {
                ((*name).to_owned(), fs::read(starter_pack().join(name)).expect("reads the starter pack"))
            })
            .collect();
    entries.push((entry.to_owned(), b"outside".to_vec()));
    fs::write(path, stored_zip(&entries)).expect("writes the archive");
}

/// An archive of stored entries, byte by byte: libraries refuse to write such names.
pub fn stored_zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in entries {
        let at = archive.len() as u32;
        let mut common = Vec::new();
        // Version 2.0, no flags, stored, no date; checksum; both sizes; length of the name, no extra field.
        for field in [20u16, 0, 0, 0, 0x21] {
            common.extend(field.to_le_bytes());
        }
        for field in [crc32(bytes), bytes.len() as u32, bytes.len() as u32] {
            common.extend(field.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());

        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(bytes);

        directory.extend(b"PK\x01\x02");
        directory.extend(20u16.to_le_bytes());
        directory.extend(&common);
        directory.extend([0; 10]); // no comment, first disk, no attributes
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = archive.len() as u32;
    let count = entries.len() as u16;
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// A stand-in for ffmpeg that answers questions about itself, but dies soon after it is given something to encode.
#[cfg(unix)]
pub fn dying_ffmpeg(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let script = "#!/bin/sh\n\
        case \"$*\" in\n\
        *-version*|*-encoders*|*-muxers*|*-codecs*) exec ffmpeg \"$@\" ;;\n\
        esac\n\
        head -c 200000 >/dev/null\n\
        echo 'the disk is on fire' >&2\n\
        exit 7\n";
    let mut file = fs::File::create(path).expect("makes the script");
    file.write_all(script.as_bytes()).expect("writes the script");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("makes the script executable");
}
