//! What puts the beat right, in a row.

use egui::{PointerButton, Rect, Response, Ui, Vec2, vec2};
use klangbild_engine::controls::Correction;
use klangbild_engine::knobs::KnobId;

use super::icon::{self, Icon};
use super::param::Knob;
use super::pass::Pass;
use super::split::{Part, split};
use super::wish::Wish;
use super::{button, style, tip};
use crate::params::act_of;

/// What stands on a button.
enum Sign {
    Words(&'static str),
    Drawn(Icon),
}

/// The buttons in their order, each with its key where the window has the keyboard to itself.
const ROW: [(Correction, Sign, &str); 6] = [
    (Correction::Tap, Sign::Words("Tap"), "Key T"),
    (Correction::Half, Sign::Words("\u{f7}2"), "Key , (comma)"),
    (Correction::Double, Sign::Words("\u{d7}2"), "Key . (full stop)"),
    (Correction::Earlier, Sign::Drawn(Icon::Previous), "Key Left"),
    (Correction::Later, Sign::Drawn(Icon::Next), "Key Right"),
    (Correction::One, Sign::Words("1"), "Key 1 or Enter"),
];

/// All of it, over the whole width.
pub fn corrections(ui: &mut Ui, pass: &mut Pass<'_>) {
    let mut parts = [Part::Share(1.0); ROW.len() + 1];
    parts[0] = Part::Share(1.5);
    split(ui, &parts, 3.0, |index, ui| match ROW.get(index) {
        Some((correction, sign, key)) => {
            let knob = act_of(*correction).knob();
            let response = small(ui, knob.label, None);
            match sign {
                Sign::Words(words) => {
                    button::write(ui, response.rect, words, button::ink(ui, &response, false));
                }
                Sign::Drawn(icon) => draw(ui, response.rect, *icon, &response, false),
            }
            // With the press and not after it: it says when.
            let is_pressed = ui.input(|input| input.pointer.button_pressed(PointerButton::Primary));
            if is_pressed && response.is_pointer_button_down_on() {
                pass.wish(Wish::Correct(*correction));
            }
            response.on_hover_ui(|ui| tip::lines(ui, knob.help, key));
        }
        None => lock(ui, pass),
    });
}

fn lock(ui: &mut Ui, pass: &mut Pass<'_>) {
    let knob = Knob::of(pass.view.params, KnobId::MetronomeLock);
    let on = pass.view.params.triggers.is_locked(knob.is_on());
    let response = small(ui, knob.label(), Some(on));
    draw(ui, response.rect, Icon::Lock, &response, on);
    if response.clone().on_hover_ui(|ui| tip::lines(ui, knob.help(), "Key M")).clicked() {
        pass.wish(Wish::Lock(!on));
    }
}

fn small(ui: &mut Ui, name: &str, on: Option<bool>) -> Response {
    let size: Vec2 = vec2(ui.available_width(), 22.0 * style::scale(ui));
    button::clickable(ui, size, name, on)
}

fn draw(ui: &Ui, rect: Rect, icon: Icon, response: &Response, on: bool) {
    icon::paint(ui.painter(), rect, icon, button::ink(ui, response, on), style::scale(ui));
}
