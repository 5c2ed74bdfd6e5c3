//! What the panel wishes for when something is clicked, and that everything can be.

use std::path::PathBuf;
use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Event, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use klangbild_engine::controls::Correction;
use klangbild_engine::knobs::{KnobId, Value};
use klangbild_engine::scene::{Scene, SceneFile};

use super::hand::{line, open, press, take};
use super::sample::Sample;
use crate::heads::ListedScene;
use crate::notice::Notice;
use crate::panel::{Bounced, Recorded, Wish};
use crate::params::act_of;
use crate::playbill::Bill;

#[test]
fn a_scene_is_chosen_from_the_list_of_all_of_them() {
    let own = |id: &str, error: Option<&str>| ListedScene {
        scene: Scene::of(id),
        name: id.to_owned(),
        about: "Rings that run outward.".to_owned(),
        is_own: true,
        error: error.map(str::to_owned),
    };
    let mut sample = Sample::default();
    sample.scenes.truncate(3); // the whole list is longer than the window
    sample.scenes.extend([own("Rings", None), own("Broken rings", Some("scene.toml:3:1: what is that?"))]);
    let mut window = sample.open(960.0, 540.0);
    window.run();
    let mut choose = |label: &str| {
        window.get_by_role_and_label(Role::Button, "Scene").click();
        window.run();
        window.get_by_label(label).click();
        window.run();
        take(&mut window)
    };
    assert_eq!(choose("Flow"), [Wish::Scene(Scene::FLOW)]);
    assert_eq!(choose("Rings"), [Wish::Scene(Scene::of("Rings"))]);
    assert_eq!(choose("Open the scenes folder"), [Wish::OpenScenesFolder]);
    assert_eq!(choose("Broken rings"), [], "it cannot be read");
}

#[test]
fn a_star_makes_a_scene_a_favourite_and_takes_it_back() {
    let mut sample = Sample::default();
    sample.scenes.truncate(3);
    sample.settings.favourites = vec![Scene::KALEIDOSCOPE];
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_role_and_label(Role::Button, "Scene").click();
    window.run();
    let mut star = |scene: &str| {
        window.get_by_label(&format!("Favourite: {scene}")).click();
        window.run();
        match &take(&mut window)[..] {
            [Wish::Settings(settings)] => settings.favourites.clone(),
            other => panic!("{other:?}"),
        }
    };
    // The list stays open, for the next star.
    assert_eq!(star("Flow"), [Scene::KALEIDOSCOPE, Scene::FLOW]);
    assert_eq!(star("Kaleidoscope"), []);
}

#[test]
fn a_star_of_ones_own_scene_is_as_high_as_its_line() {
    let own = |id: &str| ListedScene {
        scene: Scene::of(id),
        name: "Rings".to_owned(), // two of one name are two
        about: String::new(),
        is_own: true,
        error: None,
    };
    let sample = Sample { scenes: vec![own("first"), own("second")], ..Sample::default() };
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_role_and_label(Role::Button, "Scene").click();
    window.run();
    let stars: Vec<Rect> = window.get_all_by_label("Favourite: Rings").map(|star| star.rect()).collect();
    let [first, second] = stars[..] else { panic!("{stars:?}") };
    assert!(first.bottom() <= second.top() && first.height() < 30.0, "{first} {second}");
}

#[test]
fn a_long_list_of_scenes_scrolls() {
    let mut sample = Sample::default();
    sample.scenes.truncate(3);
    sample.scenes.extend((0..2000).map(|at| ListedScene {
        scene: Scene::FLOW,
        name: format!("scene {at}"),
        about: String::new(),
        is_own: true,
        error: None,
    }));
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_role_and_label(Role::Button, "Scene").click();
    window.run();
    let (first, last) = (window.get_by_label("scene 0").rect(), window.get_by_label("scene 1999").rect());
    assert!(first.bottom() < 540.0 && last.top() > 540.0, "{first} {last}");
}

/// A scene that shows every kind of control.
fn every_kind() -> Bill {
    let text = r##"/*
name = "Kinds"
[[control]]
id = "depth"
max = 4.0
default = 1.0
tip = "How deep it is."
[[control]]
id = "glow"
kind = "switch"
default = true
[[control]]
id = "mode"
kind = "choice"
choices = ["Soft", "Hard"]
[[control]]
id = "tint"
kind = "colour"
default = "#ff8800"
[[control]]
id = "burst"
kind = "trigger"
*/
@fragment fn paint() {}
"##;
    let file = SceneFile::from_wgsl("kinds.wgsl", text).unwrap();
    Bill { scene: file.scene, head: Arc::new(file.head) }
}

