//! `klangbild doctor`: what this machine has, what really works, and the cure for what does not.

mod apart;
mod cures;
mod machine;
#[cfg(windows)]
mod windows;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use apart::Apart;
use klangbild::heads::{self, ListedScene};
use klangbild_engine::inference::devices::{Device, devices, find};
use klangbild_engine::inference::wish::device;
use klangbild_engine::inference::{self, Probe, Provider, Runtime};
use klangbild_engine::pack::{DEFAULT, Folders, Pack, PackSummary};
use klangbild_engine::recorder::ffmpeg::Ffmpeg;
use klangbild_engine::scene;
use klangbild_engine::stage::Gpu;
use serde::Serialize;

use crate::graphs::Graph;
use crate::terminal::{print_line, print_with};

/// The encoders of ffmpeg that the recorder uses, and what each is for.
const ENCODERS: [(&str, &str); 6] = [
    ("libx264", ".mp4 video"),
    ("aac", ".mp4 sound"),
    ("libvpx-vp9", ".webm video"),
    ("libopus", ".webm sound"),
    ("prores_ks", ".mov video"),
    ("pcm_s24le", ".mov sound"),
];

/// Everything that was found.
#[derive(Debug, Default, Serialize)]
struct Diagnosis {
    version: &'static str,
    system: String,
    adapters: Vec<Adapter>,
    /// What the models can run on.
    devices: Vec<Device>,
    onnxruntime: Option<Library>,
    models: Vec<Graph>,
    apart: Option<Apart>,
    ffmpeg: Option<VideoProgram>,
    packs: Vec<PackSummary>,
    scenes: Vec<FoundScene>,
    folders: Vec<Folder>,
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
struct Adapter {
    name: String,
    kind: String,
    backend: String,
    driver: String,
}

#[derive(Debug, Serialize)]
struct Library {
    path: PathBuf,
    version: String,
    providers: Vec<Probe>,
}

#[derive(Debug, Serialize)]
struct VideoProgram {
    path: PathBuf,
    version: String,
    encoders: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct FoundScene {
    id: &'static str,
    name: String,
    is_own: bool,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Folder {
    what: &'static str,
    path: PathBuf,
    exists: bool,
    writable: bool,
}

/// What is wrong, and what to do.
#[derive(Debug, Serialize)]
struct Problem {
    /// Whether nothing can be rendered until it is cured.
    prevents_rendering: bool,
    what: String,
    cure: String,
}

/// Looks at the machine and prints what was found. The code is 1 if nothing can be rendered.
///
/// # Errors
/// The output cannot be written as JSON.
pub fn run(json: bool) -> Result<ExitCode> {
    let diagnosis = Diagnosis::make();
    if json {
        print_line(serde_json::to_string_pretty(&diagnosis)?)?;
    } else {
        print_with(|out| diagnosis.write(out))?;
    }
    let broken = diagnosis.problems.iter().any(|problem| problem.prevents_rendering);
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Diagnosis {
    fn make() -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let system = format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH);
        let mut found = Self { version: env!("CARGO_PKG_VERSION"), system, ..Self::default() };
        found.look_at_gpu();
        found.look_at_runtime();
        let apart = Apart::look();
        if let Some((what, cure)) = apart.problem() {
            found.problem(false, what, cure);
        }
        found.apart = Some(apart);
        found.look_at_ffmpeg();
        found.look_at_packs();
        found.look_at_scenes();
        found.look_at_folders();
        found
    }

    fn problem(&mut self, prevents_rendering: bool, what: impl Into<String>, cure: impl Into<String>) {
        self.problems.push(Problem { prevents_rendering, what: what.into(), cure: cure.into() });
    }

    fn look_at_gpu(&mut self) {
        for info in Gpu::adapters() {
            self.adapters.push(Adapter {
                name: info.name,
                kind: match format!("{:?}", info.device_type).as_str() {
                    "DiscreteGpu" => "GPU".to_owned(),
                    "IntegratedGpu" => "integrated GPU".to_owned(),
                    "VirtualGpu" => "virtual GPU".to_owned(),
                    "Cpu" => "software, slow".to_owned(),
                    _ => "unknown kind".to_owned(),
                },
                backend: format!("{:?}", info.backend),
                driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            });
        }
        let opened = Gpu::headless();
        if self.adapters.is_empty() {
            let cure = if inference::has_vulkan() {
                "install a graphics driver, or software Vulkan (Debian, Ubuntu: apt install mesa-vulkan-drivers)"
            } else {
                "there is no Vulkan loader: Debian, Ubuntu: apt install libvulkan1 mesa-vulkan-drivers"
            };
            return self.problem(true, "no graphics adapter", cure);
        }
        if let Err(error) = &opened {
            let cure = "update the graphics driver, or name another adapter in KLANGBILD_GPU";
            self.problem(true, format!("the stage does not run: {error}"), cure);
        }
        for (what, cure) in machine::look(&opened) {
            self.problem(false, what, cure);
        }
    }

    fn look_at_runtime(&mut self) {
        let runtime = match Runtime::load() {
            Ok(runtime) => runtime,
            Err(error) => {
                // The message holds its cure after the last semicolon.
                let text = error.to_string();
                let (what, cure) = text.rsplit_once("; ").unwrap_or((&text, "run `cargo xtask setup`"));
                return self.problem(true, what, cure);
            }
        };
        self.devices = devices();
        if let Err(error) = find(&self.devices, &device::chosen()) {
            let (what, cure) = error.rsplit_once("; ").unwrap_or((&error, "choose another"));
            self.problem(false, format!("the card for the models: {what}"), cure);
        }
        let providers = inference::probe(&runtime);
        let cpu = providers.iter().find(|probe| probe.provider == Provider::Cpu);
        if let Some(problem) = cpu.and_then(|probe| probe.problem.clone()) {
            let what = format!("ONNX Runtime does not work: {problem}");
            self.problem(true, what, "run `cargo xtask setup` to get the tested version");
        }
        for (what, cure) in machine::look_at_providers(&runtime, &providers) {
            self.problem(false, what, cure);
        }
        let (path, version) = (runtime.path().to_owned(), runtime.version().to_owned());
        self.onnxruntime = Some(Library { path, version, providers });
        if let Err(error) = self.look_at_models(&runtime) {
            self.problem(
                true,
                format!("the default pack does not run: {error}"),
                "install the program again",
            );
        }
    }

    /// Which provider was found to be right and quickest for each of the default pack's graphs.
    fn look_at_models(&mut self, runtime: &Runtime) -> Result<()> {
        let pack = Pack::load(DEFAULT)?;
        let options = inference::Options::default();
        self.models.push(Graph::of_encoder(runtime, &pack, &options)?);
        for (size, _) in pack.picture_sizes() {
            let sized = pack.painting_at(size).unwrap_or_else(|| pack.clone());
            self.models.push(Graph::of_generator(runtime, &sized, &options)?);
        }
        Ok(())
    }

    fn look_at_ffmpeg(&mut self) {
        let ffmpeg = match Ffmpeg::find() {
            Ok(ffmpeg) => ffmpeg,
            Err(error) => {
                let cure =
                    "install ffmpeg (Debian, Ubuntu: apt install ffmpeg); folders of PNGs work without it";
                return self.problem(false, format!("videos cannot be written: {error}"), cure);
            }
        };
        let (there, missing): (Vec<_>, Vec<_>) =
            ENCODERS.into_iter().partition(|(name, _)| ffmpeg.has_encoder(name));
        for (name, purpose) in missing {
            let what = format!("{} has no encoder {name}: no {purpose}", ffmpeg.program().display());
            self.problem(false, what, "install an ffmpeg that has it, such as the distribution's own");
        }
        self.ffmpeg = Some(VideoProgram {
            path: in_search_path(ffmpeg.program()),
            version: ffmpeg.version().to_owned(),
            encoders: there.into_iter().map(|(name, _)| name).collect(),
        });
    }

    fn look_at_packs(&mut self) {
        self.packs = Pack::list();
        let broken: Vec<_> =
            self.packs.iter().filter_map(|pack| Some((pack.path.clone(), pack.error.clone()?))).collect();
        for (path, error) in broken {
            let cure = match &path {
                Some(path) => {
                    format!("mend or remove it; `klangbild pack check \"{}\"` says more", path.display())
                }
                None => "the program is damaged: install it again".to_owned(),
            };
            self.problem(path.is_none(), format!("broken pack: {error}"), cure);
        }
    }

    /// By their heads: whether their shaders compile, `klangbild scene check` says.
    fn look_at_scenes(&mut self) {
        for ListedScene { scene, name, is_own, error, .. } in heads::list_while(|| true) {
            if let Some(error) = &error {
                let cure = format!("mend or remove it; `klangbild scene check {scene}` says more");
                self.problem(false, format!("broken scene {scene}: {error}"), cure);
            }
            self.scenes.push(FoundScene { id: scene.name(), name, is_own, error });
        }
    }

    fn look_at_folders(&mut self) {
        let folders = Folders::of_user();
        let packs = folders.pack_folders.into_iter().map(|path| ("packs", path));
        let others = [
            ("scenes", scene::folder()),
            ("runtime parts", folders.runtime),
            ("cache", folders.cache),
            ("settings", folders.config),
        ];
        let others = others.into_iter().filter_map(|(what, path)| Some((what, path?)));
        for (what, path) in packs.chain(others) {
            let writable = can_write(&path);
            if !writable {
                let message = format!("the folder for {what} cannot be written: {}", path.display());
                self.problem(false, message, "make it yours (chown, chmod) or free some space");
            }
            self.folders.push(Folder { what, exists: path.is_dir(), writable, path });
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Klangbild {} on {}\n\nGraphics", self.version, self.system)?;
        for Adapter { name, kind, backend, driver } in &self.adapters {
            writeln!(out, "    {name} ({kind}, {backend}, {driver})")?;
        }
        writeln!(out, "\nONNX Runtime")?;
        if let Some(library) = &self.onnxruntime {
            writeln!(out, "    {} at {}", library.version, library.path.display())?;
            for probe in &library.providers {
                let state = probe.problem.as_deref().unwrap_or("works");
                writeln!(out, "    {:<12} {state}", probe.provider.name())?;
            }
        }
        if !self.devices.is_empty() {
            writeln!(out, "    cards for the models, by `klangbild runtime device`:")?;
            self.devices.iter().try_for_each(|device| writeln!(out, "        {device}"))?;
        }
        self.models.iter().try_for_each(|graph| graph.write(out))?;
        if let Some(apart) = &self.apart {
            apart.write(out)?;
        }
        writeln!(out, "\nffmpeg")?;
        if let Some(ffmpeg) = &self.ffmpeg {
            writeln!(out, "    {} at {}", ffmpeg.version, ffmpeg.path.display())?;
            writeln!(out, "    encoders  {}", ffmpeg.encoders.join(", "))?;
        }
        writeln!(out, "\nPacks")?;
        for pack in &self.packs {
            let state = if pack.error.is_some() { "BROKEN" } else { pack.version.as_str() };
            writeln!(out, "    {:<20} {state}", pack.name)?;
        }
        let own = self.scenes.iter().filter(|scene| scene.is_own).count();
        writeln!(out, "\nScenes\n    {} built in, {own} of your own", self.scenes.len() - own)?;
        for scene in self.scenes.iter().filter(|scene| scene.error.is_some()) {
            writeln!(out, "    {:<20} BROKEN", scene.id)?;
        }
        writeln!(out, "\nFolders")?;
        for folder in &self.folders {
            let state = match (folder.writable, folder.exists) {
                (true, true) => "",
                (true, false) => " (made when needed)",
                (false, _) => " (NOT WRITABLE)",
            };
            writeln!(out, "    {:<13} {}{state}", folder.what, folder.path.display())?;
        }
        writeln!(out)?;
        for problem in &self.problems {
            let mark = if problem.prevents_rendering { "PROBLEM" } else { "note" };
            writeln!(out, "{mark}: {}\n    cure: {}", problem.what, problem.cure)?;
        }
        if !self.problems.iter().any(|problem| problem.prevents_rendering) {
            writeln!(out, "Ready to render.")?;
        }
        Ok(())
    }
}

/// The program's file, where its name alone was given.
fn in_search_path(program: &Path) -> PathBuf {
    if program.components().count() > 1 {
        return program.to_owned();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{}{}", program.display(), std::env::consts::EXE_SUFFIX);
    let found = std::env::split_paths(&folders).map(|folder| folder.join(&file)).find(|path| path.is_file());
    found.unwrap_or_else(|| program.to_owned())
}

/// Whether a file can be made in `folder`, or in the nearest folder above it that exists.
fn can_write(folder: &Path) -> bool {
    let Some(existing) = folder.ancestors().find(|path| path.is_dir()) else { return false };
    let probe = existing.join(format!(".klangbild-{}", std::process::id()));
    let written = std::fs::write(&probe, "").is_ok();
    // If it was written, it can be removed; if not, there is nothing to remove.
    written && std::fs::remove_file(&probe).is_ok()
}
