//! The folders of this user that Klangbild reads and writes.

use std::path::PathBuf;

use serde::Serialize;

/// Where things are kept.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Folders {
    /// Searched for packs, in order: those in `KLANGBILD_PACKS` (several as in `PATH`), then the user's own, last.
    pub pack_folders: Vec<PathBuf>,
    /// What can be made again.
    pub cache: Option<PathBuf>,
    /// Settings.
    pub config: Option<PathBuf>,
    /// Installed parts of ONNX Runtime, a folder each: that in `KLANGBILD_RUNTIME_FOLDER`, or else the user's own. On Windows it is
    /// one that does not roam, as the parts are large and fit this machine.
    pub runtime: Option<PathBuf>,
}

impl Folders {
    /// The folders by this system's custom; an entry is missing where the user has no home.
    pub fn of_user() -> Self {
        let named = std::env::var_os("KLANGBILD_PACKS").unwrap_or_default();
        let named = std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty());
        let mut pack_folders: Vec<_> = named.collect();
        let runtime = std::env::var_os("KLANGBILD_RUNTIME_FOLDER").filter(|path| !path.is_empty());
        let runtime = runtime.map(PathBuf::from);
        let Some(user) = directories::ProjectDirs::from("", "", "klangbild") else {
            return Self { pack_folders, cache: None, config: None, runtime };
        };
        pack_folders.push(user.data_dir().join("packs"));
        let (cache, config) = (user.cache_dir().to_path_buf(), user.config_dir().to_path_buf());
        let runtime = runtime.unwrap_or_else(|| user.data_local_dir().join("runtime"));
        Self { pack_folders, cache: Some(cache), config: Some(config), runtime: Some(runtime) }
    }
}
