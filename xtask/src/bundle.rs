//! `cargo xtask bundle`: the plugin and the program as users get them, in `target/bundled`.

mod archive;
mod assemble;
mod check;
mod layout;
mod macos;
mod names;
mod notices;
mod texts;

use std::env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX, OS};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::arguments::Arguments;
use crate::setup::{self, Purpose};
use crate::{disk, process};

pub use layout::Layout;

/// The profile that ships, and the only one whose bundles must not tell where they were built.
pub const RELEASE: &str = "release";

/// All crates have the workspace's version, this one too.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A finished bundle.
pub struct Bundle {
    pub folder: PathBuf,
    pub layout: Layout,
}

impl Bundle {
    /// The program's file.
    pub fn program(&self) -> PathBuf {
        self.folder.join(&self.layout.program)
    }
}

/// The command.
pub fn run(arguments: &[String]) -> Result<()> {
    let arguments = Arguments::read(arguments, &["--zip"], &["--profile"])?;
    let bundle = make(arguments.value("--profile").unwrap_or(RELEASE))?;
    println!("\nthe CLAP plugin: {}", bundle.folder.join(&bundle.layout.clap).display());
    println!("the VST3 plugin: {}", bundle.folder.join(&bundle.layout.vst3).display());
    println!("the program:     {}", bundle.program().display());
    if arguments.has("--zip") {
        let name = format!("{}-{VERSION}-{OS}-{ARCH}", names::Names::read()?.name);
        let zip = archive::write(&bundle.folder, &bundle.layout, &name)?;
        println!("the archive:     {}", zip.display());
    }
    Ok(())
}

/// Installs what is missing, builds in a profile, and replaces `target/bundled` by what was built.
pub fn make(profile: &str) -> Result<Bundle> {
    setup::run(Purpose::Build)?;
    println!("building the plugin and the program in the profile `{profile}` (some minutes the first time)");
    let mut build = process::cargo("build")?;
    build.args(["--profile", profile, "--locked", "--package", "klangbild", "--lib", "--bins"]);
    process::run(&mut build)?;
    of_built(profile, &process::root()?.join("target/bundled"))
}

/// Replaces `folder` by a bundle of what was built in a profile before.
pub fn of_built(profile: &str, folder: &Path) -> Result<Bundle> {
    let files = setup::onnxruntime()?;
    let root = process::root()?;
    let built = process::build_folder(profile)?;
    let inputs = assemble::Inputs {
        library: built.join(format!("{DLL_PREFIX}klangbild{DLL_SUFFIX}")),
        program: built.join(format!("klangbild{EXE_SUFFIX}")),
        onnxruntime: files.folder,
        third_party: notices::write()?,
        repository: root,
    };
    let layout = layout(&files.libraries, &files.licences)?;
    put_together(layout, &inputs, folder, profile)
}

/// The layout of this machine's bundles, with these files of ONNX Runtime.
pub fn layout(libraries: &[String], licences: &[String]) -> Result<Layout> {
    let system = layout::System { os: OS, arch: ARCH, libraries, licences };
    Layout::new(system, &names::Names::read()?, VERSION)
}

/// Assembles and checks beside the place, then moves there in one step: what is half done looks like no bundle.
fn put_together(layout: Layout, inputs: &assemble::Inputs, folder: &Path, profile: &str) -> Result<Bundle> {
    check::is_a_plugin(&inputs.library)?;
    let part = folder.with_extension("part");
    disk::remove(&part)?;
    assemble::assemble(&layout, inputs, &part)?;
    if OS == "macos" {
        macos::finish(&layout, &part)?;
    }
    if OS == "linux" {
        check::searches_only_beside_itself(&layout, &part)?;
    }
    if let Err(error) = check::tells_no_path(&layout, &part, &inputs.repository) {
        // Other profiles keep debugging information, which has to name the sources.
        if profile == RELEASE {
            return Err(error);
        }
        println!("not for passing on: {error:#}");
    }
    disk::remove(folder)?;
    disk::rename(&part, folder)?;
    Ok(Bundle { folder: folder.to_path_buf(), layout })
}

#[cfg(test)]
pub mod tests;
