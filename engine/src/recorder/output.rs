//! Where a recording grows and what becomes of it.
//!
//! A recording grows beside its goal, on the same file system, under a name of its own (`NAME.part-x7Gh2k.EXT`: no hidden
//! one, since a confined ffmpeg, as in a snap, may not touch those), and takes its name in one step when it is complete.
//! Whatever was there before is there until then. Two recordings with one goal, in two programs even, cannot get
//! the same name: the system gives it to one of them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

use tempfile::{TempDir, TempPath};

use super::{IfTaken, RecorderError, SOUND_FILE};

/// Bytes that a name may have on nearly every file system.
const LONGEST_NAME: usize = 255;

/// Bytes of a recording's name that its parts repeat, to be told apart by whoever looks into the folder.
const LONGEST_PREFIX: usize = 80;

/// The files of a PNG folder that a later recording may replace, and no others.
pub(super) fn is_ours(name: &str) -> bool {
    let number = name.strip_prefix("frame-").and_then(|rest| rest.strip_suffix(".png"));
    name == SOUND_FILE || number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The goal of one recording, and what to do if something is there.
#[derive(Clone, Debug)]
pub(super) struct Output {
    target: PathBuf,
    if_taken: IfTaken,
}

impl Output {
    /// Looks at what is there: errors that need no attempt to write.
    pub fn check(target: &Path, if_taken: IfTaken, is_folder: bool) -> Result<Self, RecorderError> {
        let path = || target.to_path_buf();
        let folder = parent_of(target);
        if !folder.is_dir() {
            return Err(RecorderError::NoFolder { path: folder });
        }
        let this = Self { target: path(), if_taken };
        let found = match fs::symlink_metadata(target) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(this),
            Err(error) if error.kind() == ErrorKind::InvalidFilename => {
                let bytes = target.file_name().unwrap_or_default().len();
                return Err(RecorderError::LongName { path: path(), bytes });
            }
            Err(source) => return Err(RecorderError::Unwritable { path: folder, source }),
        };
        match (is_folder, target.is_dir(), if_taken) {
            (_, _, IfTaken::Number) => Ok(this),
            (false, true, _) => Err(RecorderError::IsFolder { path: path() }),
            (true, false, _) if !found.is_dir() => Err(RecorderError::IsFile { path: path() }),
            (true, true, _) if is_empty(target) => Ok(this),
            (_, _, IfTaken::Replace) => Ok(this),
            _ => Err(RecorderError::Exists { path: path() }),
        }
    }

    /// What the user asked for.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A new file beside the goal, which proves that the folder can be written to. It goes with the value.
    pub fn part(&self) -> Result<TempPath, RecorderError> {
        let (prefix, suffix) = self.part_name();
        let mut part = tempfile::Builder::new();
        part.prefix(&prefix).suffix(&suffix);
        #[cfg(unix)] // as any other new file, and not for its owner alone
        part.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let made = part.tempfile_in(parent_of(&self.target));
        made.map(tempfile::NamedTempFile::into_temp_path).map_err(|source| self.unwritable(source))
    }

    /// A new folder beside the goal; otherwise as [`part`](Self::part).
    pub fn part_folder(&self) -> Result<TempDir, RecorderError> {
        let (prefix, suffix) = self.part_name();
        let mut part = tempfile::Builder::new();
        part.prefix(&prefix).suffix(&suffix);
        #[cfg(unix)]
        part.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        part.tempdir_in(parent_of(&self.target)).map_err(|source| self.unwritable(source))
    }

    fn part_name(&self) -> (OsString, OsString) {
        let mut prefix = cut(self.target.file_stem().unwrap_or_default(), LONGEST_PREFIX);
        prefix.push(".part-");
        let mut suffix = OsString::new();
        if let Some(extension) = self.target.extension() {
            suffix.push(".");
            suffix.push(extension);
        }
        (prefix, suffix)
    }

    fn unwritable(&self, source: Error) -> RecorderError {
        RecorderError::Unwritable { path: parent_of(&self.target), source }
    }

    /// Gives a complete file its name, and returns that.
    pub fn complete_file(&self, mut part: TempPath) -> Result<PathBuf, (Error, TempPath)> {
        for goal in self.goals() {
            let persisted = match self.if_taken {
                IfTaken::Replace => part.persist(&goal),
                _ => persist_noclobber(part, &goal),
            };
            match persisted {
                Ok(()) => return Ok(goal),
                Err(failed) if is_taken(&failed.error) && self.if_taken == IfTaken::Number => {
                    part = failed.path
                }
                Err(failed) if is_taken(&failed.error) => return Err((appeared(), failed.path)),
                Err(failed) => return Err((failed.error, failed.path)),
            }
        }
        Err((appeared(), part))
    }

    /// Gives a complete folder its name, and returns that. In a folder that exists, only files of an earlier recording are
    /// replaced.
    pub fn complete_folder(&self, part: &Path) -> Result<PathBuf, Error> {
        for goal in self.goals() {
            match fs::create_dir(&goal) {
                Ok(()) => {}
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                Err(_) if self.if_taken == IfTaken::Number => continue,
                Err(_) if self.if_taken == IfTaken::Replace || is_empty(&goal) => {}
                Err(_) => return Err(appeared()),
            }
            // In one step if it is empty; Windows replaces no folder at all.
            if fs::rename(part, &goal).is_err() {
                move_into(part, &goal)?;
            }
            return Ok(goal);
        }
        Err(appeared())
    }

    /// Keeps what was written and plays, as `NAME.partial.EXT` (numbered where that is taken).
    pub fn keep_file(&self, mut part: TempPath) -> Option<PathBuf> {
        for partial in self.partials() {
            match persist_noclobber(part, &partial) {
                Ok(()) => return Some(partial),
                Err(failed) => part = failed.path,
            }
        }
        part.keep().ok()
    }

    /// The same with a folder.
    pub fn keep_folder(&self, part: TempDir) -> PathBuf {
        let part = part.keep();
        for partial in self.partials() {
            if fs::create_dir(&partial).is_ok() {
                let moved = fs::rename(&part, &partial).or_else(|_| move_into(&part, &partial));
                return if moved.is_ok() { partial } else { part };
            }
        }
        part
    }

    /// The names that the complete recording may take, the best first.
    fn goals(&self) -> impl Iterator<Item = PathBuf> {
        let most = if self.if_taken == IfTaken::Number { MOST_NUMBERS } else { 1 };
        (1..=most).map(|number| match number {
            1 => self.target.clone(),
            _ => sibling(&self.target, &format!(" ({number})")),
        })
    }

    fn partials(&self) -> impl Iterator<Item = PathBuf> {
        (1..MOST_NUMBERS).map(|number| match number {
            1 => sibling(&self.target, ".partial"),
            _ => sibling(&self.target, &format!(".partial-{number}")),
        })
    }
}

