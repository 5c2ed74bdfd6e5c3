//! Files that were joined, and tags amid the sound.

use super::*;
use crate::song::SongFile;

fn encoded(folder: &Path, source: &str, codec: &str, name: &str) -> Vec<u8> {
    std::fs::read(make(folder, &format!("{source} {codec}"), name)).unwrap()
}

fn tone(hz: u32, rate_hz: u32, seconds: f32) -> String {
    format!("-f lavfi -i aevalsrc=0.5*sin(2*PI*{hz}*t):s={rate_hz}:d={seconds}")
}

fn song_of(name: &str, bytes: Vec<u8>) -> Song {
    SongFile::from_bytes(name.into(), bytes).unwrap().song().unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn joined_files_are_played_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    for (end, codec) in [
        ("mp3", "-c:a libmp3lame -b:a 64k -metadata title=Moon"),
        ("ogg", "-c:a libvorbis -f ogg"),
        ("flac", "-c:a flac"),
        ("wav", "-c:a pcm_s16le"),
    ] {
        let one = encoded(folder.path(), &tone(440, 44_100, 2.0), codec, &format!("one.{end}"));
        let two = encoded(folder.path(), &tone(1_000, 44_100, 3.0), codec, &format!("two.{end}"));
        let stereo = "-f lavfi -i aevalsrc=0.5*sin(2*PI*700*t)|0:s=22050:d=1";
        let other = encoded(folder.path(), stereo, codec, &format!("other.{end}"));
        let bytes = [one.clone(), two.clone(), other, one].concat();
        let mut song = song_of(end, bytes);
        let told_s = song.duration_s();
        let frames = read_all(&mut song);
        assert_eq!(song.warnings(), [], "{end}");
        let length_s = frames.len() as f64 / 44_100.0;
        assert!((length_s - 8.0).abs() < 0.01, "{end}: {length_s} s");
        assert!(told_s.is_some_and(|told| (told - length_s).abs() < 0.01), "{end}: {told_s:?}");
        for (from_s, hz) in [(0.5, 440.0), (2.5, 1_000.0), (4.0, 1_000.0), (5.3, 700.0), (6.5, 440.0)] {
            let from = (from_s * 44_100.0) as usize;
            let found = amplitude(&frames[from..from + 22_050], 0, hz, 44_100);
            assert!((found - 0.5).abs() < 0.03, "{end}: {hz} Hz at {from_s} s is {found}");
            song.skip_to(from_s).unwrap();
            let mut block = vec![[0.0; 2]; 1_000];
            assert_eq!(song.read(&mut block).unwrap(), 1_000, "{end} at {from_s} s");
            let most =
                block.iter().zip(&frames[from..]).map(|(a, b)| (a[0] - b[0]).abs()).fold(0.0, f32::max);
            assert!(most < 1e-5, "{end} differs by {most} after a jump to {from_s} s");
        }
        song.skip_to(20.0).unwrap();
        assert_eq!(song.read(&mut [[0.0; 2]; 16]).unwrap(), 0, "{end} behind its end");
    }
}

#[test]
fn a_part_that_cannot_be_decoded_is_left_out_with_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let one = encoded(folder.path(), &tone(440, 48_000, 1.0), "-c:a libvorbis -f ogg", "one.ogg");
    let two = encoded(folder.path(), &tone(440, 48_000, 1.0), "-c:a libopus -f ogg", "two.ogg");
    let mut song = song_of("a.ogg", [one.clone(), two, one].concat());
    assert_eq!(song.duration_s(), Some(2.0));
    assert_eq!(read_all(&mut song).len(), 96_000);
    let [ref warning] = song.warnings()[..] else { panic!("{:?}", song.warnings()) };
    assert!(matches!(warning, SongWarning::LeftOut { part: 2, .. }));
    assert!(warning.to_string().contains("left out") && warning.to_string().contains("Opus"), "{warning}");
}

#[test]
fn tags_and_rubbish_amid_an_mp3_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let codec = "-c:a libmp3lame -b:a 64k -write_xing 0 -id3v2_version 0";
    let bare = encoded(folder.path(), &tone(440, 44_100, 4.0), codec, "bare.mp3");
    let length = read_all(&mut song_of("bare.mp3", bare.clone())).len();
    // Between frames: those of this stream are 208 or 209 bytes long.
    let middle = (bare.len() / 2..).find(|&at| bare[at..at + 3] == bare[..3]).unwrap();
    let id3 = [b"ID3\x04\0\0\0\0\x10\0".as_slice(), &[0xff; 2048]].concat();
    let id3v1 = [b"TAG".as_slice(), &[0xfe; 125]].concat();
    for (name, between) in [("ID3v2", id3), ("ID3v1", id3v1), ("rubbish", vec![0xaa; 5_000])] {
        let bytes = [&bare[..middle], &between, &bare[middle..]].concat();
        let mut song = song_of("tags.mp3", bytes);
        assert_eq!(read_all(&mut song).len(), length, "{name}");
        assert_eq!(song.warnings(), [], "{name}");
    }
    // A VBRI header, as Fraunhofer's encoder writes it, with a count that is wrong.
    let mut vbri = bare[..208].to_vec();
    vbri[4..].fill(0);
    vbri[36..40].copy_from_slice(b"VBRI");
    vbri[50..54].copy_from_slice(&7_u32.to_be_bytes());
    let mut song = song_of("vbri.mp3", [vbri, bare].concat());
    assert_eq!(read_all(&mut song).len(), length);
}

#[test]
fn sound_beside_moving_pictures_is_found_and_jumped_in() {
    let folder = tempfile::tempdir().unwrap();
    let source = "-f lavfi -i testsrc=s=64x36:d=8:r=10 -f lavfi -i anoisesrc=r=44100:d=8:seed=3:a=0.3";
    for (name, codec) in
        [("a.ogv", "-c:v libtheora -c:a libvorbis -f ogg"), ("a.mp4", "-c:v libx264 -c:a aac -aac_pns 0")]
    {
        let path = make(folder.path(), &format!("{source} {codec}"), name);
        let mut song = Song::open(&path).unwrap();
        let whole = read_all(&mut song);
        assert!((whole.len() as f64 / 44_100.0 - 8.0).abs() < 0.05, "{name}: {}", whole.len());
        song.skip_to(6.0).unwrap();
        let mut block = [[0.0; 2]; 1_000];
        assert_eq!(song.read(&mut block).unwrap(), 1_000);
        assert!(block.iter().zip(&whole[264_600..]).all(|(a, b)| (a[0] - b[0]).abs() < 1e-5), "{name}");
    }
}
