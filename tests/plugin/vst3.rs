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
