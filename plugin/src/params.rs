//! What a host can automate: ids that never change, names for musicians, and text both ways.

mod choices;
mod edit;
mod text;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock};

use klangbild_engine::controls::Controls;
use klangbild_engine::hearing::Sensitivity;
use klangbild_engine::motion::MotionSettings;
use klangbild_engine::stage::Look;
use nice_plug::prelude::*;

pub use choices::{BeatDivision, SceneChoice};
pub use edit::{Edit, set_all};

use crate::settings::Settings;
use text::{factor, percent};

/// Seeds that a knob can reach.
pub const LAST_SEED: i32 = 9999;

/// Every parameter, and what else the project remembers.
#[derive(Params)]
pub struct KlangbildParams {
    /// Pack, folders, sizes: what no host could automate.
    #[persist = "settings"]
    pub settings: Arc<RwLock<Settings>>,

    /// Which scene is played.
    #[id = "scene"]
    pub scene: EnumParam<SceneChoice>,
    /// How strongly the sound moves the picture.
    #[id = "intensity"]
    pub intensity: FloatParam,
    /// How fast the pictures change.
    #[id = "speed"]
    pub speed: FloatParam,
    /// How far hits push, and how readily a picture becomes another.
    #[id = "morph"]
    pub morph: FloatParam,
    /// From plain to strange.
    #[id = "complexity"]
    pub complexity: FloatParam,
    /// How slowly the picture follows the music.
    #[id = "smoothing"]
    pub smoothing: FloatParam,
    /// Whether steps fall on the beat.
    #[id = "beatsync"]
    pub beat_sync: BoolParam,
    /// Beats from one step to the next.
    #[id = "beatdiv"]
    pub beat_division: EnumParam<BeatDivision>,
    /// Turn of the hue circle.
    #[id = "hue"]
    pub hue: FloatParam,
    /// Magnification.
    #[id = "zoom"]
    pub zoom: FloatParam,
    /// Length of trails.
    #[id = "feedback"]
    pub feedback: FloatParam,
    /// Depth of the relief.
    #[id = "relief"]
    pub relief: FloatParam,
    /// Light that bright places shed.
    #[id = "bloom"]
    pub bloom: FloatParam,
    /// Film grain.
    #[id = "grain"]
    pub grain: FloatParam,
    /// Darkening of the corners.
    #[id = "vignette"]
    pub vignette: FloatParam,
    /// Exposure in stops.
    #[id = "exposure"]
    pub exposure: FloatParam,
    /// Sensitivity to all of the sound.
    #[id = "sens"]
    pub sensitivity: FloatParam,
    /// Sensitivity to the bass.
    #[id = "sensbass"]
    pub sensitivity_bass: FloatParam,
    /// Sensitivity to the middle.
    #[id = "sensmid"]
    pub sensitivity_mid: FloatParam,
    /// Sensitivity to the treble.
    #[id = "senstreb"]
    pub sensitivity_treble: FloatParam,
    /// The one source of randomness.
    #[id = "seed"]
    pub seed: IntParam,
    /// The picture stands still.
    #[id = "freeze"]
    pub freeze: BoolParam,
    /// Turned on: another picture.
    #[id = "next"]
    pub next_picture: BoolParam,
    /// Turned on: a still is written.
    #[id = "capture"]
    pub capture: BoolParam,
    /// While on, a video is recorded.
    #[id = "record"]
    pub record: BoolParam,
    /// While on, a host's offline render writes a video too.
    #[id = "bounce"]
    pub bounce: BoolParam,
    /// The picture rests. The sound is the same either way.
    #[id = "bypass"]
    pub bypass: BoolParam,

    /// What triggers have counted.
    pub triggers: Arc<Triggers>,
}

/// Counts what was asked for, from any thread: each reader remembers what it has seen.
#[derive(Debug, Default)]
pub struct Triggers {
    pictures: AtomicU32,
    captures: AtomicU32,
    /// One more than the index of the scene that a note has chosen; 0 while the parameter decides.
    scene: AtomicU32,
}

impl Triggers {
    /// Asks for another picture.
    pub fn next_picture(&self) {
        self.pictures.fetch_add(1, Ordering::Relaxed);
    }

    /// Asks for a still.
    pub fn capture(&self) {
        self.captures.fetch_add(1, Ordering::Relaxed);
    }

    /// Stills asked for so far.
    pub fn captures(&self) -> u32 {
        self.captures.load(Ordering::Relaxed)
    }

    /// Takes a MIDI note: C1 and up (36, 37, ...) choose scenes; every other one asks for another picture. The scene
    /// stays until the parameter is moved.
    pub fn note(&self, note: u8) {
        match SceneChoice::of_note(note) {
            Some(scene) => self.scene.store(scene.to_index() as u32 + 1, Ordering::Relaxed),
            None => self.next_picture(),
        }
    }
}

