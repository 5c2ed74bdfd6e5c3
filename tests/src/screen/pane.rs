//! A host's window.

use std::rc::Rc;

use image::{Rgb, RgbImage};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, EventMask,
    ImageFormat, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// The colour of a host's window where the plugin draws nothing.
pub const EMPTY: Rgb<u8> = Rgb([0x40, 0x20, 0x60]);

/// A window without a frame; it goes with this value.
pub struct Pane {
    connection: Rc<RustConnection>,
    root: u32,
    id: u32,
    place: (i16, i16),
    px: (u32, u32),
}

impl Pane {
    pub(super) fn open(connection: Rc<RustConnection>, root: u32, place: (i16, i16), px: (u32, u32)) -> Self {
        let id = connection.generate_id().expect("has a number for a window");
        let [r, g, b] = EMPTY.0.map(u32::from);
        let look = CreateWindowAux::new().background_pixel(r << 16 | g << 8 | b).override_redirect(1);
        let (depth, border, visual) = (0, 0, 0); // those of the root
        connection
            .create_window(
                depth,
                id,
                root,
                place.0,
                place.1,
                px.0 as u16,
                px.1 as u16,
                border,
                WindowClass::INPUT_OUTPUT,
                visual,
                &look,
            )
            .expect("makes a window");
        connection.map_window(id).expect("shows a window");
        connection.sync().expect("the X server answers");
        Self { connection, root, id, place, px }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Resizes it.
    pub fn resize(&mut self, width: u32, height: u32) {
        self.px = (width, height);
        let size = ConfigureWindowAux::new().width(width).height(height);
        self.connection.configure_window(self.id, &size).expect("resizes a window");
        self.connection.flush().expect("the X server answers");
    }

    /// Takes it away from the screen, and with it what is in it.
    pub fn destroy(&self) {
        self.connection.destroy_window(self.id).expect("destroys a window");
        self.connection.sync().expect("the X server answers");
    }

    /// Windows in it: the plugin's.
    pub fn children(&self) -> usize {
        self.inside().len()
    }

    fn inside(&self) -> Vec<u32> {
        let tree = self.connection.query_tree(self.id).expect("asks the X server");
        tree.reply().map_or(Vec::new(), |tree| tree.children)
    }

    /// The plugin's window in it.
    #[track_caller]
    pub fn plugins(&self) -> u32 {
        *self.inside().first().expect("the plugin's window is in the host's")
    }

    /// Resizes the plugin's window without a word to the plugin, as some hosts do.
    #[track_caller]
    pub fn push(&self, width: u32, height: u32) {
        let size = ConfigureWindowAux::new().width(width).height(height);
        self.connection.configure_window(self.plugins(), &size).expect("resizes a window");
        self.connection.sync().expect("the X server answers");
    }

    /// The size that the plugin's window really has.
    #[track_caller]
    pub fn plugins_px(&self) -> (u32, u32) {
        let asked = self.connection.get_geometry(self.plugins()).expect("asks the X server");
        let geometry = asked.reply().expect("the window is there");
        (geometry.width.into(), geometry.height.into())
    }

    /// Numbers that the plugin has put onto its window under this name.
    #[track_caller]
    pub fn plugins_numbers(&self, name: &str) -> Vec<u32> {
        let atom = self.connection.intern_atom(false, name.as_bytes()).expect("asks the X server");
        let atom = atom.reply().expect("it answers").atom;
        let asked = self.connection.get_property(false, self.plugins(), atom, AtomEnum::ANY, 0, 16);
        let property = asked.expect("asks the X server").reply().expect("it answers");
        property.value32().map_or(Vec::new(), Iterator::collect)
    }

    /// From now on, keys that nobody takes below come here.
    #[track_caller]
    pub fn listen_for_keys(&self) {
        let keys = ChangeWindowAttributesAux::new().event_mask(EventMask::KEY_PRESS);
        self.connection.change_window_attributes(self.id, &keys).expect("asks the X server");
        self.connection.sync().expect("the X server answers");
    }

    /// The keys that have been pressed since the last call, as far as they came here.
    #[track_caller]
    pub fn keys(&self) -> Vec<u8> {
        self.connection.sync().expect("the X server answers");
        let events = std::iter::from_fn(|| self.connection.poll_for_event().expect("the X server answers"));
        events
            .filter_map(|event| if let Event::KeyPress(key) = event { Some(key.detail) } else { None })
            .collect()
    }

    /// The place on the screen that lies so far to the right and down in it, from 0 to 1.
    pub fn place(&self, right: f32, down: f32) -> (i16, i16) {
        let ((left, top), (width, height)) = (self.place, self.px);
        (left + (right * width as f32) as i16, top + (down * height as f32) as i16)
    }

    /// What is to be seen of it now. It is taken from the screen, so that it is what a user would see.
    #[track_caller]
    pub fn picture(&self) -> RgbImage {
        let ((left, top), (width, height)) = (self.place, self.px);
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, left, top, width as u16, height as u16, u32::MAX)
            .expect("asks the X server")
            .reply()
            .expect("the window lies on the screen");
        assert_eq!(image.data.len(), 4 * (width * height) as usize, "the screen has 32 bits a pixel");
        // Blue comes first.
        let pixels = image.data.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        RgbImage::from_raw(width, height, pixels).expect("as many pixels as asked for")
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        // It may be gone already, and the server with it.
        let _ = self.connection.destroy_window(self.id);
        let _ = self.connection.sync();
    }
}
