//! How the pictures change.

use egui::Ui;

use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;
use crate::panel::split::{Part, split};
use crate::panel::wish::Wish;
use crate::panel::{button, menu};

/// How fast and how far.
pub fn flow(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    slider(ui, pass, Knob::of(&params.speed), "Speed", "How fast the pictures change.");
    let tip = "How far a hit pushes, and how readily a picture becomes another.";
    slider(ui, pass, Knob::of(&params.morph), "Morph", tip);
    let tip = "From plain, calm pictures to strange ones.";
    slider(ui, pass, Knob::of(&params.complexity), "Complexity", tip);
    let tip = "How slowly the picture follows the music.";
    slider(ui, pass, Knob::of(&params.smoothing), "Smoothing", tip);
}

/// When, and whether at all.
pub fn steps(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    split(ui, &[Part::Share(1.25), Part::Share(1.0)], 4.0, |index, ui| match index {
        0 => {
            let tip = "Steps fall on the beat of the host, or on the one that is heard.";
            button::switch(ui, pass, Knob::of(&params.beat_sync), "Beat sync", tip);
        }
        _ => {
            let tip = "How many beats lie between two steps.";
            menu::choice(ui, pass, Knob::of(&params.beat_division), "Beat division", tip);
        }
    });
    split(ui, &[Part::Share(1.0), Part::Share(1.25)], 4.0, |index, ui| match index {
        0 => {
            let tip = "The picture stands still; the stage still moves with the sound.";
            button::switch(ui, pass, Knob::of(&params.freeze), "Freeze", tip);
        }
        _ => {
            if button::words(ui, "Next picture", "Leaves this picture for another one.") {
                pass.wish(Wish::NextPicture);
            }
        }
    });
}
