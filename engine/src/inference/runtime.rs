//! Finding and loading ONNX Runtime, once a process.

mod own_file;
pub(super) mod parts;
pub(super) mod plugins;

use std::env;
use std::ffi::CStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ort::environment::Environment;
pub(super) use own_file::own_file;
use thiserror::Error;

/// The environment variable that names the folder of the library. If it is set, no other folder is searched.
pub const DIR_VARIABLE: &str = "KLANGBILD_ONNXRUNTIME_DIR";

/// The oldest version that has every function we use.
const OLDEST_MINOR: u32 = 24;

const CURE: &str = "run `cargo xtask setup`, or set KLANGBILD_ONNXRUNTIME_DIR to a folder that holds it";

/// Why ONNX Runtime is not there. Each message is one line.
#[derive(Debug, Error)]
pub enum RuntimeError {
    /// No folder holds the library.
    #[error(
        "ONNX Runtime is missing: no {} in {}; {CURE}",
        pattern(),
        folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    Missing {
        /// The folders that were searched.
        folders: Vec<PathBuf>,
    },
    /// The library is older than we can use.
    #[error("{}: ONNX Runtime {found} is too old, expected 1.{OLDEST_MINOR} or newer; {CURE}", path.display())]
    TooOld {
        /// The library.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// The library is there but cannot be loaded.
    #[error("{}: not a usable ONNX Runtime: {message}; {CURE}", path.display())]
    Unusable {
        /// The library.
        path: PathBuf,
        /// The system's or the library's reason.
        message: String,
    },
}

/// ONNX Runtime, loaded. Cheap to clone.
#[derive(Clone)]
pub struct Runtime {
    loaded: Arc<Loaded>,
}

struct Loaded {
    environment: Environment,
    path: PathBuf,
    version: String,
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("path", &self.path()).field("version", &self.version()).finish()
    }
}

/// Stays for the life of the process: ONNX Runtime allows one environment, and it must outlive every session.
static LOADED: Mutex<Option<Runtime>> = Mutex::new(None);

impl Runtime {
    /// Loads the library at the first call; later calls give the same one.
    ///
    /// # Errors
    /// No library in [`library_folders`], or one that is too old or broken. A later call tries again.
    pub fn load() -> Result<Self, RuntimeError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = &*loaded {
            return Ok(runtime.clone());
        }
        let runtime = match Self::of_the_user() {
            Some(runtime) => runtime,
            None => Self::open(find_library(&library_folders())?)?,
        };
        *loaded = Some(runtime.clone());
        Ok(runtime)
    }

    /// The one that the user installed, if it can be used. No other is tried where a folder was named.
    fn of_the_user() -> Option<Self> {
        let named = env::var_os(DIR_VARIABLE).is_some_and(|named| !named.is_empty());
        let mut folders = parts::whole_runtimes().filter(|_| !named);
        folders.find_map(|folder| match find_library(&[folder]).and_then(Self::open) {
            Ok(runtime) => Some(runtime),
            Err(error) => {
                tracing::warn!("an installed ONNX Runtime is left out: {error}");
                None
            }
        })
    }

    fn open(path: PathBuf) -> Result<Self, RuntimeError> {
        let version = library_version(&path)?;
        let unusable = |message: String| RuntimeError::Unusable { path: path.clone(), message };
        // No logger of ours: the environment outlives a plugin that is unloaded, and would call into freed code.
        let builder = ort::init_from(&path).map_err(|error| unusable(one_line(&error)))?;
        let builder = builder.with_name("klangbild").with_telemetry(false);
        let environment = builder.build().map_err(|error| unusable(one_line(&error)))?;
        // Everything that matters comes back as an error; the library's own notes would spoil a terminal.
        environment.set_log_level(ort::logging::LogLevel::Fatal);
        Ok(Self { loaded: Arc::new(Loaded { environment, path, version }) })
    }

    /// The library's file.
    pub fn path(&self) -> &Path {
        &self.loaded.path
    }

    /// The library's version, such as `1.31.1`.
    pub fn version(&self) -> &str {
        &self.loaded.version
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.loaded.environment
    }
}

/// The folders that may hold the library, in order: the one that [`DIR_VARIABLE`] names and no other, or else that of the
/// file that this code was loaded from (a plugin in its bundle, or the program), then `lib`, `Frameworks` and `Resources`
/// beside that folder.
pub fn library_folders() -> Vec<PathBuf> {
    if let Some(named) = env::var_os(DIR_VARIABLE).filter(|named| !named.is_empty()) {
        return vec![PathBuf::from(named)];
    }
    let Some(file) = own_file().or_else(|| env::current_exe().ok()) else { return Vec::new() };
    let file = file.canonicalize().unwrap_or(file);
    let Some(folder) = file.parent() else { return Vec::new() };
    let mut folders = vec![folder.to_path_buf()];
    if let Some(beside) = folder.parent() {
        folders.extend(["lib", "Frameworks", "Resources"].map(|name| beside.join(name)));
    }
    folders
}

/// The library in the first of `folders` that holds one; where a folder holds several, the newest by name.
///
/// # Errors
/// No folder holds one.
pub fn find_library(folders: &[PathBuf]) -> Result<PathBuf, RuntimeError> {
    for folder in folders {
        let Ok(entries) = folder.read_dir() else { continue };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let newest = names.filter_map(|name| Some((version_in_name(&name)?, name))).max();
        if let Some((_, name)) = newest {
            let path = folder.join(name);
            // Never a relative name: the system would search its own folders for it.
            return path
                .canonicalize()
                .map_err(|error| RuntimeError::Unusable { path, message: error.to_string() });
        }
    }
    Err(RuntimeError::Missing { folders: folders.to_vec() })
}

