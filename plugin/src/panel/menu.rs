//! Lists that open on a click.

use egui::{
    Align2, Id, Popup, PopupCloseBehavior, Pos2, Rect, Response, ScrollArea, TextStyle, TextWrapMode, Ui,
    Vec2, pos2, vec2,
};

use super::icon::{self, Icon};
use super::param::Knob;
use super::pass::Pass;
use super::thumbnail::{self, Thumbnail};
use super::{button, style};

/// A button with `current` on it, which opens `content`. `name` is what the thing is called where it cannot be seen.
pub fn menu(
    ui: &mut Ui,
    pass: &mut Pass<'_>,
    name: &str,
    current: &str,
    tip: &str,
    content: impl FnOnce(&mut Ui, &mut Pass<'_>),
) {
    let scale = style::scale(ui);
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let response = button::clickable(ui, size, name, None);
    let rect = response.rect;
    let colour = button::ink(ui, &response, false);
    let room = Rect::from_min_max(rect.min + vec2(9.0 * scale, 0.0), rect.max - vec2(20.0 * scale, 0.0));
    let galley = egui::WidgetText::from(current).into_galley(
        ui,
        Some(TextWrapMode::Truncate),
        room.width(),
        TextStyle::Button,
    );
    let at = Pos2::new(room.left(), room.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, colour);
    let arrow = Rect::from_center_size(pos2(rect.right() - 12.0 * scale, rect.center().y), vec2(1.0, 1.0));
    icon::paint(ui.painter(), arrow, Icon::Down, colour, 0.85 * scale);
    let response = response.on_hover_text(tip);
    open(ui, pass, &response, content);
}

/// A sign that opens `content`.
pub fn sign(
    ui: &mut Ui,
    pass: &mut Pass<'_>,
    icon: Icon,
    name: &str,
    tip: &str,
    on: Option<bool>,
    content: impl FnOnce(&mut Ui, &mut Pass<'_>),
) {
    let scale = style::scale(ui);
    let size = Vec2::splat(ui.spacing().interact_size.y);
    let response = button::clickable(ui, size, name, on);
    icon::paint(ui.painter(), response.rect, icon, button::ink(ui, &response, on == Some(true)), scale);
    let response = response.on_hover_text(tip);
    open(ui, pass, &response, content);
}

fn open(ui: &Ui, pass: &mut Pass<'_>, response: &Response, content: impl FnOnce(&mut Ui, &mut Pass<'_>)) {
    let opacity = pass.view.opacity;
    let highest = (ui.ctx().content_rect().height() - 24.0).min(340.0 * style::scale(ui));
    let frame = egui::Frame::menu(ui.style()).multiply_with_opacity(opacity);
    let width = response.rect.width().max(170.0 * style::scale(ui));
    Popup::menu(response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .frame(frame)
        .width(width)
        .show(|ui| {
            ui.set_opacity(opacity);
            ScrollArea::vertical().max_height(highest).show(ui, |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 1.0;
                content(ui, pass);
            });
        });
}

/// A line of a list; closes the list when it is clicked.
pub fn line(ui: &mut Ui, words: &str, chosen: bool, tip: &str) -> bool {
    pictured(ui, words, chosen, tip, None, 0.0)
}

/// As [`line`], with a small picture before the words where there is one, and room for something after them.
pub fn pictured(
    ui: &mut Ui,
    words: &str,
    chosen: bool,
    tip: &str,
    picture: Option<Thumbnail>,
    room_after: f32,
) -> bool {
    let scale = style::scale(ui);
    let size = vec2(ui.available_width(), line_height(ui, picture.is_some()));
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::CLICK);
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::MenuItem, ui.is_enabled(), chosen, words)
    });
    // There may be thousands of them.
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    if response.hovered() && ui.is_enabled() {
        ui.painter().rect_filled(rect, style::radius(scale), style::light(0.12));
    }
    let colour = match (ui.is_enabled(), chosen) {
        (false, _) => style::FAINT,
        (true, true) => style::ACCENT,
        (true, false) => style::INK,
    };
    let mut left = rect.left() + 8.0 * scale;
    if let Some(picture) = picture {
        let at = pos2(rect.left() + 3.0 * scale, rect.center().y - 0.5 * thumbnail::SHOWN.y * scale);
        thumbnail::paint(ui, picture, Rect::from_min_size(at, thumbnail::SHOWN * scale));
        left += thumbnail::SHOWN.x * scale + 3.0 * scale;
    }
    let galley = egui::WidgetText::from(words).into_galley(
        ui,
        Some(TextWrapMode::Truncate),
        rect.right() - left - 8.0 * scale - room_after,
        TextStyle::Button,
    );
    let at = pos2(left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, colour);
    let response =
        if tip.is_empty() { response } else { response.on_hover_text(tip).on_disabled_hover_text(tip) };
    if response.clicked() {
        ui.close();
    }
    response.clicked()
}

