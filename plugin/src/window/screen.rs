//! The window's surface: configured, acquired, and made anew when the system takes it away.

use std::sync::Arc;

use klangbild_engine::stage::{Gpu, StageError};

use super::Front;

/// A surface on one device.
pub struct Screen {
    gpu: Arc<Gpu>,
    surface: wgpu::Surface<'static>,
    format: wgpu::TextureFormat,
    mode: wgpu::PresentMode,
    /// The size that it was configured for; nothing may be acquired before.
    configured: Option<(u32, u32)>,
}

/// What acquiring a frame came to.
pub enum Acquired {
    /// Draw into it.
    Frame(wgpu::SurfaceTexture),
    /// Not now; try again a little later.
    Later,
    /// The surface is gone: make another one.
    Lost,
}

impl Screen {
    /// Makes the window's surface.
    ///
    /// # Errors
    /// No surface, or one that this device cannot present to; one line.
    pub fn new(gpu: &Arc<Gpu>, front: &dyn Front) -> Result<Self, String> {
        let surface = front.surface(gpu)?;
        let can = surface.get_capabilities(gpu.adapter());
        let name = &gpu.info().name;
        // The stage encodes sRGB itself.
        let plain = can.formats.iter().copied().find(|format| {
            matches!(format, wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Rgba8Unorm)
        });
        let Some(format) = plain.or_else(|| can.formats.first().copied()) else {
            return Err(format!(
                "{name} cannot show pictures in this window; choose another adapter with KLANGBILD_GPU"
            ));
        };
        let has = |mode: &wgpu::PresentMode| can.present_modes.contains(mode);
        // Software drivers do not wait for the display: a mode that never waits, paced by our own timer.
        let eager = [wgpu::PresentMode::Mailbox, wgpu::PresentMode::Immediate];
        let mode = match gpu.is_software() {
            true => eager.into_iter().find(has).unwrap_or(wgpu::PresentMode::Fifo),
            false => wgpu::PresentMode::Fifo,
        };
        Ok(Self { gpu: Arc::clone(gpu), surface, format, mode, configured: None })
    }

    /// What to draw in.
    pub fn format(&self) -> wgpu::TextureFormat {
        self.format
    }

    /// Whether presenting waits for the display.
    pub fn waits(&self) -> bool {
        self.mode == wgpu::PresentMode::Fifo
    }

    /// The next frame to draw, of exactly this size.
    ///
    /// # Errors
    /// The device has failed.
    pub fn acquire(&mut self, px: (u32, u32)) -> Result<Acquired, StageError> {
        use wgpu::CurrentSurfaceTexture as Current;
        if self.configured != Some(px) && !self.configure(px) {
            self.gpu.healthy()?;
            return Ok(Acquired::Later);
        }
        match self.surface.get_current_texture() {
            Current::Success(frame) | Current::Suboptimal(frame) => Ok(Acquired::Frame(frame)),
            Current::Outdated => {
                self.configured = None;
                Ok(Acquired::Later)
            }
            Current::Lost => Ok(Acquired::Lost),
            Current::Timeout | Current::Occluded => Ok(Acquired::Later),
            Current::Validation => {
                self.configured = None;
                self.gpu.healthy()?;
                Ok(Acquired::Later)
            }
        }
    }

    fn configure(&mut self, px: (u32, u32)) -> bool {
        self.configured = None;
        let Some(mut wanted) = self.surface.get_default_config(self.gpu.adapter(), px.0, px.1) else {
            return false;
        };
        wanted.format = self.format;
        wanted.present_mode = self.mode;
        wanted.desired_maximum_frame_latency = 1;
        wanted.view_formats = Vec::new();
        match self.gpu.configure(&self.surface, &wanted) {
            Ok(()) => {
                self.configured = Some(px);
                true
            }
            Err(error) => {
                tracing::debug!("{error}");
                false
            }
        }
    }
}
