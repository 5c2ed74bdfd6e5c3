//! Recordings, read back with ffprobe and ffmpeg.

#[cfg(unix)]
mod ffmpegs;
mod names;
mod together;

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Fps, IfTaken, RecordSettings, RecorderError, create};

const FPS: Fps = Fps { num: 30, den: 1 };
const RATE_HZ: u32 = 44_100;

fn settings(width_px: u32, height_px: u32) -> RecordSettings {
    let mut settings = RecordSettings::new(width_px, height_px, FPS, RATE_HZ);
    settings.metadata = [("title", "Möwe"), ("pack", "starter 0.1.0"), ("scene", "flow"), ("seed", "7")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
    settings
}

/// Six upright bars: the primaries, a grey, white, and a dark orange.
const BARS: [[u8; 3]; 6] =
    [[255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128], [255, 255, 255], [96, 48, 8]];

fn test_card(width: u32, height: u32) -> Vec<u8> {
    let bar = |x: u32| BARS[(x as usize * BARS.len()) / width as usize];
    (0..height)
        .flat_map(|_| {
            (0..width).flat_map(move |x| {
                let [r, g, b] = bar(x);
                [r, g, b, 255]
            })
        })
        .collect()
}

/// One frame's worth of a 440 Hz tone.
fn tone(index: u64) -> Vec<[f32; 2]> {
    let step = std::f32::consts::TAU * 440.0 / RATE_HZ as f32;
    (0..1_470).map(|n| [0.25 * (step * (index * 1_470 + n) as f32).sin(); 2]).collect()
}

fn record(path: &Path, settings: &RecordSettings, frames: u64) -> super::Finished {
    let mut recorder = create(path, settings).unwrap_or_else(|e| panic!("{e}"));
    let card = test_card(settings.width_px, settings.height_px);
    for index in 0..frames {
        recorder.audio(&tone(index)).unwrap();
        recorder.frame(&card).unwrap();
    }
    recorder.finish().unwrap_or_else(|e| panic!("{e}"))
}

fn run(program: &str, arguments: &[&str], path: &Path) -> Vec<u8> {
    let before = arguments.iter().take_while(|&&a| a != "FILE");
    let after = arguments.iter().skip_while(|&&a| a != "FILE").skip(1);
    let output =
        Command::new(program).args(["-v", "error"]).args(before).arg(path).args(after).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn probe(path: &Path) -> serde_json::Value {
    let json =
        run("ffprobe", &["-show_format", "-show_streams", "-count_frames", "-of", "json", "FILE"], path);
    serde_json::from_slice(&json).unwrap()
}

fn stream<'a>(about: &'a serde_json::Value, kind: &str) -> &'a serde_json::Value {
    about["streams"].as_array().unwrap().iter().find(|s| s["codec_type"] == kind).unwrap()
}

/// The first picture as ffmpeg shows it, going by the file's own colour tags.
fn first_picture(path: &Path) -> Vec<u8> {
    run("ffmpeg", &["-i", "FILE", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], path)
}

fn sound_of(path: &Path) -> Vec<f32> {
    let bytes = run("ffmpeg", &["-i", "FILE", "-vn", "-ac", "1", "-ar", "44100", "-f", "f32le", "-"], path);
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn left_over(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn videos_keep_length_colours_tags_and_leave_nothing_else() {
    for (name, codec, sound, tolerance) in
        [("a.mp4", "h264", "aac", 6), ("a.webm", "vp9", "opus", 10), ("a.mov", "prores", "pcm_s24le", 3)]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let finished = record(&path, &settings(192, 108), 45);
        assert_eq!((finished.frames, finished.dropped, finished.duration_s), (45, 0, 1.5), "{name}");
        assert_eq!(finished.bytes, std::fs::metadata(&path).unwrap().len());
        assert_eq!(left_over(folder.path()), [name]);

        let about = probe(&path);
        let video = stream(&about, "video");
        assert_eq!(video["codec_name"], codec, "{name}");
        assert_eq!(stream(&about, "audio")["codec_name"], sound, "{name}");
        assert_eq!(video["nb_read_frames"], "45", "{name}");
        assert_eq!(video["r_frame_rate"], "30/1", "{name}");
        assert_eq!((&video["width"], &video["height"]), (&192.into(), &108.into()), "{name}");
        assert_eq!((&video["color_space"], &video["color_range"]), (&"bt709".into(), &"tv".into()), "{name}");
        let duration_s: f64 = about["format"]["duration"].as_str().unwrap().parse().unwrap();
        assert!((duration_s - 1.5).abs() <= 1.0 / 30.0, "{name}: {duration_s} s");
        let sound_s = sound_of(&path).len() as f64 / 44_100.0;
        assert!((sound_s - 1.5).abs() <= 1.0 / 30.0, "{name}: {sound_s} s of sound");

        let tags = about["format"]["tags"].as_object().unwrap();
        let tag = |key: &str| {
            tags.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v.as_str().unwrap())
        };
        assert_eq!(tag("title"), Some("Möwe"), "{name}");
        assert_eq!(tag("comment"), Some("pack=starter 0.1.0; scene=flow; seed=7"), "{name}");

        let picture = first_picture(&path);
        for (bar, wanted) in BARS.iter().enumerate() {
            let at = (54 * 192 + bar * 32 + 16) * 3;
            let found = &picture[at..at + 3];
            let error = wanted.iter().zip(found).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(error <= tolerance, "{name}: {found:?} for {wanted:?}");
        }
    }
}

