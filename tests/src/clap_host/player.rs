//! An audio thread that plays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use clack_host::prelude::*;

use super::{Sound, With};
use crate::sound::Sound as Music;

/// Frames a block, as many hosts have it.
const BLOCK: usize = 512;

/// Plays music over and over in real time, and sees to it that every block passes bit by bit.
pub struct Player {
    stop: Arc<AtomicBool>,
    changes: Sender<(ClapId, f64)>,
    thread: JoinHandle<(Sound, Vec<f32>)>,
}

impl Player {
    /// Starts; `sound` must be active at the music's rate, with blocks of 512 frames or more.
    pub fn start(mut sound: Sound, music: &Music) -> Self {
        let (changes, changed) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, music) = (Arc::clone(&stop), music.clone());
        let play = move || {
            let began = Instant::now();
            let mut played = Vec::new();
            let mut block = [0.0; BLOCK];
            while !stopped.load(Ordering::Relaxed) {
                for sample in &mut block {
                    *sample = music.samples[played.len() % music.samples.len()];
                    played.push(*sample);
                }
                let with = With { in_place: true, changes: changed.try_iter().collect(), ..With::default() };
                sound.passes(&block, &with);
                let due = Duration::from_secs_f64(played.len() as f64 / f64::from(music.rate_hz));
                std::thread::sleep(due.saturating_sub(began.elapsed()));
            }
            (sound, played)
        };
        let thread =
            std::thread::Builder::new().name("audio".to_owned()).spawn(play).expect("starts a thread");
        Self { stop, changes, thread }
    }

    /// Automates a parameter from the next block on.
    #[track_caller]
    pub fn change(&self, id: ClapId, value: f64) {
        self.changes.send((id, value)).expect("the audio thread plays");
    }

    /// Ends it: the audio thread's end, and all that was played.
    #[track_caller]
    pub fn stop(self) -> (Sound, Vec<f32>) {
        self.stop.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(ended) => ended,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}
