//! The ears' thread: it takes what was tapped as soon as it is there, hears it, and hands it on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use super::pulse::Pulse;
use super::{Hub, Now, Scope};
use crate::director::Cast;
use crate::inference::beat_sense;
use crate::performance::{Listener, PICTURES_PER_S, Stretch, What};
use crate::tap::{Block, MidiClock, TapReader, Transport};

/// Between two looks into the tap. A hop is 5 ms, so a hit waits 7 ms at most, and 3 on average.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Samples at a time.
const MOST_AT_ONCE: usize = 4096;
/// Length of the scope: as much as scenes look at together.
const SCOPE_S: f64 = 0.1;
/// The rate of the silence where no host has said one.
const USUAL_RATE_HZ: u32 = 48_000;
/// Stretches that wait for dreams which hang, at most: then they go on without them.
const MOST_WAITING: usize = 8192;

/// What the ears are told: each of it counts.
pub(super) enum Command {
    /// Sound comes from here from now on.
    Connect { reader: Box<TapReader>, sample_rate_hz: u32 },
    /// Somebody wants every stretch.
    Follow(Sender<Arc<Stretch>>),
    /// Pictures are due so often.
    PicturesPerS(f64),
    /// The director chooses from these.
    Cast(Arc<Cast>),
}

/// What the ears keep from one waking to the next.
pub(super) struct Ears {
    commands: Receiver<Command>,
    /// While awake: where the dreams hear.
    dreams: Option<Sender<Arc<Stretch>>>,
    followers: Vec<Sender<Arc<Stretch>>>,
    tap: Option<Box<TapReader>>,
    sample_rate_hz: u32,
    /// From the first waking on.
    listener: Option<Listener>,
    performances: u64,
    pictures_per_s: f64,
    cast: Arc<Cast>,
    pulse: Pulse,
    /// Silence heard since the host stands, in frames.
    silence: u64,
    /// What the host said last.
    transport: Transport,
    /// And a MIDI clock.
    midi: MidiClock,
    scope: VecDeque<[f32; 2]>,
}

impl Ears {
    pub(super) fn new(commands: Receiver<Command>) -> Self {
        Self {
            commands,
            dreams: None,
            followers: Vec::new(),
            tap: None,
            sample_rate_hz: USUAL_RATE_HZ,
            listener: None,
            performances: 0,
            pictures_per_s: PICTURES_PER_S,
            cast: Cast::all(),
            pulse: Pulse::new(Instant::now()),
            silence: 0,
            transport: Transport::default(),
            midi: MidiClock::default(),
            scope: VecDeque::new(),
        }
    }

    /// Listens until it is told to stop, and hands on to `dreams`; anew, as if nothing had ever been heard, for the follower
    /// that there is.
    pub(super) fn run(
        &mut self,
        hub: &Hub,
        running: &AtomicBool,
        dreams: Sender<Arc<Stretch>>,
        afresh: Option<Sender<Arc<Stretch>>>,
    ) {
        self.dreams = Some(dreams);
        self.obey();
        if afresh.is_some() || self.listener.is_none() {
            self.begin_anew();
        }
        self.followers.extend(afresh);
        if let Some(tap) = &mut self.tap {
            tap.set_open(true);
        }
        (self.pulse, self.silence) = (Pulse::new(Instant::now()), 0);
        while running.load(Ordering::Relaxed) {
            self.obey();
            self.look(hub);
            std::thread::sleep(LOOK_EVERY);
        }
        // What was played until now belongs to whoever follows until now.
        self.look(hub);
        if let Some(tap) = &mut self.tap {
            tap.set_open(false);
        }
        self.followers.clear();
        self.dreams = None;
    }

