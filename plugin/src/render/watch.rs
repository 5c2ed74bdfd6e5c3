//! `klangbild render --watch`: the video follows a scene that is being written.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use klangbild_engine::recorder::IfTaken;
use klangbild_engine::render::{Means, RenderError, RenderSettings};
use klangbild_engine::scene::{Scene, Stamp, stamp};

use super::progress::Reporter;
use super::tell_of;
use crate::terminal::tell;

/// Between two looks at the scene's files.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// Files that change for longer than so many looks are taken as they are.
const MOST_LOOKS: u32 = 25;

/// Renders again and again, until `stop`. A render whose scene changes is broken off; a scene that does not compile is told of, and
/// the video before it stays.
pub fn watch(mut settings: RenderSettings, stop: &AtomicBool) -> anyhow::Result<ExitCode> {
    let means = Means::of(&settings)?;
    let scene = settings.controls.scene;
    while !stop.load(Ordering::Relaxed) {
        let mut files = Files::of(scene);
        let mut reporter = Reporter::new(settings.fps.per_s());
        let mut changed = false;
        let rendered = means.render(&settings, &mut |progress| {
            reporter.report(progress);
            changed = files.have_changed();
            if changed || stop.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        reporter.finish();
        match rendered {
            Ok(_) if changed => {}
            Ok(rendered) => tell_of(&rendered)?,
            Err(RenderError::Stage(error)) if error.is_of_scene() => tell(format_args!("error: {error}")),
            // Saving the scene mends nothing else.
            Err(error) => return Err(error.into()),
        }
        // From now on it is our own file.
        if settings.output.exists() {
            settings.if_taken = IfTaken::Replace;
        }
        if !changed && !stop.load(Ordering::Relaxed) {
            tell(format_args!("watching the scene {scene}: save it to render again, Ctrl-C ends"));
        }
        while !changed && !stop.load(Ordering::Relaxed) {
            sleep(LOOK_EVERY);
            changed = files.have_changed();
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A scene's files, as they were when they were looked at first.
struct Files {
    scene: Scene,
    stamp: Option<Stamp>,
    looked: Instant,
}

impl Files {
    /// Waits for as long as they are being saved.
    fn of(scene: Scene) -> Self {
        let mut files = Self { scene, stamp: stamp(scene), looked: Instant::now() };
        for _ in 0..MOST_LOOKS {
            sleep(LOOK_EVERY);
            let now = stamp(scene);
            if std::mem::replace(&mut files.stamp, now) == now {
                break;
            }
        }
        files
    }

    /// Looks now and then, whoever asks how often.
    fn have_changed(&mut self) -> bool {
        if self.looked.elapsed() < LOOK_EVERY {
            return false;
        }
        self.looked = Instant::now();
        stamp(self.scene) != self.stamp
    }
}
