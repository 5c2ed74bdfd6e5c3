use super::*;

#[test]
fn every_platform_that_we_ship_for_has_its_wheels() {
    for (os, arch) in [("linux", "x86_64"), ("linux", "aarch64"), ("macos", "aarch64"), ("windows", "x86_64")]
    {
        assert!(wheels_for(os, arch).is_some(), "{os} {arch}");
    }
    // These releases have none for Intel Macs: what the provider calls universal holds code for Apple's processors only.
    assert!(wheels_for("macos", "x86_64").is_none());
}

#[test]
fn the_pins_belong_together() {
    let all: Vec<&Wheel> = PLATFORMS.iter().flat_map(|(_, wheels)| wheels).collect();
    for wheel in &all {
        let name = wheel.file_name();
        assert_eq!(wheel.sha256.len(), 64, "{name}");
        assert!(wheel.sha256.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()), "{name}");
        let twins = all.iter().filter(|other| other.sha256 == wheel.sha256).count();
        assert_eq!(twins, 1, "{name} has another wheel's hash");
    }
    for (platform, [runtime, webgpu]) in &PLATFORMS {
        let library = runtime.libraries[0];
        assert!(library.contains(RUNTIME.version) || library == "onnxruntime.dll", "{platform:?}: {library}");
        assert!(webgpu.libraries[0].contains("onnxruntime_providers_webgpu."), "{platform:?}");
    }
    assert!(WEBGPU.licence_folder.contains(&format!("-{}.dist-info", WEBGPU.version)));
}

#[test]
fn the_file_names_are_those_on_pypi() {
    let names = |os, arch| wheels_for(os, arch).unwrap().iter().map(Wheel::file_name).collect::<Vec<_>>();
    assert_eq!(
        names("linux", "x86_64"),
        [
            "onnxruntime-1.31.1-cp312-cp312-manylinux_2_28_x86_64.whl",
            "onnxruntime_ep_webgpu-0.4.0-py3-none-manylinux_2_28_x86_64.whl"
        ]
    );
    assert_eq!(
        names("macos", "aarch64"),
        [
            "onnxruntime-1.31.1-cp312-cp312-macosx_14_0_arm64.whl",
            "onnxruntime_ep_webgpu-0.4.0-py3-none-macosx_14_0_universal2.whl"
        ]
    );
}

#[test]
fn no_two_files_of_a_platform_are_unpacked_under_one_name() {
    for (platform, wheels) in &PLATFORMS {
        let mut names: Vec<String> = wheels.iter().flat_map(Wheel::members).map(|(_, name)| name).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{platform:?}");
    }
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
