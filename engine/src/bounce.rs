//! A host's offline render as the source of a render: every sample counts, and so does the time of every change.
//!
//! A host that renders its song to a file calls the plugin as fast as it answers. [`BounceWriter`] is the plugin's end: it
//! hands each block over and waits where the picture is slower than the sound. [`BounceJob`] is the thread that
//! draws; it runs what `klangbild render` runs, so the same sound, seed and controls give the same frames.

mod settings;
mod source;
#[cfg(test)]
mod tests;
mod writer;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::controls::Controls;
use crate::director::{Cast, Director};
use crate::dreamer::Models;
use crate::render::{Means, Progress, RenderError, RenderSettings, Rendered, render_source};
use crate::stage::Gpu;
use crate::tap::tap;
use crate::threads::join_while_alive;
pub use settings::BounceSettings;
use source::BounceSource;
pub use writer::BounceWriter;

/// Sound that waits for the picture at most, in seconds.
const CAPACITY_S: f64 = 2.0;
/// A job that draws no frame for this long hangs; the first one waits for models and device.
const LONGEST_FRAME: Duration = Duration::from_secs(30);

/// What both ends tell each other besides sound.
#[derive(Debug, Default)]
struct Signals {
    /// Nobody takes sound any more.
    ended: AtomicBool,
    /// The file is to be finished with what is there.
    stop: AtomicBool,
    /// Frames drawn.
    frames: AtomicU64,
}

/// Sets `ended` when the thread is over, however it ends.
struct EndGuard(Arc<Signals>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Release);
    }
}

/// The thread that draws. Dropping it stops it, and waits until what is there is a finished file.
#[derive(Debug)]
pub struct BounceJob {
    output: std::path::PathBuf,
    signals: Arc<Signals>,
    thread: Option<JoinHandle<Result<Rendered, RenderError>>>,
}

/// Looks at a bounce, and can stop it, from any thread and for as long as one likes.
#[derive(Clone, Debug)]
pub struct BounceWatch {
    signals: Arc<Signals>,
}

impl BounceWatch {
    /// How far it has come; how far it has to go only the host knows.
    pub fn progress(&self) -> Progress {
        Progress { frames: self.signals.frames.load(Ordering::Relaxed), total_frames: None }
    }

    /// Ends it early: what is there is finished properly, and the writer waits no more.
    pub fn stop(&self) {
        self.signals.stop.store(true, Ordering::Release);
    }

    /// Whether its file is finished, or it has failed.
    pub fn is_over(&self) -> bool {
        self.signals.ended.load(Ordering::Acquire)
    }
}

/// Begins a bounce of sound at `sample_rate_hz` into a new file. Pack, models, device and output are opened on the job's
/// thread: what is wrong with them ends the job, and the writer waits no more.
///
/// # Errors
/// [`RenderError::Setting`] for settings that cannot be meant, [`RenderError::Thread`].
pub fn start(
    settings: &BounceSettings,
    controls: Controls,
    sample_rate_hz: u32,
) -> Result<(BounceWriter, BounceJob), RenderError> {
    let render = settings.render_settings(controls);
    render.check()?;
    if !(8_000..=768_000).contains(&sample_rate_hz) {
        return Err(RenderError::Setting {
            what: "the host's sample rate".to_owned(),
            found: format!("{sample_rate_hz} Hz"),
            expected: "from 8 to 768 kHz".to_owned(),
        });
    }
    let signals = Arc::new(Signals::default());
    let capacity_frames = (CAPACITY_S * f64::from(sample_rate_hz)) as usize;
    let (writer, reader) = tap(capacity_frames);
    let writer = BounceWriter::new(writer, sample_rate_hz, Arc::clone(&signals));
    let source = BounceSource::new(reader, sample_rate_hz, settings.title.clone(), Arc::clone(&signals));
    let (gpu, ended) = (settings.gpu.clone(), EndGuard(Arc::clone(&signals)));
    let thread = std::thread::Builder::new().name("klangbild-bounce".to_owned()).spawn(move || {
        let bounced = bounce(source, &render, gpu, &ended.0);
        if let Err(error) = &bounced {
            tracing::error!("{error}");
        }
        bounced
    })?;
    Ok((writer, BounceJob { output: settings.output.clone(), signals, thread: Some(thread) }))
}

fn bounce(
    source: BounceSource,
    settings: &RenderSettings,
    gpu: Option<Arc<Gpu>>,
    signals: &Signals,
) -> Result<Rendered, RenderError> {
    let means = Means::open(settings, gpu, Models::shared)?;
    let mut progress = |progress: Progress| {
        signals.frames.store(progress.frames, Ordering::Relaxed);
        if signals.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let director = Director::new(Cast::of(&settings.favourites));
    match render_source(Box::new(source), director, settings, &means, &mut progress) {
        Err(RenderError::NothingThere { .. }) => {
            Err(RenderError::NothingSent { output: settings.output.clone() })
        }
        Ok(bounced) => Ok(Rendered { stopped: signals.stop.load(Ordering::Relaxed), ..bounced }),
        failed => failed,
    }
}

impl BounceJob {
    /// Whether the file is finished, or the job has failed: then [`finish`](Self::finish) does not wait.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// A look at it that outlives it.
    pub fn watch(&self) -> BounceWatch {
        BounceWatch { signals: Arc::clone(&self.signals) }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.watch().progress()
    }

    /// Ends it early.
    pub fn stop(&self) {
        self.watch().stop();
    }

    /// Waits for the end: until the writer is dropped and the file is finished.
    ///
    /// # Errors
    /// Whatever went wrong; [`RenderError::NothingSent`] where no sound came.
    pub fn finish(mut self) -> Result<Rendered, RenderError> {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(bounced)) => bounced,
            _ => Err(RenderError::BrokeOff { output: self.output.clone() }),
        }
    }
}

impl Drop for BounceJob {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            // No thread may outlive the plugin's library.
            self.stop();
            let frames = || self.signals.frames.load(Ordering::Relaxed);
            join_while_alive(thread, LONGEST_FRAME, frames); // a failure was logged where it happened
        }
    }
}
