//! What stands behind a command's name: options, in any order, each at most once.

use anyhow::{Context, Result, bail};

/// The options that were given, with their values.
#[derive(Debug, PartialEq)]
pub struct Arguments {
    given: Vec<(String, Option<String>)>,
}

impl Arguments {
    /// Reads arguments of a command that knows these flags and these options with a value.
    pub fn read(arguments: &[String], flags: &[&str], options: &[&str]) -> Result<Arguments> {
        let mut given: Vec<(String, Option<String>)> = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            if given.iter().any(|(earlier, _)| earlier == name) {
                bail!("`{name}` was given twice");
            }
            let value = if options.contains(&name) {
                let value = attached.or_else(|| rest.next().cloned()).filter(|value| !value.is_empty());
                Some(value.with_context(|| format!("`{name}` needs a value"))?)
            } else if flags.contains(&name) && attached.is_none() {
                None
            } else {
                let known: Vec<&str> = flags.iter().chain(options).copied().collect();
                bail!("no argument `{argument}` here; there is {}", known.join(", "));
            };
            given.push((name.to_owned(), value));
        }
        Ok(Arguments { given })
    }

    /// Whether a flag was given.
    pub fn has(&self, flag: &str) -> bool {
        self.given.iter().any(|(name, _)| name == flag)
    }

    /// An option's value.
    pub fn value(&self, option: &str) -> Option<&str> {
        self.given.iter().find(|(name, _)| name == option)?.1.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Arguments::read(&words, &["--zip"], &["--profile", "--to"])
    }

    #[test]
    fn options_come_in_any_order_and_in_both_forms() {
        let arguments = read("--to=here --zip --profile fast").unwrap();
        assert!(arguments.has("--zip"));
        assert_eq!(arguments.value("--profile"), Some("fast"));
        assert_eq!(arguments.value("--to"), Some("here"));
        assert!(!read("").unwrap().has("--zip"));
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_names_it() {
        for (line, part) in [
            ("--zap", "`--zap`"),
            ("zip", "`zip`"),
            ("--zip=yes", "`--zip=yes`"),
            ("--profile", "needs a value"),
            ("--to=", "needs a value"),
            ("--zip --zip", "twice"),
        ] {
            let error = read(line).unwrap_err().to_string();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