fn pattern() -> &'static str {
    if cfg!(windows) {
        "onnxruntime.dll"
    } else if cfg!(target_os = "macos") {
        "libonnxruntime.*.dylib"
    } else {
        "libonnxruntime.so.*"
    }
}

/// The version in a library's file name, empty if it has none; `None` for any other file, also for the libraries of
/// single providers, such as `libonnxruntime_providers_shared.so`.
fn version_in_name(name: &str) -> Option<Vec<u32>> {
    let version = if cfg!(windows) {
        name.eq_ignore_ascii_case("onnxruntime.dll").then_some("")
    } else if cfg!(target_os = "macos") {
        name.strip_prefix("libonnxruntime.").and_then(|rest| rest.strip_suffix("dylib"))
    } else {
        name.strip_prefix("libonnxruntime.so")
    };
    version?.split('.').filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
}

/// Asks the library itself.
fn library_version(path: &Path) -> Result<String, RuntimeError> {
    let unusable = |message: String| RuntimeError::Unusable { path: path.to_owned(), message };
    // SAFETY: loading a library runs its start-up code. The path is absolute and comes from a folder that the user
    // named or that the program itself lies in; ONNX Runtime's start-up code asks nothing of its caller.
    let library = unsafe { libloading::Library::new(path) }.map_err(|error| unusable(one_line(&error)))?;
    type GetApiBase = unsafe extern "C" fn() -> *const ort::sys::OrtApiBase;
    // SAFETY: the function of this name has this type in every version of ONNX Runtime.
    let get = unsafe { library.get::<GetApiBase>(b"OrtGetApiBase") }
        .map_err(|_| unusable("it has no function OrtGetApiBase".to_owned()))?;
    // SAFETY: the function takes nothing and returns a table that lives as long as the library, or null; the
    // version in it is a C string that lives as long. `library` is alive until the end of this function.
    let version = unsafe {
        let base = get();
        if base.is_null() {
            return Err(unusable("it gives no functions".to_owned()));
        }
        CStr::from_ptr(((*base).GetVersionString)()).to_string_lossy().into_owned()
    };
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if (major, minor) < (1, OLDEST_MINOR) {
        return Err(RuntimeError::TooOld { path: path.to_owned(), found: version });
    }
    Ok(version)
}

/// A foreign message on one line, without the places in ONNX Runtime's own source that it begins with.
pub(crate) fn one_line(message: &impl fmt::Display) -> String {
    let mut line = message.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some((start, end)) = source_place(&line) {
        line.replace_range(start..end, "");
    }
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a line names a place in a source file: "/src/model.cc:181 void f(int) const".
fn source_place(line: &str) -> Option<(usize, usize)> {
    let mark =
        [".cc:", ".h:", ".cpp:", ".cu:"].iter().filter_map(|end| Some((line.find(end)?, end.len()))).min()?;
    let number = mark.0 + mark.1;
    let after =
        line[number..].find(|letter: char| !letter.is_ascii_digit()).map_or(line.len(), |at| number + at);
    let start = line[..mark.0].rfind([' ', ':']).map_or(0, |at| at + 1);
    // The function follows up to the end of its arguments, unless a message does at once.
    let Some(open) = line[after..].find('(').filter(|open| line[after..after + open].starts_with(' ')) else {
        return Some((start, after));
    };
    let mut depth = 0usize;
    for (at, letter) in line[after + open..].char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = &line[after + open + at + letter.len_utf8()..];
        let goes_on = rest.starts_with(['(', '[']) || rest.starts_with(" [with");
        if depth == 0 && letter != ' ' && !goes_on {
            let end = after + open + at + letter.len_utf8();
            return Some((start, end + if rest.starts_with(" const ") { 6 } else { 0 }));
        }
    }
    Some((start, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_newest_library_of_the_first_folder_is_taken() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let paths: Vec<_> = folders.iter().map(|folder| folder.path().to_path_buf()).collect();
        for name in ["libonnxruntime_providers_shared.so", "libonnxruntime.so.txt", "onnxruntime.dll"] {
            std::fs::write(paths[0].join(name), "").unwrap();
        }
        let missing = find_library(&paths).unwrap_err().to_string();
        assert!(missing.contains("cargo xtask setup") && missing.contains(DIR_VARIABLE), "{missing}");
        assert!(!missing.contains('\n') && missing.contains(paths[1].to_str().unwrap()), "{missing}");
        for name in ["libonnxruntime.so.1.9.0", "libonnxruntime.so.1.31.1", "libonnxruntime.so"] {
            std::fs::write(paths[1].join(name), "").unwrap();
        }
        assert!(find_library(&paths).unwrap().ends_with("libonnxruntime.so.1.31.1"));
    }

    #[test]
    fn a_foreign_message_keeps_its_words_and_loses_its_source() {
        let message = "Load model from memory failed:/src/core/graph/model_load.h:46 void a::Check(const std::map<int, \
            std::function<void()>>&, bool) const\nOpset 30 is not known";
        assert_eq!(one_line(&message), "Load model from memory failed: Opset 30 is not known");
        let message =
            "Exception: /src/a.cc:12 auto f()::<lambda()> [with T = int] x > 0 was false. Too small";
        assert!(!one_line(&message).contains(".cc") && one_line(&message).ends_with("was false. Too small"));
        assert_eq!(one_line(&"plain words (of their own)"), "plain words (of their own)");
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libonnxruntime.so.1.31.1");
        std::fs::write(&path, "not a library").unwrap();
        let error = library_version(&path).unwrap_err().to_string();
        assert!(error.contains("libonnxruntime.so.1.31.1: not a usable ONNX Runtime"), "{error}");
    }
}
