//! A host's window.

use std::rc::Rc;

use image::{Rgb, RgbImage};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, ImageFormat, WindowClass,
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
        let tree = self.connection.query_tree(self.id).expect("asks the X server");
        tree.reply().map_or(0, |tree| tree.children.len())
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
