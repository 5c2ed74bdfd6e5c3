//! Where the music begins and ends inside an M4A file.
//!
//! An AAC encoder puts about a thousand frames of run-in before the music. The demuxer does not cut them off, so this
//! reads the two places where a file says how many there are: the `iTunSMPB` tag that iTunes writes, and the edit
//! list (ISO/IEC 14496-12, sections 8.6.5 and 8.6.6) that everyone else writes.

use std::ops::Range;

use super::super::bytes::{Bytes, be32, be64};
use super::boxes::{child, descendant};

/// The music inside a decoded track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Music {
    /// Media time of the first frame of music, in ticks of the track's time scale.
    pub lead_in_ticks: u64,
    /// Length of the music in the same ticks, if the file says it.
    pub length_ticks: Option<u64>,
}

/// Reads the text of an `iTunSMPB` tag: hexadecimal words, of which the second is the run-in and the fourth the length.
pub(in super::super) fn from_itunsmpb(text: &str) -> Option<Music> {
    let words: Vec<u64> =
        text.split_whitespace().map_while(|word| u64::from_str_radix(word, 16).ok()).collect();
    let length = *words.get(3)?;
    Some(Music { lead_in_ticks: words[1], length_ticks: (length > 0).then_some(length) })
}

/// Reads the edit list of a track; `media_length` is in ticks of the media, and `movie_scale` those of the edits by second.
pub(super) fn of_track(
    bytes: &Bytes,
    track: &Range<u64>,
    movie_scale: u64,
    media_length: Option<u64>,
) -> Option<Music> {
    let header = descendant(bytes, track, &[b"mdia", b"mdhd"])?;
    let (media_scale, header_length) = time_scale(bytes, &header)?;
    let media_length = media_length.unwrap_or(header_length);
    let list = descendant(bytes, track, &[b"edts", b"elst"])?;
    let (lead_in_ticks, segment) = first_edit(bytes, &list)?;
    if segment == 0 {
        // To the end: so it is in fragments, whose length nobody knew.
        return Some(Music { lead_in_ticks, length_ticks: None });
    }
    // The edit is measured in coarse movie ticks, the media in fine ones: believe the media where they agree.
    let rest = media_length.checked_sub(lead_in_ticks)?;
    let edit = segment.saturating_mul(media_scale) / movie_scale.max(1);
    let one_movie_tick = media_scale / movie_scale.max(1) + 1;
    let length = if rest.abs_diff(edit) <= one_movie_tick { rest } else { edit.min(rest) };
    Some(Music { lead_in_ticks, length_ticks: (length > 0).then_some(length) })
}

/// Ticks by second of the movie.
pub(super) fn movie_scale(bytes: &Bytes, moov: &Range<u64>) -> Option<u64> {
    Some(time_scale(bytes, &child(bytes, moov, b"mvhd")?)?.0)
}

/// Time scale and length of an `mvhd` or `mdhd` box.
fn time_scale(bytes: &Bytes, body: &Range<u64>) -> Option<(u64, u64)> {
    let head = bytes.array::<24>(body.start)?;
    if head[0] == 0 {
        return Some((u64::from(be32(&head[12..])), u64::from(be32(&head[16..]))));
    }
    let head = bytes.array::<32>(body.start)?;
    Some((u64::from(be32(&head[20..])), be64(&head[24..])))
}

/// Media time and length (in movie ticks) of the first edit that plays anything.
fn first_edit(bytes: &Bytes, body: &Range<u64>) -> Option<(u64, u64)> {
    const MOST_EDITS: u32 = 16;
    let head = bytes.array::<8>(body.start)?;
    let is_wide = head[0] == 1;
    let size = if is_wide { 20 } else { 12 };
    for index in 0..be32(&head[4..]).min(MOST_EDITS) {
        let mut entry = [0; 20];
        bytes.fill(body.start + 8 + u64::from(index) * size, &mut entry[..size as usize])?;
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
