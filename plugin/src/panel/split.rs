//! Side by side.

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2};

use super::style;

/// A part of a row.
#[derive(Clone, Copy)]
pub enum Part {
    /// So many pixels, at scale 1.
    Px(f32),
    /// A share of what is left.
    Share(f32),
}

/// Draws parts side by side, `gap` (at scale 1) apart, each from the top down.
pub fn split(ui: &mut Ui, parts: &[Part], gap: f32, mut draw: impl FnMut(usize, &mut Ui)) {
    let scale = style::scale(ui);
    let gap = gap * scale;
    let fixed: f32 = parts.iter().map(|part| if let Part::Px(px) = part { px * scale } else { 0.0 }).sum();
    let shares: f32 = parts.iter().map(|part| if let Part::Share(share) = part { *share } else { 0.0 }).sum();
    let room = ui.available_rect_before_wrap();
    let free = (room.width() - fixed - gap * parts.len().saturating_sub(1) as f32).max(0.0);
    let (mut left, mut bottom) = (room.left(), room.top());
    for (index, part) in parts.iter().enumerate() {
        let width = match part {
            Part::Px(px) => px * scale,
            Part::Share(share) => free * share / shares.max(1e-6),
        };
        let rect =
            Rect::from_min_max(pos2(left, room.top()), pos2(left + width, room.bottom().max(room.top())));
        let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)));
        draw(index, &mut inner);
        bottom = bottom.max(inner.min_rect().bottom());
        left += width + gap;
    }
    ui.advance_cursor_after_rect(Rect::from_min_max(room.min, pos2(room.right(), bottom)));
}
