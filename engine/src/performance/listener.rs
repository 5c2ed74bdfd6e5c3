//! Sound into stretches: the hearing of a performance, and its timetable.

use std::sync::Arc;

use super::{Cue, Stretch, What};
use crate::controls::Controls;
use crate::director::{Cast, Direction, Director};
use crate::hearing::{BeatSense, Heard, Hearing};
use crate::motion::SongPlace;
use crate::tap::{Block, Timeline};

/// Encoder runs per second of sound.
pub const EMBEDDINGS_PER_S: f64 = 4.0;
/// Pictures per second of sound, unless another number is asked for: between them the stage tweens by motion, so that more of them
/// look no smoother; each begins what the music has just asked for, and hits are seen the better the longer it has the time.
pub const PICTURES_PER_S: f64 = 10.0;

/// Hears one stream of sound. Encoder and pictures are due at fixed places in it, which depend neither on the frame rate
/// of whoever draws nor on how the sound was cut into blocks.
pub struct Listener {
    hearing: Hearing,
    timeline: Timeline,
    performance: u64,
    sample_rate_hz: f64,
    /// The place of the next frame, and of the first that was heard.
    position: u64,
    began: u64,
    embeddings: Timetable,
    pictures: Timetable,
    director: Director,
    controls: Option<Controls>,
}

/// Something that is due again and again: soon after the beginning, then at whole multiples of its period.
struct Timetable {
    per_s: f64,
    /// In frames from the song's start.
    next: u64,
}

impl Listener {
    /// A listener to sound whose first frame is frame `position` of the song; pictures are due from frame `pictures_from` on.
    /// `performance` is a number that tells its stretches from another one's.
    pub fn new(performance: u64, sample_rate_hz: u32, position: u64, pictures_from: u64) -> Self {
        let hearing = Hearing::new(sample_rate_hz);
        // The first picture should be of this song already: what little was heard in the first hop stands for it.
        let soon = hearing.hop_frames() as u64;
        Self {
            timeline: Timeline::default(),
            performance,
            sample_rate_hz: f64::from(sample_rate_hz.max(1)),
            position,
            began: position,
            embeddings: Timetable { per_s: EMBEDDINGS_PER_S, next: position + soon },
            pictures: Timetable { per_s: PICTURES_PER_S, next: pictures_from.max(position) + soon },
            director: Director::default(),
            controls: None,
            hearing,
        }
    }

    /// Another director, for performances in which someone directs.
    #[must_use]
    pub fn with_director(mut self, director: Director) -> Self {
        self.director = director;
        self
    }

    /// Lets the director choose from `cast` from now on.
    pub fn set_cast(&mut self, cast: Arc<Cast>) {
        self.director.set_cast(cast);
    }

    /// What the director lets play.
    pub fn direction(&self) -> Direction {
        self.director.direction()
    }

    /// Finds beats with a network from now on: see [`Hearing::with_sense`].
    #[must_use]
    pub fn with_sense(mut self, sense: Option<Box<dyn BeatSense>>) -> Self {
        self.hearing = self.hearing.with_sense(sense);
        self
    }

    /// How often pictures are due from now on.
    pub fn set_pictures_per_s(&mut self, per_s: f64) {
        self.pictures.per_s = per_s.clamp(0.1, 240.0);
    }

    /// Frames per second.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz as u32
    }

    /// The place of the next frame, in frames from the song's start.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Hears `frames`, to which `block` belongs: how they were cut does not show in what comes of them.
    pub fn hear(&mut self, frames: Vec<[f32; 2]>, block: &Block, is_played: bool) -> Stretch {
        let (at, rate_hz) = (self.position, self.sample_rate_hz);
        let mut cues = Vec::with_capacity(frames.len() / self.hearing.hop_frames() + 3);
        if self.controls != Some(block.controls) {
            self.controls = Some(block.controls);
            cues.push(Cue { at, what: What::Turn(self.director.direction().over(&block.controls)) });
        }
        let host = block.transport.filter(|transport| transport.leads());
        self.timeline.look(at, host.as_ref(), rate_hz);
        let (timeline, director) = (&self.timeline, &mut self.director);
        let hop_frames = self.hearing.hop_frames() as u64;
        self.hearing.correct(&block.controls, &block.midi);
        let mut hop_end = at - (at - self.began) % hop_frames;
        self.hearing.listen(&frames, timeline.at(at, rate_hz).as_ref(), |heard| {
            hop_end += hop_frames;
            let place = timeline.at(hop_end, rate_hz).and_then(|transport| {
                transport.beat.map(|beat| SongPlace { playing: transport.playing, beat })
            });
            let of_song = Heard { time_s: hop_end as f64 / rate_hz, ..*heard };
            if director.follow(&of_song, &block.controls) {
                cues.push(Cue { at: hop_end, what: What::Turn(director.direction().over(&block.controls)) });
            }
            let heard = block.controls.apply_to(heard);
            cues.push(Cue { at: hop_end, what: What::Hop(heard, place) });
        });
        self.position += frames.len() as u64;
        self.embeddings.call(self.position, rate_hz, What::Embed, &mut cues);
        self.pictures.call(self.position, rate_hz, What::Paint, &mut cues);
        cues.sort_by_key(|cue| cue.at); // stable: at one place in the order above
        Stretch {
            performance: self.performance,
            at,
            sample_rate_hz: self.sample_rate_hz(),
            frames,
            is_played,
            transport: block.transport,
            controls: self.director.direction().over(&block.controls),
            cues,
        }
    }
}

impl Timetable {
    /// Adds what is due up to `end`.
    fn call(&mut self, end: u64, rate_hz: f64, what: What, cues: &mut Vec<Cue>) {
        while self.next <= end {
            cues.push(Cue { at: self.next, what });
            let period = rate_hz / self.per_s;
            let due = |number: f64| (number * period).round() as u64;
            let number = (self.next as f64 / period).floor() + 1.0;
            // Rounding must not call the same thing twice.
            self.next =
                if due(number) > self.next { due(number) } else { due(number + 1.0) }.max(self.next + 1);
        }
    }
}
