use super::*;

#[test]
fn every_platform_that_we_ship_for_has_a_wheel() {
    for (os, arch) in [("linux", "x86_64"), ("linux", "aarch64"), ("macos", "aarch64"), ("windows", "x86_64")]
    {
        assert!(Wheel::of(os, arch).is_some(), "{os} {arch}");
    }
    // This release has none for Intel Macs.
    assert!(Wheel::of("macos", "x86_64").is_none());
}

#[test]
fn the_pins_belong_together() {
    for wheel in &WHEELS {
        assert_eq!(wheel.sha256.len(), 64, "{}", wheel.tag);
        assert!(
            wheel.sha256.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()),
            "{}",
            wheel.tag
        );
        let runtime = wheel.libraries[0];
        assert!(runtime.contains(VERSION) || runtime == "onnxruntime.dll", "{runtime} is not {VERSION}");
        let twins = WHEELS.iter().filter(|other| other.sha256 == wheel.sha256).count();
        assert_eq!(twins, 1, "{} has another platform's hash", wheel.tag);
    }
    assert_eq!(
        Wheel::of("linux", "x86_64").unwrap().file_name(),
        "onnxruntime-1.31.1-cp312-cp312-manylinux_2_28_x86_64.whl"
    );
}

#[test]
fn a_right_file_passes_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("abc.whl");
    fs::write(&file, b"abc").unwrap();
    // The example of FIPS 180-2.
    check(&file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").unwrap();
    assert!(file.is_file());
}

#[test]
fn a_wrong_file_is_an_error_that_names_everything_and_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("abc.whl");
    fs::write(&file, b"abd").unwrap();
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let error = check(&file, expected).unwrap_err().to_string();
    for part in
        ["abc.whl", expected, "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9", "run again"]
    {
        assert!(error.contains(part), "`{part}` is not in: {error}");
    }
    assert!(!file.exists(), "the wrong file would be found again");
    assert!(folder.path().join("abc.whl.wrong").is_file());
}

#[test]
fn the_cache_is_the_users_own() {
    let of = |os: &str, set: &[(&str, &str)]| {
        cache_folder(os, |name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        })
    };
    if cfg!(unix) {
        let home = ("HOME", "/home/ada");
        assert_eq!(of("linux", &[home]), Some("/home/ada/.cache/klangbild".into()));
        assert_eq!(of("linux", &[home, ("XDG_CACHE_HOME", "/var/ada")]), Some("/var/ada/klangbild".into()));
        assert_eq!(
            of("linux", &[home, ("XDG_CACHE_HOME", "cache")]),
            Some("/home/ada/.cache/klangbild".into())
        );
        assert_eq!(of("macos", &[home]), Some("/home/ada/Library/Caches/klangbild".into()));
    }
    assert_eq!(of("linux", &[]), None);
}
