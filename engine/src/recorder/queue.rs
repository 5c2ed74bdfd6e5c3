//! The queue between the caller and the writer's thread, and the timeline that keeps sound and pictures together.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::JoinHandle;

use super::{Finished, Fps, Pace, RecordSettings, Recorder, RecorderError, Writer};

/// Frames that wait for the writer at most: enough to even out its hiccups, and 33 MB each in 4K.
const QUEUED_FRAMES: usize = 4;

enum Job {
    Frame { index: u64, rgba: Vec<u8>, audio: Vec<[f32; 2]> },
    Finish { audio: Vec<[f32; 2]> },
}

/// A [`Recorder`] around any [`Writer`].
pub(super) struct Queue {
    path: PathBuf,
    fps: Fps,
    sample_rate_hz: u32,
    pace: Pace,
    frame_bytes: usize,
    /// `None` once the recording is over.
    jobs: Option<SyncSender<Job>>,
    used_buffers: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<Result<u64, RecorderError>>>,
    /// Frames handed in, dropped ones included.
    frames: u64,
    dropped: u64,
    /// End of the last frame that was queued, as a frame index.
    shown_to: u64,
    /// Sound that is ahead of the pictures.
    waiting: VecDeque<[f32; 2]>,
    /// Samples queued.
    sent: u64,
}

impl Queue {
    pub fn start(writer: impl Writer, path: &Path, settings: &RecordSettings) -> Self {
        let (jobs, inbox) = sync_channel(QUEUED_FRAMES);
        let (give_back, used_buffers) = channel();
        let thread = std::thread::spawn(move || write_all(writer, &inbox, &give_back));
        Self {
            path: path.to_path_buf(),
            fps: settings.fps,
            sample_rate_hz: settings.sample_rate_hz,
            pace: settings.pace,
            frame_bytes: settings.width_px as usize * settings.height_px as usize * 4,
            jobs: Some(jobs),
            used_buffers,
            thread: Some(thread),
            frames: 0,
            dropped: 0,
            shown_to: 0,
            waiting: VecDeque::new(),
            sent: 0,
        }
    }

    /// Takes the waiting sound up to the start of frame `index`.
    fn audio_until(&mut self, index: u64) -> Vec<[f32; 2]> {
        let wanted = self.fps.start_samples(index, self.sample_rate_hz).saturating_sub(self.sent);
        let audio: Vec<_> = self.waiting.drain(..self.waiting.len().min(wanted as usize)).collect();
        self.sent += audio.len() as u64;
        audio
    }

    /// Sound that was taken for a frame which is dropped waits for the next one.
    fn put_back(&mut self, audio: &[[f32; 2]]) {
        self.sent -= audio.len() as u64;
        for &frame in audio.iter().rev() {
            self.waiting.push_front(frame);
        }
    }

    /// The error that ended the writer's thread.
    fn why_it_stopped(&mut self) -> RecorderError {
        self.jobs = None;
        let stopped = || RecorderError::Stopped { path: self.path.clone() };
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(Err(error))) => error,
            _ => stopped(),
        }
    }
}

impl Recorder for Queue {
    fn frame(&mut self, rgba: &[u8]) -> Result<(), RecorderError> {
        if rgba.len() != self.frame_bytes {
            return Err(RecorderError::FrameSize { found: rgba.len(), expected: self.frame_bytes });
        }
        let Some(jobs) = self.jobs.clone() else {
            return Err(RecorderError::Stopped { path: self.path.clone() });
        };
        let index = self.frames;
        let mut buffer = self.used_buffers.try_recv().unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(rgba);
        let job = Job::Frame { index, rgba: buffer, audio: self.audio_until(index + 1) };
        let refused = match self.pace {
            Pace::Offline => jobs.send(job).map_err(|error| TrySendError::Disconnected(error.0)),
            Pace::Live => jobs.try_send(job),
        };
        match refused {
            Ok(()) => self.shown_to = index + 1,
            Err(TrySendError::Full(Job::Frame { audio, .. })) => {
                self.put_back(&audio);
                self.dropped += 1;
            }
            Err(_) => return Err(self.why_it_stopped()),
        }
        self.frames += 1;
        Ok(())
    }

    fn skip(&mut self) -> Result<(), RecorderError> {
        if self.jobs.is_none() {
            return Err(RecorderError::Stopped { path: self.path.clone() });
        }
        self.frames += 1;
        self.dropped += 1;
        Ok(())
    }

    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError> {
        if self.jobs.is_none() {
            return Err(RecorderError::Stopped { path: self.path.clone() });
        }
        self.waiting.extend(frames);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Finished, RecorderError> {
        let Some(jobs) = self.jobs.take() else {
            return Err(RecorderError::Stopped { path: self.path.clone() });
        };
        let end = self.shown_to;
        if end == 0 {
            return Err(RecorderError::Nothing { path: self.path.clone() });
        }
        let mut audio = self.audio_until(end);
        let missing = self.fps.start_samples(end, self.sample_rate_hz).saturating_sub(self.sent);
        audio.resize(audio.len() + missing as usize, [0.0; 2]);
        let one_frame = self.fps.start_samples(1, self.sample_rate_hz);
        if missing > one_frame || self.waiting.len() as u64 > one_frame {
            let cut = self.waiting.len();
            tracing::warn!("sound and pictures differ: {missing} samples of silence added, {cut} cut off");
        }
        if jobs.send(Job::Finish { audio }).is_err() {
            return Err(self.why_it_stopped());
        }
        drop(jobs);
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => Ok(Finished {
                path: self.path.clone(),
                bytes: result?,
                frames: self.frames - self.dropped,
                dropped: self.dropped,
                duration_s: self.fps.start_ns(end) as f64 * 1e-9,
            }),
            _ => Err(RecorderError::Stopped { path: self.path.clone() }),
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // The writer saves what it can, and its child process is reaped.
            if let Ok(Err(error)) = thread.join() {
                tracing::warn!("the recording was not finished: {error}");
            }
        }
    }
}

/// The writer's thread: everything in the queue, in order, until the recording is finished, given up or broken.
fn write_all<W: Writer>(
    mut writer: W,
    inbox: &Receiver<Job>,
    give_back: &Sender<Vec<u8>>,
) -> Result<u64, RecorderError> {
    for job in inbox {
        let written = match job {
            Job::Frame { index, rgba, audio } => writer.frame(index, rgba).and_then(|used| {
                // Nobody takes it when the recorder is being dropped, which is fine.
                let _ = give_back.send(used);
                writer.audio(&audio)
            }),
            Job::Finish { audio } => match writer.audio(&audio) {
                Ok(()) => return writer.finish(),
                Err(error) => Err(error),
            },
        };
        if let Err(error) = written {
            return Err(error.with_kept(writer.abandon()));
        }
    }
    if let Some(kept) = writer.abandon() {
        tracing::warn!("the recording was given up; what was written plays: {}", kept.display());
    }
    Ok(0)
}
