#![cfg(not(target_os = "macos"))] // Stand-ins cannot be signed.

use std::fs;

use super::*;
use crate::bundle::tests::Workshop;
use crate::disk;

/// The places of a user who has other plugins too, and these plugins' files.
fn user() -> (tempfile::TempDir, Places) {
    let home = tempfile::tempdir().unwrap();
    let places = Places::under(home.path());
    disk::write(&places.clap.join("Other.clap"), b"theirs").unwrap();
    disk::write(&places.vst3.join("Other.vst3/Contents/x86_64-linux/Other.so"), b"theirs").unwrap();
    (home, places)
}

fn install_version(text: &str, places: &Places) -> Result<Done> {
    // The workshop is gone when this returns: what is installed leans on nothing in it.
    let workshop = Workshop::new(text);
    let bundle = workshop.bundle(bundle::RELEASE)?;
    put(&bundle.folder, &bundle.layout, places)
}

fn library(place: &Path) -> String {
    let files = disk::files(place).unwrap();
    let texts = files.iter().map(|file| fs::read_to_string(place.join(file)).unwrap());
    texts.filter(|text| text.contains("clap_entry")).collect()
}

#[test]
fn a_new_version_replaces_the_old_and_others_are_left_alone() {
    let (home, places) = user();
    let strangers = disk::files(home.path()).unwrap();
    let done = install_version("v1", &places).unwrap();
    assert_eq!(done.iter().map(|(format, _)| *format).collect::<Vec<_>>(), ["CLAP", "VST3"]);
    // A version that brought another ONNX Runtime, whose file the next one does not have.
    disk::write(&places.clap.join("Klangbild/libonnxruntime.so.0.9"), b"").unwrap();
    // What comes with it on Windows, and does not tell by its name where it is from.
    disk::write(&places.clap.join("Klangbild/dxcompiler.dll"), b"").unwrap();
    install_version("v2", &places).unwrap();
    for (_, place) in &done {
        assert!(library(place).ends_with("v2"), "{}: {}", place.display(), library(place));
    }
    assert!(!places.clap.join("Klangbild/libonnxruntime.so.0.9").exists());

    let removed = take_away(&Workshop::new("").layout(), &places).unwrap();
    assert_eq!(removed, done);
    assert_eq!(disk::files(home.path()).unwrap(), strangers);
    assert!(take_away(&Workshop::new("").layout(), &places).unwrap().is_empty());
}

#[test]
fn a_strangers_file_in_our_folder_stops_both_install_and_removal_before_anything_changes() {
    let (home, places) = user();
    install_version("v1", &places).unwrap();
    disk::write(&places.vst3.join("Klangbild.vst3/notes.txt"), b"mine").unwrap();
    let before = disk::files(home.path()).unwrap();
    let error = install_version("v2", &places).unwrap_err().to_string();
    assert!(error.contains("notes.txt does not belong to Klangbild"), "{error}");
    assert!(take_away(&Workshop::new("").layout(), &places).is_err());
    assert_eq!(disk::files(home.path()).unwrap(), before);
    assert!(library(&places.clap.join("Klangbild")).ends_with("v1"), "one of the two was replaced");
}

#[test]
fn somebodys_file_or_link_of_our_name_is_left_alone() {
    let (_home, places) = user();
    disk::write(&places.clap.join("Klangbild"), b"somebody's").unwrap();
    assert!(install_version("v1", &places).unwrap_err().to_string().contains("is no folder"));
    assert!(!places.vst3.join("Klangbild.vst3").exists());
    #[cfg(unix)]
    {
        fs::remove_file(places.clap.join("Klangbild")).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), places.clap.join("Klangbild")).unwrap();
        assert!(install_version("v1", &places).is_err());
        assert!(elsewhere.path().exists());
    }
}

#[test]
fn what_a_broken_off_install_left_is_cleared() {
    let (home, places) = user();
    let strangers = disk::files(home.path()).unwrap();
    disk::write(&places.clap.join(".Klangbild.new/Klangbild.clap"), b"half").unwrap();
    disk::write(&places.clap.join(".Klangbild.old/Klangbild.clap"), b"old").unwrap();
    install_version("v1", &places).unwrap();
    let left = |name: &str| places.clap.join(name).exists();
    assert!(!left(".Klangbild.new") && !left(".Klangbild.old") && left("Klangbild"));
    disk::write(&places.clap.join(".Klangbild.new/Klangbild.clap"), b"half").unwrap();
    take_away(&Workshop::new("").layout(), &places).unwrap();
    assert_eq!(disk::files(home.path()).unwrap(), strangers);
}
