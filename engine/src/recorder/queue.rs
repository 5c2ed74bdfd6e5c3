//! The queue between the caller and the writer's thread, and the timeline that keeps sound and pictures together.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::patience::{Patience, Pulse};
use super::{Finished, Fps, RecordSettings, Recorder, RecorderError, Writer};
use crate::threads::join_within;

/// Frames that wait for the writer at most: enough to even out its hiccups, and 33 MB each in 4K.
const QUEUED_FRAMES: usize = 4;

/// How often a full queue is looked at again.
const LOOK_AGAIN: Duration = Duration::from_micros(500);

/// What the writer's thread needs on top of its own patience to see to an ffmpeg that stands still.
const TO_CLEAR_UP: Duration = Duration::from_secs(10);

enum Job {
    Frame { index: u64, rgba: Vec<u8>, audio: Vec<[f32; 2]> },
    Finish { frames: u64, audio: Vec<[f32; 2]> },
}

/// What the thread leaves behind: the path of the recording and its size in bytes.
type Written = Result<(PathBuf, u64), RecorderError>;

/// A [`Recorder`] around any [`Writer`].
pub(super) struct Queue {
    path: PathBuf,
    fps: Fps,
    sample_rate_hz: u32,
    frame_bytes: usize,
    /// `None` once the recording is over.
    jobs: Option<SyncSender<Job>>,
    used_buffers: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<Written>>,
    pulse: Pulse,
    patience: Duration,
    /// Frames handed in, dropped ones included.
    frames: u64,
    dropped: u64,
    /// Sound handed in, in samples.
    samples: u64,
    /// Sound that is ahead of the pictures.
    waiting: VecDeque<[f32; 2]>,
    /// Samples queued.
    sent: u64,
    remarks: Vec<String>,
}

impl Queue {
    /// Starts the writer's thread. The writer gives signs of life to `pulse`.
    pub fn start(
        writer: impl Writer,
        path: &Path,
        settings: &RecordSettings,
        pulse: Pulse,
    ) -> Result<Self, RecorderError> {
        let (jobs, inbox) = sync_channel(QUEUED_FRAMES);
        let (give_back, used_buffers) = channel();
        let beating = pulse.clone();
        let thread = Builder::new()
            .name("klangbild-file".to_owned())
            .spawn(move || write_all(writer, &inbox, &give_back, &beating))
            .map_err(|source| RecorderError::NoThread { path: path.to_path_buf(), source })?;
        Ok(Self {
            path: path.to_path_buf(),
            fps: settings.fps,
            sample_rate_hz: settings.sample_rate_hz,
            frame_bytes: settings.width_px as usize * settings.height_px as usize * 4,
            jobs: Some(jobs),
            used_buffers,
            thread: Some(thread),
            pulse,
            patience: 2 * settings.patience + TO_CLEAR_UP,
            frames: 0,
            dropped: 0,
            samples: 0,
            waiting: VecDeque::new(),
            sent: 0,
            remarks: Vec::new(),
        })
    }

    /// What the finished recording says about itself.
    pub fn remark(&mut self, remarks: Vec<String>) {
        self.remarks.extend(remarks);
    }

    /// Takes the waiting sound up to the start of frame `index`.
    fn audio_until(&mut self, index: u64) -> Vec<[f32; 2]> {
        let wanted = self.fps.start_samples(index, self.sample_rate_hz).saturating_sub(self.sent);
        let audio: Vec<_> = self.waiting.drain(..self.waiting.len().min(wanted as usize)).collect();
        self.sent += audio.len() as u64;
        audio
    }

