//! How it is going: models and stage in one line, and what is wrong in lines of their own, each with its cure.

use std::sync::Arc;

use egui::{Color32, Galley, Sense, TextStyle, Ui, pos2, vec2};
use klangbild_engine::live::Models;

use super::frame_size::digits;
use super::pass::Pass;
use super::style;
use super::view::View;

/// With so much room, at scale 1, models and stage stand side by side. Not by the length of their words: these change with
/// every frame, and nothing may move for that.
const ROOM_FOR_BOTH: f32 = 880.0;

/// Shows models and stage over the whole width.
pub fn state(ui: &mut Ui, pass: &Pass<'_>) {
    let view = pass.view;
    let scale = style::scale(ui);
    let (lamp, left, colour) = match pass.memory.losses.told(ui.input(|input| input.time)) {
        // In the place of the models' line, so that nothing moves while somebody aims.
        Some(lost) => {
            (style::WARM, format!("{lost} samples were not heard: the machine is too busy"), style::WARM)
        }
        None => {
            let (lamp, words) = models(view);
            (lamp, words, style::DIM)
        }
    };
    let lamp_room = 13.0 * scale;
    let (height, room) = (18.0 * scale, ui.available_width());
    let side_by_side = room / scale >= ROOM_FOR_BOTH;
    let size = vec2(room, if side_by_side { height } else { 2.0 * height });
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Status, ui.is_enabled(), left.as_str())
    });
    response.on_hover_text("Above or left: what paints the pictures. Below or right: what draws the stage.");
    let first = rect.with_max_y(rect.top() + height);
    ui.painter().circle_filled(first.left_center() + vec2(4.0 * scale, 0.0), 3.0 * scale, lamp);
    let fit = |text: String, room: f32| {
        let wrap = Some(egui::TextWrapMode::Truncate);
        egui::WidgetText::from(text).into_galley(ui, wrap, room, TextStyle::Small)
    };
    let draw = |x: f32, y: f32, galley: Arc<Galley>, colour: Color32| {
        let at = pos2(x, y - galley.size().y / 2.0);
        ui.painter().galley_with_override_text_color(at, galley, colour);
    };
    let left_x = first.left() + lamp_room;
    let second = fit(drawing(view), room - lamp_room);
    if side_by_side {
        let left = fit(left, room - lamp_room - second.size().x - 24.0 * scale);
        draw(left_x, first.center().y, left, colour);
        draw(rect.right() - second.size().x, first.center().y, second, style::DIM);
    } else {
        draw(left_x, first.center().y, fit(left, room - lamp_room), colour);
        draw(left_x, rect.bottom() - height / 2.0, second, style::DIM);
    }
}

fn models(view: &View<'_>) -> (Color32, String) {
    let pack = &view.status.pack;
    match &view.status.models {
        Models::Asleep => (style::FAINT, "Models rest".to_owned()),
        Models::Loading => {
            (style::INK, "Models are loading; until then the stage moves by the sound alone".to_owned())
        }
        Models::Running { provider, encoder_ms, generator_ms, picture_size, pictures_per_s, .. } => (
            style::ACCENT,
            format!(
                "{pack}: {provider}, {encoder_ms:.0} ms and {generator_ms:.0} ms, {pictures_per_s:.1}/s of {picture_size}"
            ),
        ),
        Models::Failed(_) => (style::WARM, "No models: the stage moves by the sound alone".to_owned()),
    }
}

fn drawing(view: &View<'_>) -> String {
    let drawing = view.drawing;
    if drawing.adapter.is_empty() {
        return "No graphics adapter".to_owned();
    }
    let size = if drawing.frame_px == drawing.window_px {
        digits(drawing.window_px)
    } else {
        format!("{} in {}", digits(drawing.frame_px), digits(drawing.window_px))
    };
    let tier = if drawing.tier.is_empty() { String::new() } else { format!(", scene: {}", drawing.tier) };
    format!("{}, {:.0} fps, {:.1} ms, {size}{tier}", drawing.adapter, drawing.fps, drawing.frame_ms)
}
