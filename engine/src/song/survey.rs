//! A look over the whole file before anything is decoded: which parts it has, how long they really are, and where its
//! headers say otherwise.
//!
//! Headers are written last or never: a recorder that lost its power leaves a length of 0, a program that joins files
//! leaves the first one's count. Players that believe them stop in the midst of the music. So each container is walked
//! from header to header, and the demuxer is shown a [`View`] in which they are right.

mod aiff;
mod boxes;
mod edits;
mod flac;
mod fragments;
mod mp4;
mod mpeg;
mod mpeg_frame;
mod ogg;
mod riff;
mod tag_bytes;

use super::bytes::Bytes;
use super::tags::Tags;
use super::view::View;
use super::warning::SongWarning;

pub(super) use edits::{Music, from_itunsmpb};

/// Sound that is decoded by one demuxer from start to end.
#[derive(Clone)]
pub(super) struct Part {
    /// What the demuxer reads.
    pub view: View,
    /// Length that the file announces, in frames, where that is not what the demuxer will say.
    pub announced: Option<u64>,
    /// Real length in frames, where the demuxer does not know it.
    pub counted: Option<u64>,
    /// What its packets say of their times is not what they decode to.
    pub is_uneven: bool,
    /// The container itself shows that its end is missing.
    pub cut_off: bool,
    /// Where an MP4 file says that the music lies.
    pub music: Option<Music>,
    /// Tags that the demuxer does not read.
    pub tags: Tags,
    /// Ending by which the demuxer is found.
    pub ending: Option<&'static str>,
}

impl Part {
    fn new(view: View) -> Self {
        Self {
            view,
            announced: None,
            counted: None,
            is_uneven: false,
            cut_off: false,
            music: None,
            tags: Tags::default(),
            ending: None,
        }
    }
}

/// What was found.
pub(super) struct Survey {
    /// One for most songs; several where files were joined.
    pub parts: Vec<Part>,
    /// Where headers and bytes disagree.
    pub warnings: Vec<SongWarning>,
    /// Why no demuxer will find sound in it, if that is known.
    pub flaw: Option<Flaw>,
}

/// A file that is audio, but lacks something without which it cannot be played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flaw {
    /// An MP4 file without its `moov` box.
    NoIndex,
    /// MP4 media without the header that goes before it.
    NoInit,
    /// The header of MP4 media, alone.
    OnlyInit,
    /// Tables that cannot be.
    Damaged,
}

impl Survey {
    fn of(parts: Vec<Part>) -> Self {
        Self { parts, warnings: Vec::new(), flaw: None }
    }

    fn damaged() -> Self {
        Self { parts: Vec::new(), warnings: Vec::new(), flaw: Some(Flaw::Damaged) }
    }

    fn with(part: Part, warnings: Vec<SongWarning>) -> Self {
        Self { parts: vec![part], warnings, flaw: None }
    }
}

/// Looks over a file. What no walk knows, or can make sense of, is shown to the demuxers as it is.
pub(super) fn survey(bytes: &Bytes) -> Survey {
    let known = match bytes.array::<12>(0) {
        Some([b'R', b'I' | b'F', b'F' | b'6', b'F' | b'4', ..]) => riff::survey(bytes),
        Some([b'B', b'W', b'6', b'4', ..]) => riff::survey(bytes),
        Some([b'r', b'i', b'f', b'f', ..]) => riff::survey_w64(bytes),
        Some([b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C']) => aiff::survey(bytes),
        Some([b'O', b'g', b'g', b'S', ..]) => ogg::survey(bytes),
        Some([_, _, _, _, kind @ .., _, _, _, _]) if boxes::is_first(&kind) => mp4::survey(bytes),
        _ => {
            let start = tag_bytes::end_of_leading(bytes);
            match bytes.array::<4>(start) {
                Some([b'f', b'L', b'a', b'C']) => flac::survey(bytes, start),
                _ => mpeg::survey(bytes, start),
            }
        }
    };
    known.unwrap_or_else(|| Survey::of(vec![Part::new(View::whole(bytes))]))
}
