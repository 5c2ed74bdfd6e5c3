//! The boxes of an MP4 file (ISO/IEC 14496-12, section 4.2).

use std::ops::Range;

use super::super::bytes::{Bytes, be32, be64};

/// One box.
#[derive(Clone)]
pub(super) struct Mp4Box {
    pub kind: [u8; 4],
    /// Where its header begins.
    pub start: u64,
    pub body: Range<u64>,
}

/// Whether a file may begin with a box of this kind.
pub(super) fn is_first(kind: &[u8]) -> bool {
    matches!(kind, b"ftyp" | b"styp" | b"moof" | b"sidx" | b"moov")
}

/// The boxes that lie side by side in `range`; ends with the first that makes no sense. One that reaches behind the file's
/// end is the last.
pub(super) fn boxes(bytes: &Bytes, range: Range<u64>) -> impl Iterator<Item = Mp4Box> + '_ {
    let mut at = range.start;
    std::iter::from_fn(move || {
        if at.checked_add(8)? > range.end {
            return None;
        }
        let head = bytes.array::<8>(at)?;
        let (header, size) = match be32(&head) {
            0 => (8, range.end - at),
            1 => (16, be64(&bytes.array::<8>(at + 8)?)),
            size => (8, u64::from(size)),
        };
        let end = at.checked_add(size).filter(|&end| size >= header && end <= range.end)?;
        let found = Mp4Box { kind: [head[4], head[5], head[6], head[7]], start: at, body: at + header..end };
        at = end;
        Some(found)
    })
}

/// The body of the first box of `kind` in `range`.
pub(super) fn child(bytes: &Bytes, range: &Range<u64>, kind: &[u8; 4]) -> Option<Range<u64>> {
    boxes(bytes, range.clone()).find(|b| b.kind == *kind).map(|b| b.body)
}

/// The body of the box that a path of kinds leads to.
pub(super) fn descendant(bytes: &Bytes, range: &Range<u64>, path: &[&[u8; 4]]) -> Option<Range<u64>> {
    path.iter().try_fold(range.clone(), |range, kind| child(bytes, &range, kind))
}
