//! Stills: the frame that is seen, drawn again at the size that is wanted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use klangbild_engine::hearing::Heard;
use klangbild_engine::recorder::write_still;
use klangbild_engine::stage::{Belt, Gpu, Stage, StageError};

use crate::instance::Instance;
use crate::tags::tags;

/// How long a still without a window waits for the models.
const PATIENCE: Duration = Duration::from_secs(20);

/// Draws the stage's present moment at the settings' size, and leaves reading it back and writing it to a thread of its own.
/// The window tells where it is.
///
/// # Errors
/// The size is beyond the device, or the device fails; then nothing is written.
pub fn capture(
    instance: &Arc<Instance>,
    gpu: &Arc<Gpu>,
    stage: &Stage,
    time_s: f64,
    heard: &Heard,
) -> Result<(), StageError> {
    let settings = instance.settings();
    let limit = gpu.max_side_px();
    let (width_px, height_px) = (settings.still_px.0.min(limit), settings.still_px.1.min(limit));
    let mut large = stage.enlarged(width_px, height_px)?;
    large.draw(time_s, heard)?;
    let mut belt = Belt::new(Arc::clone(gpu), width_px, height_px)?;
    belt.push(&large)?;
    let words = tags(&settings, &instance.params.controls());
    let writer = Arc::clone(instance);
    let started = std::thread::Builder::new().name("klangbild-still".to_owned()).spawn(move || {
        let written = belt.pop(true).map_err(|error| error.to_string()).and_then(|frame| {
            let frame = frame.ok_or("the frame is gone")?;
            let path = writer.new_path("still", ".png")?;
            write_still(&path, width_px, height_px, &frame.rgba, &words)
                .map_err(|error| error.to_string())?;
            Ok(path)
        });
        match written {
            Ok(path) => writer.notices.tell(format!("Still saved: {}", path.display()), Some(path)),
            Err(error) => writer.notices.warn(format!("No still was written: {error}")),
        }
    });
    match started {
        Ok(thread) => instance.keep(thread),
        Err(error) => {
            instance.notices.warn(format!("No still was written: the system gives no thread: {error}"));
        }
    }
    Ok(())
}

/// A still while no window is open: listens until there is a picture, and draws that, on a thread of its own.
pub fn capture_unseen(instance: &Arc<Instance>) {
    let unseen = Arc::clone(instance);
    let started = std::thread::Builder::new().name("klangbild-unseen".to_owned()).spawn(move || {
        if let Err(error) = draw_unseen(&unseen) {
            unseen.notices.warn(format!("No still was written: {error}"));
        }
    });
    match started {
        Ok(thread) => instance.keep(thread),
        Err(error) => {
            instance.notices.warn(format!("No still was written: the system gives no thread: {error}"));
        }
    }
}

fn draw_unseen(instance: &Arc<Instance>) -> Result<(), String> {
    let words = |error: StageError| error.to_string();
    let _waking = instance.live.wake();
    let gpu = instance.gpu().map_err(words)?;
    let controls = instance.sync();
    let mut stage = Stage::new(Arc::clone(&gpu), 640, 360, controls.scene, controls.seed).map_err(words)?;
    stage.set_look(controls.look);
    let begin = Instant::now();
    let mut seen = 0;
    // The second picture, since the first may be of no sound yet.
    for _ in 0..2 {
        while begin.elapsed() < PATIENCE && !instance.is_closing() {
            if let Some((number, picture)) = instance.live.picture(seen) {
                seen = number;
                stage.show(&picture).map_err(words)?;
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
            if begin.elapsed() > Duration::from_secs(2) && seen > 0 {
                break; // at rest: there is no other picture
            }
        }
    }
    let now = instance.live.now();
    stage.draw(now.heard.time_s, &now.heard).map_err(words)?;
    capture(instance, &gpu, &stage, now.heard.time_s, &now.heard).map_err(words)
}
