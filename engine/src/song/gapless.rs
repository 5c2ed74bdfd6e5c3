//! Where the music begins and ends inside an M4A file.
//!
//! An AAC encoder puts about a thousand frames of run-in before the music. The demuxer does not cut them off, so this
//! reads the two places where a file says how many there are: the `iTunSMPB` tag that iTunes writes, and the edit
//! list (ISO/IEC 14496-12, sections 8.6.5 and 8.6.6) that everyone else writes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

/// The music inside a decoded track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Music {
    /// Media time of the first frame of music, in ticks of the track's time scale.
    pub lead_in_ticks: u64,
    /// Length of the music in the same ticks, if the file says it.
    pub length_ticks: Option<u64>,
}

/// Reads the text of an `iTunSMPB` tag: hexadecimal words, of which the second is the run-in and the fourth the length.
pub(super) fn from_itunsmpb(text: &str) -> Option<Music> {
    let words: Vec<u64> =
        text.split_whitespace().map_while(|word| u64::from_str_radix(word, 16).ok()).collect();
    let length = *words.get(3)?;
    Some(Music { lead_in_ticks: words[1], length_ticks: (length > 0).then_some(length) })
}

/// Reads the edit list of the first sound track.
pub(super) fn from_edit_list(file: &mut File) -> Option<Music> {
    let whole = 0..file.metadata().ok()?.len();
    let moov = boxes(file, whole).into_iter().find(|b| b.kind == *b"moov")?.body;
    let in_moov = boxes(file, moov);
    let movie_scale = time_scale(file, &in_moov.iter().find(|b| b.kind == *b"mvhd")?.body)?.0;
    for track in in_moov.iter().filter(|b| b.kind == *b"trak") {
        let in_track = boxes(file, track.body.clone());
        let in_media = boxes(file, child(&in_track, b"mdia")?);
        let mut handler = [0; 12];
        read_at(file, child(&in_media, b"hdlr")?.start, &mut handler)?;
        if handler[8..] != *b"soun" {
            continue;
        }
        let (media_scale, media_length) = time_scale(file, &child(&in_media, b"mdhd")?)?;
        let in_edits = boxes(file, child(&in_track, b"edts")?);
        let (lead_in_ticks, segment) = first_edit(file, &child(&in_edits, b"elst")?)?;
        // The edit is measured in coarse movie ticks, the media in fine ones: believe the media where they agree.
        let rest = media_length.checked_sub(lead_in_ticks)?;
        let edit = segment.saturating_mul(media_scale) / movie_scale.max(1);
        let one_movie_tick = media_scale / movie_scale.max(1) + 1;
        let length = if rest.abs_diff(edit) <= one_movie_tick { rest } else { edit.min(rest) };
        return Some(Music { lead_in_ticks, length_ticks: (length > 0).then_some(length) });
    }
    None
}

/// Where the boxes of an MP4 file say that it ends, if that is behind its real end: the file is torn.
pub(super) fn announced_end(file: &mut File) -> Option<u64> {
    let length = file.metadata().ok()?.len();
    let mut magic = [0; 8];
    read_at(file, 0, &mut magic)?;
    if magic[4..] != *b"ftyp" {
        return None;
    }
    let end = boxes(file, 0..u64::MAX).last()?.body.end;
    (end > length && end < u64::MAX).then_some(end)
}

struct Mp4Box {
    kind: [u8; 4],
    body: Range<u64>,
}

fn child(siblings: &[Mp4Box], kind: &[u8; 4]) -> Option<Range<u64>> {
    siblings.iter().find(|b| b.kind == *kind).map(|b| b.body.clone())
}

/// The boxes that lie side by side in `range`; stops at the first that makes no sense.
fn boxes(file: &mut File, range: Range<u64>) -> Vec<Mp4Box> {
    const MOST_BOXES: usize = 1_000; // far more than any song has, so that a hostile file ends too
    let mut found = Vec::new();
    let mut at = range.start;
    let mut head = [0; 16];
    while at + 8 <= range.end && found.len() < MOST_BOXES {
        if read_at(file, at, &mut head[..8]).is_none() {
            break;
        }
        let (header, size) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            0 => (8, range.end - at),
            1 if read_at(file, at, &mut head).is_some() => (
                16,
                u64::from_be_bytes([
                    head[8], head[9], head[10], head[11], head[12], head[13], head[14], head[15],
                ]),
            ),
            size => (8, u64::from(size)),
        };
        let Some(end) = at.checked_add(size).filter(|&end| size >= header && end <= range.end) else { break };
        found.push(Mp4Box { kind: [head[4], head[5], head[6], head[7]], body: at + header..end });
        at = end;
    }
    found
}

/// Time scale and length of an `mvhd` or `mdhd` box.
fn time_scale(file: &mut File, body: &Range<u64>) -> Option<(u64, u64)> {
    let mut head = [0; 32];
    read_at(file, body.start, &mut head[..24])?;
    if head[0] == 0 {
        return Some((u64::from(be32(&head[12..])), u64::from(be32(&head[16..]))));
    }
    read_at(file, body.start, &mut head)?;
    Some((u64::from(be32(&head[20..])), be64(&head[24..])))
}

/// Media time and length (in movie ticks) of the first edit that plays anything.
fn first_edit(file: &mut File, body: &Range<u64>) -> Option<(u64, u64)> {
    const MOST_EDITS: u32 = 16;
    let mut head = [0; 8];
    read_at(file, body.start, &mut head)?;
    let is_wide = head[0] == 1;
    let size = if is_wide { 20 } else { 12 };
    for index in 0..be32(&head[4..]).min(MOST_EDITS) {
        let mut entry = [0; 20];
        read_at(file, body.start + 8 + u64::from(index) * size, &mut entry[..size as usize])?;
        let (length, media_time) = if is_wide {
            (be64(&entry), be64(&entry[8..]) as i64)
        } else {
            (u64::from(be32(&entry)), i64::from(be32(&entry[4..]) as i32))
        };
        if let Ok(media_time) = u64::try_from(media_time) {
            return Some((media_time, length));
        }
    }
    None
}

fn read_at(file: &mut File, at: u64, out: &mut [u8]) -> Option<()> {
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(out).ok()
}

fn be32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn be64(bytes: &[u8]) -> u64 {
    u64::from(be32(bytes)) << 32 | u64::from(be32(&bytes[4..]))
}
