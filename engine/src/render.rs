//! The offline renderer: a performance on the audio's own clock, nothing dropped.
//!
//! Frame `k` is on screen from `k / fps` to `(k + 1) / fps` and shows what sounds in that time, so it may depend on
//! audio up to its own end: a look-ahead of one frame, which live has not. The sound comes from any [`AudioSource`]. The same
//! song, pack, seed and settings give the same frames, byte for byte, on one machine and backend.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//!
//! use klangbild_engine::render::{RenderSettings, render};
//!
//! let settings = RenderSettings { width_px: 640, height_px: 360, ..RenderSettings::new("song.flac".into(), "song.mp4".into()) };
//! let rendered = render(&settings, &mut |progress| {
//!     println!("frame {}", progress.frames);
//!     ControlFlow::Continue(())
//! })?;
//! println!("{} holds {} s", rendered.finished.path.display(), rendered.finished.duration_s);
//! # Ok::<(), klangbild_engine::render::RenderError>(())
//! ```

mod error;
mod settings;
mod source;
mod turning;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::director::{Cast, Director, Plan};
use crate::dreamer::{DreamError, Models};
use crate::inference::{Options, Runtime, Timings, beat_sense};
use crate::pack::Pack;
use crate::pack::size::PictureSize;
use crate::performance::{Film, Listener, Performer, Reading, Voice};
use crate::recorder::{self, Finished};
use crate::song::{Song, SongWarning};
use crate::stage::{Gpu, News, Stage};
use crate::tap::{Block, Mode};
pub use error::RenderError;
pub use settings::RenderSettings;
pub(crate) use settings::usual_threads;
pub use source::{AudioSource, InTempo};
use turning::Turning;

/// A render that starts within a song listens to this much before it, in seconds, so that gain, beat and embedding
/// are settled in its first frame.
pub const PREROLL_S: f64 = 20.0;
/// Sound that is listened to at once before that.
const PREROLL_STEP_S: f64 = 1.0;
/// A frame that takes longer is told of.
const LONG_FRAME: Duration = Duration::from_secs(5);

/// How far a render has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Frames drawn.
    pub frames: u64,
    /// Frames that there will be, if the song tells its length.
    pub total_frames: Option<u64>,
}

/// What a render left behind.
#[derive(Debug)]
pub struct Rendered {
    /// The file or folder, and what is in it.
    pub finished: Finished,
    /// Whether it was stopped before the end of the song.
    pub stopped: bool,
    /// What was wrong with the song without being an error.
    pub warnings: Vec<SongWarning>,
    /// Section changes that motion noticed.
    pub sections: u32,
    /// Run times of encoder and generator.
    pub timings: (Timings, Timings),
    /// Size of the generated pictures, where the pack has several.
    pub picture_size: Option<PictureSize>,
    /// The adapter that drew, and its backend.
    pub adapter: String,
}

