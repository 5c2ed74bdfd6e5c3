//! What is kept: stills and videos.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;

use egui::{Align2, TextStyle, Ui, pos2, vec2};

use crate::panel::icon::{self, Icon};
use crate::panel::param::Knob;
use crate::panel::pass::Pass;
use crate::panel::slider::slider;
use crate::panel::split::{Part, split};
use crate::panel::wish::Wish;
use crate::panel::{button, field, frame_size, menu, style};
use crate::settings::VideoKind;

/// Frames per second that are offered.
const RATES: [u32; 5] = [24, 25, 30, 50, 60];

/// The seed, and stills.
pub fn stills(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    split(ui, &[Part::Share(1.0), Part::Px(26.0)], 8.0, |index, ui| match index {
        0 => {
            let tip = "The same seed and the same music make the same pictures.";
            slider(ui, pass, Knob::of(&params.seed), "Seed", tip);
        }
        _ => {
            if button::sign(ui, Icon::Dice, "Any seed", "Throws the dice for another seed.", None) {
                // Keyed by the system anew for each process, and never twice the same.
                let chance = RandomState::new().build_hasher().finish();
                pass.change(Knob::of(&params.seed), (chance >> 40) as f32 / (1_u64 << 24) as f32);
            }
        }
    });
    split(ui, &[Part::Share(1.0), Part::Share(1.0)], 4.0, |index, ui| match index {
        0 => {
            let tip = "Writes the picture of this moment as a PNG, finely drawn at the size beside.";
            if button::words(ui, "Still", tip) {
                pass.wish(Wish::Capture);
            }
        }
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
        _ => {
            let tip = format!("Opens {}", pass.view.output_folder.display());
            if button::sign(ui, Icon::Folder, "Open folder", &tip, None) {
                pass.wish(Wish::Open(pass.view.output_folder.to_owned()));
            }
        }
    });
}

/// Videos.
pub fn videos(ui: &mut Ui, pass: &mut Pass<'_>) {
    let params = pass.view.params;
    split(ui, &[Part::Share(1.0), Part::Share(1.0)], 4.0, |index, ui| match index {
        0 => record(ui, pass),
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
                &format!("{now} fps"),
                "Frames per second of videos.",
                |ui, pass| {
                    for rate in RATES {
                        if menu::line(ui, &format!("{rate} fps"), rate == now, "") {
                            pass.set(|settings| settings.video_fps = rate);
                        }
                    }
                },
            );
        }
    });
    let tip = "While this is on, an offline bounce of the host writes a video too: no frame is dropped.";
    button::switch(ui, pass, Knob::of(&params.bounce), "Video with bounce", tip);
}

fn record(ui: &mut Ui, pass: &mut Pass<'_>) {
    let scale = style::scale(ui);
    let recording = pass.view.recording;
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let response = button::clickable(ui, size, "Record", None);
    let rect = response.rect;
    if recording.is_some() {
        ui.painter().rect_filled(rect, style::radius(scale), style::RED.gamma_multiply(0.28));
    }
    let sign = rect.with_max_x(rect.left() + 24.0 * scale);
    let sign_is = if recording.is_some() { Icon::Square } else { Icon::Dot };
    icon::paint(ui.painter(), sign, sign_is, style::RED, scale);
    let words = recording.map_or_else(|| "Record".to_owned(), |recorded| clock(recorded.seconds));
    let colour = if recording.is_some() { style::INK } else { button::ink(ui, &response, false) };
    let font = TextStyle::Button.resolve(ui.style());
    let at = pos2(rect.left() + 24.0 * scale, rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, colour);
    let dropped = recording.map_or(0, |recorded| recorded.dropped);
    if dropped > 0 {
        let font = TextStyle::Small.resolve(ui.style());
        let at = pos2(rect.right() - 6.0 * scale, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, format!("-{dropped}"), font, style::WARM);
    }
    let tip = match recording {
        None => "Records picture and sound as a video, until it is clicked again.".to_owned(),
        Some(recorded) => format!(
            "Stops the recording. {} frames were dropped because the machine is too slow{}.",
            recorded.dropped,
            if recorded.dropped > 0 { "; a smaller size helps" } else { "" }
        ),
    };
    if response.on_hover_text(tip).clicked() {
        pass.wish(Wish::Record(recording.is_none()));
    }
}

/// Minutes and seconds.
fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
