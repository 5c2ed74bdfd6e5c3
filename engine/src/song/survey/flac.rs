//! FLAC: its header tells a length that may be wrong, and files may have been joined (RFC 9639).
//!
//! The last frame says where it stands, and so how long the stream really is.

use std::ops::Range;

use super::super::bytes::{Bytes, Scan, be16, be64};
use super::super::view::View;
use super::{Part, Survey};

const MOST_STREAMS: usize = 1_000;

/// Looks for the streams that begin at `start` and behind it.
pub(super) fn survey(bytes: &Bytes, start: u64) -> Option<Survey> {
    let mut scan = Scan::new(bytes);
    let mut starts = vec![start];
    // The marker, and behind it a block of stream information, which is 34 bytes long.
    while let Some(next) = scan.find(b"fLaC", starts.last()? + 42, bytes.len()) {
        if matches!(bytes.array::<8>(next), Some([.., 0x00 | 0x80, 0, 0, 34])) {
            starts.push(next);
        } else {
            break;
        }
        if starts.len() == MOST_STREAMS {
            break;
        }
    }
    let parts = starts.iter().enumerate().map(|(index, &from)| {
        let end = starts.get(index + 1).copied().unwrap_or(bytes.len());
        let mut view = View::empty(bytes);
        view.show(if index == 0 { 0 } else { from }..end);
        let mut part = Part::new(view);
        if let Some(length) = length(bytes, from..end) {
            part.counted = Some(length.found);
            part.announced = Some(length.announced).filter(|&announced| announced > length.found);
        }
        part.ending = Some("flac");
        part
    });
    Some(Survey::of(parts.collect()))
}

struct Length {
    announced: u64,
    found: u64,
}

/// The length by the header, and by the last frame.
fn length(bytes: &Bytes, stream: Range<u64>) -> Option<Length> {
    let info = bytes.array::<42>(stream.start)?;
    let info = &info[8..];
    let (least_block, most_block) = (be16(info), be16(&info[2..]));
    let announced = be64(&info[10..]) & 0x000f_ffff_ffff;
    // Behind the blocks of metadata comes the first frame, which all others are like.
    let mut at = stream.start + 4;
    loop {
        let [kind, a, b, c] = bytes.array::<4>(at)?;
        at += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x80 != 0 {
            break;
        }
    }
    let first = bytes.array::<4>(at)?;
    const LONGEST_TAIL: u64 = 1 << 20;
    let tail_start = stream.end.saturating_sub(LONGEST_TAIL).max(at);
    let tail = bytes.copy(tail_start..stream.end, LONGEST_TAIL as usize);
    (0..tail.len()).rev().find_map(|place| {
        let head = tail.get(place..)?;
        // Same sync and blocking, same rate, same size of samples.
        let is_alike = head.len() >= 6
            && head[..2] == first[..2]
            && head[2] & 0x0f == first[2] & 0x0f
            && head[3] & 0x0f == first[3] & 0x0f;
        let frame = is_alike.then(|| Frame::read(head))??;
        let begins = match first[1] & 1 {
            0 if least_block == most_block => frame.number.checked_mul(u64::from(most_block))?,
            0 => return None,
            _ => frame.number,
        };
        Some(Length { announced, found: begins + frame.samples })
    })
}

struct Frame {
    /// Of the frame where blocks have one size, of its first sample where they have not.
    number: u64,
    samples: u64,
}

impl Frame {
    /// Reads a frame header whose check sum is right.
    fn read(head: &[u8]) -> Option<Self> {
        let (block_code, rate_code) = (head[2] >> 4, head[2] & 0x0f);
        // A number in the manner of UTF-8, up to seven bytes long.
        let lead = *head.get(4)?;
        let more = match lead.leading_ones() {
            0 => 0,
            1 | 8 => return None,
            ones => ones as usize - 1,
        };
        let mut number = u64::from(if more == 0 { lead } else { lead & (0x3f >> more) });
        for byte in head.get(5..5 + more)? {
            number = number << 6 | u64::from(byte & 0x3f);
        }
        let mut at = 5 + more;
        let samples = match block_code {
            1 => 192,
            2..=5 => 576 << (block_code - 2),
            6 => {
                at += 1;
                u64::from(*head.get(at - 1)?) + 1
            }
            7 => {
                at += 2;
                u64::from(be16(head.get(at - 2..at)?)) + 1
            }
            8..=15 => 256 << (block_code - 8),
            _ => return None,
        };
        at += match rate_code {
            12 => 1,
            13 | 14 => 2,
            15 => return None,
            _ => 0,
        };
        let sum = *head.get(at)?;
        (crc8(&head[..at]) == sum).then_some(Self { number, samples })
    }
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}
