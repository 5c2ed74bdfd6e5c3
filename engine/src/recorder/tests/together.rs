//! Sound and pictures begin and end together, whatever was missed.

use super::*;

/// When the pictures begin, in seconds, for a player that heeds no lists of edits.
fn start_without_edits(path: &Path) -> f64 {
    let arguments = ["-ignore_editlist", "1", "-show_streams", "-of", "json", "FILE"];
    let has_edits = path.extension().is_none_or(|end| end != "webm");
    let arguments = if has_edits { &arguments[..] } else { &arguments[2..] };
    let about: serde_json::Value = serde_json::from_slice(&run("ffprobe", arguments, path)).unwrap();
    stream(&about, "video")["start_time"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_recording_whose_first_and_last_frames_were_missed_begins_and_ends_with_its_sound() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mp4", "a.webm", "a.mov", "pictures"] {
        let path = folder.path().join(name);
        let mut recorder = create(&path, &settings(64, 64)).unwrap();
        for index in 0..60 {
            recorder.audio(&tone(index)).unwrap();
            if matches!(index, 0..20 | 30..35 | 50..) {
                recorder.skip().unwrap();
            } else {
                recorder.frame(&test_card(64, 64)).unwrap();
            }
        }
        let finished = recorder.finish().unwrap();
        assert_eq!((finished.frames, finished.dropped, finished.duration_s), (25, 35, 2.0), "{name}");
        if name == "pictures" {
            let names = left_over(&path);
            assert!(
                ["frame-000000.png", "frame-000059.png"].iter().all(|n| names.contains(&(*n).to_owned()))
            );
            assert_eq!(names.len(), 27);
            continue;
        }
        let about = probe(&path);
        assert_eq!(stream(&about, "video")["nb_read_frames"], "60", "{name}");
        let start = |kind: &str| stream(&about, kind)["start_time"].as_str().unwrap().parse::<f64>().unwrap();
        // Opus has a run-in of 6.5 ms, which a WebM cannot put before its beginning.
        let run_in_s = if name == "a.webm" { 0.008 } else { 0.0 };
        let starts = (start("video"), start("audio"));
        assert!(starts.0 <= run_in_s && starts.1.abs() <= run_in_s, "{name}: {starts:?}");
        // Also for players that know no lists of edits.
        let start = start_without_edits(&path);
        assert!(start <= run_in_s, "{name}: {start}");
        let sound = sound_of(&path);
        assert!((sound.len() as f64 / 44_100.0 - 2.0).abs() < 0.03, "{name}: {} samples", sound.len());
        // The sound is where it was, to a sample or two of resampling.
        let whole: Vec<f32> = (0..60).flat_map(tone).map(|frame| frame[0]).collect();
        let alike =
            |lag: usize| (5_000..60_000).map(|n| f64::from(whole[n] * sound[n + lag - 10])).sum::<f64>();
        let best = (0..=20).max_by(|a, b| alike(*a).total_cmp(&alike(*b))).unwrap();
        assert!(best.abs_diff(10) <= 2, "{name}: the sound is {best} - 10 samples late");
    }
}

#[test]
fn frames_and_sound_are_taken_by_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pictures");
    let mut recorder = create(&path, &settings(8, 8)).unwrap();
    recorder.audio_at(1_470, &tone(1)).unwrap();
    recorder.audio_at(2_000, &tone(2)).unwrap(); // its first part was there already
    recorder.audio_at(0, &[[1.0; 2]; 100]).unwrap();
    recorder.frame_at(1, &test_card(8, 8)).unwrap();
    recorder.frame_at(1, &test_card(8, 8)).unwrap();
    recorder.frame_at(3, &test_card(8, 8)).unwrap();
    assert_eq!((recorder.frames(), recorder.samples()), (4, 3_470));
    let finished = recorder.finish().unwrap();
    assert_eq!((finished.frames, finished.dropped), (2, 2));
    assert_eq!(left_over(&path), ["audio.wav", "frame-000000.png", "frame-000003.png"]);
    let mut wav = hound::WavReader::open(path.join("audio.wav")).unwrap();
    assert_eq!(wav.duration(), 4 * 1_470);
    let sound: Vec<f32> = wav.samples().map(Result::unwrap).collect();
    let left = |n: usize| sound[2 * n];
    assert!((0..1_470).chain(3_470..5_880).all(|n| left(n) == 0.0));
    assert_eq!((left(1_500), left(3_000)), (tone(1)[30][0], tone(2)[1_000][0]));
}
