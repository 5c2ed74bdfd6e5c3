//! What is in the folder, and who else is at work in it.

use std::io::Read;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::*;

/// Turns a hang into a failure.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn two_at_once_fetch_it_once() {
    let file = zip(&entries());
    let parts = catalogue("1.0", &file, members());
    let (waits, waiting) = mpsc::channel();
    let waiting = Mutex::new(waiting);
    // The file comes when the second waits, and not before.
    let shop = Arc::new(Shop::new(parts, move |_, _| {
        waiting.lock().unwrap().recv_timeout(PATIENCE).unwrap();
        Answer::File(file.clone())
    }));
    let begun = Arc::new(std::sync::Barrier::new(2));
    let first = thread::spawn({
        let (shop, begun) = (Arc::clone(&shop), Arc::clone(&begun));
        move || {
            let mut watch = |step: Step<'_>| {
                if step == Step::Begins {
                    begun.wait();
                }
            };
            shop.store.install("moon", &mut watch, &AtomicBool::new(false)).unwrap()
        }
    });
    begun.wait();
    let mut watch = |step: Step<'_>| {
        if step == Step::Waiting {
            waits.send(()).unwrap();
        }
    };
    let second = shop.store.install("moon", &mut watch, &AtomicBool::new(false)).unwrap();
    assert_eq!((first.join().unwrap(), second), (Installed::Now, Installed::Before));
    shop.is_whole();
    assert_eq!(shop.server.seen().len(), 1);
}

#[test]
fn one_who_waits_can_be_told_to_stop() {
    let shop = Shop::good();
    fs::create_dir_all(&shop.store.folder).unwrap();
    let _lock = lock::Lock::try_take(&shop.store.folder).unwrap().unwrap();
    let cancel = AtomicBool::new(false);
    let mut watch = |step: Step<'_>| {
        assert_eq!(step, Step::Waiting);
        cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let error = shop.store.install("moon", &mut watch, &cancel).unwrap_err();
    assert!(matches!(error, PartError::Cancelled), "{error}");
}

#[test]
fn what_is_in_use_can_be_removed() {
    let shop = Shop::good();
    shop.install().unwrap();
    let mut open = fs::File::open(shop.path("moon/libmoon.so.1")).unwrap();
    shop.store.remove("moon").unwrap();
    assert_eq!(shop.state(), State::Missing);
    let mut bytes = Vec::new();
    open.read_to_end(&mut bytes).unwrap();
    assert!(bytes == entries()[0].1, "whoever uses it has lost it");
    drop(open);
    // Here Windows deletes what it could not delete before.
    shop.store.list();
    assert_eq!(shop.names(), Vec::<String>::new());
}

#[test]
fn what_could_not_be_deleted_is_deleted_later() {
    let shop = Shop::good();
    let leave = || {
        fs::create_dir_all(shop.path("moon.removed-1")).unwrap();
        fs::write(shop.path("moon.removed-1/libmoon.so.1"), "old").unwrap();
    };
    leave();
    shop.store.list();
    assert_eq!(shop.names(), Vec::<String>::new());
    leave();
    shop.install().unwrap();
    shop.is_whole();
    leave();
    assert_eq!(shop.store.remove("moon").unwrap(), Removed::Wholly);
    assert_eq!(shop.names(), Vec::<String>::new());
}

#[test]
fn what_is_not_there_cannot_be_removed_but_what_was_fetched_of_it_can() {
    let shop = Shop::good();
    let error = shop.store.remove("moon").unwrap_err().to_string();
    assert!(error.contains("moon is not installed"), "{error}");
    assert!(!shop.store.folder.exists(), "it made a folder to remove nothing from");

    for left in ["downloads/pkg.whl.part", "downloads/pkg.whl", "moon.new/libmoon.so.1"] {
        fs::create_dir_all(shop.path(left).parent().unwrap()).unwrap();
        fs::write(shop.path(left), "left").unwrap();
        assert_eq!(shop.store.remove("moon").unwrap(), Removed::Wholly, "{left}");
        assert_eq!(shop.names(), Vec::<String>::new(), "{left}");
    }
    let error = shop.store.remove("moon").unwrap_err();
    assert!(matches!(error, PartError::NotInstalled { .. }), "{error}");
}

