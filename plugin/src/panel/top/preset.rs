//! The choice of a preset: saving under a name, going back to what was saved, and deleting one's own.

use egui::{Id, Key, Ui};

use crate::panel::asked::asked;
use crate::panel::icon::Icon;
use crate::panel::pass::{Pass, Question};
use crate::panel::split::{Part, split};
use crate::panel::thumbnail::Thumbnail;
use crate::panel::top::tags;
use crate::panel::wish::Wish;
use crate::panel::{button, field, menu};
use crate::preset::ListedPreset;

/// The heading over presets that come with the program.
const FACTORY: &str = "Factory";

/// The list, and arrows where it is `roomy`: they go from one preset of the chosen tag to the next.
pub fn preset(ui: &mut Ui, pass: &mut Pass<'_>, roomy: bool) {
    if !roomy {
        return chosen(ui, pass);
    }
    split(ui, &[Part::Px(26.0), Part::Share(1.0), Part::Px(26.0)], 3.0, |index, ui| match index {
        0 => step(ui, pass, Icon::Previous, "Previous preset", -1),
        1 => chosen(ui, pass),
        _ => step(ui, pass, Icon::Next, "Next preset", 1),
    });
}

fn chosen(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let now = match (view.settings.preset.as_str(), view.preset_changed) {
        ("", _) => "No preset".to_owned(),
        (name, true) => format!("{name} •"),
        (name, false) => name.to_owned(),
    };
    let tip = match view.preset_changed {
        true => "A look with a name, changed since it was chosen: save it, go back to it, or choose another.",
        false => "A look with a name: choose, save or delete.",
    };
    menu::menu(ui, pass, "Preset", &now, tip, list);
}

/// All names, as they stand in the list.
fn names<'a>(pass: &Pass<'a>) -> Vec<&'a String> {
    let tag = tags::chosen(pass);
    let all = pass.view.factory_presets.iter().chain(pass.view.own_presets);
    all.filter(|preset| preset.has(&tag)).map(|preset| &preset.name).collect()
}

fn step(ui: &mut Ui, pass: &mut Pass<'_>, icon: Icon, name: &str, by: isize) {
    if !button::sign(ui, icon, name, name, None) {
        return;
    }
    let names = names(pass);
    let now = names.iter().position(|name| **name == pass.view.settings.preset);
    // Without a preset, forward means the first and back the last.
    let next = match now {
        Some(now) => (now as isize + by).rem_euclid(names.len() as isize) as usize,
        None if by > 0 => 0,
        None => names.len().saturating_sub(1),
    };
    if let Some(name) = names.get(next) {
        pass.wish(Wish::Preset((*name).clone()));
    }
}

fn list(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let now = &view.settings.preset;
    let own = view.own_presets.iter().any(|preset| preset.name == *now);
    save_as(ui, pass);
    if view.preset_changed && !now.is_empty() {
        changed(ui, pass, now, own);
    }
    if own {
        let tip = "It cannot be brought back.";
        if asked(ui, pass, Question::Delete(now.clone()), &format!("Delete \"{now}\""), tip) {
            pass.wish(Wish::DeletePreset(now.clone()));
            ui.close();
        }
    }
    tags::tags(ui, pass);
    let tag = tags::chosen(pass);
    for (title, presets) in [(FACTORY, view.factory_presets), ("Your own", view.own_presets)] {
        let shown: Vec<&ListedPreset> = presets.iter().filter(|preset| preset.has(&tag)).collect();
        if !shown.is_empty() {
            menu::heading(ui, title);
        }
        for ListedPreset { name, about, .. } in shown {
            let picture = Thumbnail::of_preset(name).filter(|_| title == FACTORY);
            if menu::pictured(ui, name, name == now, about, picture, 0.0) {
                pass.wish(Wish::Preset(name.clone()));
            }
        }
    }
}

/// A name, and what happens under it.
fn save_as(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let id = Id::unique("klangbild preset name");
    let mut entered = false;
    split(ui, &[Part::Share(1.0), Part::Px(64.0)], 4.0, |index, ui| match index {
        0 => {
            let memory = &mut *pass.memory;
            let name = &mut memory.preset_name;
            let field = field::draft(ui, &mut memory.fields, name, id, "Preset name", "Save as");
            entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        }
        _ => {
            let tip = "Saves everything as it is now, the seed aside, as your own preset of this name.";
            entered |= button::words(ui, "Save", tip);
        }
    });
    let name = pass.memory.preset_name.trim().to_owned();
    let named = |presets: &[ListedPreset]| {
        let mut names = presets.iter().map(|preset| &preset.name);
        names.find(|other| other.to_lowercase() == name.to_lowercase()).cloned()
    };
    if let Some(taken) = named(view.factory_presets) {
        menu::heading(ui, &format!("\"{taken}\" comes with Klangbild: choose another name"));
        return;
    }
    if entered && !name.is_empty() {
        match named(view.own_presets) {
            Some(taken) => pass.memory.asked = Some(Question::Replace(taken)),
            None => save(ui, pass, name.clone()),
        }
    }
    // Answered by a second click on words that say what will happen.
    if let Some(taken) = named(view.own_presets)
        && pass.memory.asked == Some(Question::Replace(taken.clone()))
        && button::words(ui, &format!("Really replace \"{taken}\"?"), "What it was is gone then.")
    {
        save(ui, pass, taken);
    }
}

/// What can be done about changes.
fn changed(ui: &mut Ui, pass: &mut Pass<'_>, now: &str, own: bool) {
    let parts = [Part::Share(1.0); 2];
    let mut wished = None;
    split(ui, if own { &parts[..] } else { &parts[..1] }, 4.0, |index, ui| {
        if index == 0 {
            if button::words(ui, "Go back", &format!("Makes everything as \"{now}\" has it.")) {
                wished = Some(Wish::Preset(now.to_owned()));
            }
        } else {
            let tip = "What it was is gone then.";
            if asked(ui, pass, Question::Update(now.to_owned()), "Save changes", tip) {
                wished = Some(Wish::SavePreset(now.to_owned()));
            }
        }
    });
    if let Some(wish) = wished {
        pass.wish(wish);
        ui.close();
    }
}

fn save(ui: &mut Ui, pass: &mut Pass<'_>, name: String) {
    pass.memory.preset_name.clear();
    pass.memory.asked = None;
    pass.wish(Wish::SavePreset(name));
    ui.close();
}
