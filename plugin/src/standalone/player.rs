//! A song on its way out: decoded ahead on a thread of its own, taken by whoever plays it, and tapped as it is taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use klangbild::instance::Instance;
use klangbild::intake::Intake;
use klangbild_engine::resample::{ResampleError, StereoResampler};
use klangbild_engine::song::{Song, SongError, SongFile};
use klangbild_engine::tap::Transport;
use ringbuf::traits::{Consumer, Observer, Producer, Split};
use ringbuf::{HeapCons, HeapProd, HeapRb};

/// How far ahead is decoded: a disk may sleep for a while.
const AHEAD_S: f64 = 0.5;
/// Between two looks for room.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// A song that is not decoded by then begins with a gap.
const LONGEST_START: Duration = Duration::from_secs(2);
/// Frames that are handed out at once, at most.
pub const BLOCK_FRAMES: usize = 512;

/// What is played.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The song's file.
    pub song: SongFile,
    /// Again and again.
    pub looped: bool,
    /// Where to begin, in seconds.
    pub from_s: f64,
    /// Frames per second that are taken.
    pub rate_hz: u32,
}

/// The decoding thread; it ends with this value.
pub struct Decoder {
    shared: Arc<Shared>,
    rate_hz: u32,
    thread: Option<JoinHandle<()>>,
}

/// The end from which a song is taken, and tapped. Neither waits nor allocates.
pub struct Playback {
    frames: HeapCons<[f32; 2]>,
    intake: Intake,
    shared: Arc<Shared>,
    block: Vec<[f32; 2]>,
    left: Vec<f32>,
    right: Vec<f32>,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    /// Everything is decoded, and in the ring.
    ended: AtomicBool,
    /// Frames of the song that were taken, from the song's start.
    taken: AtomicU64,
    /// Frames in the song, once it has begun again; 0 before.
    length: AtomicU64,
}

/// Begins to decode; returns when there is something to play.
///
/// # Errors
/// The system gives no thread, or the rates cannot be brought together.
pub fn start(instance: &Arc<Instance>, wanted: Wanted) -> Result<(Playback, Decoder), String> {
    let rate_hz = wanted.rate_hz;
    let (producer, consumer) = HeapRb::new((f64::from(rate_hz) * AHEAD_S) as usize).split();
    let shared = Arc::new(Shared::default());
    shared.taken.store((wanted.from_s * f64::from(rate_hz)) as u64, Ordering::Relaxed);
    let mut intake = Intake::new(Arc::clone(&instance.params));
    intake.connect(instance, rate_hz);
    let playback = Playback {
        frames: consumer,
        intake,
        shared: Arc::clone(&shared),
        block: vec![[0.0; 2]; BLOCK_FRAMES],
        left: vec![0.0; BLOCK_FRAMES],
        right: vec![0.0; BLOCK_FRAMES],
    };
    let (told, notices) = (Arc::clone(&shared), Arc::clone(&instance.notices));
    let thread = std::thread::Builder::new().name("klangbild-song".to_owned()).spawn(move || {
        match decode(&told, &wanted, producer) {
            Ok(warnings) => warnings.into_iter().for_each(|warning| notices.warn(warning)),
            Err(error) => notices.warn(format!("The song has ended early: {error}")),
        }
        told.ended.store(true, Ordering::Release);
    });
    let thread = thread.map_err(|error| format!("the system gives no thread: {error}"))?;
    let begun = Instant::now();
    while playback.frames.occupied_len() < playback.frames.capacity().get() / 2
        && !shared.ended.load(Ordering::Acquire)
        && begun.elapsed() < LONGEST_START
    {
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok((playback, Decoder { shared, rate_hz, thread: Some(thread) }))
}

fn decode(shared: &Shared, wanted: &Wanted, mut ring: HeapProd<[f32; 2]>) -> Result<Vec<String>, String> {
    let words = |error: SongError| error.to_string();
    let failed = |error: ResampleError| error.to_string();
    let mut song = open(&wanted.song, wanted.from_s).map_err(words)?;
    let mut resampler = StereoResampler::new(song.sample_rate_hz(), wanted.rate_hz).map_err(failed)?;
    let mut block = vec![[0.0; 2]; BLOCK_FRAMES];
    let mut ready = Vec::new();
    loop {
        let count = song.read(&mut block).map_err(words)?;
        if count == 0 {
            let warnings =
                song.warnings().iter().map(|it| format!("{}: {it}", wanted.song.name().display())).collect();
            if !wanted.looped {
                resampler.flush(&mut ready).map_err(failed)?;
                push(shared, &mut ring, &mut ready);
                return Ok(warnings);
            }
            let length = song.position_s() * f64::from(wanted.rate_hz);
            shared.length.store((length.round() as u64).max(1), Ordering::Relaxed);
            song = open(&wanted.song, 0.0).map_err(words)?;
        }
        resampler.push(&block[..count], &mut ready).map_err(failed)?;
        if !push(shared, &mut ring, &mut ready) {
            return Ok(Vec::new());
        }
    }
}

fn open(file: &SongFile, from_s: f64) -> Result<Song, SongError> {
    let mut song = file.song()?;
    if from_s > 0.0 {
        song.skip_to(from_s)?;
    }
    Ok(song)
}

/// Waits for room; `false` if it is told to stop meanwhile.
fn push(shared: &Shared, ring: &mut HeapProd<[f32; 2]>, ready: &mut Vec<[f32; 2]>) -> bool {
    let mut done = 0;
    while done < ready.len() {
        if shared.stop.load(Ordering::Relaxed) {
            return false;
        }
        match ring.push_slice(&ready[done..]) {
            0 => std::thread::sleep(LOOK_EVERY),
            count => done += count,
        }
    }
    ready.clear();
    true
}

impl Playback {
    /// The next frames, left and right; at most [`BLOCK_FRAMES`]. Behind the song's end, and where the decoder is late, there
    /// is silence. What is handed out here is what is heard and recorded.
    pub fn next(&mut self, frames: usize) -> (&[f32], &[f32]) {
        let frames = frames.min(BLOCK_FRAMES);
        // Looked at before the ring: what is in there by then is all there is.
        let ended = self.shared.ended.load(Ordering::Acquire);
        let taken = self.frames.pop_slice(&mut self.block[..frames]);
        self.block[taken..frames].fill([0.0; 2]);
        for (index, [left, right]) in self.block[..frames].iter().enumerate() {
            (self.left[index], self.right[index]) = (*left, *right);
        }
        let position = self.shared.taken.fetch_add(taken as u64, Ordering::Relaxed);
        let position = match self.shared.length.load(Ordering::Relaxed) {
            0 => position,
            length => position % length,
        };
        let playing = taken > 0 || !ended;
        let transport =
            Transport { playing, position_samples: i64::try_from(position).ok(), ..Transport::default() };
        self.intake.block(&self.left[..frames], &self.right[..frames], transport, None);
        (&self.left[..frames], &self.right[..frames])
    }
}

impl Decoder {
    /// How much of the song was taken so far, in seconds from its start.
    pub fn position_s(&self) -> f64 {
        let (taken, length) =
            (self.shared.taken.load(Ordering::Relaxed), self.shared.length.load(Ordering::Relaxed));
        let position = if length == 0 { taken } else { taken % length };
        position as f64 / f64::from(self.rate_hz)
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the song's thread had ended with a panic");
        }
    }
}