    fn obey(&mut self) {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Connect { mut reader, sample_rate_hz } => {
                    self.sample_rate_hz = sample_rate_hz;
                    // The first time this loads a model: a tap that is open meanwhile would run over.
                    self.begin_anew();
                    reader.set_open(true);
                    self.tap = Some(reader);
                }
                Command::Follow(follower) => self.followers.push(follower),
                Command::PicturesPerS(per_s) => {
                    self.pictures_per_s = per_s;
                    if let Some(listener) = &mut self.listener {
                        listener.set_pictures_per_s(per_s);
                    }
                }
                Command::Cast(cast) => {
                    self.cast = cast;
                    if let Some(listener) = &mut self.listener {
                        listener.set_cast(Arc::clone(&self.cast));
                    }
                }
            }
        }
    }

    fn begin_anew(&mut self) {
        self.performances += 1;
        let mut listener =
            Listener::new(self.performances, self.sample_rate_hz, 0, 0).with_sense(beat_sense());
        listener.set_pictures_per_s(self.pictures_per_s);
        listener.set_cast(Arc::clone(&self.cast));
        self.listener = Some(listener);
        (self.pulse, self.silence) = (Pulse::new(Instant::now()), 0);
    }

    fn look(&mut self, hub: &Hub) {
        let rate_hz = f64::from(self.sample_rate_hz);
        let mut frames = Vec::new();
        while let Some(block) = self.tap.as_mut().and_then(|tap| tap.read(&mut frames, MOST_AT_ONCE, rate_hz))
        {
            let frames = std::mem::take(&mut frames);
            self.pulse.came(Instant::now(), frames.len() as f64 / rate_hz);
            self.silence = 0;
            self.transport = block.transport.unwrap_or_default();
            self.midi = block.midi;
            self.hear(hub, frames, &block, true);
        }
        self.hear_silence(hub);
        if let Some(tap) = &self.tap {
            hub.overruns.store(tap.overruns(), Ordering::Relaxed);
        }
    }

    /// A host that has stopped calling leaves time standing still; silence lets the picture come to rest.
    fn hear_silence(&mut self, hub: &Hub) {
        let Some(quiet_s) = self.pulse.stands_for_s(Instant::now()) else { return };
        let due = (quiet_s * f64::from(self.sample_rate_hz)) as u64;
        // After a long sleep of the machine there is nothing to catch up with.
        let count = due.saturating_sub(self.silence).min(MOST_AT_ONCE as u64);
        self.silence = due;
        self.transport.playing = false;
        let block = Block {
            transport: Some(self.transport),
            controls: *hub.controls.get(),
            midi: self.midi,
            ..Block::default()
        };
        self.hear(hub, vec![[0.0; 2]; count as usize], &block, false);
    }

    /// Publishes the newest hop, and hands the stretch to dreams and followers.
    fn hear(&mut self, hub: &Hub, frames: Vec<[f32; 2]>, block: &Block, is_played: bool) {
        let Some(listener) = &mut self.listener else { return };
        let stretch = Arc::new(listener.hear(frames, block, is_played));
        if *hub.direction.get() != listener.direction() {
            hub.direction.set(listener.direction());
        }
        let newest = stretch.cues.iter().rev().find_map(|cue| match cue.what {
            What::Hop(heard, _) => Some(heard),
            _ => None,
        });
        if let Some(heard) = newest {
            hub.now.set(Now { heard, at: Instant::now(), transport: self.transport });
        }
        hub.heard_to.store(stretch.end(), Ordering::Relaxed);
        if let Some(dreams) = self.dreams.as_ref().filter(|dreams| dreams.len() < MOST_WAITING) {
            let _ = dreams.send(Arc::clone(&stretch)); // gone where the system gave them no thread, which the status says
        }
        // A follower that has ended is forgotten.
        self.followers.retain(|follower| follower.send(Arc::clone(&stretch)).is_ok());
        let length = (SCOPE_S * f64::from(self.sample_rate_hz)) as usize;
        self.scope.extend(&stretch.frames);
        self.scope.drain(..self.scope.len().saturating_sub(length));
        let frames = self.scope.iter().copied().collect();
        hub.scope.set(Scope { frames, sample_rate_hz: self.sample_rate_hz });
    }
}
