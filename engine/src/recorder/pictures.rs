//! A folder of numbered PNGs and a WAV, which need no other program.

use std::fs::File;
use std::io::{BufWriter, Error};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use tempfile::TempDir;

use super::output::{Output, size_of};
use super::patience::Pulse;
use super::still::write_png;
use super::{RecordSettings, RecorderError, SOUND_FILE, Writer};

/// Threads that compress PNGs at most; the renderer wants the rest of the machine.
const MOST_THREADS: usize = 4;

/// Bytes that a WAV can hold besides its headers: its sizes have 32 bits.
const MOST_WAV_BYTES: u64 = u32::MAX as u64 - 4096;

type Failure = Arc<Mutex<Option<(PathBuf, Error)>>>;

/// Hands frames to a small pool of threads and writes the sound itself.
pub(super) struct PictureWriter {
    output: Output,
    part: TempDir,
    wav: Option<hound::WavWriter<BufWriter<File>>>,
    wav_bytes: u64,
    /// The last frame that was written, and the one that it is shown to.
    last: Option<u64>,
    held: Option<u64>,
    jobs: Option<SyncSender<(u64, Vec<u8>)>>,
    threads: Vec<JoinHandle<()>>,
    failure: Failure,
}

struct Png {
    folder: PathBuf,
    width_px: u32,
    height_px: u32,
    metadata: Vec<(String, String)>,
    pulse: Pulse,
}

fn frame_name(index: u64) -> String {
    format!("frame-{index:06}.png")
}

impl PictureWriter {
    /// Makes the WAV and starts the threads.
    pub fn start(output: Output, settings: &RecordSettings, pulse: &Pulse) -> Result<Self, RecorderError> {
        let part = output.part_folder()?;
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: settings.sample_rate_hz,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let path = || output.target().to_path_buf();
        let wav = hound::WavWriter::create(part.path().join(SOUND_FILE), spec)
            .map_err(|error| RecorderError::Unwritable { path: path(), source: from_hound(error) })?;
        let count = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        let (jobs, inbox) = sync_channel(count);
        let inbox = Arc::new(Mutex::new(inbox));
        let failure = Failure::default();
        let png = Arc::new(Png {
            folder: part.path().to_path_buf(),
            width_px: settings.width_px,
            height_px: settings.height_px,
            metadata: settings.metadata.clone(),
            pulse: pulse.clone(),
        });
        let threads: Result<Vec<_>, _> = (0..count)
            .map(|_| {
                let (png, inbox, failure) = (Arc::clone(&png), Arc::clone(&inbox), Arc::clone(&failure));
                let thread = Builder::new().name("klangbild-png".to_owned());
                thread.spawn(move || png.write_all(&inbox, &failure))
            })
            .collect();
        let threads = threads.map_err(|source| RecorderError::NoThread { path: path(), source })?;
        let (wav, jobs) = (Some(wav), Some(jobs));
        Ok(Self { output, part, wav, wav_bytes: 0, last: None, held: None, jobs, threads, failure })
    }

    /// Waits for the threads; the first failure of any is the error.
    fn join(&mut self) -> Result<(), RecorderError> {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                let path = self.output.target().to_path_buf();
                return Err(RecorderError::Stopped { path });
            }
        }
        self.failed()
    }

    /// The last frame once more under the number of the last moment, if that one was not drawn.
    fn hold_last(&self) -> Result<(), Error> {
        let path = |index| self.part.path().join(frame_name(index));
        match (self.last, self.held) {
            (Some(last), Some(held)) if held > last => std::fs::copy(path(last), path(held)).map(drop),
            _ => Ok(()),
        }
    }

    fn failed(&self) -> Result<(), RecorderError> {
        match self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some((path, source)) => Err(RecorderError::Write { path, source, kept: None }),
            None => Ok(()),
        }
    }

    fn wav_error(&self, error: hound::Error) -> RecorderError {
        let path = self.output.target().join(SOUND_FILE);
        RecorderError::Write { path, source: from_hound(error), kept: None }
    }
}

impl Writer for PictureWriter {
    fn frame(&mut self, index: u64, rgba: Vec<u8>) -> Result<Vec<u8>, RecorderError> {
        self.failed()?;
        if let Some(jobs) = &self.jobs
            && jobs.send((index, rgba)).is_err()
        {
            return Err(RecorderError::Stopped { path: self.output.target().to_path_buf() });
        }
        self.last = Some(index);
        Ok(Vec::new())
    }

    fn hold(&mut self, index: u64) -> Result<(), RecorderError> {
        self.held = Some(index);
        Ok(())
    }

    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError> {
        self.wav_bytes += std::mem::size_of_val(frames) as u64;
        if self.wav_bytes > MOST_WAV_BYTES {
            return Err(RecorderError::WavTooLong { path: self.output.target().join(SOUND_FILE) });
        }
        if let Some(wav) = &mut self.wav {
            for &sample in frames.iter().flatten() {
                if let Err(error) = wav.write_sample(sample) {
                    return Err(self.wav_error(error));
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(PathBuf, u64), RecorderError> {
        let done = self.join().and_then(|()| match self.wav.take().map(hound::WavWriter::finalize) {
            Some(Err(error)) => Err(self.wav_error(error)),
            _ => Ok(()),
        });
        let bytes = size_of(self.part.path());
        let done = done.and_then(|()| {
            let completed = self.hold_last().and_then(|()| self.output.complete_folder(self.part.path()));
            let path = self.output.target().to_path_buf();
            completed.map_err(|source| RecorderError::Write { path, source, kept: None })
        });
        done.map(|path| (path, bytes)).map_err(|error| error.with_kept(self.abandon()))
    }

    fn abandon(mut self) -> Option<PathBuf> {
        // An error here is a second one: the first is being reported.
        let _ = self.join();
        let _ = self.wav.take().map(hound::WavWriter::finalize);
        self.last.is_some().then(|| self.output.keep_folder(self.part))
    }
}

impl Png {
    fn write_all(&self, inbox: &Mutex<Receiver<(u64, Vec<u8>)>>, failure: &Failure) {
        let mut rgb = Vec::new();
        loop {
            let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((index, rgba)) = job else { return };
            rgb.clear();
            rgb.extend(rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]));
            let path = self.folder.join(frame_name(index));
            if let Err(error) = self.write(&path, &rgb) {
                let _ = std::fs::remove_file(&path); // no half pictures; it may not even exist
                failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((path, error));
            }
            self.pulse.beat();
        }
    }

    fn write(&self, path: &Path, rgb: &[u8]) -> Result<(), Error> {
        write_png(path, self.width_px, self.height_px, rgb, &self.metadata)
    }
}

fn from_hound(error: hound::Error) -> Error {
    match error {
        hound::Error::IoError(error) => error,
        other => Error::other(other),
    }
}
