//! What the packs that ship promise.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::inference::Runtime;

fn folder(pack: &BuiltIn) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../models").join(pack.name)
}

#[test]
fn each_loads_by_its_name_and_is_whole() {
    for built_in in BUILT_IN {
        let pack = Pack::load(built_in.name).unwrap();
        assert_eq!(pack.manifest.name, built_in.name);
        assert!(pack.thumbnail.is_some(), "{}", built_in.name);
        for paper in ["LICENSE", "MODEL_CARD.md"] {
            let path = folder(built_in).join(paper);
            assert!(path.is_file(), "{} is missing", path.display());
        }
    }
}

#[test]
fn a_check_finds_nothing_to_complain_of() {
    let runtime = Runtime::load();
    for built_in in BUILT_IN {
        let report = check(built_in.name, runtime.as_ref());
        // How quick a graph is depends on what else the machine does.
        let odd = report.findings.iter().filter(|finding| !finding.message.contains("not quicker here"));
        assert!(odd.into_iter().all(|finding| finding.severity == Severity::Good), "{report}");
    }
}

/// A pack may be given a file of another pack's folder, to have equal bytes but once in the program.
#[test]
fn each_is_what_lies_in_its_folder() {
    for built_in in BUILT_IN {
        for (name, bytes) in built_in.files {
            let path = folder(built_in).join(name);
            let there = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(there == *bytes, "{} is not the one that is built in", path.display());
        }
    }
}

#[test]
fn equal_files_are_in_the_program_once() {
    let files: Vec<_> = BUILT_IN
        .iter()
        .flat_map(|pack| pack.files.iter().map(|(name, bytes)| (format!("{}/{name}", pack.name), *bytes)))
        .collect();
    for (place, (one, bytes)) in files.iter().enumerate() {
        for (other, others) in &files[..place] {
            let twice = bytes == others && bytes.as_ptr() != others.as_ptr();
            assert!(!twice, "{one} and {other} are equal: include one for both");
        }
    }
}

#[test]
fn the_default_pack_is_small() {
    let pack = Pack::load(DEFAULT).unwrap();
    assert!(
        pack.encoder.bytes.len() <= 6_000_000,
        "{} has {} bytes",
        pack.encoder.file,
        pack.encoder.bytes.len()
    );
    let files = &BUILT_IN.iter().find(|pack| pack.name == DEFAULT).unwrap().files;
    let generator: usize =
        files.iter().filter(|(name, _)| name.starts_with("generator")).map(|(_, bytes)| bytes.len()).sum();
    assert!(generator <= 23_000_000, "the generator at all sizes has {generator} bytes");
}

#[test]
fn they_stand_first_in_the_list() {
    let names: Vec<_> = Pack::list().into_iter().map(|pack| pack.name).collect();
    let first: Vec<_> = BUILT_IN.iter().map(|pack| pack.name).collect();
    assert_eq!(names[..first.len()], first);
}
