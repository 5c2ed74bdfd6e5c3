//! The VST3 plugin in a host that is not ours, as a part of `cargo xtask test`.

use std::process::Command;

use anyhow::Result;

use crate::environment::Environment;
use crate::{bundle, process};

/// Puts a bundle of what the tests were built from beside those for users, and runs `tests/vst3` on it.
pub fn test() -> Result<()> {
    let root = process::root()?;
    let bundle = bundle::of_built(process::PROFILE, &root.join("target/vst3-bundled"))?;
    let environment = Environment::at(root.join("target/vst3-venv"));
    let tests = root.join("tests/vst3");
    environment.provide(&tests.join("requirements.txt"), "installing pedalboard, a VST3 host")?;
    process::run(
        Command::new(environment.python())
            .arg(tests.join("test_vst3.py"))
            .env("KLANGBILD_VST3", bundle.folder.join(&bundle.layout.vst3))
            // The bundle has to find its own.
            .env_remove("KLANGBILD_ONNXRUNTIME_DIR"),
    )
}
