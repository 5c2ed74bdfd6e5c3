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
}

impl Folders {
    /// The folders by this system's custom; an entry is missing where the user has no home.
    pub fn of_user() -> Self {
        let named = std::env::var_os("KLANGBILD_PACKS").unwrap_or_default();
        let named = std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty());
        let mut pack_folders: Vec<_> = named.collect();
        let Some(user) = directories::ProjectDirs::from("", "", "klangbild") else {
            return Self { pack_folders, cache: None, config: None };
        };
        pack_folders.push(user.data_dir().join("packs"));
        let (cache, config) = (user.cache_dir().to_path_buf(), user.config_dir().to_path_buf());
        Self { pack_folders, cache: Some(cache), config: Some(config) }
    }
}
