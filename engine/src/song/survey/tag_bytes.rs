//! How long the tags are that stand before, behind and amid sound.

use super::super::bytes::{Bytes, le32};

/// The tag that begins at `at`, by its length in bytes: ID3v2, ID3v1, APE or Lyrics3.
pub(super) fn length_at(bytes: &Bytes, at: u64) -> Option<u64> {
    let rest = bytes.len().checked_sub(at)?;
    let length = match bytes.array::<10>(at)? {
        // A size of four times seven bits.
        [b'I', b'D', b'3', version, _, flags, a, b, c, d] if version < 0xff && (a | b | c | d) < 0x80 => {
            let size = [a, b, c, d].iter().fold(0, |sum, &byte| sum << 7 | u64::from(byte));
            10 + size + if flags & 0x10 != 0 { 10 } else { 0 }
        }
        [b'T', b'A', b'G', ..] if rest >= 128 => 128,
        [b'A', b'P', b'E', b'T', b'A', b'G', b'E', b'X', ..] => {
            let [_, _, _, _, size @ .., _, _, _, _, _, _, _, _] = bytes.array::<16>(at + 8)?;
            32 + u64::from(le32(&size))
        }
        [b'L', b'Y', b'R', b'I', b'C', b'S', b'B', b'E', b'G', b'I'] => rest,
        _ => return None,
    };
    (length <= rest).then_some(length)
}

/// Where the tags at the start of the file end.
pub(super) fn end_of_leading(bytes: &Bytes) -> u64 {
    const MOST_TAGS: usize = 16;
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        match bytes.array::<3>(at) {
            Some([b'I', b'D', b'3']) => at += length_at(bytes, at).unwrap_or(0),
            _ => break,
        }
    }
    at
}
