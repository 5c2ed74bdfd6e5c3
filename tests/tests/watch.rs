//! `render --watch`: the video follows a scene that is being written.

use std::fs;
use std::path::Path;

use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::render;

fn write(scene: &Path, colour: &str) {
    let text = format!(
        "/*\nname = \"Plain\"\n[post]\nbreathes = false\n*/\n\
         @fragment fn paint() -> @location(0) vec4f {{ return {colour}; }}\n"
    );
    // As editors save: nobody reads half of it.
    fs::write(scene.with_extension("part"), text).unwrap();
    fs::rename(scene.with_extension("part"), scene).unwrap();
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
    running.interrupt();
    let outcome = running.wait().succeeds();
    assert!(outcome.stderr.contains("plain.wgsl:6:"), "{outcome:?}");
}
