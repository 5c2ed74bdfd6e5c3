//! The bytes of a song, wherever they lie.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// A file or a piece of memory that any number of readers share: each reads at a place of its own choice.
#[derive(Clone)]
pub(super) enum Bytes {
    File { file: Arc<File>, len: u64 },
    Memory(Arc<[u8]>),
}

impl Bytes {
    pub fn of_file(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self::File { file: Arc::new(file), len })
    }

    pub fn len(&self) -> u64 {
        match self {
            Self::File { len, .. } => *len,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Reads at `at` and returns how many bytes it got; 0 behind the end.
    pub fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File { file, .. } => read_file_at(file, at, out),
            Self::Memory(bytes) => {
                let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                let count = rest.len().min(out.len());
                out[..count].copy_from_slice(&rest[..count]);
                Ok(count)
            }
        }
    }

    /// Reads the whole of `out`; `None` where the bytes end before that, or cannot be read.
    pub fn fill(&self, at: u64, out: &mut [u8]) -> Option<()> {
        let mut done = 0;
        while done < out.len() {
            match self.read_at(at.checked_add(done as u64)?, &mut out[done..]) {
                Ok(0) | Err(_) => return None,
                Ok(count) => done += count,
            }
        }
        Some(())
    }

    /// The `N` bytes at `at`.
    pub fn array<const N: usize>(&self, at: u64) -> Option<[u8; N]> {
        let mut out = [0; N];
        self.fill(at, &mut out).map(|()| out)
    }

    /// The bytes of `range`, as far as they are there, but not more than `most`.
    pub fn copy(&self, range: Range<u64>, most: usize) -> Vec<u8> {
        let end = range.end.min(self.len());
        let length = end.saturating_sub(range.start).min(most as u64) as usize;
        let mut out = vec![0; length];
        match self.fill(range.start, &mut out) {
            Some(()) => out,
            None => Vec::new(),
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, at: u64, out: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, out, at)
}

#[cfg(windows)]
fn read_file_at(file: &File, at: u64, out: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, out, at)
}

/// A window that slides forward over the bytes, so that a walk from header to header is not one system call each.
pub(super) struct Scan<'a> {
    bytes: &'a Bytes,
    start: u64,
    buffer: Vec<u8>,
}

impl<'a> Scan<'a> {
    const STEP: usize = 1 << 17;

    pub fn new(bytes: &'a Bytes) -> Self {
        Self { bytes, start: 0, buffer: Vec::new() }
    }

    /// Up to `count` bytes at `at`; fewer at the end.
    pub fn peek(&mut self, at: u64, count: usize) -> &[u8] {
        let end = self.start + self.buffer.len() as u64;
        if at < self.start || at + count as u64 > end {
            self.start = at;
            self.buffer = self.bytes.copy(at..at.saturating_add(count.max(Self::STEP) as u64), usize::MAX);
        }
        let from = (at - self.start) as usize;
        let rest = self.buffer.get(from..).unwrap_or_default();
        &rest[..rest.len().min(count)]
    }

    /// The first place from `at` on, and before `end`, where `pattern` begins.
    pub fn find(&mut self, pattern: &[u8], mut at: u64, end: u64) -> Option<u64> {
        while at < end {
            let block = self.peek(at, Self::STEP);
            if block.len() < pattern.len() {
                return None;
            }
            if let Some(found) = block.windows(pattern.len()).position(|window| window == pattern) {
                return Some(at + found as u64).filter(|&found| found < end);
            }
            at += (block.len() - pattern.len() + 1) as u64;
        }
        None
    }
}

pub(super) fn be16(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

pub(super) fn be32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

pub(super) fn be64(bytes: &[u8]) -> u64 {
    u64::from(be32(bytes)) << 32 | u64::from(be32(&bytes[4..]))
}

pub(super) fn le32(bytes: &[u8]) -> u32 {
    be32(bytes).swap_bytes()
}

pub(super) fn le64(bytes: &[u8]) -> u64 {
    be64(bytes).swap_bytes()
}
