//! A file as the demuxer should see it: parts of the real one, with headers put right.
//!
//! What a demuxer stumbles over is mostly a few wrong bytes in a header. Nothing is written to mend them: a view shows the
//! bytes of the song with other bytes laid over them, or with pieces left out, and costs no more than the pieces.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use symphonia::core::io::MediaSource;

use super::bytes::Bytes;

#[derive(Clone)]
enum Piece {
    Stored(Range<u64>),
    Written(Arc<[u8]>),
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Self::Stored(range) => range.end - range.start,
            Self::Written(bytes) => bytes.len() as u64,
        }
    }
}

/// What a demuxer is shown of some [`Bytes`].
#[derive(Clone)]
pub(super) struct View {
    bytes: Bytes,
    /// Pieces with the places where they end, in order.
    pieces: Vec<(u64, Piece)>,
    /// Bytes laid over the pieces, by place.
    patches: Vec<(u64, Vec<u8>)>,
    claimed: u64,
}

impl View {
    /// Nothing yet.
    pub fn empty(bytes: &Bytes) -> Self {
        Self { bytes: bytes.clone(), pieces: Vec::new(), patches: Vec::new(), claimed: 0 }
    }

    /// Everything, as it is.
    pub fn whole(bytes: &Bytes) -> Self {
        let mut view = Self::empty(bytes);
        view.show(0..bytes.len());
        view
    }

    pub fn len(&self) -> u64 {
        self.pieces.last().map_or(0, |(end, _)| *end)
    }

    /// Appends a part of the bytes, as far as it is there.
    pub fn show(&mut self, range: Range<u64>) {
        let range = range.start..range.end.min(self.bytes.len());
        if range.start >= range.end {
            return;
        }
        if let Some((end, Piece::Stored(last))) = self.pieces.last_mut()
            && last.end == range.start
        {
            *end += range.end - range.start;
            last.end = range.end;
            return;
        }
        self.append(Piece::Stored(range));
    }

    /// Appends bytes of our own.
    pub fn write(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.append(Piece::Written(bytes.into()));
        }
    }

    fn append(&mut self, piece: Piece) {
        self.pieces.push((self.len() + piece.len(), piece));
    }

    /// Lays `bytes` over what is at `at`. Later places come later.
    pub fn patch(&mut self, at: u64, bytes: &[u8]) {
        self.patches.push((at, bytes.to_vec()));
    }

    /// Says that the view is longer than it is: some demuxers refuse a file that ends before its last box does.
    pub fn claim(&mut self, length: u64) {
        self.claimed = length;
    }

    /// Whether it was said to be longer than it is.
    pub fn is_claimed(&self) -> bool {
        self.claimed > self.len()
    }

    /// A reader of its own, at the start.
    pub fn reader(&self) -> ViewReader {
        ViewReader { view: self.clone(), at: 0 }
    }

    fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        let index = self.pieces.partition_point(|(end, _)| *end <= at);
        let Some((end, piece)) = self.pieces.get(index) else { return Ok(0) };
        let skipped = at - (end - piece.len());
        let most = out.len().min(usize::try_from(end - at).unwrap_or(usize::MAX));
        let out = &mut out[..most];
        let count = match piece {
            Piece::Stored(range) => self.bytes.read_at(range.start + skipped, out)?,
            Piece::Written(bytes) => {
                out.copy_from_slice(&bytes[skipped as usize..][..most]);
                most
            }
        };
        self.lay_over(at, &mut out[..count]);
        Ok(count)
    }

    fn lay_over(&self, at: u64, out: &mut [u8]) {
        let end = at + out.len() as u64;
        // A patch is a few bytes long, so one that reaches in from the left begins close by.
        let first = self.patches.partition_point(|(place, bytes)| place + bytes.len() as u64 <= at);
        for (place, bytes) in self.patches[first..].iter().take_while(|(place, _)| *place < end) {
            for (index, byte) in bytes.iter().enumerate() {
                let place = place + index as u64;
                if (at..end).contains(&place) {
                    out[(place - at) as usize] = *byte;
                }
            }
        }
    }
}

/// Reads a [`View`].
pub(super) struct ViewReader {
    view: View,
    at: u64,
}

impl Read for ViewReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.view.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for ViewReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let end = self.view.len().max(self.view.claimed);
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => end.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

impl MediaSource for ViewReader {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.view.len().max(self.view.claimed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_patches_read_as_one_file() {
        let bytes = Bytes::Memory((0..100).collect::<Vec<u8>>().into());
        let mut view = View::empty(&bytes);
        view.write(b"head");
        view.show(10..14);
        view.show(14..16);
        view.show(90..200);
        view.patch(3, b"XY");
        view.patch(18, b"Z");
        let mut all = Vec::new();
        view.reader().read_to_end(&mut all).unwrap();
        let expected =
            [b"heaXY".as_slice(), &[11, 12, 13, 14, 15, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99]].concat();
        let mut expected = expected;
        expected[18] = b'Z';
        assert_eq!(all, expected);
        for from in 0..all.len() {
            let mut reader = view.reader();
            reader.seek(SeekFrom::Start(from as u64)).unwrap();
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).unwrap();
            assert_eq!(rest, all[from..]);
        }
    }
}
