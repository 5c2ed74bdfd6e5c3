//! Light that can cause seizures, found in any sequence of frames.
//!
//! Photosensitive people are harmed by large areas that flash more than three times a second, by saturated red that comes and
//! goes, and by regular stripes. The [`Analyser`] reads frames in order and says where a sequence breaks which [`Rule`]:
//!
//! - WCAG 2.2, success criterion 2.3.1: general and red flashes, within any 10 degrees of the visual field;
//! - ITU-R BT.1702-3, Annex 1: flashes on a display of 200 cd/m2, over a quarter of the picture; the extended failure of
//!   broadcasters' tools; regular patterns.
//!
//! What counts as a flash stands once, in [`limits`], for this judge and for the stage's limiter. How it is applied:
//!
//! 1. A frame is reduced to cells of 1/256 of its longer side, in linear light: 0.1 degrees at the usual distance. Patterns that
//!    are finer than that, and balanced, do no harm (WCAG's exception), and vanish in the mean.
//! 2. Every cell has a memory of its own for its last peak or valley, so that parts of a picture which flash in turn are all
//!    counted, and a small thing that crosses the picture is not. A transition is a change from the last extreme by the
//!    threshold or more; two opposing transitions are a flash; more than six transitions in one second are too many. A
//!    transition counts where at least 15 % of the ten degrees around it goes the same way at once ([`limits::JOINT`]): flashes
//!    are what occurs concurrently, and where a texture merely moves each place changes at a time of its own.
//! 3. A sequence fails while the cells that have too many cover more than a quarter of a field; or where transitions that go
//!    the same way at once, wherever they are, cover more than a quarter of it more than six times in one second.
//!
//! The tool for the same end that Electronic Arts has published (IRIS) looks at means over the frame, so that halves which
//! flash in turn cancel out; its extended failure is the one that is used here.
//!
//! ```
//! use klangbild_engine::flash::{Analyser, Rule};
//!
//! let mut analyser = Analyser::new(64, 36)?;
//! for frame in 0..60 {
//!     // White and black in turn, every second frame of 30: 7.5 flashes a second.
//!     let grey = if frame / 2 % 2 == 0 { 255 } else { 0 };
//!     analyser.push(f64::from(frame) / 30.0, &[grey; 64 * 36 * 3])?;
//! }
//! let report = analyser.finish();
//! assert!(!report.is_safe());
//! assert_eq!(report.failures[0].rule, Rule::GeneralFlash);
//! # Ok::<(), klangbild_engine::flash::FlashError>(())
//! ```
//!
//! It is a help and no certificate: broadcasters want that of their own tools.

mod area;
mod cells;
mod concurrent;
mod findings;
mod light;
pub mod limits;
mod stripes;
mod swing;
#[cfg(test)]
mod tests;
mod track;
mod video;

use serde::Serialize;
use thiserror::Error;

use area::Field;
use cells::Cells;
pub(crate) use cells::cells;
use concurrent::Concurrent;
use findings::Findings;
use stripes::Stripes;
use swing::{Hue, Level};
use track::Track;
pub use video::{Check, VideoError, check_video};

/// What a file says of itself that was made without the stage's limiter: key and value of a tag.
pub const UNLIMITED_TAG: [&str; 2] = ["flashes", "not limited: may cause seizures"];