#[test]
fn a_flash_and_a_click_stay_together() {
    for name in ["a.mp4", "a.webm", "a.mov"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut recorder = create(&path, &settings(64, 64)).unwrap();
        for index in 0..60_u64 {
            let flash = index == 37;
            recorder.frame(&[if flash { 255 } else { 0 }; 64 * 64 * 4]).unwrap();
            let mut sound = vec![[0.0; 2]; 1_470];
            if flash {
                sound[..200].fill([0.9; 2]);
            }
            recorder.audio(&sound).unwrap();
        }
        recorder.finish().unwrap();
        let luma = run("ffmpeg", &["-i", "FILE", "-an", "-f", "rawvideo", "-pix_fmt", "gray", "-"], &path);
        let brightest = luma.chunks_exact(64 * 64).position(|frame| frame[2_080] > 128).unwrap();
        assert_eq!(brightest, 37, "{name}");
        let click = sound_of(&path).iter().position(|sample| sample.abs() > 0.4).unwrap();
        let late_ms = (click as f64 / 44_100.0 - 37.0 / 30.0) * 1e3;
        assert!(late_ms.abs() < 3.0, "{name}: the click is {late_ms} ms late");
    }
}

#[test]
fn odd_sizes_get_their_last_column_and_row_twice() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mp4", "a.webm", "a.mov"] {
        let path = folder.path().join(name);
        record(&path, &settings(99, 61), 10);
        let about = probe(&path);
        let video = stream(&about, "video");
        assert_eq!((video["width"].as_u64(), video["height"].as_u64()), (Some(100), Some(62)), "{name}");
        let picture = first_picture(&path);
        let corner = &picture[picture.len() - 3..];
        assert!(corner.iter().zip(&BARS[5]).all(|(a, b)| a.abs_diff(*b) < 14), "{name}: {corner:?}");
    }
    record(&folder.path().join("tiny.mp4"), &settings(1, 1), 3);
}

#[test]
fn unusual_frame_and_sample_rates_agree_to_one_frame() {
    let folder = tempfile::tempdir().unwrap();
    for (fps, rate_hz) in [(Fps { num: 30_000, den: 1_001 }, 192_000), (Fps { num: 24, den: 1 }, 8_000)] {
        for name in ["a.mp4", "a.webm", "a.mov"] {
            let path = folder.path().join(format!("{}-{name}", fps.num));
            let settings = RecordSettings { fps, sample_rate_hz: rate_hz, ..settings(64, 64) };
            let mut recorder = create(&path, &settings).unwrap();
            for index in 0..50 {
                recorder.frame(&test_card(64, 64)).unwrap();
                let count = fps.start_samples(index + 1, rate_hz) - fps.start_samples(index, rate_hz);
                recorder.audio(&vec![[0.1; 2]; count as usize]).unwrap();
            }
            let finished = recorder.finish().unwrap();
            let about = probe(&path);
            assert_eq!(stream(&about, "video")["nb_read_frames"], "50", "{name}");
            let frame_s = f64::from(fps.den) / f64::from(fps.num);
            assert!((finished.duration_s - 50.0 * frame_s).abs() < 1e-6);
            let duration_s: f64 = about["format"]["duration"].as_str().unwrap().parse().unwrap();
            assert!((duration_s - finished.duration_s).abs() <= frame_s, "{name}: {duration_s}");
            let sound_s = sound_of(&path).len() as f64 / 44_100.0;
            assert!((sound_s - finished.duration_s).abs() <= frame_s, "{name}: {sound_s} s of sound");
        }
    }
}

