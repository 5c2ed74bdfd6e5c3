//! WAV and its larger kin: RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), and Sony Wave64.
//!
//! The lengths in these headers are written when a recording ends. One that was broken off leaves 0, or the largest number
//! there is, or what held at the last time; joined and edited files leave others. What counts is what is there: the sound
//! goes from its header to the next chunk that makes sense, or to the end. The demuxer is shown a plain WAV header.

use std::ops::Range;

use super::super::bytes::{Bytes, le32, le64};
use super::super::tags::Tags;
use super::super::view::View;
use super::super::warning::SongWarning;
use super::{Part, Survey, tag_bytes};

/// Bytes behind the sound that are no chunk and yet too few to be more of it.
const FEW_BYTES: u64 = 1 << 12;
/// The longest tag that is shown to the demuxer.
const LONGEST_TAG: u64 = 1 << 20;

/// Walks RIFF, RF64 and BW64.
pub(super) fn survey(bytes: &Bytes) -> Option<Survey> {
    let mut survey = Survey::of(Vec::new());
    let mut at = 0;
    // Files that were joined stand one behind the other, each with its header.
    while let Some(wave) = Wave::riff(bytes, at) {
        at = wave.end;
        wave.add_to(&mut survey, bytes);
        if survey.parts.len() >= 1_000 {
            break;
        }
    }
    (!survey.parts.is_empty()).then_some(survey)
}

/// Walks Wave64: the same with wide names and lengths.
pub(super) fn survey_w64(bytes: &Bytes) -> Option<Survey> {
    let mut survey = Survey::of(Vec::new());
    Wave::w64(bytes)?.add_to(&mut survey, bytes);
    Some(survey)
}

/// Where things are in one file.
struct Wave {
    kind: &'static str,
    format: Vec<u8>,
    /// The `fact` chunk, with its header: how many frames there are in packed sound.
    fact: Option<Range<u64>>,
    /// Bodies of `LIST` and `id3 ` chunks.
    lists: Vec<Range<u64>>,
    id3: Option<Range<u64>>,
    data: Range<u64>,
    /// Length of the sound by its header; `None` where it says that it does not know.
    said: Option<u64>,
    /// Length of the file by its header, if that is wrong.
    file_said: Option<u64>,
    /// Where the next file begins, if files were joined.
    end: u64,
}

/// A chunk's name, its body, and its length as the header has it.
struct Chunk {
    name: [u8; 4],
    body: u64,
    size: u64,
}

impl Wave {
    fn riff(bytes: &Bytes, start: u64) -> Option<Self> {
        let head = bytes.array::<12>(start)?;
        let kind = match &head[..4] {
            b"RIFF" => "WAV",
            b"RF64" => "RF64",
            b"BW64" => "BW64",
            _ => return None,
        };
        if head[8..] != *b"WAVE" {
            return None;
        }
        let mut file_said = Some(u64::from(le32(&head[4..])));
        let mut wide = None;
        let mut wave = Self::nothing(kind);
        let mut at = start + 12;
        while let Some(chunk) = riff_chunk(bytes, at) {
            let room = bytes.len() - chunk.body;
            match &chunk.name {
                b"ds64" => {
                    let sizes = bytes.array::<16>(chunk.body)?;
                    (file_said, wide) = (Some(le64(&sizes)), Some(le64(&sizes[8..])));
                }
                b"fmt " => wave.format = bytes.copy(chunk.body..chunk.body + chunk.size, 1 << 16),
                b"data" => {
                    let said = match chunk.size as u32 {
                        u32::MAX => wide.filter(|&size| size < u64::MAX),
                        // Who writes to a pipe puts the largest number there is, or a whole one below it.
                        size => Some(u64::from(size)).filter(|&size| size < u64::from(u32::MAX) - 4096),
                    };
                    wave.set_data(bytes, chunk.body, said);
                    let more = wave.data.end + (wave.data.end - wave.data.start) % 2;
                    wave.end = wave.extras_behind(bytes, more);
                    let is_open = file_said == Some(u64::from(u32::MAX));
                    // Some count a tag behind the last chunk, and some do not.
                    let is_true =
                        |said: u64| [wave.end, bytes.len()].iter().any(|end| said.abs_diff(end - start) <= 1);
                    let file_said = file_said.filter(|_| !is_open).map(|length| length.saturating_add(8));
                    wave.file_said = file_said.filter(|&said| !is_true(said));
                    return (!wave.format.is_empty()).then_some(wave);
                }
                b"fact" if chunk.size <= room => wave.fact = Some(at..chunk.body + chunk.size),
                _ if chunk.size <= room => wave.take_tags(&chunk),
                _ => {}
            }
            at = chunk.body.checked_add(chunk.size)?.checked_add(chunk.size % 2)?;
        }
        None
    }

