//! What scenes can ask for, and how one becomes the next.

use super::*;
use crate::knobs::{Transition, TransitionOn};

fn file(head: &str, wgsl: &str) -> SceneFile {
    SceneFile::from_wgsl("mine.wgsl", &format!("/*\nname = \"Mine\"\n{head}\n*/\n{wgsl}\n")).unwrap()
}

/// Without anything that is added after the scene.
fn plain() -> Controls {
    Controls { grain: 0.0, bloom: 0.0, vignette: 0.0, limit_flashes: false, ..Controls::default() }
}

fn frames_of(scene: &SceneFile, controls: &Controls, count: u32) -> Vec<Frame> {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.play(scene).unwrap();
    stage.set_controls(&Controls { scene: scene.scene, ..*controls }).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    (0..count).map(|at| frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &music())).collect()
}

fn pixel(frame: &Frame, x: u32, y: u32) -> [u8; 3] {
    let at = ((y * frame.width_px + x) * 4) as usize;
    [frame.rgba[at], frame.rgba[at + 1], frame.rgba[at + 2]]
}

#[test]
fn a_target_that_is_kept_holds_what_it_held_and_one_that_is_not_is_black_again() {
    let count = "@fragment fn count(in: Corner) -> @location(0) vec4f { return textureLoad(kept, vec2i(0), 0) + vec4f(0.02); }\n\
        @fragment fn paint(in: Corner) -> @location(0) vec4f { return textureLoad(kept, vec2i(0), 0); }";
    let head = |more: &str| {
        format!(
            "[[pass]]\nentry = \"count\"\nwrites = \"kept\"\nsize = [1, 1]\n{more}\n[[pass]]\n[post]\nbreathes = false"
        )
    };
    let means = |more: &str| -> Vec<f64> {
        frames_of(&file(&head(more), count), &plain(), 4).iter().map(mean).collect()
    };
    let kept = means("persistent = true");
    assert!(kept.windows(2).all(|pair| pair[1] > pair[0] + 2.0), "{kept:?}");
    let thrice = means("persistent = true\nrepeats = 3");
    assert!(thrice[1] > kept[3], "{thrice:?} {kept:?}");
}

#[test]
fn what_is_computed_is_drawn_as_points_and_triangles() {
    let head = "[[buffer]]\nname = \"places\"\ntype = \"vec2f\"\ncount = 64\n\
        [[pass]]\nentry = \"place\"\nkind = \"compute\"\nover = \"places\"\n\
        [[pass]]\nentry = \"dot_at\"\nkind = \"points\"\ncount = 64\nwrites = \"drawn\"\n\
        [[pass]]\nentry = \"shade\"\nvertex = \"corner\"\nkind = \"triangles\"\ncount = 3\nwrites = \"drawn\"\nblend = \"add\"\n\
        [[pass]]\n[post]\nbreathes = false";
    let wgsl = "@compute @workgroup_size(8) fn place(@builtin(global_invocation_id) id: vec3u) {\n\
            let i = index_of(id); if i >= canvas.count { return; } places_rw[i] = vec2f(-0.5, 0.25); }\n\
        fn dot_at(i: u32) -> Point { return Point(places[i], 0.08, vec4f(0.01, 0.0, 0.0, 1.0)); }\n\
        @vertex fn corner(@builtin(vertex_index) i: u32) -> Corner {\n\
            return Corner(vec4f(0.2 + 0.8 * f32(i & 1u), 0.2 + 0.8 * f32(i >> 1u), 0.0, 1.0), vec2f(0.0)); }\n\
        @fragment fn shade(in: Corner) -> @location(0) vec4f { return vec4f(0.0, 0.0, 1.0, 1.0); }\n\
        @fragment fn paint(in: Corner) -> @location(0) vec4f { return textureSampleLevel(drawn, clamped, in.uv, 0.0); }";
    let frame = frames_of(&file(head, wgsl), &plain(), 2).pop().unwrap();
    // From the middle, in frame heights, y down.
    let point = pixel(&frame, (80.0 - 0.5 * 90.0) as u32, (45.0 + 0.25 * 90.0) as u32);
    assert!(point[0] > 150 && point[2] < 60, "{point:?}");
    let triangle = pixel(&frame, 110, 25);
    assert!(triangle[2] > 150 && triangle[0] < 60, "{triangle:?}");
    assert!(pixel(&frame, 20, 10).iter().all(|channel| *channel < 8));
}

