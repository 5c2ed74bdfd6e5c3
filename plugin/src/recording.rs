//! Recording while it plays: a stage of its own, at the video's size and rate, on the audio's clock. It needs no window, and
//! the window may change its size meanwhile.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use klangbild_engine::inference::spawn_low_priority;
use klangbild_engine::live::Chunk;
use klangbild_engine::recorder::{self, Fps, Pace, RecordSettings, Recorder};
use klangbild_engine::stage::{Belt, Stage};

use crate::instance::Instance;
use crate::panel::Recorded;
use crate::settings::{Settings, VideoKind};
use crate::tags::tags;

/// Frames that may be due at once before the oldest of them are dropped.
const LATE_FRAMES: u64 = 2;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A recording that runs, or has run.
pub struct Recording {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    frames: AtomicU64,
    dropped: AtomicU64,
    /// In a thousandth of a frame per second.
    fps_milli: AtomicU64,
}

impl Recording {
    /// Starts one; `None`, and a line in the window, if the system gives no thread.
    pub fn start(instance: &Arc<Instance>) -> Option<Self> {
        let shared = Arc::new(Shared::default());
        // Weak: a recording does not keep a plugin that the host has let go.
        let (told, owner) = (Arc::clone(&shared), Arc::downgrade(instance));
        let started = spawn_low_priority("klangbild-record", move || record(&told, &owner));
        match started {
            Ok(thread) => Some(Self { shared, thread }),
            Err(error) => {
                instance.notices.warn(format!("Cannot record: the system gives no thread: {error}"));
                None
            }
        }
    }

    /// Tells it to end; its file is completed meanwhile.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    /// Ends it and waits until its file is complete.
    pub fn finish(self) {
        self.stop();
        if self.thread.join().is_err() {
            tracing::error!("the recording's thread has ended with a panic");
        }
    }

    /// Whether it has not been told to end, and has not ended by itself.
    pub fn is_running(&self) -> bool {
        !self.shared.stop.load(Ordering::Relaxed) && !self.has_ended()
    }

    /// Whether its file is complete, or given up.
    pub fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// How far it has come.
    pub fn progress(&self) -> Recorded {
        let frames = self.shared.frames.load(Ordering::Relaxed) as f64;
        let fps = (self.shared.fps_milli.load(Ordering::Relaxed) as f64 / 1000.0).max(1.0);
        Recorded { seconds: frames / fps, dropped: self.shared.dropped.load(Ordering::Relaxed) }
    }
}

fn record(shared: &Shared, owner: &Weak<Instance>) {
    let Some(instance) = owner.upgrade() else { return };
    let recorded = instance
        .new_path("video", instance.settings().video_kind.end())
        .and_then(|path| record_to(shared, &instance, owner, &path));
    match recorded {
        Ok(Some((path, dropped))) => {
            let dropped = match dropped {
                0 => String::new(),
                count => format!("; {count} frames were dropped: choose a smaller size or rate"),
            };
            instance.notices.tell(format!("Video saved: {}{dropped}", path.display()), Some(path));
        }
        Ok(None) => instance.notices.fail("Nothing was recorded: no sound came while it ran"),
        Err(error) => instance.notices.fail(format!("The recording has ended: {error}")),
    }
}

