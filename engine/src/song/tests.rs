//! Songs made by ffmpeg, with known tones, through the decoder.

mod fragments;
mod headers;
mod hostile;
mod joined;

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Song, SongError, SongWarning};

/// Runs ffmpeg with `arguments` (split at spaces) and returns the file that it wrote in `folder`.
fn make(folder: &Path, arguments: &str, name: &str) -> PathBuf {
    let path = folder.join(name);
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(arguments.split(' '))
        .arg(&path)
        .output()
        .expect("ffmpeg, which is part of the set-up, runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

/// A source of `seconds` of stereo: 440 Hz left, 1 kHz right, both at half of full scale.
fn two_tones(rate_hz: u32, seconds: f32) -> String {
    format!("-f lavfi -i aevalsrc=0.5*sin(2*PI*440*t)|0.5*sin(2*PI*1000*t):s={rate_hz}:d={seconds}")
}

fn read_all(song: &mut Song) -> Vec<[f32; 2]> {
    let mut all = Vec::new();
    let mut block = [[0.0; 2]; 777];
    loop {
        match song.read(&mut block).expect("a healthy disk") {
            0 => return all,
            count => all.extend_from_slice(&block[..count]),
        }
    }
}

/// Amplitude of the `frequency_hz` part of one side (the length should be whole periods, or long).
fn amplitude(frames: &[[f32; 2]], side: usize, frequency_hz: f32, rate_hz: u32) -> f32 {
    let (mut re, mut im) = (0.0_f64, 0.0_f64);
    for (n, frame) in frames.iter().enumerate() {
        let phase = f64::from(TAU) * f64::from(frequency_hz) * n as f64 / f64::from(rate_hz);
        re += f64::from(frame[side]) * phase.cos();
        im += f64::from(frame[side]) * phase.sin();
    }
    (2.0 * (re * re + im * im).sqrt() / frames.len() as f64) as f32
}

/// How far `frames` (440 Hz left) are behind the tone that starts with sine phase 0 at frame 0, in frames.
fn lag_frames(frames: &[[f32; 2]], rate_hz: u32) -> f64 {
    let step = std::f64::consts::TAU * 440.0 / f64::from(rate_hz);
    let (mut sine, mut cosine) = (0.0, 0.0);
    for (n, frame) in frames.iter().enumerate() {
        sine += f64::from(frame[0]) * (step * n as f64).sin();
        cosine += f64::from(frame[0]) * (step * n as f64).cos();
    }
    -(cosine.atan2(sine)) / step
}

#[test]
fn every_format_gives_its_tones_at_the_right_time_length_and_level() {
    let folder = tempfile::tempdir().unwrap();
    let formats = [
        ("u8.wav", "-c:a pcm_u8", true),
        ("s16.wav", "-c:a pcm_s16le", true),
        ("s24.wav", "-c:a pcm_s24le", true),
        ("s32.wav", "-c:a pcm_s32le", true),
        ("f32.wav", "-c:a pcm_f32le", true),
        ("f64.wav", "-c:a pcm_f64le", true),
        ("a.flac", "-c:a flac", true),
        ("a.aiff", "-c:a pcm_s16be", true),
        ("a.mp3", "-c:a libmp3lame -b:a 192k", true),
        ("a.ogg", "-c:a libvorbis -q:a 5", true),
        ("a.m4a", "-c:a aac -b:a 192k", true),
        ("bare.mp3", "-c:a libmp3lame -b:a 192k -write_xing 0 -id3v2_version 0", false),
        ("bare.aac", "-c:a aac -b:a 192k -f adts", false),
    ];
    for (name, codec, is_exact) in formats {
        let path = make(folder.path(), &format!("{} {codec}", two_tones(44_100, 2.0)), name);
        let mut song = Song::open(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((song.sample_rate_hz(), song.channels()), (44_100, 2), "{name}");
        let frames = read_all(&mut song);
        assert_eq!(song.warnings(), [], "{name}");
        if is_exact {
            assert_eq!(frames.len(), 88_200, "{name}");
            assert!((song.duration_s().unwrap() - 2.0).abs() < 1e-9, "{name}: {:?}", song.duration_s());
            let lag = lag_frames(&frames[4_410..79_380], 44_100);
            assert!(lag.abs() < 0.5, "{name} is {lag} frames late");
        } else {
            // Nothing in these files says where the music starts and ends: a few packets of silence stay.
            assert!((88_200..92_400).contains(&frames.len()), "{name}: {}", frames.len());
        }
        let middle = &frames[22_050..66_150];
        for (side, frequency_hz) in [(0, 440.0), (1, 1_000.0)] {
            let found = amplitude(middle, side, frequency_hz, 44_100);
            // LAME turns everything down by 3 % on its own.
            assert!((found - 0.5).abs() < 0.016, "{name}: {frequency_hz} Hz at {found}");
            let crosstalk = amplitude(middle, 1 - side, frequency_hz, 44_100);
            assert!(crosstalk < 0.01, "{name}: {frequency_hz} Hz leaks at {crosstalk}");
        }
    }
}

#[test]
fn reading_after_a_jump_gives_what_reading_from_the_start_gives_there() {
    let folder = tempfile::tempdir().unwrap();
    // Noise, not tones: no two places sound the same.
    let noise = "-f lavfi -i anoisesrc=r=48000:d=30:seed=7:a=0.3 -ac 2";
    for (name, codec) in [
        ("a.wav", "-c:a pcm_s24le"),
        ("a.flac", "-c:a flac"),
        ("a.aiff", "-c:a pcm_s16be"),
        ("a.mp3", "-c:a libmp3lame -b:a 64k"),
        ("a.ogg", "-c:a libvorbis"),
        // Without noise substitution, which by design is new noise at every decode.
        ("a.m4a", "-c:a aac -aac_pns 0"),
    ] {
        let path = make(folder.path(), &format!("{noise} {codec}"), name);
        let mut song = Song::open(&path).unwrap();
        let whole = read_all(&mut song);
        for time_s in [12.345_678, 25.0, 0.3, 0.0, 29.99, 11.0, 11.1, 14.0] {
            song.skip_to(time_s).unwrap();
            let start = (time_s * 48_000.0_f64).round() as usize;
            assert!((song.position_s() - time_s).abs() < 1e-5);
            let mut block = vec![[9.0; 2]; 20_000.min(whole.len() - start)];
            let mut got = 0;
            while got < block.len() {
                let count = song.read(&mut block[got..]).unwrap();
                assert!(count > 0, "{name} ends at {got} after a jump to {time_s}");
                got += count;
            }
            let wrong = block
                .iter()
                .zip(&whole[start..])
                .position(|(a, b)| (a[0] - b[0]).abs() > 1e-6 || (a[1] - b[1]).abs() > 1e-6);
            assert_eq!(wrong, None, "{name} differs after a jump to {time_s}");
        }
        song.skip_to(31.0).unwrap();
        assert_eq!(song.read(&mut [[0.0; 2]; 16]).unwrap(), 0, "{name} behind its end");
        song.skip_to(1.0).unwrap();
        assert_eq!(song.read(&mut [[0.0; 2]; 16]).unwrap(), 16, "{name} back from its end");
        assert_eq!(song.warnings(), [], "{name}");
    }
}

#[test]
fn unusual_rates_and_channel_counts_come_out_as_stereo() {
    let folder = tempfile::tempdir().unwrap();
    for rate_hz in [8_000, 11_025, 96_000, 192_000] {
        let path = make(folder.path(), &two_tones(rate_hz, 0.5), &format!("{rate_hz}.wav"));
        let mut song = Song::open(&path).unwrap();
        assert_eq!(song.sample_rate_hz(), rate_hz);
        assert_eq!(read_all(&mut song).len(), (rate_hz as usize).div_ceil(2));
    }
    let mono = make(folder.path(), "-f lavfi -i aevalsrc=0.5*sin(2*PI*440*t):s=48000:d=1", "mono.flac");
    let frames = read_all(&mut Song::open(&mono).unwrap());
    assert!(frames.iter().all(|[left, right]| left == right));
    assert!((amplitude(&frames, 0, 440.0, 48_000) - 0.5).abs() < 1e-3);
}

#[test]
fn surround_is_mixed_down_with_every_channel_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    // 5.1 in the order FL FR FC LFE and two surrounds, each with its own tone.
    let tones = [500, 700, 900, 50, 1_100, 1_300].map(|hz| format!("0.5*sin(2*PI*{hz}*t)")).join("|");
    let source = format!("-f lavfi -i aevalsrc={tones}:s=48000:d=2:c=5.1");
    let gain = 1.0 / (1.0 + 2.0 * std::f32::consts::FRAC_1_SQRT_2);
    for (name, codec) in
        [("a.wav", "-c:a pcm_s24le"), ("a.flac", "-c:a flac"), ("a.ogg", "-c:a libvorbis -q:a 6")]
    {
        let mut song = Song::open(&make(folder.path(), &format!("{source} {codec}"), name)).unwrap();
        assert_eq!(song.channels(), 6);
        let frames = read_all(&mut song);
        let middle = &frames[24_000..72_000];
        for (hz, left, right) in [
            (500.0, 1.0, 0.0),
            (700.0, 0.0, 1.0),
            (900.0, 0.707, 0.707),
            (50.0, 0.0, 0.0),
            (1_100.0, 0.707, 0.0),
            (1_300.0, 0.0, 0.707),
        ] {
            for (side, wanted) in [(0, left), (1, right)] {
                let found = amplitude(middle, side, hz, 48_000) / (0.5 * gain);
                assert!(
                    (found - wanted).abs() < 0.05,
                    "{name}: {hz} Hz on side {side} at {found}, not {wanted}"
                );
            }
        }
    }
}

#[test]
fn samples_that_are_no_numbers_become_silence_and_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nan.wav");
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 48_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut wav = hound::WavWriter::create(&path, spec).unwrap();
    for n in 0..2_000 {
        let left = if n % 10 == 0 { f32::NAN } else { 0.25 };
        let right = if n == 5 { f32::INFINITY } else { -0.25 };
        wav.write_sample(left).unwrap();
        wav.write_sample(right).unwrap();
    }
    wav.finalize().unwrap();
    let mut song = Song::open(&path).unwrap();
    let frames = read_all(&mut song);
    assert!(frames.iter().flatten().all(|sample| sample.is_finite()));
    assert_eq!((frames[0], frames[5], frames[6]), ([0.0, -0.25], [0.25, 0.0], [0.25, -0.25]));
    assert_eq!(song.warnings(), [SongWarning::NotNumbers { samples: 201 }]);
}

#[test]
fn a_torn_file_plays_to_the_tear_and_says_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("a.wav", "-c:a pcm_s16le"),
        ("a.flac", "-c:a flac"),
        ("a.mp3", "-c:a libmp3lame"),
        ("a.ogg", "-c:a libvorbis"),
        ("a.aiff", "-c:a pcm_s16be"),
        ("a.m4a", "-c:a aac -movflags +faststart"),
    ] {
        let path = make(folder.path(), &format!("{} {codec}", two_tones(44_100, 10.0)), name);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
        let mut song = Song::open(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let length_s = read_all(&mut song).len() as f64 / 44_100.0;
        assert!((4.5..7.5).contains(&length_s), "{name}: {length_s} s");
        match song.warnings()[..] {
            [SongWarning::EndsEarly { at_s, .. }] => {
                assert!((at_s - length_s).abs() < 0.1, "{name}: {at_s}, {length_s}")
            }
            ref other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_song_is_refused_in_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let refused = |path: &Path| match Song::open(path) {
        Ok(_) => panic!("{} opened", path.display()),
        Err(error) => {
            let line = error.to_string();
            assert!(line.contains(path.to_str().unwrap()), "{line}");
            assert!(!line.contains('\n'), "{line}");
            error
        }
    };
    assert!(matches!(refused(&folder.path().join("none.wav")), SongError::NotFound { .. }));
    assert!(matches!(refused(folder.path()), SongError::IsFolder { .. }));
    assert!(matches!(refused(&write("empty.mp3", b"")), SongError::Empty { .. }));
    let text = "Dear diary, today I renamed a letter. ".repeat(200);
    assert!(matches!(refused(&write("text.wav", text.as_bytes())), SongError::NotAudio { .. }));
    assert!(matches!(
        refused(&write("short.wav", b"RIFF")),
        SongError::CutOff { .. } | SongError::NotAudio { .. }
    ));
    let silent = make(folder.path(), "-f lavfi -i testsrc=d=0.2:s=64x64 -c:v mpeg4", "silent.mp4");
    assert!(matches!(refused(&silent), SongError::NoAudioTrack { .. }));
    let none = make(folder.path(), "-f lavfi -i anullsrc=r=44100 -t 0", "none.wav");
    assert!(matches!(refused(&none), SongError::NoSamples { .. }));
    let opus = make(folder.path(), &format!("{} -c:a libopus", two_tones(48_000, 0.2)), "a.opus");
    assert!(refused(&opus).to_string().contains("Opus"));
    let slow = make(folder.path(), "-f lavfi -i anullsrc=r=4000 -t 1", "slow.wav");
    assert!(matches!(refused(&slow), SongError::SampleRate { found_hz: 4_000, .. }));
}

#[test]
fn the_shortest_songs_and_piped_headers_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("a.wav", "-c:a pcm_s16le"),
        ("a.flac", "-c:a flac"),
        ("a.mp3", "-c:a libmp3lame"),
        ("a.ogg", "-c:a libvorbis"),
    ] {
        let path = make(folder.path(), &format!("{} {codec}", two_tones(44_100, 0.01)), name);
        assert_eq!(read_all(&mut Song::open(&path).unwrap()).len(), 441, "{name}");
    }
    let piped = Command::new("ffmpeg")
        .args(["-v", "error"])
        .args(two_tones(44_100, 1.0).split(' '))
        .args(["-f", "wav", "-"])
        .output()
        .unwrap();
    let path = folder.path().join("piped.wav");
    std::fs::write(&path, piped.stdout).unwrap();
    let mut song = Song::open(&path).unwrap();
    assert_eq!(song.duration_s(), Some(1.0));
    assert_eq!(read_all(&mut song).len(), 44_100);
    assert_eq!(song.warnings(), []);
}

#[test]
fn tags_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.m4a"] {
        let tags = "-metadata title=Moon -metadata artist=Sun -metadata album=Sky";
        let path = make(folder.path(), &format!("{} {tags}", two_tones(44_100, 0.2)), name);
        let song = Song::open(&path).unwrap();
        assert_eq!(
            (song.title(), song.artist(), song.album()),
            (Some("Moon"), Some("Sun"), Some("Sky")),
            "{name}"
        );
    }
}
