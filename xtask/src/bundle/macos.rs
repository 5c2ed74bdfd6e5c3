//! What only macOS wants of a bundle: names without our folders, and signatures.
//!
//! Apple's processors run no code without a signature. `-` is the ad-hoc identity: it says that nothing was changed
//! since, but not who signed, so Gatekeeper still asks about what was downloaded. See the manual pages codesign(1)
//! and install_name_tool(1).

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::layout::{Layout, Source};
use crate::process;

/// Renames and signs what lies in a folder.
pub fn finish(layout: &Layout, folder: &Path) -> Result<()> {
    // The linker writes the path that it linked to into a library. Changing it breaks the linker's own signature.
    for library in layout.files.iter().filter(|file| file.from == Source::Library) {
        let file = folder.join(&library.to);
        let name = format!("@rpath/{}", file.file_name().unwrap_or_default().to_string_lossy());
        process::run(Command::new("install_name_tool").args(["-id", &name]).arg(&file))?;
    }
    // `--deep` signs ONNX Runtime and its provider in Contents/Frameworks before the bundle that holds it.
    for bundle in [&layout.clap, &layout.vst3] {
        let bundle = folder.join(bundle);
        process::run(Command::new("codesign").args(["--force", "--deep", "--sign", "-"]).arg(&bundle))?;
        process::run(Command::new("codesign").args(["--verify", "--deep", "--strict"]).arg(&bundle))?;
    }
    let program = folder.join(&layout.program);
    process::run(Command::new("codesign").args(["--force", "--sign", "-"]).arg(&program))
}
