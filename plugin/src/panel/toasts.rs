//! What has just happened, at the bottom, also while the panel is hidden.

use egui::{
    Align2, Area, Context, Id, Order, Pos2, Rect, Sense, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, pos2,
    vec2,
};

use super::icon::Icon;
use super::view::View;
use super::wish::Wish;
use super::{button, style};
use crate::notice::Notice;

/// Widest line, at scale 1.
const WIDEST: f32 = 560.0;

/// Shows notices with their lower edge in the middle at `bottom`; whether the pointer is over one of them.
pub fn toasts(ctx: &Context, view: &View<'_>, bottom: Pos2, wishes: &mut Vec<Wish>) -> bool {
    if view.notices.is_empty() && view.hint.is_none() {
        return false;
    }
    let mut over = false;
    Area::new(Id::unique("klangbild notices"))
        .order(Order::Foreground)
        .pivot(Align2::CENTER_BOTTOM)
        .fixed_pos(bottom)
        .fade_in(false)
        .layout(egui::Layout::top_down(egui::Align::Center))
        .show(ctx, |ui| {
            if let Some(hint) = view.hint {
                ui.scope(|ui| {
                    ui.set_opacity(hint.strength);
                    say(ui, hint.words);
                });
            }
            for notice in view.notices {
                over |= toast(ui, notice, wishes);
            }
        });
    over
}

/// A few words that nobody has to answer.
fn say(ui: &mut Ui, words: &str) {
    let scale = style::scale(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let widest = ui.ctx().content_rect().width() - 48.0 * scale;
    let galley = ui.painter().layout(words.to_owned(), font, style::INK, widest);
    let size = galley.size() + vec2(28.0, 12.0) * scale;
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words));
    ui.painter().rect_filled(rect, 0.5 * rect.height(), style::ground());
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, style::INK);
}

/// Shows one; whether the pointer is over it.
fn toast(ui: &mut Ui, notice: &Notice, wishes: &mut Vec<Wish>) -> bool {
    let scale = style::scale(ui);
    let widest = (WIDEST * scale).min(ui.ctx().content_rect().width() - 24.0 * scale);
    let button_px = ui.spacing().interact_size.y;
    let open_px = if notice.path.is_some() { 52.0 * scale } else { 0.0 };
    let around = 14.0 * scale + open_px + button_px + 14.0 * scale;
    let font = TextStyle::Body.resolve(ui.style());
    let galley = ui.painter().layout(notice.text.clone(), font, style::INK, (widest - around).max(60.0));
    let height = galley.size().y.max(button_px - 4.0 * scale) + 14.0 * scale;
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + around, height), Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, notice.text.as_str()));
    let edge = Stroke::new(1.0, style::light(0.10));
    let ground = style::ground();
    ui.painter().rect(rect, style::radius(scale), ground, edge, StrokeKind::Inside);
    let colour = if notice.is_error { style::WARM } else { style::ACCENT };
    let mark =
        Rect::from_min_size(rect.min + vec2(5.0, 7.0) * scale, vec2(2.5 * scale, height - 14.0 * scale));
    ui.painter().rect_filled(mark, 1.0 * scale, colour);
    let text_colour = if notice.is_error { style::WARM.lerp_to_gamma(style::INK, 0.35) } else { style::INK };
    let at = pos2(rect.left() + 14.0 * scale, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, text_colour);

    let close = Rect::from_center_size(
        pos2(rect.right() - 6.0 * scale - button_px / 2.0, rect.center().y),
        vec2(button_px, button_px),
    );
    let mut inner = ui.new_child(UiBuilder::new().max_rect(close));
    if button::sign(&mut inner, Icon::Close, "Dismiss", "Takes this line away.", None) {
        wishes.push(Wish::Dismiss(notice.id));
    }
    if let Some(path) = &notice.path {
        let open = close.translate(vec2(-open_px, 0.0)).with_max_x(close.left() - 4.0 * scale);
        let mut inner = ui.new_child(UiBuilder::new().max_rect(open));
        let tip = format!("Shows {}", path.display());
        if button::words(&mut inner, "Open", &tip) {
            wishes.push(Wish::Open(path.clone()));
        }
    }
    ui.rect_contains_pointer(rect)
}