/// Which rule a sequence breaks, the worst for the eyes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// WCAG 2.3.1: more than three general flashes in a second, over a quarter of 10 degrees.
    GeneralFlash,
    /// WCAG 2.3.1: the same with saturated red.
    RedFlash,
    /// ITU-R BT.1702-3, guideline 1: more than three flashes of 20 cd/m2 in a second, over a quarter of the picture.
    BroadcastFlash,
    /// ITU-R BT.1702-3, guideline 1: the same with saturated red.
    BroadcastRedFlash,
    /// Two to three flashes a second for four of five seconds, over a quarter of the picture.
    ExtendedFlash,
    /// The same with saturated red.
    ExtendedRedFlash,
    /// ITU-R BT.1702-3, guideline 2: more than five pairs of stripes for more than half a second.
    Stripes,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::GeneralFlash,
        Self::RedFlash,
        Self::BroadcastFlash,
        Self::BroadcastRedFlash,
        Self::ExtendedFlash,
        Self::ExtendedRedFlash,
        Self::Stripes,
    ];

    /// What it is called, with where it stands.
    pub fn name(self) -> &'static str {
        match self {
            Self::GeneralFlash => "general flash (WCAG 2.3.1)",
            Self::RedFlash => "red flash (WCAG 2.3.1)",
            Self::BroadcastFlash => "luminance flash (ITU-R BT.1702)",
            Self::BroadcastRedFlash => "red flash (ITU-R BT.1702)",
            Self::ExtendedFlash => "extended flashing",
            Self::ExtendedRedFlash => "extended red flashing",
            Self::Stripes => "stripes (ITU-R BT.1702)",
        }
    }

    /// What its area is a share of.
    pub fn area_of(self) -> &'static str {
        match self {
            Self::GeneralFlash | Self::RedFlash => "of 10 degrees",
            _ => "of the picture",
        }
    }
}

/// A stretch of a sequence that breaks a rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Which one.
    pub rule: Rule,
    /// Where it begins: the first transition that counts, or the first frame with stripes.
    pub start_s: f64,
    /// The last frame in which the rule is broken.
    pub end_s: f64,
    /// Flashes from begin to end, as a place that flashes too often has them in the mean; for stripes, light and dark pairs.
    pub count: f64,
    /// The largest share that it has of the field, 0 to 1.
    pub area: f64,
}

/// What is to be said about a whole sequence.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Frames.
    pub frames: u64,
    /// Time of the last frame, in seconds from the first.
    pub duration_s: f64,
    /// What breaks a rule, in the order in which it begins.
    pub failures: Vec<Failure>,
    /// What comes near: two or three flashes a second that do not last long enough for the extended failure.
    pub warnings: Vec<Failure>,
}

impl Report {
    /// Whether no rule is broken.
    pub fn is_safe(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Why frames cannot be judged.
#[derive(Clone, Debug, PartialEq, Error)]
#[allow(missing_docs)] // the messages say what the fields are
pub enum FlashError {
    #[error(
        "cannot look for flashes in frames of {width_px}x{height_px}: each side must be from 1 to 65536 pixels"
    )]
    Size { width_px: u32, height_px: u32 },

    #[error("a frame of {width_px}x{height_px} has {found} bytes: three or four a pixel are expected")]
    Bytes { width_px: u32, height_px: u32, found: usize },

    #[error("a frame at {time_s} s comes after one at {last_s} s: frames must come in their order")]
    Order { time_s: f64, last_s: f64 },
}

/// Reads a sequence frame by frame; what it remembers does not grow with the sequence, besides what it finds.
pub struct Analyser {
    cells: Cells,
    ten_degrees: Field,
    picture: Field,
    general: Track<Level>,
    broadcast: Track<Level>,
    red: Track<Hue>,
    at_once: [Concurrent; 4],
    stripes: Stripes,
    findings: Findings,
    frames: u64,
    first_s: f64,
    last_s: f64,
}

impl Analyser {
    /// For frames of this size in pixels.
    ///
    /// # Errors
    /// [`FlashError::Size`] for sides of 0 or absurd ones.
    pub fn new(width_px: u32, height_px: u32) -> Result<Self, FlashError> {
        let cells = Cells::new(width_px, height_px)?;
        let size = cells.size();
        let ten_degrees = Field::ten_degrees(size);
        let picture = Field::picture(size);
        let places = ten_degrees.places();
        let at_once = [places.len(), places.len(), 1, 1].map(Concurrent::new);
        let count = size[0] * size[1];
        Ok(Self {
            general: Track::new(count),
            broadcast: Track::new(count),
            red: Track::new(count),
            at_once,
            stripes: Stripes::new(size),
            findings: Findings::default(),
            cells,
            ten_degrees,
            picture,
            frames: 0,
            first_s: 0.0,
            last_s: 0.0,
        })
    }

