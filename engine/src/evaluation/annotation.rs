//! What is true of a song.
//!
//! NAME.json holds all that is known; only what is annotated is scored:
//!
//! ```json
//! {"group": "swing", "split": "keep", "beats": [[0.5, 1], [1.0, 2], [1.5, 3]], "meter": [3, 4], "tempo_bpm": 120.0,
//!  "drums": {"kick": [0.5], "snare": [], "hat": [0.5, 1.0, 1.5]}, "onsets": [0.5, 1.0, 1.5], "sections": [[0.5, "A"]]}
//! ```
//!
//! Times are in seconds and rise. Beats stand with their place in the bar, 1 being the first; an empty list says that there is none:
//! of beats, that the music has no beat, of a drum, that it does not play. What is left out is not annotated.
//!
//! NAME.beats holds beats alone, as public collections do: a time a line, and if it is known the place in the bar behind it.

mod lines;

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

pub use lines::read_beats;

use super::{EvaluationError, tempo};

/// Whether a piece may be tuned on, or is only ever measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// May be tuned on.
    Tune,
    /// Is only measured.
    Keep,
}

/// Times of the drums, in seconds, rising; none where a drum is not annotated.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Drums {
    /// Kick drums.
    #[serde(deserialize_with = "times")]
    pub kick: Option<Vec<f64>>,
    /// Snares.
    #[serde(deserialize_with = "times")]
    pub snare: Option<Vec<f64>>,
    /// Hats.
    #[serde(deserialize_with = "times")]
    pub hat: Option<Vec<f64>>,
}

/// What is known of a song.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Annotation {
    /// What kind of piece it is, its folder's name if that is not said; means are taken by group.
    pub group: String,
    /// Whether it may be tuned on, if that is said.
    pub split: Option<Split>,
    /// Beats in seconds, rising, with their places in the bar, 1 being the first.
    #[serde(deserialize_with = "beats")]
    pub beats: Option<Vec<(f64, Option<u32>)>>,
    /// The meter as it is written, as in 6/8.
    #[serde(deserialize_with = "meter")]
    pub meter: Option<[u32; 2]>,
    /// The median tempo in beats per minute.
    #[serde(deserialize_with = "tempo_bpm")]
    pub tempo_bpm: Option<f64>,
    /// Hits of drums.
    pub drums: Drums,
    /// Beginnings of any note or hit, in seconds, rising.
    #[serde(deserialize_with = "times")]
    pub onsets: Option<Vec<f64>>,
    /// Where sections begin, in seconds, rising, and what they are called.
    #[serde(deserialize_with = "sections")]
    pub sections: Option<Vec<(f64, String)>>,
}

