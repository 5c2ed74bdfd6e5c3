//! A display of its own for a program with a window: Xvfb, on a free number.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A virtual monitor; it goes away with this value.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// One of this size.
    #[track_caller]
    pub fn start(width_px: u32, height_px: u32) -> Self {
        let screen = format!("{width_px}x{height_px}x24");
        // It looks for a free number itself, and writes it when it is ready. Without Composite, what is drawn on software
        // Vulkan is shown at once.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-extension", "Composite"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start Xvfb ({error}): install xvfb"));
        let mut number = String::new();
        let said = server.stdout.take().map(|pipe| BufReader::new(pipe).read_line(&mut number));
        assert!(matches!(said, Some(Ok(count)) if count > 0), "Xvfb has ended at once");
        Self { server, name: format!(":{}", number.trim()) }
    }

    /// What `DISPLAY` is to be.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