    /// Takes the next frame, shown from `time_s` on: rows from the top, sRGB, 8 bits each of red, green and blue, and of alpha
    /// if there are four bytes a pixel (it is not looked at).
    ///
    /// # Errors
    /// [`FlashError::Bytes`] or [`FlashError::Order`]; the frame is left out.
    pub fn push(&mut self, time_s: f64, pixels: &[u8]) -> Result<(), FlashError> {
        if time_s.is_nan() || (self.frames > 0 && time_s < self.last_s) {
            return Err(FlashError::Order { time_s, last_s: self.last_s });
        }
        self.cells.take(pixels)?;
        if self.frames == 0 {
            self.first_s = time_s;
        }
        self.frames += 1;
        self.last_s = time_s;
        let now = limits::ticks(time_s - self.first_s);

        self.general.step(now, self.cells.relative(), &mut self.ten_degrees);
        self.broadcast.step(now, self.cells.broadcast(), &mut self.ten_degrees);
        self.red.step(now, self.cells.hues(), &mut self.ten_degrees);

        self.judge(now, Rule::GeneralFlash);
        self.judge(now, Rule::RedFlash);
        self.judge(now, Rule::BroadcastFlash);
        self.judge(now, Rule::BroadcastRedFlash);
        self.linger(now, Rule::ExtendedFlash);
        self.linger(now, Rule::ExtendedRedFlash);
        if let Some(seen) = self.stripes.step(now, self.cells.broadcast()) {
            self.findings.stripes(now, &seen);
        }
        Ok(())
    }

    /// Ends the sequence.
    pub fn finish(self) -> Report {
        let (failures, warnings) = self.findings.into_failures(self.first_s);
        Report { frames: self.frames, duration_s: self.last_s - self.first_s, failures, warnings }
    }

    /// More than three flashes a second: in each place by itself, or all over a field.
    fn judge(&mut self, now: u32, rule: Rule) {
        let (field, marks, at_once) = match rule {
            Rule::GeneralFlash => (&mut self.ten_degrees, self.general.marks(), &mut self.at_once[0]),
            Rule::RedFlash => (&mut self.ten_degrees, self.red.marks(), &mut self.at_once[1]),
            Rule::BroadcastFlash => (&mut self.picture, self.broadcast.marks(), &mut self.at_once[2]),
            _ => (&mut self.picture, self.red.marks(), &mut self.at_once[3]),
        };
        let [up, down] = marks.fresh;
        let [mut shares, falls] = [field.shares_at_places(up), field.shares_at_places(down)];
        shares.iter_mut().zip(falls).for_each(|(share, falls)| *share = share.max(falls));
        let anywhere = at_once.step(now, &shares);
        let area = field.largest_share(marks.too_many);
        let in_place = (area > limits::AREA).then_some((marks.first_of_too_many, area));
        let (Some((first, area)), other) = (in_place.or(anywhere), anywhere) else { return };
        let (since, largest) = other.unwrap_or((first, area));
        let added = marks.flashes_of_too_many().max(0.5 * f64::from(at_once.newest()));
        self.findings.flashes(now, rule, first.min(since), area.max(largest), added);
    }

    /// Two or three flashes a second: a warning, and a failure when they go on.
    fn linger(&mut self, now: u32, rule: Rule) {
        let marks = if rule == Rule::ExtendedFlash { self.broadcast.marks() } else { self.red.marks() };
        let area = self.picture.largest_share(marks.many);
        if area > limits::AREA {
            self.findings.lingering(now, rule, area, marks.flashes_of_many());
        } else {
            self.findings.calm(rule);
        }
    }
}
