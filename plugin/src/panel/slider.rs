//! A parameter on a line: dragged, clicked, turned by the wheel, or typed.

use egui::{
    CursorIcon, Event, Id, MouseWheelUnit, Rect, Response, Sense, TextStyle, TextWrapMode, Ui, pos2, vec2,
};

use super::param::Knob;
use super::pass::Pass;
use super::{field, style};

/// Height of label and line together, at scale 1.
pub const HEIGHT: f32 = 29.5;
/// Share of the range that a step of the wheel is worth.
const WHEEL_STEP: f32 = 0.01;
/// Shift makes everything so much finer.
const FINE: f32 = 0.1;
/// Colours on a line that turns one.
const COLOURS: u16 = 36;
/// Pixels of a touchpad to a step of the wheel.
const PX_PER_STEP: f32 = 12.0;

/// Shows a parameter as a slider over the whole width.
pub fn slider(ui: &mut Ui, pass: &mut Pass<'_>, knob: Knob<'_>) {
    let (label, tip) = (knob.label(), knob.help());
    let scale = style::scale(ui);
    let size = vec2(ui.available_width(), HEIGHT * scale);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = Id::unique(("klangbild parameter", knob.key()));
    // Not focusable: a slider must not take the keys from a host.
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 13.0 * scale), rect.max);
    let value = move_by(ui, pass, knob, &response, line);
    let text = knob.text(value);
    response.widget_info(|| egui::WidgetInfo::slider(ui.is_enabled(), f64::from(value), label));
    let over = response.hovered() || response.dragged();
    paint(ui, line, value, knob, over, scale);

    let right = pos2(rect.right(), rect.top() + 9.0 * scale);
    let left = number(ui, pass, knob, label, &text, right);
    // A scene's author may call a knob anything.
    let (cut, room) = (Some(TextWrapMode::Truncate), left - rect.left() - 4.0 * scale);
    let galley = egui::WidgetText::from(label).into_galley(ui, cut, room.max(0.0), TextStyle::Body);
    let colour = if over { style::INK } else { style::DIM };
    let at = pos2(rect.left(), right.y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, colour);
    let hint =
        || format!("Double click: {}. Shift: fine. Click the number to type.", knob.text(knob.default()));
    response
        .on_hover_cursor(CursorIcon::ResizeHorizontal)
        .on_hover_ui(|ui| super::tip::lines(ui, tip, &hint()));
}

/// What the pointer does; returns the value to show.
fn move_by(ui: &Ui, pass: &mut Pass<'_>, knob: Knob<'_>, response: &Response, line: Rect) -> f32 {
    let fine = if ui.input(|input| input.modifiers.shift) { FINE } else { 1.0 };
    let pointer = response.interact_pointer_pos();
    if response.drag_started()
        && let Some(start) = ui.input(|input| input.pointer.press_origin()).or(pointer)
    {
        pass.begin(response.id, knob, start.x);
    }
    if response.dragged()
        && let Some(at) = pointer
    {
        pass.drag(response.id, at.x, fine / line.width());
    }
    let steps = wheel(ui, pass, response);
    if response.double_clicked() {
        pass.change(knob, knob.default());
    } else if let Some(at) = pointer.filter(|at| response.clicked() && line.contains(*at)) {
        pass.change(knob, (at.x - line.left()) / line.width());
    } else if steps != 0.0 {
        let step = knob.steps().map_or(WHEEL_STEP * fine, |steps| 1.0 / steps.max(1) as f32);
        pass.change(knob, knob.base() + steps * step);
    }
    pass.memory.dragged_to(response.id).unwrap_or_else(|| knob.value())
}

/// Whole steps that the wheel has been turned over this widget.
fn wheel(ui: &Ui, pass: &mut Pass<'_>, response: &Response) -> f32 {
    // Where the deck scrolls, the wheel is needed for that.
    if pass.memory.scrolls || !response.hovered() {
        return 0.0;
    }
    let turned: f32 = ui.input(|input| {
        let turns = input.events.iter().filter_map(|event| match event {
            Event::MouseWheel { unit, delta, modifiers, .. } if !modifiers.ctrl => Some(match unit {
                MouseWheelUnit::Point => (delta.x + delta.y) / PX_PER_STEP,
                MouseWheelUnit::Line | MouseWheelUnit::Page => delta.x + delta.y,
            }),
            _ => None,
        });
        turns.sum()
    });
    pass.memory.wheel += turned;
    let whole = pass.memory.wheel.trunc();
    pass.memory.wheel -= whole;
    whole
}

