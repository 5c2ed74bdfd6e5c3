//! MP3 and its elders: frame after frame, with tags between them.
//!
//! The stream itself has no length. A first frame without sound (Xing, Info or VBRI) may tell a count, which is wrong
//! where something was appended, cut off, or never filled in; and each file of a joined one brings its own, with the
//! padding that its encoder put before and behind the music.

use std::ops::Range;

use super::super::bytes::{Bytes, Scan, be32};
use super::super::view::View;
use super::mpeg_frame::FrameHeader;
use super::{Part, Survey, tag_bytes};

/// Walks the frames from `start` on; `None` if none are there.
pub(super) fn survey(bytes: &Bytes, start: u64) -> Option<Survey> {
    let mut walk = Walk { bytes, scan: Scan::new(bytes), streams: Vec::new() };
    walk.run(start);
    let count = walk.streams.len();
    let parts = walk.streams.iter().enumerate().map(|(index, stream)| {
        let mut view = View::empty(bytes);
        if index == 0 {
            view.show(0..start); // title and artist
        }
        stream.part(view, (count == 1).then(|| stream.end()..bytes.len()))
    });
    let parts: Vec<Part> = parts.collect();
    (!parts.is_empty()).then(|| Survey::of(parts))
}

/// Frames that belong together.
struct Stream {
    first: FrameHeader,
    /// The frames, where they lie in one piece.
    pieces: Vec<Range<u64>>,
    frames: u64,
    info: Option<Info>,
}

/// A first frame that tells of the others.
struct Info {
    /// Where the count of frames is, if there is one, and the count itself.
    count: Option<(u64, u32)>,
    is_xing: bool,
    /// What an encoder says about itself.
    lame: Option<Lame>,
}

/// The extension that LAME and others write behind the counts.
#[derive(Clone, Copy)]
struct Lame {
    at: u64,
    /// Low half of the delay, high half of the padding: twelve bits each, in three bytes.
    shared: u8,
    /// It is all there, with its check sum.
    is_whole: bool,
}

impl Lame {
    const SHARED: usize = 22;
    const CHECK_SUM: usize = 34;
    const LENGTH: usize = 36;

    fn read(at: u64, bytes: &[u8]) -> Option<Self> {
        let shared = *bytes.get(Self::SHARED)?;
        Some(Self { at, shared, is_whole: bytes.len() >= Self::LENGTH })
    }
}

struct Walk<'a> {
    bytes: &'a Bytes,
    scan: Scan<'a>,
    streams: Vec<Stream>,
}

