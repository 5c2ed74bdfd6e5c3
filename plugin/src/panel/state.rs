//! How it is going: models and stage in one line, and what is wrong in lines of their own, each with its cure.

use egui::{Align2, Color32, Sense, TextStyle, Ui, vec2};
use klangbild_engine::live::Models;

use super::frame_size::digits;
use super::pass::Pass;
use super::style;
use super::view::View;
use crate::settings::Settings;

/// Shows all of it over the whole width.
pub fn state(ui: &mut Ui, pass: &Pass<'_>) {
    let view = pass.view;
    let problems = problems(view);
    if !problems.is_empty() {
        ui.add_space(4.0 * style::scale(ui));
    }
    for line in problems {
        let mark = egui::RichText::new(line).small().color(style::WARM);
        ui.add(egui::Label::new(mark).wrap());
    }
    let scale = style::scale(ui);
    let font = TextStyle::Small.resolve(ui.style());
    let (lamp, models) = models(view);
    let drawing = drawing(view);
    let of = |text: String| ui.painter().layout_no_wrap(text, font.clone(), style::DIM);
    let (left, right) = (of(models.clone()), of(drawing.clone()));
    let lamp_room = 13.0 * scale;
    let (height, room) = (18.0 * scale, ui.available_width());
    let one_line = left.size().x + right.size().x + lamp_room + 24.0 * scale < room;
    let size = vec2(room, if one_line { height } else { 2.0 * height });
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.on_hover_text("Above or left: what paints the pictures. Below or right: what draws the stage.");
    let first = rect.with_max_y(rect.top() + height);
    ui.painter().circle_filled(first.left_center() + vec2(4.0 * scale, 0.0), 3.0 * scale, lamp);
    let fit = |text: String, room: f32| {
        egui::WidgetText::from(text).into_galley(
            ui,
            Some(egui::TextWrapMode::Truncate),
            room,
            TextStyle::Small,
        )
    };
    let left = fit(models, room - lamp_room);
    let at = |y: f32, galley: &egui::Galley| y - galley.size().y / 2.0;
    let left_at = egui::pos2(first.left() + lamp_room, at(first.center().y, &left));
    ui.painter().galley_with_override_text_color(left_at, left, style::DIM);
    if one_line {
        ui.painter().text(first.right_center(), Align2::RIGHT_CENTER, drawing, font, style::DIM);
    } else {
        let right = fit(drawing, room - lamp_room);
        let right_at = egui::pos2(first.left() + lamp_room, at(rect.bottom() - height / 2.0, &right));
        ui.painter().galley_with_override_text_color(right_at, right, style::DIM);
    }
}

fn models(view: &View<'_>) -> (Color32, String) {
    let pack = &view.status.pack;
    match &view.status.models {
        Models::Asleep => (style::FAINT, "Models rest".to_owned()),
        Models::Loading => {
            (style::INK, "Models are loading; until then the stage moves by the sound alone".to_owned())
        }
        Models::Running { provider, encoder_ms, generator_ms, pictures_per_s } => (
            style::ACCENT,
            format!(
                "{pack}: {provider}, {encoder_ms:.0} ms and {generator_ms:.0} ms, {pictures_per_s:.1} pictures/s"
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
    format!("{}, {:.0} fps, {:.1} ms, {size}", drawing.adapter, drawing.fps, drawing.frame_ms)
}

/// What is wrong, a line each.
fn problems(view: &View<'_>) -> Vec<String> {
    let (status, settings): (_, &Settings) = (view.status, view.settings);
    let mut lines = Vec::new();
    if view.params.bypass.value() {
        lines.push("Bypassed: the picture rests, the sound goes on".to_owned());
    }
    if let Models::Failed(error) = &status.models {
        lines.push(format!("The models do not run: {error}"));
    }
    lines.extend(status.pack_error.iter().map(|error| format!("Pack {}: {error}", settings.pack)));
    lines.extend(status.fallbacks.iter().cloned());
    if status.overruns > 0 {
        lines.push(format!("{} samples were not heard: the machine is too busy", status.overruns));
    }
    lines
}
