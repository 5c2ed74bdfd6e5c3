//! How long a track is by its samples; in fragments (ISO/IEC 14496-12, section 8.8) nothing else says it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::bytes::{Bytes, be32};
use super::boxes::{boxes, child};

/// What a track's samples are like where a fragment does not say it.
#[derive(Clone, Copy, Default)]
pub(super) struct Defaults {
    pub duration: u64,
    /// In bytes.
    pub size: u64,
}

impl Defaults {
    /// Reads a `trex` box.
    pub fn read(bytes: &Bytes, body: &Range<u64>) -> Option<(u32, Self)> {
        let head = bytes.array::<24>(body.start)?;
        let [duration, size] = [12, 16].map(|at| u64::from(be32(&head[at..])));
        Some((be32(&head[4..]), Self { duration, size }))
    }
}

/// How many samples there are of each length in ticks.
#[derive(Default)]
pub(super) struct Samples {
    by_ticks: BTreeMap<u64, u64>,
}

/// How long they are together.
pub(super) struct Length {
    pub ticks: u64,
    /// Some say that they are longer, or shorter, than they can be.
    pub is_uneven: bool,
}

impl Samples {
    pub fn add(&mut self, count: u64, ticks: u64) {
        let counted = self.by_ticks.entry(ticks).or_default();
        *counted = counted.saturating_add(count);
    }

    /// Some writers put a gap in the pictures into the length of a sample of the sound, which is played without it; some
    /// do not know how long the last one of a fragment is. `one_length`: all samples decode to as many frames, as in AAC.
    pub fn length(&self, one_length: bool) -> Length {
        let count_of_all: u64 = self.by_ticks.values().fold(0, |sum, &count| sum.saturating_add(count));
        let mut before = 0_u64;
        let usual = self.by_ticks.iter().find(|&(_, &count)| {
            before = before.saturating_add(count);
            before > count_of_all / 2
        });
        let usual = usual.map_or(0, |(&ticks, _)| ticks);
        let sum = self
            .by_ticks
            .iter()
            .fold(0_u64, |sum, (&ticks, &count)| sum.saturating_add(count.saturating_mul(ticks)));
        let even = count_of_all.saturating_mul(usual);
        let has_gaps = self.by_ticks.keys().any(|&ticks| ticks > usual.saturating_mul(2));
        if one_length || has_gaps {
            // The last one is often cut to what is left of the music.
            return Length { ticks: even, is_uneven: has_gaps || sum.abs_diff(even) > usual };
        }
        Length { ticks: sum, is_uneven: false }
    }
}

/// Whether what a `moof` box says of its samples can be: no more of them, and none larger, than the file has bytes. A
/// demuxer would go through them one by one, and make room for each.
pub(super) fn can_be(bytes: &Bytes, moof: &Range<u64>, most: u64) -> bool {
    boxes(bytes, moof.clone()).filter(|b| b.kind == *b"traf").all(|traf| {
        boxes(bytes, traf.body).all(|found| match &found.kind {
            b"tfhd" => header_can_be(bytes, &found.body, most),
            b"trun" => run_can_be(bytes, &found.body, most),
            _ => true,
        })
    })
}

fn header_can_be(bytes: &Bytes, header: &Range<u64>, most: u64) -> bool {
    let flags = bytes.array::<4>(header.start).map_or(0, |flags| be32(&flags));
    if flags & 0x10 == 0 {
        return true;
    }
    let before = [(0x01, 8), (0x02, 4), (0x08, 4)]
        .iter()
        .map(|&(flag, size)| if flags & flag != 0 { size } else { 0 });
    bytes
        .array::<4>(header.start + 8 + before.sum::<u64>())
        .is_some_and(|size| u64::from(be32(&size)) <= most)
}

fn run_can_be(bytes: &Bytes, run: &Range<u64>, most: u64) -> bool {
    let Some(head) = bytes.array::<8>(run.start) else { return false };
    let (flags, count) = (be32(&head) & 0x00ff_ffff, u64::from(be32(&head[4..])));
    let before = 8 + u64::from(flags & 0x01 != 0) * 4 + u64::from(flags & 0x04 != 0) * 4;
    let fields = (flags & 0xf00).count_ones() as usize * 4;
    if flags & 0x200 == 0 || count > most {
        return count <= most;
    }
    let table = bytes.copy(run.start + before..run.end, usize::MAX);
    let size_at = if flags & 0x100 != 0 { 4 } else { 0 };
    table.chunks_exact(fields).take(count as usize).all(|entry| u64::from(be32(&entry[size_at..])) <= most)
}

/// Adds the samples of `track` in one `moof` box.
pub(super) fn add(samples: &mut Samples, bytes: &Bytes, moof: &Range<u64>, track: u32, defaults: Defaults) {
    for traf in boxes(bytes, moof.clone()).filter(|b| b.kind == *b"traf") {
        add_traf(samples, bytes, &traf.body, track, defaults);
    }
}

fn add_traf(
    samples: &mut Samples,
    bytes: &Bytes,
    traf: &Range<u64>,
    track: u32,
    defaults: Defaults,
) -> Option<()> {
    let header = child(bytes, traf, b"tfhd")?;
    let head = bytes.array::<8>(header.start)?;
    let flags = be32(&head) & 0x00ff_ffff;
    if be32(&head[4..]) != track {
        return None;
    }
    let mut duration = defaults.duration;
    if flags & 0x08 != 0 {
        let before = if flags & 0x01 != 0 { 8 } else { 0 } + if flags & 0x02 != 0 { 4 } else { 0 };
        duration = u64::from(be32(&bytes.array::<4>(header.start + 8 + before)?));
    }
    for run in boxes(bytes, traf.clone()).filter(|b| b.kind == *b"trun") {
        add_run(samples, bytes, &run.body, duration);
    }
    Some(())
}

fn add_run(samples: &mut Samples, bytes: &Bytes, run: &Range<u64>, default: u64) -> Option<()> {
    let head = bytes.array::<8>(run.start)?;
    let (flags, count) = (be32(&head) & 0x00ff_ffff, u64::from(be32(&head[4..])));
    if flags & 0x100 == 0 {
        samples.add(count, default);
        return Some(());
    }
    let before = 8 + u64::from(flags & 0x01 != 0) * 4 + u64::from(flags & 0x04 != 0) * 4;
    let fields = u64::from((flags & 0xf00).count_ones()) * 4;
    let table = bytes.copy(run.start + before..run.end, usize::MAX);
    let entries = table.chunks_exact(fields as usize).take(usize::try_from(count).ok()?);
    entries.for_each(|entry| samples.add(1, u64::from(be32(entry))));
    Some(())
}
