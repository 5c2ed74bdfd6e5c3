//! `cargo xtask gallery`: every scene and every transition as the program plays them, in `docs/gallery/`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::clip::{Clip, SIZE};
use crate::{process, program};

/// The songs, with what they are called and where in them a scene is played.
const SONGS: [(&str, &str, f64); 2] = [
    ("assets/demo-song/song.ogg", "the demo song", 16.0),
    ("assets/slow-song/song.ogg", "the slow song", 24.0),
];
/// How long a scene is played, and at which seconds of it it is shown.
const PLAYED_S: f64 = 6.0;
const MOMENTS_S: [f64; 3] = [2.0, 3.9, 5.9];
/// Width of one picture on a sheet, in pixels.
const TILE_PX: u32 = 480;

/// The transitions, each between two scenes that look unlike each other.
const TRANSITIONS: [(&str, &str, &str); 12] = [
    ("dissolve", "picture", "nebula"),
    ("burn", "marbling", "flame"),
    ("dive", "tunnel", "terrain"),
    ("pour", "glass", "ink"),
    ("melt", "poster", "aurora"),
    ("wipe", "picture", "mandala"),
    ("push", "print", "scope"),
    ("flip", "mosaic", "threads"),
    ("glitch", "wall", "vortex"),
    ("iris", "mandala", "warp"),
    ("shatter", "glass", "current"),
    ("blot", "frost", "paint"),
];
/// When a transition begins in what is rendered, how long it is, and at which shares of it it is shown.
const BEGINS_S: f64 = 2.0;
const TRANSITION_BEATS: f64 = 4.0;
const DEMO_BEAT_S: f64 = 60.0 / 124.0;
const STEPS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];

/// Makes all of it, or what `wanted` names: scenes and transitions.
pub fn run(wanted: &[String]) -> Result<()> {
    let root = process::root()?;
    let klangbild = program::build()?;
    let folder = root.join("docs/gallery");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let listed = process::output(program::command(&klangbild).args(["scene", "list", "--json"]))?;
    let scenes: Vec<Value> = serde_json::from_str(&listed).context("what `scene list` prints is no JSON")?;
    let scenes: Vec<Value> = scenes.into_iter().filter(|scene| scene["path"].is_null()).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let names: Vec<&str> = scenes
        .iter()
        .filter_map(|scene| scene["scene"].as_str())
        .chain(TRANSITIONS.map(|transition| transition.0))
        .collect();
    if let Some(unknown) = wanted.iter().find(|wanted| !names.contains(&wanted.as_str())) {
        bail!("there is no {unknown}; there are {}", names.join(", "));
    }
    // Of scenes that are not made anew the figures of before are shown.
    let kept = folder.join("figures.json");
    let mut figures: Map<String, Value> =
        fs::read_to_string(&kept).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    figures.retain(|name, _| names.contains(&name.as_str()));
    for name in scenes.iter().filter_map(|scene| scene["scene"].as_str()).filter(|name| is_wanted(name)) {
        println!("{name}");
        let mut shown = Vec::new();
        let mut clips = Vec::new();
        for (song, _, from_s) in SONGS {
            let clip = Clip::render(&klangbild, &root.join(song), from_s, PLAYED_S, &["--scene", name])?;
            shown.extend(MOMENTS_S.map(|moment_s| clip.frame(moment_s)));
            clips.push(clip);
        }
        sheet(&shown, MOMENTS_S.len(), &folder.join(format!("{name}.jpg")))?;
        figures.insert(name.to_owned(), measure(&klangbild, &root.join(SONGS[0].0), name)?);
    }
    let text = serde_json::to_string_pretty(&figures)?;
    fs::write(&kept, text + "\n").with_context(|| format!("cannot write {}", kept.display()))?;
    for (transition, from, to) in TRANSITIONS.into_iter().filter(|transition| is_wanted(transition.0)) {
        println!("{transition}");
        let from_s = SONGS[0].2;
        let then = format!("{to}@{}", from_s + BEGINS_S);
        let beats = TRANSITION_BEATS.to_string();
        let options =
            ["--scene", from, "--then", &then, "--transition", transition, "--transition-beats", &beats];
        let length_s = TRANSITION_BEATS * DEMO_BEAT_S;
        let clip =
            Clip::render(&klangbild, &root.join(SONGS[0].0), from_s, BEGINS_S + length_s + 0.2, &options)?;
        let shown = STEPS.map(|step| clip.frame(BEGINS_S + step * length_s));
        sheet(&shown, STEPS.len(), &folder.join(format!("transition-{transition}.jpg")))?;
    }
    fs::write(folder.join("README.md"), page(&scenes, &figures))?;
    println!("\nthe gallery: {}", folder.join("README.md").display());
    Ok(())
}

/// What `klangbild score` says of a scene: how it looks, and whether it answers the song.
fn measure(klangbild: &PathBuf, song: &Path, scene: &str) -> Result<Value> {
    let (from_s, to_s) = (SONGS[0].2, SONGS[0].2 + PLAYED_S);
    let mut command = program::command(klangbild);
    command.arg("score").arg(song).args(["--json", "--size", SIZE, "--scene", scene, "--seed", "1"]);
    let printed =
        process::output(command.args(["--start", &from_s.to_string(), "--end", &to_s.to_string()]))?;
    let rows: Vec<Value> = serde_json::from_str(&printed).context("what `score` prints is no JSON")?;
    let row = rows.into_iter().next().unwrap_or_default();
    // What is shown, and no more digits than mean something.
    let shown = FIGURES.map(|(key, ..)| {
        let rounded =
            row[key].as_f64().map_or(Value::Null, |figure| json!((figure * 1000.0).round() / 1000.0));
        (key.to_owned(), rounded)
    });
    Ok(Value::Object(shown.into_iter().collect()))
}

