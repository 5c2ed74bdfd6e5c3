//! The header of an MPEG audio frame (ISO/IEC 11172-3, section 2.4.1.3, and 13818-3 for the lower rates).

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FrameHeader {
    pub sample_rate_hz: u32,
    /// 1 to 3.
    pub layer: u8,
    /// Bytes in the frame, its header among them.
    pub size: u64,
    /// Samples that it decodes to, by channel.
    pub samples: u64,
    /// Bytes of side information that lie between the header and the main data, in layer III.
    pub side_info: u64,
}

/// kbit/s by index, for MPEG-1 layers I, II, III, and the lower rates' layer I and layers II and III.
const BITRATES_KBPS: [[u16; 15]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

impl FrameHeader {
    /// Reads the four bytes; `None` if they are no header, or leave the frame's length open.
    pub fn read(word: &[u8]) -> Option<Self> {
        let &[sync, b1, b2, b3] = word.get(..4)? else { return None };
        if sync != 0xff || b1 & 0xe0 != 0xe0 {
            return None;
        }
        // 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5.
        let version = b1 >> 3 & 3;
        let layer = 4 - (b1 >> 1 & 3);
        let (bitrate, rate) = (usize::from(b2 >> 4), usize::from(b2 >> 2 & 3));
        if version == 1 || layer == 4 || bitrate == 0 || bitrate == 15 || rate == 3 {
            return None;
        }
        let is_first = version == 3;
        let sample_rate_hz = [44_100, 48_000, 32_000][rate] >> [2, 0, 1, 0][usize::from(version)];
        let table = match (is_first, layer) {
            (true, layer) => usize::from(layer) - 1,
            (false, 1) => 3,
            (false, _) => 4,
        };
        let kbps = u64::from(BITRATES_KBPS[table][bitrate]);
        let samples = match layer {
            1 => 384,
            3 if !is_first => 576,
            _ => 1152,
        };
        let padding = u64::from(b2 >> 1 & 1);
        let slots = samples / 8 * kbps * 1000 / u64::from(sample_rate_hz);
        // A slot is four bytes long in layer I.
        let size = if layer == 1 { (slots / 4 + padding) * 4 } else { slots + padding };
        let is_mono = b3 >> 6 == 3;
        let side_info = match (is_first, is_mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        (size > 4).then_some(Self { sample_rate_hz, layer, size, samples, side_info })
    }

    /// Whether `other` may follow in the same stream.
    pub fn goes_with(&self, other: &Self) -> bool {
        (self.sample_rate_hz, self.layer, self.samples) == (other.sample_rate_hz, other.layer, other.samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_standard() {
        let size = |word: [u8; 4]| FrameHeader::read(&word).map(|header| (header.size, header.samples));
        assert_eq!(size([0xff, 0xfb, 0x90, 0x00]), Some((417, 1152))); // 128 kbit/s at 44.1 kHz
        assert_eq!(size([0xff, 0xfb, 0x92, 0x00]), Some((418, 1152))); // with padding
        assert_eq!(size([0xff, 0xf3, 0x80, 0xc0]), Some((208, 576))); // MPEG-2, 64 kbit/s at 22.05 kHz
        assert_eq!(size([0xff, 0xfd, 0xa4, 0x00]), Some((576, 1152))); // layer II, 192 kbit/s at 48 kHz
        assert_eq!(size([0xff, 0xff, 0xb0, 0x00]), Some((380, 384))); // layer I, 352 kbit/s at 44.1 kHz: 95 slots of 4
        assert_eq!(size([0xff, 0xf1, 0x50, 0x80]), None, "AAC");
        assert_eq!(size([0xff, 0xfb, 0xf0, 0x00]), None);
    }
}
