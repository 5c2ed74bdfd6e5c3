//! Files written after the specification, in the ways that people write GLSL: read, translated, and drawn on whatever adapter
//! there is.

mod hostile;
mod language;
mod pictures;
mod player;
mod reading;

use std::{fs, path::PathBuf};

use super::*;

/// Every file of `tests/files`: its name, its text, and that of the `.vs` file beside it.
fn files() -> Vec<(String, String, Option<String>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/isf/tests/files");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "fs"));
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).unwrap(), fs::read_to_string(path.with_extension("vs")).ok())
    };
    paths.into_iter().map(read).collect()
}

/// One of them.
fn file(name: &str) -> (Isf, Program) {
    let (_, fragment, vertex) = files().into_iter().find(|(found, ..)| found == name).unwrap();
    let isf = Isf::read(&fragment).unwrap();
    let program = isf.translate(vertex.as_deref()).unwrap();
    (isf, program)
}
