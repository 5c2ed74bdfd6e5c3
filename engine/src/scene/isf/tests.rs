use super::*;
use crate::scene::head::Size;
use crate::scene::{control::Kind, library};

fn file(head: &str, body: &str) -> SceneFile {
    let isf = Isf::read(&format!("/*{{{head}}}*/\n{body}")).unwrap();
    SceneFile::from_isf("it", "it.fs", isf, None, Vec::new(), false)
}

const INPUTS: &str = r#""CREDIT": "me", "DESCRIPTION": "two
    lines", "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "hit", "TYPE": "event"},
    {"NAME": "on", "TYPE": "bool", "DEFAULT": true},
    {"NAME": "mode", "TYPE": "long", "VALUES": [4, 8, 15], "LABELS": ["a", "b", "c"], "DEFAULT": 8},
    {"NAME": "much", "TYPE": "float", "MIN": -1.0, "MAX": 3.0, "DEFAULT": 0.0},
    {"NAME": "place", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 2], "DEFAULT": [0.5, 0.5]},
    {"NAME": "tint", "TYPE": "color", "DEFAULT": [1.0, 0.0, 0.0, 0.5]},
    {"NAME": "pixel", "TYPE": "point2D", "DEFAULT": [3, 4]},
    {"NAME": "sound", "TYPE": "audio", "MAX": 256}, {"NAME": "bass", "TYPE": "audioFFT"},
    {"NAME": "eighth", "TYPE": "float"}, {"NAME": "ninth", "TYPE": "float", "DEFAULT": 0.25}]"#;

#[test]
fn the_first_inputs_become_controls_and_the_others_stay_what_they_are() {
    let file = file(INPUTS, "void main() { gl_FragColor = tint; }");
    let kinds: Vec<_> =
        file.head.controls.iter().map(|control| (control.id.as_str(), control.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("hit", Kind::Trigger),
            ("on", Kind::Switch),
            ("mode", Kind::Choice),
            ("much", Kind::Number),
            ("place_x", Kind::Number),
            ("place_y", Kind::Number),
            ("tint", Kind::Colour),
            ("eighth", Kind::Number),
        ]
    );
    assert_eq!((file.head.about.as_str(), file.head.author.as_str()), ("two lines", "me"));
    let isf = file.isf.as_ref().unwrap();
    assert_eq!(isf.without_knob(), ["pixel", "ninth"]);
    let value = |name: &str, ways: &[f32; 8]| {
        let at = isf.isf.inputs.iter().position(|input| input.name == name).unwrap();
        isf.value(at, &file.head, ways, 0.0)
    };
    let middle = [0.5; 8];
    assert_eq!(value("mode", &middle)[0], 8.0);
    assert_eq!(value("place", &middle)[..2], [0.5, 0.5]);
    assert_eq!(value("tint", &middle), [1.0, 0.0, 0.0, 0.5]);
    assert_eq!(value("pixel", &middle)[..2], [3.0, 4.0]);
    assert_eq!((value("on", &middle)[0], value("hit", &middle)[0]), (1.0, 0.0));
    assert_eq!((value("much", &middle)[0], value("ninth", &middle)[0]), (0.0, 0.25));
    let ends = [1.0; 8];
    assert_eq!((value("mode", &ends)[0], value("much", &ends)[0], value("hit", &ends)[0]), (15.0, 3.0, 1.0));
    assert_eq!(value("place", &ends)[..2], [1.0, 2.0]);
}

