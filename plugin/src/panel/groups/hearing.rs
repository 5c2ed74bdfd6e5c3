//! What is heard, and how sensitive the picture is to it.

use egui::Ui;
use klangbild_engine::knobs::Group;

use crate::panel::pass::Pass;

pub use crate::panel::scope::scope;

/// How much each part of the sound counts.
pub fn sensitivity(ui: &mut Ui, pass: &mut Pass<'_>) {
    super::turned(ui, pass, super::sliders(Group::Hearing));
}
