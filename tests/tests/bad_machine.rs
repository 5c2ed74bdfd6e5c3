//! Machines on which something is missing, dies or interrupts.

use std::fs;

use klangbild_tests::broken;
use klangbild_tests::frames;
use klangbild_tests::program::{Program, Scratch};
use klangbild_tests::sound::Sound;
use klangbild_tests::video::Video;

use crate::{klangbild, program_path, render};

const SMALL: &str = "--size 160x90 --fps 10";

/// A machine without any GPU driver: neither Vulkan nor OpenGL finds one.
fn without_gpu(program: Program) -> Program {
    program
        .env("VK_ICD_FILENAMES", "/nonexistent")
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent")
        .env("LIBGL_DRIVERS_PATH", "/nonexistent")
}

#[test]
fn without_ffmpeg_there_are_still_pictures() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    let nothing = scratch.path("nothing");
    let out = scratch.path("out.mp4");
    let missing = || render(&song, &out, SMALL).env("KLANGBILD_FFMPEG", &nothing);
    missing().run().fails(1, &["ffmpeg", "png"]);
    assert_eq!(scratch.names(), ["song.wav"]);
    // No ffmpeg on the path either.
    render(&song, &out, SMALL).env("PATH", scratch.folder()).run().fails(1, &["ffmpeg"]);
    assert_eq!(scratch.names(), ["song.wav"]);

    let out = scratch.path("frames");
    render(&song, &out, SMALL)
        .env("KLANGBILD_FFMPEG", &nothing)
        .env("PATH", scratch.folder())
        .run()
        .succeeds();
    assert_eq!(frames::list(&out).len(), 5);
}

#[cfg(unix)]
#[test]
fn ffmpeg_dies_half_way() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 5.0).write(&scratch.path("song.wav"), 2);
    let ffmpeg = scratch.path("ffmpeg-that-dies");
    broken::dying_ffmpeg(&ffmpeg);
    let before = scratch.names();
    render(&song, &scratch.path("out.mp4"), SMALL)
        .env("KLANGBILD_FFMPEG", &ffmpeg)
        .run()
        .fails(1, &["ffmpeg", "the disk is on fire"]);
    assert_eq!(scratch.names(), before);
}

#[test]
fn without_onnx_runtime_it_says_what_to_do() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    // A copy of the program, so that no library lies beside it.
    let folder = scratch.path("elsewhere");
    let empty = scratch.path("empty");
    fs::create_dir(&folder).unwrap();
    fs::create_dir(&empty).unwrap();
    let program = folder.join("klangbild");
    fs::copy(program_path(), &program).unwrap();
    let before = scratch.names();
    Program::at(&program)
        .arg("render")
        .arg(&song)
        .arg("-o")
        .arg(scratch.path("out.mp4"))
        .args(SMALL)
        .env("KLANGBILD_ONNXRUNTIME_DIR", &empty)
        .run()
        .fails(1, &["ONNX Runtime", "KLANGBILD_ONNXRUNTIME_DIR"]);
    assert_eq!(scratch.names(), before);

    // What needs no models works without it.
    Program::at(&program).arg("hear").arg(&song).env("KLANGBILD_ONNXRUNTIME_DIR", &empty).run().succeeds();
    let doctor = Program::at(&program).arg("doctor").env("KLANGBILD_ONNXRUNTIME_DIR", &empty).run();
    assert!(doctor.stdout.contains("ONNX Runtime"), "{doctor:?}");
}

#[test]
fn a_broken_onnx_runtime_is_an_error_not_a_crash() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    let folder = scratch.path("runtime");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("libonnxruntime.so"), "not a library").unwrap();
    let before = scratch.names();
    render(&song, &scratch.path("out.mp4"), SMALL)
        .env("KLANGBILD_ONNXRUNTIME_DIR", &folder)
        .run()
        .fails(1, &["libonnxruntime.so"]);
    assert_eq!(scratch.names(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_gpu_adapter_it_says_what_to_do() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    without_gpu(render(&song, &scratch.path("out.mp4"), SMALL)).run().fails(1, &["adapter", "vulkan"]);
    assert_eq!(scratch.names(), ["song.wav"]);
    let doctor = without_gpu(klangbild().arg("doctor")).run();
    assert!(doctor.stdout.to_lowercase().contains("adapter"), "{doctor:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_playable_video() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 300.0).write(&scratch.path("song.wav"), 1);
    let out = scratch.path("out.mp4");
    let mut running = render(&song, &out, "--size 160x90 --fps 30").start();
    running.wait_until("the first bytes of the video", || scratch.names().len() > 1);
    std::thread::sleep(std::time::Duration::from_secs(2));
    running.interrupt();
    let outcome = running.wait();
    assert!(outcome.code == Some(130), "{outcome:?}");
    assert_eq!(scratch.names(), ["out.mp4", "song.wav"]);

    let video = Video::open(&out);
    assert!(video.frames > 0 && video.video_s < 290.0, "{video:?}");
    assert!((video.video_s - video.audio_s).abs() <= 0.1, "{video:?}");
}

#[test]
fn doctor_writes_json() {
    let doctor = klangbild().args("doctor --json").run().succeeds();
    let report: serde_json::Value = serde_json::from_str(&doctor.stdout).expect("doctor writes JSON");
    assert!(report.is_object(), "{report}");
    for part in ["onnx", "ffmpeg", "starter"] {
        assert!(doctor.stdout.to_lowercase().contains(part), "no {part} in {}", doctor.stdout);
    }
}