#[test]
fn half_an_installation_is_never_taken_for_a_whole_one() {
    let shop = Shop::good();
    // All files, but no stamp; then one that was broken off before it was moved into place.
    fs::create_dir_all(shop.path("moon")).unwrap();
    fs::write(shop.path("moon/libmoon.so.1"), &entries()[0].1).unwrap();
    assert!(matches!(shop.state(), State::Broken { .. }), "{:?}", shop.state());
    fs::create_dir_all(shop.path("moon.new")).unwrap();
    fs::write(shop.path("moon.new/libold.so"), "old").unwrap();
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();

    fs::write(shop.path("moon/libcrater.so"), "half").unwrap();
    let State::Broken { problem } = shop.state() else { panic!("{:?}", shop.state()) };
    assert_eq!(problem, "libcrater.so has 4 bytes instead of 8");
    fs::remove_file(shop.path("moon/libcrater.so")).unwrap();
    let State::Broken { problem } = shop.state() else { panic!("{:?}", shop.state()) };
    assert_eq!(problem, "libcrater.so is missing");
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
}

#[test]
fn another_version_takes_the_place_of_the_old_one() {
    let mut shop = Shop::good();
    let new = shop.store.parts;
    shop.store.parts = catalogue("0.9", &zip(&entries()), members());
    shop.install().unwrap();
    shop.store.parts = new;
    assert_eq!(shop.state(), State::Other { installed_version: "0.9".to_owned() });
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
}

#[test]
fn an_installation_that_fails_leaves_the_old_one() {
    let mut shop = Shop::good();
    shop.install().unwrap();
    shop.store.parts = catalogue("2.0", b"another file", members());
    shop.install().unwrap_err();
    assert_eq!(shop.state(), State::Other { installed_version: "1.0".to_owned() });
    assert!(fs::read(shop.path("moon/libmoon.so.1")).unwrap() == entries()[0].1);
}

#[test]
fn a_disk_that_is_too_full_is_told_of_before_anything_is_fetched() {
    let mut shop = Shop::good();
    shop.store.free_space = |_| Ok(700_000);
    let message = shop.fails();
    assert!(message.contains("700 kB free") && message.contains("needed"), "{message}");
    assert!(message.contains("KLANGBILD_RUNTIME_FOLDER"), "{message}");
    assert_eq!(shop.server.seen().len(), 0);
    shop.has_nothing();
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_becomes_full_is_told_of() {
    let shop = Shop::good();
    fs::create_dir_all(shop.path("downloads")).unwrap();
    // A file that cannot grow.
    std::os::unix::fs::symlink("/dev/full", shop.path("downloads/pkg.whl.part")).unwrap();
    let error = shop.install().unwrap_err();
    assert!(matches!(error, PartError::Full { .. }), "{error}");
    assert!(error.to_string().contains("free some space"), "{error}");
    shop.has_nothing();
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let shop = Shop::good();
    fs::write(shop.scratch.path().join("some"), "a file where a folder should be").unwrap();
    let message = shop.fails();
    assert!(message.contains(shop.store.folder.to_str().unwrap()), "{message}");
}

#[test]
fn names_that_are_unknown_or_for_other_machines_are_told_apart() {
    let shop = Shop::good();
    assert_eq!(shop.store.names_elsewhere(), ["sun"]);
    let message = |name: &str| shop.store.part(name).unwrap_err().to_string();
    assert!(message("mars").contains("expected one of moon"), "{}", message("mars"));
    assert!(message("sun").contains("sun does not run on moonos moon64"), "{}", message("sun"));
}
