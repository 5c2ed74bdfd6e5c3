//! The offline renderer: the whole engine on the audio's own clock, nothing dropped.
//!
//! Frame `k` is on screen from `k / fps` to `(k + 1) / fps` and shows what sounds in that time, so it may depend on
//! audio up to its own end: a look-ahead of one frame, which live has not. The sound comes from any [`AudioSource`]. Embeddings come at fixed audio times
//! ([`EMBEDDINGS_PER_S`]), pictures with the first frame at or after theirs ([`RenderSettings::pictures_per_s`]). The same
//! song, pack, seed and settings give the same frames, byte for byte, on one machine and backend.

mod error;
mod listener;
mod settings;
mod source;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::controls::Controls;
use crate::dreamer::{DreamError, DreamSettings, Dreamer, Models};
use crate::inference::{Options, Runtime, Timings};
use crate::pack::Pack;
use crate::picture::Picture;
use crate::recorder::{self, Finished, Recorder};
use crate::song::{Song, SongWarning};
use crate::stage::{Belt, Gpu, Stage};
pub use error::RenderError;
use listener::Listener;
pub use listener::{EMBEDDINGS_PER_S, PREROLL_S};
pub use settings::RenderSettings;
pub(crate) use settings::{PICTURES_PER_S, usual_threads};
pub use source::{AudioSource, InTempo};

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
    settings.check()?;
    settings.check_output()?;
    let song = Song::open(&settings.song)?;
    settings.end_within(song.duration_s())?;
    let source: Box<dyn AudioSource> = match settings.tempo_bpm {
        Some(tempo_bpm) => Box::new(InTempo::new(song, tempo_bpm)),
        None => Box::new(song),
    };
    let means = Means::open(settings, None, Models::load)?;
    render_source(source, settings, &means, progress)
}

/// What a render works with.
pub(crate) struct Means {
    gpu: Arc<Gpu>,
    pack: Pack,
    models: Arc<Models>,
}

impl Means {
    /// Opens the settings' pack, on `gpu` if there is one already, with models from `load`.
    pub(crate) fn open(
        settings: &RenderSettings,
        gpu: Option<Arc<Gpu>>,
        load: fn(&Runtime, &Pack, &Options) -> Result<Arc<Models>, DreamError>,
    ) -> Result<Self, RenderError> {
        let pack = Pack::load(&settings.pack)?;
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
    settings: &RenderSettings,
    means: &Means,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Rendered, RenderError> {
    let sample_rate_hz = source.sample_rate_hz();
    let end_s = settings.end_within(source.duration_s())?;
    let Means { gpu, pack, models } = means;
    let Controls { scene, seed, .. } = settings.controls;
    let mut stage = Stage::new(Arc::clone(gpu), settings.width_px, settings.height_px, scene, seed)?;
    let mut belt = Belt::new(Arc::clone(gpu), settings.width_px, settings.height_px)?;
    let dreamer = Dreamer::with_models(
        Arc::clone(models),
        &DreamSettings {
            sample_rate_hz,
            seed,
            motion: settings.controls.motion,
            inference: settings.inference(),
        },
    )?;
    let mut listener = Listener::start(source, dreamer, settings)?;
    let recording = settings.recording(sample_rate_hz, settings.metadata(pack, listener.source().tags()));
    let mut recorder = recorder::create(&settings.output, &recording)?;

    let mut staged = None;
    let total_frames = end_s.map(|end_s| settings.frames_in(end_s - settings.start_s, sample_rate_hz));
    let mut picture = Picture::default();
    let mut next_picture_s = settings.start_s;
    let mut frames = 0;
    let mut stopped = false;
    while total_frames.is_none_or(|total| frames < total) && !stopped {
        let audio = listener.listen_until(settings.frame_end(frames, sample_rate_hz, end_s))?;
        if audio.is_empty() {
            break;
        }
        recorder.audio(audio)?;
        let time_s = listener.time_s();
        if time_s >= next_picture_s {
            listener.dreamer().dream(time_s, &mut picture)?;
            stage.show(&picture)?;
            next_picture_s = (next_picture_s + 1.0 / settings.pictures_per_s).max(time_s);
        }
        if staged != Some(*listener.controls()) {
            apply_controls(&mut stage, listener.controls())?;
            staged = Some(*listener.controls());
        }
        stage.draw(time_s, listener.heard())?;
        if !belt.has_room() {
            record(&mut belt, recorder.as_mut())?;
        }
        belt.push(&stage)?;
        frames += 1;
        stopped = progress(Progress { frames, total_frames }).is_break();
    }
    while !belt.is_empty() {
        record(&mut belt, recorder.as_mut())?;
    }
    if frames == 0 {
        return Err(RenderError::NothingThere { song: settings.song.clone(), start_s: settings.start_s });
    }
    Ok(Rendered {
        finished: recorder.finish()?,
        stopped,
        warnings: listener.source().warnings(),
        sections: listener.dreamer().section_count(),
        timings: listener.dreamer().timings(),
        adapter: format!("{} ({})", gpu.info().name, gpu.info().backend),
    })
}

/// Hands the stage its share of the controls, before the first frame and whenever one of them has changed.
fn apply_controls(stage: &mut Stage, controls: &Controls) -> Result<(), RenderError> {
    stage.set_scene(controls.scene)?;
    stage.set_seed(controls.seed);
    stage.set_look(controls.look);
    Ok(())
}

/// Takes the oldest frame off the belt, waiting for the GPU if need be, and hands it to the recorder.
fn record(belt: &mut Belt, recorder: &mut dyn Recorder) -> Result<(), RenderError> {
    if let Some(frame) = belt.pop(true)? {
        recorder.frame(&frame.rgba)?;
        belt.recycle(frame);
    }
    Ok(())
}