    fn w64(bytes: &Bytes) -> Option<Self> {
        // All names end in the same twelve bytes, but the two of the file itself.
        const REST: [u8; 12] = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0x00, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a];
        let head = bytes.array::<40>(0)?;
        if head[24..28] != *b"wave" {
            return None;
        }
        let file_said = le64(&head[16..]);
        let mut wave = Self::nothing("W64");
        let mut at = 40_u64;
        while let Some(head) = bytes.array::<24>(at) {
            let (name, body, size) = (&head[..4], at + 24, le64(&head[16..]));
            if head[4..16] != REST {
                return None;
            }
            match name {
                b"fmt " => wave.format = bytes.copy(body..at.checked_add(size)?, 1 << 16),
                b"data" => {
                    let said = Some(size).filter(|&size| size < u64::MAX >> 1);
                    wave.set_data(bytes, body, said.map(|size| size.saturating_sub(24)));
                    wave.end = bytes.len();
                    wave.file_said = Some(file_said).filter(|said| said.abs_diff(wave.end) > 8);
                    return (!wave.format.is_empty()).then_some(wave);
                }
                _ => {}
            }
            at = at.checked_add(size.max(24))?.checked_next_multiple_of(8)?;
        }
        None
    }

    fn nothing(kind: &'static str) -> Self {
        Self {
            kind,
            format: Vec::new(),
            fact: None,
            lists: Vec::new(),
            id3: None,
            data: 0..0,
            said: None,
            file_said: None,
            end: 0,
        }
    }

    /// Decides how far the sound goes that begins at `start`.
    fn set_data(&mut self, bytes: &Bytes, start: u64, said: Option<u64>) {
        self.said = said;
        let end = bytes.len();
        let room = end - start;
        let honest = match said {
            None => None,
            Some(said) if said > room => None,
            Some(said) => {
                let rest = start + said + said % 2..end;
                let few = rest.end.saturating_sub(rest.start) < if said == 0 { 1 } else { FEW_BYTES };
                (few || self.is_more_of_a_file(bytes, &rest)).then_some(said)
            }
        };
        self.data = start..start + honest.unwrap_or(room);
    }

    /// Whether chunks, tags or another file begin at `rest`.
    fn is_more_of_a_file(&self, bytes: &Bytes, rest: &Range<u64>) -> bool {
        if self.kind == "W64" {
            return bytes
                .array::<16>(rest.start.next_multiple_of(8))
                .is_some_and(|name| name[4..7] == [0xf3, 0xac, 0xd3]);
        }
        // The pad byte of an odd length is left out by some.
        (rest.start - 1..=rest.start).any(|at| {
            riff_chunk(bytes, at).is_some_and(|chunk| chunk.size <= rest.end - chunk.body)
                || Self::riff_begins(bytes, at)
                || tag_bytes::length_at(bytes, at).is_some()
        })
    }

    fn riff_begins(bytes: &Bytes, at: u64) -> bool {
        bytes
            .array::<12>(at)
            .is_some_and(|head| matches!(&head[..4], b"RIFF" | b"RF64" | b"BW64") && head[8..] == *b"WAVE")
    }

    /// Takes the chunks behind the sound and returns where the file ends.
    fn extras_behind(&mut self, bytes: &Bytes, mut at: u64) -> u64 {
        while !Self::riff_begins(bytes, at)
            && let Some(chunk) = riff_chunk(bytes, at)
            && chunk.size <= bytes.len() - chunk.body
        {
            self.take_tags(&chunk);
            at = chunk.body + chunk.size + chunk.size % 2;
        }
        at.min(bytes.len())
    }

    fn take_tags(&mut self, chunk: &Chunk) {
        let body = chunk.body..chunk.body + chunk.size;
        match &chunk.name {
            _ if chunk.size > LONGEST_TAG => {}
            b"LIST" if self.lists.len() < 16 => self.lists.push(body),
            b"id3 " | b"ID3 " => self.id3 = Some(body),
            _ => {}
        }
    }

    fn add_to(self, survey: &mut Survey, bytes: &Bytes) {
        let length = self.data.end - self.data.start;
        let frame =
            self.format.get(12..14).map_or(0, |align| u64::from(u16::from_le_bytes([align[0], align[1]])));
        let missing = self.said.filter(|&said| said > length);
        match (missing, self.said) {
            (None, Some(said)) if said < length => {
                survey.warnings.push(SongWarning::header(self.kind, said, length));
            }
            (None, _) => {
                if let Some(said) = self.file_said {
                    survey.warnings.push(SongWarning::header(self.kind, said, self.end));
                }
            }
            _ => {}
        }
        let mut part = Part::new(self.view(bytes));
        part.cut_off = missing.is_some();
        part.announced = missing.filter(|_| frame > 0 && self.is_pcm()).map(|said| said / frame);
        part.ending = Some("wav");
        self.lists.iter().for_each(|list| read_info(bytes, list, &mut part.tags));
        survey.parts.push(part);
    }

    /// Frames have one length in PCM, and in the floats.
    fn is_pcm(&self) -> bool {
        matches!(self.format.first(), Some(1 | 3 | 6 | 7 | 0xfe))
    }

    fn view(&self, bytes: &Bytes) -> View {
        let mut view = View::empty(bytes);
        // Where the demuxer looks for it.
        if let Some(id3) = self.id3.clone().filter(|id3| bytes.array::<3>(id3.start) == Some(*b"ID3")) {
            view.show(id3);
        }
        let start = view.len();
        view.write(b"RIFF\0\0\0\0WAVEfmt ");
        view.write(&(self.format.len() as u32).to_le_bytes());
        view.write(&self.format);
        if self.format.len() % 2 == 1 {
            view.write(&[0]);
        }
        if let Some(fact) = self.fact.clone().filter(|fact| (fact.end - fact.start) % 2 == 0) {
            view.show(fact);
        }
        let length = self.data.end - self.data.start;
        let total = view.len() - start + length;
        // The largest number there is means "to the end".
        let or_open = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        view.write(b"data");
        view.write(&or_open(length));
        view.show(self.data.clone());
        view.patch(start + 4, &or_open(total));
        view
    }
}

