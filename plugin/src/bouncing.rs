//! Bouncing: while the host renders its song offline, the same sound becomes a video, frame by frame, at the host's pace.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use klangbild_engine::bounce::{self, BounceJob, BounceSettings, BounceWriter};
use klangbild_engine::recorder::IfTaken;
use klangbild_engine::tap::{Block, Transport};

use crate::instance::Instance;
use crate::outlet::{Outlet, Ticket};

/// Between two looks at a bounce that is being completed.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A bounce that the audio thread writes to.
pub struct Bouncing {
    lead: Lead,
    writer: BounceWriter,
    job: BounceJob,
}

/// What some hosts send before the song begins: blocks of silence while the transport still stands (Ardour: two seconds), and of the
/// block in which it starts the part before the song's first sample. The host's own file begins after them, and so does the video.
#[derive(Debug, Default)]
struct Lead {
    over: bool,
    /// Frames of the longest block while the transport stood.
    standing_frames: usize,
    /// Whether the transport has started.
    started: bool,
}

impl Lead {
    /// Whether this block still belongs to it.
    fn takes(&mut self, left: &[f32], right: &[f32], transport: &Transport) -> bool {
        let silent = || left.iter().chain(right).all(|&sample| sample == 0.0);
        if self.over || !transport.leads() || !silent() {
            self.over = true;
            return false;
        }
        if !transport.playing {
            self.standing_frames = self.standing_frames.max(left.len());
            return true;
        }
        let before_zero = transport.position_samples.is_some_and(|position| position < 0);
        // A host that cuts a block in two does so where its file begins.
        let is_cut_off = !self.started && left.len() < self.standing_frames;
        self.started = true;
        self.over = !before_zero && !is_cut_off;
        !self.over
    }
}

impl Bouncing {
    /// Hands a block over; waits where the pictures are slower than the host. Does not allocate.
    pub fn write(&mut self, left: &[f32], right: &[f32], block: &Block) {
        if !self.lead.takes(left, right, &block.transport.unwrap_or_default()) {
            self.writer.write(left, right, block);
        }
    }
}

/// Begins bounces, and sees to their ends. Cheap to clone.
#[derive(Clone)]
pub struct Bounces {
    shared: Arc<Shared>,
}

struct Shared {
    instance: Weak<Instance>,
    /// One that the audio thread has let go.
    over: Mutex<Option<Bouncing>>,
    failed: AtomicBool,
}

impl Bounces {
    /// For one instance.
    pub fn new(instance: &Arc<Instance>) -> Self {
        let instance = Arc::downgrade(instance);
        let (over, failed) = (Mutex::default(), AtomicBool::new(false));
        Self { shared: Arc::new(Shared { instance, over, failed }) }
    }

    /// Begins a bounce of sound at this rate, into a new file; `None`, and a line in the window, if that cannot be.
    pub fn begin(&self, sample_rate_hz: u32) -> Option<Bouncing> {
        let instance = self.shared.instance.upgrade()?;
        let settings = instance.settings();
        let started = instance.new_path("bounce", settings.video_kind.end()).and_then(|path| {
            let fps = settings.video_fps;
            let wanted = BounceSettings {
                width_px: settings.video_px.0,
                height_px: settings.video_px.1,
                fps,
                pack: settings.pack.clone(),
                favourites: settings.favourites.clone(),
                words: settings.words.clone(),
                if_taken: IfTaken::Number,
                ..BounceSettings::new(path)
            };
            bounce::start(&wanted, instance.params.controls(), sample_rate_hz)
                .inspect(|(_, job)| instance.watch_bounce(job.watch(), fps))
                .map_err(|error| error.to_string())
        });
        self.shared.failed.store(started.is_err(), Ordering::Relaxed);
        match started {
            Ok((writer, job)) => Some(Bouncing { lead: Lead::default(), writer, job }),
            Err(error) => {
                instance.notices.fail(format!("No video is bounced: {error}"));
                None
            }
        }
    }

    /// Whether the last one could not begin: it is not tried again with every block.
    pub fn has_failed(&self) -> bool {
        self.shared.failed.load(Ordering::Relaxed)
    }

    /// A new render may try again.
    pub fn forget_failure(&self) {
        self.shared.failed.store(false, Ordering::Relaxed);
    }

    /// Lays an ended bounce aside, for [`end_laid_aside`](Self::end_laid_aside) on another thread: the audio thread may not
    /// end it itself. While the one before still lies there, nothing happens: the next block tries again.
    pub fn lay_aside(&self, bouncing: &mut Option<Bouncing>) {
        if let Ok(mut over) = self.shared.over.try_lock()
            && over.is_none()
        {
            *over = bouncing.take();
        }
    }

    /// Ends what was laid aside.
    pub fn end_laid_aside(&self) {
        let over = self.shared.over.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.end(over);
    }

    /// No more sound comes: an outlet of its own completes the file, and the window tells.
    pub fn end(&self, bouncing: Option<Bouncing>) {
        let Some(Bouncing { writer, job, .. }) = bouncing else { return };
        writer.end();
        let Some(instance) = self.shared.instance.upgrade() else { return };
        if let Err(error) = instance.outlets.open(Ending { job, owner: Arc::downgrade(&instance) }) {
            // The job went with the thread that did not start: it has been completed while it was dropped.
            tracing::error!("the system gives no thread to end a bounce: {error}");
        }
    }
}

/// A bounce that has all its sound, on its way to a finished file.
struct Ending {
    job: BounceJob,
    owner: Weak<Instance>,
}

impl Outlet for Ending {
    fn name(&self) -> &'static str {
        "klangbild-bounced"
    }

    /// All that was sent is drawn, also where the instance goes: the host may end right after.
    fn run(self: Box<Self>, ticket: &Ticket) {
        while !self.job.is_finished() {
            ticket.note(self.job.progress().frames, 0);
            std::thread::sleep(LOOK_EVERY);
        }
        let finished = self.job.finish();
        let Some(instance) = self.owner.upgrade() else { return };
        match finished {
            Ok(rendered) => {
                let finished = rendered.finished;
                finished.remarks.into_iter().for_each(|remark| instance.notices.warn(remark));
                let path = finished.path;
                let stopped = if rendered.stopped { ", up to where it was stopped" } else { "" };
                instance.notices.tell(format!("Video bounced{stopped}: {}", path.display()), Some(path));
            }
            Err(error) => instance.notices.fail(format!("The bounce has failed: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_silence_before_the_song_is_left_out() {
        let standing = Transport { tempo_bpm: Some(120.0), beat: Some(0.0), ..Transport::default() };
        let playing = Transport { playing: true, ..standing };
        let (silence, sound) = ([0.0; 8], [0.1; 8]);
        let mut lead = Lead::default();
        assert!(lead.takes(&silence, &silence, &standing));
        assert!(lead.takes(&silence, &silence, &standing));
        // The block in which the song begins comes in two parts.
        assert!(lead.takes(&silence[..6], &silence[..6], &playing));
        assert!(!lead.takes(&silence[..2], &silence[..2], &playing));
        // A pause within the song belongs to it.
        assert!(!lead.takes(&silence, &silence, &standing));
        assert!(!Lead::default().takes(&silence, &sound, &standing));
        assert!(!Lead::default().takes(&silence, &silence, &playing));
        let before = Transport { position_samples: Some(-6), ..playing };
        assert!(Lead::default().takes(&silence, &silence, &before));
        assert!(!Lead::default().takes(&sound, &sound, &before));
        // A host without a transport is taken at its word.
        assert!(!Lead::default().takes(&silence, &silence, &Transport::default()));
    }
}
