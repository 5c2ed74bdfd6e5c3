//! What the stage does with the pictures.

use egui::Ui;

use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;

/// Form and colour.
pub fn shape(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    let tip = "How strongly the sound moves the picture.";
    slider(ui, pass, Knob::of(&params.intensity), "Intensity", tip);
    slider(ui, pass, Knob::of(&params.hue), "Hue", "Turns all colours around the colour circle.");
    slider(ui, pass, Knob::of(&params.zoom), "Zoom", "Magnifies the picture; 1 x fills the frame.");
    slider(ui, pass, Knob::of(&params.feedback), "Feedback", "How long trails last.");
    let tip = "How deep the picture looks where light falls on it.";
    slider(ui, pass, Knob::of(&params.relief), "Relief", tip);
}

/// Light and film.
pub fn light(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    let tip = "How bright the picture is, in stops: one more is twice the light.";
    slider(ui, pass, Knob::of(&params.exposure), "Exposure", tip);
    let tip = "Light that bright places shed around them.";
    slider(ui, pass, Knob::of(&params.bloom), "Bloom", tip);
    slider(ui, pass, Knob::of(&params.grain), "Grain", "Film grain.");
    slider(ui, pass, Knob::of(&params.vignette), "Vignette", "How dark the corners are.");
}
