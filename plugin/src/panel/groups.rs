//! What can be turned, by what it does. Each group has two parts, which stand side by side where there is room.

mod hearing;
mod look;
mod models;
mod motion;
mod output;
mod scene;
mod viewer;
mod words;

use egui::{Align2, Sense, TextStyle, Ui, vec2};
use klangbild_engine::knobs::{Group, Kind, KnobId};

use super::param::Knob;
use super::pass::Pass;
use super::slider::slider;
use super::style;
use super::tab::Tab;

pub use scene::strip;
pub use words::strip as words_strip;

/// A part of a group.
pub type Part = fn(&mut Ui, &mut Pass<'_>);

/// The parts of a group.
pub fn parts(tab: Tab) -> [Part; 2] {
    match tab {
        Tab::Motion => [motion::flow, motion::steps],
        Tab::Words => [words::first, words::second],
        Tab::Scene => [scene::first, scene::second],
        Tab::Look => [look::first, look::second],
        Tab::Hearing => [hearing::scope, hearing::sensitivity],
        Tab::Output => [output::stills, output::videos],
    }
}

/// The group's numbers, in the table's order: a new row is a new slider.
fn sliders(group: Group) -> impl Iterator<Item = KnobId> {
    let numbers = group.knobs().filter(|knob| matches!(knob.kind, Kind::Number(_) | Kind::Whole(_)));
    numbers.map(|knob| knob.id)
}

/// A slider each.
fn turned(ui: &mut Ui, pass: &mut Pass<'_>, knobs: impl Iterator<Item = KnobId>) {
    let params = pass.view.params;
    knobs.for_each(|id| slider(ui, pass, Knob::of(params, id)));
}

/// Words before what they name, in a row of its height.
fn label(ui: &mut Ui, words: &str) {
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let font = TextStyle::Body.resolve(ui.style());
    ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, words, font, style::DIM);
}
