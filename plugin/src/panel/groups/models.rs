//! What runs the models: by itself or by hand, in which process, and more that can be fetched.

use egui::Ui;
use klangbild_engine::inference::Provider;
use klangbild_engine::inference::devices::find;
use klangbild_engine::inference::wish::apart::Apart;

use crate::panel::asked::asked;
use crate::panel::menu;
use crate::panel::pass::{Pass, Question};
use crate::panel::wish::Wish;
use crate::runtime_parts::{Listed, State, size};

/// The list. What was chosen stands on it while it is closed.
pub fn list(ui: &mut Ui, pass: &mut Pass<'_>) {
    let chosen = pass.view.outfit.chosen.as_deref();
    let shown = match (&pass.view.errand, chosen) {
        (Some(errand), _) => {
            let share = errand.share.map(|share| format!(" {:.0} %", share * 100.0));
            format!("{}:{}", errand.part, share.unwrap_or_else(|| " at work".to_owned()))
        }
        (None, None) => "Models: automatic".to_owned(),
        (None, Some([one])) => format!("Models: {one}"),
        (None, Some(_)) => "Models: by hand".to_owned(),
    };
    let tip = "What runs the models on this machine. No host and no preset changes it.";
    menu::menu(ui, pass, "Models run on", &shown, tip, |ui, pass| {
        providers(ui, pass);
        cards(ui, pass);
        process(ui, pass);
        parts(ui, pass);
    });
}

fn providers(ui: &mut Ui, pass: &mut Pass<'_>) {
    let chosen = pass.view.outfit.chosen.as_deref();
    let tip = "The quickest that computes what the processor computes. It is found out once for each pack.";
    if menu::line(ui, "Automatic", chosen.is_none(), tip) && chosen.is_some() {
        pass.wish(Wish::Provider(None));
    }
    for provider in Provider::of_this_system() {
        let is_chosen = chosen == Some(&[provider]);
        let tip = "This one, if it works here and is right; or else the processor.";
        if menu::line(ui, provider.name(), is_chosen, tip) && !is_chosen {
            pass.wish(Wish::Provider(Some(provider)));
        }
    }
}

/// Where there is but one card, there is nothing to choose.
fn cards(ui: &mut Ui, pass: &mut Pass<'_>) {
    let outfit = pass.view.outfit;
    if outfit.devices.len() < 2 {
        return;
    }
    menu::heading(ui, "On which card");
    let chosen = find(&outfit.devices, &outfit.device).unwrap_or_default();
    let tip = "With memory of its own before others, and of those the one with the most.";
    if menu::line(ui, "The strongest", chosen.is_none(), tip) && chosen.is_some() {
        pass.wish(Wish::Device(None));
    }
    for device in &outfit.devices {
        let is_chosen = chosen == Some(device);
        let tip = "Where a provider lets one choose. What draws is chosen by KLANGBILD_GPU.";
        if menu::line(ui, &device.to_string(), is_chosen, tip) && !is_chosen {
            pass.wish(Wish::Device(Some(device.clone())));
        }
    }
}

fn process(ui: &mut Ui, pass: &mut Pass<'_>) {
    menu::heading(ui, "In a process of their own");
    for apart in Apart::ALL {
        let (words, tip) = match apart {
            Apart::Automatic => (
                "Packs from outside",
                "What goes wrong with a stranger's models costs a picture. Those that come with Klangbild run in here.",
            ),
            Apart::Always => {
                ("All packs", "What goes wrong with any models, or in a driver, costs a picture.")
            }
            Apart::Never => ("None", "What ends a driver, or a stranger's models, ends the host too."),
        };
        let is_chosen = pass.view.outfit.apart == apart;
        if menu::line(ui, words, is_chosen, tip) && !is_chosen {
            pass.wish(Wish::Apart(apart));
        }
    }
}

fn parts(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    if let Some(errand) = view.errand {
        menu::heading(ui, "Being fetched");
        let tip = "Stops soon. What has come is kept, and goes on another time.";
        if menu::line(ui, &format!("Stop {}", errand.part), false, tip) {
            pass.wish(Wish::StopErrand);
        }
        return;
    }
    if !view.outfit.parts.is_empty() {
        menu::heading(ui, "More, from PyPI");
    }
    for Listed { name, purpose, licence, download_bytes, state, .. } in &view.outfit.parts {
        let tip = format!("{purpose}. Licence: {licence}.");
        if *state == State::Whole {
            if asked(ui, pass, Question::RemovePart((*name).to_owned()), &format!("Remove {name}"), &tip) {
                pass.wish(Wish::RemovePart((*name).to_owned()));
                ui.close();
            }
        } else {
            let words = format!("Get {name}, {}", size(*download_bytes));
            if asked(ui, pass, Question::Fetch((*name).to_owned(), size(*download_bytes)), &words, &tip) {
                pass.wish(Wish::InstallPart((*name).to_owned()));
                ui.close();
            }
        }
    }
}
