//! All the ffmpegs there are: that lack something, that may not do something, that stand still.

use std::time::Duration;

use super::*;

/// A program that is run instead of ffmpeg.
fn wrapper(folder: &Path, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("my-ffmpeg");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// An ffmpeg that answers questions about itself, and does something else with what is to be recorded.
fn that_records(folder: &Path, script: &str) -> PathBuf {
    wrapper(folder, &format!("case \"$*\" in *pipe:0*) ;; *) exec ffmpeg \"$@\";; esac\n{script}"))
}

/// One without these encoders.
fn without(folder: &Path, encoders: &str) -> PathBuf {
    let script = format!(
        "case \"$*\" in *-encoders*) ffmpeg \"$@\" | grep -vE ' ({encoders}) ';; *) exec ffmpeg \"$@\";; esac"
    );
    wrapper(folder, &script)
}

fn settings_with(ffmpeg: PathBuf) -> RecordSettings {
    RecordSettings { ffmpeg: Some(ffmpeg), patience: Duration::from_secs(2), ..settings(64, 64) }
}

/// Records until something is wrong.
fn record_on_and_on(path: &Path, settings: &RecordSettings) -> RecorderError {
    let mut recorder = match create(path, settings) {
        Ok(recorder) => recorder,
        Err(error) => return error,
    };
    let card = test_card(settings.width_px, settings.height_px);
    for index in 0..100_000 {
        if let Err(error) = recorder.audio(&tone(index)).and_then(|()| recorder.frame(&card)) {
            return error;
        }
    }
    panic!("it takes everything");
}

#[test]
fn an_ffmpeg_without_the_usual_encoders_takes_others_and_says_so() {
    for (name, missing, usual) in [
        ("a.mp4", "libx264|h264_nvenc", "libx264"),
        ("b.mp4", "libx264|libx265|libsvtav1|aac", "libx264"),
        ("a.webm", "libvpx-vp9|libopus", "libvpx-vp9"),
        ("a.mov", "prores_aw|prores_ks", "prores_aw"),
    ] {
        let (tools, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join(name);
        let size =
            RecordSettings { width_px: 320, height_px: 180, ..settings_with(without(tools.path(), missing)) };
        let finished = record(&path, &size, 30);
        let remark = &finished.remarks[0];
        assert!(remark.contains(usual) && remark.contains("encoded by"), "{remark}");
        let about = probe(&path);
        assert_eq!(stream(&about, "video")["nb_read_frames"], "30", "{name}");
        let sound_s = sound_of(&path).len() as f64 / 44_100.0;
        assert!((sound_s - 1.0).abs() < 0.05, "{name}: {sound_s} s of sound");
        let picture = first_picture(&path);
        let red = &picture[(90 * 320 + 26) * 3..][..3];
        assert!(red[0] > 230 && red[1] < 30 && red[2] < 30, "{name}: {red:?}");
    }
}

#[test]
fn an_ffmpeg_without_any_encoder_is_refused_with_the_way_out() {
    let (tools, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mp4 = "libx264|h264_.*|libopenh264|libx265|libsvtav1|mpeg4";
    for (missing, what) in [(mp4, "pictures"), ("aac|libfdk_aac|libmp3lame", "sound")] {
        let settings = settings_with(without(tools.path(), missing));
        let Err(error) = create(&folder.path().join("a.mp4"), &settings) else { panic!("{missing}") };
        assert!(matches!(&error, RecorderError::NoEncoder { what: found, .. } if *found == what), "{error}");
        let line = error.to_string();
        assert!(line.contains(".webm, .mov, or no extension"), "{line}");
    }
    assert!(left_over(folder.path()).is_empty());
}

#[test]
fn a_confined_ffmpeg_writes_where_it_may_and_elsewhere_says_that_it_is_confined() {
    let (tools, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // As in a snap, names that begin with a dot are out of reach ...
    let last = "for last; do :; done; last=${last#file:}; name=${last##*/}";
    let no = "{ echo \"$last: Permission denied\" >&2; exit 1; }";
    let dots =
        wrapper(tools.path(), &format!("{last}\ncase \"$name\" in .*) {no};; esac\nexec ffmpeg \"$@\""));
    record(&folder.path().join("a.mp4"), &settings_with(dots), 3);
    // ... and so are whole folders, or others are in their places.
    let nothing = that_records(tools.path(), &format!("{last}\n{no}"));
    let error = record_on_and_on(&folder.path().join("b.mp4"), &settings_with(nothing));
    assert!(matches!(error, RecorderError::Confined { .. }), "{error}");
    assert!(error.to_string().contains("snap"), "{error}");
    let elsewhere = that_records(tools.path(), "exec cat >/dev/null");
    let mut recorder = create(&folder.path().join("c.mp4"), &settings_with(elsewhere)).unwrap();
    recorder.frame(&test_card(64, 64)).unwrap();
    let error = recorder.finish().unwrap_err();
    assert!(matches!(error, RecorderError::Confined { .. }), "{error}");
    assert_eq!(left_over(folder.path()), ["a.mp4"]);
}

#[test]
fn an_ffmpeg_that_stands_still_is_given_up_and_what_it_wrote_plays() {
    let (tools, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pid = tools.path().join("pid");
    let ffmpeg = that_records(tools.path(), &format!("echo $$ >'{}'; exec ffmpeg \"$@\"", pid.display()));
    let path = folder.path().join("a.mp4");
    let mut recorder = create(&path, &settings_with(ffmpeg)).unwrap();
    let card = test_card(64, 64);
    let mut index = 0;
    let mut stopped = false;
    let error = loop {
        if let Err(error) = recorder.audio(&tone(index)).and_then(|()| recorder.frame(&card)) {
            break error;
        }
        index += 1;
        // As soon as there is something to keep.
        let parts = || {
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len())
        };
        if !stopped && index % 50 == 0 && parts().sum::<u64>() > 20_000 {
            let pid = std::fs::read_to_string(&pid).unwrap();
            assert!(Command::new("kill").args(["-STOP", pid.trim()]).status().unwrap().success());
            stopped = true;
        }
        assert!(index < 1_000_000, "nothing is written");
    };
    let RecorderError::FfmpegHangs { kept: Some(kept), .. } = &error else { panic!("{error}") };
    assert!(error.to_string().contains(kept.to_str().unwrap()), "{error}");
    let about = probe(kept);
    let frames: u64 = stream(&about, "video")["nb_read_frames"].as_str().unwrap().parse().unwrap();
    assert!(frames >= 20, "{frames} frames play");
    assert_eq!(left_over(folder.path()), ["a.partial.mp4"]);
}

/// A limit on the size of files stands for the disk's.
#[test]
fn a_full_disk_is_told_and_what_was_written_plays() {
    let (tools, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for name in ["a.mp4", "a.webm", "a.mov"] {
        let full = that_records(tools.path(), "trap '' XFSZ; ulimit -f 2000; exec ffmpeg \"$@\"");
        let error = record_on_and_on(&folder.path().join(name), &settings_with(full));
        let RecorderError::FfmpegStopped { kept: Some(kept), said, .. } = &error else {
            panic!("{name}: {error}")
        };
        assert!(said.contains("File too large"), "{said}");
        let frames = run(
            "ffmpeg",
            &["-i", "FILE", "-an", "-vf", "scale=8:8", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
            kept,
        );
        assert!(frames.len() >= 64 * 20, "{name}: {} frames play", frames.len() / 64);
    }
}

#[test]
fn nobody_waits_for_an_ffmpeg_that_ignores_what_it_is_told() {
    let (tools, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("a.webm");
    // It never reads.
    let deaf = settings_with(that_records(tools.path(), "sleep 1000 & wait"));
    assert!(matches!(record_on_and_on(&path, &deaf), RecorderError::FfmpegHangs { .. }));
    let mut recorder = create(&path, &deaf).unwrap();
    recorder.frame(&test_card(64, 64)).unwrap();
    drop(recorder);
    // It reads, but does not end; or it ends, and leaves somebody behind who holds its pipes.
    let endless = settings_with(that_records(tools.path(), "cat >/dev/null; trap '' TERM; sleep 1000"));
    let mut recorder = create(&path, &endless).unwrap();
    recorder.frame(&test_card(64, 64)).unwrap();
    assert!(matches!(recorder.finish(), Err(RecorderError::FfmpegHangs { .. })));
    assert!(left_over(folder.path()).is_empty());
    let heirs = settings_with(that_records(tools.path(), "sleep 20 & exec ffmpeg \"$@\""));
    record(&path, &heirs, 3);
}

#[test]
fn an_ffmpeg_that_does_not_answer_is_no_ffmpeg() {
    let tools = tempfile::tempdir().unwrap();
    let silent = wrapper(tools.path(), "exec sleep 1000");
    let Err(error) = crate::recorder::ffmpeg::Ffmpeg::at(&silent) else { panic!("it says something") };
    assert!(error.to_string().contains("does not answer"), "{error}");
}
