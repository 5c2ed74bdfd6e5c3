//! Names that are taken, long or strange.

use super::*;
use crate::recorder::write_still;

#[test]
fn no_two_recordings_get_one_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, others) in [("a.mp4", ["a (2).mp4", "a (3).mp4"]), ("b", ["b (2)", "b (3)"])] {
        let number = RecordSettings { if_taken: IfTaken::Number, ..settings(16, 16) };
        let path = folder.path().join(name);
        // All of them find the name free when they begin.
        let recorders: Vec<_> = (0..3).map(|_| create(&path, &number).unwrap()).collect();
        let mut names: Vec<_> = recorders
            .into_iter()
            .map(|mut recorder| {
                recorder.frame(&test_card(16, 16)).unwrap();
                recorder.finish().unwrap().path
            })
            .collect();
        names.sort();
        let mut wanted = vec![path, folder.path().join(others[0]), folder.path().join(others[1])];
        wanted.sort();
        assert_eq!(names, wanted);
    }
    assert_eq!(left_over(&folder.path().join("b (2)")), ["audio.wav", "frame-000000.png"]);
    let still = folder.path().join("s.png");
    let write = |if_taken| write_still(&still, 16, 16, &test_card(16, 16), &[], if_taken);
    assert_eq!(write(IfTaken::Number).unwrap(), still);
    assert_eq!(write(IfTaken::Number).unwrap(), folder.path().join("s (2).png"));
    assert!(matches!(write(IfTaken::Refuse), Err(RecorderError::Exists { .. })));
    assert_eq!(left_over(folder.path()).len(), 8);
}

#[test]
fn what_has_appeared_while_it_was_recorded_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mp4", "b"] {
        let path = folder.path().join(name);
        let [mut first, mut second] = [(), ()].map(|()| create(&path, &settings(16, 16)).unwrap());
        first.frame(&test_card(16, 16)).unwrap();
        second.frame(&test_card(16, 16)).unwrap();
        first.finish().unwrap();
        let error = second.finish().unwrap_err();
        assert!(matches!(&error, RecorderError::Write { kept: Some(_), .. }), "{error}");
        assert!(error.to_string().contains("has appeared"), "{error}");
    }
    assert_eq!(left_over(folder.path()), ["a.mp4", "a.partial.mp4", "b", "b.partial"]);
}

#[test]
fn long_names_are_taken_as_far_as_the_system_takes_them() {
    let folder = tempfile::tempdir().unwrap();
    for (letter, count) in [("a", 251), ("é", 125), ("名", 83)] {
        let path = folder.path().join(letter.repeat(count) + ".mp4");
        record(&path, &settings(16, 16), 2);
        // One that is given up needs a longer name, which is cut.
        let mut recorder = create(&path.with_extension("mov"), &settings(16, 16)).unwrap();
        recorder.frame(&test_card(16, 16)).unwrap();
        drop(recorder);
        let long = folder.path().join(letter.repeat(count + 5) + ".mp4");
        let Err(error) = create(&long, &settings(16, 16)) else { panic!("{letter}") };
        assert!(matches!(error, RecorderError::LongName { .. }), "{error}");
        let still = folder.path().join(letter.repeat(count) + ".png");
        write_still(&still, 16, 16, &test_card(16, 16), &[], IfTaken::Refuse).unwrap();
    }
    let names = left_over(folder.path());
    assert_eq!(names.len(), 9, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.ends_with(".partial.mov")).count(), 3, "{names:?}");
}

#[cfg(unix)]
#[test]
fn files_may_be_read_by_whom_other_files_may() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    std::fs::write(folder.path().join("any"), "").unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    record(&folder.path().join("a.webm"), &settings(16, 16), 2);
    record(&folder.path().join("b"), &settings(16, 16), 2);
    write_still(&folder.path().join("s.png"), 16, 16, &test_card(16, 16), &[], IfTaken::Refuse).unwrap();
    assert_eq!((mode("a.webm"), mode("s.png"), mode("b/audio.wav")), (mode("any"), mode("any"), mode("any")));
    assert_eq!(mode("b"), mode("folder"));
}

#[test]
fn zero_bytes_in_tags_cost_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let metadata = vec![("title".to_owned(), "Moon\0\0".to_owned())];
    let zeros = RecordSettings { metadata: metadata.clone(), ..settings(16, 16) };
    let path = folder.path().join("a.mp4");
    record(&path, &zeros, 2);
    assert_eq!(probe(&path)["format"]["tags"]["title"], "Moon");
    let still = folder.path().join("s.png");
    write_still(&still, 16, 16, &test_card(16, 16), &metadata, IfTaken::Refuse).unwrap();
    let bytes = std::fs::read(still).unwrap();
    assert!(bytes.windows(11).any(|window| window == b"title\0Moon\x2e" || &window[..10] == b"title\0Moon"));
}
