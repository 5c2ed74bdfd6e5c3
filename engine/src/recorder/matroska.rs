//! A minimal Matroska stream (RFC 9559, on EBML, RFC 8794) of raw pictures and raw sound.
//!
//! It carries both to ffmpeg through one pipe. Two pipes would be able to deadlock (ffmpeg waits for sound on one while
//! the recorder waits for room in the other) and need file descriptors that Windows has not; one interleaved stream
//! with exact timestamps has neither problem. The segment has no known size, and every block is a cluster of its own
//! with a time in nanoseconds, because a block's own time, relative to its cluster, has only 16 bits.

use std::io::{Result, Write};

/// Pictures of one size in a raw format that ffmpeg knows by its FourCC.
pub(super) struct Pictures {
    pub width_px: u32,
    pub height_px: u32,
    pub fourcc: [u8; 4],
    /// Duration of one frame, a hint for the frame rate.
    pub frame_ns: u64,
    /// BT.709 limited-range YCbCr, as the tags then say; otherwise RGB, which needs none.
    pub is_bt709: bool,
}

const VIDEO_TRACK: u8 = 1;
const AUDIO_TRACK: u8 = 2;

/// Writes to a sink, a pipe for instance.
pub(super) struct Matroska<W> {
    sink: W,
    sample_rate_hz: u32,
    /// Stereo frames written.
    samples: u64,
    bytes: Vec<u8>,
}

impl<W: Write> Matroska<W> {
    /// Writes the headers of a stream with one track of `pictures` and one of stereo sound in 32-bit floats.
    pub fn start(mut sink: W, pictures: &Pictures, sample_rate_hz: u32) -> Result<Self> {
        let ebml = [text(0x4282, "matroska"), uint(0x4287, 4), uint(0x4285, 2)].concat();
        let info = [uint(0x2A_D7B1, 1), text(0x4D80, "klangbild"), text(0x5741, "klangbild")].concat();
        let colour = [uint(0x55B1, 1), uint(0x55B9, 1), uint(0x55BA, 1), uint(0x55BB, 1)].concat();
        let video = [
            uint(0xB0, u64::from(pictures.width_px)),
            uint(0xBA, u64::from(pictures.height_px)),
            element(0x2E_B524, &pictures.fourcc),
            if pictures.is_bt709 { element(0x55B0, &colour) } else { Vec::new() },
        ]
        .concat();
        let audio =
            [element(0xB5, &f64::from(sample_rate_hz).to_be_bytes()), uint(0x9F, 2), uint(0x6264, 32)]
                .concat();
        let track = |number: u8, kind: u64, codec: &str, rest: &[u8]| {
            let number = u64::from(number);
            let head = [
                uint(0xD7, number),
                uint(0x73C5, number),
                uint(0x83, kind),
                uint(0x9C, 0),
                text(0x86, codec),
            ];
            element(0xAE, &[&head.concat(), rest].concat())
        };
        let video_rest = [uint(0x23_E383, pictures.frame_ns), element(0xE0, &video)].concat();
        let tracks = [
            track(VIDEO_TRACK, 1, "V_UNCOMPRESSED", &video_rest),
            track(AUDIO_TRACK, 2, "A_PCM/FLOAT/IEEE", &element(0xE1, &audio)),
        ]
        .concat();
        sink.write_all(&element(0x1A45_DFA3, &ebml))?;
        sink.write_all(&[0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])?; // unknown size
        sink.write_all(&element(0x1549_A966, &info))?;
        sink.write_all(&element(0x1654_AE6B, &tracks))?;
        Ok(Self { sink, sample_rate_hz, samples: 0, bytes: Vec::new() })
    }

    /// Writes one picture that is shown from `start_ns` on.
    pub fn picture(&mut self, start_ns: u64, pixels: &[u8]) -> Result<()> {
        block(&mut self.sink, VIDEO_TRACK, start_ns, pixels)
    }

    /// Writes sound behind all sound before it.
    pub fn sound(&mut self, frames: &[[f32; 2]]) -> Result<()> {
        if frames.is_empty() {
            return Ok(());
        }
        self.bytes.clear();
        self.bytes.extend(frames.iter().flatten().flat_map(|sample| sample.to_le_bytes()));
        let start_ns = u128::from(self.samples) * 1_000_000_000 / u128::from(self.sample_rate_hz);
        self.samples += frames.len() as u64;
        block(&mut self.sink, AUDIO_TRACK, start_ns as u64, &self.bytes)
    }

    /// Stereo frames of sound written so far.
    pub fn samples(&self) -> u64 {
        self.samples
    }
}

/// One cluster with a timestamp and a simple block without lacing.
fn block(sink: &mut impl Write, track: u8, start_ns: u64, payload: &[u8]) -> Result<()> {
    const KEY_FRAME: u8 = 0x80;
    let block_head = [0x80 | track, 0, 0, KEY_FRAME];
    let mut inside = uint(0xE7, start_ns);
    inside.push(0xA3);
    inside.extend(size_bytes(block_head.len() + payload.len()));
    inside.extend(block_head);
    let mut head = 0x1F43_B675_u32.to_be_bytes().to_vec();
    head.extend(size_bytes(inside.len() + payload.len()));
    head.extend(inside);
    sink.write_all(&head)?;
    sink.write_all(payload)
}

fn text(id: u32, value: &str) -> Vec<u8> {
    element(id, value.as_bytes())
}

fn uint(id: u32, value: u64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

fn element(id: u32, body: &[u8]) -> Vec<u8> {
    let unused = id.leading_zeros() as usize / 8; // an identifier holds its own length
    let mut bytes = id.to_be_bytes()[unused..].to_vec();
    bytes.extend(size_bytes(body.len()));
    bytes.extend_from_slice(body);
    bytes
}

/// A size in its longest form: 8 bytes, of which the first bit of the second byte on counts.
fn size_bytes(size: usize) -> [u8; 8] {
    (size as u64 | 0x0100_0000_0000_0000).to_be_bytes()
}