#[test]
fn a_scene_s_own_knobs_reach_it() {
    let head = "[[control]]\nid = \"tone\"\nkind = \"colour\"\ndefault = \"#00ff00\"\n[[control]]\nid = \"dim\"\ndefault = 1.0\n[post]\nbreathes = false";
    let wgsl = "@fragment fn paint(in: Corner) -> @location(0) vec4f { return scene.tone * scene.dim; }";
    let shown = |controls: Controls| pixel(&frames_of(&file(head, wgsl), &controls, 1)[0], 5, 5);
    let meant = shown(plain());
    assert!(meant[1] > 150 && meant[0] < 90 && meant[2] < 90, "{meant:?}");
    let off = shown(Controls { scene_2: 0.0, ..plain() });
    assert!(off.iter().all(|channel| *channel < 4), "{off:?}");
    let turned = shown(Controls { scene_1: 0.5 + 1.0 / 3.0, ..plain() });
    assert!(turned[2] > turned[1], "a third of a turn from green is blue: {turned:?}");
}

/// WGSL that weighs and adds all numbers of what is declared for every shader, more than there is room for as inputs of a fragment.
fn sum_of_all_numbers() -> String {
    let declared = crate::stage::moment::declarations();
    let mut sum = "fn sum() -> f32 {\n    var sum = heard.bands[u32(now.time_s)][1] + palette.colours[u32(now.time_s)].y;\n".to_owned();
    for (block, of) in [("now", "struct Moment {"), ("knobs", "struct Knobs {"), ("heard", "struct Heard {")]
    {
        let members = declared.split_once(of).unwrap().1.split_once('}').unwrap().0;
        for (at, line) in members.lines().filter(|line| !line.trim().starts_with("//")).enumerate() {
            let Some((name, of)) = line.trim().trim_end_matches(',').split_once(": ") else { continue };
            let weight = 0.25 + 0.0625 * at as f64;
            let value = match of {
                "f32" => format!("{block}.{name}"),
                "u32" => format!("f32({block}.{name} & 255u)"),
                "vec2f" => format!("dot({block}.{name}, vec2f(1.0, 3.0))"),
                "vec4f" => format!("dot({block}.{name}, vec4f(1.0, 3.0, 0.5, 2.0))"),
                _ => continue,
            };
            sum += &format!("    sum += {weight:?} * {value};\n");
        }
    }
    sum + "    return sum;\n}\n"
}

#[test]
fn a_fragment_reads_the_same_numbers_as_what_is_computed() {
    let head = "[[pass]]\nentry = \"add\"\nkind = \"compute\"\nover = \"total\"\n\
        [[pass]]\nentry = \"hold\"\nwrites = \"total\"\nsize = [1, 1]\nformat = \"r32f\"\nonce = true\npersistent = true\n\
        [[pass]]\n[post]\nbreathes = false";
    let wgsl = sum_of_all_numbers()
        + "@compute @workgroup_size(1) fn add() { textureStore(total_out, vec2i(0), vec4f(sum())); }\n\
           @fragment fn hold(in: Corner) -> @location(0) vec4f { return vec4f(0.0); }\n\
           @fragment fn paint(in: Corner) -> @location(0) vec4f {\n\
               let total = textureLoad(total, vec2i(0), 0).x;\n\
               return vec4f(step(abs(total - sum()), 1e-4 * abs(total)) * step(1.0, abs(total))); }";
    let frames = frames_of(&file(head, &wgsl), &Controls { seed: 9, ..plain() }, 3);
    for frame in &frames[1..] {
        assert!(mean(frame) > 150.0, "{}", mean(frame));
    }
}