    /// Hands a job over, and waits while the queue is full.
    fn send(&mut self, mut job: Job) -> Result<(), RecorderError> {
        let mut patience = Patience::new(self.patience);
        loop {
            let Some(jobs) = &self.jobs else { return Err(self.stopped()) };
            match jobs.try_send(job) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return Err(self.why_it_stopped()),
                Err(TrySendError::Full(same)) => job = same,
            }
            if patience.is_over(self.pulse.count()) {
                return Err(self.give_up());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits for the end of the writer's thread, which sees to an ffmpeg that stands still. A thread that stands
    /// still itself, in the middle of a call to the system, is left to itself: no host may wait for that.
    fn join(&mut self) -> Written {
        self.jobs = None;
        let Some(thread) = self.thread.take() else { return Err(self.stopped()) };
        let mut patience = Patience::new(self.patience);
        while !thread.is_finished() {
            if patience.is_over(self.pulse.count()) {
                return Err(self.give_up());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        thread.join().unwrap_or_else(|_| Err(self.stopped()))
    }

    fn give_up(&mut self) -> RecorderError {
        self.jobs = None;
        // Not waited for any more, but its code must stay when the host unloads this library.
        if let Some(thread) = self.thread.take() {
            join_within(thread, Duration::ZERO);
        }
        RecorderError::StandsStill { path: self.path.clone() }
    }

    /// The error that ended the writer's thread.
    fn why_it_stopped(&mut self) -> RecorderError {
        match self.join() {
            Err(error) => error,
            Ok(_) => self.stopped(),
        }
    }

    fn stopped(&self) -> RecorderError {
        RecorderError::Stopped { path: self.path.clone() }
    }
}

impl Recorder for Queue {
    fn frame(&mut self, rgba: &[u8]) -> Result<(), RecorderError> {
        if rgba.len() != self.frame_bytes {
            return Err(RecorderError::FrameSize { found: rgba.len(), expected: self.frame_bytes });
        }
        if self.jobs.is_none() {
            return Err(self.stopped());
        }
        let index = self.frames;
        let mut buffer = self.used_buffers.try_recv().unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(rgba);
        let audio = self.audio_until(index + 1);
        self.send(Job::Frame { index, rgba: buffer, audio })?;
        self.frames += 1;
        Ok(())
    }

    fn skip(&mut self) -> Result<(), RecorderError> {
        if self.jobs.is_none() {
            return Err(self.stopped());
        }
        self.frames += 1;
        self.dropped += 1;
        Ok(())
    }

    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError> {
        if self.jobs.is_none() {
            return Err(self.stopped());
        }
        self.waiting.extend(frames);
        self.samples += frames.len() as u64;
        Ok(())
    }

    fn frames(&self) -> u64 {
        self.frames
    }

    fn samples(&self) -> u64 {
        self.samples
    }

    fn finish(mut self: Box<Self>) -> Result<Finished, RecorderError> {
        if self.jobs.is_none() {
            return Err(self.stopped());
        }
        if self.frames == self.dropped {
            return Err(RecorderError::Nothing { path: self.path.clone() });
        }
        let end = self.frames;
        let mut audio = self.audio_until(end);
        let missing = self.fps.start_samples(end, self.sample_rate_hz).saturating_sub(self.sent);
        audio.resize(audio.len() + missing as usize, [0.0; 2]);
        let one_frame = self.fps.start_samples(1, self.sample_rate_hz);
        if missing > one_frame || self.waiting.len() as u64 > one_frame {
            let cut = self.waiting.len();
            tracing::warn!("sound and pictures differ: {missing} samples of silence added, {cut} cut off");
        }
        self.send(Job::Finish { frames: end, audio })?;
        let (path, bytes) = self.join()?;
        Ok(Finished {
            path,
            bytes,
            frames: self.frames - self.dropped,
            dropped: self.dropped,
            duration_s: self.fps.start_ns(end) as f64 * 1e-9,
            remarks: std::mem::take(&mut self.remarks),
        })
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        // The writer saves what it can, and its child process is reaped.
        if self.thread.is_some()
            && let Err(error) = self.join()
        {
            tracing::warn!("the recording was not finished: {error}");
        }
    }
}

/// The writer's thread: everything in the queue, in order, until the recording is finished, given up or broken.
fn write_all<W: Writer>(
    mut writer: W,
    inbox: &Receiver<Job>,
    give_back: &Sender<Vec<u8>>,
    pulse: &Pulse,
) -> Written {
    let mut last = None;
    for job in inbox {
        pulse.beat();
        let written = match job {
            Job::Frame { index, rgba, audio } => {
                // The first is shown from the beginning, even if others before it were missed: sound and pictures begin together.
                let index = if last.is_none() { 0 } else { index };
                last = Some(index);
                writer.frame(index, rgba).and_then(|used| {
                    // Nobody takes it when the recorder is being dropped, which is fine.
                    let _ = give_back.send(used);
                    writer.audio(&audio)
                })
            }
            Job::Finish { frames, audio } => {
                // And the last until the end of the sound.
                let missed = last.is_some_and(|last| last + 1 < frames);
                let held = if missed { writer.hold(frames - 1) } else { Ok(()) };
                match held.and_then(|()| writer.audio(&audio)) {
                    Ok(()) => return writer.finish(),
                    Err(error) => Err(error),
                }
            }
        };
        if let Err(error) = written {
            return Err(error.with_kept(writer.abandon()));
        }
    }
    match writer.abandon() {
        Some(kept) => {
            tracing::warn!("the recording was given up; what was written plays: {}", kept.display());
            Ok((kept, 0))
        }
        None => Ok((PathBuf::new(), 0)),
    }
}
