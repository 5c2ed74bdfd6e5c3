//! What a render is asked for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::RenderError;
use crate::controls::Controls;
use crate::dreamer::ModelsStatus;
use crate::inference::Options;
use crate::pack::size::PictureSize;
use crate::pack::{self, Pack};
use crate::performance::PICTURES_PER_S;
use crate::recorder::{self, Fps, IfTaken, RecordSettings};
use crate::scene::Scene;
use crate::stage::Gpu;
use crate::tap::Meter;
use crate::words::Wording;

/// A run of a model that takes longer is given up. Nobody waits for its picture as in a window: large models, and machines that
/// do much else, have their time.
const PATIENCE: Duration = Duration::from_secs(120);

/// Everything that decides the frames, and where they go.
#[derive(Clone, Debug)]
pub struct RenderSettings {
    /// The song's file.
    pub song: PathBuf,
    /// `.mp4`, `.webm`, `.mov`, or a folder for numbered PNGs and a WAV.
    pub output: PathBuf,
    /// What to do where the output exists.
    pub if_taken: IfTaken,
    /// Frame width in pixels.
    pub width_px: u32,
    /// Frame height in pixels.
    pub height_px: u32,
    /// Frames per second.
    pub fps: Fps,
    /// Name, folder or zip of the pack.
    pub pack: String,
    /// Scene, seed, motion, sensitivity and look.
    pub controls: Controls,
    /// What the pictures follow, as far as the controls' `words_amount` says.
    pub words: Wording,
    /// Scenes that begin on the way, in seconds from the song's start, by the transition of the controls.
    pub then: Vec<(f64, Scene)>,
    /// What a director chooses from; all scenes, if none is named.
    pub favourites: Vec<Scene>,
    /// The name of the preset that the controls come from, for the file's tags.
    pub preset: Option<String>,
    /// The song's tempo in beats per minute; it is tracked if `None`.
    pub tempo_bpm: Option<f64>,
    /// Where the first beat of a bar falls, in seconds from the song's start, if there is a tempo.
    pub first_beat_s: f64,
    /// Its time signature, if there is a tempo; the tempo counts quarter notes whatever it is.
    pub meter: Meter,
    /// Where in the song to begin, in seconds.
    pub start_s: f64,
    /// Where in the song to end, in seconds; the song's end if `None`.
    pub end_s: Option<f64>,
    /// Generated pictures per second of audio; between them the stage tweens.
    pub pictures_per_s: f64,
    /// Size of the generated pictures, one of the pack's; if `None`, [what fits the frame](Pack::size_offline).
    pub picture_size: Option<PictureSize>,
    /// Threads for the models; by default half of the cores, at most 4: the stage and the encoder of the video want some too.
    pub threads: usize,
}

/// Threads for the models by default.
pub(crate) fn usual_threads() -> usize {
    (std::thread::available_parallelism().map_or(1, usize::from) / 2).clamp(1, 4)
}

impl RenderSettings {
    /// Settings for `song` into `output`, everything else as the program's defaults.
    pub fn new(song: PathBuf, output: PathBuf) -> Self {
        Self {
            song,
            output,
            if_taken: IfTaken::default(),
            width_px: 1280,
            height_px: 720,
            fps: Fps { num: 30, den: 1 },
            pack: pack::DEFAULT.to_owned(),
            controls: Controls::default(),
            words: Wording::default(),
            then: Vec::new(),
            favourites: Vec::new(),
            preset: None,
            tempo_bpm: None,
            first_beat_s: 0.0,
            meter: Meter::COMMON,
            start_s: 0.0,
            end_s: None,
            pictures_per_s: PICTURES_PER_S,
            picture_size: None,
            threads: usual_threads(),
        }
    }

