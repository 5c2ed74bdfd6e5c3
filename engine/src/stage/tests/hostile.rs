//! Scenes that mean no good, or are broken: each gets a message, and the one before plays on.

use super::*;
use crate::scene::SceneError;

/// Plays a scene of one file; its error, if it has one. Whatever it is, the stage draws a frame after it.
fn played(stage: &mut Stage, head: &str, wgsl: &str) -> Option<String> {
    let text = format!("/*\nname = \"Mine\"\n{head}\n*/\n{wgsl}\n");
    let error = match SceneFile::from_wgsl("mine.wgsl", &text) {
        Ok(file) => stage.play(&file).err().map(|error| error.to_string()),
        Err(error) => Some(error.to_string()),
    };
    for at in 0..3 {
        stage.draw(f64::from(at) * FRAME_S, &music()).unwrap();
    }
    let mut belt = Belt::new(Arc::clone(&stage.gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    belt.push(stage).unwrap();
    belt.pop(true).unwrap().unwrap();
    error
}

const PAINT: &str = "@fragment fn paint(in: Corner) -> @location(0) vec4f { return vec4f(in.uv, 0.5, 1.0); }";

#[test]
fn loops_without_an_end_come_to_one() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    for body in [
        "loop { x += 1.0; }",
        "while x > -1.0 { x += 1.0; }",
        "for (var i = 0u; i < 4000000000u; i++) { for (var k = 0u; k < 4000000000u; k++) { x += sin(x); } }",
    ] {
        let wgsl = format!(
            "@fragment fn paint(in: Corner) -> @location(0) vec4f {{ var x = in.uv.x; {body} return vec4f(x); }}"
        );
        // It either plays, or is refused since it takes too long: it never hangs.
        let error = played(&mut stage, "", &wgsl);
        assert!(error.as_deref().is_none_or(|error| error.contains(" s")), "{body}: {error:?}");
    }
}

/// In small, points that cover everything are quickly drawn: what they come to in a whole frame is worked out.
#[test]
fn points_that_cover_the_frame_a_million_times_are_refused_and_small_ones_play() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.resize(1280, 720).unwrap();
    let head = "[[pass]]\nentry = \"spot\"\nkind = \"points\"\ncount = 1000000\nwrites = \"drawn\"\n[[pass]]\nentry = \"paint\"";
    let wgsl = |size: &str| {
        format!(
            "fn spot(index: u32) -> Point {{ return Point(random2(vec2u(index, 1u)) - 0.5, {size}, vec4f(0.1)); }}\n\
             @fragment fn paint(in: Corner) -> @location(0) vec4f {{ return textureSampleLevel(drawn, clamped, in.uv, 0.0); }}"
        )
    };
    let text = |head: &str, wgsl: String| format!("/*\nname = \"Mine\"\n{head}\n*/\n{wgsl}\n");
    let file = SceneFile::from_wgsl("mine.wgsl", &text(head, wgsl("5.0"))).unwrap();
    let error = stage.play(&file).unwrap_err().to_string();
    assert!(error.contains("would take about") && error.contains("points"), "{error}");
    let few = head.replace("1000000", "20000");
    let file = SceneFile::from_wgsl("mine.wgsl", &text(&few, wgsl("0.001"))).unwrap();
    stage.play(&file).unwrap();
}

