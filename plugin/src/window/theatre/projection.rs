//! The picture in a window of its own, beside the one with the panel: the same frame, shown twice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use klangbild_engine::stage::{Gpu, StageError};

use super::Theatre;
use super::show::Show;
use crate::window::Front;
use crate::window::painter::{Painter, Parts};
use crate::window::screen::{Acquired, Screen};

/// Between two questions which monitors there are.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What that window needs to be drawn.
pub(super) struct Projection {
    screen: Screen,
    painter: Painter,
    /// There is no panel in it.
    egui: egui::Context,
}

impl Projection {
    fn open(gpu: &Arc<Gpu>, front: &dyn Front) -> Result<Self, String> {
        let screen = Screen::on(gpu, front.picture_surface(gpu)?)?;
        let painter = Painter::new(gpu, screen.format());
        Ok(Self { screen, painter, egui: egui::Context::default() })
    }
}

/// The monitors that it can fill.
#[derive(Default)]
pub(super) struct Monitors {
    pub names: Vec<String>,
    looked: Option<Instant>,
}

impl Monitors {
    /// Asks for them, now and then: one may be plugged in while the window is open.
    pub fn look(&mut self, front: &dyn Front, now: Instant) {
        if self.looked.is_none_or(|looked| now.saturating_duration_since(looked) >= LOOK_EVERY) {
            self.looked = Some(now);
            self.names = front.monitors();
        }
    }
}

impl Theatre {
    /// Takes note of that window's size; `None` closes it.
    pub(super) fn picture_window(&mut self, px: Option<(u32, u32)>) {
        self.picture_px = px;
        if px.is_none() {
            // The surface goes before its window.
            if let Some(show) = &mut self.show {
                show.projection = None;
            }
            self.front.show_picture(None);
        }
    }

    /// The size to draw for: the larger of both windows.
    pub(super) fn drawn_px(&self, window_px: (u32, u32), most_px: u32) -> (u32, u32) {
        let area = |px: (u32, u32)| u64::from(px.0) * u64::from(px.1);
        match self.picture_px {
            Some(px) if area(px) > area(window_px) => (px.0.min(most_px), px.1.min(most_px)),
            _ => window_px,
        }
    }

    /// Shows the newest frame in that window, if it is open.
    ///
    /// # Errors
    /// The device has failed. Whatever else goes wrong closes the window, with a word.
    pub(super) fn project(&mut self, show: &mut Show) -> Result<(), StageError> {
        let Some(px) = self.picture_px else { return Ok(()) };
        let projection = match &mut show.projection {
            Some(projection) => projection,
            None => match Projection::open(&show.gpu, self.front.as_ref()) {
                Ok(projection) => show.projection.insert(projection),
                Err(error) => {
                    self.instance.notices.warn(format!("The picture gets no window of its own: {error}"));
                    self.picture_window(None);
                    return Ok(());
                }
            },
        };
        let most = show.gpu.max_side_px();
        let px = (px.0.clamp(1, most), px.1.clamp(1, most));
        match projection.screen.acquire(px)? {
            Acquired::Frame(frame) => {
                let (context, output) = (&projection.egui, egui::FullOutput::default());
                let parts = Parts { frame: show.performer.stage().output(), context, output, answers: false };
                let work = projection.painter.paint(&show.gpu, parts, &frame.view(), px);
                show.last = Some(frame.present(&show.gpu, work));
            }
            Acquired::Later => {}
            Acquired::Lost => show.projection = None,
        }
        Ok(())
    }
}
