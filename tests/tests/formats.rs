//! What goes in, and what comes out.

use std::fs;

use klangbild_tests::program::Scratch;
use klangbild_tests::sound::{Sound, convert};
use klangbild_tests::video::{self, Video};
use klangbild_tests::{frames, score};

use crate::{klangbild, render};

#[test]
fn every_song_format_becomes_pictures_and_sound() {
    let scratch = Scratch::new();
    let wav = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    for name in ["song.wav", "song.flac", "song.mp3", "song.ogg", "song.m4a", "song.aiff"] {
        let song = if name == "song.wav" { wav.clone() } else { convert(&wav, &scratch.path(name)) };
        let out = scratch.path(&name.replace('.', "-"));
        render(&song, &out, "--size 160x90 --fps 10 --pack starter --scene flow --seed 31415926")
            .run()
            .succeeds();

        let pictures = frames::load_all(&out);
        assert_eq!(pictures.len(), 10, "{name}");
        assert!(pictures.iter().all(|picture| picture.dimensions() == (160, 90)), "{name}");
        assert!(frames::luminance(&pictures[9]) > 0.005, "{name}: the last picture is black");

        let png = fs::read(&frames::list(&out)[0]).unwrap();
        for fact in ["starter", "flow", "31415926"] {
            assert!(
                png.windows(fact.len()).any(|window| window == fact.as_bytes()),
                "{name}: no {fact} in the PNG"
            );
        }

        let sounds: Vec<_> = fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "wav"))
            .collect();
        let [sound] = &sounds[..] else { panic!("{name}: not one WAV: {sounds:?}") };
        let sound = hound::WavReader::open(sound).unwrap();
        assert_eq!(sound.spec().sample_rate, 44_100, "{name}");
        // AAC's padding may stay where the file does not say how long it is: less than a frame of the video.
        assert!(sound.duration().abs_diff(44_100) <= 4_410, "{name}: {} samples", sound.duration());
    }
}

#[test]
fn mono_surround_and_odd_sample_rates_render() {
    let scratch = Scratch::new();
    for (rate_hz, channels) in [(8_000, 1), (192_000, 2), (48_000, 6), (22_050, 1)] {
        let song = Sound::music(rate_hz, 0.6).write(&scratch.path("song.wav"), channels);
        let out = scratch.path(&format!("{rate_hz}-{channels}"));
        render(&song, &out, "--size 160x90 --fps 10").run().succeeds();
        assert_eq!(frames::list(&out).len(), 6, "{rate_hz} Hz, {channels} channels");
    }
}

#[test]
fn an_mp4_has_both_tracks_equally_long_and_says_how_it_was_made() {
    let scratch = Scratch::new();
    let song = Sound::music(48_000, 2.0).write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out.mp4");
    let options = "--size 320x180 --fps 24 --pack starter --scene kaleidoscope --seed 7654321";
    render(&song, &out, options).run().succeeds();

    let video = Video::open(&out);
    assert_eq!(video.codecs, ("h264".to_owned(), "aac".to_owned()));
    assert_eq!(video.pixel_format, "yuv420p", "players refuse other layouts");
    assert_eq!(video.size_px, (320, 180));
    assert_eq!(video.fps, "24/1");
    assert_eq!(video.frames, 48);
    assert!((video.video_s - 2.0).abs() <= 1.0 / 24.0, "{video:?}");
    assert!((video.video_s - video.audio_s).abs() <= 1.0 / 24.0, "{video:?}");
    for fact in ["starter", "kaleidoscope", "7654321"] {
        assert!(video.tags.contains(fact), "{fact:?} is not in {}", video.tags);
    }
    assert_eq!(scratch.names(), ["out.mp4", "song.wav"]);
}

#[test]
fn webm_and_mov_play_and_keep_the_lengths() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.5).write(&scratch.path("song.wav"), 1);
    for (name, codec) in [("out.webm", "vp9"), ("out.mov", "prores")] {
        let out = scratch.path(name);
        render(&song, &out, "--size 160x90 --fps 20 --seed 99887").run().succeeds();
        let video = Video::open(&out);
        assert_eq!(video.codecs.0, codec);
        assert_eq!(video.size_px, (160, 90));
        assert_eq!(video.frames, 30);
        assert!((video.video_s - video.audio_s).abs() <= 1.0 / 20.0, "{video:?}");
        assert!(video.tags.contains("99887"), "{}", video.tags);
        if codec == "prores" {
            assert!(video.pixel_format.contains("444p"), "ProRes 4444 has all colour: {video:?}");
        }
    }
}

#[test]
fn sound_and_picture_of_a_video_belong_together() {
    let scratch = Scratch::new();
    let mut sound = Sound::silence(48_000, 3.0);
    sound.add_kick(1.51);
    let song = sound.write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out.mp4");
    render(&song, &out, "--size 320x180 --fps 30").run().succeeds();

    let samples = video::samples_48k(&out);
    let heard_s =
        samples.iter().position(|sample| sample.abs() > 0.1).expect("the kick is heard") as f64 / 48_000.0;
    assert!((heard_s - 1.51).abs() < 0.01, "the kick is heard at {heard_s:.3} s");
    let brightness = video::brightness(&out);
    let steps: Vec<f64> = brightness.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let largest = steps[30..60].iter().copied().fold(0.0, f64::max);
    let seen = 1 + 30 + steps[30..60].iter().position(|&step| step > 0.3 * largest).unwrap();
    let seen_s = seen as f64 / 30.0;
    assert!((seen_s - heard_s).abs() <= score::TOLERANCE_S, "heard at {heard_s:.3} s, seen at {seen_s:.3} s");
}

