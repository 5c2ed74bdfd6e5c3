//! A quick check of the dependencies' licences against the list in deny.toml.
//!
//! It looks at what this machine's build uses. cargo-deny, which takes too long to build for a test run, looks at
//! every target in continuous integration.

use anyhow::{Context, Result, bail};

use crate::process;

/// Fails when a dependency's licence is not allowed, naming each such crate.
pub fn check() -> Result<()> {
    let file = process::root()?.join("deny.toml");
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let allowed =
        allowed(&text).with_context(|| format!("{} has no list of allowed licences", file.display()))?;

    let mut tree = process::cargo("tree")?;
    tree.args(["--workspace", "--locked", "--edges", "normal,build,dev", "--prefix", "none"]);
    tree.args(["--no-dedupe", "--format", "{l}|{p}"]);
    let crates = process::output(&mut tree)?;

    let mut refused: Vec<String> = crates.lines().filter_map(|line| refusal(line, &allowed)).collect();
    refused.sort();
    refused.dedup();
    if !refused.is_empty() {
        bail!("licences that deny.toml does not allow: {}", refused.join("; "));
    }
    Ok(())
}

/// What stands in the list `allow` of deny.toml's section `licenses`, one licence a line.
fn allowed(deny_toml: &str) -> Option<Vec<&str>> {
    let section = deny_toml.lines().map(str::trim).skip_while(|line| *line != "[licenses]");
    let list = section.skip_while(|line| *line != "allow = [").skip(1).take_while(|line| *line != "]");
    let licences: Vec<&str> =
        list.filter_map(|line| line.strip_prefix('"')?.split_once('"')).map(|(licence, _)| licence).collect();
    (!licences.is_empty()).then_some(licences)
}

/// What is wrong with one line of `licence|crate`, if anything.
fn refusal(line: &str, allowed: &[&str]) -> Option<String> {
    let (licence, name) = line.split_once('|')?;
    if is_allowed(licence, allowed) {
        return None;
    }
    let licence = if licence.is_empty() { "no licence" } else { licence };
    Some(format!("{name} ({licence})"))
}

/// Whether an SPDX expression can be met with the allowed licences alone.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    // Old crates write `/` where SPDX says OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest, allowed) == Some(true) && rest.is_empty()
}

/// `a OR b OR ...`; none when this is no such expression.
fn any_of(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = all_of(words, allowed)?;
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        // Not `||`, which would leave the right side unread.
        met |= all_of(words, allowed)?;
    }
    Some(met)
}

/// `a AND b AND ...`, which binds tighter than OR.
fn all_of(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = one(words, allowed)?;
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        met &= one(words, allowed)?;
    }
    Some(met)
}

/// A licence, one with an exception, or an expression in brackets.
fn one(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let met = any_of(words, allowed)?;
            *words = words.strip_prefix(&[")"])?;
            Some(met)
        }
        [licence, "WITH", exception, rest @ ..] => {
            *words = rest;
            Some(allowed.contains(&format!("{licence} WITH {exception}").as_str()))
        }
        [licence, rest @ ..] if !matches!(*licence, "AND" | "OR" | "WITH" | ")") => {
            *words = rest;
            Some(allowed.contains(licence))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: &[&str] = &["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];

    #[test]
    fn one_allowed_choice_is_enough() {
        for expression in
            ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "Apache-2.0 WITH LLVM-exception OR GPL-2.0"]
        {
            assert!(is_allowed(expression, ALLOWED), "{expression}");
        }
    }

    #[test]
    fn every_part_of_an_and_must_be_allowed() {
        assert!(is_allowed("(MIT OR GPL-3.0) AND Apache-2.0", ALLOWED));
        assert!(!is_allowed("(MIT OR Apache-2.0) AND GPL-3.0", ALLOWED));
        assert!(is_allowed("GPL-3.0 AND GPL-2.0 OR MIT", ALLOWED));
        assert!(!is_allowed("GPL-3.0 AND (GPL-2.0 OR MIT)", ALLOWED));
    }

    #[test]
    fn what_is_not_understood_is_not_allowed() {
        for expression in ["", "GPL-3.0", "MIT OR", "MIT MIT", "(MIT", "MIT)", "MIT WITH Unknown-exception"] {
            assert!(!is_allowed(expression, ALLOWED), "{expression}");
        }
    }

    #[test]
    fn a_refusal_names_the_crate() {
        assert_eq!(refusal("MIT|good v1.0.0", ALLOWED), None);
        assert_eq!(refusal("GPL-3.0|bad v1.0.0", ALLOWED).unwrap(), "bad v1.0.0 (GPL-3.0)");
        assert_eq!(refusal("|none v1.0.0", ALLOWED).unwrap(), "none v1.0.0 (no licence)");
    }

    #[test]
    fn the_list_is_read_from_deny_toml() {
        let text = "[graph]\nallow = [\n\"X\",\n]\n[licenses]\nallow = [\n    \"MIT\", # why\n    # \"GPL-3.0\",\n    \"ISC\",\n]\n\"Y\"\n";
        assert_eq!(allowed(text).unwrap(), ["MIT", "ISC"]);
        assert_eq!(allowed("[bans]\n"), None);
    }
}
