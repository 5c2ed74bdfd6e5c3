//! Headers that lie, or were never finished.

use super::*;
use crate::song::SongFile;

const RATE_HZ: u32 = 22_050;

/// A second and a half of mono, in 16 bits, in this order of bytes.
fn pcm(to_bytes: fn(i16) -> [u8; 2]) -> Vec<u8> {
    let step = TAU * 440.0 / RATE_HZ as f32;
    (0..33_075).flat_map(|n| to_bytes((9_000.0 * (step * n as f32).sin()) as i16)).collect()
}

fn format() -> Vec<u8> {
    let mut format = [1_u16, 1].map(u16::to_le_bytes).concat();
    format.extend([RATE_HZ, 2 * RATE_HZ].map(u32::to_le_bytes).concat());
    format.extend([2_u16, 16].map(u16::to_le_bytes).concat());
    format
}

fn chunk(name: &[u8; 4], size: u32, body: &[u8]) -> Vec<u8> {
    [name, size.to_le_bytes().as_slice(), body].concat()
}

/// A WAV file with these lengths in its header, and `behind` the sound.
fn wav(riff: Option<u32>, data: Option<u32>, sound: &[u8], behind: &[u8]) -> Vec<u8> {
    let body = [
        b"WAVE".to_vec(),
        chunk(b"fmt ", 16, &format()),
        chunk(b"data", data.unwrap_or(sound.len() as u32), sound),
        behind.to_vec(),
    ]
    .concat();
    chunk(b"RIFF", riff.unwrap_or(body.len() as u32), &body)
}

