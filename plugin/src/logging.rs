//! Where messages go that nobody's window shows.

use std::io::IsTerminal;

/// Messages go to standard error if `KLANGBILD_LOG` says which; a host's terminal is not ours to fill.
pub fn to_standard_error() {
    let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("KLANGBILD_LOG") else { return };
    let coloured = std::io::stderr().is_terminal();
    let messages = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Where the program that we are in has its own already, they go there.
    let _ = messages.with_ansi(coloured).try_init();
}
