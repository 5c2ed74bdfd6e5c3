//! A stranger's scene is tried in small before it is played: what takes too long would starve the host, or be taken for a hang
//! by the driver.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::canvas::{Canvas, LIGHT};
use super::super::choreography::Choreography;
use super::super::moment::Moment;
use super::super::painter::Painter;
use super::super::{Gpu, StageError, with_inverse};
use super::run::Work;
use super::{Given, Graph, PostBlock, Program, Quality, Shown, Step};
use crate::controls::Controls;
use crate::hearing::{BANDS, Drum, Heard};
use crate::scene::head::{Pass, PassKind};

/// Longest side of anything in a trial, and most points or things in a buffer: of the first, and of the one after it.
const SMALL: (u32, u32) = (64, 1 << 10);
const LARGE: (u32, u32) = (512, 1 << 16);
/// What would take no longer than this, by the first, is tried in the second: a quick frame's beginning and end take longer than its pixels.
const QUICK_S: f64 = 0.2;
/// How much larger points and triangles grow with the frame is told from two small ones, with this many of them and then with eight times
/// as many, until they take long enough to be measured.
const SIDES_PX: [u32; 2] = [64, 256];
const FEWEST: u32 = 1 << 10;
const MEASURED_S: f64 = 0.02;
const NOISE_S: f64 = 0.002;
/// Frames of a trial: the first one fills what is remembered, the second one compiles what the driver has put off; the quickest of the
/// others counts, since whatever else a machine does only makes one slower.
const FRAMES: u32 = 5;
const PREPARED: u32 = 2;
/// Seconds of audio between them.
const STEP_S: f64 = 0.02;
/// When it is tried again, in seconds of audio: some grow costly only later.
const LATER_S: [f64; 3] = [1.0, 10.0, 60.0];
/// After two that take this long no other is needed. One alone may have met a machine that was busy elsewhere.
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
    /// Seconds for each pixel that points and triangles would paint if all of them covered the whole: 0 where they stay small.
    overdrawn_s: f64,
}

/// One trial.
struct Measured {
    seconds: f64,
    units: f64,
    overdrawn: f64,
}

impl Cost {
    /// Draws some small frames, and somewhat larger ones if those were quick, and measures them.
    ///
    /// # Errors
    /// The device fails, or the frame takes longer than anybody should wait.
    pub fn measure(gpu: &Gpu, program: &Arc<Program>) -> Result<Self, StageError> {
        let mut trial = Trial { gpu, painter: Painter::new(gpu)?, program, from_s: 0.0 };
        let mut small = trial.of(SMALL)?;
        let mut dearest_s = trial.from_s;
        for later_s in LATER_S {
            if small.seconds > LONG_S {
                break;
            }
            trial.from_s = later_s;
            let later = trial.of(SMALL)?;
            if later.seconds > small.seconds {
                (small, dearest_s) = (later, later_s);
            }
        }
        trial.from_s = dearest_s;
        let times_larger = f64::from(LARGE.0 * LARGE.0) / f64::from(SMALL.0 * SMALL.0);
        let found = if small.seconds * times_larger <= QUICK_S { trial.of(LARGE)? } else { small };
        let Measured { seconds, units, .. } = found;
        Ok(Self { seconds, units, overdrawn_s: trial.overdrawn()? })
    }

    /// Refuses what would take too long.
    ///
    /// # Errors
    /// How long a frame would take, and what to do.
    pub fn check(&self, gpu: &Gpu, name: &str, work: Work) -> Result<(), StageError> {
        let takes_s =
            self.seconds * (work.units / self.units.max(1.0)).max(1.0) + self.overdrawn_s * work.overdrawn;
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

/// A scene that is being tried.
struct Trial<'a> {
    gpu: &'a Gpu,
    /// One of its own: what it shows has nothing to do with any stage.
    painter: Painter,
    program: &'a Arc<Program>,
    /// From when on it plays, in seconds of audio.
    from_s: f64,
}

impl Trial<'_> {
    /// What points and triangles cost for each pixel of the frame, the frame's own cost taken away.
    fn overdrawn(&self) -> Result<f64, StageError> {
        let draws = |pass: &Pass| matches!(pass.kind, PassKind::Points | PassKind::Triangles);
        if !self.program.head.passes.iter().any(draws) {
            return Ok(0.0);
        }
        let mut alone_s = [0.0; 2];
        for (alone_s, side_px) in alone_s.iter_mut().zip(SIDES_PX) {
            *alone_s = self.of((side_px, 1))?.seconds;
        }
        let mut most = FEWEST;
        loop {
            let [small, large] = SIDES_PX.map(|side_px| self.of((side_px, most)));
            let (small, large) = (small?, large?);
            let own_s = [small.seconds - alone_s[0], large.seconds - alone_s[1]].map(|own_s| own_s.max(0.0));
            if own_s[1] >= MEASURED_S || most >= LARGE.1 {
                // What is not clearly dearer in the larger one has stayed small; the rest is how exactly a frame is measured.
                let grows = own_s[1] > 1.5 * own_s[0] + NOISE_S;
                let each_s = (own_s[1] - own_s[0]) / (large.overdrawn - small.overdrawn).max(1.0);
                return Ok(if grows { each_s } else { 0.0 });
            }
            most *= 8;
        }
    }

    /// Draws some frames with so many pixels along the longer side, and so many points at most.
    fn of(&self, (side_px, most): (u32, u32)) -> Result<Measured, StageError> {
        let Self { gpu, painter, program, from_s } = self;
        let quality = Quality { by_processor: false, tier: 0, most, side_px };
        let frame_px = [side_px, side_px * 9 / 16];
        let mut graph = Graph::new(gpu, Arc::clone(program), frame_px, quality)?;
        let light = Canvas::new(gpu, "the trial", frame_px, LIGHT, wgpu::TextureUsages::TEXTURE_BINDING)?;
        let controls = Controls::default();
        let heard = loud();
        let mut choreography = Choreography::new(1);
        let patience = if gpu.is_software() { PATIENCE_SOFTWARE } else { PATIENCE };
        let mut seconds = f64::INFINITY;
        for frame in 0..FRAMES {
            let time_s = from_s + f64::from(frame) * STEP_S;
            let before_s = (frame > 0).then_some(time_s - STEP_S);
            let moment = Moment {
                frame_px: with_inverse(frame_px),
                picture_px: with_inverse(frame_px),
                aspect: frame_px[0] as f32 / frame_px[1] as f32,
                ..choreography.step(time_s, &heard, &controls)
            };
            painter.set(gpu, &moment, &controls, &heard);
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
            let taken_s = began.elapsed().as_secs_f64();
            if frame >= PREPARED {
                seconds = seconds.min(taken_s);
                if frame > PREPARED && seconds > LONG_S {
                    break;
                }
            }
        }
        let Work { units, overdrawn } = graph.work();
        Ok(Measured { seconds, units, overdrawn })
    }
}

/// Music at its loudest: what reacts to it costs most then.
fn loud() -> Heard {
    let hit = Drum { pulse: 1.0, strength: 1.0, count: 1, ..Drum::default() };
    Heard {
        level: 1.0,
        presence: 1.0,
        loudness: 1.0,
        bass: 1.0,
        mid: 1.0,
        treble: 1.0,
        kick: hit,
        snare: hit,
        hat: hit,
        onset: hit,
        other: hit,
        bands: [1.0; BANDS],
        ..Heard::default()
    }
}