fn song_of(name: &str, bytes: Vec<u8>) -> Song {
    let file = SongFile::from_bytes(name.into(), bytes).unwrap();
    file.song().unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Frames and warnings of a file.
#[track_caller]
fn heard(name: &str, bytes: Vec<u8>) -> (usize, Vec<SongWarning>) {
    let mut song = song_of(name, bytes);
    let known = song.duration_s().map(|s| (s * f64::from(song.sample_rate_hz())).round() as usize);
    let frames = read_all(&mut song).len();
    assert!(known.is_none_or(|known| known == frames), "{name}: {known:?} were told, {frames} are there");
    (frames, song.warnings())
}

#[test]
fn a_wav_is_played_to_its_end_whatever_its_lengths_say() {
    let sound = pcm(i16::to_le_bytes);
    let length = sound.len() as u32;
    let list = chunk(b"LIST", 4, b"INFO");
    let tag = [b"TAG".as_slice(), &[b' '; 125]].concat();
    for (name, riff, data, behind, warns) in [
        ("whole", None, None, vec![], false),
        ("tags behind", None, None, list.clone(), false),
        ("a foreign tag behind", Some(length + 36), None, tag, false),
        ("streamed", Some(u32::MAX), Some(u32::MAX), vec![], false),
        ("RIFF a little short", Some(length + 36 - 8), None, vec![], true),
        ("RIFF far too long", Some(length * 2), None, vec![], true),
        ("RIFF never written", Some(0), None, vec![], true),
        ("never finished", Some(0), Some(0), vec![], true),
        ("sound never counted", None, Some(0), vec![], true),
        ("counted once, and not again", Some(36 + 20_000), Some(20_000), vec![], true),
        ("an odd count", None, Some(20_001), vec![], true),
        ("more than there is", None, Some(length + 100_000), vec![], true),
    ] {
        let (frames, warnings) = heard(name, wav(riff, data, &sound, &behind));
        assert_eq!(frames, 33_075, "{name}");
        assert_eq!(!warnings.is_empty(), warns, "{name}: {warnings:?}");
        assert!(warnings.iter().all(|warning| !warning.to_string().contains('\n')));
    }
    let (frames, _) =
        heard("joined", [wav(None, None, &sound, &list), wav(None, None, &sound, &[])].concat());
    assert_eq!(frames, 66_150, "joined");
}

#[test]
fn the_large_kin_of_wav_are_read() {
    let sound = pcm(i16::to_le_bytes);
    let length = sound.len() as u64;
    for (kind, said, warns) in [
        (b"RF64", length, false),
        (b"BW64", length, false),
        (b"RF64", 0, true),
        (b"BW64", length + 5_000, true),
        (b"RF64", 9_000_000_000, true),
        (b"RF64", u64::MAX, false),
    ] {
        let sizes = [length + 72, said, 33_075].map(u64::to_le_bytes).concat();
        let body = [
            b"WAVE".to_vec(),
            chunk(b"ds64", 28, &[sizes, vec![0; 4]].concat()),
            chunk(b"fmt ", 16, &format()),
            chunk(b"data", u32::MAX, &sound),
        ]
        .concat();
        let (frames, warnings) = heard("large.wav", chunk(kind, u32::MAX, &body));
        assert_eq!(frames, 33_075, "{said}");
        assert_eq!(!warnings.is_empty(), warns, "{said}: {warnings:?}");
    }
    // Sony's Wave64: names of 16 bytes, and lengths that count their own header.
    let name =
        |first: &[u8; 4]| [first.as_slice(), b"\xf3\xac\xd3\x11\x8c\xd1\0\xc0\x4f\x8e\xdb\x8a"].concat();
    let riff = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0".to_vec();
    for (said, warns) in [(length + 24, false), (24, true), (0, true), (length + 9_000, true)] {
        let parts = [
            riff.clone(),
            (length + 104).to_le_bytes().to_vec(),
            name(b"wave"),
            name(b"fmt "),
            40_u64.to_le_bytes().to_vec(),
            format(),
            name(b"data"),
            said.to_le_bytes().to_vec(),
            sound.clone(),
        ];
        let (frames, warnings) = heard("song.w64", parts.concat());
        assert_eq!(frames, 33_075, "W64, {said}");
        assert_eq!(!warnings.is_empty(), warns, "W64, {said}: {warnings:?}");
    }
}

/// An AIFF file with these lengths in its header.
fn aiff(form: Option<u32>, ssnd: Option<u32>, sound: &[u8]) -> Vec<u8> {
    // 22,050 as a float of ten bytes.
    let common = [&[0, 1, 0, 0, 0x81, 0x33, 0, 16, 0x40, 0x0d, 0xac, 0x44], [0_u8; 6].as_slice()].concat();
    let big = |name: &[u8; 4], size: u32, body: &[u8]| [name, size.to_be_bytes().as_slice(), body].concat();
    let body = [
        b"AIFF".to_vec(),
        big(b"COMM", 18, &common),
        big(b"SSND", ssnd.unwrap_or(sound.len() as u32 + 8), &[&[0; 8], sound].concat()),
    ]
    .concat();
    big(b"FORM", form.unwrap_or(body.len() as u32), &body)
}

#[test]
fn an_aiff_is_played_as_far_as_it_goes() {
    let sound = pcm(i16::to_be_bytes);
    let length = sound.len() as u32;
    for (name, form, ssnd, warns) in [
        ("whole", None, None, false),
        ("FORM too long", Some(length + 5_000), None, true),
        ("FORM too short", Some(100), None, true),
        ("FORM never written", Some(0), Some(0), true),
        ("sound never counted", None, Some(0), false),
        ("more than there is", None, Some(length + 5_000), true),
    ] {
        let (frames, warnings) = heard(name, aiff(form, ssnd, &sound));
        assert_eq!(frames, 33_075, "{name}");
        assert_eq!(!warnings.is_empty(), warns, "{name}: {warnings:?}");
    }
    let (frames, warnings) = heard("cut.aiff", aiff(None, None, &sound)[..20_054].to_vec());
    assert_eq!(frames, 10_000);
    assert!(
        matches!(warnings[..], [SongWarning::EndsEarly { announced_s: Some(s), .. }] if (s - 1.5).abs() < 0.01)
    );
}

#[test]
fn what_an_mp3_or_a_flac_says_of_its_length_is_counted_again() {
    let folder = tempfile::tempdir().unwrap();
    let mp3 = make(folder.path(), &format!("{} -c:a libmp3lame -b:a 64k", two_tones(44_100, 2.0)), "a.mp3");
    let mp3 = std::fs::read(mp3).unwrap();
    let at = mp3.windows(4).position(|word| word == b"Info" || word == b"Xing").unwrap() + 8;
    let count = u32::from_be_bytes(mp3[at..at + 4].try_into().unwrap());
    for said in [0, 1, count / 3, count - 1, count + 1, 3 * count, u32::MAX] {
        let mut bytes = mp3.clone();
        bytes[at..at + 4].copy_from_slice(&said.to_be_bytes());
        let (frames, warnings) = heard("count.mp3", bytes);
        assert!((88_200..91_000).contains(&frames), "{said} of {count}: {frames}");
        assert_eq!(warnings.is_empty(), said <= count + 1, "{said} of {count}: {warnings:?}");
    }
    let flac = make(folder.path(), &format!("{} -c:a flac", two_tones(44_100, 2.0)), "a.flac");
    let flac = std::fs::read(flac).unwrap();
    for said in [0_u32, 1_000, 88_199, 88_201, 400_000] {
        let mut bytes = flac.clone();
        bytes[22..26].copy_from_slice(&said.to_be_bytes());
        let (frames, warnings) = heard("count.flac", bytes);
        assert_eq!(frames, 88_200, "{said}");
        assert_eq!(warnings.is_empty(), said < 100_000, "{said}: {warnings:?}");
    }
}

#[test]
fn text_in_tags_is_plain() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.flac", "a.m4a", "a.wav"] {
        let path = make(folder.path(), &format!("{} -metadata title=MoonX", two_tones(44_100, 0.2)), name);
        let bytes = std::fs::read(path).unwrap();
        let at = bytes.windows(5).position(|word| word == b"MoonX").unwrap();
        for (text, expected) in
            [(b"Moon\0", "Moon"), (b"M\0onX", "M onX"), (b"\x1b\n\x07on", "on"), (b"a\xe2\x80\xaeb", "ab")]
        {
            let mut bytes = bytes.clone();
            bytes[at..at + 5].copy_from_slice(text);
            assert_eq!(song_of(name, bytes).title(), Some(expected), "{name}");
        }
    }
}

#[test]
fn a_song_comes_through_a_pipe_as_well() {
    let sound = pcm(i16::to_le_bytes);
    let piped = |bytes: &[u8]| SongFile::from_reader("(pipe)".into(), bytes).and_then(|file| file.song());
    assert_eq!(read_all(&mut piped(&wav(None, None, &sound, &[])).unwrap()).len(), 33_075);
    // Longer than what is looked at first: it goes through a temporary file, and can be jumped in.
    let long = wav(None, None, &sound.repeat(40), &[]);
    let mut song = piped(&long).unwrap();
    song.skip_to(59.0).unwrap();
    assert_eq!(read_all(&mut song).len(), RATE_HZ as usize);
    // Without an end, and without sound: refused while it comes.
    let error = SongFile::from_reader("(pipe)".into(), std::io::repeat(0)).err().unwrap();
    assert!(matches!(error, SongError::NotAudio { .. }), "{error}");
    assert!(matches!(piped(b"").err().unwrap(), SongError::Empty { .. }));
}
