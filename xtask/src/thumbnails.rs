//! `cargo xtask thumbnails`: what scenes and presets look like, small, for the panel's lists.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::clip::Clip;
use crate::{process, program};

/// The song, and where in it: a moment after a beat of a full passage.
const SONG: &str = "assets/demo-song/song.ogg";
const FROM_S: f64 = 16.0;
const MOMENT_S: f64 = 4.1;
/// Twice what the panel shows at its least scale.
const SIZE_PX: &str = "128:72";

/// Makes all of them, or those that `wanted` names: scenes by id, presets by name.
pub fn run(wanted: &[String]) -> Result<()> {
    let root = process::root()?;
    let klangbild = program::build()?;
    let scenes = names_in(&root.join("shaders/scenes"), |path| {
        path.join("scene.toml").is_file().then(|| path.file_name()?.to_str().map(str::to_owned)).flatten()
    })?;
    let presets = names_in(&root.join("plugin/src/preset/factory"), preset_name)?;
    let all =
        scenes.into_iter().map(|id| ("scene", id)).chain(presets.into_iter().map(|name| ("preset", name)));
    let all: Vec<(&str, String)> = all.collect();
    if let Some(unknown) = wanted.iter().find(|wanted| all.iter().all(|(_, name)| name != *wanted)) {
        bail!("there is no scene and no preset {unknown:?}");
    }
    for (kind, name) in all.iter().filter(|(_, name)| wanted.is_empty() || wanted.contains(name)) {
        println!("{kind} {name}");
        let options = [&format!("--{kind}"), name.as_str()];
        let clip = Clip::render(&klangbild, &root.join(SONG), FROM_S, MOMENT_S, &options)?;
        let folder = root.join(format!("assets/thumbnails/{kind}s"));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        shrink(&clip.frame(MOMENT_S), &folder.join(format!("{name}.jpg")))?;
    }
    Ok(())
}

/// What `name` says of the entries of a folder, in the order of their files.
fn names_in(folder: &Path, name: impl Fn(&Path) -> Option<String>) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths.iter().filter_map(|path| name(path)).collect())
}

/// The name that a preset's file gives itself.
fn preset_name(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("name = "))?;
    Some(line.trim().trim_matches('"').to_owned())
}

fn shrink(picture: &Path, to: &Path) -> Result<()> {
    let scale = format!("scale={SIZE_PX}:flags=lanczos");
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-i"]).arg(picture).args(["-vf", &scale, "-q:v", "4"]).arg(to);
    process::run_quietly(&mut command)
}
