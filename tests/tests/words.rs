//! Words lead the pictures, a picture does too, and what cannot be understood is told before anything is made.

use klangbild_tests::frames;
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::render;

const FAILED: i32 = 1;
const SHORT: &str = "--size 96x54 --fps 10";

#[test]
fn words_lead_as_far_as_they_are_let_and_not_at_all_at_nothing() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.2).write(&scratch.path("song.wav"), 2);
    let rendered = |name: &str, words: Option<&str>, options: &str| {
        let out = scratch.path(name);
        let program = render(&song, &out, &format!("{SHORT} {options}"));
        let program = match words {
            Some(words) => program.args("--words").arg(words),
            None => program,
        };
        program.run().succeeds();
        frames::load_all(&out)
    };
    let plain = rendered("plain", None, "");
    let silent = rendered("silent", Some("burning embers; a stormy sea"), "--words-amount 0");
    assert!(plain == silent, "an amount of 0 changes nothing");
    let embers = rendered("embers", Some("burning embers"), "");
    let sea = rendered("sea", Some("a turquoise lagoon"), "");
    assert!(plain != embers && embers != sea, "words are heard of");
    // What the pictures show of one phrase is a picture to paint like.
    let like = scratch.path("sea").join("frame-000005.png");
    let alike = rendered("alike", None, &format!("--paint-like {}", like.display()));
    assert!(plain != alike, "a picture is looked at");
}

#[test]
fn what_cannot_be_understood_is_told_in_one_line() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out");
    let asked = |option: &str, value: &str| render(&song, &out, SHORT).args(option).arg(value);
    asked("--words", "\u{6d77}\u{306e}\u{6ce2}").run().fails(FAILED, &["no word", "in other words"]);
    asked("--words", "a;b;c;d;e").run().fails(FAILED, &["5 phrases", "leave some out"]);
    asked("--paint-like", "missing.png").run().fails(FAILED, &["missing.png", "PNG or a JPEG"]);
    let starter = asked("--words", "a sea").args("--pack starter");
    starter.run().fails(FAILED, &["Starter", "knows no words"]);
    assert_eq!(scratch.names(), ["song.wav"]);
}