#[test]
fn pictures_come_back_bit_for_bit_with_their_sound_and_tags() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pictures");
    let finished = record(&path, &settings(33, 17), 5);
    assert_eq!((finished.frames, &finished.path), (5, &path));
    let names: Vec<_> = (0..5).map(|n| format!("frame-{n:06}.png")).collect();
    assert_eq!(left_over(&path), [vec!["audio.wav".to_owned()], names].concat());
    let decoder = png::Decoder::new(std::io::BufReader::new(
        std::fs::File::open(path.join("frame-000004.png")).unwrap(),
    ));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let rgb: Vec<_> = test_card(33, 17).chunks(4).flat_map(|p| p[..3].to_vec()).collect();
    assert_eq!(pixels, rgb);
    let info = reader.info();
    assert!(info.uncompressed_latin1_text.iter().any(|t| t.keyword == "scene" && t.text == "flow"));
    assert!(info.utf8_text.iter().any(|t| t.keyword == "title" && t.get_text().unwrap() == "Möwe"));
    let mut wav = hound::WavReader::open(path.join("audio.wav")).unwrap();
    assert_eq!(wav.duration(), 5 * 1_470);
    let sound: Vec<f32> = wav.samples().map(Result::unwrap).collect();
    assert_eq!(sound[2 * 3_000], tone(2)[60][0]);
}

#[test]
fn what_exists_is_replaced_only_by_force_and_only_when_the_new_one_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    std::fs::write(&path, "precious").unwrap();
    assert!(matches!(create(&path, &settings(32, 32)), Err(RecorderError::Exists { .. })));
    let forced = RecordSettings { if_taken: IfTaken::Replace, ..settings(32, 32) };
    let mut recorder = create(&path, &forced).unwrap();
    recorder.frame(&test_card(32, 32)).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    recorder.finish().unwrap();
    assert_eq!(stream(&probe(&path), "video")["nb_read_frames"], "1");

    let pictures = folder.path().join("pictures");
    std::fs::create_dir(&pictures).unwrap();
    record(&pictures, &settings(8, 8), 3); // an empty folder is no loss
    std::fs::write(pictures.join("mine.txt"), "precious").unwrap();
    assert!(matches!(create(&pictures, &settings(8, 8)), Err(RecorderError::Exists { .. })));
    record(&pictures, &RecordSettings { if_taken: IfTaken::Replace, ..settings(8, 8) }, 1);
    assert_eq!(left_over(&pictures), ["audio.wav", "frame-000000.png", "mine.txt"]);
    assert_eq!(left_over(folder.path()), ["a.mp4", "pictures"]);
}

#[test]
fn what_cannot_work_is_refused_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let refused = |path: &Path, settings: &RecordSettings| match create(path, settings) {
        Ok(_) => panic!("{} was accepted", path.display()),
        Err(error) => error,
    };
    assert!(matches!(refused(&at("a.mp4"), &settings(0, 10)), RecorderError::Size { .. }));
    let no_fps = RecordSettings { fps: Fps { num: 0, den: 1 }, ..settings(8, 8) };
    assert!(matches!(refused(&at("a.mp4"), &no_fps), RecorderError::Rate { .. }));
    assert!(matches!(refused(&at("a.gif"), &settings(8, 8)), RecorderError::Extension { .. }));
    assert!(matches!(refused(&at("none/a.mp4"), &settings(8, 8)), RecorderError::NoFolder { .. }));
    std::fs::create_dir(at("folder.mp4")).unwrap();
    assert!(matches!(refused(&at("folder.mp4"), &settings(8, 8)), RecorderError::IsFolder { .. }));
    let none = RecordSettings { ffmpeg: Some(at("no-ffmpeg")), ..settings(8, 8) };
    let line = refused(&at("a.mp4"), &none).to_string();
    assert!(line.contains("no-ffmpeg") && line.contains("folder of PNGs"), "{line}");
    let other = RecordSettings { ffmpeg: Some("true".into()), ..settings(8, 8) };
    assert!(matches!(refused(&at("a.mp4"), &other), RecorderError::BrokenFfmpeg { .. }));
    #[cfg(target_os = "linux")]
    {
        // A place where nobody, not even root, can make a file.
        let refused = refused(Path::new("/proc/self/a.mp4"), &settings(8, 8));
        assert!(matches!(refused, RecorderError::Unwritable { .. }), "{refused}");
    }
    let mut recorder = create(&at("b.mp4"), &settings(8, 8)).unwrap();
    assert!(matches!(recorder.frame(&[0; 7]), Err(RecorderError::FrameSize { found: 7, expected: 256 })));
    assert!(matches!(recorder.finish(), Err(RecorderError::Nothing { .. })));
    assert_eq!(left_over(folder.path()), ["folder.mp4"]);
}

/// An ffmpeg that dies by the hand of its shell as soon as it has written so many bytes, however fast the machine is.
#[cfg(unix)]
fn mortal_ffmpeg(folder: &Path, bytes: u32) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("mortal-ffmpeg");
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *pipe:0*) ;; *) exec ffmpeg \"$@\";; esac\n\
         for out in \"$@\"; do :; done; out=${{out#file:}}\n\
         exec 3<&0; ffmpeg \"$@\" <&3 & exec 3<&- <&-\n\
         while [ \"$(cat \"$out\" 2>/dev/null | wc -c)\" -lt {bytes} ]; do sleep 0.1; done\n\
         kill -9 $!; echo 'I am slain' >&2; exit 9\n"
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn when_ffmpeg_dies_its_last_words_are_told_and_what_it_wrote_plays() {
    std::thread::scope(|scope| {
        for name in ["a.mp4", "a.webm", "a.mov"] {
            scope.spawn(move || dies_in_the_middle_of(name));
        }
    });
}

