//! The better front: a network that hears beats, first beats of bars, and drums.

use super::pointer::Evidence;
use crate::resample::MonoResampler;

/// What a network says of one frame: how likely each of these falls there, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Activations {
    /// A beat.
    pub beat: f32,
    /// The first beat of a bar.
    pub downbeat: f32,
    /// Drums, and any beginning.
    pub kick: f32,
    /// A snare or a clap.
    pub snare: f32,
    /// A hat, a shaker.
    pub hat: f32,
    /// Anything.
    pub onset: f32,
}

/// A network that is fed sound as it comes.
pub trait BeatSense: Send {
    /// The rate that it wants, in Hz.
    fn sample_rate_hz(&self) -> u32;

    /// Samples of a frame.
    fn frame_samples(&self) -> usize;

    /// How far before a frame's end the moment lies that it speaks about, in frames.
    fn delay_frames(&self) -> f64;

    /// Hears the next frame, mono, -1 to 1; `None` once it fails, and from then on.
    fn hear(&mut self, frame: &[f32]) -> Option<Activations>;

    /// Forgets what it has heard.
    fn forget(&mut self);
}

/// How much of a network's word counts: neighbouring frames say the same thing.
const TRUST: f32 = 0.5;
/// Nepers of evidence at most, either way.
const MOST: f32 = 3.0;
/// Where a network is this likely to find a beat, or a bar's first, it says nothing: what is less speaks against one, or every
/// pulse would be heard at twice its tempo.
const SAYS_NOTHING: f32 = 0.31;
const SAYS_NOTHING_OF_BARS: f32 = 0.12;

impl Activations {
    /// Half way to `next`.
    pub(super) fn towards(self, next: Self) -> Self {
        let half = |a: f32, b: f32| 0.5 * (a + b);
        Self {
            beat: half(self.beat, next.beat),
            downbeat: half(self.downbeat, next.downbeat),
            kick: half(self.kick, next.kick),
            snare: half(self.snare, next.snare),
            hat: half(self.hat, next.hat),
            onset: half(self.onset, next.onset),
        }
    }

    /// As evidence for the pointer: how much likelier a beat, or a bar's first, makes what was heard than neither.
    pub(super) fn evidence(self) -> Evidence {
        let odds = |likely: f32, says_nothing: f32| {
            let nepers = (likely.max(1e-3) / (1.0 - self.beat).max(1e-3)).ln()
                - (says_nothing / (1.0 - says_nothing)).ln();
            (TRUST * nepers).clamp(-MOST, MOST).exp()
        };
        let other = (self.beat - self.downbeat).max(0.0);
        Evidence {
            beat: odds(other, SAYS_NOTHING),
            downbeat: odds(self.downbeat.min(self.beat), SAYS_NOTHING_OF_BARS),
        }
    }
}

/// Something that a network said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub activations: Activations,
    /// The moment that it is about, in seconds since the first frame.
    pub about_s: f64,
}

/// Feeds a network.
pub(super) struct Listening {
    sense: Box<dyn BeatSense>,
    resampler: MonoResampler,
    mono: Vec<f32>,
    frames: u64,
    /// What was said of the newest frames.
    said: Vec<Said>,
}

impl Listening {
    /// `None` for a rate that cannot be made into the network's.
    pub(super) fn new(sense: Box<dyn BeatSense>, sample_rate_hz: u32) -> Option<Self> {
        let resampler = MonoResampler::new(sample_rate_hz, sense.sample_rate_hz()).ok()?;
        let mono = Vec::with_capacity(4 * sense.frame_samples());
        Some(Self { sense, resampler, mono, frames: 0, said: Vec::with_capacity(4) })
    }

    /// Seconds between two frames.
    pub(super) fn frame_s(&self) -> f64 {
        self.sense.frame_samples() as f64 / f64::from(self.sense.sample_rate_hz())
    }

    /// Hears `frames`, and says what there is to say by now; `None` once it fails, and from then on.
    pub(super) fn push(&mut self, frames: &[[f32; 2]]) -> Option<&[Said]> {
        self.said.clear();
        self.resampler.push(frames, &mut self.mono).ok()?;
        let length = self.sense.frame_samples();
        let mut done = 0;
        while let Some(frame) = self.mono.get(done..done + length) {
            done += length;
            let activations = self.sense.hear(frame)?;
            self.frames += 1;
            let about_s = (self.frames as f64 - self.sense.delay_frames()) * self.frame_s();
            self.said.push(Said { activations, about_s });
        }
        self.mono.drain(..done);
        Some(&self.said)
    }

    /// Forgets what it has heard.
    pub(super) fn forget(&mut self) {
        self.sense.forget();
    }
}
