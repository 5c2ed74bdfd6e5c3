//! AIFF and AIFF-C, with lengths that may be wrong or reach behind the file's end.

use super::super::bytes::{Bytes, be32, be64};
use super::super::view::View;
use super::super::warning::SongWarning;
use super::{Part, Survey};

/// Walks the chunks; `None` where the sound is not among them.
pub(super) fn survey(bytes: &Bytes) -> Option<Survey> {
    let length = bytes.len();
    let mut view = View::empty(bytes);
    view.show(0..12);
    let mut cut = None;
    let mut frame_bytes = None;
    let mut has_sound = false;
    let mut at = 12;
    while let Some(head) = bytes.array::<8>(at) {
        let (body, size) = (at + 8, u64::from(be32(&head[4..])));
        let kind = &head[..4];
        if !kind.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            break;
        }
        let room = length - body;
        if kind == b"COMM"
            && let Some(common) = bytes.array::<8>(body)
        {
            let channels = u64::from(u16::from_be_bytes([common[0], common[1]]));
            let bits = u64::from(u16::from_be_bytes([common[6], common[7]]));
            frame_bytes = Some(channels * bits.div_ceil(8)).filter(|&bytes| bytes > 0);
        }
        let is_sound = kind == b"SSND" && !has_sound;
        // A recorder that was not stopped leaves a length of 0: its 8 bytes of offset and block size are there.
        let is_open = is_sound && (size <= 8 || size >= u64::from(u32::MAX) - 8) && room > 8;
        let kept = if is_open { room } else { size.min(room) };
        if is_sound {
            has_sound = true;
            if size > room && !is_open {
                cut = Some(size - 8);
            }
        } else if size > room {
            break; // half a tag
        }
        view.write(&head[..4]);
        view.write(&(kept.min(u64::from(u32::MAX)) as u32).to_be_bytes());
        view.show(body..body + kept);
        if kept % 2 == 1 {
            view.write(&[0]);
        }
        at = body + kept + kept % 2;
    }
    if !has_sound {
        return None;
    }
    let form = bytes.array::<8>(0).map_or(0, |head| u64::from(be64(&head) as u32));
    let mut warnings = Vec::new();
    if form + 8 != length && form + 8 != length + 1 && cut.is_none() {
        warnings.push(SongWarning::header("AIFF", form + 8, length));
    }
    let total = (view.len() - 8).min(u64::from(u32::MAX)) as u32;
    view.patch(4, &total.to_be_bytes());
    let mut part = Part::new(view);
    part.cut_off = cut.is_some();
    part.announced = cut.zip(frame_bytes).map(|(bytes, frame)| bytes / frame);
    part.ending = Some("aiff");
    Some(Survey::with(part, warnings))
}
