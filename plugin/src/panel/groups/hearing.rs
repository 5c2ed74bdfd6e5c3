//! What is heard, and how sensitive the picture is to it.

use egui::Ui;

use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;

pub use crate::panel::scope::scope;

/// How much each part of the sound counts.
pub fn sensitivity(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    let tip = "How much all of the sound counts.";
    slider(ui, pass, Knob::of(&params.sensitivity), "Sensitivity", tip);
    let tip = "How much the bass counts: below 150 Hz, and kick drums.";
    slider(ui, pass, Knob::of(&params.sensitivity_bass), "Bass", tip);
    let tip = "How much the middle counts: 150 Hz to 2 kHz, and snares.";
    slider(ui, pass, Knob::of(&params.sensitivity_mid), "Mid", tip);
    let tip = "How much the treble counts: above 2 kHz, and hats.";
    slider(ui, pass, Knob::of(&params.sensitivity_treble), "Treble", tip);
}
