//! What the panel wishes for when something is clicked, and that everything can be.

use std::path::PathBuf;

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use nice_plug::prelude::Param;

use super::hand::{line, open, press, take};
use super::sample::Sample;
use crate::notice::Notice;
use crate::panel::Wish;

#[test]
fn a_scene_is_chosen_in_one_gesture() {
    let mut window = open();
    window.get_by_label("Flow").click();
    window.run();
    let scene = window.state().params.scene.as_ptr();
    let wishes = take(&mut window);
    assert_eq!(wishes, [Wish::Begin(scene), Wish::Set(scene, 0.5), Wish::End(scene)]);
}

#[test]
fn an_own_preset_is_saved_and_one_deleted_after_asking() {
    let mut window = open();
    window.state_mut().settings.preset = "Friday".to_owned();
    window.get_by_label("Preset").click();
    window.run();
    window.get_by_label("Delete \"Friday\"").click();
    window.run();
    assert_eq!(take(&mut window), []);
    window.get_by_label("Really delete \"Friday\"?").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::DeletePreset("Friday".to_owned())]);
    window.get_by_label("Preset").click();
    window.run();
    window.get_by_label("Preset name").click();
    window.run();
    window.get_by_label("Preset name").type_text("Saturday");
    window.run();
    window.get_by_label("Save").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::SavePreset("Saturday".to_owned())]);
}

#[test]
fn presets_are_walked_through() {
    let mut window = open();
    window.get_by_label("Next preset").click();
    window.run();
    window.get_by_label("Previous preset").click();
    window.run();
    let wishes = take(&mut window);
    assert_eq!(wishes, [Wish::Preset("Cathedral".to_owned()), Wish::Preset("Plain".to_owned())]);
}

#[test]
fn a_size_is_chosen() {
    let mut window = open();
    window.get_by_label("Still size").click();
    window.run();
    window.get_by_label("1080p: 1920 × 1080").click();
    window.run();
    let wishes = take(&mut window);
    assert!(matches!(&wishes[..], [Wish::Settings(settings)] if settings.still_px == (1920, 1080)));
}

#[test]
fn a_notice_opens_its_file_also_while_all_else_is_hidden() {
    let path = PathBuf::from("/videos/still.png");
    let notices = vec![Notice::sample(7, "Saved", false, Some(path.clone()))];
    let sample = Sample { notices, opacity: 0.0, ..Sample::default() };
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_label("Open").click();
    window.get_by_label("Dismiss").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::Open(path), Wish::Dismiss(7)]);
}

#[test]
fn a_notice_is_known_to_be_under_the_pointer() {
    let notices = vec![Notice::sample(7, "Saved", false, Some(PathBuf::from("/videos/still.png")))];
    let mut window = Sample { notices, opacity: 0.0, ..Sample::default() }.open(960.0, 540.0);
    window.run();
    assert!(!window.state().panel.over_notice);
    window.get_by_label("Open").hover();
    window.run();
    assert!(window.state().panel.over_notice);
}

#[test]
fn a_hidden_panel_takes_no_input() {
    let mut window = open();
    let at = [window.get_by_label("Flow").rect().center(), line(&window)];
    window.state_mut().opacity = 0.0;
    window.run();
    for at in at {
        window.hover_at(at);
        press(&window, at, true);
        press(&window, at, false);
    }
    window.run();
    assert_eq!(take(&mut window), []);
    assert!(!window.state().panel.busy);
    assert!(window.query_by_label("Flow").is_none());
}

#[test]
fn every_size_of_window_has_every_control_within_reach() {
    for (width, height) in [(320.0, 180.0), (480.0, 320.0), (640.0, 360.0), (3840.0, 2160.0)] {
        let mut window = Sample::default().open(width, height);
        window.run();
        let wide = window.query_by_label("Look").is_none();
        for (tab, inside) in
            [("Motion", "Freeze"), ("Look", "Bloom"), ("Hearing", "Treble"), ("Output", "Seed")]
        {
            if !wide {
                window.get_by_role_and_label(Role::Tab, tab).click();
                window.run();
            }
            let node = window.get_by_label(inside);
            let bounds = node.accesskit_node().raw_bounds().unwrap();
            assert!(bounds.x0 >= 0.0 && bounds.x1 <= f64::from(width), "{inside} in {width}x{height}");
            assert!(bounds.x1 - bounds.x0 > 60.0, "{inside} in {width}x{height}");
        }
    }
}