    /// Refuses what cannot be meant, before anything is opened.
    pub(crate) fn check(&self) -> Result<(), RenderError> {
        let wrong = |what: &str, found: String, expected: &str| {
            Err(RenderError::Setting { what: what.to_owned(), found, expected: expected.to_owned() })
        };
        let fps = self.fps.per_s();
        if self.width_px == 0 || self.height_px == 0 {
            return wrong("--size", format!("{}x{}", self.width_px, self.height_px), "at least 1x1");
        }
        if !(fps > 0.0 && fps <= 1000.0) {
            return wrong("--fps", fps.to_string(), "above 0 and at most 1000");
        }
        if !(self.start_s >= 0.0 && self.start_s.is_finite()) {
            return wrong("--start", self.start_s.to_string(), "a time in seconds from 0 on");
        }
        if let Some(end_s) = self.end_s
            && !(end_s > self.start_s && end_s.is_finite())
        {
            return wrong("--end", end_s.to_string(), "a time in seconds after --start");
        }
        if let Some((id, found, expected)) = self.controls.out_of_range() {
            return wrong(&format!("--{}", id.knob().flag()), found, &expected);
        }
        if let Some(tempo_bpm) = self.tempo_bpm
            && !(20.0..=400.0).contains(&tempo_bpm)
        {
            return wrong("--tempo", tempo_bpm.to_string(), "from 20 to 400 beats per minute");
        }
        if !self.first_beat_s.is_finite() {
            return wrong("--first-beat", self.first_beat_s.to_string(), "a time in seconds");
        }
        if !(self.pictures_per_s > 0.0 && self.pictures_per_s <= 240.0) {
            return wrong("pictures per second", self.pictures_per_s.to_string(), "above 0 and at most 240");
        }
        if self.threads == 0 || self.threads > 256 {
            return wrong("--threads", self.threads.to_string(), "from 1 to 256");
        }
        Ok(())
    }

    /// Refuses an output that would replace the song, whatever `if_taken` says.
    pub(super) fn check_output(&self) -> Result<(), RenderError> {
        let Ok(song) = self.song.canonicalize() else { return Ok(()) };
        let replaced = [self.output.clone(), self.output.join(recorder::SOUND_FILE)];
        if replaced.iter().any(|path| path.canonicalize().is_ok_and(|path| path == song)) {
            return Err(RenderError::OverTheSong { output: self.output.clone() });
        }
        Ok(())
    }

    /// Where the render ends, in seconds, if that can be known; an error if it would end before it begins.
    pub(super) fn end_within(&self, duration_s: Option<f64>) -> Result<Option<f64>, RenderError> {
        let end_s = match (self.end_s, duration_s) {
            (Some(end_s), Some(duration_s)) => Some(end_s.min(duration_s)),
            (end_s, duration_s) => end_s.or(duration_s),
        };
        match end_s {
            Some(end_s) if end_s <= self.start_s => {
                Err(RenderError::NothingThere { song: self.song.clone(), start_s: self.start_s })
            }
            _ => Ok(end_s),
        }
    }

    /// Frames that show `duration_s` of audio: the last one may be cut short.
    pub(super) fn frames_in(&self, duration_s: f64, sample_rate_hz: u32) -> u64 {
        let samples = (duration_s * f64::from(sample_rate_hz)).round();
        let per_frame = f64::from(sample_rate_hz) / self.fps.per_s();
        (samples / per_frame - 1e-6).ceil().max(1.0) as u64
    }

    /// The pack painting at the size that is asked for, or that suits the frame.
    pub(super) fn sized(&self, pack: &Pack) -> Result<Pack, RenderError> {
        let frame = PictureSize { width_px: self.width_px, height_px: self.height_px };
        let size =
            self.picture_size.unwrap_or_else(|| pack.size_offline(frame, self.pictures_per_s, self.threads));
        pack.painting_at(size).ok_or_else(|| {
            let sizes: Vec<String> = pack.picture_sizes().iter().map(|(size, _)| size.to_string()).collect();
            RenderError::Setting {
                what: "--picture-size".to_owned(),
                found: size.to_string(),
                expected: format!("a size of the pack {}: {}", pack.manifest.name, sizes.join(", ")),
            }
        })
    }

    /// What the models run on.
    pub(super) fn inference(&self) -> Options {
        Options { threads: self.threads, time_budget: PATIENCE, ..Options::default() }
    }

    /// The recorder's share of the settings.
    pub(super) fn recording(&self, sample_rate_hz: u32, metadata: Vec<(String, String)>) -> RecordSettings {
        RecordSettings {
            metadata,
            if_taken: self.if_taken,
            ..RecordSettings::new(self.width_px, self.height_px, self.fps, sample_rate_hz)
        }
    }

