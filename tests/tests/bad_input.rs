//! Songs, options and outputs that are wrong: one clear line, the right exit code, and nothing left behind.

use std::fs;

use klangbild_tests::program::{Outcome, Scratch};
use klangbild_tests::sound::{Sound, convert};
use klangbild_tests::video::Video;
use klangbild_tests::{broken, frames};

use crate::{klangbild, render};

/// Exit code of a run that failed, and of a command line that makes no sense.
const FAILED: i32 = 1;
const USAGE: i32 = 2;

const SMALL: &str = "--size 160x90 --fps 10";

#[test]
fn songs_that_are_none() {
    let text = b"This is not sound, whatever its name may say.\n".as_slice();
    let no_sound = {
        let scratch = Scratch::new();
        fs::read(Sound::silence(44_100, 0.0).write(&scratch.path("0s.wav"), 2)).unwrap()
    };
    let noise: Vec<u8> = (0..2_000_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let cases: [(&str, Option<&[u8]>, &str); 7] = [
        ("missing.wav", None, "there is no file"),
        ("empty.mp3", Some(b""), "empty"),
        ("text.wav", Some(text), "text.wav"),
        ("text.mp3", Some(text), "text.mp3"),
        ("zeros.flac", Some(&[0; 4096]), "zeros.flac"),
        ("0s.wav", Some(&no_sound), "0s.wav"),
        ("noise.ogg", Some(&noise), "noise.ogg"),
    ];
    for (name, bytes, hint) in cases {
        for out in ["out.mp4", "out"] {
            let scratch = Scratch::new();
            if let Some(bytes) = bytes {
                fs::write(scratch.path(name), bytes).unwrap();
            }
            let before = scratch.names();
            let outcome =
                render(&scratch.path(name), &scratch.path(out), SMALL).run().fails(FAILED, &[name, hint]);
            assert_eq!(outcome.stderr.lines().count(), 1, "more than one line:\n{}", outcome.stderr);
            assert_eq!(scratch.names(), before, "{name} to {out}");
        }
        let scratch = Scratch::new();
        if let Some(bytes) = bytes {
            fs::write(scratch.path(name), bytes).unwrap();
        }
        klangbild().args("hear").arg(scratch.path(name)).run().fails(FAILED, &[name, hint]);
    }
    let scratch = Scratch::new();
    render(scratch.folder(), &scratch.path("out.mp4"), SMALL).run().fails(FAILED, &["folder"]);
}

#[test]
fn a_truncated_song_renders_as_far_as_it_goes() {
    let scratch = Scratch::new();
    let wav = Sound::music(44_100, 4.0).write(&scratch.path("song.wav"), 2);
    for name in ["song.mp3", "song.wav", "song.flac"] {
        let song = if name == "song.wav" { wav.clone() } else { convert(&wav, &scratch.path(name)) };
        let cut = scratch.path(&format!("cut-{name}"));
        fs::copy(&song, &cut).unwrap();
        broken::truncate(&cut, 0.5);
        let out = scratch.path(&name.replace('.', "-"));
        render(&cut, &out, SMALL).run().warns("end");
        let count = frames::list(&out).len();
        assert!((15..=21).contains(&count), "{name}: {count} frames of half a 4 s song");
    }
}

#[test]
fn samples_that_are_not_numbers_become_silence() {
    let scratch = Scratch::new();
    let mut sound = Sound::music(44_100, 2.0);
    for (i, sample) in sound.samples.iter_mut().enumerate().skip(30_000).take(300) {
        *sample = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30][i % 4];
    }
    let song = sound.write_floats(&scratch.path("song.wav"));
    let out = scratch.path("out");
    render(&song, &out, SMALL).run().warns("samples");
    let pictures = frames::load_all(&out);
    assert_eq!(pictures.len(), 20);
    let last = frames::luminance(&pictures[19]);
    assert!((0.005..0.98).contains(&last), "the damage stays on the screen: luminance {last:.3}");
}

#[test]
fn ten_milliseconds_are_one_frame() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.01).write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out");
    render(&song, &out, SMALL).run().succeeds();
    assert_eq!(frames::list(&out).len(), 1);
    let out = scratch.path("out.mp4");
    render(&song, &out, SMALL).run().succeeds();
    assert_eq!(Video::open(&out).frames, 1);
}

/// Hours are streamed: they take no more memory than five seconds.
#[test]
fn hours_stay_flat_in_memory() {
    let scratch = Scratch::new();
    let five_seconds = Sound::music(8_000, 5.0);
    let mut hours = five_seconds.clone();
    hours.samples = five_seconds.samples.repeat(1440);
    let peak = |sound: &Sound, range: &str| -> u64 {
        let song = sound.write(&scratch.path("song.wav"), 1);
        let outcome =
            render(&song, &scratch.path("out"), &format!("{SMALL} --force {range}")).run().succeeds();
        assert_eq!(frames::list(&scratch.path("out")).len(), 10);
        outcome.peak_memory_bytes
    };
    let short = peak(&five_seconds, "--start 4 --end 5");
    let long = peak(&hours, "--start 7190 --end 7191");
    // The file of two hours has 115 MB, its decoded samples 460 MB. The same render takes 60 MB more or less from run to run:
    // how many shaders compile at once is the machine's.
    assert!(
        long < short + 110_000_000,
        "{} MB for two hours, {} MB for 5 s",
        long / 1_000_000,
        short / 1_000_000
    );
}

