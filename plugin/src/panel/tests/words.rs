//! What is said, in the panel.

use egui::Key;
use egui_kittest::kittest::Queryable;
use klangbild_engine::words::{SETS, Wording};

use super::hand::{open, take};
use crate::panel::Wish;

/// The words of a wish for settings, and whether the amount was turned up with them.
fn said(wishes: &[Wish]) -> (Option<Wording>, bool) {
    let words = wishes.iter().find_map(|wish| match wish {
        Wish::Settings(settings) => Some(settings.words.clone()),
        _ => None,
    });
    (words, wishes.iter().any(|wish| matches!(wish, Wish::Set(_, value) if *value == 0.7)))
}

#[test]
fn phrases_are_said_when_they_are_entered_and_begin_to_count() {
    let mut window = open();
    window.get_by_label("Phrases").click();
    window.run();
    window.get_by_label("Phrases").type_text("a stormy sea; embers");
    window.run();
    assert_eq!(take(&mut window), []);
    window.key_press(Key::Enter);
    window.run();
    let (words, counts) = said(&take(&mut window));
    assert_eq!(words, Some(Wording::parse("a stormy sea; embers").unwrap()));
    assert!(counts);
}

#[test]
fn a_set_replaces_the_phrases_and_leaves_the_picture() {
    let mut window = open();
    let picture = std::path::Path::new("/pictures/mine.jpg");
    window.state_mut().settings.words = Wording::parse("embers").unwrap().like(picture);
    window.run();
    window.get_by_label("Sets of words").click();
    window.run();
    window.get_by_label(SETS[1].name).click();
    window.run();
    let (words, _) = said(&take(&mut window));
    assert_eq!(words, Some(SETS[1].wording().like(picture)));
}

#[test]
fn what_is_not_understood_is_told_while_words_count() {
    let mut window = open();
    window.state_mut().status.words = vec!["no word of the phrase \"quux\" is known".to_owned()];
    window.run();
    assert!(window.query_by_label_contains("quux").is_none());
}
