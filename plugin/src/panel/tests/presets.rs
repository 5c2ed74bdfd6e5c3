//! Presets in the panel: chosen, changed, saved, replaced, deleted.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::hand::{open, take};
use super::sample::Sample;
use crate::panel::Wish;

/// The panel with its list of presets open, the user's own one chosen.
fn open_list(changed: bool) -> Harness<'static, Sample> {
    let mut window = open();
    window.state_mut().settings.preset = "Friday".to_owned();
    window.state_mut().preset_changed = changed;
    window.get_by_label("Preset").click();
    window.run();
    window
}

fn name(window: &mut Harness<'_, Sample>, name: &str) {
    window.get_by_label("Preset name").click();
    window.run();
    window.get_by_label("Preset name").type_text(name);
    window.run();
    window.get_by_label("Save").click();
    window.run();
}

#[test]
fn a_name_to_save_under_stands_first_in_the_list() {
    let window = open_list(false);
    let (field, first) = (window.get_by_label("Preset name").rect(), window.get_by_label("Plain").rect());
    assert!(field.bottom() <= first.top(), "{field} {first}");
}

#[test]
fn a_new_name_is_saved_at_once() {
    let mut window = open_list(false);
    name(&mut window, "Saturday");
    assert_eq!(take(&mut window), [Wish::SavePreset("Saturday".to_owned())]);
}

#[test]
fn an_own_name_is_replaced_only_after_asking() {
    let mut window = open_list(false);
    name(&mut window, "friday");
    assert_eq!(take(&mut window), []);
    window.get_by_label("Really replace \"Friday\"?").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::SavePreset("Friday".to_owned())]);
}

#[test]
fn a_name_that_comes_with_the_program_is_not_taken() {
    let mut window = open_list(false);
    name(&mut window, "plain");
    assert_eq!(take(&mut window), []);
    assert!(window.query_by_label_contains("Really replace").is_none());
}

#[test]
fn changes_can_be_taken_back_or_saved_after_asking() {
    let mut window = open_list(true);
    window.get_by_label("Go back").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::Preset("Friday".to_owned())]);
    let mut window = open_list(true);
    window.get_by_label("Save changes").click();
    window.run();
    assert_eq!(take(&mut window), []);
    window.get_by_label("Really replace \"Friday\"?").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::SavePreset("Friday".to_owned())]);
    // Where nothing has changed there is nothing to save or to go back to.
    let window = open_list(false);
    assert!(window.query_by_label("Go back").is_none() && window.query_by_label("Save changes").is_none());
}

#[test]
fn an_own_preset_is_deleted_after_asking() {
    let mut window = open_list(false);
    window.get_by_label("Delete \"Friday\"").click();
    window.run();
    assert_eq!(take(&mut window), []);
    window.get_by_label("Really delete \"Friday\"?").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::DeletePreset("Friday".to_owned())]);
}

#[test]
fn a_question_is_forgotten_when_the_list_closes() {
    let mut window = open_list(false);
    window.get_by_label("Delete \"Friday\"").click();
    window.run();
    window.key_press(egui::Key::Escape);
    window.run();
    window.get_by_label("Preset").click();
    window.run();
    window.get_by_label("Delete \"Friday\"");
}

#[test]
fn a_tag_leaves_those_that_have_it_in_the_list_and_to_the_arrows() {
    let mut window = open_list(false);
    window.get_by_label("Tag: elegant").click();
    window.run();
    window.get_by_label("Plain");
    window.get_by_label("Cathedral");
    assert!(window.query_by_label("Slow water").is_none(), "it is not elegant");
    window.key_press(egui::Key::Escape);
    window.run();
    let mut went = Vec::new();
    for preset in ["", "Plain", "Cathedral"] {
        window.state_mut().settings.preset = preset.to_owned();
        window.get_by_label("Next preset").click();
        window.run();
        went.extend(take(&mut window));
    }
    assert_eq!(went, ["Plain", "Cathedral", "Plain"].map(|name| Wish::Preset(name.to_owned())));
    // A second click shows all again.
    window.get_by_label("Preset").click();
    window.run();
    window.get_by_label("Tag: elegant").click();
    window.run();
    window.get_by_label("Slow water");
}
