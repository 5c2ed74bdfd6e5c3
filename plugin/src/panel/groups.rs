//! What can be turned, by what it does. Each group has two parts, which stand side by side where there is room.

mod hearing;
mod look;
mod motion;
mod output;

use egui::Ui;

use super::pass::Pass;
use super::tab::Tab;

/// A part of a group.
pub type Part = fn(&mut Ui, &mut Pass<'_>);

/// The parts of a group.
pub fn parts(tab: Tab) -> [Part; 2] {
    match tab {
        Tab::Motion => [motion::flow, motion::steps],
        Tab::Look => [look::shape, look::light],
        Tab::Hearing => [hearing::scope, hearing::sensitivity],
        Tab::Output => [output::stills, output::videos],
    }
}
