//! Where each file of a bundle lies, by system: no disk, no clock, only names.
//!
//! The plugin looks for ONNX Runtime in the folder of its own file, and on macOS in `../Frameworks`. So CLAP, which
//! is one bare file on Linux and Windows, gets a folder of its own there: hosts search theirs recursively. The program lies
//! beside each plugin too, which starts it where models are to run in a process of their own; on macOS in `../Helpers`, as
//! `Klangbild` and `klangbild` are one name there.

use anyhow::{Result, bail};

use super::names::Names;
use super::texts;

/// Everything that lies in `target/bundled`.
#[derive(Debug)]
pub struct Layout {
    /// The folder that the CLAP plugin consists of, relative to the bundle.
    pub clap: String,
    /// The folder that the VST3 plugin consists of.
    pub vst3: String,
    /// The program's file.
    pub program: String,
    /// All files, those of the three above among them.
    pub files: Vec<File>,
}

/// One file of a bundle.
#[derive(Debug)]
pub struct File {
    /// Its path in the bundle, with slashes.
    pub to: String,
    pub from: Source,
}

/// Where a file's contents come from.
#[derive(Debug, PartialEq)]
pub enum Source {
    /// The plugin's library, as cargo built it.
    Library,
    /// The program.
    Program,
    /// A file of this name that came with ONNX Runtime or its provider.
    OnnxRuntime(String),
    /// Whose work is compiled in.
    ThirdParty,
    /// A file in the repository's root.
    Repository(&'static str),
    Text(String),
}

/// A system's name as in `std::env::consts`, and the names of ONNX Runtime's files there.
#[derive(Clone, Copy, Debug)]
pub struct System<'a> {
    pub os: &'a str,
    pub arch: &'a str,
    pub libraries: &'a [String],
    pub licences: &'a [String],
}

impl Layout {
    pub fn new(system: System<'_>, names: &Names, version: &str) -> Result<Layout> {
        let Names { name, identifier } = names;
        let is_mac = system.os == "macos";
        let clap = if is_mac { format!("clap/{name}.clap") } else { format!("clap/{name}") };
        let vst3 = format!("vst3/{name}.vst3");
        let program_folder = format!("program/{name}");
        let program_name = if system.os == "windows" { "klangbild.exe" } else { "klangbild" };
        let program = format!("{program_folder}/{program_name}");

        let mut files = Files::default();
        if is_mac {
            for (bundle, ending) in [(&clap, "clap"), (&vst3, "vst3")] {
                files.add(format!("{bundle}/Contents/MacOS/{name}"), Source::Library);
                files.add(format!("{bundle}/Contents/Helpers/{program_name}"), Source::Program);
                files.add_libraries(&format!("{bundle}/Contents/Frameworks"), system.libraries);
                let plist = texts::info_plist(name, &format!("{identifier}.{ending}"), version);
                files.add(format!("{bundle}/Contents/Info.plist"), Source::Text(plist));
                files.add(format!("{bundle}/Contents/PkgInfo"), Source::Text(texts::PKG_INFO.to_owned()));
            }
        } else {
            files.add(format!("{clap}/{name}.clap"), Source::Library);
            files.add(format!("{clap}/{program_name}"), Source::Program);
            files.add_libraries(&clap, system.libraries);
            let (folder, ending) = vst3_binary(system.os, system.arch)?;
            let folder = format!("{vst3}/Contents/{folder}");
            files.add(format!("{folder}/{name}.{ending}"), Source::Library);
            files.add(format!("{folder}/{program_name}"), Source::Program);
            files.add_libraries(&folder, system.libraries);
        }
        files.add(program.clone(), Source::Program);
        files.add_libraries(&program_folder, system.libraries);

        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            files.add(licence.to_owned(), Source::Repository(licence));
        }
        files.add("THIRD-PARTY.txt".to_owned(), Source::ThirdParty);
        for licence in system.licences {
            files.add(format!("onnxruntime/{licence}"), Source::OnnxRuntime(licence.clone()));
        }
        files.add("INSTALL.txt".to_owned(), Source::Text(texts::install(system.os).to_owned()));
        Ok(Layout { clap, vst3, program, files: files.0 })
    }
}

/// The folder and the ending of a VST3 plugin's binary, from the VST3 documentation's "Plug-in Format Structure".
fn vst3_binary(os: &str, arch: &str) -> Result<(&'static str, &'static str)> {
    Ok(match (os, arch) {
        ("linux", "x86_64") => ("x86_64-linux", "so"),
        ("linux", "aarch64") => ("aarch64-linux", "so"),
        ("windows", "x86_64") => ("x86_64-win", "vst3"),
        ("windows", "aarch64") => ("arm64-win", "vst3"),
        _ => bail!("bundles are not made for {os} {arch}: add its VST3 folder to xtask/src/bundle/layout.rs"),
    })
}

#[derive(Default)]
struct Files(Vec<File>);

impl Files {
    fn add(&mut self, to: String, from: Source) {
        self.0.push(File { to, from });
    }

    fn add_libraries(&mut self, folder: &str, names: &[String]) {
        for name in names {
            self.add(format!("{folder}/{name}"), Source::OnnxRuntime(name.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