/// Every function that `docs/scenes.md` declares is one of ours, with that signature.
#[test]
fn the_guide_declares_functions_as_they_are() {
    let guide = include_str!("../../../../docs/scenes.md");
    let declared = guide.lines().filter(|line| line.starts_with("fn ") && line.contains(" -> "));
    let declared: Vec<&str> = declared.map(|line| line.split("//").next().unwrap().trim()).collect();
    let ours = [
        include_str!("../../../../shaders/prelude.wgsl"),
        include_str!("../../../../shaders/scene.wgsl"),
        include_str!("../../../../shaders/lib/noise.wgsl"),
    ];
    assert!(declared.len() > 20);
    for function in declared {
        assert!(ours.iter().any(|text| text.contains(&format!("\n{function} {{"))), "{function}");
    }
}

/// What `docs/scenes.md` promises of the small tools, on numbers that are known.
#[test]
fn waves_bands_and_pitch_classes_are_read_by_their_tools() {
    let gpu = gpu();
    let wgsl = "fn is(value: f32, truth: f32) -> f32 { return step(abs(value - truth), 1e-4); }\n\
        @fragment fn paint(in: Corner) -> @location(0) vec4f {\n\
            let waves = is(lfo_sine(0.25), 0.1) * is(lfo_triangle(0.5), 0.2) * is(lfo_ramp(1.0), 0.3) * is(lfo_ramp(2.0), 0.35)\n\
                * is(lfo_random(4.0), 0.4);\n\
            return vec4f(waves, is(heard_band(13u), 0.6) * is(heard_band(99u), 0.7), is(heard_chroma(9u), 0.8), 1.0); }";
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.play(&file("[post]\nbreathes = false", wgsl)).unwrap();
    stage.set_controls(&Controls { scene: stage.scene(), ..plain() }).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    let mut heard = Heard {
        lfo_sine: [0.1, 0.0, 0.0, 0.0, 0.0],
        lfo_triangle: [0.0, 0.2, 0.0, 0.0, 0.0],
        lfo_ramp: [0.0, 0.0, 0.3, 0.35, 0.0],
        lfo_random: [0.0, 0.0, 0.0, 0.0, 0.4],
        ..music()
    };
    (heard.bands[13], heard.bands[23], heard.chroma[9]) = (0.6, 0.7, 0.8);
    let shown = pixel(&frame(&mut stage, &mut belt, 0.1, &heard), 5, 5);
    assert!(shown.iter().all(|channel| *channel > 200), "waves, bands, chroma: {shown:?}");
}

#[test]
fn the_sound_is_there_to_be_drawn() {
    let gpu = gpu();
    let wgsl = "@fragment fn paint(in: Corner) -> @location(0) vec4f {\n\
        return vec4f(step(1.0 - in.uv.y, textureSampleLevel(spectrum, clamped, vec2f(in.uv.x, 0.125), 0.0).x)); }";
    let mut stage = stage(&gpu, Scene::PICTURE);
    stage.play(&file("[post]\nbreathes = false", wgsl)).unwrap();
    stage.set_controls(&Controls { scene: stage.scene(), ..plain() }).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    let tone: Vec<[f32; 2]> = (0..9600).map(|at| [(at as f32 * 0.131).sin(); 2]).collect(); // 1 kHz
    stage.hear(&tone, 48_000);
    let frame = frame(&mut stage, &mut belt, 0.1, &music());
    let lit = |x: u32| (0..HEIGHT_PX).filter(|y| pixel(&frame, x, *y)[0] > 60).count();
    let at = |hz: f32| ((hz / 30.0).ln() / (16_000.0_f32 / 30.0).ln() * WIDTH_PX as f32) as u32;
    assert!(lit(at(1000.0)) > 80 && lit(at(200.0)) < 30 && lit(at(8000.0)) < 30);
}

