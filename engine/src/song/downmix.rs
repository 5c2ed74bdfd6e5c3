//! Any number of channels to stereo, after ITU-R BS.775-3, annex 4, table 2 (two front channels).
//!
//! Left takes the left channels at full level, the centre and the left surround 3 dB lower; right likewise; the
//! low-frequency effects channel is left out, as the recommendation says. The sums are then divided so that full
//! scale on every channel is still full scale: the mix goes into the video's sound track and must not clip. Height
//! and wide channels, which the recommendation does not know, count as the nearest channel that it does.

use std::f32::consts::FRAC_1_SQRT_2;

use symphonia::core::audio::{ChannelLabel, Channels, Position};

/// Gains from each channel of a layout to left and right.
#[derive(Default)]
pub struct Downmix {
    channels: Channels,
    gains: Vec<[f32; 2]>,
}

impl Downmix {
    /// The mix for `channels`. Layouts without speaker positions are taken in the usual WAVE order up to 7.1, and
    /// beyond that as alternating left and right.
    pub fn new(channels: &Channels) -> Self {
        let mut gains: Vec<[f32; 2]> = match channels {
            _ if channels.count() == 1 => vec![[1.0, 1.0]],
            Channels::Positioned(positions) => positions.iter().map(gain_of).collect(),
            Channels::Custom(labels) if labels.iter().all(|l| matches!(l, ChannelLabel::Positioned(_))) => {
                labels
                    .iter()
                    .map(|label| if let ChannelLabel::Positioned(p) = label { gain_of(*p) } else { [0.0; 2] })
                    .collect()
            }
            _ => unplaced(channels.count()),
        };
        let sum = |side: usize| gains.iter().map(|gain| gain[side]).sum::<f32>();
        let most = sum(0).max(sum(1)).max(1.0);
        for gain in &mut gains {
            // One mono channel goes to both sides at full level: that is no sum.
            *gain = gain.map(|g| g / most);
        }
        Self { channels: channels.clone(), gains }
    }

    /// Whether this mix was made for `channels`.
    pub fn is_for(&self, channels: &Channels) -> bool {
        !self.gains.is_empty() && self.channels == *channels
    }

    /// Appends the stereo mix of `interleaved` (whole frames of the layout) to `out`.
    pub fn mix(&self, interleaved: &[f32], out: &mut Vec<[f32; 2]>) {
        match self.gains.len() {
            0 => {}
            1 => out.extend(interleaved.iter().map(|&sample| [sample; 2])),
            2 if self.gains == [[1.0, 0.0], [0.0, 1.0]] => {
                out.extend(interleaved.chunks_exact(2).map(|frame| [frame[0], frame[1]]));
            }
            channels => out.extend(interleaved.chunks_exact(channels).map(|frame| {
                let mut mixed = [0.0; 2];
                for (sample, gain) in frame.iter().zip(&self.gains) {
                    mixed[0] += sample * gain[0];
                    mixed[1] += sample * gain[1];
                }
                mixed
            })),
        }
    }
}

/// Left and right gain of one speaker position.
fn gain_of(position: Position) -> [f32; 2] {
    const MINUS_3_DB: f32 = FRAC_1_SQRT_2;
    let is_one_of = |positions: Position| positions.contains(position);
    if is_one_of(Position::FRONT_LEFT | Position::FRONT_LEFT_CENTER | Position::FRONT_LEFT_WIDE) {
        [1.0, 0.0]
    } else if is_one_of(Position::FRONT_RIGHT | Position::FRONT_RIGHT_CENTER | Position::FRONT_RIGHT_WIDE) {
        [0.0, 1.0]
    } else if is_one_of(Position::FRONT_CENTER) {
        [MINUS_3_DB, MINUS_3_DB]
    } else if is_one_of(
        Position::REAR_LEFT
            | Position::SIDE_LEFT
            | Position::TOP_FRONT_LEFT
            | Position::TOP_SIDE_LEFT
            | Position::TOP_REAR_LEFT
            | Position::BOTTOM_FRONT_LEFT,
    ) {
        [MINUS_3_DB, 0.0]
    } else if is_one_of(
        Position::REAR_RIGHT
            | Position::SIDE_RIGHT
            | Position::TOP_FRONT_RIGHT
            | Position::TOP_SIDE_RIGHT
            | Position::TOP_REAR_RIGHT
            | Position::BOTTOM_FRONT_RIGHT,
    ) {
        [0.0, MINUS_3_DB]
    } else if is_one_of(Position::LFE1 | Position::LFE2) {
        [0.0, 0.0]
    } else {
        [0.5, 0.5] // rear, top and bottom centres: half the power to each side
    }
}

/// Gains for channels of which only the count is known.
fn unplaced(count: usize) -> Vec<[f32; 2]> {
    let front = Position::FRONT_LEFT | Position::FRONT_RIGHT;
    let quad = front | Position::REAR_LEFT | Position::REAR_RIGHT;
    let five = quad | Position::FRONT_CENTER;
    let known = match count {
        2 => front,
        3 => front | Position::FRONT_CENTER,
        4 => quad,
        5 => five,
        6 => five | Position::LFE1,
        7 => five | Position::LFE1 | Position::REAR_CENTER,
        8 => five | Position::LFE1 | Position::SIDE_LEFT | Position::SIDE_RIGHT,
        _ => return (0..count).map(|i| if i % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] }).collect(),
    };
    known.iter().map(gain_of).collect()
}
