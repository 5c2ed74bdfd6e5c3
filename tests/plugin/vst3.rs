//! The VST3 in a host that does what it likes on any thread, and then lets go.

use std::time::{Duration, Instant};

use klangbild_tests::alone::Alone;
use klangbild_tests::process::threads;
use klangbild_tests::vst3_host::{Library, Mode};

/// For how long; `KLANGBILD_CYCLES` says how many times instead.
const PATIENCE: Duration = Duration::from_secs(8);

fn goes_on(cycle: u32, began: Instant) -> bool {
    match std::env::var("KLANGBILD_CYCLES").ok().and_then(|cycles| cycles.parse::<u32>().ok()) {
        Some(cycles) => cycle < cycles,
        None => began.elapsed() < PATIENCE,
    }
}

/// What an automation thread queues is still waiting when the instance goes; and sometimes that thread is the one that lets go.
#[test]
fn a_host_that_automates_and_deletes_lives() {
    let cycles = std::env::var("KLANGBILD_CYCLES").unwrap_or_default();
    Alone::new().env("KLANGBILD_CYCLES", cycles).run(|| {
        let library = Library::load(&crate::library_path());
        let (began, mut cycle) = (Instant::now(), 0);
        let state = library.instance().save();
        while goes_on(cycle, began) {
            let instance = library.instance();
            let other = (cycle % 5 == 4).then(|| library.instance());
            let ids: Vec<_> = instance.params().into_iter().map(|(id, _)| id).collect();
            let state = &state;
            let automate = move || {
                if cycle % 2 == 0 {
                    instance.activate(48_000.0, 64, Mode::Realtime);
                }
                for round in 0..20 {
                    let value = f64::from((cycle + round) % 7) / 6.0;
                    let changes: Vec<_> = ids.iter().map(|&id| (id, value)).collect();
                    if cycle % 2 == 0 {
                        assert_eq!(instance.process(&[0.5; 64], &changes, Mode::Realtime), [0.5; 64]);
                    } else {
                        changes.iter().for_each(|&(id, value)| instance.set(id, value));
                    }
                }
                assert!(instance.load(state));
                if cycle % 2 == 0 {
                    instance.deactivate();
                }
                instance
            };
            let instance = std::thread::scope(|scope| {
                let thread = scope.spawn(move || {
                    let instance = automate();
                    (cycle % 3 > 0).then_some(instance)
                });
                thread.join().unwrap()
            });
            drop(instance);
            drop(other);
            cycle += 1;
        }
        assert_eq!(threads("bg-worker"), Vec::<String>::new(), "a thread is left after {cycle} cycles");
        println!("{cycle} cycles");
    });
}

#[test]
fn knobs_are_called_what_the_scene_calls_them() {
    Alone::new().run(|| {
        let library = Library::load(&crate::library_path());
        let instance = library.instance();
        let (scene, first) = (instance.param("Scene"), instance.param("Scene 1"));
        assert_eq!(instance.text(first, 1.0), "100.0");
        let name = |id| instance.params().into_iter().find(|(known, _)| *known == id).unwrap().1;
        instance.set(scene, 1.0 / 128.0);
        assert_eq!((name(first).as_str(), instance.renames()), ("Brush", 1));
        assert_eq!([0.0, 0.5, 1.0].map(|way| instance.text(first, way)), ["0.00", "0.80", "2.00"]);
        let back = instance.read_text(first, "2.00").unwrap();
        assert!((back - 1.0).abs() < 1e-6, "{back}");
        assert_eq!(instance.read_text(first, "no such value"), None);

        // Automation shown by the host: however fast it is, the names follow now and then.
        for round in 0..200 {
            instance.set(scene, f64::from(round % 3) / 128.0);
        }
        assert!(instance.renames() <= 3, "{}", instance.renames());
        std::thread::sleep(Duration::from_millis(300));
        instance.set(scene, 0.0);
        assert_eq!(instance.text(first, 0.5), "1.00");

        // Half of the way once was the second of three scenes, and its end the third.
        for (way, wanted) in [(0.5, "0.80"), (1.0, "0.70")] {
            std::thread::sleep(Duration::from_millis(300));
            instance.set(scene, way);
            assert_eq!(instance.text(first, 0.5), wanted);
        }
    });
}

/// As projects were saved when there were three scenes.
#[test]
fn a_project_of_three_scenes_still_has_its_scene() {
    use serde_json::json;

    Alone::new().run(|| {
        let library = Library::load(&crate::library_path());
        for (id, place) in [("flow", 1.0), ("kaleidoscope", 2.0)] {
            let saved = library.instance().save();
            let mut json: serde_json::Value = serde_json::from_slice(&saved).unwrap();
            json["fields"].as_object_mut().unwrap().remove("scene");
            json["params"]["scene"] = json!({"string": id});
            let instance = library.instance();
            assert!(instance.load(json.to_string().as_bytes()));
            assert_eq!(instance.value(instance.param("Scene")) * 128.0, place, "{id}");
        }
    });
}
