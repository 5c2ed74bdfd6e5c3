//! Files in the Interactive Shader Format, on the stage.

use super::*;
use crate::isf::Isf;
use crate::stage::graph::Program;

fn isf(head: &str, body: &str) -> SceneFile {
    let isf = Isf::read(&format!("/*{{{head}}}*/\n{body}")).unwrap();
    SceneFile::from_isf("it", "it.fs", isf, None, Vec::new(), false)
}

/// Plays `count` frames; each with its controls.
fn frames(file: &SceneFile, count: u32, controls: impl Fn(u32) -> Controls) -> Vec<Frame> {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.play(file).unwrap();
    stage.show(&hills(0.0, 0.0)).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    let frames = (0..count).map(|at| {
        stage.set_controls(&Controls { scene: file.scene, ..controls(at) }).unwrap();
        let tone = |at: u32| (at as f32 * 1000.0 / 48_000.0 * std::f32::consts::TAU).sin() * 0.9;
        let sound: Vec<_> = (0..1600).map(|sample| [tone(at * 1600 + sample); 2]).collect();
        stage.hear(&sound, 48_000);
        frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &music())
    });
    frames.collect()
}

fn shown(file: &SceneFile) -> Frame {
    frames(file, 4, |_| Controls::default()).pop().unwrap()
}

fn pixel(frame: &Frame, x: u32, y: u32) -> [u8; 3] {
    let at = ((y * frame.width_px + x) * 4) as usize;
    [frame.rgba[at], frame.rgba[at + 1], frame.rgba[at + 2]]
}

fn near(found: [u8; 3], wanted: [u8; 3]) -> bool {
    found.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) <= 2)
}

#[test]
fn what_a_file_draws_is_what_is_shown() {
    let file =
        isf("", "void main() { gl_FragColor = vec4(0.25, isf_FragNormCoord.y > 0.5 ? 1.0 : 0.5, 0.75, 1); }");
    // The user's knobs for bloom, grain and vignette stand at 100 %, and the music plays.
    let frame = shown(&file);
    assert!(near(pixel(&frame, 3, 5), [64, 255, 191]), "{:?}", pixel(&frame, 3, 5));
    assert!(near(pixel(&frame, 150, 80), [64, 128, 191]), "{:?}", pixel(&frame, 150, 80));
    let half = isf("", "void main() { gl_FragColor = vec4(1, 1, 1, 0); }");
    assert!(near(pixel(&shown(&half), 9, 9), [0; 3]), "what is clear is black");
}

#[test]
fn its_inputs_hear_and_see_what_there_is() {
    let file = isf(
        r#""INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "wave", "TYPE": "audio"}, {"NAME": "fft", "TYPE": "audioFFT"}]"#,
        "void main() {
            vec2 at = isf_FragNormCoord;
            if (at.x < 0.25) gl_FragColor = IMG_THIS_PIXEL(inputImage);
            else if (at.x < 0.5) gl_FragColor = IMG_NORM_PIXEL(wave, vec2((at.x - 0.25) * 4.0, at.y));
            else {
                // All bins of a pixel, however large the frame is painted: a tone is narrower than one.
                float most = 0.0;
                for (int bin = -3; bin <= 3; bin++)
                    most = max(most, IMG_NORM_PIXEL(fft, vec2((at.x - 0.5) * 2.0 + float(bin) / 512.0, 0.5)).r);
                gl_FragColor = vec4(vec3(most), 1.0);
            }
        }",
    );
    let frame = shown(&file);
    let spread = |from: u32, to: u32| {
        let row: Vec<_> = (from..to).map(|x| pixel(&frame, x, 45)[0]).collect();
        (row.iter().min().copied().unwrap(), row.iter().max().copied().unwrap())
    };
    let (dark, bright) = spread(0, 40);
    assert!(bright > dark + 10, "the picture: {dark} to {bright}");
    let (low, high) = spread(40, 80);
    assert!(low < 40 && high > 215, "a loud tone's wave: {low} to {high}");
    // 1 kHz of 24 kHz.
    let peak = (80..160).max_by_key(|x| pixel(&frame, *x, 45)[0]).unwrap();
    assert!((82..=85).contains(&peak) && pixel(&frame, peak, 45)[0] > 120, "the tone stands at {peak}");
    assert!(pixel(&frame, 140, 45)[0] < 30, "nothing sounds there");
}

#[test]
fn a_tone_is_found_in_few_bins() {
    let file = isf(
        r#""INPUTS": [{"NAME": "fft", "TYPE": "audioFFT", "MAX": 4}]"#,
        "void main() { gl_FragColor = vec4(vec3(IMG_NORM_PIXEL(fft, vec2(isf_FragNormCoord.x, 0.5)).r), 1.0); }",
    );
    let frame = shown(&file);
    assert!(pixel(&frame, 20, 45)[0] > 120 && pixel(&frame, 140, 45)[0] < 30);
}

#[test]
fn a_point_without_a_range_is_one_of_the_frame() {
    let file = isf(
        r#""INPUTS": [{"NAME": "at", "TYPE": "point2D", "DEFAULT": [0.5, 0.25]}]"#,
        "void main() { gl_FragColor = vec4(at / RENDERSIZE, 0, 1); }",
    );
    assert!(near(pixel(&shown(&file), 9, 9), [128, 64, 0]));
}

