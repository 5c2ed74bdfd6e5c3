//! Bouncing: while the host renders its song offline, the same sound becomes a video, frame by frame, at the host's pace.

use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

use klangbild_engine::bounce::{self, BounceJob, BounceSettings, BounceWriter};
use klangbild_engine::controls::Controls;
use klangbild_engine::recorder::Fps;
use klangbild_engine::tap::Transport;

use crate::instance::Instance;

/// A bounce that the audio thread writes to.
pub struct Bouncing {
    writer: BounceWriter,
    job: BounceJob,
}

impl Bouncing {
    /// Hands a block over; waits where the pictures are slower than the host. Does not allocate.
    pub fn write(&mut self, left: &[f32], right: &[f32], transport: &Transport, controls: &Controls) {
        let host = transport.tempo_bpm.is_some() || transport.beat.is_some();
        self.writer.write(left, right, host.then_some(*transport), controls);
    }
}

/// Begins bounces, and sees to their ends.
pub struct Bounces {
    instance: Weak<Instance>,
    ending: Vec<JoinHandle<()>>,
}

impl Bounces {
    /// For one instance.
    pub fn new(instance: &Arc<Instance>) -> Self {
        Self { instance: Arc::downgrade(instance), ending: Vec::new() }
    }

    /// Begins a bounce of sound at this rate, into a new file; `None`, and a line in the window, if that cannot be.
    pub fn begin(&self, sample_rate_hz: u32) -> Option<Bouncing> {
        let instance = self.instance.upgrade()?;
        let settings = instance.settings();
        let started = instance.new_path("bounce", settings.video_kind.end()).and_then(|path| {
            let wanted = BounceSettings {
                width_px: settings.video_px.0,
                height_px: settings.video_px.1,
                fps: Fps { num: settings.video_fps, den: 1 },
                pack: settings.pack.clone(),
                ..BounceSettings::new(path)
            };
            bounce::start(&wanted, instance.params.controls(), sample_rate_hz)
                .map_err(|error| error.to_string())
        });
        match started {
            Ok((writer, job)) => Some(Bouncing { writer, job }),
            Err(error) => {
                instance.notices.warn(format!("No video is bounced: {error}"));
                None
            }
        }
    }

    /// No more sound comes: the file is completed on a thread of its own, and the window tells.
    pub fn end(&mut self, bouncing: Option<Bouncing>) {
        let Some(Bouncing { writer, job }) = bouncing else { return };
        writer.end();
        self.ending.retain(|thread| !thread.is_finished());
        let owner = self.instance.clone();
        let started = std::thread::Builder::new().name("klangbild-bounced".to_owned()).spawn(move || {
            let finished = job.finish();
            let Some(instance) = owner.upgrade() else { return };
            match finished {
                Ok(rendered) => {
                    let path = rendered.finished.path;
                    instance.notices.tell(format!("Video bounced: {}", path.display()), Some(path));
                }
                Err(error) => instance.notices.warn(format!("The bounce has failed: {error}")),
            }
        });
        match started {
            Ok(thread) => self.ending.push(thread),
            // The job went with the thread that did not start: it has been completed while it was dropped.
            Err(error) => tracing::error!("the system gives no thread to end a bounce: {error}"),
        }
    }

    /// Waits until every file is complete: the host may end right after.
    pub fn join(&mut self) {
        for thread in self.ending.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a bounce has ended with a panic");
            }
        }
    }
}