fn line_height(ui: &Ui, has_picture: bool) -> f32 {
    if has_picture { (thumbnail::SHOWN.y + 4.0) * style::scale(ui) } else { ui.spacing().interact_size.y }
}

/// A star at the end of the line before, lit or not; whether it was clicked. `id` tells it from the others: names may be the same.
pub fn star(ui: &mut Ui, id: &str, of: &str, has_picture: bool, lit: bool, tip: &str) -> bool {
    let side = star_room(ui);
    let right = ui.min_rect().right();
    let bottom = ui.cursor().top() - ui.spacing().item_spacing.y;
    let top = bottom - line_height(ui, has_picture);
    let rect = Rect::from_min_max(pos2(right - side, top), pos2(right, bottom));
    let response = ui.interact(rect, Id::unique(("klangbild star", id)), egui::Sense::CLICK);
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, lit, format!("Favourite: {of}"))
    });
    let (icon, colour) = match (lit, response.hovered()) {
        (true, _) => (Icon::Star, style::ACCENT),
        (false, true) => (Icon::NoStar, style::INK),
        (false, false) => (Icon::NoStar, style::FAINT),
    };
    icon::paint(ui.painter(), rect, icon, colour, style::scale(ui));
    response.on_hover_text(tip).clicked()
}

/// How much of a line a star takes.
pub fn star_room(ui: &Ui) -> f32 {
    30.0 * style::scale(ui)
}

/// A line that cannot be chosen; its tip says why.
pub fn dimmed(ui: &mut Ui, words: &str, tip: &str) {
    ui.add_enabled_ui(false, |ui| line(ui, words, false, tip));
}

/// A heading in a list.
pub fn heading(ui: &mut Ui, words: &str) {
    let scale = style::scale(ui);
    let size = vec2(ui.available_width(), 20.0 * scale);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let at = pos2(rect.left() + 8.0 * scale, rect.center().y);
    let font = TextStyle::Small.resolve(ui.style());
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, style::DIM);
}

/// A parameter that is one of a few, as a list.
pub fn choice(ui: &mut Ui, pass: &mut Pass<'_>, knob: Knob<'_>) {
    let now = knob.text(knob.value());
    choice_shown(ui, pass, knob, &now);
}

/// As [`choice`], with the name before what is chosen: what a scene calls its choices may mean nothing alone.
pub fn named_choice(ui: &mut Ui, pass: &mut Pass<'_>, knob: Knob<'_>) {
    let shown = format!("{}: {}", knob.label(), knob.text(knob.value()));
    choice_shown(ui, pass, knob, &shown);
}

fn choice_shown(ui: &mut Ui, pass: &mut Pass<'_>, knob: Knob<'_>, shown: &str) {
    let now = knob.text(knob.value());
    menu(ui, pass, knob.label(), shown, knob.help(), |ui, pass| {
        for (value, words) in knob.choices() {
            if line(ui, &words, words == now, "") && words != now {
                pass.change(knob, value);
            }
        }
    });
}
