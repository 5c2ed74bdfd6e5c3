//! Packs that are broken, or that want to break something.

use std::fs;
use std::path::Path;

use klangbild_tests::broken::{change_manifest, copy_of_starter, starter_pack, truncate, zip_that_slips};
use klangbild_tests::frames;
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::{klangbild, render};

/// Renders with the pack and checks it: both must fail, and name each of `hints`.
#[track_caller]
fn refuse(pack: &Path, hints: &[&str]) {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.3).write(&scratch.path("song.wav"), 2);
    render(&song, &scratch.path("out.mp4"), "--size 160x90 --fps 10 --pack").arg(pack).run().fails(1, hints);
    assert_eq!(scratch.names(), ["song.wav"]);

    let checked = klangbild().args("pack check").arg(pack).run();
    assert_eq!(checked.code, Some(1), "{checked:?}");
    let said = format!("{}{}", checked.stdout, checked.stderr).to_lowercase();
    for hint in hints {
        assert!(said.contains(&hint.to_lowercase()), "no {hint:?} in `pack check`:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn the_copy_that_the_others_break_is_whole() {
    let scratch = Scratch::new();
    let pack = scratch.path("pack");
    copy_of_starter(&pack);
    klangbild().args("pack check").arg(&pack).run().succeeds();
    let song = Sound::music(44_100, 0.3).write(&scratch.path("song.wav"), 2);
    render(&song, &scratch.path("out"), "--size 160x90 --fps 10 --pack").arg(&pack).run().succeeds();
}

#[test]
fn manifests_that_do_not_fit_their_models() {
    let cases: [(&str, &str, &str, &[&str]); 9] = [
        ("encoder", "window_s", "2.0", &["32000", "48000"]),
        ("encoder", "embedding", "\"nothing\"", &["nothing", "embedding"]),
        ("generator", "width_px", "128", &["128", "256"]),
        ("generator", "image", "\"picture\"", &["picture", "image"]),
        ("generator", "width_px", "4000000000", &["4000000000"]),
        ("generator", "height_px", "-1", &["height_px"]),
        ("encoder", "sample_rate_hz", "1000000000", &["sample_rate_hz"]),
        ("generator", "file", "\"painter.onnx\"", &["painter.onnx"]),
        ("generator", "range", "[1.0, 1.0]", &["range"]),
    ];
    for (table, key, value, hints) in cases {
        let scratch = Scratch::new();
        let pack = scratch.path("pack");
        copy_of_starter(&pack);
        change_manifest(&pack, table, key, value);
        println!("[{table}] {key} = {value}");
        refuse(&pack, hints);
    }
}

#[test]
fn models_that_are_no_models() {
    for share in [0.0, 0.3, 0.99] {
        let scratch = Scratch::new();
        let pack = scratch.path("pack");
        copy_of_starter(&pack);
        truncate(&pack.join("generator.onnx"), share);
        println!("{share} of the generator");
        refuse(&pack, &["generator.onnx"]);
    }
    let scratch = Scratch::new();
    let pack = scratch.path("pack");
    copy_of_starter(&pack);
    fs::write(pack.join("encoder.onnx"), [0xA5; 5000]).unwrap();
    refuse(&pack, &["encoder.onnx"]);
}

#[test]
fn packs_without_a_manifest() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("empty")).unwrap();
    refuse(&scratch.path("empty"), &["pack.toml"]);
    fs::write(scratch.path("text.zip"), "not an archive").unwrap();
    refuse(&scratch.path("text.zip"), &["text.zip"]);
    refuse(&scratch.path("missing.zip"), &["missing.zip"]);
    let pack = scratch.path("pack");
    copy_of_starter(&pack);
    fs::write(pack.join("pack.toml"), "format = [").unwrap();
    refuse(&pack, &["pack.toml"]);
    fs::write(pack.join("pack.toml"), "format = 99\n").unwrap();
    refuse(&pack, &["format", "99"]);
}

#[test]
fn paths_stay_inside_the_pack() {
    let scratch = Scratch::new();
    fs::write(scratch.path("outside.onnx"), "secret").unwrap();
    for outside in ["../outside.onnx", "/etc/passwd", "sub/../../outside.onnx"] {
        let pack = scratch.path("pack");
        copy_of_starter(&pack);
        change_manifest(&pack, "encoder", "file", &format!("\"{outside}\""));
        refuse(&pack, &[outside]);
    }
    #[cfg(unix)]
    {
        let pack = scratch.path("linked");
        copy_of_starter(&pack);
        fs::remove_file(pack.join("encoder.onnx")).unwrap();
        std::os::unix::fs::symlink(scratch.path("outside.onnx"), pack.join("encoder.onnx")).unwrap();
        refuse(&pack, &["encoder.onnx"]);
    }
}

#[test]
fn archives_stay_inside_themselves() {
    let scratch = Scratch::new();
    let pack = scratch.path("slip.zip");
    zip_that_slips(&pack, "../slipped.txt");
    refuse(&pack, &["../slipped.txt"]);
    assert_eq!(scratch.names(), ["slip.zip"]);
    assert!(!scratch.folder().parent().unwrap().join("slipped.txt").exists());
}

/// The packs that there are, with those in the folder `packs`.
fn listed(packs: &Path) -> Vec<serde_json::Value> {
    let listed = klangbild().args("pack list --json").env("KLANGBILD_PACKS", packs).run().succeeds();
    serde_json::from_str(&listed.stdout).expect("pack list writes JSON")
}

#[test]
fn every_built_in_pack_renders_and_the_first_one_unasked() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.3).write(&scratch.path("song.wav"), 2);
    let rendered = |name: &str, options: &str| {
        let out = scratch.path(name);
        render(&song, &out, &format!("--size 160x90 --fps 10 {options}")).run().succeeds();
        // The files' tags name each its own output.
        frames::load_all(&out)
    };
    let unasked = rendered("unasked", "");
    let built_in = listed(scratch.folder()).into_iter().filter(|pack| pack["path"].is_null());
    for (place, pack) in built_in.enumerate() {
        let name = pack["name"].as_str().unwrap();
        assert_eq!(rendered(name, &format!("--pack {name}")) == unasked, place == 0, "{name}");
    }
}

#[test]
fn an_installed_pack_is_listed_and_hides_no_built_in_one() {
    let scratch = Scratch::new();
    copy_of_starter(&scratch.path("starter"));
    copy_of_starter(&scratch.path("mine"));
    let packs = listed(scratch.folder());
    let paths = |name: &str| -> Vec<_> {
        packs.iter().filter(|pack| pack["name"] == name).map(|pack| pack["path"].clone()).collect()
    };
    assert_eq!(paths("starter"), [serde_json::Value::Null], "{packs:?}");
    assert!(matches!(&paths("mine")[..], [serde_json::Value::String(_)]), "{packs:?}");
}

#[test]
fn a_manifest_from_two_models() {
    let scratch = Scratch::new();
    let models = starter_pack();
    let pack = scratch.path("mine");
    klangbild()
        .args("pack new")
        .arg(models.join("encoder.onnx"))
        .arg(models.join("generator.onnx"))
        .arg("-o")
        .arg(&pack)
        .args("--sample-rate 16000")
        .run()
        .succeeds();
    let song = Sound::music(44_100, 0.3).write(&scratch.path("song.wav"), 2);
    render(&song, &scratch.path("out"), "--size 160x90 --fps 10 --pack").arg(&pack).run().succeeds();
}
