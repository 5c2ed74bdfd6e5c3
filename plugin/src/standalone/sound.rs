//! The thread that keeps the sound coming: it opens the device, watches it, and opens it again when it was lost. Whatever
//! happens here, the picture goes on.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;
use crossbeam_channel::{Receiver, Sender, bounded, select};
use klangbild::instance::Instance;

use super::devices::{Direction, words};
use super::player::{self, BLOCK_FRAMES, Playback, Wanted};
use super::source::{Listen, Play, Source};
use super::{input, output};
use crate::terminal;

/// Between two tries to open a device that was lost.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Between two blocks where the clock takes the place of a sound card.
const BLOCK_EVERY: Duration = Duration::from_millis(5);

/// The running thread; it ends with this value.
pub struct Sound {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sound {
    /// Starts it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(instance: &Arc<Instance>, source: Source) -> anyhow::Result<Self> {
        // Nothing is ever sent: that the sender is gone is the word.
        let (stop, stopped) = bounded(0);
        let instance = Arc::clone(instance);
        let thread = std::thread::Builder::new()
            .name("klangbild-sound".to_owned())
            .spawn(move || match source {
                Source::Song(play) => keep_playing(&instance, &play, &stopped),
                Source::Input(listen) => keep_listening(&instance, &listen, &stopped),
            })
            .context("the system gives no thread for the sound")?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.stop = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the sound's thread had ended with a panic");
        }
    }
}

/// Waits; whether it is time to stop.
fn is_stopped(stopped: &Receiver<()>, wait: Duration) -> bool {
    stopped.recv_timeout(wait).is_err_and(|error| error.is_disconnected())
}

/// Waits until the stream breaks; `None` when it is time to stop.
fn until_it_breaks(stopped: &Receiver<()>, failed: &Receiver<cpal::Error>) -> Option<cpal::Error> {
    select! {
        recv(stopped) -> _ => None,
        // The caller holds a sender: it does not end without a word.
        recv(failed) -> error => error.ok(),
    }
}

fn keep_listening(instance: &Instance, listen: &Listen, stopped: &Receiver<()>) {
    let name = listen.device.name(Direction::Input);
    let mut told = false;
    loop {
        let (failures, failed) = bounded(1);
        match input::open(instance, &listen.device, &failures) {
            Ok(_stream) => {
                if std::mem::replace(&mut told, false) {
                    instance.notices.tell(format!("Listening to {name}"), None);
                }
                let Some(error) = until_it_breaks(stopped, &failed) else { return };
                instance
                    .notices
                    .warn(format!("Lost {name} ({}); it is looked for every 2 seconds", words(&error)));
                told = true;
            }
            Err(error) => {
                if !std::mem::replace(&mut told, true) {
                    instance.notices.warn(format!(
                        "No sound comes in: {error:#}. Play a song with `klangbild live SONG`, or choose an input from \
                         `klangbild live --list-devices`"
                    ));
                }
            }
        }
        if is_stopped(stopped, AGAIN_AFTER) {
            return;
        }
    }
}

fn keep_playing(instance: &Arc<Instance>, play: &Play, stopped: &Receiver<()>) {
    let Some(choice) = &play.output else { return keep_pace(instance, play, "as asked", stopped) };
    let name = choice.name(Direction::Output);
    let mut from_s = 0.0;
    let mut opened = false;
    loop {
        let (failures, failed) = bounded(1);
        match output::open(instance, play, from_s, &failures) {
            Ok(output) => {
                if std::mem::replace(&mut opened, true) {
                    instance.notices.tell(format!("Playing on {name} again"), None);
                }
                let Some(error) = until_it_breaks(stopped, &failed) else { return };
                instance
                    .notices
                    .warn(format!("Lost {name} ({}); it is looked for every 2 seconds", words(&error)));
                from_s = output.decoder.position_s();
            }
            Err(error) if !opened => return keep_pace(instance, play, &format!("{error:#}"), stopped),
            Err(error) => tracing::debug!("{error:#}"),
        }
        if is_stopped(stopped, AGAIN_AFTER) {
            return;
        }
    }
}

/// Plays to nobody, by the clock on the wall.
fn keep_pace(instance: &Arc<Instance>, play: &Play, reason: &str, stopped: &Receiver<()>) {
    let line = format!("The song plays without sound: {reason}");
    terminal::tell(&line);
    instance.notices.tell(line, None);
    let rate_hz = play.song.song().map(|song| song.sample_rate_hz()).unwrap_or(48_000);
    let wanted = Wanted { song: play.song.clone(), looped: play.looped, from_s: 0.0, rate_hz };
    match player::start(instance, wanted) {
        Ok((mut playback, _decoder)) => pace(&mut playback, rate_hz, stopped),
        Err(error) => instance.notices.warn(format!("The song cannot be played: {error}")),
    }
}

fn pace(playback: &mut Playback, rate_hz: u32, stopped: &Receiver<()>) {
    let begun = Instant::now();
    let mut done = 0;
    while !is_stopped(stopped, BLOCK_EVERY) {
        let due = (begun.elapsed().as_secs_f64() * f64::from(rate_hz)) as u64;
        // After a long sleep of the machine there is nothing to catch up with.
        done = done.max(due.saturating_sub(u64::from(rate_hz)));
        while done < due {
            let frames = (due - done).min(BLOCK_FRAMES as u64);
            playback.next(frames as usize);
            done += frames;
        }
    }
}
