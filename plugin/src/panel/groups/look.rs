//! What the stage does with the pictures. The scene stands at the top of the panel.

use egui::Ui;
use klangbild_engine::knobs::{Group, Kind};

use super::sliders;
use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::split::{Part, split};
use crate::panel::{button, menu};

/// The first half of the group.
pub fn first(ui: &mut Ui, pass: &mut Pass<'_>) {
    super::turned(ui, pass, sliders(Group::Look).take(half()));
}

/// The rest, and what is on or off or one of a few.
pub fn second(ui: &mut Ui, pass: &mut Pass<'_>) {
    super::turned(ui, pass, sliders(Group::Look).skip(half()));
    let params = pass.view.params;
    for id in Group::Look.knobs().map(|knob| knob.id) {
        let knob = Knob::of(params, id);
        match knob.kind() {
            Kind::Switch { .. } => button::switch(ui, pass, knob),
            Kind::Choice(_) => {
                split(ui, &[Part::Share(1.0), Part::Share(1.0)], 4.0, |index, ui| match index {
                    0 => super::label(ui, knob.label()),
                    _ => menu::choice(ui, pass, knob),
                })
            }
            _ => {}
        }
    }
}

fn half() -> usize {
    sliders(Group::Look).count().div_ceil(2)
}
