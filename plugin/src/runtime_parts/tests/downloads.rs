//! Servers that do well, and that do not.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::*;

fn seen(shop: &Shop) -> Vec<(Option<usize>, usize)> {
    shop.server.seen().into_iter().map(|(request, sent)| (request.range_from, sent)).collect()
}

#[test]
fn a_part_is_installed_once() {
    let shop = Shop::good();
    let mut last = None;
    let mut watch = |step: Step<'_>| {
        if let Step::Fetching { done, total } = step {
            last = Some((done, total));
        }
    };
    let installed = shop.store.install("moon", &mut watch, &AtomicBool::new(false)).unwrap();
    assert_eq!(installed, Installed::Now);
    let bytes = shop.store.list()[0].download_bytes;
    assert_eq!(last, Some((bytes, bytes)));
    shop.is_whole();
    let requests = shop.server.seen();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].0.path, "/packages/12/34/5678/pkg.whl");

    assert_eq!(shop.install().unwrap(), Installed::Before);
    assert_eq!(shop.server.seen().len(), 1, "it was fetched again");
}

#[test]
fn what_the_server_breaks_off_goes_on_at_once() {
    let file = zip(&entries());
    let length = file.len();
    let parts = catalogue("1.0", &file, members());
    let shop = Shop::new(parts, move |_, place| match place {
        0 => Answer::HangsUp(file.clone(), 1_000),
        1 => Answer::HangsUp(file.clone(), 500),
        _ => Answer::File(file.clone()),
    });
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
    assert_eq!(seen(&shop), [(None, 1_000), (Some(1_000), 500), (Some(1_500), length - 1_500)]);
}

#[test]
fn what_the_user_breaks_off_goes_on_the_next_time() {
    let shop = Shop::good();
    let cancel = AtomicBool::new(false);
    let mut watch = |step: Step<'_>| {
        if matches!(step, Step::Fetching { .. }) {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let error = shop.store.install("moon", &mut watch, &cancel).unwrap_err();
    assert!(matches!(error, PartError::Cancelled), "{error}");
    shop.has_nothing();
    let fetched = disk::length(&shop.path("downloads/pkg.whl.part")) as usize;
    let length = shop.store.list()[0].download_bytes as usize;
    assert!(0 < fetched && fetched < length, "{fetched} of {length}");

    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
    assert_eq!(seen(&shop)[1..], [(Some(fetched), length - fetched)]);
}

#[test]
fn a_server_without_ranges_starts_over() {
    let file = zip(&entries());
    let length = file.len();
    let parts = catalogue("1.0", &file, members());
    let shop = Shop::new(parts, move |_, place| match place {
        0 => Answer::HangsUp(file.clone(), 1_000),
        _ => Answer::WholeFile(file.clone()),
    });
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
    assert_eq!(seen(&shop), [(None, 1_000), (Some(1_000), length)]);
}

#[test]
fn a_server_that_always_breaks_off_at_the_same_place_is_given_up() {
    let file = zip(&entries());
    let parts = catalogue("1.0", &file, members());
    let shop = Shop::new(parts, move |request, _| match request.range_from {
        None => Answer::HangsUp(file.clone(), 1_000),
        Some(_) => Answer::HangsUp(file.clone(), 0),
    });
    let message = shop.fails();
    assert!(message.contains("pkg.whl") && message.contains("check the network"), "{message}");
    shop.has_nothing();
    assert_eq!(seen(&shop).len(), 2);
}

#[test]
fn another_file_than_expected_is_thrown_away() {
    let file = zip(&entries());
    let mut other = file.clone();
    other[40] ^= 1;
    let (expected, found) = (sum(&file), sum(&other));
    let parts = catalogue("1.0", &file, members());
    let shop = Shop::new(parts, move |_, place| match place {
        0 => Answer::File(other.clone()),
        _ => Answer::File(file.clone()),
    });
    let message = shop.fails();
    assert!(message.contains(&expected) && message.contains(&found), "{message}");
    assert!(message.contains("pkg.whl") && message.contains("nothing was installed"), "{message}");
    shop.has_nothing();
    assert_eq!(names(&shop.path("downloads")), Vec::<String>::new());

    // The next time it is fetched from its beginning.
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
    assert_eq!(seen(&shop)[1].0, None);
}

#[test]
fn a_download_that_went_bad_on_disk_is_fetched_again() {
    let shop = Shop::good();
    fs::create_dir_all(shop.path("downloads")).unwrap();
    fs::write(shop.path("downloads/pkg.whl"), "bad").unwrap();
    assert_eq!(shop.install().unwrap(), Installed::Now);
    shop.is_whole();
}

#[test]
fn a_longer_file_than_expected_is_thrown_away() {
    let file = zip(&entries());
    let parts = catalogue("1.0", &file, members());
    let shop = Shop::new(parts, move |_, _| Answer::File([file.as_slice(), b"more"].concat()));
    let message = shop.fails();
    assert!(message.contains("longer than"), "{message}");
    shop.has_nothing();
    assert_eq!(names(&shop.path("downloads")), Vec::<String>::new());
}

#[test]
fn refusals_say_what_to_do() {
    for (code, cure) in [(404, "update Klangbild"), (500, "again later"), (403, "check the network")] {
        let shop = Shop::new(catalogue("1.0", b"a file", members()), move |_, _| Answer::Status(code));
        let message = shop.fails();
        for hint in [&code.to_string(), "/packages/12/34/5678/pkg.whl", cure] {
            assert!(message.contains(hint), "no {hint:?} in {message}");
        }
        shop.has_nothing();
        assert_eq!(shop.server.seen().len(), 1, "{code} was asked for again");
    }
}

#[test]
fn a_server_that_says_nothing_any_more_is_left() {
    let file = zip(&entries());
    let parts = catalogue("1.0", &file, members());
    let mut shop = Shop::new(parts, move |request, _| match request.range_from {
        None => Answer::Stalls(file.clone(), 1_000),
        Some(_) => Answer::Stalls(file.clone(), 0),
    });
    shop.store.patience = Duration::from_millis(300);
    let error = shop.install().unwrap_err();
    assert!(matches!(error, PartError::Stalled { .. }), "{error}");
    assert!(error.to_string().contains("sent nothing for"), "{error}");
    shop.has_nothing();
    assert_eq!(seen(&shop), [(None, 1_000), (Some(1_000), 0)]);
    assert_eq!(disk::length(&shop.path("downloads/pkg.whl.part")), 1_000);
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let mut shop = Shop::good();
    // A port that nobody listens on: this listener goes away at once.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    shop.store.host = format!("http://127.0.0.1:{port}");
    let message = shop.fails();
    assert!(message.contains(&shop.store.host) && message.contains("check the network"), "{message}");
    shop.has_nothing();
}
