//! Tooltips.

use egui::{RichText, Ui};

use super::style;

/// What a thing does, and below it how it is handled.
pub fn lines(ui: &mut Ui, what: &str, how: &str) {
    ui.label(what);
    ui.label(RichText::new(how).small().color(style::DIM));
}