/// So many things of one name are no accident.
const MOST_NUMBERS: u32 = 1000;

fn appeared() -> Error {
    Error::new(ErrorKind::AlreadyExists, "it has appeared while this was recorded")
}

fn is_taken(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::IsADirectory | ErrorKind::DirectoryNotEmpty)
}

/// As [`TempPath::persist_noclobber`], also on file systems that know neither such a rename nor hard links, as some network
/// drives.
fn persist_noclobber(part: TempPath, goal: &Path) -> Result<(), tempfile::PathPersistError> {
    match part.persist_noclobber(goal) {
        Err(failed) if !is_taken(&failed.error) && fs::symlink_metadata(goal).is_err() => {
            failed.path.persist(goal)
        }
        done => done,
    }
}

/// Moves a recording into a folder that exists, in the place of an earlier one.
fn move_into(part: &Path, goal: &Path) -> Result<(), Error> {
    for old in fs::read_dir(goal)? {
        let old = old?;
        if old.file_name().to_str().is_some_and(is_ours) {
            fs::remove_file(old.path())?;
        }
    }
    for new in fs::read_dir(part)? {
        let new = new?;
        fs::rename(new.path(), goal.join(new.file_name()))?;
    }
    fs::remove_dir(part)
}

/// Bytes of a file, or of the files in a folder.
pub(super) fn size_of(path: &Path) -> u64 {
    let of_one = |path: &Path| fs::metadata(path).map_or(0, |about| about.len());
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| of_one(&entry.path())).sum(),
        Err(_) => of_one(path),
    }
}

/// Whether a file holds at least one stretch of media: a fragment in MP4 and MOV, a cluster in WebM.
pub(super) fn holds_media(file: &Path) -> bool {
    const FRAGMENT: &[u8] = b"moof";
    const CLUSTER: &[u8] = &[0x1F, 0x43, 0xB6, 0x75];
    const HEADERS: u64 = 1 << 20;
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(HEADERS).read_to_end(&mut start));
    read.is_ok() && start.windows(4).any(|window| window == FRAGMENT || window == CLUSTER)
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// The folder that `path` is in, which is "." for a bare name.
fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// `path` with something between its stem and its extension; the stem is cut where the name would be too long.
fn sibling(path: &Path, after: &str) -> PathBuf {
    let end = path.extension().map_or(0, |extension| extension.len() + 1) + after.len();
    let mut name = cut(path.file_stem().unwrap_or_default(), LONGEST_NAME.saturating_sub(end));
    name.push(after);
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// At most `most` bytes of a name, whole letters only.
fn cut(name: &OsStr, most: usize) -> OsString {
    if name.len() <= most {
        return name.to_owned();
    }
    let name = name.to_string_lossy();
    let end = (0..=most.min(name.len())).rev().find(|&end| name.is_char_boundary(end));
    OsString::from(&name[..end.unwrap_or(0)])
}