#[test]
fn targets_are_kept_and_events_happen_once() {
    let file = isf(
        r#""INPUTS": [{"NAME": "hit", "TYPE": "event"}, {"NAME": "much", "TYPE": "float", "DEFAULT": 0.1}],
           "PASSES": [{"TARGET": "sum", "PERSISTENT": true, "FLOAT": true, "WIDTH": 1, "HEIGHT": "$WIDTH / $WIDTH"}, {}]"#,
        "void main() {
            vec4 before = IMG_NORM_PIXEL(sum, vec2(0.5));
            if (PASSINDEX == 0) gl_FragColor = vec4(before.rgb + (hit ? much : 0.0), 1.0);
            else gl_FragColor = vec4(before.rgb, 1.0);
        }",
    );
    let controls =
        |at: u32| Controls { scene_1: if (2..6).contains(&at) { 1.0 } else { 0.0 }, ..Controls::default() };
    let frames = frames(&file, 8, controls);
    let seen: Vec<_> = frames.iter().map(|frame| pixel(frame, 80, 45)[0]).collect();
    assert!(seen[1] < 3 && seen[2].abs_diff(26) < 3 && seen[7].abs_diff(26) < 3, "{seen:?}");
    let much = |_| Controls { scene_1: 1.0, scene_2: 1.0, ..Controls::default() };
    let all = super::isf::frames(&file, 2, much);
    assert!(pixel(&all[1], 80, 45)[0] > 250, "its knob is at its end");
}

#[test]
fn loops_without_end_end_and_what_is_wrong_is_told() {
    let endless =
        isf("", "void main() { float x = 0.0; while (true) { x += 0.001; } gl_FragColor = vec4(x); }");
    shown(&endless);
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let error = stage.play(&isf("", "void main() {\n    gl_FragColor = nothing;\n}")).unwrap_err();
    assert!(error.is_of_scene() && error.to_string().contains("it.fs:3:20: "), "{error}");
    let large = isf(
        r#""PASSES": [{"TARGET": "a", "FLOAT": true, "PERSISTENT": true, "WIDTH": 8192, "HEIGHT": 8192}, {}]"#,
        "void main() { gl_FragColor = IMG_THIS_PIXEL(a); }",
    );
    let error = stage.play(&large).unwrap_err().to_string();
    assert!(error.contains("MB"), "{error}");
}

#[test]
fn all_files_of_ours_play() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/isf/tests/files");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "fs"));
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.show(&hills(0.0, 0.0)).unwrap();
    for path in &paths {
        // Pictures that they import are not there.
        let file = match SceneFile::open(path) {
            Err(error) if error.to_string().contains(".png cannot be read") => continue,
            other => other.unwrap(),
        };
        stage.play(&file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        stage.draw(1.0, &music()).unwrap();
        stage.draw(1.1, &music()).unwrap();
    }
    assert!(paths.len() >= 60);
    assert!(gpu.healthy().is_ok());
}

#[test]
fn a_file_leads_from_one_scene_to_the_next() {
    let plain = |colour: &str| isf("", &format!("void main() {{ gl_FragColor = vec4({colour}, 1); }}"));
    let wipe = Isf::read(
        r#"/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"},
            {"NAME": "progress", "TYPE": "float"}, {"NAME": "edge", "TYPE": "float", "DEFAULT": 0.0}]}*/
        void main() {
            bool over = isf_FragNormCoord.x < progress;
            gl_FragColor = over ? IMG_THIS_PIXEL(endImage) : IMG_THIS_NORM_PIXEL(startImage);
        }"#,
    );
    let wipe = SceneFile::from_isf("wipe", "wipe.fs", wipe.unwrap(), None, Vec::new(), true);
    assert_eq!(wipe.head.controls.len(), 1, "nobody turns how far it is");
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.play(&plain("1, 0, 0")).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    frame(&mut stage, &mut belt, 0.0, &music());
    let compile = |file: &SceneFile| Program::tried(&gpu, &stage.painter, file, stage.format).unwrap();
    let (wipe, next) = (compile(&wipe), compile(&plain("0, 0.5, 1")));
    let quality = Quality::best(gpu.is_software());
    let next = Graph::new(&gpu, next, stage.frame_px, quality).unwrap();
    let leaving = std::mem::replace(&mut stage.graph, next);
    stage.change = Some(Change::new(&gpu, leaving, wipe, stage.frame_px, quality).unwrap());
    // Four beats of half a second.
    let mut go_on = |from: u32, to: u32| {
        let each = (from..=to).map(|at| frame(&mut stage, &mut belt, f64::from(at) * 0.1, &music()));
        each.last().unwrap()
    };
    let half = go_on(1, 10);
    assert!(near(pixel(&half, 20, 45), [0, 128, 255]), "{:?}", pixel(&half, 20, 45));
    assert!(near(pixel(&half, 140, 45), [255, 0, 0]), "{:?}", pixel(&half, 140, 45));
    let over = go_on(11, 21);
    assert!(near(pixel(&over, 140, 45), [0, 128, 255]), "{:?}", pixel(&over, 140, 45));
}
