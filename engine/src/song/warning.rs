//! What was wrong with a song that could be read all the same.

use std::fmt;

/// One kind of damage; its [`Display`](fmt::Display) is a line for people.
#[derive(Clone, Debug, PartialEq)]
pub enum SongWarning {
    /// Samples that were NaN, infinite or more than 60 dB above full scale were replaced by silence.
    NotNumbers {
        /// How many samples, counted in every channel.
        samples: u64,
    },
    /// Packets that could not be decoded were replaced by silence of the same length.
    DamagedPackets {
        /// How many packets.
        packets: u64,
        /// Time of the first one, in seconds.
        first_s: f64,
    },
    /// The file ends before the song does.
    EndsEarly {
        /// Where it ends, in seconds.
        at_s: f64,
        /// The length that the file announces, in seconds, if it does.
        announced_s: Option<f64>,
    },
    /// The header tells another length than the file has; what is there is played.
    HeaderLies {
        /// What the file is: "WAV".
        container: &'static str,
        /// Bytes by the header.
        said: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// A part of a joined file cannot be played.
    LeftOut {
        /// Which, counted from 1.
        part: usize,
        /// Where it would have begun, in seconds.
        from_s: f64,
        /// Why.
        reason: String,
    },
}

impl SongWarning {
    pub(super) fn header(container: &'static str, said: u64, found: u64) -> Self {
        Self::HeaderLies { container, said, found }
    }
}

impl fmt::Display for SongWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNumbers { samples: 1 } => {
                write!(f, "1 sample was not a number and was replaced by silence")
            }
            Self::NotNumbers { samples } => {
                write!(f, "{samples} samples were not numbers and were replaced by silence")
            }
            Self::DamagedPackets { packets, first_s } => {
                write!(f, "{packets} damaged packets, the first at {first_s:.2} s, were replaced by silence")
            }
            Self::EndsEarly { at_s, announced_s: Some(announced_s) } => {
                write!(f, "the file ends early, at {at_s:.2} s of {announced_s:.2} s: it may be cut off")
            }
            Self::EndsEarly { at_s, announced_s: None } => {
                write!(f, "the file ends early, at {at_s:.2} s: it may be cut off or damaged there")
            }
            Self::HeaderLies { container, said, found } => write!(
                f,
                "the {container} header says {said} bytes where there are {found}: all that is there is played; export or \
                 convert the song again to have it right"
            ),
            Self::LeftOut { part, from_s, reason } => write!(
                f,
                "the song is joined from several files, and part {part}, from {from_s:.2} s on, is left out: {reason}; \
                 convert that part and join them again"
            ),
        }
    }
}

/// Damage as it is counted while decoding, in frames.
#[derive(Default)]
pub(super) struct Damage {
    pub samples: u64,
    pub packets: u64,
    first_packet: i64,
    ends_early_at: Option<i64>,
    announced: Option<u64>,
    /// The demuxer met bytes that it could not read behind the last good packet.
    pub unreadable: bool,
}

impl Damage {
    pub fn packet_at(&mut self, frame: i64) {
        if self.packets == 0 {
            self.first_packet = frame;
        }
        self.packets += 1;
    }

    /// Notes the end of the stream. `announced` is the length in the file's header, `cut_off` other evidence.
    pub fn end_at(&mut self, frame: i64, announced: Option<u64>, cut_off: bool) {
        // One packet of slack: headers of lossy files round to whole packets.
        const SLACK_FRAMES: i64 = 2_304;
        let is_short = announced.is_some_and(|length| frame + SLACK_FRAMES < length as i64);
        if is_short || cut_off || self.unreadable {
            self.ends_early_at = Some(frame.max(0));
            self.announced = announced;
        }
    }

    /// What is to be told of a part that begins at `begins_s` of the song.
    pub fn warnings(&self, sample_rate_hz: u32, begins_s: f64) -> Vec<SongWarning> {
        let seconds = |frames: i64| begins_s + frames as f64 / f64::from(sample_rate_hz);
        let mut warnings = Vec::new();
        if self.samples > 0 {
            warnings.push(SongWarning::NotNumbers { samples: self.samples });
        }
        if self.packets > 0 {
            let first_s = seconds(self.first_packet.max(0));
            warnings.push(SongWarning::DamagedPackets { packets: self.packets, first_s });
        }
        if let Some(frame) = self.ends_early_at {
            let announced_s =
                self.announced.map(|frames| seconds(frames as i64)).filter(|&s| s > seconds(frame));
            warnings.push(SongWarning::EndsEarly { at_s: seconds(frame), announced_s });
        }
        warnings
    }
}
