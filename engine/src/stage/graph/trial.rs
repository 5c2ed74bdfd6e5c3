//! A stranger's scene is tried in small before it is played: what takes too long would starve the host, or be taken for a hang
//! by the driver.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::canvas::{Canvas, LIGHT};
use super::super::painter::Painter;
use super::super::{Gpu, StageError};
use super::{Given, Graph, PostBlock, Program, Quality, Shown, Step};
use crate::controls::Controls;

/// Longest side of anything in a trial, and most points or things in a buffer.
const SIDE_PX: u32 = 64;
const MOST: u32 = 1024;
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
    /// Draws some small frames, and measures the last of them.
    ///
    /// # Errors
    /// The device fails, or the frame takes longer than anybody should wait.
    pub fn measure(gpu: &Gpu, painter: &Painter, program: &Arc<Program>) -> Result<Self, StageError> {
        let quality = Quality { by_processor: false, tier: 0, most: MOST, side_px: SIDE_PX };
        let frame_px = [SIDE_PX, SIDE_PX * 9 / 16];
        let mut graph = Graph::new(gpu, Arc::clone(program), frame_px, quality)?;
        let light = Canvas::new(gpu, "the trial", frame_px, LIGHT, wgpu::TextureUsages::TEXTURE_BINDING)?;
        let controls = Controls::default();
        let patience = if gpu.is_software() { PATIENCE_SOFTWARE } else { PATIENCE };
        let mut seconds = 0.0;
        // The first frame fills what is remembered, the second one compiles what the driver has put off.
        for (frame, before_s) in [None, Some(0.0), Some(0.02)].into_iter().enumerate() {
            let time_s = frame as f64 * 0.02;
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
            seconds = began.elapsed().as_secs_f64();
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
