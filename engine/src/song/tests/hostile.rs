//! Small songs with bytes turned over: whatever comes, it ends, takes little memory, and never panics.

use super::*;
use crate::song::SongFile;

/// What a mutated song of a tenth of a second may give: a header can say that the same bytes are slower.
const MOST_FRAMES: usize = 20_000_000;

/// The next number of a simple generator; the same at every run.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

fn play(bytes: Vec<u8>) {
    let Ok(Ok(mut song)) = SongFile::from_bytes("a".into(), bytes).map(|file| file.song()) else { return };
    let mut block = [[0.0; 2]; 1_024];
    let mut frames = 0;
    for time_s in [0.0, 0.05, 0.0, 1e9] {
        if song.skip_to(time_s).is_err() {
            return;
        }
        while let Ok(count @ 1..) = song.read(&mut block) {
            frames += count;
            assert!(frames < MOST_FRAMES, "it does not end");
            assert!(block[..count].iter().flatten().all(|sample| sample.is_finite()));
        }
    }
    let _ = (song.duration_s(), song.warnings(), song.title());
}

#[test]
fn songs_with_bytes_turned_over_end_and_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("a.wav", "-c:a pcm_s16le"),
        ("b.wav", "-c:a adpcm_ms"),
        ("a.aiff", "-c:a pcm_s16be"),
        ("a.w64", "-c:a pcm_s16le"),
        ("a.flac", "-c:a flac"),
        ("a.mp3", "-c:a libmp3lame"),
        ("a.ogg", "-c:a libvorbis"),
        ("a.m4a", "-c:a aac"),
        ("f.m4a", "-c:a aac -movflags +empty_moov -frag_duration 50000"),
        ("l.m4a", "-c:a alac"),
        ("a.caf", "-c:a pcm_s16le"),
        ("a.mka", "-c:a flac"),
    ] {
        let tags = "-metadata title=Moon";
        let path = make(folder.path(), &format!("{} {codec} {tags}", two_tones(22_050, 0.1)), name);
        let song = std::fs::read(path).unwrap();
        let mut state = 7;
        for turn in 0..150 {
            let mut bytes = song.clone();
            // Mostly the header; now and then somewhere else.
            let within = if turn % 4 == 3 { bytes.len() } else { bytes.len().min(1_500) };
            for _ in 0..1 + turn % 3 {
                let at = next(&mut state) % within;
                match next(&mut state) % 5 {
                    0 => bytes[at] = 0,
                    1 => bytes[at] = 0xff,
                    2 => bytes[at] ^= 1 << (next(&mut state) % 8),
                    3 => bytes[at] = next(&mut state) as u8,
                    _ => {
                        let end = (at + 4).min(bytes.len());
                        bytes[at..end].fill([0, 0xff, 0x7f][next(&mut state) % 3]);
                    }
                }
            }
            if turn % 10 == 9 {
                bytes.truncate(next(&mut state) % song.len());
            }
            play(bytes);
        }
    }
}
