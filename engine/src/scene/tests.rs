use super::control::Control;
use super::*;

fn scene(head: &str) -> Result<SceneFile, SceneError> {
    SceneFile::from_wgsl(
        "mine.wgsl",
        &format!("/*\nname = \"Mine\"\n{head}\n*/\n@fragment fn paint() {{}}\n"),
    )
}

fn control(text: &str) -> Control {
    scene(&format!("[[control]]\nid = \"it\"\n{text}")).unwrap().head.controls.remove(0)
}

#[test]
fn built_in_scenes_can_be_read_and_have_a_place_of_their_own() {
    assert_eq!(
        built_in()[..3].iter().map(|file| file.scene.name()).collect::<Vec<_>>(),
        ["picture", "flow", "kaleidoscope"]
    );
    let folders =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../shaders/scenes")).unwrap().count();
    assert_eq!(built_in().len(), folders, "one of them cannot be read");
    let mut slots: Vec<u8> = built_in().iter().map(|file| file.head.slot.unwrap()).collect();
    slots.dedup();
    assert_eq!(slots.len(), built_in().len());
    assert!(slots.iter().all(|slot| *slot < 64), "those above are the user's");
    for file in built_in() {
        assert!(!file.head.about.is_empty() && !file.head.author.is_empty() && !file.head.licence.is_empty());
    }
}

#[test]
fn places_stay_what_they_were_in_projects() {
    slots::prepare();
    let name = |slot| slots::of_slot(slot).map(Scene::name);
    assert_eq!(
        [0, 1, 2, 64, 128].map(name),
        ["picture", "flow", "kaleidoscope", "flow", "kaleidoscope"].map(Some)
    );
    assert_eq!(slots::slot(Scene::FLOW), Some(1));
    assert_eq!(slots::slot(Scene::of("a scene that is not there")), None);
}

#[test]
fn a_knob_in_the_middle_leaves_a_control_as_it_was_meant_and_its_ends_are_the_ranges() {
    let number = control("min = 2.0\nmax = 10.0\ndefault = 3.0");
    assert_eq!([0.0, 0.5, 1.0].map(|way| number.value(way)[0]), [2.0, 3.0, 10.0]);
    let log = control("min = 1.0\nmax = 100.0\ndefault = 10.0\ncurve = \"log\"");
    assert!((log.value(0.75)[0] - 31.62).abs() < 0.01);
    for (control, value) in [(&number, 7.3), (&number, 2.2), (&log, 55.0)] {
        assert!((control.value(control.way(value))[0] - value).abs() < 1e-3 * value);
    }
    let switch = control("kind = \"switch\"\ndefault = true");
    assert_eq!([0.0, 0.5, 1.0].map(|way| switch.value(way)[0]), [0.0, 1.0, 1.0]);
    for count in 2..=12_usize {
        let names: Vec<_> = (0..count).map(|at| format!("\"{at}\"")).collect();
        let choice = control(&format!("kind = \"choice\"\ndefault = 1\nchoices = [{}]", names.join(", ")));
        assert_eq!(choice.value(0.5)[0], 1.0);
        for at in 0..count {
            assert_eq!(choice.value(choice.way(at as f32))[0], at as f32, "{at} of {count}");
        }
    }
    let colour = control("kind = \"colour\"\ndefault = \"#ff0000\"");
    assert_eq!(colour.value(0.5), [1.0, 0.0, 0.0, 1.0]);
    let [r, g, b, _] = colour.value(0.5 + 1.0 / 3.0);
    assert!(r < 0.01 && g > 0.99 && b < 0.01, "a third of a turn from red is green: {r} {g} {b}");
}

#[test]
fn what_is_wrong_in_a_head_is_said_with_its_place() {
    let error = |head: &str| scene(head).unwrap_err().to_string();
    assert_eq!(
        error("autor = \"me\"").split(": ").next(),
        Some("mine.wgsl:3:1"),
        "{}",
        error("autor = \"me\"")
    );
    assert!(error("autor = \"me\"").contains("autor"));
    assert!(error("[[control]]\nid = \"a b\"").contains("a b"));
    assert!(error("[[control]]\nid = \"x\"\nmin = 3.0\nmax = 1.0").contains("below max"));
    assert!(error(&"[[pass]]\nwrites = \"a\"\n".repeat(100)).contains("100"));
    assert!(error("[[pass]]\nentry = \"a\"\n[[pass]]\nentry = \"b\"").contains("writes"));
    assert!(error("[[pass]]\nwrites = \"a\"").contains("must paint the frame"));
    assert!(error("[[pass]]\nrepeats = 100000").contains("repeated"));
    assert!(error("[[buffer]]\nname = \"b\"\ntype = \"f32\"\ncount = 4000000000").contains("at most"));
    let no_head = SceneFile::from_wgsl("bare.wgsl", "@fragment fn paint() {}").unwrap_err().to_string();
    assert!(no_head.starts_with("bare.wgsl:1:1: ") && no_head.contains("name"), "{no_head}");
}

#[test]
fn an_unknown_scene_is_named_with_those_that_there_are() {
    let error = "plasma".parse::<Scene>().unwrap_err().to_string();
    assert!(error.contains("plasma") && error.contains("kaleidoscope"), "{error}");
    assert_eq!("flow".parse(), Ok(Scene::FLOW));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for_and_links_out_of_the_folder_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let endless = folder.path().join("endless.wgsl");
    std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
    let error = SceneFile::open(&endless).unwrap_err().to_string();
    assert!(error.contains("no file"), "{error}");

    let scene = folder.path().join("mine");
    std::fs::create_dir(&scene).unwrap();
    std::fs::write(
        scene.join("scene.toml"),
        "name = \"Mine\"\n[[texture]]\nname = \"t\"\nfile = \"t.png\"\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("t.png"), "anything").unwrap();
    std::os::unix::fs::symlink(folder.path().join("t.png"), scene.join("t.png")).unwrap();
    let error = SceneFile::open(&scene).unwrap_err().to_string();
    assert!(error.contains("leads out"), "{error}");
}

#[test]
fn a_head_that_does_not_end_and_a_path_where_nothing_lies_are_called_so() {
    let error =
        SceneFile::from_wgsl("a.wgsl", "/* name = \"A\"\n@fragment fn paint() {}").unwrap_err().to_string();
    assert!(error.contains("*/ is missing"), "{error}");
    let error = "./not/there.wgsl".parse::<Scene>().unwrap_err().to_string();
    assert!(error.contains("nothing lies"), "{error}");
}
