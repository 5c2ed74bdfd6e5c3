//! What suits whoever watches: a list of its own, so that nothing of it is turned by the way.

use egui::Ui;
use klangbild_engine::knobs::{Group, Kind, Knob, KnobId, Value};

use crate::panel::menu;
use crate::panel::pass::Pass;
use crate::panel::wish::Wish;

/// The list. What is in force stands on it while it is closed: whether light may flash, before all else.
pub fn list(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let viewer = &view.params.viewer;
    let now = |id: KnobId| viewer.get(id).unwrap_or_else(|| id.knob().default());
    let turned = Group::Viewer.knobs().filter(|knob| now(knob.id) != knob.default());
    let turned: Vec<_> = turned.map(|knob| knob.id).collect();
    let shown = match turned[..] {
        [] => "For all viewers",
        [KnobId::LimitFlashes, ..] => "May flash",
        [id] => id.knob().label,
        _ => "For some viewers",
    };
    // What a file says of its flashes is written when it begins.
    let writes = view.recording.is_some() || view.bouncing.is_some();
    let tip = "What suits whoever watches: flashes, motion, colours. No host and no preset changes it.";
    menu::menu(ui, pass, Group::Viewer.name(), shown, tip, |ui, pass| {
        for Knob { id, label, help, kind, .. } in Group::Viewer.knobs() {
            let value = now(*id);
            match kind {
                Kind::Switch { .. } if *id == KnobId::LimitFlashes && writes => {
                    menu::dimmed(
                        ui,
                        label,
                        "Not while a video is written, which says whether light may flash.",
                    );
                }
                Kind::Switch { .. } => {
                    let on = value == Value::Switch(true);
                    if menu::line(ui, label, on, help) {
                        pass.wish(Wish::Viewer(*id, Value::Switch(!on)));
                    }
                }
                Kind::Choice(choices) => {
                    menu::heading(ui, label);
                    for (place, name) in choices.names.iter().enumerate() {
                        let chosen = value == Value::Choice(place);
                        if menu::line(ui, name, chosen, help) && !chosen {
                            pass.wish(Wish::Viewer(*id, Value::Choice(place)));
                        }
                    }
                }
                _ => {}
            }
        }
    });
}
