//! MP4, M4A and MOV, whole or in fragments.
//!
//! The demuxer is shown the sound alone: boxes of other tracks, and segment indexes (which give a time scale of their own,
//! and the length of what follows them only), are renamed to `free`, so that nothing moves.

use std::ops::Range;

use super::super::bytes::{Bytes, be32};
use super::super::view::View;
use super::boxes::{Mp4Box, boxes, child, descendant};
use super::fragments::{self, Defaults, Samples};
use super::{Flaw, Part, Survey, edits};

/// Walks the boxes.
pub(super) fn survey(bytes: &Bytes) -> Option<Survey> {
    let mut view = View::whole(bytes);
    let mut moov = None;
    let mut sidx = Vec::new();
    let mut fragments = Vec::new();
    let mut has_media = false;
    let mut end = 0;
    // One that reaches behind the file's end: the file is torn.
    for found in boxes(bytes, 0..u64::MAX) {
        end = found.body.end;
        match &found.kind {
            b"moov" if moov.is_none() => moov = Some(found.body),
            b"sidx" => sidx.push(found.start + 4),
            b"moof" => fragments.push(found.body),
            b"mdat" => has_media = true,
            _ => {}
        }
    }
    let Some(moov) = moov else {
        let mut survey = Survey::of(vec![Part::new(view)]);
        survey.flaw = Some(if fragments.is_empty() { Flaw::NoIndex } else { Flaw::NoInit });
        return Some(survey);
    };
    let cut_off = end > bytes.len() && end < u64::MAX;
    let flaw = (fragments.is_empty() && !has_media).then_some(Flaw::OnlyInit);
    let mut free = sidx;
    let sound = Sound::find(bytes, &moov, &mut free);
    free.sort_unstable();
    free.iter().for_each(|&at| view.patch(at, b"free"));
    if cut_off {
        view.claim(end);
    }
    let mut part = Part::new(view);
    part.cut_off = cut_off;
    part.ending = Some("mp4");
    if let Some(sound) = sound {
        let is_fragmented = sound.defaults.is_some();
        let most = end.min(bytes.len().saturating_mul(16));
        if sound.largest_bytes.max(sound.defaults.map_or(0, |defaults| defaults.size)) > most {
            return Some(Survey::damaged());
        }
        let mut samples = sound.stored;
        if let Some(defaults) = sound.defaults {
            for moof in fragments.iter().filter(|moof| moof.end <= bytes.len()) {
                if !fragments::can_be(bytes, moof, most) {
                    return Some(Survey::damaged());
                }
                fragments::add(&mut samples, bytes, moof, sound.id, defaults);
            }
        }
        let length = samples.length(sound.is_aac);
        part.is_uneven = length.is_uneven;
        // In a whole file the tables are the demuxer's business, unless they cannot be right.
        let length = (is_fragmented || length.is_uneven).then_some(length.ticks);
        let movie_scale = edits::movie_scale(bytes, &moov).unwrap_or(0);
        part.music = edits::of_track(bytes, &sound.track, movie_scale, length);
        if part.is_uneven
            && let Some(music) = &mut part.music
        {
            music.length_ticks = None;
        }
        part.counted = length.filter(|&ticks| ticks > 0);
    }
    let mut survey = Survey::of(vec![part]);
    survey.flaw = flaw;
    Some(survey)
}

/// The track that is played.
struct Sound {
    id: u32,
    track: Range<u64>,
    is_aac: bool,
    /// The largest of its samples, or their number if that is larger.
    largest_bytes: u64,
    /// What its own tables hold.
    stored: Samples,
    /// What its fragments build on; `None` in a file without.
    defaults: Option<Defaults>,
}

impl Sound {
    /// The first sound track that there is a decoder for, or the first one; the places of all other tracks' kinds go to
    /// `free`.
    fn find(bytes: &Bytes, moov: &Range<u64>, free: &mut Vec<u64>) -> Option<Self> {
        let tracks: Vec<Mp4Box> = boxes(bytes, moov.clone()).filter(|b| b.kind == *b"trak").collect();
        let is_sound = |track: &&Mp4Box| {
            let handler = descendant(bytes, &track.body, &[b"mdia", b"hdlr"]);
            handler.and_then(|hdlr| bytes.array::<12>(hdlr.start)).is_some_and(|head| head[8..] == *b"soun")
        };
        let codec = |track: &Mp4Box| {
            let descriptions = descendant(bytes, &track.body, &[b"mdia", b"minf", b"stbl", b"stsd"])?;
            bytes.array::<4>(descriptions.start + 12)
        };
        let is_known = |track: &&Mp4Box| {
            codec(track)
                .is_some_and(|codec| !matches!(&codec, b"ac-3" | b"ec-3" | b"Opus" | b"dtsc" | b"samr"))
        };
        let sounds = || tracks.iter().filter(is_sound);
        let track = sounds().find(is_known).or_else(|| sounds().next())?;
        let id = track_id(bytes, &track.body)?;
        free.extend(tracks.iter().filter(|other| other.start != track.start).map(|other| other.start + 4));
        let mut defaults = None;
        if let Some(mvex) = child(bytes, moov, b"mvex") {
            for trex in boxes(bytes, mvex).filter(|b| b.kind == *b"trex") {
                match Defaults::read(bytes, &trex.body) {
                    Some((owner, found)) if owner == id && defaults.is_none() => defaults = Some(found),
                    _ => free.push(trex.start + 4),
                }
            }
        }
        let is_aac = codec(track) == Some(*b"mp4a");
        let stored = stored_samples(bytes, &track.body).unwrap_or_default();
        let largest_bytes = largest_sample(bytes, &track.body).unwrap_or(0);
        Some(Self { id, is_aac, largest_bytes, track: track.body.clone(), stored, defaults })
    }
}

fn track_id(bytes: &Bytes, track: &Range<u64>) -> Option<u32> {
    let header = child(bytes, track, b"tkhd")?;
    let head = bytes.array::<24>(header.start)?;
    // Times of creation and change stand before it, wide ones in version 1.
    Some(be32(if head[0] == 1 { &head[20..] } else { &head[12..] }))
}

/// What a track's time-to-sample table holds.
fn stored_samples(bytes: &Bytes, track: &Range<u64>) -> Option<Samples> {
    let table = descendant(bytes, track, &[b"mdia", b"minf", b"stbl", b"stts"])?;
    let entries = bytes.copy(table.start + 8..table.end, 1 << 24);
    let mut samples = Samples::default();
    entries
        .chunks_exact(8)
        .for_each(|entry| samples.add(u64::from(be32(entry)), u64::from(be32(&entry[4..]))));
    Some(samples)
}

/// The largest sample by a track's table of sizes, or how many there are by it.
fn largest_sample(bytes: &Bytes, track: &Range<u64>) -> Option<u64> {
    let table = descendant(bytes, track, &[b"mdia", b"minf", b"stbl", b"stsz"])?;
    let head = bytes.array::<12>(table.start)?;
    let (all, count) = (u64::from(be32(&head[4..])), u64::from(be32(&head[8..])));
    if all > 0 {
        return Some(all.max(count));
    }
    let sizes = bytes.copy(table.start + 12..table.end, usize::MAX);
    sizes.chunks_exact(4).map(|size| u64::from(be32(size))).max()
}
