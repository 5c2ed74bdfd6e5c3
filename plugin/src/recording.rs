//! Recording while it plays: an outlet that follows the performance on the audio's clock, at the video's size and rate. It needs
//! no window, and the window may change its size meanwhile.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use klangbild_engine::live::Following;
use klangbild_engine::performance::{Film, Performer, Score};
use klangbild_engine::recorder::{self, Finished, IfTaken, RecordSettings};
use klangbild_engine::render::RenderError;
use klangbild_engine::stage::{Gpu, News, Stage, StageError};

use crate::instance::Instance;
use crate::outlet::{Outlet, Ticket};
use crate::panel::Recorded;
use crate::tags::tags;

/// Between two tries to get a device in the place of a lost one, and how many of them there are.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
const MOST_TRIES: u32 = 30;

/// The name of its thread.
const NAME: &str = "klangbild-record";

/// Starts or stops the recording of a video; the window tells how it went.
pub fn record(instance: &Arc<Instance>, on: bool) {
    if !on {
        // Its thread completes the file and tells; nobody waits for it here.
        instance.outlets.find(NAME).iter().for_each(|ticket| ticket.stop());
        return;
    }
    // Weak: a recording does not keep a plugin that the host has let go.
    match instance.outlets.open_only(Take { owner: Arc::downgrade(instance) }) {
        Ok(Err(last)) if last.is_stopped() => {
            instance.notices.warn("The last video is still being completed: start the next one in a moment")
        }
        Ok(_) => {}
        Err(error) => {
            instance.notices.warn(format!("Cannot record: the system gives no thread: {error}"));
        }
    }
}

/// How far the recording that runs has come.
pub fn recorded(instance: &Instance) -> Option<Recorded> {
    let ticket = instance.outlets.find(NAME).filter(|ticket| !ticket.is_stopped())?;
    let (frames, dropped) = ticket.noted();
    Some(Recorded { seconds: frames as f64 / instance.settings().video_fps.per_s(), dropped })
}

/// The outlet.
struct Take {
    owner: Weak<Instance>,
}

impl Outlet for Take {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(self: Box<Self>, ticket: &Ticket) {
        let Some(instance) = self.owner.upgrade() else { return };
        let recorded = instance
            .new_path("video", instance.settings().video_kind.end())
            .and_then(|path| self.record(&instance, ticket, &path));
        match recorded {
            Ok(Some((finished, left_out))) => {
                let left_out = match left_out {
                    0 => String::new(),
                    count => format!("; {count} frames were left out: choose a smaller size or rate"),
                };
                finished.remarks.into_iter().for_each(|remark| instance.notices.warn(remark));
                let path = finished.path;
                instance.notices.tell(format!("Video saved: {}{left_out}", path.display()), Some(path));
            }
            Ok(None) => instance.notices.fail("Nothing was recorded: no sound came while it ran"),
            Err(error) => instance.notices.fail(format!("The recording has ended: {error}")),
        }
    }
}

impl Take {
    /// Records until it is told to stop: the file, and how many frames were left out; `None` if nothing was heard.
    fn record(
        &self,
        instance: &Arc<Instance>,
        ticket: &Ticket,
        path: &Path,
    ) -> Result<Option<(Finished, u64)>, String> {
        let words = |error: &dyn std::error::Error| error.to_string();
        let settings = instance.settings();
        let controls = instance.sync();
        instance.live.expect_frame(settings.video_px);
        let (_waking, mut following) = instance.live.follow_afresh(ticket.stop_signal());
        // Only with the first sound its sample rate is known.
        if !following.begin() {
            return Ok(None);
        }
        let fps = settings.video_fps;
        let (width_px, height_px) = settings.video_px;
        let mut gpu = instance.gpu().map_err(|error| words(&error))?;
        let wanted = RecordSettings {
            metadata: tags(&settings, &controls, &gpu, &instance.live.status().models),
            if_taken: IfTaken::Number,
            ..RecordSettings::new(width_px, height_px, fps, following.sample_rate_hz())
        };
        let stage_on = |gpu: &Arc<Gpu>| instance.open_stage(gpu, (width_px, height_px), &controls);
        let stage = stage_on(&gpu).map_err(|error| words(&error))?;
        let recorder = recorder::create(path, &wanted).map_err(|error| words(&error))?;
        let mut performer = Performer::new(following, stage);
        let mut film = Film::new(Arc::clone(&gpu), (width_px, height_px), recorder, fps)
            .map_err(|error| words(&error))?;
        let mut tries = 0;
        loop {
            match film.frame(&mut performer, None) {
                Ok(true) => {
                    tries = 0;
                    Self::mind_scene(instance, &mut performer);
                }
                Ok(false) => break,
                Err(RenderError::Stage(StageError::Device { .. })) if tries < MOST_TRIES => {
                    // The sound waits meanwhile, and the frame before stays.
                    tries += 1;
                    gpu = self.change_device(instance, &mut film, &mut performer, stage_on).unwrap_or(gpu);
                }
                Err(error) => return Err(words(&error)),
            }
            let filmed = film.filmed();
            ticket.note(filmed.frames, filmed.left_out);
            if self.owner.strong_count() <= 1 {
                ticket.stop();
            }
        }
        let left_out = film.filmed().left_out;
        if film.filmed().frames == left_out {
            return Ok(None);
        }
        let finished = film.finish().map_err(|error| words(&error))?;
        Ok(Some((finished, left_out)))
    }

    /// Says which scene plays where no window does.
    fn mind_scene(instance: &Instance, performer: &mut Performer<Following>) {
        // A window plays the same transition, and says so itself.
        let fault = performer.stage_mut().take_transition_fault();
        if let Some(error) = fault.filter(|_| !instance.is_drawn()) {
            instance.notices.warn(format!("A dissolve stands in for the transition: {error}"));
        }
        match performer.take_news() {
            Some(News { scene, outcome: Err(error) }) => instance.scene_fails(scene, &error),
            _ if !instance.is_drawn() => instance.scene_plays(performer.stage().scene()),
            _ => {}
        }
    }

    /// Another device in the place of one that is lost; `None` if there is none yet.
    fn change_device(
        &self,
        instance: &Arc<Instance>,
        film: &mut Film,
        performer: &mut Performer<Following>,
        stage_on: impl Fn(&Arc<Gpu>) -> Result<Stage, StageError>,
    ) -> Option<Arc<Gpu>> {
        std::thread::sleep(AGAIN_AFTER);
        let changed = instance.gpu().map_err(RenderError::from).and_then(|gpu| {
            let stage = stage_on(&gpu)?;
            film.change_device(Arc::clone(&gpu), &stage)?;
            performer.move_to(stage)?;
            Ok(gpu)
        });
        changed.inspect_err(|error| tracing::warn!("the recording has no device yet: {error}")).ok()
    }
}