/// Reads a list of kind `INFO`: text by four letters.
fn read_info(bytes: &Bytes, list: &Range<u64>, tags: &mut Tags) {
    if bytes.array::<4>(list.start) != Some(*b"INFO") {
        return;
    }
    let mut at = list.start + 4;
    while at < list.end
        && let Some(chunk) = riff_chunk(bytes, at)
    {
        let text = bytes.copy(chunk.body..(chunk.body + chunk.size).min(list.end), 1 << 12);
        // It should be ASCII; it is UTF-8, or the Latin alphabet of old Windows.
        let text = String::from_utf8(text)
            .unwrap_or_else(|error| error.as_bytes().iter().map(|&byte| char::from(byte)).collect());
        match &chunk.name {
            b"INAM" => tags.set_title(&text),
            b"IART" => tags.set_artist(&text),
            b"IPRD" => tags.set_album(&text),
            _ => {}
        }
        at = chunk.body + chunk.size + chunk.size % 2;
    }
}

/// A chunk header at `at` whose name is one.
fn riff_chunk(bytes: &Bytes, at: u64) -> Option<Chunk> {
    let head = bytes.array::<8>(at)?;
    let name = [head[0], head[1], head[2], head[3]];
    let is_name = name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_'));
    is_name.then(|| Chunk { name, body: at + 8, size: u64::from(le32(&head[4..])) })
}