#[test]
fn each_input_that_is_a_texture_is_drawn_for_it_once() {
    let file = file(INPUTS, "void main() {}");
    let entries: Vec<_> = file.head.passes.iter().map(|pass| pass.entry.as_str()).collect();
    assert_eq!(entries, ["image", "wave", "bins", "paint"]);
    assert_eq!(file.head.passes[1].size, Some(Size::Pixels([256, 2])));
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_column() {
    let wrong = |body: &str| {
        let file = file("", body);
        let isf = file.isf.as_ref().unwrap();
        isf.error(&isf.isf.translate(None).unwrap_err())
    };
    let error =
        wrong("void main() {\n  float x = 1.0;\n  gl_FragColor = vec4(x + wrong_name);\n}").to_string();
    assert!(error.starts_with("it.fs:4:27: ") && error.contains("undeclared"), "{error}");
    let error = placed("it.fs", "", None, &Isf::read("/*{\n\"INPUTS\": [}\n}*/").unwrap_err()).to_string();
    assert!(error.starts_with("it.fs:2:"), "{error}");
    let error = placed("it.fs", "", None, &Isf::read("void main() {}").unwrap_err()).to_string();
    assert!(error.starts_with("it.fs:1:1: "), "{error}");
}

#[test]
fn imported_pictures_lie_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("with.fs");
    let open = |imported: &str| {
        let text =
            format!("/*{{\"IMPORTED\": {{\"mask\": {{\"PATH\": \"{imported}\"}}}}}}*/ void main() {{}}");
        std::fs::write(&path, text).unwrap();
        SceneFile::open(&path)
    };
    for away in ["../mask.png", "/mask.png"] {
        let error = open(away).unwrap_err().to_string();
        assert!(error.contains("leads out"), "{error}");
    }
    assert!(open("mask.gif").unwrap_err().to_string().contains("neither a PNG nor a JPEG"));
    assert!(open("mask.png").unwrap_err().to_string().contains("mask.png"));
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 2, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[255, 0, 0, 0, 255, 0]).unwrap();
    std::fs::write(folder.path().join("mask.png"), png).unwrap();
    assert_eq!(open("mask.png").unwrap().isf.unwrap().images.len(), 1);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let red = ::image::RgbImage::from_pixel(8, 8, ::image::Rgb([255, 0, 0]));
    red.write_to(&mut jpeg, ::image::ImageFormat::Jpeg).unwrap();
    std::fs::write(folder.path().join("mask.jpg"), jpeg.into_inner()).unwrap();
    let file = open("mask.jpg").unwrap();
    let (rgba, width, height) = crate::scene::image::decode(&file.isf.unwrap().images[0]).unwrap();
    assert_eq!((width, height), (8, 8));
    assert!(rgba[0] > 240 && rgba[1] < 15 && rgba[3] == 255, "{:?}", &rgba[..4]);
    #[cfg(unix)]
    {
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::os::unix::fs::symlink(secret.path(), folder.path().join("link.png")).unwrap();
        assert!(open("link.png").unwrap_err().to_string().contains("leads out"));
    }
}

#[test]
fn cubes_are_refused_by_name() {
    let head =
        r#"/*{"IMPORTED": [{"NAME": "sky", "TYPE": "cube", "PATH": ["a.png", "b.png"]}]}*/ void main() {}"#;
    let error = Isf::read(head).unwrap_err().to_string();
    assert!(error.contains("IMPORTED.sky") && error.contains("cubes"), "{error}");
}

#[test]
fn transitions_of_the_user_s_are_counted_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "b.fs",
        r#"/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"},
            {"NAME": "progress", "TYPE": "float"}]}*/ void main() {}"#,
    );
    write("a.wgsl", "/*\nname = \"A\"\n*/\n@fragment fn paint() {}\n");
    write("c.fs", "/*{}*/ void main() {}");
    write("notes.txt", "");
    let open = |name: &str| library::open_transition(&library::transition_in(folder.path(), name)?).ok();
    assert_eq!(open("own-1").unwrap().head.name, "A");
    let file = open("own-2").unwrap();
    let entries: Vec<_> = file.head.passes.iter().map(|pass| pass.entry.as_str()).collect();
    assert_eq!(entries, ["start", "end", "paint"]);
    assert_eq!(file.isf.unwrap().turned_by, [TurnedBy::Nothing, TurnedBy::Nothing, TurnedBy::Progress]);
    assert!(open("own-3").is_none(), "it leads from nothing to nothing");
    assert!(open("own-4").is_none() && open("own-0").is_none() && open("dive").is_none());
}
