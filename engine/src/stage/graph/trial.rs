//! A stranger's scene is tried in small before it is played: what takes too long would starve the host, or be taken for a hang
//! by the driver.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::canvas::{Canvas, LIGHT};
use super::super::painter::Painter;
use super::super::{Gpu, StageError};
use super::{Given, Graph, PostBlock, Program, Quality, Shown, Step};
use crate::controls::Controls;

/// Longest side of anything in a trial, and most points or things in a buffer: of the first, and of the one after it.
const SMALL: (u32, u32) = (64, 1 << 10);
const LARGE: (u32, u32) = (512, 1 << 16);
/// What would take no longer than this, by the first, is tried in the second: a quick frame's beginning and end take longer than its pixels.
const QUICK_S: f64 = 0.2;
/// Frames of a trial: the first one fills what is remembered, the second one compiles what the driver has put off; the quickest of the
/// others counts, since whatever else a machine does only makes one slower.
const FRAMES: u32 = 5;
const PREPARED: u32 = 2;
/// After one that takes this long no other is needed.
const LONG_S: f64 = 0.1;
/// A trial that is not over by then is not waited for.
const PATIENCE: Duration = Duration::from_secs(4);
/// The same where the processor draws: it compiles in the first frame, and slowly.
const PATIENCE_SOFTWARE: Duration = Duration::from_secs(40);
/// The longest frame, in seconds: some drivers reset the device after two.
const LONGEST_S: f64 = 1.0;
/// The same where the processor draws: nobody resets it.
const LONGEST_SOFTWARE_S: f64 = 4.0;

/// How long a frame takes, for what is painted in it.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    seconds: f64,
    /// Pixels, points and things together.
    units: f64,
}

impl Cost {
    /// Draws some small frames, and somewhat larger ones if those were quick, and measures them.
    ///
    /// # Errors
    /// The device fails, or the frame takes longer than anybody should wait.
    pub fn measure(gpu: &Gpu, painter: &Painter, program: &Arc<Program>) -> Result<Self, StageError> {
        let small = Self::of(gpu, painter, program, SMALL)?;
        let times_larger = f64::from(LARGE.0 * LARGE.0) / f64::from(SMALL.0 * SMALL.0);
        match small.seconds * times_larger <= QUICK_S {
            true => Self::of(gpu, painter, program, LARGE),
            false => Ok(small),
        }
    }

    fn of(
        gpu: &Gpu,
        painter: &Painter,
        program: &Arc<Program>,
        (side_px, most): (u32, u32),
    ) -> Result<Self, StageError> {
        let quality = Quality { by_processor: false, tier: 0, most, side_px };
        let frame_px = [side_px, side_px * 9 / 16];
        let mut graph = Graph::new(gpu, Arc::clone(program), frame_px, quality)?;
        let light = Canvas::new(gpu, "the trial", frame_px, LIGHT, wgpu::TextureUsages::TEXTURE_BINDING)?;
        let controls = Controls::default();
        let patience = if gpu.is_software() { PATIENCE_SOFTWARE } else { PATIENCE };
        let mut seconds = f64::INFINITY;
        for frame in 0..FRAMES {
            let time_s = f64::from(frame) * 0.02;
            let before_s = (frame > 0).then_some(time_s - 0.02);
            let step =
                Step { time_s, before_s, controls: &controls, post: PostBlock::default(), progress: 0.0 };
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            graph.run(gpu, painter, &mut encoder, &step, Given::default())?;
            graph.show(gpu, painter, &mut encoder, Given::default(), Shown::Light(&light.view));
            let began = Instant::now();
            let submission = gpu.submit([encoder.finish()]);
            let wait = wgpu::PollType::Wait { submission_index: Some(submission), timeout: Some(patience) };
            if gpu.device.poll(wait).is_err() {
                let (width, height) = (frame_px[0], frame_px[1]);
                let message = format!("a frame of {width}x{height} takes more than {} s", patience.as_secs());
                return Err(StageError::Scene { scene: program.head.name.clone(), message });
            }
            gpu.healthy()?;
            if frame >= PREPARED {
                let taken_s = began.elapsed().as_secs_f64();
                seconds = seconds.min(taken_s);
                if taken_s > LONG_S {
                    break;
                }
            }
        }
        Ok(Self { seconds, units: graph.units() })
    }

    /// Refuses what would take too long.
    ///
    /// # Errors
    /// How long a frame would take, and what to do.
    pub fn check(&self, gpu: &Gpu, name: &str, units: f64) -> Result<(), StageError> {
        let takes_s = self.seconds * (units / self.units.max(1.0)).max(1.0);
        let limit_s = if gpu.is_software() { LONGEST_SOFTWARE_S } else { LONGEST_S };
        if takes_s <= limit_s {
            return Ok(());
        }
        let message = format!(
            "a frame of this size would take about {takes_s:.1} s, and may take {limit_s} s: fewer loops, points or pixels"
        );
        Err(StageError::Scene { scene: name.to_owned(), message })
    }
}
