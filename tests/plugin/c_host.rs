//! Hosts in C or C++: what Rust's runtime does for a Rust program, nobody has done there.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::state;
use klangbild_tests::program::{Outcome, Program, Scratch};
use serde_json::json;

use crate::{library_path, plugin_that_writes_to};

/// Compiles the host.
fn host(folder: &Path) -> PathBuf {
    let (source, program) = (folder.join("host.c"), folder.join("host"));
    std::fs::write(&source, include_str!("host.c")).unwrap();
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let compiled =
        Command::new(compiler).arg(&source).args(["-o"]).arg(&program).args(["-ldl", "-lm"]).output();
    let compiled = compiled.unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    program
}

/// Records in it, through an ffmpeg that answers questions about itself and does `script` with what it is to write.
fn records_with(videos: &Path, script: &str) -> Outcome {
    let tools = Scratch::new();
    let mut plugin = plugin_that_writes_to(videos);
    let saved = state::with_settings(&plugin.save(), &json!({"video_kind": "mp4", "video_px": [1280, 720]}));
    let (ffmpeg, project) = (tools.path("ffmpeg"), tools.path("project"));
    std::fs::write(&project, saved).unwrap();
    let text = format!("#!/bin/sh\ncase \"$*\" in *pipe:0*) ;; *) exec ffmpeg \"$@\";; esac\n{script}\n");
    std::fs::write(&ffmpeg, text).unwrap();
    std::fs::set_permissions(&ffmpeg, std::fs::Permissions::from_mode(0o755)).unwrap();
    Program::at(host(tools.folder()))
        .arg(library_path())
        .arg(&project)
        .arg(plugin.param("Record Video").id.get().to_string())
        .arg("4")
        .env("KLANGBILD_FFMPEG", &ffmpeg)
        .run()
}

#[test]
fn an_ffmpeg_that_dies_takes_no_host_with_it() {
    Alone::new().run(|| {
        let videos = Scratch::new();
        // A signal from a broken pipe would end it with none of this.
        let outcome = records_with(videos.folder(), "head -c 3000000 >/dev/null; exit 3").succeeds();
        assert!(outcome.stdout.contains("alive"), "{outcome:?}");
        assert!(videos.names().is_empty(), "{:?}", videos.names());
    });
}

#[test]
fn an_ffmpeg_that_stands_still_keeps_no_host_from_closing() {
    Alone::new().run(|| {
        let videos = Scratch::new();
        let outcome = records_with(videos.folder(), "exec sleep 10000").succeeds();
        assert!(outcome.stdout.contains("alive"), "{outcome:?}");
        assert!(videos.names().is_empty(), "{:?}", videos.names());
    });
}

/// The control: with an ffmpeg that works it records.
#[test]
fn a_host_in_c_records() {
    Alone::new().run(|| {
        let videos = Scratch::new();
        records_with(videos.folder(), "exec ffmpeg \"$@\"").succeeds();
        let names = videos.names();
        let [name] = &names[..] else { panic!("not one video: {names:?}") };
        assert!(name.ends_with(".mp4") && !name.contains("partial"), "{name}");
    });
}
