//! The top of the panel: presets, pack, scene, and what must be at hand in a window of any size.

mod capture;
mod preset;
mod tags;
mod window;

use egui::Ui;
use klangbild_engine::knobs::KnobId;

use super::icon::Icon;
use super::param::Knob;
use super::pass::Pass;
use super::split::{Part, split};
use super::thumbnail::Thumbnail;
use super::wish::Wish;
use super::{button, menu, style};
use crate::heads::ListedScene;

/// Less room than this, at scale 1, and presets are chosen from their list only.
const ROOM_FOR_ARROWS: f32 = 400.0;

/// Rows that the top takes, by the room there is at scale 1.
pub fn rows(width: f32) -> usize {
    match width {
        860.0.. => 1,
        420.0.. => 2,
        _ => 3,
    }
}

/// One row of `rows`.
pub fn row(ui: &mut Ui, pass: &mut Pass<'_>, row: usize, rows: usize) {
    match (row, rows) {
        (0, 1) => whole(ui, pass),
        (0, _) => first(ui, pass),
        (1, 2) => split(ui, &[Part::Share(1.0), Part::Px(276.0)], 10.0, |index, ui| match index {
            0 => pack(ui, pass),
            _ => scene(ui, pass),
        }),
        (1, _) => scene(ui, pass),
        _ => pack(ui, pass),
    }
}

/// All of it in one row, the scene in the middle of the window.
fn whole(ui: &mut Ui, pass: &mut Pass<'_>) {
    const GAP: f32 = 10.0;
    const SCENE: f32 = 288.0;
    let room = ui.available_width() / style::scale(ui);
    let left = (room - SCENE) / 2.0 - 2.0 * GAP;
    let (preset, pack_width) = ((left * 0.56).min(300.0), (left * 0.42).min(220.0));
    let parts = [
        Part::Px(preset),
        Part::Px(pack_width),
        Part::Px(left - preset - pack_width - GAP),
        Part::Px(SCENE),
        Part::Share(1.0),
        Part::Px(capture::width(pass, true)),
        Part::Px(window::width(pass)),
    ];
    split(ui, &parts, GAP, |index, ui| match index {
        0 => preset::preset(ui, pass, true),
        1 => pack(ui, pass),
        3 => scene(ui, pass),
        5 => capture::capture(ui, pass, true),
        6 => window::window(ui, pass),
        _ => {}
    });
}

/// What must always be at hand.
fn first(ui: &mut Ui, pass: &mut Pass<'_>) {
    let roomy = ui.available_width() / style::scale(ui) >= ROOM_FOR_ARROWS;
    let gap = if roomy { 10.0 } else { 6.0 };
    let parts = [Part::Share(1.0), Part::Px(capture::width(pass, roomy)), Part::Px(window::width(pass))];
    split(ui, &parts, gap, |index, ui| match index {
        0 => preset::preset(ui, pass, roomy),
        1 => capture::capture(ui, pass, roomy),
        _ => window::window(ui, pass),
    });
}

fn pack(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let now = &view.settings.pack;
    let title = view.packs.iter().find(|(reference, _)| reference == now).map_or(now, |(_, title)| title);
    split(ui, &[Part::Share(1.0), Part::Px(26.0)], 3.0, |index, ui| match index {
        0 => {
            let tip = "The models that paint: a pack of encoder and generator.";
            menu::menu(ui, pass, "Pack", title, tip, |ui, pass| {
                for (reference, title) in view.packs {
                    if menu::line(ui, title, reference == now, reference) && reference != now {
                        pass.set(|settings| settings.pack.clone_from(reference));
                    }
                }
            });
        }
        _ => {
            let tip = "Looks for packs, scenes and presets again, after files were put into their folders.";
            if button::sign(ui, Icon::Refresh, "Look again", tip, None) {
                pass.wish(Wish::Rescan);
            }
        }
    });
}

fn scene(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let (params, knob) = (view.params, Knob::of(view.params, KnobId::Scene));
    // What plays: a note may have chosen another than the parameter, and one that is broken does not.
    let plays = view.bill.scene;
    let name =
        view.scenes.iter().find(|scene| scene.scene == plays).map_or(plays.name(), |scene| &scene.name);
    let directed = pass.view.params.controls().director;
    let tip = match params.triggers.scene_of_note() {
        _ if directed => {
            "The director has chosen this scene; choose one here, and it plays until the next change."
        }
        Some(noted) if noted == plays => "A note has chosen this scene; choose one here, and that plays.",
        _ => knob.help(),
    };
    menu::menu(ui, pass, knob.label(), name, tip, scenes);
}

fn scenes(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    for is_own in [false, true] {
        let mut listed = view.scenes.iter().filter(|scene| scene.is_own == is_own).peekable();
        if is_own && listed.peek().is_some() {
            menu::heading(ui, "Your own");
        }
        for ListedScene { scene, name, about, error, .. } in listed {
            let plays = *scene == view.bill.scene;
            if let Some(error) = error {
                menu::dimmed(ui, name, error);
                continue;
            }
            let picture = if is_own { None } else { Thumbnail::of_scene(scene.name()) };
            let room = menu::star_room(ui);
            if menu::pictured(ui, name, plays, about, picture, room) {
                pass.wish(Wish::Scene(*scene));
            }
            let lit = view.settings.favourites.contains(scene);
            let tip = "The director chooses among favourites; among all scenes while there is none.";
            if menu::star(ui, scene.name(), name, picture.is_some(), lit, tip) {
                pass.set(|settings| settings.like(*scene));
            }
        }
    }
    if let Some(folder) = view.scenes_folder {
        let tip = format!("Scenes that lie in {} are listed here.", folder.display());
        if button::words(ui, "Open the scenes folder", &tip) {
            pass.wish(Wish::OpenScenesFolder);
            ui.close();
        }
    }
}