#[test]
fn options_that_make_no_sense() {
    let cases: [(&str, i32, &[&str]); 15] = [
        ("--size 0x0", FAILED, &["--size", "0x0"]),
        ("--size 0x90", FAILED, &["--size"]),
        ("--size 160", USAGE, &["size"]),
        ("--size -160x90", USAGE, &[]),
        ("--size 100000x100000", FAILED, &["100000x100000"]),
        ("--fps 0", USAGE, &["fps"]),
        ("--fps nan", USAGE, &["fps"]),
        ("--scene sunset", USAGE, &["sunset", "picture", "flow", "kaleidoscope"]),
        ("--pack nowhere", FAILED, &["nowhere", "starter"]),
        ("--seed seven", USAGE, &["seed"]),
        ("--start 2 --end 1", FAILED, &["--start", "--end"]),
        ("--start 99", FAILED, &["99"]),
        ("--sensitivity nan", FAILED, &["sensitivity"]),
        ("--tempo 0", FAILED, &["--tempo"]),
        ("--threads many", USAGE, &["threads"]),
    ];
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    for (options, code, hints) in cases {
        // An option that is given twice is an error of its own.
        let size = if options.contains("--size") { "" } else { "--size 160x90" };
        let outcome = render(&song, &scratch.path("out.mp4"), &format!("{size} {options}")).run();
        println!("{options}: {outcome:?}");
        outcome_of_usage(outcome, code, hints);
        assert_eq!(scratch.names(), ["song.wav"], "{options}");
    }
}

/// clap writes what is possible in further lines: there the hints count anywhere.
fn outcome_of_usage(outcome: Outcome, code: i32, hints: &[&str]) {
    if code != USAGE {
        outcome.fails(code, hints);
        return;
    }
    let said = outcome.stderr.to_lowercase();
    for hint in hints {
        assert!(said.contains(hint), "no {hint:?} in:\n{}", outcome.stderr);
    }
    outcome.fails(code, &[]);
}

#[test]
fn outputs_that_cannot_be() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    fs::write(scratch.path("file"), "a file").unwrap();
    let before = scratch.names();
    for (out, hint) in [
        ("file/out.mp4", "file"),
        ("file/out", "file"),
        ("missing/out.mp4", "missing"),
        ("out.xyz", "out.xyz"),
    ] {
        render(&song, &scratch.path(out), SMALL).run().fails(FAILED, &[hint]);
        assert_eq!(scratch.names(), before, "{out}");
    }
    #[cfg(target_os = "linux")]
    for out in ["/proc/klangbild.mp4", "/proc/klangbild"] {
        render(&song, out.as_ref(), SMALL).run().fails(FAILED, &["/proc"]);
    }
    klangbild().arg("render").arg(&song).run().fails(USAGE, &["required"]);
}

#[test]
fn what_exists_is_kept_without_force() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    let video = scratch.path("out.mp4");
    fs::write(&video, "precious").unwrap();
    let folder = scratch.path("frames");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("frame-000000.png"), "precious").unwrap();
    let before = scratch.names();

    render(&song, &video, SMALL).run().fails(FAILED, &["out.mp4", "--force"]);
    render(&song, &folder, SMALL).run().fails(FAILED, &["frames", "--force"]);
    assert_eq!(fs::read(&video).unwrap(), b"precious");
    assert_eq!(fs::read(folder.join("frame-000000.png")).unwrap(), b"precious");
    assert_eq!(scratch.names(), before);

    // A render that fails must not take the old file with it, even when it may replace it.
    render(&scratch.path("missing.wav"), &video, &format!("{SMALL} --force"))
        .run()
        .fails(FAILED, &["missing.wav"]);
    assert_eq!(fs::read(&video).unwrap(), b"precious");

    render(&song, &video, &format!("{SMALL} --force")).run().succeeds();
    assert_eq!(Video::open(&video).frames, 5);

    // Replacing a render's pictures must not take other files of that folder along.
    fs::write(folder.join("notes.txt"), "precious").unwrap();
    render(&song, &folder, &format!("{SMALL} --force")).run().succeeds();
    assert_eq!(frames::list(&folder).len(), 5);
    assert_eq!(fs::read(folder.join("notes.txt")).unwrap(), b"precious");
}

#[test]
fn a_song_is_never_its_own_output() {
    let scratch = Scratch::new();
    let wav = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    let song = convert(&wav, &scratch.path("song.mp4"));
    let bytes = fs::read(&song).unwrap();
    render(&song, &song, &format!("{SMALL} --force")).run().fails(FAILED, &["song.mp4"]);
    assert_eq!(fs::read(&song).unwrap(), bytes);
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 20.0).write(&scratch.path("song.wav"), 2);
    let hear = klangbild().arg("hear").arg(&song);
    for program in [
        hear,
        klangbild().args("hear --json").arg(&song),
        klangbild().args("pack list"),
        klangbild().args("pack list --json"),
        klangbild().args("pack check starter"),
        klangbild().args("doctor"),
        klangbild().args("live --list-devices"),
        klangbild().args("--help"),
    ] {
        let outcome = program.without_a_reader().run();
        assert_eq!((outcome.code, outcome.stderr.contains("panicked")), (Some(0), false), "{outcome:?}");
        assert!(!outcome.stderr.contains("error"), "{outcome:?}");
    }
}

#[test]
fn headers_that_lie_are_played_with_a_warning() {
    let scratch = Scratch::new();
    let wav = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let mut bytes = fs::read(&wav).unwrap();
    let data = bytes.windows(4).position(|word| word == b"data").unwrap();
    bytes[data + 4..data + 8].fill(0);
    bytes[4..8].fill(0);
    fs::write(&wav, bytes).unwrap();
    let out = scratch.path("out");
    let outcome = render(&wav, &out, SMALL).run().warns("WAV header");
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    assert_eq!(frames::list(&out).len(), 10);
    klangbild().arg("hear").arg(&wav).run().warns("WAV header");
}
