//! What a file says about itself makes it again.

use std::path::Path;
use std::process::Command;

use klangbild_tests::frames;
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::{program_path, render};

/// The words of a PNG's text chunk.
fn tag(png: &Path, key: &str) -> Option<String> {
    let bytes = std::fs::read(png).unwrap();
    let mut rest = &bytes[8..];
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let (kind, data) = (&rest[4..8], &rest[8..8 + length]);
        if kind == b"tEXt" || kind == b"iTXt" {
            let text = String::from_utf8_lossy(data).into_owned();
            if let Some(words) = text.strip_prefix(&format!("{key}\0")) {
                return Some(words.trim_start_matches('\0').to_owned());
            }
        }
        rest = &rest[12 + length..];
    }
    None
}

#[test]
fn the_command_in_the_tags_makes_the_same_frames() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.4).write(&scratch.path("it's a song.wav"), 2);
    let out = scratch.path("frames");
    let options = "--size 96x54 --fps 10 --start 0.2 --end 1.2 --tempo 124.5 --first-beat 0.05 --meter 7/8 \
                   --preset Silk --seed 31415926 --words embers;sea --words-amount 0.6 \
                   --bass-sensitivity 2.5 --beat-division two --hue -33.3 --beat-sync off --zoom 1.7 --freeze off";
    render(&song, &out, options).run().succeeds();
    let command = tag(&frames::list(&out)[0], "again with").expect("the frames say how they were made");
    assert!(!command.contains("Silk"), "the preset may be another one elsewhere: {command}");
    assert!(!command.contains(&*scratch.path("").to_string_lossy()), "folders are private: {command}");

    let program = program_path();
    let pasted = command.replacen("klangbild", &format!("\"{}\"", program.display()), 1) + " -o again";
    let ran = Command::new("sh").arg("-c").arg(&pasted).current_dir(scratch.path("")).output().unwrap();
    assert!(ran.status.success(), "{pasted}: {}", String::from_utf8_lossy(&ran.stderr));
    let (first, again) = (frames::load_all(&out), frames::load_all(&scratch.path("again")));
    assert_eq!(first.len(), 10);
    assert!(first == again, "{pasted} makes other frames");

    let plain = scratch.path("plain");
    render(&song, &plain, "--size 96x54 --fps 10 --start 0.2 --end 1.2").run().succeeds();
    assert!(first != frames::load_all(&plain), "the knobs were heard of");

    assert_eq!(tag(&frames::list(&plain)[0], "pictures").as_deref(), Some("512x288"));
    let tags = ["encoder", "generator", "drawn by"].map(|key| tag(&frames::list(&plain)[0], key));
    let [Some(encoder), Some(generator), Some(adapter)] = tags else {
        panic!("who made it is told: {tags:?}")
    };
    assert!(encoder.starts_with("CPU") && generator.starts_with("CPU"), "{encoder}; {generator}");
    assert!(adapter.contains('('), "its backend is told: {adapter}");
}

#[test]
fn pictures_have_the_shape_of_the_frame_or_the_size_that_is_asked_for() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.6).write(&scratch.path("song.wav"), 2);
    let size_of = |name: &str, options: &str| {
        let out = scratch.path(name);
        render(&song, &out, &format!("--fps 5 --scene picture {options}")).run().succeeds();
        let first = &frames::list(&out)[0];
        let again = tag(first, "again with").expect("the frames say how they were made");
        let size = tag(first, "pictures").expect("the frames say how large the pictures are");
        assert!(again.contains(&format!("--picture-size {size}")), "{again}");
        size
    };
    assert_eq!(size_of("upright", "--size 90x160"), "288x512");
    assert_eq!(size_of("square", "--size 120x120"), "384x384");
    assert_eq!(size_of("wide", "--size 320x180"), "512x288");
    assert_eq!(size_of("asked", "--size 320x180 --picture-size 1024x576"), "1024x576");
    let wrong = render(&song, &scratch.path("wrong"), "--size 320x180 --picture-size 100x100").run();
    wrong.fails(1, &["--picture-size", "100x100", "512x288, 288x512, 384x384, 1024x576"]);
}
