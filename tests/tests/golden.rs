//! One frame of each scene against a picture that a person has looked at.
//!
//! After a wanted change: `KLANGBILD_BLESS=1 cargo test --profile fast -p klangbild --test e2e golden`, then look at
//! `tests/golden/`.

use std::fs;
use std::path::{Path, PathBuf};

use image::RgbImage;
use klangbild_tests::frames;
use klangbild_tests::program::Scratch;

use crate::{demo_folder, render};

/// How much alike a scene's frames are at least. Another driver rounds differently, a scene with feedback grows on it, and a
/// simulation on that; another scene scores far below.
const SCENES: [(&str, f64); 6] = [
    ("picture", 0.88),
    ("relief", 0.88),
    ("kaleidoscope", 0.88),
    ("mosaic", 0.8),
    ("terrain", 0.8),
    ("swarm", 0.8),
];

fn golden(scene: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/golden/{scene}.png"))
}

fn rendered(scratch: &Scratch, scene: &str) -> RgbImage {
    let out = scratch.path(scene);
    let options = format!("--size 320x180 --fps 10 --seed 1 --start 19 --end 21 --scene {scene}");
    render(&demo_folder().join("song.ogg"), &out, &options).run().succeeds();
    frames::load(frames::list(&out).last().expect("there are frames"))
}

#[test]
fn scenes_look_as_they_did() {
    let scratch = Scratch::new();
    let bless = std::env::var_os("KLANGBILD_BLESS").is_some();
    for (scene, least) in SCENES {
        let frame = rendered(&scratch, scene);
        if bless {
            fs::create_dir_all(golden(scene).parent().expect("a folder")).expect("makes tests/golden");
            // Renamed when it is whole: the other test may be reading.
            let part = golden(scene).with_extension("part.png");
            frame.save(&part).expect("writes the golden frame");
            fs::rename(&part, golden(scene)).expect("puts the golden frame in its place");
        }
        let alike = frames::likeness(&frame, &frames::load(&golden(scene)));
        if alike < least {
            // Beside the test binary's temporary files: a place to look at it.
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{scene}.png"));
            frame.save(&kept).expect("keeps the frame");
            panic!(
                "{scene} scores {alike:.3}, not {least}: compare tests/golden/{scene}.png and {}",
                kept.display()
            );
        }
    }
}

#[test]
fn golden_frames_are_far_apart() {
    let pairs = SCENES.iter().enumerate().flat_map(|(at, a)| SCENES[at + 1..].iter().map(move |b| (a, b)));
    for ((a, least), (b, other)) in pairs {
        let alike = frames::likeness(&frames::load(&golden(a)), &frames::load(&golden(b)));
        assert!(
            alike < least.min(*other) - 0.1,
            "{a} and {b} score {alike:.3}: the measure cannot tell them apart"
        );
    }
}