/// The value in words; a click turns it into a text field. Returns where it begins.
fn number(
    ui: &mut Ui,
    pass: &mut Pass<'_>,
    knob: Knob<'_>,
    label: &str,
    text: &str,
    right: egui::Pos2,
) -> f32 {
    let scale = style::scale(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let id = Id::unique(("klangbild number", knob.key()));
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, style::INK);
    let width = galley.size().x.max(34.0 * scale);
    let rect = Rect::from_min_max(
        pos2(right.x - width, right.y - 9.0 * scale),
        pos2(right.x, right.y + 9.0 * scale),
    );
    if pass.memory.typing.as_ref().is_some_and(|typing| typing.id == id) {
        let rect = rect.with_min_x(rect.min.x.min(right.x - 64.0 * scale));
        if let Some(typed) = field::in_place(ui, pass, id, rect, label)
            && let Some(value) = knob.parse(&typed)
        {
            pass.change(knob, value);
        }
        return rect.left();
    }
    let response = ui.interact(rect, id, Sense::CLICK);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Button, ui.is_enabled(), format!("{label}: {text}"))
    });
    if response.hovered() {
        let ground = rect.expand2(vec2(4.0 * scale, 0.0));
        ui.painter().rect_filled(ground, style::radius(scale * 0.6), style::light(0.10));
    }
    let mut left = right.x - galley.size().x;
    let at = pos2(left, right.y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, style::INK);
    if let Some(colour) = knob.colour(knob.value()) {
        let size = vec2(16.0, 10.0) * scale;
        let swatch = Rect::from_center_size(pos2(rect.left() - 6.0 * scale - size.x / 2.0, right.y), size);
        ui.painter().rect_filled(swatch, style::radius(scale * 0.5), colour);
        left = swatch.left();
    }
    if response.on_hover_cursor(CursorIcon::Text).clicked() {
        field::begin(pass, id, text);
    }
    left
}

fn paint(ui: &Ui, area: Rect, value: f32, knob: Knob<'_>, over: bool, scale: f32) {
    let (painter, default) = (ui.painter(), knob.default());
    let y = area.top() + 6.0 * scale;
    let x = |share: f32| egui::lerp(area.left()..=area.right(), share);
    let half = if over { 1.75 } else { 1.25 } * scale;
    let bar =
        |from: f32, to: f32| Rect::from_min_max(pos2(from.min(to), y - half), pos2(from.max(to), y + half));
    painter.rect_filled(bar(area.left(), area.right()), half, style::light(0.20));
    if knob.colour(value).is_some() {
        // All colours that there are, where the others have a bar.
        for step in 0..COLOURS {
            let share = |step: u16| f32::from(step) / f32::from(COLOURS);
            let (from, to) = (share(step), share(step + 1));
            let colour = knob.colour((from + to) / 2.0).unwrap_or(style::ACCENT);
            painter.rect_filled(bar(x(from), x(to)), 0.0, colour);
        }
    } else {
        // What can go both ways grows from its middle.
        let origin = if (default - 0.5).abs() < 1e-3 { 0.5 } else { 0.0 };
        painter.rect_filled(bar(x(origin), x(value)), half, style::ACCENT);
    }
    // Where a double click goes back to; of no use while it is there.
    if (value - default).abs() > 0.02 {
        let tick = Rect::from_center_size(pos2(x(default), y), vec2(1.5, 7.0) * scale);
        painter.rect_filled(tick, 0.5 * scale, style::FAINT);
    }
    let radius = if over { 5.5 } else { 4.0 } * scale;
    let at = pos2(x(value).clamp(area.left() + radius, area.right() - radius), y);
    if over {
        painter.circle_filled(at, radius * 1.9, style::ACCENT.gamma_multiply(0.18));
    }
    painter.circle_filled(at, radius, if over { style::INK } else { style::ACCENT });
}