#[cfg(unix)]
fn dies_in_the_middle_of(name: &str) {
    let tools = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(folder.path().join(format!("a.partial.{}", &name[2..])), "older").unwrap();
    let mortal = RecordSettings { ffmpeg: Some(mortal_ffmpeg(tools.path(), 200_000)), ..settings(64, 64) };
    let mut recorder = create(&path, &mortal).unwrap();
    let card = test_card(64, 64);
    let mut index = 0;
    let error = loop {
        let tried = recorder.audio(&tone(index)).and_then(|()| recorder.frame(&card));
        index += 1;
        match tried {
            Ok(()) => assert!(index < 10_000_000, "it never dies"),
            Err(error) => break error,
        }
    };
    let RecorderError::FfmpegStopped { said, kept: Some(kept), .. } = &error else { panic!("{error}") };
    assert!(said.contains("slain"), "{said}");
    assert!(error.to_string().contains(kept.to_str().unwrap()), "{error}");
    assert_eq!(kept.file_name().unwrap().to_str().unwrap(), format!("a.partial-2.{}", &name[2..]));
    let bytes = run(
        "ffmpeg",
        &["-i", "FILE", "-an", "-vf", "scale=8:8", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        kept,
    );
    assert!(bytes.len() >= 64 * 20, "{name}: {} frames play", bytes.len() / 64);
    assert!(!path.exists());
    assert!(matches!(recorder.frame(&card), Err(RecorderError::Stopped { .. })));
    assert!(matches!(recorder.finish(), Err(RecorderError::Stopped { .. })));
    assert_eq!(left_over(folder.path()).len(), 2, "{:?}", left_over(folder.path()));
}

#[test]
fn a_recorder_that_is_dropped_leaves_what_plays() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mp4", "a.webm", "a.mov", "pictures"] {
        let mut recorder = create(&folder.path().join(name), &settings(64, 64)).unwrap();
        for index in 0..20 {
            recorder.frame(&test_card(64, 64)).unwrap();
            recorder.audio(&tone(index)).unwrap();
        }
        drop(recorder);
        drop(create(&folder.path().join(format!("unused-{name}")), &settings(64, 64)).unwrap());
    }
    assert_eq!(
        left_over(folder.path()),
        ["a.partial.mov", "a.partial.mp4", "a.partial.webm", "pictures.partial"]
    );
    for name in ["a.partial.mp4", "a.partial.webm", "a.partial.mov"] {
        assert_eq!(stream(&probe(&folder.path().join(name)), "video")["nb_read_frames"], "20", "{name}");
    }
    assert_eq!(left_over(&folder.path().join("pictures.partial")).len(), 21);
}

#[test]
fn sound_that_is_too_short_or_too_long_is_fitted_to_the_pictures() {
    let folder = tempfile::tempdir().unwrap();
    for (name, samples) in [("short", 100), ("long", 100_000)] {
        let mut recorder = create(&folder.path().join(name), &settings(8, 8)).unwrap();
        recorder.audio(&vec![[0.5; 2]; samples]).unwrap();
        for _ in 0..10 {
            recorder.frame(&test_card(8, 8)).unwrap();
        }
        recorder.finish().unwrap();
        let wav = hound::WavReader::open(folder.path().join(name).join("audio.wav")).unwrap();
        assert_eq!(wav.duration(), 14_700, "{name}");
    }
}

#[test]
fn a_frame_that_was_not_drawn_in_time_is_counted_and_its_sound_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pictures");
    let mut recorder = create(&path, &settings(8, 8)).unwrap();
    for index in 0..10 {
        recorder.audio(&tone(index)).unwrap();
        if index % 3 == 1 {
            recorder.skip().unwrap();
        } else {
            recorder.frame(&test_card(8, 8)).unwrap();
        }
    }
    let finished = recorder.finish().unwrap();
    assert_eq!((finished.frames, finished.dropped), (7, 3), "{finished:?}");
    let mut wav = hound::WavReader::open(path.join("audio.wav")).unwrap();
    let sound: Vec<f32> = wav.samples().map(Result::unwrap).collect();
    let whole: Vec<f32> = (0..10).flat_map(tone).flatten().collect();
    assert_eq!(sound, whole);
    assert!(!path.join("frame-000004.png").exists() && path.join("frame-000005.png").exists());
}
