//! The listener: takes what the audio thread has left in the tap, hears it, and hands it on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Chunk, Now, Shared, lock};
use crate::hearing::Hearing;
use crate::motion::SongPlace;
use crate::tap::{TapReader, Transport};

/// Between two looks into the tap. A hop is 5 ms, so a hit waits 7 ms at most, and 3 on average.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// A host that sends nothing for this long, or for three of its longest blocks, has stopped: then there is silence.
const STOPPED_AFTER_S: f64 = 0.06;
/// Samples at a time.
const MOST_AT_ONCE: usize = 4096;
/// Length of the scope.
const SCOPE_S: f64 = 0.02;
/// A difference between the host's song position and our own count that is a jump, in beats.
const JUMP_BEATS: f64 = 0.5;

/// Where sound comes from.
pub(super) struct Source {
    pub reader: TapReader,
    pub sample_rate_hz: u32,
    /// In frames.
    pub longest_block: usize,
}

/// What the listener keeps from one waking to the next.
#[derive(Default)]
pub(super) struct Ears {
    listening: Option<Listening>,
}

struct Listening {
    source: Source,
    hearing: Hearing,
    frames: Vec<[f32; 2]>,
    /// When the newest sound came, and how much silence was heard since, in frames.
    last_sound: Instant,
    silence: u64,
    song_beat: Option<f64>,
}

/// Listens until it is told to stop.
pub(super) fn run(shared: &Shared, running: &AtomicBool) {
    // An older listener that has just been told to end holds this for another look at most.
    let mut ears = lock(&shared.ears);
    if let Some(listening) = &mut ears.listening {
        listening.wake_up();
    }
    while running.load(Ordering::Relaxed) {
        if let Some(mut source) = lock(&shared.inbox).take() {
            source.reader.set_open(true);
            ears.listening = Some(Listening::new(source));
        }
        if let Some(listening) = &mut ears.listening {
            listening.look(shared);
        }
        std::thread::sleep(LOOK_EVERY);
    }
    if let Some(listening) = &mut ears.listening {
        listening.source.reader.set_open(false);
    }
}

impl Listening {
    fn new(source: Source) -> Self {
        Self {
            hearing: Hearing::new(source.sample_rate_hz),
            source,
            frames: Vec::new(),
            last_sound: Instant::now(),
            silence: 0,
            song_beat: None,
        }
    }

    fn wake_up(&mut self) {
        self.source.reader.set_open(true);
        self.last_sound = Instant::now();
        self.silence = 0;
    }

    fn look(&mut self, shared: &Shared) {
        let transport = self.source.reader.transport();
        loop {
            self.frames.resize(MOST_AT_ONCE, [0.0; 2]);
            let count = self.source.reader.read(&mut self.frames);
            self.frames.truncate(count);
            if count == 0 {
                break;
            }
            self.last_sound = Instant::now();
            self.silence = 0;
            self.hear(shared, &transport);
            self.record(shared);
        }
        self.hear_silence(shared);
        lock(&shared.status).overruns = self.source.reader.overruns();
    }

    /// A host that has stopped calling leaves time standing still; silence lets the picture come to rest.
    fn hear_silence(&mut self, shared: &Shared) {
        let rate_hz = f64::from(self.source.sample_rate_hz);
        let patience_s = (3.0 * self.source.longest_block as f64 / rate_hz).max(STOPPED_AFTER_S);
        let quiet_s = self.last_sound.elapsed().as_secs_f64();
        if quiet_s < patience_s {
            return;
        }
        let due = (quiet_s * rate_hz) as u64;
        // After a long sleep of the machine there is nothing to catch up with.
        let count = due.saturating_sub(self.silence).min(MOST_AT_ONCE as u64);
        self.silence = due;
        self.frames.clear();
        self.frames.resize(count as usize, [0.0; 2]);
        let transport = self.source.reader.transport();
        self.hear(shared, &Transport { playing: false, ..transport });
    }

    /// Hears `self.frames`, publishes the newest hop, and hands sound and hops to the dreamer.
    fn hear(&mut self, shared: &Shared, transport: &Transport) {
        let controls = *lock(&shared.controls);
        let host = transport.tempo_bpm.is_some() || transport.beat.is_some();
        let mut place = self.place(transport, host);
        let step_beats = self.hearing.hop_frames() as f64 / f64::from(self.source.sample_rate_hz)
            * transport.tempo_bpm.unwrap_or(0.0)
            / 60.0;
        let mut unheard = lock(&shared.unheard);
        let mut newest = None;
        self.hearing.listen(&self.frames, host.then_some(transport), |heard| {
            let heard = controls.apply_to(heard);
            unheard.hops.push((heard, place));
            if let Some(place) = place.as_mut().filter(|place| place.playing) {
                place.beat += step_beats;
            }
            newest = Some(heard);
        });
        unheard.take(&self.frames, self.source.sample_rate_hz);
        drop(unheard);
        self.song_beat = place.map(|place| place.beat);
        if let Some(heard) = newest {
            *lock(&shared.now) = Now { heard, at: Instant::now(), transport: *transport };
        }
        let mut scope = lock(&shared.scope);
        scope.extend(self.frames.iter().map(|[left, right]| 0.5 * (left + right)));
        let length = (SCOPE_S * f64::from(self.source.sample_rate_hz)) as usize;
        let excess = scope.len().saturating_sub(length);
        scope.drain(..excess);
    }

    /// Where in the song these frames are. The newest transport may be a block ahead of them: our own count goes on
    /// steadily, and only a jump is taken over.
    fn place(&self, transport: &Transport, host: bool) -> Option<SongPlace> {
        let told = transport.beat.filter(|beat| host && beat.is_finite())?;
        let beat = match self.song_beat {
            Some(own) if (told - own).abs() < JUMP_BEATS => own + 0.05 * (told - own),
            _ => told,
        };
        Some(SongPlace { playing: transport.playing, beat })
    }

    fn record(&self, shared: &Shared) {
        let mut recorders = lock(&shared.recorders);
        if recorders.is_empty() {
            return;
        }
        let heard = lock(&shared.now).heard;
        let chunk = Chunk { frames: self.frames.clone(), sample_rate_hz: self.source.sample_rate_hz, heard };
        // A recorder that has ended is forgotten.
        recorders.retain(|recorder| recorder.send(chunk.clone()).is_ok());
    }
}