#[test]
fn start_and_end_cut_out_a_part() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 4.0).write(&scratch.path("song.wav"), 2);
    for (range, expected) in
        [("--start 1.5 --end 2.5", 10), ("--start 3", 10), ("--end 0.5", 5), ("--start 3.5 --end 99", 5)]
    {
        let out = scratch.path("out");
        render(&song, &out, &format!("--size 160x90 --fps 10 --force {range}")).run().succeeds();
        assert_eq!(frames::list(&out).len(), expected, "{range}");
    }
}

#[test]
fn force_leaves_no_old_frames_behind() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out");
    render(&song, &out, "--size 160x90 --fps 10").run().succeeds();
    render(&song, &out, "--size 160x90 --fps 10 --end 0.4 --force").run().succeeds();
    assert_eq!(
        frames::list(&out).len(),
        4,
        "frames of the longer render must not play after those of the shorter"
    );
}

#[test]
fn every_frame_rate_keeps_picture_and_sound_together() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 2.002).write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out.mp4");
    render(&song, &out, "--size 160x90 --fps 30000/1001").run().succeeds();
    let video = Video::open(&out);
    assert_eq!(video.fps, "30000/1001");
    assert_eq!(video.frames, 60);
    assert!((video.video_s - video.audio_s).abs() <= 1.0 / 29.0, "{video:?}");
}

#[test]
fn an_odd_size_is_kept() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.3).write(&scratch.path("song.wav"), 2);
    let folder = scratch.path("frames");
    render(&song, &folder, "--size 321x181 --fps 10").run().succeeds();
    assert!(frames::load_all(&folder).iter().all(|frame| frame.dimensions() == (321, 181)));

    // H.264 as players know it halves the colour's resolution, so its sides are even.
    let out = scratch.path("out.mp4");
    render(&song, &out, "--size 321x181 --fps 10").run().succeeds();
    assert_eq!(Video::open(&out).size_px, (322, 182));
}

/// Slow on software Vulkan, but an 8K still is what a poster needs.
#[test]
fn one_8k_frame() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.1).write(&scratch.path("song.wav"), 2);
    let out = scratch.path("out");
    render(&song, &out, "--size 7680x4320 --fps 10").run().succeeds();
    let pictures = frames::load_all(&out);
    assert_eq!(pictures.len(), 1);
    assert_eq!(pictures[0].dimensions(), (7680, 4320));
    assert!(frames::luminance(&pictures[0]) > 0.001, "black");
}

#[test]
fn a_song_comes_through_a_pipe_and_its_text_is_plain() {
    let scratch = Scratch::new();
    let wav = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let flac = convert(&wav, &scratch.path("song.flac"));
    let options = "--size 160x90 --fps 10 --scene flow";
    let out = scratch.path("out");
    render("-".as_ref(), &out, options).reads(&flac).run().succeeds();
    assert_eq!(frames::list(&out).len(), 10);
    klangbild().args("hear -").reads(&flac).run().succeeds();
    klangbild().args("hear -").run().fails(1, &["standard input", "empty"]);

    // The title of an ID3 tag in front, with a zero byte, a line break and a mark that turns the text over.
    let text = "\u{3}Moon\0\n\u{202e}Sun\0";
    let size = text.len() as u8;
    let tag = [b"ID3\x04\0\0\0\0\0", [size + 10].as_slice(), b"TIT2\0\0\0", &[size, 0, 0], text.as_bytes()]
        .concat();
    let mp3 = fs::read(convert(&wav, &scratch.path("song.mp3"))).unwrap();
    let start = mp3.windows(2).position(|word| word[0] == 0xff && word[1] & 0xe0 == 0xe0).unwrap();
    let song = scratch.path("titled.mp3");
    fs::write(&song, [&tag, &mp3[start..]].concat()).unwrap();
    let video = scratch.path("out.mp4");
    render(&song, &video, options).run().succeeds();
    let tags = Video::open(&video).tags;
    assert!(tags.contains("Moon") && !tags.contains("\\u0000") && !tags.contains('\u{202e}'), "{tags}");
}

#[test]
fn joined_files_render_to_their_end() {
    let scratch = Scratch::new();
    let wav = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    for end in ["mp3", "ogg"] {
        let song = convert(&wav, &scratch.path(&format!("song.{end}")));
        fs::write(&song, fs::read(&song).unwrap().repeat(3)).unwrap();
        let out = scratch.path(end);
        render(&song, &out, "--size 160x90 --fps 10 --scene flow").run().succeeds();
        assert_eq!(frames::list(&out).len(), 30, "{end}");
    }
}

#[test]
fn the_beat_can_be_moved_to_where_the_music_has_it() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let pictures = |options: &str| {
        let out = scratch.path("out");
        render(&song, &out, &format!("--size 160x90 --fps 10 --force --scene flow {options}"))
            .run()
            .succeeds();
        frames::load_all(&out)
    };
    let plain = pictures("--tempo 100");
    assert!(plain != pictures("--tempo 100 --first-beat 0.3"), "the beat is not moved");
    render(&song, &scratch.path("x"), "--first-beat 0.3").run().fails(2, &["required"]);
    render(&song, &scratch.path("x"), "--meter 7/8").run().fails(2, &["required"]);
    for nonsense in ["4", "0/4", "7/0", "7/6", "four/four", "-3/4"] {
        let options = format!("--tempo 100 --meter={nonsense}");
        render(&song, &scratch.path("x"), &options).run().fails(2, &[nonsense, "7/8"]);
    }
    for (options, said) in [
        ("--tempo 5", "from 20 to 400"),
        ("--tempo nan", "from 20 to 400"),
        ("--tempo 100 --first-beat inf", "a time in seconds"),
    ] {
        render(&song, &scratch.path("x"), options).run().fails(1, &[said]);
    }
}
