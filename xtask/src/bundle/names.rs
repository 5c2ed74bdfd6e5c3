//! What bundler.toml says.

use std::fs;

use anyhow::{Context, Result};

use crate::process;

/// What the bundles are called.
#[derive(Debug, PartialEq)]
pub struct Names {
    /// The file's name, without its ending.
    pub name: String,
    /// How macOS tells bundles apart; the format's ending is put behind it.
    pub identifier: String,
}

impl Names {
    /// Reads the repository's file.
    pub fn read() -> Result<Names> {
        let file = process::root()?.join("bundler.toml");
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Names::parse(&text).with_context(|| {
            format!("{}: the table [klangbild] needs `name` and `identifier`", file.display())
        })
    }

    /// Two strings need no TOML crate, which would be built before anything else can start.
    fn parse(text: &str) -> Option<Names> {
        let table = || {
            let lines = text.lines().map(str::trim).skip_while(|line| *line != "[klangbild]").skip(1);
            lines.take_while(|line| !line.starts_with('['))
        };
        let value = |key: &str| {
            table().find_map(|line| {
                let (found, value) = line.split_once('=')?;
                let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
                (found.trim() == key && !value.is_empty()).then(|| value.to_owned())
            })
        };
        Some(Names { name: value("name")?, identifier: value("identifier")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_plugins_own_table_counts() {
        let text = "[other]\nname = \"X\"\n[klangbild]\n# name = \"Y\"\nname = \"Z\"\nidentifier = \"a.z\"\n";
        let expected = Names { name: "Z".to_owned(), identifier: "a.z".to_owned() };
        assert_eq!(Names::parse(text), Some(expected));
        assert_eq!(Names::parse("[klangbild]\nname = \"Z\"\n[other]\nidentifier = \"a.z\"\n"), None);
    }

    #[test]
    fn the_repositorys_own_file_is_understood() {
        assert_eq!(Names::read().unwrap().name, "Klangbild");
    }
}