#[test]
fn transitions_begin_with_the_old_scene_and_end_with_the_new_one() {
    let gpu = gpu();
    let heard_at = |beats: f64, beats_per_bar: f32| {
        let (beat_count, beat_phase) = (beats as u32, beats.fract() as f32);
        let known = f32::from(u8::from(beats_per_bar > 0.0));
        let bar_count = if known > 0.0 { (beats / f64::from(beats_per_bar)) as u32 } else { 0 };
        let heard = Heard { tempo_bpm: 120.0, beat_confidence: 1.0, beat_count, beat_phase, ..music() };
        Heard { bar_count, beats_per_bar, bar_confidence: known, ..heard }
    };
    let play_in = |transition: Transition, on: TransitionOn, beats_per_bar: f32| -> Vec<Frame> {
        let mut stage = stage(&gpu, Scene::PICTURE);
        let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
        stage.show(&hills(0.0, 0.0)).unwrap();
        let controls = Controls {
            transition,
            transition_on: on,
            transition_beats: 2.0,
            seed: 7,
            limit_flashes: false,
            ..Controls::default()
        };
        (0..75_u32)
            .map(|at| {
                let time_s = f64::from(at) * FRAME_S;
                let scene = if at < 15 { Scene::PICTURE } else { Scene::KALEIDOSCOPE };
                stage.set_controls(&Controls { scene, ..controls }).unwrap();
                frame(&mut stage, &mut belt, time_s, &heard_at(time_s * 2.0, beats_per_bar))
            })
            .collect()
    };
    let play = |transition: Transition, on: TransitionOn| play_in(transition, on, 0.0);
    let cut = play(Transition::Cut, TransitionOn::Once);
    for transition in [Transition::Dissolve, Transition::Burn, Transition::Dive, Transition::Pour] {
        let frames = play(transition, TransitionOn::Once);
        let apart = |at: usize| difference(&frames[at], &cut[at]);
        assert!(apart(14) == 0.0, "{transition:?} begins too soon");
        assert!(
            difference(&frames[15], &frames[14]) < difference(&cut[15], &cut[14]) * 0.5,
            "{transition:?} jumps"
        );
        assert!(apart(30) > 3.0, "{transition:?} does nothing");
        assert!(apart(70) < 1.5, "{transition:?} leaves something behind: {}", apart(70));
    }
    // Asked for after the first beat of the bar, it waits for the next one, at 2 s.
    let waits = play(Transition::Dissolve, TransitionOn::Bar);
    assert!(difference(&waits[55], &cut[55]) > 5.0 && difference(&waits[74], &waits[55]) > 2.0);
    // In a bar of three that is at 1.5 s.
    let in_three = play_in(Transition::Dissolve, TransitionOn::Bar, 3.0);
    assert!(difference(&in_three[44], &waits[44]) == 0.0 && difference(&in_three[55], &waits[55]) > 1.0);
}

/// The scene that was asked for comes, and why it comes otherwise is told.
#[test]
fn a_dissolve_stands_in_for_a_transition_that_is_not_there() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let controls = Controls { transition: Transition::Own(8), ..plain() };
    stage.set_controls(&controls).unwrap();
    stage.draw(0.0, &music()).unwrap();
    stage.set_controls(&Controls { scene: Scene::FLOW, ..controls }).unwrap();
    assert_eq!(stage.scene(), Scene::FLOW);
    let fault = stage.take_transition_fault().expect("is told").to_string();
    assert!(fault.contains("own-8"), "{fault}");
    for at in 1..4 {
        stage.draw(f64::from(at) * FRAME_S, &music()).unwrap();
    }
    assert!(stage.take_transition_fault().is_none());
}

#[test]
fn a_transition_goes_on_while_the_window_is_resized() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    let controls = Controls { transition: Transition::Dissolve, transition_beats: 4.0, ..plain() };
    let shown = |stage: &mut Stage, belt: &mut Belt, at: u32| {
        let scene = if at < 4 { Scene::PICTURE } else { Scene::KALEIDOSCOPE };
        stage.set_controls(&Controls { scene, ..controls }).unwrap();
        frame(stage, belt, f64::from(at) * FRAME_S, &music())
    };
    let before = (0..10).map(|at| shown(&mut stage, &mut belt, at)).last().unwrap();
    stage.resize(2 * WIDTH_PX, 2 * HEIGHT_PX).unwrap();
    stage.resize(WIDTH_PX, HEIGHT_PX).unwrap();
    let after = shown(&mut stage, &mut belt, 10);
    let over = (11..90).map(|at| shown(&mut stage, &mut belt, at)).last().unwrap();
    let (jump, rest) = (difference(&before, &after), difference(&after, &over));
    assert!(3.0 * jump < rest, "a jump of {jump}, and {rest} from there to its end");
}

