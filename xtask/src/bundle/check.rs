//! What must be true of a bundle before it is passed on.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::layout::{File, Layout, Source};
use crate::process;

/// Where CLAP and VST3 hosts enter a plugin. An exported function's name stands in the file on every system.
const ENTRIES: [&str; 2] = ["clap_entry", "GetPluginFactory"];

/// Fails when a library lacks an entry of one of the two formats.
pub fn is_a_plugin(library: &Path) -> Result<()> {
    let bytes = read(library)?;
    for entry in ENTRIES {
        if !contains(&bytes, entry.as_bytes()) {
            bail!("{} exports no `{entry}`: no host would find the plugin in it", library.display());
        }
    }
    Ok(())
}

/// Fails when a file that we built has the repository's path in it.
///
/// The paths of other crates' sources, in their panics' messages, are let be: they lie in cargo's own folder, under
/// the home of whoever built this. To shorten those takes `--remap-path-prefix` for every crate (cargo's
/// `trim-paths` is not stable yet), which builds all of them once more.
pub fn tells_no_path(layout: &Layout, folder: &Path, repository: &Path) -> Result<()> {
    let native = repository.display().to_string();
    // Windows takes both kinds of slashes.
    let needles =
        [format!("{native}{}", std::path::MAIN_SEPARATOR), format!("{}/", native.replace('\\', "/"))];
    for file in built_here(layout) {
        let file = folder.join(&file.to);
        let bytes = read(&file)?;
        if needles.iter().any(|needle| contains(&bytes, needle.as_bytes())) {
            bail!("{} has the path {native} in it", file.display());
        }
    }
    Ok(())
}

/// Fails when a library or a program looks for others in fixed folders (on Linux).
pub fn searches_only_beside_itself(layout: &Layout, folder: &Path) -> Result<()> {
    for file in &layout.files {
        let file = folder.join(&file.to);
        if !read(&file)?.starts_with(b"\x7fELF") {
            continue;
        }
        let dynamic = process::output(
            Command::new("readelf").env("LC_ALL", "C").args(["--dynamic", "--wide"]).arg(&file),
        )?;
        if let Some(path) = fixed_search_path(&dynamic) {
            bail!("{} looks for libraries in {path}, which is of this machine only", file.display());
        }
    }
    Ok(())
}

/// The first RPATH or RUNPATH that `readelf --dynamic` shows and that does not begin at the file's own folder.
fn fixed_search_path(dynamic: &str) -> Option<&str> {
    let lines = dynamic.lines().filter(|line| line.contains("(RPATH)") || line.contains("(RUNPATH)"));
    let paths = lines.filter_map(|line| line.split_once('[')?.1.split_once(']')).map(|(paths, _)| paths);
    paths.flat_map(|paths| paths.split(':')).find(|path| !path.starts_with("$ORIGIN"))
}

/// What came out of this repository.
fn built_here(layout: &Layout) -> impl Iterator<Item = &File> {
    layout.files.iter().filter(|file| !matches!(file.from, Source::OnnxRuntime(_) | Source::ThirdParty))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Whether the needle stands anywhere in the bytes.
fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return true };
    let mut rest = bytes;
    // From one possible beginning to the next: much quicker than every window of a library of 40 MB.
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(needle) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_at_both_ends_and_nowhere_else() {
        assert!(contains(b"abcabd", b"abd") && contains(b"abd", b"abd") && contains(b"xabdx", b"abd"));
        assert!(!contains(b"ababab", b"abd") && !contains(b"ab", b"abd") && !contains(b"", b"a"));
    }

    #[test]
    fn only_fixed_search_paths_are_refused() {
        let line = |tag, path| format!(" 0x000000000000001d ({tag})  Library {tag}: [{path}]\n");
        let needed = " 0x0000000000000001 (NEEDED)  Shared library: [libm.so.6]\n";
        assert_eq!(fixed_search_path(needed), None);
        assert_eq!(fixed_search_path(&line("RUNPATH", "$ORIGIN:$ORIGIN/../lib")), None);
        assert_eq!(fixed_search_path(&line("RUNPATH", "$ORIGIN:/home/me/lib")), Some("/home/me/lib"));
        assert_eq!(fixed_search_path(&format!("{needed}{}", line("RPATH", "/opt"))), Some("/opt"));
    }

    #[test]
    fn a_library_without_both_entries_is_no_plugin() {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("libx.so");
        fs::write(&library, b"..clap_entry..").unwrap();
        assert!(is_a_plugin(&library).unwrap_err().to_string().contains("`GetPluginFactory`"));
        fs::write(&library, b"..clap_entry..GetPluginFactory").unwrap();
        is_a_plugin(&library).unwrap();
    }
}