impl Annotation {
    /// Reads NAME.json or NAME.beats.
    ///
    /// # Errors
    /// A file that cannot be read, or the first thing that is wrong in it, with its line and column.
    pub fn read(path: &Path) -> Result<Self, EvaluationError> {
        let folder = path.parent().and_then(Path::file_name);
        let folder = folder.map_or_else(|| "all".to_owned(), |name| name.to_string_lossy().into_owned());
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("beats")) {
            return Ok(Self { group: folder, beats: Some(read_beats(path)?), ..Self::default() });
        }
        let text = std::fs::read_to_string(path)
            .map_err(|source| EvaluationError::Read { path: path.to_path_buf(), source })?;
        let mut json = serde_json::Deserializer::from_str(&text);
        let wrong = |error: &serde_json::Error, field: &str| {
            // serde_json puts the place behind its message; it is told in front.
            let told = error.to_string();
            let what = told.rsplit_once(" at line ").map_or(told.as_str(), |(what, _)| what);
            EvaluationError::Annotation {
                path: path.to_path_buf(),
                line: error.line(),
                column: error.column(),
                place: if field == "." { String::new() } else { format!(" ({field})") },
                what: what.to_owned(),
            }
        };
        let mut annotation: Self = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| wrong(error.inner(), &error.path().to_string()))?;
        json.end().map_err(|error| wrong(&error, "."))?;
        if annotation.group.is_empty() {
            annotation.group = folder;
        }
        Ok(annotation)
    }

    /// The beats, in seconds.
    pub fn beat_times(&self) -> Option<Vec<f64>> {
        Some(self.beats.as_ref()?.iter().map(|(time_s, _)| *time_s).collect())
    }

    /// The beats that begin bars, in seconds; none where no bars are annotated.
    pub fn downbeats(&self) -> Option<Vec<f64>> {
        let beats =
            self.beats.as_ref().filter(|beats| beats.iter().any(|(_, position)| position.is_some()))?;
        Some(beats.iter().filter(|(_, position)| *position == Some(1)).map(|(time_s, _)| *time_s).collect())
    }

    /// How many beats most bars have: by their places, or by the meter.
    pub fn beats_per_bar(&self) -> Option<usize> {
        let by_places = || tempo::beats_per_bar(&self.beat_times()?, &self.downbeats()?);
        by_places().or_else(|| {
            let [beats, unit] = self.meter?;
            // 6/8, 9/8 and 12/8 are felt in threes.
            let is_compound = unit == 8 && beats > 3 && beats.is_multiple_of(3);
            Some(if is_compound { beats / 3 } else { beats } as usize)
        })
    }

    /// Where sections begin, in seconds.
    pub fn section_starts(&self) -> Option<Vec<f64>> {
        Some(self.sections.as_ref()?.iter().map(|(start_s, _)| *start_s).collect())
    }
}

fn times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<f64>>, D::Error> {
    let times = Option::<Vec<f64>>::deserialize(deserializer)?;
    check_rising(times.iter().flatten().copied(), false)?;
    Ok(times)
}

type Beats = Option<Vec<(f64, Option<u32>)>>;

fn beats<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Beats, D::Error> {
    let beats = Beats::deserialize(deserializer)?;
    check_rising(beats.iter().flatten().map(|(time_s, _)| *time_s), true)?;
    if let Some(at) = beats.iter().flatten().position(|(_, position)| *position == Some(0)) {
        return Err(D::Error::custom(format!("beat {} has place 0 in its bar: the first has 1", at + 1)));
    }
    Ok(beats)
}

fn sections<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<(f64, String)>>, D::Error> {
    let sections = Option::<Vec<(f64, String)>>::deserialize(deserializer)?;
    check_rising(sections.iter().flatten().map(|(start_s, _)| *start_s), true)?;
    Ok(sections)
}

fn meter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[u32; 2]>, D::Error> {
    let meter = Option::<[u32; 2]>::deserialize(deserializer)?;
    match meter {
        Some([beats, unit]) if beats == 0 || unit == 0 => {
            Err(D::Error::custom(format!("{beats}/{unit} is no meter")))
        }
        meter => Ok(meter),
    }
}

fn tempo_bpm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let tempo_bpm = Option::<f64>::deserialize(deserializer)?;
    match tempo_bpm {
        Some(bpm) if bpm <= 0.0 => {
            Err(D::Error::custom(format!("a tempo of {bpm}, where it takes more than 0")))
        }
        tempo_bpm => Ok(tempo_bpm),
    }
}

/// Measures take lists as they stand: rising, and from the beginning of the song on.
fn check_rising<E: Error>(times_s: impl Iterator<Item = f64>, strictly: bool) -> Result<(), E> {
    let mut before_s = f64::NEG_INFINITY;
    for (at, time_s) in times_s.enumerate() {
        if let Some(what) = flaw(time_s, before_s, strictly) {
            return Err(E::custom(format!("entry {}: {what}", at + 1)));
        }
        before_s = time_s;
    }
    Ok(())
}

/// What is wrong with a time after another.
fn flaw(time_s: f64, before_s: f64, strictly: bool) -> Option<String> {
    if !time_s.is_finite() || time_s < 0.0 {
        return Some(format!("{time_s} is no time in seconds"));
    }
    let falls = if strictly { time_s <= before_s } else { time_s < before_s };
    falls.then(|| format!("{time_s} s comes after {before_s} s, but times must rise"))
}
