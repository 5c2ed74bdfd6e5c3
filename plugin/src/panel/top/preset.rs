//! The choice of a preset, and saving and deleting one's own.

use egui::{Id, Key, Ui};

use crate::panel::icon::Icon;
use crate::panel::pass::Pass;
use crate::panel::split::{Part, split};
use crate::panel::view::View;
use crate::panel::wish::Wish;
use crate::panel::{button, field, menu};

/// Arrows and list.
pub fn preset(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    split(ui, &[Part::Px(26.0), Part::Share(1.0), Part::Px(26.0)], 3.0, |index, ui| match index {
        0 => step(ui, pass, Icon::Previous, "Previous preset", -1),
        1 => {
            let now = match view.settings.preset.as_str() {
                "" => "No preset",
                name => name,
            };
            menu::menu(ui, pass, "Preset", now, "A look with a name: choose, save or delete.", list);
        }
        _ => step(ui, pass, Icon::Next, "Next preset", 1),
    });
}

/// All names, as they stand in the list.
fn names<'a>(view: &View<'a>) -> Vec<&'a String> {
    view.factory_presets.iter().chain(view.own_presets).collect()
}

fn step(ui: &mut Ui, pass: &mut Pass<'_>, icon: Icon, name: &str, by: isize) {
    if !button::sign(ui, icon, name, name, None) {
        return;
    }
    let names = names(pass.view);
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
    for (title, names) in [("Factory", view.factory_presets), ("Your own", view.own_presets)] {
        if !names.is_empty() {
            menu::heading(ui, title);
        }
        for name in names {
            if menu::line(ui, name, name == now, "") {
                pass.wish(Wish::Preset(name.clone()));
            }
        }
    }
    menu::heading(ui, "Save as");
    save(ui, pass);
    if view.own_presets.contains(now) {
        delete(ui, pass, now);
    }
}

fn save(ui: &mut Ui, pass: &mut Pass<'_>) {
    let id = Id::unique("klangbild preset name");
    split(ui, &[Part::Share(1.0), Part::Px(52.0)], 4.0, |index, ui| {
        let memory = &mut *pass.memory;
        let wished = match index {
            0 => {
                let name = &mut memory.preset_name;
                let field = field::draft(ui, &mut memory.fields, name, id, "Preset name", "Name");
                field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
            }
            _ => button::words(ui, "Save", "Saves everything as it is now as your own preset of this name."),
        };
        let name = pass.memory.preset_name.trim().to_owned();
        if wished && !name.is_empty() {
            pass.memory.preset_name.clear();
            pass.wish(Wish::SavePreset(name));
            ui.close();
        }
    });
}

fn delete(ui: &mut Ui, pass: &mut Pass<'_>, name: &str) {
    let sure = pass.memory.deleting.as_deref() == Some(name);
    ui.add_space(2.0);
    let (label, tip) = match sure {
        false => (format!("Delete \"{name}\""), "Asks once more before it deletes."),
        true => (format!("Really delete \"{name}\"?"), "It cannot be brought back."),
    };
    if button::words(ui, &label, tip) {
        if sure {
            pass.memory.deleting = None;
            pass.wish(Wish::DeletePreset(name.to_owned()));
            ui.close();
        } else {
            pass.memory.deleting = Some(name.to_owned());
        }
    }
}
