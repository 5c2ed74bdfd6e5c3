//! Where messages go that nobody's window shows.

/// Messages go to standard error if `KLANGBILD_LOG` says which; a host's terminal is not ours to fill. Whether they do.
pub fn to_standard_error() -> bool {
    let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("KLANGBILD_LOG") else { return true };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init().is_ok()
}