impl Walk<'_> {
    fn run(&mut self, start: u64) {
        let Some(mut at) = self.find(start) else { return };
        while let Some(header) = self.header(at) {
            if at + header.size > self.bytes.len() {
                break;
            }
            self.take(at, &header);
            at += header.size;
            if self.continues(at) {
                continue;
            }
            match tag_bytes::length_at(self.bytes, at) {
                Some(length) => at += length,
                None if at >= self.bytes.len() => break,
                None => {}
            }
            if !self.continues(at) {
                match self.find(at) {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
    }

    fn header(&mut self, at: u64) -> Option<FrameHeader> {
        FrameHeader::read(self.scan.peek(at, 4))
    }

    /// Whether a frame of the newest stream begins at `at`.
    fn continues(&mut self, at: u64) -> bool {
        let header = self.header(at);
        header.zip(self.streams.last()).is_some_and(|(header, stream)| header.goes_with(&stream.first))
    }

    /// The next frame, from `at` on, that another one like it follows, or the file's end. A lone sync word means nothing.
    fn find(&mut self, mut at: u64) -> Option<u64> {
        // A file that is no MP3 is found out soon; one that is may hold a long picture or much damage in its midst.
        let most = if self.streams.is_empty() { 4_096 } else { u64::MAX };
        let end = self.bytes.len().min(at.saturating_add(most));
        while at < end {
            at = self.scan.find(&[0xff], at, end)?;
            if let Some(header) = self.header(at) {
                let next = at + header.size;
                let is_followed = self.header(next).is_some_and(|other| other.goes_with(&header));
                let is_last = next == self.bytes.len() || tag_bytes::length_at(self.bytes, next).is_some();
                if is_followed || is_last {
                    return Some(at);
                }
            }
            at += 1;
        }
        None
    }

    /// Adds the frame at `at` to the newest stream, or begins another one with it.
    fn take(&mut self, at: u64, header: &FrameHeader) {
        let info = self.info(at, header);
        // Xing's frame stays, for its delay and padding; the other kind has nothing that is still wanted.
        let is_kept = info.as_ref().is_none_or(|info| info.is_xing);
        let piece = at..if is_kept { at + header.size } else { at };
        let is_new = info.is_some() || !self.streams.last().is_some_and(|s| s.first.goes_with(header));
        if is_new {
            let frames = u64::from(info.is_none());
            self.streams.push(Stream { first: *header, pieces: vec![piece], frames, info });
        } else if let Some(stream) = self.streams.last_mut() {
            stream.frames += 1;
            match stream.pieces.last_mut() {
                Some(last) if last.end == at => last.end = piece.end,
                _ => stream.pieces.push(piece),
            }
        }
    }

    fn info(&mut self, at: u64, header: &FrameHeader) -> Option<Info> {
        if header.layer != 3 {
            return None;
        }
        let frame = self.scan.peek(at, header.size as usize);
        let xing = 4 + header.side_info as usize;
        if let Some(b"Xing" | b"Info") = frame.get(xing..xing + 4) {
            let flags = be32(frame.get(xing + 4..xing + 8)?);
            let mut next = xing + 8;
            let mut field = |flag: u32, length: usize| {
                let place = next;
                next += if flags & flag != 0 { length } else { 0 };
                (flags & flag != 0).then_some(place)
            };
            let count = field(1, 4);
            let _ = (field(2, 4), field(4, 100), field(8, 4));
            let count = match count {
                Some(place) => Some((at + place as u64, be32(frame.get(place..place + 4)?))),
                None => None,
            };
            let lame = frame.get(next..).and_then(|tag| Lame::read(at + next as u64, tag));
            return Some(Info { count, is_xing: true, lame });
        }
        // VBRI stands at one place whatever the mode; its count is behind version, delay, quality and bytes.
        if let Some(b"VBRI") = frame.get(36..40) {
            return Some(Info {
                count: Some((at + 50, be32(frame.get(50..54)?))),
                is_xing: false,
                lame: None,
            });
        }
        None
    }
}

impl Stream {
    fn end(&self) -> u64 {
        self.pieces.last().map_or(0, |piece| piece.end)
    }

    /// The stream as it is shown to the demuxer, with its count put right, behind `view`.
    fn part(&self, mut view: View, tail: Option<Range<u64>>) -> Part {
        let shown_before = view.len();
        let first = self.pieces.first().map_or(0, |piece| piece.start);
        let place = |at: u64| shown_before + (at - first); // within the first frame
        for piece in self.pieces.iter().cloned().chain(tail) {
            view.show(piece);
        }
        let mut announced = None;
        if let Some(Info { count: Some((at, count)), is_xing, lame }) = self.info {
            if u64::from(count) > self.frames {
                announced = Some(u64::from(count) * self.first.samples);
            }
            if is_xing && u64::from(count) != self.frames {
                view.patch(place(at), &(self.frames as u32).to_be_bytes());
                if let Some(lame) = lame {
                    // Where the end is not the one that the encoder saw, what it counts as padding may be music.
                    view.patch(place(lame.at) + Lame::SHARED as u64, &[lame.shared & 0xf0, 0]);
                    if lame.is_whole {
                        // A sum of 0 is not checked.
                        view.patch(place(lame.at) + Lame::CHECK_SUM as u64, &[0, 0]);
                    }
                }
            }
        }
        let mut part = Part::new(view);
        part.announced = announced;
        part.counted = Some(self.frames * self.first.samples);
        part.ending = Some(["mp1", "mp2", "mp3"][usize::from(self.first.layer) - 1]);
        part
    }
}
