//! MP4 in fragments, as recorders and streaming services write it.

use super::*;
use crate::song::SongFile;

const AAC: &str = "-c:a aac -b:a 64k -aac_pns 0";

#[test]
fn fragments_are_played_with_and_without_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let picture = "-f lavfi -i testsrc=s=64x36:d=4:r=10";
    let plain = format!("{} {AAC}", two_tones(44_100, 4.0));
    let whole = read_all(&mut Song::open(&make(folder.path(), &plain, "whole.m4a")).unwrap());
    for (name, flags) in [
        ("empty.m4a", "-movflags +frag_keyframe+empty_moov"),
        ("short.m4a", "-movflags +empty_moov+default_base_moof -frag_duration 300000"),
        ("delayed.m4a", "-movflags +frag_keyframe+delay_moov -frag_duration 500000"),
        ("cmaf.mp4", "-movflags +cmaf -frag_duration 500000"),
        ("dash.mp4", "-movflags +dash+global_sidx -frag_duration 500000"),
        ("each.mp4", "-movflags +dash -frag_duration 500000"),
        ("hybrid.mp4", "-movflags +frag_keyframe -frag_duration 1000000"),
        ("every.mp4", "-movflags +frag_every_frame+empty_moov"),
    ] {
        let path = make(folder.path(), &format!("{plain} {flags}"), name);
        check(&path, &whole);
        if name.ends_with("mp4") {
            let both = format!("{picture} {} -c:v libx264 -g 10 {AAC} {flags}", two_tones(44_100, 4.0));
            check(&make(folder.path(), &both, &format!("video-{name}")), &whole);
        }
    }
}

/// The sound of `whole`, and a jump into the midst of it; the run-in of the encoder stays where nothing tells of it.
fn check(path: &Path, whole: &[[f32; 2]]) {
    let name = path.display();
    let mut song = Song::open(path).unwrap_or_else(|e| panic!("{e}"));
    let told_s = song.duration_s();
    let frames = read_all(&mut song);
    assert_eq!(song.warnings(), [], "{name}");
    let extra = frames.len().saturating_sub(whole.len());
    assert!(frames.len() + 1_024 >= whole.len() && extra <= 3_072, "{name}: {} frames", frames.len());
    assert!(
        told_s.is_none_or(|s| (s * 44_100.0 - frames.len() as f64).abs() <= 1_024.0),
        "{name}: {told_s:?}"
    );
    let run_in = [0, 1_024, 2_048].into_iter().find(|&run_in| {
        let pairs = whole[44_100..88_200].iter().zip(&frames[44_100 + run_in..]);
        pairs.map(|(a, b)| (a[0] - b[0]).abs()).fold(0.0, f32::max) < 1e-3
    });
    assert!(run_in.is_some(), "{name} sounds otherwise");
    song.skip_to(3.0).unwrap();
    let mut block = [[0.0; 2]; 1_000];
    assert_eq!(song.read(&mut block).unwrap(), 1_000, "{name}");
    assert!(
        block.iter().zip(&frames[132_300..]).all(|(a, b)| (a[0] - b[0]).abs() < 1e-5),
        "{name} after a jump"
    );
}

#[test]
fn segments_are_a_song_once_their_header_is_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.m3u8");
    let arguments = format!("{} {AAC} -f hls -hls_time 1 -hls_segment_type fmp4", two_tones(44_100, 4.0));
    make(folder.path(), &arguments, "list.m3u8");
    let text = std::fs::read_to_string(list).unwrap();
    let segments: Vec<_> = text.lines().filter(|line| line.ends_with(".m4s")).collect();
    assert!(segments.len() >= 3, "{text}");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let open = |bytes: Vec<u8>| SongFile::from_bytes("a.mp4".into(), bytes).unwrap().song();
    let init = read("init.mp4");
    let joined = segments.iter().fold(init.clone(), |joined, name| [joined, read(name)].concat());
    let length_s = read_all(&mut open(joined).unwrap()).len() as f64 / 44_100.0;
    assert!((length_s - 4.0).abs() < 0.06, "{length_s} s");
    let error = open(init).err().unwrap();
    assert!(matches!(error, SongError::OnlyInit { .. }), "{error}");
    let error = open(read(segments[0])).err().unwrap();
    assert!(matches!(error, SongError::NoInit { .. }), "{error}");
}

#[test]
fn a_recording_without_its_index_is_told_from_what_is_no_song() {
    let folder = tempfile::tempdir().unwrap();
    let path = make(folder.path(), &format!("{} {AAC}", two_tones(44_100, 2.0)), "a.m4a");
    let bytes = std::fs::read(path).unwrap();
    let moov = bytes.windows(4).position(|word| word == b"moov").unwrap();
    let error = SongFile::from_bytes("a.m4a".into(), &bytes[..moov - 4]).unwrap().song().err().unwrap();
    assert!(matches!(error, SongError::NoIndex { .. }), "{error}");
}
