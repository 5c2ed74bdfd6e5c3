//! The score of a recording: everything from its beginning on, in order, with each picture that the music was given.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::{Hub, Models, note_frame};
use crate::performance::{Cue, Dreamt, Event, Score, Stretch, What};
use crate::picture::Picture;
use crate::render::RenderError;

/// Between two looks whether it is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a picture is waited for, in seconds of sound that has come meanwhile: while models run, and while they load or have
/// not painted yet.
const PATIENCE_S: f64 = 0.5;
const PATIENCE_LOADING_S: f64 = 10.0;
/// How fast the lateness of the beginning is made good, in seconds per second.
const WEARS_OFF: f64 = 0.25;

/// Follows a live performance at the pace at which it is played, or somewhat later.
pub struct Following {
    hub: Arc<Hub>,
    stretches: Receiver<Arc<Stretch>>,
    pictures: Receiver<Dreamt>,
    stop: Arc<AtomicBool>,
    sample_rate_hz: u32,
    /// What has come and was not played yet; of the first one so many frames, and so many cues, were.
    waiting: VecDeque<Arc<Stretch>>,
    taken: usize,
    told: usize,
    /// What was dreamt and not told yet.
    dreamt: VecDeque<Dreamt>,
    /// Up to where pictures were answered for, in which performance.
    answered: u64,
    performance: u64,
    /// Where it is, in frames from the performance's start.
    position: u64,
    sound: Vec<[f32; 2]>,
    /// How late it may be since it began late, in seconds.
    grace_s: f64,
    /// Nothing is taken any more; what waits is still played.
    over: bool,
}

impl Following {
    pub(super) fn new(
        hub: Arc<Hub>,
        stretches: Receiver<Arc<Stretch>>,
        pictures: Receiver<Dreamt>,
        stop: Arc<AtomicBool>,
        shown: Option<Arc<Picture>>,
    ) -> Self {
        // What shows when it begins is what it begins with.
        let dreamt =
            shown.map(|picture| Dreamt { performance: 0, at: 0, picture: Some(picture), is_missed: false });
        Self {
            stretches,
            pictures,
            stop,
            sample_rate_hz: 0,
            waiting: VecDeque::new(),
            taken: 0,
            told: 0,
            dreamt: dreamt.into_iter().collect(),
            answered: 0,
            performance: 0,
            position: 0,
            sound: Vec::new(),
            grace_s: 0.0,
            over: false,
            hub,
        }
    }

    /// Waits for the first sound; `false` if it is to stop before any comes.
    pub fn begin(&mut self) -> bool {
        while self.waiting.is_empty() && self.wait() {}
        !self.waiting.is_empty()
    }

    /// Waits a little for sound, and takes all that is there; `false` where none will come.
    fn wait(&mut self) -> bool {
        match self.stretches.recv_timeout(LOOK_EVERY) {
            Ok(stretch) => self.take(stretch),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.over = true,
        }
        self.take_all();
        !self.over || !self.waiting.is_empty()
    }

    /// Takes what is there. Once it is told to stop, nothing that comes later belongs to it: a follower that draws more
    /// slowly than sound comes would else go on, with frames of a few samples each.
    fn take_all(&mut self) {
        let is_last = self.stop.load(Ordering::Acquire);
        while let Ok(stretch) = self.stretches.try_recv() {
            self.take(stretch);
        }
        self.over |= is_last;
    }

    fn take(&mut self, stretch: Arc<Stretch>) {
        if self.sample_rate_hz == 0 && stretch.is_played {
            self.sample_rate_hz = stretch.sample_rate_hz;
        }
        if !stretch.is_played {
            // The host stands: that is no part of what was played.
        } else if stretch.sample_rate_hz != self.sample_rate_hz {
            self.over = true; // a file has one rate
        } else if !self.over {
            self.waiting.push_back(stretch);
        }
    }

    /// How much sound waits, in seconds.
    fn waiting_s(&self) -> f64 {
        let frames: usize = self.waiting.iter().map(|stretch| stretch.frames.len()).sum();
        frames.saturating_sub(self.taken) as f64 / f64::from(self.sample_rate_hz.max(1))
    }