#[test]
fn what_asks_for_too_much_is_told_how_much_there_is() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let buffer = "[[buffer]]\nname = \"b\"\ntype = \"vec4f\"\ncount = 30000000\n";
    let reads = "@fragment fn paint(in: Corner) -> @location(0) vec4f { return b[u32(in.position.x)]; }";
    let large = "[[pass]]\nentry = \"one\"\nwrites = [\"a\", \"b\"]\nsize = [8192, 8192]\npersistent = true\n[[pass]]\n";
    let two = "struct Two { @location(0) a: vec4f, @location(1) b: vec4f }\n\
        @fragment fn one() -> Two { return Two(vec4f(0.0), vec4f(0.0)); }";
    let wide = "var<private> w: array<f32, 1000000>;\n@fragment fn paint(in: Corner) -> @location(0) vec4f { return vec4f(w[u32(in.position.x)]); }";
    for (head, wgsl, words) in [
        (buffer, reads.to_owned(), "MB"),
        (large, format!("{two}\n{PAINT}"), "MB"),
        ("", wide.to_owned(), "bytes"),
        ("[[pass]]\nwrites = \"a\"\n".repeat(100).as_str(), PAINT.to_owned(), "100"),
    ] {
        let error = played(&mut stage, head, &wgsl).expect("is refused");
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn what_is_wrong_in_wgsl_is_told_with_its_place() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    for (head, wgsl, words) in [
        (
            "",
            "fn f(x: f32) -> f32 { return f(x); }\n@fragment fn paint() -> @location(0) vec4f { return vec4f(f(1.0)); }",
            "mine.wgsl:",
        ),
        ("", "@fragment fn paint() -> @location(0) vec4f { return vec3f(1.0); }", "mine.wgsl:5:"),
        ("", "@fragment fn paint() -> @location(0) vec4f { return vec4f(1.0)", "mine.wgsl:"),
        ("", "", "no @fragment fn paint"),
        ("", "@compute @workgroup_size(1) fn paint() {}", "no @fragment fn paint"),
        ("[[pass]]\nentry = \"other\"", PAINT, "there are: paint"),
        ("use = [\"nothing\"]", PAINT, "no library"),
        ("[[pass]]\nwrites = \"picture\"\nentry = \"one\"\n[[pass]]", PAINT, "picture"),
        (
            "[[pass]]\nwrites = \"mine\"\nformat = \"rg16f\"\nentry = \"paint\"\n[[pass]]",
            "struct P { @location(0) a: vec4u }\n@fragment fn paint() -> P { return P(vec4u(1u)); }",
            "",
        ),
    ] {
        let error = played(&mut stage, head, wgsl).expect(wgsl);
        assert!(error.contains(words), "{wgsl}: {error}");
    }
}

#[test]
fn values_that_are_no_numbers_harm_nobody_else() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let head = "[[pass]]\nentry = \"keep\"\nwrites = \"kept\"\npersistent = true\n[[pass]]";
    let wgsl = "@fragment fn keep(in: Corner) -> @location(0) vec4f { return textureLoad(kept, vec2i(in.position.xy), 0) + sqrt(now.dt_s - 1000.0); }\n\
        @fragment fn paint(in: Corner) -> @location(0) vec4f { return textureLoad(kept, vec2i(in.position.xy), 0); }";
    assert_eq!(played(&mut stage, head, wgsl), None);
    stage.set_controls(&Controls { scene: Scene::FLOW, ..Controls::default() }).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    stage.show(&hills(0.0, 0.0)).unwrap();
    // The transition has gone by, and nothing of it is left.
    let last =
        (0..90).map(|at| frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &music())).last().unwrap();
    assert!(mean(&last) > 20.0, "{}", mean(&last));
}

#[test]
fn files_that_are_no_scenes_are_refused_with_words() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let empty = write("empty.wgsl", b"");
    let binary = write("binary.wgsl", &[0xff, 0xfe, 0, 1]);
    let half = write("half.wgsl", b"/*\nname = \"Ha");
    let huge = write("huge.wgsl", &vec![b' '; 2 << 20]);
    write("bare/a.wgsl", PAINT.as_bytes());
    let bare = folder.path().join("bare");
    write("image/scene.toml", b"name = \"I\"\n[[texture]]\nname = \"t\"\nfile = \"../secret.png\"");
    let outside = folder.path().join("image");
    for path in [empty, binary, half, huge, bare, outside, folder.path().join("nothing")] {
        let error = SceneFile::open(&path).unwrap_err();
        assert!(
            !matches!(error, SceneError::Limit { limit: 0, .. }) && error.to_string().len() > 10,
            "{error}"
        );
    }
}
