//! The plugin's window, embedded in one of the host's.

use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window as Handle};
use clack_host::prelude::*;

use super::Plugin;
use crate::screen::{Pane, Screen};

/// A host's window with the plugin's in it.
pub struct Window {
    /// The host's.
    pub pane: Pane,
}

impl Plugin {
    fn gui(&mut self) -> (PluginMainThreadHandle<'_>, PluginGui) {
        self.with()
    }

    /// Opens the window at a place on the screen, in the size that the plugin wants.
    #[track_caller]
    pub fn open(&mut self, screen: &Screen, left: i16, top: i16) -> Window {
        let (plugin, gui) = self.gui();
        let embedded = GuiConfiguration { api_type: GuiApiType::X11, is_floating: false };
        gui.create(&plugin, embedded).expect("makes a window");
        let size = gui.get_size(&plugin).expect("knows the window's size");
        let pane = screen.pane(left, top, size.width, size.height);
        // SAFETY: the pane lives until the plugin's window is closed, or a test takes it away in order to see what happens
        // then: X11 windows are numbers, and the server answers for one that is gone.
        let parent = unsafe { gui.set_parent(&plugin, Handle::from_x11_handle(pane.id().into())) };
        parent.expect("goes into the host's window");
        gui.show(&plugin).expect("shows itself");
        Window { pane }
    }

    /// Closes the plugin's window, then the host's.
    pub fn close(&mut self, window: Window) {
        let (plugin, gui) = self.gui();
        gui.destroy(&plugin);
        drop(window);
    }

    /// Resizes both windows, as a host does when the user drags a corner.
    #[track_caller]
    pub fn resize(&mut self, window: &mut Window, width: u32, height: u32) {
        let (plugin, gui) = self.gui();
        let fits = gui.adjust_size(&plugin, GuiSize { width, height }).expect("adjusts a size");
        window.pane.resize(fits.width, fits.height);
        gui.set_size(&plugin, fits).expect("takes a size");
    }

    /// The window's size in pixels.
    #[track_caller]
    pub fn window_px(&mut self) -> (u32, u32) {
        let (plugin, gui) = self.gui();
        let size = gui.get_size(&plugin).expect("knows the window's size");
        (size.width, size.height)
    }

    /// Shows or hides it.
    #[track_caller]
    pub fn show(&mut self, shown: bool) {
        let (plugin, gui) = self.gui();
        if shown { gui.show(&plugin) } else { gui.hide(&plugin) }.expect("is shown or hidden");
    }
}
