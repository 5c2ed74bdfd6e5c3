//! Things to click: words, signs, switches and segments.

use egui::accesskit::Role;
use egui::{Align2, Color32, Id, Rect, Response, Sense, TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::icon::{self, Icon};
use super::param::Knob;
use super::pass::Pass;
use super::style;

/// Room for something to click that is not focusable, so that keys stay with the host.
pub fn clickable(ui: &mut Ui, size: Vec2, name: &str, on: Option<bool>) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    response.widget_info(|| match on {
        Some(on) => WidgetInfo::selected(Role::Button, ui.is_enabled(), on, name),
        None => WidgetInfo::labeled(Role::Button, ui.is_enabled(), name),
    });
    let scale = style::scale(ui);
    let (on, enabled) = (on == Some(true), ui.is_enabled());
    let fill = match (on, response.hovered() && enabled, response.is_pointer_button_down_on()) {
        (true, over, _) => style::ACCENT.gamma_multiply(if over { 0.32 } else { 0.24 }),
        (false, _, true) => style::light(0.22),
        (false, true, false) => style::light(0.15),
        (false, false, false) => style::light(0.07),
    };
    ui.painter().rect_filled(rect, style::radius(scale), fill);
    response
}

/// The colour of what stands on something clickable.
pub fn ink(ui: &Ui, response: &Response, on: bool) -> Color32 {
    match (ui.is_enabled(), on) {
        (false, _) => style::FAINT,
        (true, true) => style::ACCENT,
        (true, false) if response.hovered() => style::INK,
        (true, false) => style::DIM.lerp_to_gamma(style::INK, 0.5),
    }
}

/// Words, over the whole width.
pub fn words(ui: &mut Ui, label: &str, tip: &str) -> bool {
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let response = clickable(ui, size, label, None);
    let colour = ink(ui, &response, false);
    write(ui, response.rect, label, colour);
    response.on_hover_text(tip).clicked()
}

/// A sign.
pub fn sign(ui: &mut Ui, icon: Icon, name: &str, tip: &str, on: Option<bool>) -> bool {
    let scale = style::scale(ui);
    let response = clickable(ui, Vec2::splat(ui.spacing().interact_size.y), name, on);
    icon::paint(ui.painter(), response.rect, icon, ink(ui, &response, on == Some(true)), scale);
    response.on_hover_text(tip).on_disabled_hover_text(tip).clicked()
}

/// A switch, over the whole width.
pub fn switch(ui: &mut Ui, pass: &mut Pass<'_>, knob: Knob<'_>) {
    let (label, tip) = (knob.label(), knob.help());
    let scale = style::scale(ui);
    let on = knob.is_on();
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let response = clickable(ui, size, label, Some(on));
    let rect = response.rect;
    let lamp = pos2(rect.left() + 12.0 * scale, rect.center().y);
    if on {
        ui.painter().circle_filled(lamp, 6.0 * scale, style::ACCENT.gamma_multiply(0.25));
    }
    ui.painter().circle_filled(lamp, 3.0 * scale, if on { style::ACCENT } else { style::light(0.25) });
    let font = TextStyle::Button.resolve(ui.style());
    let at = pos2(rect.left() + 21.0 * scale, rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, label, font, ink(ui, &response, on));
    if response.on_hover_text(tip).clicked() {
        pass.change(knob, if on { 0.0 } else { 1.0 });
    }
}

/// Something that happens for as long as it is pressed, over the whole width.
pub fn trigger(ui: &mut Ui, pass: &mut Pass<'_>, knob: Knob<'_>) {
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    // A drag begins with the press, and lasts until the pointer is let go.
    let response = ui.interact(rect, Id::unique(("klangbild trigger", knob.key())), Sense::DRAG);
    let (label, on) = (knob.label(), response.dragged());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), label));
    let fill = match (on, response.hovered()) {
        (true, _) => style::ACCENT.gamma_multiply(0.32),
        (false, over) => style::light(if over { 0.15 } else { 0.07 }),
    };
    ui.painter().rect_filled(rect, style::radius(style::scale(ui)), fill);
    write(ui, rect, label, ink(ui, &response, on));
    if response.drag_started() {
        pass.hold(response.id, knob, 1.0);
    }
    response.on_hover_text(knob.help());
}

/// Words in the middle, smaller where they would not fit.
pub fn write(ui: &Ui, rect: Rect, words: &str, colour: Color32) {
    let mut font = TextStyle::Button.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font.clone(), colour);
    let room = rect.width() - 8.0 * style::scale(ui);
    if galley.size().x > room {
        font.size *= (room / galley.size().x).max(0.7);
    }
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, font, colour);
}
