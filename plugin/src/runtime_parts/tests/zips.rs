//! Wheels that are not as the catalogue has them, though their SHA-256 is right.

use klangbild_tests::broken::stored_zip;

use super::*;

/// Installs from a wheel as it is, and expects an error that mentions `hint`.
#[track_caller]
fn is_refused(file: Vec<u8>, members: Vec<Member>, hint: &str) {
    let shop = Shop::new(catalogue("1.0", &file, members), move |_, _| Answer::File(file.clone()));
    let message = shop.fails();
    assert!(message.contains("pkg.whl cannot be unpacked") && message.contains(hint), "{message}");
    shop.has_nothing();
    assert_eq!(names(shop.scratch.path()), ["some"]);
    assert_eq!(names(&shop.scratch.path().join("some")), ["runtime"]);
}

#[test]
fn what_is_no_zip_is_refused() {
    is_refused(b"not a zip".to_vec(), members(), "pkg.whl");
}

#[test]
fn half_a_zip_is_refused() {
    let mut file = zip(&entries());
    file.truncate(file.len() / 2);
    is_refused(file, members(), "pkg.whl");
}

#[test]
fn a_damaged_member_is_refused() {
    let mut file = stored_zip(&[("pkg/lib/libcrater.so".to_owned(), b"a crater".to_vec())]);
    let place = file.windows(8).position(|bytes| bytes == b"a crater").unwrap();
    file[place] ^= 1;
    is_refused(file, vec![member("pkg/lib/libcrater.so", None, 8)], "libcrater.so");
}

#[test]
fn a_member_that_is_not_there_or_of_another_size_is_refused() {
    let file = zip(&entries());
    is_refused(file.clone(), vec![member("pkg/lib/libnone.so", None, 8)], "libnone.so");
    is_refused(file, vec![member("pkg/lib/libcrater.so", None, 7)], "7 bytes");
}

#[test]
fn a_member_that_unpacks_to_more_than_it_says_is_refused() {
    // Its own header and the table of contents say 7 bytes where there are 8; sizes stand 22 and 24 bytes in.
    let mut file = stored_zip(&[("libcrater.so".to_owned(), b"a crater".to_vec())]);
    let table = file.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    file[22] = 7;
    file[table + 24] = 7;
    is_refused(file, vec![member("libcrater.so", None, 7)], "libcrater.so");
}

#[test]
fn nothing_is_written_outside() {
    let entry = |name: &str| (name.to_owned(), b"outside".to_vec());
    let names_of_entries = ["../outside.so", "/outside.so", "..\\outside.so", "pkg/lib/libinside.so"];
    let file = stored_zip(&names_of_entries.map(entry));
    // A name in the folder that leads out of it.
    for name in ["../outside.so", "..", "C:outside.so", "..\\outside.so", "/outside.so", ""] {
        is_refused(file.clone(), vec![member("pkg/lib/libinside.so", Some(name), 7)], "leads out");
    }
    is_refused(file.clone(), vec![member("..\\outside.so", None, 7)], "leads out");
    // A name in the zip that leads out of it: only its end counts.
    let inside = || vec![member("../outside.so", None, 7), member("pkg/lib/libinside.so", None, 7)];
    let shop = Shop::new(catalogue("1.0", &file, inside()), move |_, _| Answer::File(file.clone()));
    assert_eq!(shop.install().unwrap(), Installed::Now);
    assert_eq!(names(&shop.path("moon")), ["installed.json", "libinside.so", "outside.so"]);
    assert_eq!(shop.names(), ["moon"]);
    assert_eq!(names(shop.scratch.path()), ["some"]);
}
