//! What the scene that plays lets people turn: as many knobs as it has controls, called and shown as the scene wants it.

use egui::Ui;
use klangbild_engine::knobs::{Group, KnobId};
use klangbild_engine::scene::control::{Control, Kind};

use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;
use crate::panel::split::{Part, split};
use crate::panel::{button, menu};

/// The first half of them, one below the other.
pub fn first(ui: &mut Ui, pass: &mut Pass<'_>) {
    let half = pass.view.bill.head.controls.len().div_ceil(2);
    if half == 0 {
        ui.label("This scene has nothing to turn.");
    }
    controls(pass).take(half).for_each(|(id, control)| show(ui, pass, id, control));
}

/// The rest.
pub fn second(ui: &mut Ui, pass: &mut Pass<'_>) {
    let half = pass.view.bill.head.controls.len().div_ceil(2);
    controls(pass).skip(half).for_each(|(id, control)| show(ui, pass, id, control));
}

/// All of them in rows of so many.
pub fn strip(ui: &mut Ui, pass: &mut Pass<'_>, columns: usize) {
    let all: Vec<_> = controls(pass).collect();
    for row in all.chunks(columns) {
        split(ui, &vec![Part::Share(1.0); columns], 22.0, |index, ui| {
            if let Some((id, control)) = row.get(index) {
                show(ui, pass, *id, control);
            }
        });
    }
}

fn controls<'a>(pass: &Pass<'a>) -> impl Iterator<Item = (KnobId, &'a Control)> + use<'a> {
    Group::Scene.knobs().map(|knob| knob.id).zip(&pass.view.bill.head.controls)
}

fn show(ui: &mut Ui, pass: &mut Pass<'_>, id: KnobId, control: &Control) {
    let params = pass.view.params;
    let knob = Knob::of_scene(params, id, control);
    match control.kind {
        Kind::Number | Kind::Colour => slider(ui, pass, knob),
        Kind::Switch => button::switch(ui, pass, knob),
        Kind::Choice => menu::named_choice(ui, pass, knob),
        Kind::Trigger => button::trigger(ui, pass, knob),
    }
}
