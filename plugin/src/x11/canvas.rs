//! The window that is drawn into: it lies in the one that the window library has made, and fills it.
//!
//! That one is 32 bits deep: a compositor takes its fourth byte for how opaque it is, and software Vulkan leaves it empty there.
//! Ours is as deep as the screen. It asks for no events, so that the one around it gets them all.

use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::xproto::{
    ColormapAlloc, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, WindowClass,
};

use super::{Connection, Target};

impl Connection {
    /// Makes one in `parent`, of so many pixels.
    ///
    /// # Errors
    /// The server's, in its words.
    pub fn canvas(&self, parent: u32, px: (u32, u32)) -> Result<Target, ReplyOrIdError> {
        let geometry = self.inner.get_geometry(parent)?.reply()?;
        let screens = &self.inner.setup().roots;
        let screen = screens.iter().find(|screen| screen.root == geometry.root);
        let (depth, visual) =
            screen.map_or((COPY_DEPTH_FROM_PARENT, 0), |screen| (screen.root_depth, screen.root_visual));
        let colours = self.inner.generate_id()?;
        self.inner.create_colormap(ColormapAlloc::NONE, colours, geometry.root, visual)?.check()?;
        let id = self.inner.generate_id()?;
        // Without a border of its own a window takes its parent's, which has to be as deep. Without a background nothing flashes.
        let look = CreateWindowAux::new().border_pixel(0).colormap(colours);
        let (width, height) = (px.0.clamp(1, 0x7fff) as u16, px.1.clamp(1, 0x7fff) as u16);
        let class = WindowClass::INPUT_OUTPUT;
        self.inner.create_window(depth, id, parent, 0, 0, width, height, 0, class, visual, &look)?.check()?;
        self.inner.map_window(id)?.check()?;
        self.inner.free_colormap(colours)?;
        self.inner.flush()?;
        Target::from_id(self.clone(), id).ok_or(ReplyOrIdError::IdsExhausted)
    }
}

impl Target {
    /// Makes it this large, and waits until it is.
    pub fn resize(&self, px: (u32, u32)) {
        let size = ConfigureWindowAux::new().width(px.0.clamp(1, 0x7fff)).height(px.1.clamp(1, 0x7fff));
        let resized = self.connection.inner.configure_window(self.id(), &size);
        if let Err(error) = resized.map_err(Into::into).and_then(x11rb::cookie::VoidCookie::check) {
            tracing::debug!("the picture's window keeps its size: {error}");
        }
    }
}
