//! What is kept: stills and videos.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;

use egui::Ui;
use klangbild_engine::knobs::KnobId;
use klangbild_engine::recorder::Fps;

use super::{label, models, viewer};
use crate::panel::icon::Icon;
use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;
use crate::panel::split::{Part, split};
use crate::panel::wish::Wish;
use crate::panel::{button, field, frame_size, menu};
use crate::settings::VideoKind;

/// The seed, and stills.
pub fn stills(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    split(ui, &[Part::Share(1.0), Part::Px(26.0)], 8.0, |index, ui| match index {
        0 => slider(ui, pass, Knob::of(params, KnobId::Seed)),
        _ => {
            if button::sign(ui, Icon::Dice, "Any seed", "Throws the dice for another seed.", None) {
                // Keyed by the system anew for each process, and never twice the same.
                let chance = RandomState::new().build_hasher().finish();
                pass.change(Knob::of(params, KnobId::Seed), (chance >> 40) as f32 / (1_u64 << 24) as f32);
            }
        }
    });
    split(ui, &[Part::Share(1.0), Part::Share(1.0)], 4.0, |index, ui| match index {
        0 => label(ui, "Still size"),
        _ => {
            let now = pass.view.settings.still_px;
            frame_size::menu(ui, pass, "Still size", now, |settings, px| settings.still_px = px);
        }
    });
    split(ui, &[Part::Share(1.0), Part::Px(26.0)], 4.0, |index, ui| match index {
        0 => {
            let now = pass.view.settings.folder.as_ref();
            let now = now.map(|folder| folder.display().to_string()).unwrap_or_default();
            let hint = pass.view.output_folder.display().to_string();
            let tip = "Where stills and videos go. Empty: Klangbild in your folder of videos.";
            if let Some(text) = field::value(ui, pass, "Folder", &now, &hint, tip) {
                let text = text.trim();
                pass.set(|settings| settings.folder = (!text.is_empty()).then(|| PathBuf::from(text)));
            }
        }
        _ => made(ui, pass),
    });
}

/// The folder, and what was made since the plugin or the program was started.
fn made(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    let tip = "What was made here, and the folder that it lies in.";
    menu::sign(ui, pass, Icon::Folder, "Open folder", tip, None, |ui, pass| {
        if menu::line(ui, "Open the folder", false, &view.output_folder.display().to_string()) {
            pass.wish(Wish::Open(view.output_folder.to_owned()));
        }
        if !view.made.is_empty() {
            menu::heading(ui, "Made here");
        }
        for path in view.made {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if menu::line(ui, &name, false, &format!("Shows {}", path.display())) {
                pass.wish(Wish::Open(path.clone()));
            }
        }
    });
}

/// Videos.
pub fn videos(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    split(ui, &[Part::Share(1.0), Part::Share(1.0)], 4.0, |index, ui| match index {
        0 => label(ui, "Video size"),
        _ => {
            let now = pass.view.settings.video_px;
            frame_size::menu(ui, pass, "Video size", now, |settings, px| settings.video_px = px);
        }
    });
    split(ui, &[Part::Share(1.0), Part::Share(1.0)], 4.0, |index, ui| match index {
        0 => {
            let now = pass.view.settings.video_kind;
            let short = now.name().split(" (").next().unwrap_or_default();
            menu::menu(ui, pass, "Video kind", short, "Kind of video, and how it is packed.", |ui, pass| {
                for kind in VideoKind::ALL {
                    if menu::line(ui, kind.name(), kind == now, "") {
                        pass.set(|settings| settings.video_kind = kind);
                    }
                }
            });
        }
        _ => {
            let now = pass.view.settings.video_fps;
            menu::menu(
                ui,
                pass,
                "Video rate",
                &format!("{} fps", now.in_words()),
                "Frames per second of videos.",
                |ui, pass| {
                    for rate in Fps::USUAL {
                        if menu::line(ui, &format!("{} fps", rate.in_words()), rate == now, "") {
                            pass.set(|settings| settings.video_fps = rate);
                        }
                    }
                },
            );
        }
    });
    button::switch(ui, pass, Knob::of(params, KnobId::Bounce));
    viewer::list(ui, pass);
    models::list(ui, pass);
}
