//! Stills: the frame that is seen, drawn again at the size that is wanted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use klangbild_engine::performance::{Performer, Score};
use klangbild_engine::recorder::{IfTaken, write_still};
use klangbild_engine::stage::{Belt, Gpu, StageError};

use crate::instance::Instance;
use crate::outlet::{Outlet, Ticket};
use crate::tags::tags;

/// How long a still without a window waits for the models.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits for another picture, once there is one: at rest there is none.
const ANOTHER: Duration = Duration::from_secs(2);

/// A still that was drawn, on its way into a file.
struct Still {
    instance: Arc<Instance>,
    belt: Belt,
    size_px: (u32, u32),
    words: Vec<(String, String)>,
}

impl Outlet for Still {
    fn name(&self) -> &'static str {
        "klangbild-still"
    }

    fn run(mut self: Box<Self>, _ticket: &Ticket) {
        match self.write() {
            Ok(path) => self.instance.notices.tell(format!("Still saved: {}", path.display()), Some(path)),
            Err(error) => self.instance.notices.fail(format!("No still was written: {error}")),
        }
    }
}

impl Still {
    fn write(&mut self) -> Result<std::path::PathBuf, String> {
        let frame = self.belt.pop(true).map_err(|error| error.to_string())?.ok_or("the frame is gone")?;
        let path = self.instance.new_path("still", ".png")?;
        write_still(&path, self.size_px.0, self.size_px.1, &frame.rgba, &self.words, IfTaken::Number)
            .map_err(|error| error.to_string())
    }
}

/// Draws the performer's present moment at the settings' size, and leaves reading it back and writing it to an outlet of its
/// own. The window tells where it is.
///
/// # Errors
/// The size is beyond the device, or the device fails; then nothing is written.
pub fn capture<S: Score>(
    instance: &Arc<Instance>,
    gpu: &Arc<Gpu>,
    performer: &Performer<S>,
) -> Result<(), StageError> {
    let settings = instance.settings();
    let limit = gpu.max_side_px();
    let (width_px, height_px) = (settings.still_px.0.min(limit), settings.still_px.1.min(limit));
    let mut large = performer.stage().enlarged(width_px, height_px)?;
    large.draw(performer.score().time_s(), performer.heard())?;
    let mut belt = Belt::new(Arc::clone(gpu), width_px, height_px)?;
    belt.push(&large)?;
    let words = tags(&settings, &instance.params.controls(), gpu, &instance.live.status().models);
    open(instance, Still { instance: Arc::clone(instance), belt, size_px: (width_px, height_px), words });
    Ok(())
}

/// A still while no window is drawn: it listens until there is a picture, and draws that.
pub fn capture_unseen(instance: &Arc<Instance>) {
    open(instance, Unseen(Arc::clone(instance)));
}

fn open(instance: &Arc<Instance>, outlet: impl Outlet) {
    if let Err(error) = instance.outlets.open(outlet) {
        instance.notices.fail(format!("No still was written: the system gives no thread: {error}"));
    }
}

struct Unseen(Arc<Instance>);

impl Outlet for Unseen {
    fn name(&self) -> &'static str {
        "klangbild-unseen"
    }

    fn run(self: Box<Self>, ticket: &Ticket) {
        if let Err(error) = self.draw(ticket) {
            self.0.notices.fail(format!("No still was written: {error}"));
        }
    }
}

impl Unseen {
    fn draw(&self, ticket: &Ticket) -> Result<(), String> {
        let instance = &self.0;
        let controls = instance.sync();
        let _waking = instance.live.wake();
        let words = |error: StageError| error.to_string();
        let gpu = instance.gpu().map_err(words)?;
        let stage = instance.open_stage(&gpu, (640, 360), &controls).map_err(words)?;
        let mut performer = Performer::new(instance.live.watch(), stage);
        let begun = Instant::now();
        let mut seen = 0;
        // The second picture, since the first may be of no sound yet.
        let mut wait_for_another = |patience: Duration| {
            while begun.elapsed() < patience && !ticket.is_stopped() {
                if let Some((number, _)) = instance.live.picture(seen) {
                    seen = number;
                    return;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        wait_for_another(PATIENCE);
        wait_for_another(begun.elapsed() + ANOTHER);
        performer.step(0).map_err(|error| error.to_string())?;
        performer.draw().map_err(words)?;
        capture(instance, &gpu, &performer).map_err(words)
    }
}
