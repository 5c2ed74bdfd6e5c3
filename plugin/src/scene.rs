//! `klangbild scene`: the scenes that there are, what is wrong with one, and the beginning of a new one.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use klangbild_engine::recorder::{IfTaken, write_still};
use klangbild_engine::rehearsal::rehearse;
use klangbild_engine::scene::{self, Scene, SceneFile};
use klangbild_engine::stage::Gpu;
use serde_json::json;

use crate::terminal::{print_line, print_with};

/// What to do with scenes.
#[derive(Debug, Subcommand)]
pub enum SceneCommand {
    /// List the built-in scenes and your own.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Compile a scene, play it to made-up music, and say what is wrong.
    Check {
        /// Name of a scene, a folder, a NAME.wgsl, or a NAME.fs (ISF).
        scene: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Write the last frame to this PNG.
        #[arg(long, value_name = "PNG")]
        picture: Option<PathBuf>,
    },
    /// Begin a scene of your own, in your scenes folder or at a path.
    New {
        /// Its name, or a path that ends with it.
        name: PathBuf,
    },
}

/// Does what the command says. The code is 1 if a scene that was checked cannot be played, or is broken.
///
/// # Errors
/// Files that cannot be read or written, or no GPU.
pub fn run(command: SceneCommand) -> Result<ExitCode> {
    match command {
        SceneCommand::List { json } => list(json),
        SceneCommand::Check { scene, json, picture } => check(&scene, json, picture),
        SceneCommand::New { name } => new(&name),
    }
}

fn list(json: bool) -> Result<ExitCode> {
    let listed: Vec<_> =
        scene::list().into_iter().map(|listed| (scene::find(listed.scene), listed)).collect();
    if json {
        let rows: Vec<_> = listed
            .iter()
            .map(|(read, listed)| match read {
                Ok(file) => json!({
                    "scene": listed.scene.name(), "path": listed.path, "name": file.head.name, "author": file.head.author,
                    "licence": file.head.licence, "about": file.head.about, "tags": file.head.tags,
                    "energy": file.head.energy, "cost": cost(file),
                    "controls": file.head.controls.iter().map(|control| &control.id).collect::<Vec<_>>(),
                }),
                Err(error) => json!({"scene": listed.scene.name(), "path": listed.path, "error": error.to_string()}),
            })
            .collect();
        print_line(serde_json::to_string_pretty(&rows)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = scene::folder().map_or("(no home folder)".to_owned(), |folder| folder.display().to_string());
    print_with(|out| {
        for (read, listed) in &listed {
            let name = listed.scene.name();
            match read {
                Ok(file) => writeln!(out, "{name:<20} {} {}", file.head.about, place(listed))?,
                Err(error) => writeln!(out, "{name:<20} BROKEN {}\n    {error}", place(listed))?,
            }
        }
        writeln!(
            out,
            "\nMore scenes go into {folder} (a folder, a NAME.wgsl or a NAME.fs each): see docs/scenes.md."
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// By count, for a frame of 1920x1080.
fn cost(file: &SceneFile) -> serde_json::Value {
    let cost = file.head.cost([1920, 1080]);
    json!({"passes": cost.passes, "written_bytes_a_pixel": cost.written_bytes, "points": cost.points})
}

fn place(listed: &scene::Listed) -> String {
    listed.path.as_ref().map_or("(built in)".to_owned(), |path| format!("({})", path.display()))
}

fn check(name: &str, json: bool, picture: Option<PathBuf>) -> Result<ExitCode> {
    let asked = name.parse().unwrap_or_else(|_| Scene::of(name));
    let report = scene::find(asked).map_err(anyhow::Error::from).and_then(|file| {
        let report = rehearse(&Gpu::headless()?, &file)?;
        Ok((file.head.name.clone(), report))
    });
    let (title, report) = match report {
        Ok(found) => found,
        Err(error) if json => {
            print_line(json!({"scene": name, "faults": [error.to_string()]}))?;
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => bail!(error),
    };
    if let Some(path) = picture {
        let frame = &report.last;
        write_still(&path, frame.width_px, frame.height_px, &frame.rgba, &[], IfTaken::Replace)?;
    }
    if json {
        print_line(serde_json::to_string_pretty(&report)?)?;
    } else {
        print_with(|out| {
            writeln!(out, "{title}: {}", if report.faults.is_empty() { "plays" } else { "BROKEN" })?;
            writeln!(
                out,
                "    luminance {:.2}, black {:.0} %, white {:.0} %; moves {:.1} of 255 a frame, {:.1} in silence; a kick shows \
                 {:.1} times as much; {:.1} ms a frame of 320x180",
                report.luminance,
                100.0 * report.black,
                100.0 * report.white,
                report.moves,
                report.moves_in_silence,
                report.answers_kick,
                report.frame_ms
            )?;
            report.faults.iter().try_for_each(|fault| writeln!(out, "    fault: {fault}"))?;
            report.remarks.iter().try_for_each(|remark| writeln!(out, "    remark: {remark}"))
        })?;
    }
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a new scene begins as: see `docs/scenes.md`.
const BEGINNING: &str = include_str!("../../docs/scenes/first.wgsl");

fn new(name: &PathBuf) -> Result<ExitCode> {
    let bare = name.components().count() == 1;
    let folder = if bare {
        scene::folder().context("there is no scenes folder: name a path")?
    } else {
        PathBuf::new()
    };
    let mut path = folder.join(name);
    if path.extension().is_none_or(|end| end != "wgsl") {
        path.as_mut_os_string().push(".wgsl");
    }
    let title = path.file_stem().context("it needs a name")?.to_string_lossy().into_owned();
    if bare && scene::built_in().iter().any(|built_in| built_in.scene.name() == title) {
        bail!(
            "{title} is a scene that comes with the program, and plays in the place of any other of that name"
        );
    }
    if path.exists() || path.with_extension("").exists() {
        bail!("{} is there already", path.display());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let text = BEGINNING.replace("\"First\"", &toml::Value::String(title).to_string());
    SceneFile::from_wgsl("new.wgsl", &text)?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    let shown = path.display();
    let played = if bare { name.display().to_string() } else { shown.to_string() };
    // As a shell takes it.
    let played = if played.contains(' ') { format!("'{played}'") } else { played };
    print_with(|out| {
        writeln!(
            out,
            "Wrote {shown}.\n    klangbild live SONG --scene {played}    plays it, and plays each change as you save it"
        )?;
        writeln!(out, "    klangbild scene check {played}    says what is wrong with it")
    })?;
    Ok(ExitCode::SUCCESS)
}
