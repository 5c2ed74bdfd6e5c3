//! The X server.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use x11rb::rust_connection::RustConnection;

/// A running Xvfb; it ends with this value, and with the process that holds it.
pub struct Server {
    process: Child,
    display: String,
    /// Without a client the server would end.
    _client: RustConnection,
}

impl Server {
    /// Starts one with a number that is free, where no window is translucent.
    #[track_caller]
    pub fn start() -> Self {
        Self::with(false)
    }

    /// Starts one where windows can be translucent, as on most desktops.
    #[track_caller]
    pub fn composited() -> Self {
        Self::with(true)
    }

    #[track_caller]
    fn with(composite: bool) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24"]);
        command.args([if composite { "+extension" } else { "-extension" }, "Composite"]);
        // Also ends when the last client has gone, should nobody be left to end it.
        command.arg("-terminate").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap_or_else(|error| {
            panic!(
                "cannot start Xvfb, on which the tests open windows: {error}; `cargo xtask test` installs it"
            )
        });
        let mut number = String::new();
        let said = process.stdout.take().map(|pipe| BufReader::new(pipe).read_line(&mut number));
        let display = format!(":{}", number.trim());
        match (said, x11rb::connect(Some(&display))) {
            (Some(Ok(1..)), Ok((client, _))) => Self { process, display, _client: client },
            failed => {
                let _ = process.kill();
                let _ = process.wait();
                panic!("Xvfb does not serve as display {display:?}: {failed:?}")
            }
        }
    }

    /// What `DISPLAY` has to be for it.
    pub fn display(&self) -> &str {
        &self.display
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
