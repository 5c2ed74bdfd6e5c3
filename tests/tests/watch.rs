//! `render --watch`: the video follows a scene that is being written.

use std::fs;
use std::path::Path;

use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::render;

fn text(colour: &str) -> String {
    format!(
        "/*\nname = \"Plain\"\n[post]\nbreathes = false\n*/\n\
         @fragment fn paint() -> @location(0) vec4f {{ return {colour}; }}\n"
    )
}

/// As most editors save: nobody reads half of it.
fn write(scene: &Path, colour: &str) {
    fs::write(scene.with_extension("part"), text(colour)).unwrap();
    fs::rename(scene.with_extension("part"), scene).unwrap();
}

/// As the others do: it is empty first, then it grows.
fn write_by_and_by(scene: &Path, colour: &str) {
    let text = text(colour);
    for end in [0, text.len() / 2, text.len()] {
        fs::write(scene, &text[..end]).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(8));
    }
}

#[test]
fn a_saved_scene_is_rendered_again_and_a_broken_one_loses_nothing() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 1);
    let (scene, out) = (scratch.path("plain.wgsl"), scratch.path("frames"));
    write(&scene, "vec4f(1.0, 0.0, 0.0, 1.0)");
    let options = format!("--size 64x36 --fps 10 --watch --scene {}", scene.display());
    let mut running = render(&song, &out, &options).start();
    // Its channels where the last of five frames stands.
    let shown = || {
        let last = image::open(out.join("frame-000004.png")).ok()?;
        Some(last.to_rgb8().get_pixel(32, 18).0)
    };
    running.wait_until("a red video", || shown().is_some_and(|[r, g, _]| r > 150 && g < 90));
    write(&scene, "vec4f(0.0, 1.0, nothing)");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(shown().is_some_and(|[r, g, _]| r > 150 && g < 90), "the broken scene took the video away");
    write(&scene, "vec4f(0.0, 1.0, 0.0, 1.0)");
    running.wait_until("a green video", || shown().is_some_and(|[r, g, _]| g > 150 && r < 90));
    write_by_and_by(&scene, "vec4f(0.0, 0.0, 1.0, 1.0)");
    running.wait_until("a blue video", || shown().is_some_and(|[_, g, b]| b > 150 && g < 90));
    running.interrupt();
    let outcome = running.wait().succeeds();
    assert!(outcome.stderr.contains("plain.wgsl:6:"), "{outcome:?}");
    assert_eq!(outcome.stderr.matches("error:").count(), 1, "half a file was read: {outcome:?}");
}
