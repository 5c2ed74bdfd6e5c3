//! Runs a test in a process of its own.
//!
//! A host's process is what many of these tests are about: its environment, threads, memory and loaded libraries. So the test
//! binary starts itself again for the one test, and a crash of the plugin fails that test and no other. One at a time, since
//! what plays in real time needs the machine for itself.

use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};

use crate::program::{Program, Scratch};
#[cfg(target_os = "linux")]
use crate::screen::Server;

/// Set in the process of its own, to the test's name.
const CHILD: &str = "KLANGBILD_TEST_ALONE";

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A process, as it is being put together.
#[derive(Default)]
pub struct Alone {
    screen: bool,
    composite: bool,
    environment: Vec<(String, OsString)>,
}

impl Alone {
    /// One without a screen, with a home of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives it a screen.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn with_screen(mut self) -> Self {
        self.screen = true;
        self
    }

    /// Gives it a screen where windows can be translucent.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn with_composited_screen(mut self) -> Self {
        (self.screen, self.composite) = (true, true);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Runs the rest of a test there. The whole test has to be one call of this, with a closure that is written within the
    /// test function: its type tells the test's name.
    #[track_caller]
    pub fn run<F: FnOnce()>(self, body: F) {
        let name = test_name::<F>();
        if std::env::var_os(CHILD).is_some_and(|child| child == *name) {
            return body();
        }
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let home = Scratch::new();
        let mut program = Program::at(std::env::current_exe().expect("knows its own file"))
            .arg(name)
            .args("--exact --include-ignored --nocapture --test-threads=1")
            .env(CHILD, name)
            // What the user has put there must not change what a test sees, nor a test what is there.
            .env("HOME", home.folder());
        for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            program = program.env(folder, home.path(folder));
        }
        // But drivers keep what they have compiled from one test to the next.
        if let Some(home) = std::env::home_dir() {
            let caches = std::env::var_os("XDG_CACHE_HOME").unwrap_or_else(|| home.join(".cache").into());
            program = program.env("XDG_CACHE_HOME", caches);
        }
        for (name, value) in self.environment {
            program = program.env(&name, value);
        }
        #[cfg(target_os = "linux")]
        let server = self.screen.then(if self.composite { Server::composited } else { Server::start });
        #[cfg(target_os = "linux")]
        {
            program = program.env("DISPLAY", server.as_ref().map_or("", Server::display));
        }
        let outcome = program.run().succeeds();
        assert!(outcome.stdout.contains("1 passed"), "{name} is no test: {}", outcome.stdout);
        // For whoever runs the tests with `--nocapture`.
        print!("{}", outcome.stdout);
    }
}

/// `plugin::window::opens::{{closure}}` is the type of a closure in the test `window::opens`.
fn test_name<F>() -> &'static str {
    let name = std::any::type_name::<F>();
    let name = name.split("::{{closure}}").next().unwrap_or(name);
    name.split_once("::").map_or(name, |(_crate, name)| name)
}
