//! Device, surface and stage of one window.

use std::sync::Arc;
use std::time::Duration;

use klangbild_engine::live::Watching;
use klangbild_engine::performance::Performer;
use klangbild_engine::scene;
use klangbild_engine::stage::{Gpu, StageError};

use crate::instance::Instance;
use crate::window::Front;
use crate::window::pace::Pace;
use crate::window::painter::Painter;
use crate::window::patience::{self, Patience};
use crate::window::resolution::Resolution;
use crate::window::screen::Screen;
use crate::window::theatre::projection::Projection;

/// Everything that goes when the device goes.
pub(super) struct Show {
    pub gpu: Arc<Gpu>,
    pub screen: Screen,
    pub performer: Performer<Watching>,
    pub painter: Painter,
    pub pace: Pace,
    pub resolution: Resolution,
    pub egui: egui::Context,
    pub last: Option<wgpu::SubmissionIndex>,
    patience: Patience,
    /// The picture in a window of its own.
    pub projection: Option<Projection>,
}

impl Show {
    /// For the window of `front`.
    ///
    /// # Errors
    /// No device, or none that can show pictures there; one line.
    pub fn open(instance: &Arc<Instance>, front: &dyn Front, window_px: (u32, u32)) -> Result<Self, String> {
        let words = |error: StageError| error.to_string();
        let gpu = instance.gpu().map_err(words)?;
        let screen = Screen::new(&gpu, front)?;
        let resolution = if gpu.is_software() { Resolution::coarse() } else { Resolution::default() };
        let controls = instance.sync();
        let most = gpu.max_side_px();
        let (width_px, height_px) = resolution.frame_px((window_px.0.min(most), window_px.1.min(most)));
        let mut stage = instance.open_stage(&gpu, (width_px, height_px), &controls).map_err(words)?;
        if let Err(error) = stage.compile_aside() {
            tracing::warn!("scenes will not be followed while they are written: {error}");
        }
        let performer = Performer::new(instance.live.watch(), stage);
        let painter = Painter::new(&gpu, screen.format());
        let pace = Pace::new(front.refresh_hz(), screen.waits());
        let egui = egui::Context::default();
        Ok(Self {
            gpu,
            screen,
            performer,
            painter,
            pace,
            resolution,
            egui,
            last: None,
            patience: Patience::default(),
            projection: None,
        })
    }

    /// Notes how long a frame has taken.
    ///
    /// # Errors
    /// One of the user's own scenes has taken too long for some frames in a row: it is to give way.
    pub fn mind_length(&mut self, taken: Duration) -> Result<(), StageError> {
        let scene = self.performer.stage().scene();
        if !self.patience.ends(scene, taken) || scene::stamp(scene).is_none() {
            return Ok(());
        }
        let (most, longest_s) = (patience::MOST, patience::LONGEST.as_secs());
        let message =
            format!("{most} frames have taken more than {longest_s} s each: fewer loops, points or pixels");
        Err(StageError::Scene { scene: scene.to_string(), message })
    }

    /// Waits until the frame before is drawn.
    pub fn settle(&mut self) -> Result<(), StageError> {
        if let Some(submission) = self.last.take() {
            let wait = wgpu::PollType::Wait {
                submission_index: Some(submission),
                timeout: Some(Duration::from_secs(2)),
            };
            if let Err(error) = self.gpu.device().poll(wait) {
                tracing::debug!("waiting for a frame: {error}");
            }
        }
        self.gpu.healthy()
    }
}