    /// Takes up to `most` frames off what waits, and the cues in them.
    fn play(&mut self, most: usize) -> Vec<Cue> {
        let mut cues = Vec::new();
        while self.sound.len() < most {
            let Some(stretch) = self.waiting.front() else { break };
            if stretch.performance != self.performance {
                (self.performance, self.answered) = (stretch.performance, 0);
            }
            if self.taken == 0 {
                // Also where it was turned while the host stood.
                cues.push(Cue { at: stretch.at, what: What::Turn(stretch.controls) });
            }
            let count = (stretch.frames.len() - self.taken).min(most - self.sound.len());
            self.sound.extend_from_slice(&stretch.frames[self.taken..self.taken + count]);
            self.taken += count;
            self.position = stretch.at + self.taken as u64;
            let until = self.position;
            let due = stretch.cues[self.told..].iter().take_while(|cue| cue.at <= until);
            let before = cues.len();
            cues.extend(due.copied());
            self.told += cues.len() - before;
            if self.taken == stretch.frames.len() {
                (self.taken, self.told) = (0, 0);
                self.waiting.pop_front();
            }
        }
        cues
    }

    /// Waits until each picture up to `at` was dreamt or left out, within reason.
    fn wait_for_pictures(&mut self, at: u64) {
        let (began, mut loaded) = (Instant::now(), Instant::now());
        while self.answered < at {
            match self.pictures.recv_timeout(LOOK_EVERY) {
                Ok(dreamt) if dreamt.performance == self.performance => {
                    self.answered = self.answered.max(dreamt.at);
                    self.dreamt.push_back(dreamt);
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.take_all();
            // Before the first picture nothing was shown that could come to a halt.
            let loading = self.answered == 0
                || matches!(self.hub.status.get().models, Models::Asleep | Models::Loading);
            let (since, patience_s) = if loading {
                // What comes meanwhile makes it late, but not by its own fault.
                self.grace_s = self.grace_s.max(self.waiting_s());
                loaded = Instant::now();
                (began, PATIENCE_LOADING_S)
            } else {
                (loaded, PATIENCE_S)
            };
            if self.late_s().max(since.elapsed().as_secs_f64() - 1.0) > patience_s {
                return;
            }
        }
    }
}

impl Score for Following {
    fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    fn frame(&mut self, size_px: (u32, u32)) {
        note_frame(&self.hub.followed_px, size_px);
    }

    fn go_on(
        &mut self,
        frames: usize,
        each: &mut dyn FnMut(Event<'_>) -> Result<(), RenderError>,
    ) -> Result<&[[f32; 2]], RenderError> {
        self.sound.clear();
        self.take_all();
        if self.position == 0 {
            // Device and file were opened meanwhile.
            self.grace_s = self.waiting_s();
        }
        self.grace_s -= WEARS_OFF * frames as f64 / f64::from(self.sample_rate_hz.max(1));
        self.grace_s = self.grace_s.max(0.0);
        let mut cues = self.play(frames);
        while self.sound.len() < frames && self.wait() {
            cues.extend(self.play(frames));
        }
        if let Some(cue) = cues.iter().rfind(|cue| matches!(cue.what, What::Paint)) {
            self.wait_for_pictures(cue.at);
        }
        for Cue { at, what } in cues {
            while self.dreamt.front().is_some_and(|dreamt| dreamt.at < at) {
                if let Some(dreamt) = self.dreamt.pop_front() {
                    dreamt.tell(self.sample_rate_hz, each)?;
                }
            }
            match what {
                What::Turn(controls) => each(Event::Turn(&controls))?,
                What::Hop(heard, _) => each(Event::Hop(&heard))?,
                What::Embed | What::Paint => {}
            }
        }
        while self.dreamt.front().is_some_and(|dreamt| dreamt.at <= self.position) {
            if let Some(dreamt) = self.dreamt.pop_front() {
                dreamt.tell(self.sample_rate_hz, each)?;
            }
        }
        each(Event::Sound(&self.sound, self.sample_rate_hz))?;
        Ok(&self.sound)
    }

    fn time_s(&self) -> f64 {
        self.position as f64 / f64::from(self.sample_rate_hz.max(1))
    }

    fn late_s(&self) -> f64 {
        (self.waiting_s() - self.grace_s).max(0.0)
    }
}
