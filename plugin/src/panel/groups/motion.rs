//! How the pictures change.

use egui::Ui;
use klangbild_engine::knobs::{Group, Kind, KnobId};

use super::sliders;
use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::split::{Part, split};
use crate::panel::wish::Wish;
use crate::panel::{button, menu};

/// How fast and how far.
pub fn flow(ui: &mut Ui, pass: &mut Pass<'_>) {
    super::turned(ui, pass, sliders(Group::Motion));
}

/// When, and whether at all: two in a row.
pub fn steps(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    let mut steps: Vec<KnobId> = Group::Motion
        .knobs()
        .filter(|knob| !matches!(knob.kind, Kind::Number(_) | Kind::Whole(_)))
        .map(|knob| knob.id)
        .collect();
    // Those of a picture first, then those of a change of scene.
    steps.sort_by_key(|id| matches!(id, KnobId::Transition | KnobId::TransitionOn));
    for pair in steps.chunks(2) {
        split(ui, &[Part::Share(1.15), Part::Share(1.0)][..pair.len()], 4.0, |index, ui| {
            let Some(knob) = pair.get(index).map(|id| Knob::of(params, *id)) else { return };
            match knob.kind() {
                Kind::Choice(_) => menu::choice(ui, pass, knob),
                Kind::Act if pair[index] == KnobId::NextPicture => {
                    if button::words(ui, knob.label(), knob.help()) {
                        pass.wish(Wish::NextPicture);
                    }
                }
                _ => button::switch(ui, pass, knob),
            }
        });
    }
}