/// Renders a song. `progress` is called after each frame; on [`ControlFlow::Break`] what is there is finished properly.
///
/// # Errors
/// Whatever can be known beforehand (song, settings, pack, runtime, adapter, output) fails before a file is begun.
pub fn render(
    settings: &RenderSettings,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Rendered, RenderError> {
    let source = opened(settings)?;
    let means = Means::open(settings, None, Models::load)?;
    means.understand(settings)?;
    render_source(source, director(settings)?, settings, &means, progress)
}

/// A director who has heard the settings' song already, where there is to be one.
fn director(settings: &RenderSettings) -> Result<Director, RenderError> {
    let director = Director::new(Cast::of(&settings.favourites));
    if !settings.controls.director || settings.song.as_os_str() == "-" {
        return Ok(director);
    }
    let plan = Plan::of(opened(settings)?, beat_sense())?;
    let times: Vec<String> = plan.times_s().map(|time_s| format!("{time_s:.1}")).collect();
    tracing::info!("scenes change at {} s", times.join(", "));
    Ok(director.with_plan(Arc::new(plan)))
}

/// The settings' song, when all of the settings can be done.
fn opened(settings: &RenderSettings) -> Result<Box<dyn AudioSource>, RenderError> {
    settings.check()?;
    settings.check_output()?;
    let song = Song::open(&settings.song)?;
    settings.end_within(song.duration_s())?;
    let source: Box<dyn AudioSource> = match settings.tempo_bpm {
        Some(tempo_bpm) => Box::new(InTempo::new(song, tempo_bpm, settings.first_beat_s, settings.meter)),
        None => Box::new(song),
    };
    Ok(match settings.then.as_slice() {
        [] => source,
        then => Box::new(Turning::new(source, settings.controls, then)),
    })
}

/// What a render works with: device, pack and models. Kept from one render to the next, the second begins at once.
pub struct Means {
    gpu: Arc<Gpu>,
    pack: Pack,
    models: Arc<Models>,
}

impl Means {
    /// Opens what these settings need.
    ///
    /// # Errors
    /// As [`render`].
    pub fn of(settings: &RenderSettings) -> Result<Self, RenderError> {
        Self::open(settings, None, Models::load)
    }

    /// As [`render`], for settings with the pack that was opened.
    ///
    /// # Errors
    /// As there.
    pub fn render(
        &self,
        settings: &RenderSettings,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Rendered, RenderError> {
        let source = opened(settings)?;
        self.understand(settings)?;
        render_source(source, director(settings)?, settings, self, progress)
    }

    /// Refuses words that the pack does not understand.
    fn understand(&self, settings: &RenderSettings) -> Result<(), RenderError> {
        let troubles = self.models.understand(&settings.words).troubles;
        troubles.into_iter().next().map_or(Ok(()), |trouble| Err(trouble.into()))
    }

    /// Opens the settings' pack, on `gpu` if there is one already, with models from `load`.
    pub(crate) fn open(
        settings: &RenderSettings,
        gpu: Option<Arc<Gpu>>,
        load: fn(&Runtime, &Pack, &Options) -> Result<Arc<Models>, DreamError>,
    ) -> Result<Self, RenderError> {
        let pack = settings.sized(&Pack::load(&settings.pack)?)?;
        let runtime = Runtime::load()?;
        let gpu = match gpu {
            Some(gpu) => gpu,
            None => Gpu::headless()?,
        };
        let models = load(&runtime, &pack, &settings.inference())?;
        Ok(Self { gpu, pack, models })
    }
}

/// Renders any source of sound, from the settings' start to its end. The song's file in the settings is not opened.
pub(crate) fn render_source(
    source: Box<dyn AudioSource>,
    director: Director,
    settings: &RenderSettings,
    means: &Means,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Rendered, RenderError> {
    let sample_rate_hz = source.sample_rate_hz();
    let end_s = settings.end_within(source.duration_s())?;
    let tags = source.tags();
    let mut performer = performer(source, director, settings, means)?;
    let Means { gpu, pack, models } = means;
    let metadata = settings.metadata(gpu, pack, &models.status(), tags);
    let recording = settings.recording(sample_rate_hz, metadata);
    let recorder = recorder::create(&settings.output, &recording)?;
    let mut film = Film::new(Arc::clone(gpu), performer.stage().size_px(), recorder, settings.fps)?;

    let duration_s = end_s.map(|end_s| end_s - settings.start_s);
    let total_frames = duration_s.map(|duration_s| settings.frames_in(duration_s, sample_rate_hz));
    let most = duration_s.map(|duration_s| (duration_s * f64::from(sample_rate_hz)).round() as u64);
    let mut stopped = false;
    let mut told = false;
    let mut began = Instant::now();
    while !stopped
        && total_frames.is_none_or(|total| film.filmed().frames < total)
        && film.frame(&mut performer, most)?
    {
        if let Some(News { scene, outcome: Err(error) }) = performer.take_news() {
            tracing::warn!("the scene {scene} cannot be played, and the one before plays on: {error}");
        }
        if let Some(error) = performer.stage_mut().take_transition_fault() {
            tracing::warn!("a dissolve stands in for the transition: {error}");
        }
        let taken = began.elapsed();
        began += taken;
        if taken > LONG_FRAME && !told {
            let (scene, frame) = (performer.stage().scene(), film.filmed().frames);
            let taken_s = taken.as_secs_f64();
            tracing::warn!(
                "frame {frame} has taken {taken_s:.0} s while the scene {scene} played: a smaller --size or another scene is quicker"
            );
            told = true;
        }
        stopped = progress(Progress { frames: film.filmed().frames, total_frames }).is_break();
    }
    if film.filmed().frames == 0 {
        return Err(RenderError::NothingThere { song: settings.song.clone(), start_s: settings.start_s });
    }
    let dreamer = performer.score().voice().dreamer();
    Ok(Rendered {
        finished: film.finish()?,
        stopped,
        warnings: performer.score().source().warnings(),
        sections: dreamer.section_count(),
        timings: dreamer.timings(),
        picture_size: (!pack.others.is_empty()).then(|| pack.picture_size()),
        adapter: gpu.describe(),
    })
}

/// A performer that has listened to the pre-roll, if there is one, and stands at the settings' start.
fn performer(
    mut source: Box<dyn AudioSource>,
    director: Director,
    settings: &RenderSettings,
    means: &Means,
) -> Result<Performer<Reading>, RenderError> {
    let Means { gpu, models, .. } = means;
    let controls = settings.controls;
    let stage =
        Stage::new(Arc::clone(gpu), settings.width_px, settings.height_px, controls.scene, controls.seed)?;
    let sample_rate_hz = source.sample_rate_hz();
    let mut voice = Voice::new(Arc::clone(models), sample_rate_hz, &controls)?;
    let understood = models.understand(&settings.words);
    // A song was refused already; a host's bounce goes on with what is understood.
    understood.troubles.iter().for_each(|trouble| tracing::warn!("{trouble}"));
    voice.set_words(understood.said);
    let place = |time_s: f64| (time_s * f64::from(sample_rate_hz)).round() as u64;
    let (start, begin_s) = (place(settings.start_s), (settings.start_s - PREROLL_S).max(0.0));
    if begin_s > 0.0 {
        source.skip_to(begin_s)?;
    }
    let mut listener = Listener::new(0, sample_rate_hz, place(begin_s), start)
        .with_sense(beat_sense())
        .with_director(director);
    listener.set_pictures_per_s(settings.pictures_per_s);
    let block = Block { controls, mode: Mode::Offline, ..Block::default() };
    let mut performer = Performer::new(Reading::new(source, listener, voice, block), stage);
    let mut left = start - place(begin_s);
    while left > 0 {
        let heard = performer.step(left.min(place(PREROLL_STEP_S)) as usize)?.len();
        if heard == 0 {
            return Err(RenderError::NothingThere { song: settings.song.clone(), start_s: settings.start_s });
        }
        left -= heard as u64;
    }
    Ok(performer)
}