/// Records until it is told to stop. The file and the frames that were dropped; `None` if nothing was heard.
fn record_to(
    shared: &Shared,
    instance: &Arc<Instance>,
    owner: &Weak<Instance>,
    path: &Path,
) -> Result<Option<(PathBuf, u64)>, String> {
    let settings = instance.settings();
    let _waking = instance.live.wake();
    let chunks = instance.live.chunks();
    let mut take = None;
    let mut stopping = false;
    while !stopping {
        stopping = shared.stop.load(Ordering::Relaxed) || owner.strong_count() <= 1;
        let patience = if stopping { Duration::ZERO } else { LOOK_EVERY };
        let chunk = match chunks.recv_timeout(patience) {
            Ok(chunk) => with_all_that_waits(chunk, &chunks),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        // Made when the first sound comes: only then its sample rate is known.
        let take = match &mut take {
            Some(take) => take,
            None => {
                let made = Take::start(instance, &settings, chunk.sample_rate_hz, path)?;
                shared.fps_milli.store((made.fps.per_s() * 1000.0) as u64, Ordering::Relaxed);
                take.insert(made)
            }
        };
        if chunk.sample_rate_hz != take.sample_rate_hz {
            break; // the host has changed its rate: a file has one
        }
        take.chunk(instance, &chunk)?;
        shared.frames.store(take.frames, Ordering::Relaxed);
        shared.dropped.store(take.dropped, Ordering::Relaxed);
    }
    take.map(Take::finish).transpose().map(Option::flatten)
}

/// The chunk, and everything that has come since: a machine that is behind drops pictures, not sound. A rate that has changed
/// meanwhile begins no other file.
fn with_all_that_waits(mut chunk: Chunk, chunks: &Receiver<Chunk>) -> Chunk {
    for next in chunks.try_iter() {
        if next.sample_rate_hz != chunk.sample_rate_hz {
            break;
        }
        chunk.frames.extend(next.frames);
        chunk.heard = next.heard;
    }
    chunk
}

/// One file in the making.
struct Take {
    recorder: Box<dyn Recorder>,
    stage: Stage,
    belt: Belt,
    /// For each frame that the recorder has not had yet: whether it was drawn.
    on_the_way: VecDeque<bool>,
    fps: Fps,
    sample_rate_hz: u32,
    /// Samples, and frames drawn or dropped, so far.
    position: u64,
    frames: u64,
    dropped: u64,
    seen: u64,
}

impl Take {
    fn start(
        instance: &Arc<Instance>,
        settings: &Settings,
        sample_rate_hz: u32,
        path: &Path,
    ) -> Result<Self, String> {
        let controls = instance.sync();
        let gpu = instance.gpu().map_err(|error| error.to_string())?;
        let (width_px, height_px) = settings.video_px;
        let stage = Stage::new(Arc::clone(&gpu), width_px, height_px, controls.scene, controls.seed)
            .map_err(|error| error.to_string())?;
        let belt = Belt::new(gpu, width_px, height_px).map_err(|error| error.to_string())?;
        let fps = Fps { num: settings.video_fps, den: 1 };
        let wanted = RecordSettings {
            metadata: tags(settings, &controls),
            pace: if settings.video_kind == VideoKind::Png { Pace::Offline } else { Pace::Live },
            ..RecordSettings::new(width_px, height_px, fps, sample_rate_hz)
        };
        let recorder = recorder::create(path, &wanted).map_err(|error| error.to_string())?;
        Ok(Self {
            recorder,
            stage,
            belt,
            on_the_way: VecDeque::new(),
            fps,
            sample_rate_hz,
            position: 0,
            frames: 0,
            dropped: 0,
            seen: 0,
        })
    }

    /// Takes sound, and draws the frames that it completes.
    fn chunk(&mut self, instance: &Arc<Instance>, chunk: &Chunk) -> Result<(), String> {
        self.recorder.audio(&chunk.frames).map_err(|error| error.to_string())?;
        self.position += chunk.frames.len() as u64;
        let due = (self.position as f64 / f64::from(self.sample_rate_hz) * self.fps.per_s()) as u64;
        while self.frames < due {
            if due - self.frames > LATE_FRAMES {
                self.on_the_way.push_back(false);
                self.dropped += 1;
            } else {
                self.draw(instance, chunk).map_err(|error| error.to_string())?;
                self.on_the_way.push_back(true);
            }
            self.frames += 1;
        }
        self.deliver(false)
    }

    fn draw(
        &mut self,
        instance: &Arc<Instance>,
        chunk: &Chunk,
    ) -> Result<(), klangbild_engine::stage::StageError> {
        let controls = instance.sync();
        self.stage.set_scene(controls.scene)?;
        self.stage.set_seed(controls.seed);
        self.stage.set_look(controls.look);
        if let Some((number, picture)) = instance.live.picture(self.seen) {
            self.seen = number;
            self.stage.show(&picture)?;
        }
        if !self.belt.has_room() {
            // Cannot fail the recording: the frame waits for the one before it.
            let _ = self.deliver(true);
        }
        self.stage.draw(chunk.heard.time_s, &chunk.heard)?;
        self.belt.push(&self.stage)
    }

    /// Hands over what has come back from the GPU, in order; all of it, if `all`.
    fn deliver(&mut self, all: bool) -> Result<(), String> {
        while let Some(drawn) = self.on_the_way.front() {
            if *drawn {
                let Some(frame) = self.belt.pop(all).map_err(|error| error.to_string())? else {
                    return Ok(());
                };
                self.recorder.frame(&frame.rgba).map_err(|error| error.to_string())?;
                self.belt.recycle(frame);
            } else {
                self.recorder.skip().map_err(|error| error.to_string())?;
            }
            self.on_the_way.pop_front();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Option<(PathBuf, u64)>, String> {
        self.deliver(true)?;
        if self.frames == self.dropped {
            return Ok(None);
        }
        let finished = self.recorder.finish().map_err(|error| error.to_string())?;
        Ok(Some((finished.path, finished.dropped)))
    }
}
