//! A hand on the pointer.

use egui::accesskit::Role;
use egui::{Event, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use klangbild_engine::knobs::KnobId;
use nice_plug::prelude::ParamPtr;

use super::sample::Sample;
use crate::panel::Wish;

/// The whole panel.
pub fn open() -> Harness<'static, Sample> {
    let mut window = Sample::default().open(960.0, 540.0);
    window.run();
    window
}

/// What has been wished for since the last time.
pub fn take(window: &mut Harness<'_, Sample>) -> Vec<Wish> {
    std::mem::take(&mut window.state_mut().wishes)
}

/// The parameter that the tests turn.
pub fn speed(window: &Harness<'_, Sample>) -> ParamPtr {
    window.state().params.ptr(KnobId::Speed)
}

/// Middle of that slider's line.
pub fn line(window: &Harness<'_, Sample>) -> Pos2 {
    let rect = window.get_by_role_and_label(Role::Slider, "Speed").rect();
    pos2(rect.center().x, rect.bottom() - 8.0)
}

/// Presses the pointer's button, or lets it go.
pub fn press(window: &Harness<'_, Sample>, pos: Pos2, pressed: bool) {
    let modifiers = Modifiers::NONE;
    window.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers });
}
