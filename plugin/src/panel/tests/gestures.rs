//! Sliders: what a host is told, and who has the keyboard.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, pos2, vec2};
use egui_kittest::kittest::Queryable;

use super::hand::{line, open, press, speed, take};
use crate::panel::Wish;

#[test]
fn a_drag_is_one_gesture_and_keeps_the_panel() {
    let mut window = open();
    let (param, start) = (speed(&window), line(&window));
    window.hover_at(start);
    press(&window, start, true);
    for step in 1..=5_u8 {
        window.hover_at(start + vec2(8.0 * f32::from(step), 0.0));
    }
    window.run();
    assert!(window.state().panel.busy);
    // Far outside of the slider it still is the same gesture.
    window.hover_at(pos2(start.x + 60.0, 20.0));
    press(&window, pos2(start.x + 60.0, 20.0), false);
    window.run();
    let wishes = take(&mut window);
    assert_eq!((wishes.first(), wishes.last()), (Some(&Wish::Begin(param)), Some(&Wish::End(param))));
    assert!(wishes[1..wishes.len() - 1].iter().all(|wish| matches!(wish, Wish::Set(of, _) if *of == param)));
    let speed = window.state().params.controls().speed;
    assert!(speed > 1.5, "{speed}");
    window.remove_cursor();
    window.run();
    assert!(!window.state().panel.busy);
}

#[test]
fn a_drag_ends_when_the_panel_is_hidden_or_closed() {
    for hide in [true, false] {
        let mut window = open();
        let (param, start) = (speed(&window), line(&window));
        press(&window, start, true);
        window.hover_at(start + vec2(30.0, 0.0));
        window.run();
        if hide {
            window.state_mut().opacity = 0.0;
            window.run();
            assert_eq!(take(&mut window).last(), Some(&Wish::End(param)));
        } else {
            assert_eq!(window.state_mut().panel.end_gestures(), [Wish::End(param)]);
        }
        assert!(window.state_mut().panel.end_gestures().is_empty());
    }
}

#[test]
fn a_double_click_brings_the_default_back() {
    let mut window = open();
    let param = speed(&window);
    // SAFETY: the parameter belongs to the sample, which the window keeps.
    unsafe { param._internal_set_normalized_value(0.9) };
    let rect = window.get_by_role_and_label(Role::Slider, "Speed").rect();
    let label = pos2(rect.left() + 12.0, rect.top() + 8.0);
    window.hover_at(label);
    for pressed in [true, false, true, false] {
        // All in one frame: as quick as a double click must be.
        window.input_mut().events.push(Event::PointerButton {
            pos: label,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        window.input_mut().time = Some(100.0);
        window.step();
    }
    let wishes = take(&mut window);
    assert_eq!(wishes, [Wish::Begin(param), Wish::Set(param, 0.25), Wish::End(param)]);
}

#[test]
fn a_click_and_the_wheel_are_gestures_of_their_own() {
    let mut window = open();
    let (param, at) = (speed(&window), line(&window));
    window.hover_at(at);
    press(&window, at, true);
    press(&window, at, false);
    window.run();
    let wishes = take(&mut window);
    assert!(
        matches!(wishes[..], [Wish::Begin(_), Wish::Set(_, value), Wish::End(_)] if (value - 0.5).abs() < 0.01)
    );
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, 2.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Wheel,
    });
    window.run();
    let wishes = take(&mut window);
    assert_eq!((&wishes[0], &wishes[2]), (&Wish::Begin(param), &Wish::End(param)));
    assert!(matches!(wishes[1], Wish::Set(_, value) if (value - 0.52).abs() < 0.01), "{wishes:?}");
}

#[test]
fn a_number_is_typed_and_only_then_has_the_keyboard() {
    let mut window = open();
    let param = speed(&window);
    window.get_by_label("Speed: 100 %").click();
    window.run();
    assert!(window.ctx.egui_wants_keyboard_input());
    window.get_by_role_and_label(Role::TextInput, "Speed").type_text("80 %");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    let wishes = take(&mut window);
    assert_eq!(wishes, [Wish::Begin(param), Wish::Set(param, 0.2), Wish::End(param)]);
    assert!(!window.ctx.egui_wants_keyboard_input());
    // Neither a click nor the tab key gives a slider or a button the keyboard.
    window.get_by_label("Freeze").click();
    window.key_press(Key::Tab);
    window.run();
    assert!(!window.ctx.egui_wants_keyboard_input());
}

#[test]
fn escape_leaves_a_number_as_it_was() {
    let mut window = open();
    window.get_by_label("Speed: 100 %").click();
    window.run();
    window.get_by_role_and_label(Role::TextInput, "Speed").type_text("5 %");
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(take(&mut window), []);
}
