//! A stage without a window, for measurements and tests: frames are drawn and shown to nobody.

use klangbild_engine::hearing::Heard;
use klangbild_engine::stage::Gpu;

use super::{Edit, Front};

/// Takes frames, and tells what was heard in each of them.
pub struct Nowhere<F>(pub F);

impl<F: Fn(&Heard) + Send> Front for Nowhere<F> {
    fn surface(&self, _gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        Err("there is no window".to_owned())
    }

    fn is_offscreen(&self) -> bool {
        true
    }

    fn edit(&self, _edit: Edit) {}

    fn set_cursor(&self, _icon: egui::CursorIcon) {}

    fn frame_shown(&self, heard: &Heard) {
        (self.0)(heard);
    }
}
