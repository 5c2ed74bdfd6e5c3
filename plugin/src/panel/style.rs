//! The look of the panel: made for a dark room and for pictures of any colour behind it.
//!
//! Everything grows with the window: sizes are written for a window of 1280 x 720 and multiplied by [`scale`].

use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Theme, Ui, Vec2, vec2,
};

/// Text and lit things.
pub const INK: Color32 = Color32::from_rgb(238, 240, 244);
/// Text that steps back: labels, headings.
pub const DIM: Color32 = Color32::from_rgb(182, 188, 198);
/// Marks that are no text.
pub const FAINT: Color32 = Color32::from_rgb(116, 122, 133);
/// The one colour that says "this is on", "this much".
pub const ACCENT: Color32 = Color32::from_rgb(118, 216, 220);
/// Trouble, and what cannot be taken back.
pub const WARM: Color32 = Color32::from_rgb(255, 166, 122);
/// What records.
pub const RED: Color32 = Color32::from_rgb(255, 92, 86);
/// The ground that text stands on; the picture shines through a little.
const GROUND: Color32 = Color32::from_rgb(7, 8, 11);
const GROUND_SHARE: f32 = 0.84;

/// Height of a button; the unit from which [`scale`] is read.
const BUTTON: f32 = 26.0;
/// Window for which all sizes are written.
const DESIGNED_FOR: Vec2 = vec2(1280.0, 720.0);

/// Dresses a context; call it once, before its first frame.
pub fn dress(ctx: &egui::Context) {
    fit(ctx, 1.0);
}

/// Pixels to a pixel of the design, in this `ui`.
pub fn scale(ui: &Ui) -> f32 {
    ui.spacing().interact_size.y / BUTTON
}

/// The scale for a window of this size: a large window is looked at from further away. In steps, because each one makes all
/// glyphs anew.
pub fn scale_for(window: Vec2) -> f32 {
    let room = (window / DESIGNED_FOR).min_elem();
    ((room.max(1.0).powf(0.7) * 4.0).floor() / 4.0).clamp(1.0, 3.0)
}

/// The ground, for what lies on top of the picture.
pub fn ground() -> Color32 {
    GROUND.gamma_multiply(GROUND_SHARE)
}

/// Light of this strength on whatever is below.
pub fn light(share: f32) -> Color32 {
    Color32::WHITE.gamma_multiply(share)
}

/// Headings.
pub fn heading_font(ui: &Ui) -> FontId {
    FontId::proportional(10.5 * scale(ui))
}

/// Dresses a context at a scale.
pub fn fit(ctx: &egui::Context, scale: f32) {
    ctx.set_theme(Theme::Dark);
    ctx.all_styles_mut(|style| {
        let font = |size: f32| FontId::new(size * scale, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, font(12.0)),
            (TextStyle::Body, font(13.5)),
            (TextStyle::Button, font(13.5)),
            (TextStyle::Monospace, font(13.5)),
            (TextStyle::Heading, font(15.0)),
        ]
        .into();
        // Selecting text takes the keyboard, which belongs to the host.
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.6;
        style.explanation_tooltips = false;
        let margin = |side: f32| (side * scale).round() as i8;
        let spacing = &mut style.spacing;
        spacing.item_spacing = vec2(6.0, 4.0) * scale;
        spacing.button_padding = vec2(9.0, 3.0) * scale;
        spacing.interact_size = vec2(BUTTON, BUTTON) * scale;
        spacing.tooltip_width = 300.0 * scale;
        spacing.menu_margin = Margin::same(margin(6.0));
        spacing.window_margin = Margin::same(margin(8.0));
        spacing.scroll.floating_width = 4.0 * scale;
        spacing.scroll.bar_width = 6.0 * scale;
        let visuals = &mut style.visuals;
        visuals.override_text_color = Some(INK);
        visuals.window_fill = GROUND.gamma_multiply(0.95);
        visuals.panel_fill = Color32::TRANSPARENT;
        visuals.window_stroke = Stroke::new(1.0, light(0.10));
        visuals.menu_corner_radius = radius(scale);
        visuals.window_corner_radius = radius(scale);
        let shadow =
            Shadow { offset: [0, 4], blur: 18, spread: 0, color: Color32::BLACK.gamma_multiply(0.5) };
        visuals.popup_shadow = shadow;
        visuals.window_shadow = shadow;
        visuals.selection.bg_fill = ACCENT.gamma_multiply(0.30);
        visuals.selection.stroke = Stroke::new(1.0, INK);
        visuals.text_cursor.stroke = Stroke::new(1.5 * scale, ACCENT);
        visuals.error_fg_color = WARM;
        visuals.warn_fg_color = WARM;
        visuals.hyperlink_color = ACCENT;
    });
}

/// Rounding of everything that has corners.
pub fn radius(scale: f32) -> CornerRadius {
    CornerRadius::same((5.0 * scale).round() as u8)
}
