//! `klangbild scene`: what somebody meets who writes a scene.

use std::fs;
use std::path::Path;

use klangbild_tests::program::{Program, Scratch};

use crate::klangbild;

fn scene(folder: &Path) -> Program {
    klangbild().env("KLANGBILD_SCENES", folder).arg("scene")
}

fn names(folder: &Path) -> Vec<String> {
    let listed = scene(folder).args("list --json").run().succeeds();
    let rows: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    rows.as_array().unwrap().iter().map(|row| row["scene"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_scene_is_listed_and_passes_its_check() {
    let scratch = Scratch::new();
    let folder = scratch.path("scenes");
    scene(&folder).args("new Mine").run().succeeds();
    scene(&folder).args("new Mine").run().fails(1, &["Mine.wgsl", "already"]);
    assert!(names(&folder).contains(&"Mine".to_owned()));
    let picture = scratch.path("mine.png");
    let check = scene(&folder).args("check Mine --picture").arg(&picture).run().succeeds();
    assert!(check.stdout.starts_with("Mine: plays"), "{}", check.stdout);
    assert!(image::open(&picture).is_ok());
}

#[test]
fn a_broken_scene_is_told_with_its_place_and_hides_no_other() {
    let scratch = Scratch::new();
    let write = |name: &str, text: &str| fs::write(scratch.path(name), text).unwrap();
    write(
        "typo.wgsl",
        "/*\nname = \"Typo\"\n*/\n@fragment fn paint() -> @location(0) vec4f { return vec4g(1.0); }\n",
    );
    write("head.wgsl", "/*\nname = 3\n*/\n");
    write("half.wgsl", "/*\nname = \"Ha");
    write("zeros.wgsl", &"\0".repeat(100));
    write("notes.txt", "no scene");
    fs::create_dir(scratch.path("empty")).unwrap();
    let folder = scratch.folder();
    let listed = names(folder);
    assert!(
        ["picture", "typo", "head", "half", "zeros"].iter().all(|name| listed.contains(&(*name).to_owned()))
    );
    assert!(!listed.contains(&"notes".to_owned()), "{listed:?}");
    scene(folder).args("check typo").run().fails(1, &["typo.wgsl:4:", "vec4g"]);
    scene(folder).args("check head").run().fails(1, &["head.wgsl:2:"]);
    for broken in ["half", "zeros"] {
        scene(folder).args("check").arg(broken).run().fails(1, &[broken]);
    }
    scene(folder).args("check nowhere").run().fails(1, &["nowhere", "no scene of this name"]);
}

#[test]
fn a_file_of_the_interactive_shader_format_plays_and_is_told_what_is_wrong_with_it() {
    let scratch = Scratch::new();
    let write = |name: &str, text: &str| fs::write(scratch.path(name), text).unwrap();
    let inputs: Vec<_> = (1..=9).map(|at| format!(r#"{{"NAME": "in{at}", "TYPE": "float"}}"#)).collect();
    let head = format!(r#"/*{{"DESCRIPTION": "Grey.", "INPUTS": [{}]}}*/"#, inputs.join(", "));
    write("grey.fs", &format!("{head}\nvoid main() {{ gl_FragColor = vec4(vec3(in9), 1); }}\n"));
    write("typo.fs", "/*{}*/\nvoid main() {\n    gl_FragColor = vec5(1.0);\n}\n");
    write("json.fs", "/*{\n\"INPUTS\": [}\n}*/\nvoid main() {}\n");
    let folder = scratch.folder();
    assert!(["grey", "typo", "json"].iter().all(|name| names(folder).contains(&(*name).to_owned())));
    let check = scene(folder).args("check grey").run().succeeds();
    assert!(check.stdout.starts_with("grey: plays") && check.stdout.contains("in9"), "{}", check.stdout);
    scene(folder).args("check typo").run().fails(1, &["typo.fs:3:20", "vec5"]);
    scene(folder).args("check json").run().fails(1, &["json.fs:2:"]);
}

#[test]
fn two_thousand_files_hold_up_nobody() {
    let scratch = Scratch::new();
    for at in 0..2000 {
        let text = format!(
            "/*\nname = \"Scene {at}\"\n*/\n@fragment fn paint() -> @location(0) vec4f {{ return vec4f(0.5); }}\n"
        );
        fs::write(scratch.path(&format!("s{at:04}.wgsl")), text).unwrap();
    }
    assert!(names(scratch.folder()).len() >= 2000);
    let check = scene(scratch.folder()).args("check s1999").run();
    assert!(check.stdout.contains("Scene 1999"), "{check:?}");
}
