//! What the panel looks like. After a change that is meant: `UPDATE_SNAPSHOTS=force cargo test -p klangbild --lib panel`, then
//! look at the pictures in `plugin/tests/snapshots`.

use std::path::PathBuf;

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use klangbild_engine::live::Models;

use super::sample::Sample;
use crate::notice::Notice;
use crate::panel::{Bounced, Hint, Recorded};

/// Compares with the picture of this name. Adapters round differently at the edges of glyphs and lines.
fn look(name: &str, sample: Sample, width: f32, height: f32) {
    let mut window = sample.open(width, height);
    window.run();
    compare(name, &mut window);
}

fn compare(name: &str, window: &mut Harness<'_, Sample>) {
    let tolerance = SnapshotOptions::new().threshold(1.0).max_failed_pixels(20);
    window.snapshot_options(format!("panel_{name}"), &tolerance);
}

fn notices() -> Vec<Notice> {
    let path = PathBuf::from("/videos/Klangbild/still.png");
    let failed = "Recording stopped: the disk is full; free some space or choose another folder in the panel. \
                  What was written stays playable";
    vec![Notice::sample(1, "Saved still.png", false, Some(path)), Notice::sample(2, failed, true, None)]
}

#[test]
fn the_whole_of_it() {
    look("bright", Sample { picture: Some(true), ..Sample::default() }, 960.0, 540.0);
}

#[test]
fn narrow() {
    look("narrow", Sample { picture: Some(false), ..Sample::default() }, 480.0, 320.0);
}

#[test]
fn in_trouble() {
    let mut sample = Sample { notices: notices(), ..Sample::default() };
    sample.status.models = Models::Failed(
        "there is no ONNX Runtime beside the plugin; run `cargo xtask setup`, or set ORT_DYLIB_PATH"
            .to_owned(),
    );
    sample.status.pack_error = Some("there is no pack \"ink\"; the one before plays on".to_owned());
    sample.status.fallbacks = vec!["CUDA does not run: no libcudart.so.12; install CUDA 12".to_owned()];
    sample.drawing.frame_px = (480, 270);
    sample.recording = Some(Recorded { seconds: 83.0, dropped: 12 });
    sample.preset_changed = true;
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.state_mut().status.overruns = 512;
    window.run();
    compare("trouble", &mut window);
}

#[test]
fn bouncing_in_the_least_window() {
    let bouncing = Some(Bounced { frames: 1234, seconds: 41.2 });
    look("least", Sample { picture: Some(false), bouncing, ..Sample::default() }, 320.0, 180.0);
}

#[test]
fn the_list_of_presets() {
    let mut sample = Sample { picture: Some(true), preset_changed: true, ..Sample::default() };
    sample.settings.preset = "Friday".to_owned();
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_label("Preset").click();
    window.run();
    compare("presets", &mut window);
}

#[test]
fn hidden_with_a_notice() {
    let sample = Sample { picture: Some(true), notices: notices(), opacity: 0.0, ..Sample::default() };
    look("hidden", sample, 640.0, 220.0);
}

#[test]
fn hidden_for_the_first_time() {
    let hint =
        Some(Hint { words: "Move the pointer, and the panel is back. Tab puts it away", strength: 1.0 });
    look("hint", Sample { picture: Some(false), hint, opacity: 0.0, ..Sample::default() }, 640.0, 220.0);
}

/// Further sizes and states to look at while designing; writes them where `KLANGBILD_LOOK` says.
#[test]
#[ignore = "for eyes only"]
fn for_the_eye() {
    let Some(folder) = std::env::var_os("KLANGBILD_LOOK").map(PathBuf::from) else { return };
    for (width, height) in [
        (320.0, 180.0),
        (480.0, 320.0),
        (640.0, 360.0),
        (960.0, 540.0),
        (1280.0, 720.0),
        (1920.0, 1080.0),
        (3840.0, 2160.0),
    ] {
        for bright in [false, true] {
            let sample = Sample { picture: Some(bright), ..Sample::default() };
            let mut window = sample.open(width, height);
            window.run();
            let shade = if bright { "bright" } else { "dark" };
            window.render().unwrap().save(folder.join(format!("{width}x{height}-{shade}.png"))).unwrap();
        }
    }
    let save = |window: &mut Harness<'_, Sample>, name: &str| {
        window.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
    };
    let open = |opacity: f32| {
        let mut window = Sample { picture: Some(true), opacity, ..Sample::default() }.open(960.0, 540.0);
        window.run();
        window
    };
    for name in ["Preset", "Scene", "Still size", "Video rate"] {
        let mut window = open(1.0);
        window.get_by_label(name).click();
        window.run();
        window.run();
        save(&mut window, name);
    }
    for tab in ["Scene", "Look", "Hearing", "Output"] {
        let mut window = Sample { picture: Some(false), ..Sample::default() }.open(480.0, 320.0);
        window.run();
        window.get_by_role_and_label(egui::accesskit::Role::Tab, tab).click();
        window.run();
        save(&mut window, tab);
    }
    let mut window = open(1.0);
    window.get_by_label("Speed: 100 %").click();
    window.run();
    save(&mut window, "typing");
    window.get_by_role_and_label(egui::accesskit::Role::Slider, "Bloom").hover();
    window.run_steps(8);
    save(&mut window, "hover");
    save(&mut open(0.5), "half");
}
