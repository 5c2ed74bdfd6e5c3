//! What has just happened, at the bottom, also while the panel is hidden.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{
    Align2, Area, Color32, Context, Galley, Id, Order, Pos2, Rect, Response, Sense, Stroke, StrokeKind,
    TextStyle, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::clock::clock;
use super::icon::Icon;
use super::view::{Bounced, View};
use super::wish::Wish;
use super::{button, style};
use crate::notice::Notice;

/// Widest line, at scale 1.
const WIDEST: f32 = 560.0;

/// Shows notices with their lower edge in the middle at `bottom`; whether the pointer is over one of them.
pub fn toasts(ctx: &Context, view: &View<'_>, bottom: Pos2, wishes: &mut Vec<Wish>) -> bool {
    if view.notices.is_empty() && view.hint.is_none() && view.bouncing.is_none() {
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
            if let Some(bounced) = view.bouncing {
                over |= progress(ui, bounced, wishes);
            }
            for notice in view.notices {
                over |= self::notice(ui, notice, wishes);
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
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.painter().rect_filled(rect, 0.5 * rect.height(), style::ground());
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, style::INK);
}

/// How the bounce is doing; whether the pointer is over it.
fn progress(ui: &mut Ui, bounced: &Bounced, wishes: &mut Vec<Wish>) -> bool {
    let words = format!("Bouncing: {}, {} frames", clock(bounced.seconds), bounced.frames);
    let toast = Toast::new(ui, &words, style::INK, 52.0);
    let over = toast.show(ui, &words, style::ACCENT);
    let tip = "Ends the video here, and completes its file. The host's render goes on.";
    if button::words(&mut toast.last(ui, 52.0), "Stop", tip) {
        wishes.push(Wish::StopBounce);
    }
    over
}

/// Shows a notice; whether the pointer is over it.
fn notice(ui: &mut Ui, notice: &Notice, wishes: &mut Vec<Wish>) -> bool {
    let scale = style::scale(ui);
    let sign = ui.spacing().interact_size.y / scale;
    let open = if notice.path.is_some() { 52.0 } else { 0.0 };
    let (mark, ink) = match notice.is_error {
        true => (style::WARM, style::WARM.lerp_to_gamma(style::INK, 0.35)),
        false => (style::ACCENT, style::INK),
    };
    let toast = Toast::new(ui, &notice.text, ink, open + sign);
    let over = toast.show(ui, &notice.text, mark);
    if button::sign(&mut toast.last(ui, sign), Icon::Close, "Dismiss", "Takes this line away.", None) {
        wishes.push(Wish::Dismiss(notice.id));
    }
    if let Some(path) = &notice.path {
        let tip = format!("Shows {}", path.display());
        if button::words(&mut toast.before(ui, sign, open - 4.0), "Open", &tip) {
            wishes.push(Wish::Open(path.clone()));
        }
    }
    over
}

/// A line on a ground of its own, with a mark before it and room for buttons behind it.
struct Toast {
    rect: Rect,
    response: Response,
    galley: Arc<Galley>,
    ink: Color32,
}

impl Toast {
    /// Makes room; `buttons` is the width behind the line, at scale 1.
    fn new(ui: &mut Ui, words: &str, ink: Color32, buttons: f32) -> Self {
        let scale = style::scale(ui);
        let widest = (WIDEST * scale).min(ui.ctx().content_rect().width() - 24.0 * scale);
        let around = (14.0 + buttons + 14.0) * scale;
        let font = TextStyle::Body.resolve(ui.style());
        let galley = ui.painter().layout(words.to_owned(), font, ink, (widest - around).max(60.0));
        let button_px = ui.spacing().interact_size.y;
        let height = galley.size().y.max(button_px - 4.0 * scale) + 14.0 * scale;
        let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + around, height), Sense::hover());
        Self { rect, response, galley, ink }
    }

    /// Draws it; whether the pointer is over it.
    fn show(&self, ui: &Ui, words: &str, mark_colour: Color32) -> bool {
        let (scale, rect) = (style::scale(ui), self.rect);
        self.response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        let edge = Stroke::new(1.0, style::light(0.10));
        ui.painter().rect(rect, style::radius(scale), style::ground(), edge, StrokeKind::Inside);
        let mark = Rect::from_min_size(
            rect.min + vec2(5.0, 7.0) * scale,
            vec2(2.5 * scale, rect.height() - 14.0 * scale),
        );
        ui.painter().rect_filled(mark, 1.0 * scale, mark_colour);
        let at = pos2(rect.left() + 14.0 * scale, rect.center().y - self.galley.size().y / 2.0);
        ui.painter().galley_with_override_text_color(at, Arc::clone(&self.galley), self.ink);
        ui.rect_contains_pointer(rect)
    }

    /// Room for the last button, so wide at scale 1.
    fn last(&self, ui: &mut Ui, width: f32) -> Ui {
        self.before(ui, 0.0, width)
    }

    /// Room for a button, so wide at scale 1, that has so much behind it.
    fn before(&self, ui: &mut Ui, behind: f32, width: f32) -> Ui {
        let scale = style::scale(ui);
        let right = self.rect.right() - (6.0 + behind + if behind > 0.0 { 4.0 } else { 0.0 }) * scale;
        let size = vec2(width * scale, ui.spacing().interact_size.y);
        let centre = pos2(right - size.x / 2.0, self.rect.center().y);
        ui.new_child(UiBuilder::new().max_rect(Rect::from_center_size(centre, size)))
    }
}
