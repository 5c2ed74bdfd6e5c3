//! What the stage does with the pictures. The scene stands at the top of the panel.

use egui::Ui;
use klangbild_engine::knobs::Group;

use super::sliders;
use crate::panel::pass::Pass;

/// The first half of the group.
pub fn first(ui: &mut Ui, pass: &mut Pass<'_>) {
    super::turned(ui, pass, sliders(Group::Look).take(half()));
}

/// The rest.
pub fn second(ui: &mut Ui, pass: &mut Pass<'_>) {
    super::turned(ui, pass, sliders(Group::Look).skip(half()));
}

fn half() -> usize {
    sliders(Group::Look).count().div_ceil(2)
}
