//! Words over the list of presets: a click on one leaves those presets that have it as a tag.

use std::collections::BTreeMap;

use egui::{TextStyle, Ui, vec2};

use crate::panel::pass::Pass;
use crate::panel::view::View;
use crate::panel::{button, style};

/// Height of a word, at scale 1.
const HEIGHT: f32 = 18.0;

/// The tag that lists and arrows go by; empty while there is none, or where no preset has it any more.
pub fn chosen(pass: &Pass<'_>) -> String {
    let tag = &pass.memory.preset_tag;
    if all(pass.view).contains(&tag.as_str()) { tag.clone() } else { String::new() }
}

/// Shows all tags there are.
pub fn tags(ui: &mut Ui, pass: &mut Pass<'_>) {
    let chosen = chosen(pass);
    let scale = style::scale(ui);
    ui.add_space(3.0 * scale);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = HEIGHT * scale;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(3.0, 3.0) * scale;
            for tag in all(pass.view) {
                if chip(ui, tag, tag == chosen) {
                    pass.memory.preset_tag = if tag == chosen { String::new() } else { tag.to_owned() };
                }
            }
        });
    });
    ui.add_space(2.0 * scale);
}

fn chip(ui: &mut Ui, tag: &str, on: bool) -> bool {
    let scale = style::scale(ui);
    let font = TextStyle::Small.resolve(ui.style());
    let words = ui.painter().layout_no_wrap(tag.to_owned(), font, egui::Color32::PLACEHOLDER);
    let size = vec2(words.size().x + 12.0 * scale, HEIGHT * scale);
    let response = button::clickable(ui, size, &format!("Tag: {tag}"), Some(on));
    let colour = button::ink(ui, &response, on);
    ui.painter().galley(response.rect.center() - words.size() / 2.0, words, colour);
    let tip = if on { "Shows all presets again." } else { "Shows only presets like this." };
    response.on_hover_text(tip).clicked()
}

/// Every tag once, those of the most presets first.
fn all<'a>(view: &View<'a>) -> Vec<&'a str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for tag in view.factory_presets.iter().chain(view.own_presets).flat_map(|preset| &preset.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let mut all: Vec<(&str, usize)> = counts.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter().map(|(tag, _)| tag).collect()
}
