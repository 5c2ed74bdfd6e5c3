//! The window's surface: configured, acquired, and made anew when the system takes it away.

use std::sync::Arc;

use klangbild_engine::stage::{Gpu, StageError};

use super::Front;

/// A surface on one device.
pub struct Screen {
    gpu: Arc<Gpu>,
    /// `None` where frames are shown to nobody.
    surface: Option<wgpu::Surface<'static>>,
    format: wgpu::TextureFormat,
    mode: wgpu::PresentMode,
    /// The size that it was configured for; nothing may be acquired before.
    configured: Option<(u32, u32)>,
}

/// A frame to draw into.
pub enum Target {
    /// To be presented.
    Window(wgpu::SurfaceTexture),
    /// To be dropped.
    Nowhere(wgpu::Texture),
}

/// What acquiring a frame came to.
pub enum Acquired {
    /// Draw into it.
    Frame(Target),
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
        if front.is_offscreen() {
            let (format, mode) = (wgpu::TextureFormat::Bgra8Unorm, wgpu::PresentMode::Immediate);
            return Ok(Self { gpu: Arc::clone(gpu), surface: None, format, mode, configured: None });
        }
        Self::on(gpu, front.surface(gpu)?)
    }

    /// On a surface that was made for this device.
    ///
    /// # Errors
    /// The device cannot present to it; one line.
    pub fn on(gpu: &Arc<Gpu>, surface: wgpu::Surface<'static>) -> Result<Self, String> {
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
        Ok(Self { gpu: Arc::clone(gpu), surface: Some(surface), format, mode, configured: None })
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
        let Some(surface) = &self.surface else { return Ok(Acquired::Frame(self.nowhere(px))) };
        if self.configured != Some(px) {
            self.configured = None;
            if !self.configure(surface, px) {
                self.gpu.healthy()?;
                return Ok(Acquired::Later);
            }
            self.configured = Some(px);
        }
        match surface.get_current_texture() {
            Current::Success(frame) | Current::Suboptimal(frame) => {
                Ok(Acquired::Frame(Target::Window(frame)))
            }
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

    fn configure(&self, surface: &wgpu::Surface<'_>, px: (u32, u32)) -> bool {
        let Some(mut wanted) = surface.get_default_config(self.gpu.adapter(), px.0, px.1) else {
            return false;
        };
        wanted.format = self.format;
        wanted.present_mode = self.mode;
        wanted.desired_maximum_frame_latency = 1;
        wanted.view_formats = Vec::new();
        let configured = self.gpu.configure(surface, &wanted);
        if let Err(error) = &configured {
            tracing::debug!("{error}");
        }
        configured.is_ok()
    }

    fn nowhere(&self, (width, height): (u32, u32)) -> Target {
        Target::Nowhere(self.gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("nowhere"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        }))
    }
}

impl Target {
    /// What is drawn into.
    pub fn view(&self) -> wgpu::TextureView {
        let texture = match self {
            Self::Window(frame) => &frame.texture,
            Self::Nowhere(texture) => texture,
        };
        texture.create_view(&wgpu::TextureViewDescriptor::default())
    }

    /// Submits the frame's last work, and shows it.
    pub fn present(self, gpu: &Gpu, work: Vec<wgpu::CommandBuffer>) -> wgpu::SubmissionIndex {
        match self {
            Self::Window(frame) => gpu.present(work, frame),
            Self::Nowhere(_) => gpu.submit(work),
        }
    }
}
