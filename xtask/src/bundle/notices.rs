//! THIRD-PARTY.txt: whose crates are compiled in, under which licences, with the texts that they bring.
//!
//! Most licences want their text and the author's name passed on with a program, and MPL-2.0 wants its readers told
//! where the source is: each crate is named with its page, which has the source of just that version.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;

const HEAD: &str = "\
Klangbild is free under the MIT or the Apache 2.0 licence, at your option. It contains these crates of others, unchanged,
each under its own licence, and Rust's standard library (MIT or Apache-2.0). The source of each crate is on the page below
its name. The texts that they bring follow behind the list.
";

/// What of another project's model is in the default pack.
const WORDS: &str = include_str!("../../../models/default/WORDS-LICENSE");

/// The whole text, for what cargo compiles into the plugin and the program on this machine.
pub fn write() -> Result<String> {
    let mut tree = process::cargo("tree")?;
    tree.args(["--package", "klangbild", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none"]);
    tree.args(["--no-dedupe", "--format", "{p}|{l}"]);
    Ok(compose(&process::output(&mut tree)?, &sources()?))
}

/// The folders that cargo unpacks crates into, one a registry.
fn sources() -> Result<Vec<PathBuf>> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".cargo"));
    let folder =
        cargo.or_else(home).context("neither CARGO_HOME nor a home folder is set")?.join("registry/src");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// From lines of `name vVERSION|licence`; lines with a path are our own crates.
fn compose(tree: &str, sources: &[PathBuf]) -> String {
    let mut crates: Vec<(&str, &str, &str)> = tree
        .lines()
        .filter_map(|line| {
            let (package, licence) = line.split_once('|')?;
            let (name, version) = package.split_once(" v")?;
            (!version.contains('(')).then_some((name, version, licence))
        })
        .collect();
    crates.sort_unstable();
    crates.dedup();

    let mut text = format!("{HEAD}\n{WORDS}");
    // Many crates bring the very same text: it stands here once, with all their names.
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version, licence) in crates {
        text.push_str(&format!(
            "\n{name} {version} ({licence})\n    https://crates.io/crates/{name}/{version}\n"
        ));
        for source in sources {
            for found in licence_texts(&source.join(format!("{name}-{version}"))) {
                texts.entry(found).or_default().push(format!("{name} {version}"));
            }
        }
    }
    for (found, names) in texts {
        text.push_str(&format!("\n{}\n{}:\n\n{found}\n", "-".repeat(80), names.join(", ")));
    }
    text
}

/// The texts in a crate's folder and, for fonts, in that of its fonts. Some crates bring none.
fn licence_texts(folder: &Path) -> Vec<String> {
    let starts = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
    let is_licence = |name: &str| starts.iter().any(|start| name.to_uppercase().starts_with(start));
    let mut files = files_of(folder, is_licence);
    files.extend(files_of(&folder.join("fonts"), |name| name.ends_with(".txt")));
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.map(|text| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")).collect()
}

fn files_of(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.file_name().is_some_and(|name| wanted(&name.to_string_lossy()))).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk;

    #[test]
    fn each_crate_is_named_and_each_text_stands_once() {
        let source = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| disk::write(&source.path().join(path), text.as_bytes()).unwrap();
        put("a-1.0.0/LICENSE-MIT", "Copyright Ada  \r\nmay be used");
        put("b-2.0.0/license", "Copyright Ada\nmay be used\n");
        put("b-2.0.0/src.rs", "not a licence");
        put("c-3.0.0/fonts/OFL.txt", "a font's licence");
        let tree = "klangbild v0.1.0 (/home/me/klangbild)|MIT\nb v2.0.0|MIT\na v1.0.0|MIT\n\nb v2.0.0|MIT\nc v3.0.0|OFL-1.1\n";
        let text = compose(tree, &[source.path().to_path_buf()]);
        assert_eq!(text.matches("Copyright Ada\nmay be used").count(), 1, "{text}");
        assert!(text.contains("\na 1.0.0, b 2.0.0:\n"), "{text}");
        assert!(text.contains("c 3.0.0 (OFL-1.1)\n    https://crates.io/crates/c/3.0.0\n"), "{text}");
        assert!(text.contains("a font's licence") && !text.contains("not a licence"), "{text}");
        assert!(!text.contains("/home/me"), "our own crates are not others'");
    }
}