#[test]
fn a_scene_that_is_being_written_plays_each_change() {
    let gpu = gpu();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.wgsl");
    let write = |colour: &str| {
        let paint = format!("@fragment fn paint(in: Corner) -> @location(0) vec4f {{ return {colour}; }}");
        std::fs::write(&path, format!("/*\nname = \"Mine\"\n[post]\nbreathes = false\n*/\n{paint}\n"))
            .unwrap();
    };
    write("vec4f(1.0, 0.0, 0.0, 1.0)");
    let scene = Scene::of(path.to_str().unwrap());
    let mut stage = stage(&gpu, scene);
    stage.compile_aside().unwrap();
    stage.set_controls(&Controls { scene, ..plain() }).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    let mut at = 0;
    let mut trouble: Option<String> = None;
    let mut until = |is: &dyn Fn([u8; 3], Option<&str>) -> bool| {
        for _ in 0..600 {
            at += 1;
            let shown = frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &music());
            if let Some(news) = stage.take_news() {
                trouble = news.outcome.err().map(|error| error.to_string());
            }
            if is(pixel(&shown, 5, 5), trouble.as_deref()) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("it was never played");
    };
    let is_red = |p: [u8; 3]| p[0] > 150 && p[1] < 90;
    until(&|p, trouble| is_red(p) && trouble.is_none());
    write("vec4f(0.0, 1.0, 0.0, nothing)");
    until(&|p, trouble| {
        let told = trouble.is_some_and(|error| error.contains("mine.wgsl:6:"));
        assert!(!told || is_red(p), "the last good one plays on");
        told
    });
    write("vec4f(0.0, 1.0, 0.0, 1.0)");
    until(&|p, trouble| p[1] > 150 && p[0] < 90 && trouble.is_none());
    std::fs::remove_file(&path).unwrap();
    until(&|p, trouble| trouble.is_some() && p[1] > 150);
}

/// Every example of the guide in `docs/scenes.md` is a scene that a newcomer can trust.
#[test]
fn the_guides_examples_pass_their_rehearsal() {
    let gpu = gpu();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenes");
    let guide = std::fs::read_to_string(format!("{folder}.md")).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = SceneFile::open(&path).unwrap();
        let report = crate::rehearsal::rehearse(&gpu, &file).unwrap();
        assert!(report.faults.is_empty(), "{}: {:?}", path.display(), report.faults);
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(guide.contains(&format!("(scenes/{name})")), "the guide does not lead to {name}");
        count += 1;
    }
    assert!(count >= 3);
    let first = std::fs::read_to_string(format!("{folder}/first.wgsl")).unwrap();
    assert!(guide.contains(first.trim()), "the guide shows another first scene than the file");
}

#[test]
fn a_cheaper_tier_paints_less_and_stills_are_painted_whole() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::of("swarm"));
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    assert_eq!(stage.tiers().collect::<Vec<_>>(), ["half", "quarter"]);
    let mut play = |stage: &mut Stage, from: u32| {
        (from..from + 20).map(|at| frame(stage, &mut belt, f64::from(at) * FRAME_S, &music())).last().unwrap()
    };
    let whole = play(&mut stage, 0);
    stage.set_tier(9).unwrap();
    assert_eq!(stage.tier(), Some("quarter"));
    let quarter = play(&mut stage, 20);
    assert!(difference(&whole, &quarter) > 1.0, "it looks the same");
    let still = stage.enlarged(WIDTH_PX, HEIGHT_PX).unwrap();
    assert_eq!(still.tier(), None);
    // It stays so for the next scene, as far as that one knows cheaper ways.
    stage.set_scene(Scene::of("relief")).unwrap();
    assert!(stage.tier().is_some() && stage.tier() == stage.tiers().last());
}

#[test]
fn every_built_in_scene_passes_its_rehearsal() {
    let gpu = gpu();
    for file in crate::scene::built_in() {
        let report = crate::rehearsal::rehearse(&gpu, file).unwrap();
        assert!(report.faults.is_empty(), "{}: {:?}", file.scene, report.faults);
        assert!(
            report.answers_kick > 1.2,
            "{}: a kick shows {:.2} times as much",
            file.scene,
            report.answers_kick
        );
        assert!(report.moves_in_silence < 5.0, "{}: {:.2} in silence", file.scene, report.moves_in_silence);
    }
}
