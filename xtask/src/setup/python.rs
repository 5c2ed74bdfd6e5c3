//! Python: it brings pip, opens wheels, and makes the packs.

use anyhow::{Context, Result};

use crate::process;

/// The name of a Python 3 that has pip.
pub fn with_pip() -> Result<&'static str> {
    // The last one serves where another Python, without pip, comes before the system's own.
    choose(&["python3", "python", "py", "/usr/bin/python3"], |python| {
        process::succeeds(python, &["-c", "import sys, pip; sys.exit(sys.version_info < (3, 8))"])
    })
    .context(
        "no Python 3 (3.8 or newer) with pip, which ONNX Runtime is fetched with: \
         on Debian and Ubuntu `apt-get install python3-pip`, elsewhere see python.org, then run again",
    )
}

/// The name of a Python that is new enough for what we install into environments, and can make one.
pub fn with_venv() -> Result<&'static str> {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    choose(
        &["python3", "python3.13", "python3.12", "python3.11", "python", "py", "/usr/bin/python3"],
        |python| process::succeeds(python, &["-c", check]),
    )
    .context(
        "no Python 3.11 or newer with venv, which makes the packs and tests the VST3 plugin: \
         on Debian and Ubuntu `apt-get install python3-venv`, elsewhere see python.org, then run again",
    )
}

fn choose(candidates: &[&'static str], serves: impl Fn(&str) -> bool) -> Option<&'static str> {
    candidates.iter().find(|candidate| serves(candidate)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_python_that_has_pip_is_taken() {
        assert_eq!(choose(&["a", "b", "c"], |python| python != "a"), Some("b"));
        assert_eq!(choose(&["a", "b"], |_| false), None);
    }
}