impl Default for KlangbildParams {
    fn default() -> Self {
        let triggers = Arc::new(Triggers::default());
        let neutral = Look::default();
        let motion = MotionSettings::default();
        let by_note = Arc::clone(&triggers);
        let pictures = Arc::clone(&triggers);
        let captures = Arc::clone(&triggers);
        Self {
            settings: Arc::default(),
            scene: EnumParam::new("Scene", SceneChoice::Picture)
                .with_callback(Arc::new(move |_| by_note.scene.store(0, Ordering::Relaxed))),
            intensity: percent("Intensity", neutral.intensity, 0.0, 2.0),
            speed: percent("Speed", motion.speed, 0.0, 4.0),
            morph: percent("Morph", motion.morph, 0.0, 2.0),
            complexity: percent("Complexity", motion.complexity, 0.3, 1.5),
            smoothing: percent("Smoothing", motion.smoothing, 0.0, 4.0),
            beat_sync: BoolParam::new("Beat Sync", motion.beat_sync),
            beat_division: EnumParam::new("Beat Division", BeatDivision::One),
            hue: FloatParam::new("Hue Shift", 0.0, FloatRange::Linear { min: -180.0, max: 180.0 })
                .with_unit(" °")
                .with_value_to_string(formatters::v2s_f32_rounded(1)),
            zoom: factor("Zoom", neutral.zoom, 0.5, 4.0),
            feedback: percent("Feedback", neutral.feedback, 0.0, 1.0),
            relief: percent("Relief", neutral.relief, 0.0, 2.0),
            bloom: percent("Bloom", neutral.bloom, 0.0, 3.0),
            grain: percent("Grain", neutral.grain, 0.0, 3.0),
            vignette: percent("Vignette", neutral.vignette, 0.0, 2.0),
            exposure: FloatParam::new(
                "Exposure",
                neutral.exposure_stops,
                FloatRange::Linear { min: -3.0, max: 3.0 },
            )
            .with_unit(" EV")
            .with_value_to_string(formatters::v2s_f32_rounded(2)),
            sensitivity: percent("Sensitivity", 1.0, 0.0, 4.0),
            sensitivity_bass: percent("Bass Sensitivity", 1.0, 0.0, 4.0),
            sensitivity_mid: percent("Mid Sensitivity", 1.0, 0.0, 4.0),
            sensitivity_treble: percent("Treble Sensitivity", 1.0, 0.0, 4.0),
            seed: IntParam::new("Seed", 1, IntRange::Linear { min: 0, max: LAST_SEED }),
            freeze: BoolParam::new("Freeze", false),
            next_picture: BoolParam::new("Next Picture", false).with_callback(Arc::new(move |on| {
                if on {
                    pictures.next_picture();
                }
            })),
            capture: BoolParam::new("Capture", false).with_callback(Arc::new(move |on| {
                if on {
                    captures.capture();
                }
            })),
            record: BoolParam::new("Record Video", false),
            bounce: BoolParam::new("Bounce Video", false),
            bypass: BoolParam::new("Bypass", false)
                .with_value_to_string(formatters::v2s_bool_bypass())
                .with_string_to_value(formatters::s2v_bool_bypass())
                .make_bypass(),
            triggers,
        }
    }
}

impl KlangbildParams {
    /// What the engine goes by, now.
    pub fn controls(&self) -> Controls {
        let scene = match self.triggers.scene.load(Ordering::Relaxed) {
            0 => self.scene.value(),
            by_note => SceneChoice::from_index(by_note as usize - 1),
        };
        Controls {
            scene: scene.into(),
            seed: self.seed.value().unsigned_abs().into(),
            picture: self.triggers.pictures.load(Ordering::Relaxed),
            motion: MotionSettings {
                speed: self.speed.value(),
                morph: self.morph.value(),
                complexity: self.complexity.value(),
                smoothing: self.smoothing.value(),
                beat_sync: self.beat_sync.value(),
                beats_per_step: self.beat_division.value().beats(),
                freeze: self.freeze.value(),
            },
            sensitivity: Sensitivity {
                all: self.sensitivity.value(),
                bass: self.sensitivity_bass.value(),
                mid: self.sensitivity_mid.value(),
                treble: self.sensitivity_treble.value(),
            },
            look: Look {
                hue_shift: self.hue.value() / 360.0,
                intensity: self.intensity.value(),
                zoom: self.zoom.value(),
                feedback: self.feedback.value(),
                relief: self.relief.value(),
                bloom: self.bloom.value(),
                grain: self.grain.value(),
                vignette: self.vignette.value(),
                exposure_stops: self.exposure.value(),
            },
        }
    }

    /// The parameters that make up a look: what presets hold, and what undo brings back, with their ids. Triggers, bypass
    /// and recording are no part of it.
    pub fn preset_params(&self) -> Vec<(String, ParamPtr)> {
        const NO_PART: [&str; 6] = ["next", "capture", "record", "bounce", "bypass", "freeze"];
        let all = self.param_map().into_iter().map(|(id, param, _)| (id, param));
        all.filter(|(id, _)| !NO_PART.contains(&id.as_str())).collect()
    }
}

#[cfg(test)]
mod tests;
