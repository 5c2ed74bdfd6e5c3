//! Ogg: pages of streams that may be chained one behind the other, or mixed (RFC 3533).
//!
//! The demuxer ends with the first link of a chain, and does not come back from a jump where a picture's pages lie between
//! those of the sound. So each link is a part of its own, which shows the pages of its sound only.

use std::ops::Range;

use super::super::bytes::{Bytes, Scan, le32};
use super::super::view::View;
use super::{Part, Survey};

/// Links after which nobody looks on: more than a week of a radio station has.
const MOST_LINKS: usize = 10_000;

/// Walks the pages; `None` if there are none.
pub(super) fn survey(bytes: &Bytes) -> Option<Survey> {
    let mut scan = Scan::new(bytes);
    let mut links: Vec<Link> = Vec::new();
    let mut at = 0;
    let mut is_opening = false;
    while let Some(page) = next_page(&mut scan, bytes, at) {
        // First pages of all streams of a link stand together.
        if page.is_first && !is_opening {
            if links.len() == MOST_LINKS {
                break;
            }
            links.push(Link::default());
        }
        is_opening = page.is_first;
        at = page.range.end;
        if let Some(link) = links.last_mut() {
            link.take(page, bytes);
        }
    }
    let torn = bytes.len().saturating_sub(at) >= 27;
    let last = links.len().saturating_sub(1);
    let parts: Vec<Part> = links
        .iter()
        .enumerate()
        .map(|(index, link)| link.part(bytes, index == last && (torn || !link.has_end)))
        .collect();
    (!parts.is_empty()).then(|| Survey::of(parts))
}

struct Page {
    range: Range<u64>,
    serial: u32,
    is_first: bool,
    is_last: bool,
    /// Where its data begins.
    body: u64,
}

/// The next whole page at or behind `at`.
fn next_page(scan: &mut Scan<'_>, bytes: &Bytes, mut at: u64) -> Option<Page> {
    loop {
        at = scan.find(b"OggS", at, bytes.len())?;
        let head = scan.peek(at, 27 + 255);
        if let Some(&segments) = head.get(26)
            && head[4] == 0
            && let Some(lacing) = head.get(27..27 + usize::from(segments))
        {
            let body = at + 27 + u64::from(segments);
            let end = body + lacing.iter().map(|&length| u64::from(length)).sum::<u64>();
            if end <= bytes.len() {
                let (is_first, is_last) = (head[5] & 0x02 != 0, head[5] & 0x04 != 0);
                return Some(Page { range: at..end, serial: le32(&head[14..]), is_first, is_last, body });
            }
        }
        at += 4;
    }
}

/// Streams that begin together.
#[derive(Default)]
struct Link {
    serials: Vec<u32>,
    sound: Option<u32>,
    has_end: bool,
    /// Its pages, from the first byte to the last.
    all: Range<u64>,
    /// The pages of its sound.
    own: Vec<Range<u64>>,
}

impl Link {
    fn take(&mut self, page: Page, bytes: &Bytes) {
        if self.serials.is_empty() {
            self.all = page.range.clone();
        }
        self.all.end = page.range.end;
        if page.is_first && !self.serials.contains(&page.serial) {
            self.serials.push(page.serial);
            let begins = |magic: &[u8]| bytes.copy(page.body..page.body + 8, 8).starts_with(magic);
            if self.sound.is_none() && (begins(b"\x01vorbis") || begins(b"\x7fFLAC")) {
                self.sound = Some(page.serial);
            }
        }
        if self.sound.is_none_or(|sound| sound == page.serial) {
            self.has_end = page.is_last;
            match self.own.last_mut() {
                Some(last) if last.end == page.range.start => last.end = page.range.end,
                _ => self.own.push(page.range),
            }
        }
    }

    fn part(&self, bytes: &Bytes, cut_off: bool) -> Part {
        let mut view = View::empty(bytes);
        if self.serials.len() > 1 && self.sound.is_some() {
            self.own.iter().cloned().for_each(|range| view.show(range));
        } else {
            view.show(self.all.clone());
        }
        let mut part = Part::new(view);
        part.cut_off = cut_off;
        part.ending = Some("ogg");
        part
    }
}