#[test]
fn a_scenes_own_controls_are_shown_as_what_they_are() {
    for (width, height) in [(960.0, 540.0), (480.0, 320.0)] {
        let mut window = Sample { bill: every_kind(), ..Sample::default() }.open(width, height);
        window.run();
        if width < 860.0 {
            window.get_by_role_and_label(Role::Tab, "Scene").click();
            window.run();
        }
        let ptr = |window: &Harness<'_, Sample>, id| window.state().params.ptr(id);
        window.get_by_role_and_label(Role::Slider, "Depth");
        window.get_by_label("Depth: 1.00").click();
        window.run();
        window.get_by_role_and_label(Role::TextInput, "Depth").type_text("4");
        window.key_press(egui::Key::Enter);
        window.run();
        let depth = ptr(&window, KnobId::Scene1);
        assert_eq!(take(&mut window), [Wish::Begin(depth), Wish::Set(depth, 1.0), Wish::End(depth)]);

        window.get_by_label("Glow").click();
        window.run();
        let glow = ptr(&window, KnobId::Scene2);
        assert_eq!(take(&mut window)[1], Wish::Set(glow, 0.0), "it was on, as the scene has it");

        window.get_by_label("Mode").click();
        window.run();
        window.get_by_label("Hard").click();
        window.run();
        let mode = ptr(&window, KnobId::Scene3);
        let wishes = take(&mut window);
        assert!(matches!(wishes[1], Wish::Set(param, way) if param == mode && way > 0.5), "{wishes:?}");

        window.get_by_label("Tint: +0°");
        let (burst, at) = (ptr(&window, KnobId::Scene5), window.get_by_label("Burst").rect().center());
        window.hover_at(at);
        press(&window, at, true);
        window.run();
        assert_eq!(take(&mut window), [Wish::Begin(burst), Wish::Set(burst, 1.0)]);
        press(&window, at, false);
        window.run();
        assert_eq!(take(&mut window), [Wish::Set(burst, 0.5), Wish::End(burst)]);
        assert!(window.query_by_label_contains("Scene 6").is_none(), "it has five controls");
    }
}

#[test]
fn controls_that_come_and_go_with_scenes_move_nothing_else() {
    let mut window = open();
    let place = |window: &Harness<'_, Sample>| window.get_by_role_and_label(Role::Slider, "Speed").rect();
    let before = place(&window);
    window.get_by_role_and_label(Role::Slider, "Ripple");
    window.state_mut().bill = Bill::default();
    window.run();
    assert!(window.query_by_label("Ripple").is_none());
    let moved = place(&window).min - before.min;
    assert!(moved.length() < 1.0, "it moved by {moved:?}");
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
fn a_bounce_shows_how_far_it_is_and_can_be_stopped_also_while_all_else_is_hidden() {
    let bouncing = Some(Bounced { frames: 1234, seconds: 41.2 });
    let mut window = Sample { bouncing, opacity: 0.0, ..Sample::default() }.open(960.0, 540.0);
    window.run();
    window.get_by_label("Bouncing: 0:41, 1234 frames");
    window.get_by_label("Stop").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::StopBounce]);
}

#[test]
fn what_was_made_is_listed_and_opened() {
    let made =
        vec![PathBuf::from("/videos/Klangbild/bounce.mp4"), PathBuf::from("/videos/Klangbild/still.png")];
    let mut window = Sample { made: made.clone(), ..Sample::default() }.open(960.0, 540.0);
    window.run();
    window.get_by_label("Open folder").click();
    window.run();
    window.get_by_label("still.png");
    window.get_by_label("bounce.mp4").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::Open(made[0].clone())]);
}

#[test]
fn trouble_that_comes_and_goes_moves_nothing_under_the_pointer() {
    for (width, height) in [(320.0, 180.0), (480.0, 320.0), (960.0, 540.0), (1600.0, 900.0)] {
        let mut window = Sample::default().open(width, height);
        window.run();
        let places = |window: &Harness<'_, Sample>| {
            ["Speed", "Morph"].map(|label| window.get_by_role_and_label(Role::Slider, label).rect())
        };
        let before = places(&window);
        let status =
            |window: &Harness<'_, Sample>| window.query_by_label_contains("were not heard").is_some();
        window.state_mut().status.overruns = 20;
        window.state_mut().status.pack_error = Some("there is no pack \"ink\"".to_owned());
        window.run();
        window.run();
        assert!(status(&window), "{width}x{height}");
        window.get_by_label("Pack default: there is no pack \"ink\"");
        assert_eq!(places(&window), before, "{width}x{height}");
        let time = window.ctx.input(|input| input.time);
        window.input_mut().time = Some(time + 10.5);
        window.step();
        assert!(!status(&window), "{width}x{height}");
        assert_eq!(places(&window), before, "{width}x{height}");
    }
}