    /// What made the picture and what makes it again, as tags for the file, and the source's own `tags`: the whole command where the program can
    /// do it again, and where only a host can (it has the sound), what everything was turned to at the start.
    pub(super) fn metadata(
        &self,
        gpu: &Gpu,
        pack: &Pack,
        models: &ModelsStatus,
        tags: Vec<(String, String)>,
    ) -> Vec<(String, String)> {
        let Controls { scene, seed, .. } = &self.controls;
        let mut metadata = vec![
            ("pack".to_owned(), format!("{} {}", pack.manifest.name, pack.manifest.version)),
            ("scene".to_owned(), scene.name().to_owned()),
            ("seed".to_owned(), seed.to_string()),
            ("made with".to_owned(), format!("klangbild {}", env!("CARGO_PKG_VERSION"))),
        ];
        if !self.controls.limit_flashes || !gpu.can_limit_flashes() {
            metadata.push(crate::flash::UNLIMITED_TAG.map(str::to_owned).into());
        }
        if let Some(preset) = &self.preset {
            metadata.push(("preset".to_owned(), preset.clone()));
        }
        // Where there is no choice, nothing is said of it.
        let size = (!pack.others.is_empty()).then(|| pack.picture_size());
        metadata.extend(size.map(|size| ("pictures".to_owned(), size.to_string())));
        metadata.push(match self.again(size) {
            Some(command) => ("again with".to_owned(), command),
            None => ("settings".to_owned(), self.knobs()),
        });
        metadata.extend(models.tags());
        metadata.push(("drawn by".to_owned(), gpu.describe()));
        metadata.extend(tags);
        metadata
    }

    /// Pack, words and knobs, as flags. Every knob that was turned is named, and no preset: whoever runs this may have another one of
    /// that name, or none.
    fn knobs(&self) -> String {
        let mut flags = format!("--pack {}", quoted(&self.pack));
        if !self.words.phrases.is_empty() {
            flags += &format!(" --words {}", quoted(&self.words.text()));
        }
        let like = self.words.paint_like.as_ref().and_then(|path| path.file_name()?.to_str());
        if let Some(like) = like {
            flags += &format!(" --paint-like {}", quoted(like));
        }
        self.controls
            .changed()
            .fold(flags, |flags, (id, value)| format!("{flags} --{} {}", id.knob().flag(), value.flag(id)))
    }

    /// The command that makes this file again, beside the song, under a name of its own: two files with the same frames say the
    /// same. The song is named without its folder, which is nobody's business but the user's.
    fn again(&self, size: Option<PictureSize>) -> Option<String> {
        let name = |path: &Path| match path.file_name()?.to_str()? {
            "-" => Some("-".to_owned()), // from a pipe
            name => Some(quoted(name)),
        };
        if self.pictures_per_s != PICTURES_PER_S {
            return None; // there is no flag for it
        }
        let song = name(&self.song)?;
        let again = Path::new("again").with_extension(self.output.extension().unwrap_or_default());
        let mut command = format!(
            "klangbild render {song} -o {} {} --size {}x{} --fps {} --start {}",
            again.display(),
            self.knobs(),
            self.width_px,
            self.height_px,
            self.fps,
            self.start_s,
        );
        if let Some(end_s) = self.end_s {
            command += &format!(" --end {end_s}");
        }
        if let Some(size) = size {
            command += &format!(" --picture-size {size}");
        }
        if let Some(tempo_bpm) = self.tempo_bpm {
            command += &format!(" --tempo {tempo_bpm}");
            if self.first_beat_s != 0.0 {
                command += &format!(" --first-beat {}", self.first_beat_s);
            }
            if self.meter != Meter::COMMON {
                command += &format!(" --meter {}", self.meter);
            }
        }
        Some(command)
    }
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "._/-+@%,".contains(letter);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        return word.to_owned();
    }
    let word = if word.starts_with('-') { format!("./{word}") } else { word.to_owned() };
    format!("'{}'", word.replace('\'', "'\\''"))
}