/// The figures that the page shows: what `klangbild score` calls them, what we do, and with how many decimals.
const FIGURES: [(&str, &str, usize); 17] = [
    ("hues", "hues", 1),
    ("saturation", "saturation", 2),
    ("edges_percent", "edges, %", 1),
    ("fine_detail_percent", "fine detail, %", 1),
    ("doubled_edges_percent", "doubled edges, %", 0),
    ("black_percent", "black, %", 0),
    ("luma_high", "lightest", 2),
    ("motion_percent", "motion, %", 1),
    ("flicker_percent", "flicker, %", 2),
    ("beat_response", "change at hits", 1),
    ("beats_hit", "beats hit", 2),
    ("beats_hit_by_chance", "by chance", 2),
    ("hits_f", "hits, F at 50 ms", 2),
    ("hits_f_by_chance", "by chance", 2),
    ("flux_correlation", "r with the music", 2),
    ("flux_p", "p", 3),
    ("light_after_sound_frames", "light after sound", 0),
];

/// All scenes' figures, a row each.
fn table(figures: &Map<String, Value>) -> String {
    let heads: Vec<&str> = FIGURES.iter().map(|(_, head, _)| *head).collect();
    let mut table = format!("| scene | {} |\n|---{}|\n", heads.join(" | "), "|---:".repeat(heads.len()));
    for (scene, figures) in figures {
        let cells = FIGURES.map(|(key, _, decimals)| {
            figures[key].as_f64().map_or("-".to_owned(), |figure| format!("{figure:.decimals$}"))
        });
        table += &format!("| {scene} | {} |\n", cells.join(" | "));
    }
    table
}

/// Puts pictures beside and below each other.
fn sheet(pictures: &[PathBuf], across: usize, to: &Path) -> Result<()> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    for picture in pictures {
        command.arg("-i").arg(picture);
    }
    let mut filter = String::new();
    for at in 0..pictures.len() {
        write!(filter, "[{at}]scale={TILE_PX}:-2:flags=lanczos[p{at}];")?;
    }
    let height = "h0";
    let places: Vec<String> = (0..pictures.len())
        .map(|at| {
            let of = |count: usize, side: &str| match count {
                0 => "0".to_owned(),
                count => vec![side; count].join("+"),
            };
            format!("{}_{}", of(at % across, "w0"), of(at / across, height))
        })
        .collect();
    let inputs: String = (0..pictures.len()).map(|at| format!("[p{at}]")).collect();
    write!(filter, "{inputs}xstack=inputs={}:layout={}", pictures.len(), places.join("|"))?;
    process::run_quietly(command.args(["-filter_complex", &filter, "-q:v", "4"]).arg(to))
}

/// What there is to see, with words.
fn page(scenes: &[Value], figures: &Map<String, Value>) -> String {
    let mut page = String::from(
        "# Gallery\n\nMade by `cargo xtask gallery`: every frame is the program's own. Each scene at three moments of \
         [the demo song](../../assets/demo-song) (above) and of [the slow song](../../assets/slow-song) (below), with its controls as they \
         are. Cost is counted for a frame of 1920x1080 on a graphics card: passes of the scene itself, and bytes that they write for a \
         pixel. Energy is what the director goes by: 0 for calm music, 1 for fierce.\n",
    );
    for scene in scenes {
        let text = |key: &str| scene[key].as_str().unwrap_or_default();
        let cost = &scene["cost"];
        let controls: Vec<&str> =
            scene["controls"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let points = match cost["points"].as_u64() {
            Some(points @ 1..) => format!(", {points} points"),
            _ => String::new(),
        };
        page += &format!(
            "\n## {}\n\n{}\n\n![{0}]({}.jpg)\n\n`--scene {2}`; energy {:.1}; {} passes, {:.0} bytes a pixel{points}; controls: {}.\n",
            text("name"),
            text("about"),
            text("scene"),
            scene["energy"].as_f64().unwrap_or_default(),
            cost["passes"],
            cost["written_bytes_a_pixel"].as_f64().unwrap_or_default(),
            controls.join(", ").replace('_', " "),
        );
    }
    page += "\n# Figures\n\nOf six seconds of the demo song at 640x360, by `klangbild score`: effective hues of a frame, saturation, pixels on \
             edges, share of the finest detail, edges that are doubled as by ghosts (many lines beside each other are, too), black pixels, the luma that 1 % are above, change and flicker from frame to frame in shares \
             of white, how much more changes at hits than between them; the share of beats on which something happens within 50 ms, and of any moments; how well \
             what happens falls on kicks and snares (F), and by chance; the correlation of change with what begins in the music, its probability by chance, and by how many frames light comes after sound.\n\n";
    page += &table(figures);
    page += "\n# Transitions\n\nEach at a tenth, three, five, seven and nine tenths of its way.\n";
    for (transition, from, to) in TRANSITIONS {
        page += &format!(
            "\n## {transition}\n\n![{transition}](transition-{transition}.jpg)\n\nFrom {from} to {to}; `--transition {transition}`.\n"
        );
    }
    page
}