#[test]
fn the_picture_is_put_on_a_screen_of_choice_and_taken_off_again() {
    let monitors = vec!["eDP-1".to_owned(), "Beamer".to_owned()];
    let mut window = Sample { monitors, full_screen: None, ..Sample::default() }.open(960.0, 540.0);
    for (picture_on, line, wished) in [
        (None, "Beamer", Some(1)),
        (Some(1), "eDP-1", Some(0)),
        (Some(1), "Beamer", None),
        (Some(0), "Close it", None),
    ] {
        window.state_mut().picture_on = picture_on;
        window.run();
        window.get_by_label("Picture on a screen").click();
        window.run();
        window.get_by_label(line).click();
        window.run();
        assert_eq!(take(&mut window), [Wish::ShowPicture(wished)]);
    }
    // Where there can be no such window there is no such sign.
    assert!(open().query_by_label("Picture on a screen").is_none());
}

#[test]
fn a_pack_that_is_broken_is_tried_again_and_one_that_loads_long_is_given_up() {
    let mut sample = Sample::default();
    sample.status.pack_error = Some("ink/pack.toml: line 3: no such key".to_owned());
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_label("Again").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::LoadAgain]);

    window.state_mut().status.pack_error = None;
    window.state_mut().status.loading = Some("ink".to_owned());
    let time = window.ctx.input(|input| input.time);
    window.input_mut().time = Some(time + 0.2);
    window.step();
    assert!(window.query_by_label("Cancel").is_none(), "what takes a moment is not worth a word");
    window.input_mut().time = Some(time + 1.5);
    window.step();
    window.get_by_label("The pack ink is being loaded; until then Starter plays on");
    window.get_by_label("Cancel").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::CancelLoading]);
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
    let at = [window.get_by_role_and_label(Role::Button, "Scene").rect().center(), line(&window)];
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
    assert!(window.query_by_label("Speed: 100 %").is_none());
}

#[test]
fn every_size_of_window_has_every_control_within_reach() {
    for (width, height) in [(320.0, 180.0), (480.0, 320.0), (640.0, 360.0), (3840.0, 2160.0)] {
        let recording = Some(Recorded { seconds: 754.0, dropped: 2 });
        for recording in [recording, None] {
            let mut window = Sample {
                recording: recording.clone(),
                monitors: vec!["eDP-1".to_owned()],
                ..Sample::default()
            }
            .open(width, height);
            window.run();
            let inside = Rect::from_min_size(Pos2::ZERO, vec2(width, 60.0_f32.max(height / 6.0)));
            for at_hand in ["Record Video", "Capture", "Preset", "Undo", "Pin", "Picture on a screen"] {
                let rect = window.get_by_label(at_hand).rect();
                assert!(inside.contains_rect(rect), "{at_hand} at {rect} in {width}x{height}");
                assert!(rect.width() >= 20.0, "{at_hand} in {width}x{height}");
            }
            window.get_by_label("Record Video").click();
            window.run();
            window.get_by_label("Capture").click();
            window.run();
            assert_eq!(take(&mut window), [Wish::Record(recording.is_none()), Wish::Capture]);
        }
        let mut window = Sample::default().open(width, height);
        window.run();
        let wide = window.query_by_label("Look").is_none();
        for (tab, inside) in [
            ("Motion", "Freeze"),
            ("Scene", "Ripple"),
            ("Look", "Bloom"),
            ("Hearing", "Treble Sensitivity"),
            ("Output", "Seed"),
        ] {
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

#[test]
fn flashes_are_allowed_only_by_two_clicks_and_never_while_a_video_is_written() {
    let mut window = Sample::default().open(960.0, 540.0);
    window.run();
    window.get_by_label("Viewer").click();
    window.run();
    window.get_by_label(KnobId::LimitFlashes.knob().label).click();
    window.run();
    assert_eq!(take(&mut window), [Wish::Viewer(KnobId::LimitFlashes, Value::Switch(false))]);
    window.get_by_label("Viewer").click();
    window.run();
    window.get_by_label("Tritanopia").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::Viewer(KnobId::ColourVision, Value::Choice(3))]);

    let recording = Some(Recorded::default());
    let mut window = Sample { recording, ..Sample::default() }.open(960.0, 540.0);
    window.run();
    window.get_by_label("Viewer").click();
    window.run();
    window.get_by_label(KnobId::LimitFlashes.knob().label).click();
    window.run();
    assert_eq!(take(&mut window), []);
}

#[test]
fn the_beat_is_put_right_with_the_press_of_a_button() {
    let mut window = Sample::default().open(1280.0, 720.0);
    window.run();
    for correction in Correction::ALL {
        let at = window.get_by_label(act_of(correction).knob().label).rect().center();
        window.event(Event::PointerMoved(at));
        window.run();
        press(&window, at, true);
        window.run();
        assert_eq!(take(&mut window), [Wish::Correct(correction)], "before it is let go");
        press(&window, at, false);
        window.run();
        assert_eq!(take(&mut window), []);
    }
    window.get_by_label("Metronome Lock").click();
    window.run();
    assert_eq!(take(&mut window), [Wish::Lock(true)]);
}
