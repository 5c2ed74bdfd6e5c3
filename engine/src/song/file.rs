//! The file of a song: opened once, read as often as it is needed.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::bytes::Bytes;
use super::error::SongError;
use super::part::PartReader;
use super::{Song, survey};
use crate::resample::ResampleError;

/// What a pipe may bring: two days of CD sound. One that never ends fills no disk.
const LONGEST_PIPE_BYTES: u64 = 32 << 30;
/// What of it is looked at before the rest is waited for.
const HEAD_BYTES: u64 = 1 << 20;

/// An open file, a copy of what came through a pipe, or bytes in memory. Clones share it.
#[derive(Clone)]
pub struct SongFile {
    /// What messages call it.
    pub(super) name: PathBuf,
    pub(super) bytes: Bytes,
}

impl fmt::Debug for SongFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SongFile").field(&self.name).finish()
    }
}

impl SongFile {
    /// Opens `path`; `-` is the standard input. What can be read only once (that, and named pipes) is copied into a
    /// temporary file, which is gone when the last clone is.
    ///
    /// # Errors
    ///
    /// One clear line for each of: no such file, a folder, no permission, an empty file, a pipe that brings no sound.
    pub fn open(path: &Path) -> Result<Self, SongError> {
        if path == Path::new("-") {
            let name = PathBuf::from("(standard input)");
            if std::io::stdin().is_terminal() {
                return Err(SongError::NothingPiped);
            }
            return Self::from_reader(name, std::io::stdin().lock());
        }
        let owned = || path.to_path_buf();
        let from_io = |source: std::io::Error| match source.kind() {
            ErrorKind::NotFound => SongError::NotFound { path: owned() },
            ErrorKind::PermissionDenied => SongError::NoPermission { path: owned() },
            _ => SongError::Io { path: owned(), source },
        };
        let about = std::fs::metadata(path).map_err(from_io)?;
        if about.is_dir() {
            return Err(SongError::IsFolder { path: owned() });
        }
        let file = File::open(path).map_err(from_io)?;
        if !about.is_file() {
            return Self::from_reader(owned(), file);
        }
        Self::of(owned(), Bytes::of_file(file).map_err(from_io)?)
    }

    /// Reads a song to its end, into a temporary file; `name` is for messages.
    ///
    /// # Errors
    ///
    /// What comes is no sound, or cannot be read or kept.
    pub fn from_reader(name: PathBuf, reader: impl Read) -> Result<Self, SongError> {
        let called = name.clone();
        let from_io = |source: std::io::Error| SongError::Pipe { path: called.clone(), source };
        let mut reader = reader.take(LONGEST_PIPE_BYTES);
        let mut head = Vec::new();
        reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(from_io)?;
        if (head.len() as u64) < HEAD_BYTES {
            return Self::from_bytes(name, head);
        }
        // What shows no sign of being a song by now never will, and may never end.
        if let Err(error @ SongError::NotAudio { .. }) = Self::from_bytes(name.clone(), head.clone())?.song()
        {
            return Err(error);
        }
        let mut file = tempfile::tempfile().map_err(from_io)?;
        file.write_all(&head).map_err(from_io)?;
        std::io::copy(&mut reader, &mut file).map_err(from_io)?;
        let bytes = Bytes::of_file(file).map_err(from_io)?;
        Self::of(name, bytes)
    }

    /// A song that is in memory already; `name` is for messages, and its ending may help to tell what it is.
    ///
    /// # Errors
    ///
    /// There are no bytes.
    pub fn from_bytes(name: PathBuf, bytes: impl Into<Vec<u8>>) -> Result<Self, SongError> {
        Self::of(name, Bytes::Memory(bytes.into().into()))
    }

    fn of(name: PathBuf, bytes: Bytes) -> Result<Self, SongError> {
        match bytes.len() {
            0 => Err(SongError::Empty { path: name }),
            _ => Ok(Self { name, bytes }),
        }
    }

    pub(super) fn resample_error(&self, source: ResampleError) -> SongError {
        SongError::Resample { path: self.name.clone(), source }
    }

    /// What messages call it: its path, or what it came through.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Opens the song in it, at its start; any number of times.
    ///
    /// # Errors
    ///
    /// As [`Song::open`].
    pub fn song(&self) -> Result<Song, SongError> {
        let survey = survey::survey(&self.bytes);
        let first = match survey.parts.first() {
            Some(part) => PartReader::open(&self.name, part.clone()),
            None => Err(SongError::NotAudio { path: self.name.clone() }),
        };
        match (first, survey.flaw) {
            (Ok(first), _) => Song::begin(self.clone(), survey, first),
            (Err(_), Some(flaw)) => Err(SongError::flawed(self.name.clone(), flaw)),
            (Err(error), None) => Err(error),
        }
    }
}
