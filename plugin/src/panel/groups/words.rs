//! What the pictures follow: phrases, a picture of the user's own, and how far.

use std::path::PathBuf;

use egui::Ui;
use klangbild_engine::knobs::{Group, KnobId};
use klangbild_engine::words::{SETS, USUAL_AMOUNT, Wording};

use super::{sliders, turned};
use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;
use crate::panel::split::{Part, split};
use crate::panel::{field, menu};

/// All of it in one row.
pub fn strip(ui: &mut Ui, pass: &mut Pass<'_>) {
    let knobs: Vec<KnobId> = sliders(Group::Words).collect();
    let mut parts = vec![Part::Share(1.9), Part::Px(92.0)];
    parts.extend(knobs.iter().map(|_| Part::Share(1.0)));
    split(ui, &parts, 12.0, |index, ui| match index {
        0 => phrases(ui, pass),
        1 => more(ui, pass),
        _ => slider(ui, pass, Knob::of(pass.view.params, knobs[index - 2])),
    });
}

/// What is said.
pub fn first(ui: &mut Ui, pass: &mut Pass<'_>) {
    phrases(ui, pass);
    more(ui, pass);
}

/// How far it leads.
pub fn second(ui: &mut Ui, pass: &mut Pass<'_>) {
    turned(ui, pass, sliders(Group::Words));
}

/// The phrases in one field.
fn phrases(ui: &mut Ui, pass: &mut Pass<'_>) {
    let now = pass.view.settings.words.text();
    let tip = "What the pictures follow, in English: up to four phrases with a semicolon between them.";
    if let Some(text) = field::value(ui, pass, "Phrases", &now, "a stormy sea; cathedral windows", tip) {
        let phrases = text.split(';').map(|phrase| phrase.trim().to_owned()).collect();
        let said = Wording { phrases, paint_like: pass.view.settings.words.paint_like.clone() };
        say(pass, said.bounded());
    }
}

/// Phrases to begin with, and a picture.
fn more(ui: &mut Ui, pass: &mut Pass<'_>) {
    let words = pass.view.settings.words.clone();
    let set = SETS.iter().find(|set| words.phrases == set.phrases);
    let shown = match (set, &words.paint_like) {
        (_, Some(_)) => "A picture",
        (Some(set), None) => set.name,
        (None, None) => "Sets",
    };
    let tip = "Phrases to begin with, and a picture of your own to paint like.";
    menu::menu(ui, pass, "Sets of words", shown, tip, |ui, pass| {
        menu::heading(ui, "Paint like");
        let like = words.paint_like.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
        let tip = "The path of a PNG or JPEG of your own: it follows the last phrase. Empty: none.";
        if let Some(text) = field::value(ui, pass, "Paint like", &like, "/path/of/a/picture.jpg", tip) {
            let file = text.trim().trim_matches('"');
            let paint_like = (!file.is_empty()).then(|| PathBuf::from(file));
            say(pass, Wording { paint_like, ..words.clone() });
        }
        menu::heading(ui, "Phrases");
        for set in SETS {
            let is_said = words.phrases == set.phrases;
            if menu::line(ui, set.name, is_said, &set.phrases.join("; ")) && !is_said {
                say(pass, Wording { paint_like: words.paint_like.clone(), ..set.wording() });
            }
        }
        if !words.is_empty() && menu::line(ui, "Nothing", false, "The pictures follow the music alone.") {
            say(pass, Wording::default());
        }
    });
}

/// Says it; words that did not count begin to.
fn say(pass: &mut Pass<'_>, words: Wording) {
    let amount = Knob::of(pass.view.params, KnobId::WordsAmount);
    if !words.is_empty() && amount.base() == 0.0 {
        pass.change(amount, USUAL_AMOUNT);
    }
    pass.set(|settings| settings.words = words);
}
