//! What a host can automate: the rows of [the engine's table](klangbild_engine::knobs), as parameters.

mod edit;
mod picked;
mod scene_kept;
pub mod scene_slot;
mod triggers;
mod turned;
mod viewer;

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use klangbild_engine::controls::{Controls, Correction};
use klangbild_engine::knobs::{KnobId, Value};
use klangbild_engine::scene::Scene;
use nice_plug::params::persist::{PersistentField, deserialize_field, serialize_field};
use nice_plug::prelude::*;

pub use edit::{Edit, set_all};
pub use triggers::{Ask, Loading, Triggers, act_of};

use crate::midi_clock::MidiClockCell;
use crate::settings::Settings;
use crate::understudy::StandIn;
use scene_kept::KeptScene;
use turned::Turned;
use viewer::Viewer;

/// The number by which hosts know the parameter of this id, as the framework makes it.
pub const fn number(id: &str) -> u32 {
    let (bytes, mut number, mut at) = (id.as_bytes(), 0_u32, 0);
    while at < bytes.len() {
        number = number.wrapping_mul(31).wrapping_add(bytes[at] as u32);
        at += 1;
    }
    number & !(1 << 31)
}

/// The number of the parameter that chooses the scene.
pub const SCENE_NUMBER: u32 = number("scene");

/// By which name the project holds the settings.
const SETTINGS: &str = "settings";
/// By which name it holds the scene's id. What the framework holds of it is its place, where the scene was not there yet when
/// the framework asked for names.
const SCENE: &str = "scene";
/// By which name it holds what suits whoever watches.
const VIEWER: &str = "viewer";

/// Every parameter, and what else the project remembers.
pub struct KlangbildParams {
    /// Pack, folders, sizes: what no host could automate.
    pub settings: Arc<RwLock<Settings>>,
    /// What is turned, at the place of its row.
    turned: Vec<Turned>,
    /// Turned on: another picture.
    pub next_picture: BoolParam,
    /// Turned on: a still is written.
    pub capture: BoolParam,
    /// While on, a video is recorded.
    pub record: BoolParam,
    /// While on, a host's offline render writes a video too.
    pub bounce: BoolParam,
    /// The picture rests. The sound is the same either way.
    pub bypass: BoolParam,
    /// Turned on: the beat is put right, in the order of [`Correction::ALL`].
    corrections: [BoolParam; Correction::ALL.len()],
    /// What suits whoever watches, and is no parameter.
    pub viewer: Viewer,
    /// What triggers have counted.
    pub triggers: Arc<Triggers>,
    /// What a MIDI clock has sent.
    pub midi_clock: Arc<MidiClockCell>,
    /// Who plays where a scene is broken.
    pub(crate) stand_in: StandIn,
    /// A scene that the project asks for, and that is not there.
    kept_scene: KeptScene,
}

impl Default for KlangbildParams {
    fn default() -> Self {
        let triggers = Arc::new(Triggers::default());
        let told = |turned: fn(&Triggers, bool)| -> Arc<dyn Fn(bool) + Send + Sync> {
            let triggers = Arc::clone(&triggers);
            Arc::new(move |on| turned(&triggers, on))
        };
        let scene_moved = {
            let triggers = Arc::clone(&triggers);
            Arc::new(move || triggers.scene_chosen())
        };
        let lock_moved = {
            let triggers = Arc::clone(&triggers);
            Arc::new(move || triggers.lock_turned())
        };
        let turned = KnobId::parameters().filter_map(|id| {
            let moved: Option<Arc<dyn Fn() + Send + Sync>> = match id {
                KnobId::Scene => Some(scene_moved.clone()),
                KnobId::MetronomeLock => Some(lock_moved.clone()),
                _ => None,
            };
            Turned::of(id, moved)
        });
        let act = |id: KnobId| BoolParam::new(id.knob().label, false);
        let corrections = Correction::ALL.map(|correction| {
            let triggers = Arc::clone(&triggers);
            let told = Arc::new(move |on| triggers.correction_turned(correction, on));
            act(act_of(correction)).with_callback(told)
        });
        Self {
            settings: Arc::default(),
            turned: turned.collect(),
            next_picture: act(KnobId::NextPicture).with_callback(told(Triggers::next_turned)),
            capture: act(KnobId::Capture).with_callback(told(Triggers::capture_turned)),
            record: act(KnobId::Record).with_callback(told(Triggers::record_turned)),
            bounce: act(KnobId::Bounce).with_callback(told(Triggers::bounce_turned)),
            bypass: act(KnobId::Bypass)
                .with_value_to_string(formatters::v2s_bool_bypass())
                .with_string_to_value(formatters::s2v_bool_bypass())
                .make_bypass(),
            corrections,
            viewer: Viewer::default(),
            triggers,
            midi_clock: Arc::default(),
            stand_in: StandIn::default(),
            kept_scene: KeptScene::default(),
        }
    }
}

// SAFETY: the pointers are of parameters in `self`, which neither move nor go while the host holds it by its `Arc`.
unsafe impl Params for KlangbildParams {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        let row = |id: KnobId| {
            let knob = id.knob();
            (knob.key.to_owned(), self.ptr(id), knob.group.name().to_owned())
        };
        KnobId::parameters().map(row).collect()
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let written = PersistentField::map(&self.settings, serialize_field);
        let settings = written.into_iter().map(|settings| (SETTINGS.to_owned(), settings));
        let viewer = serialize_field(&self.viewer.written()).ok();
        let viewer = viewer.map(|viewer| (VIEWER.to_owned(), viewer));
        settings.chain(viewer).chain([(SCENE.to_owned(), self.kept_scene.id(self.own_scene()))]).collect()
    }

    fn deserialize_fields(&self, serialized: &BTreeMap<String, String>) {
        match serialized.get(SETTINGS).map(|text| deserialize_field(text)) {
            Some(Ok(settings)) => PersistentField::set(&self.settings, settings),
            Some(Err(error)) => tracing::warn!("the project's settings cannot be read: {error}"),
            None => {}
        }
        // Older projects say nothing of it, and are shown with care.
        let viewer = serialized.get(VIEWER).and_then(|text| deserialize_field(text).ok());
        self.viewer.read(&viewer.unwrap_or_default());
        // Older projects have it in the parameter alone.
        if let Some(scene) = serialized.get(SCENE) {
            self.bring_back(scene);
        }
    }
}

impl KlangbildParams {
    /// What the engine goes by, now.
    pub fn controls(&self) -> Controls {
        let (picture, by_hand) = (self.triggers.pictures(), self.triggers.by_hand());
        let mut controls = Controls { picture, by_hand, ..Controls::default() };
        for (id, turned) in Self::own_rows().zip(&self.turned) {
            controls.set(id, turned.value());
        }
        for id in KnobId::VIEWER {
            if let Some(value) = self.viewer.get(*id) {
                controls.set(*id, value);
            }
        }
        controls.metronome_lock = self.triggers.is_locked(controls.metronome_lock);
        controls.scene = self.stand_in.of(self.triggers.scene_of_note().unwrap_or(controls.scene));
        controls
    }

    /// The scene that is asked for, by a note or else by the parameter, be it broken or not.
    pub fn asked_scene(&self) -> Scene {
        self.triggers.scene_of_note().unwrap_or_else(|| self.own_scene())
    }

    /// The scene that the parameter asks for.
    pub fn own_scene(&self) -> Scene {
        match self.turned.get(KnobId::Scene as usize).map(Turned::value) {
            Some(Value::Scene(scene)) => scene,
            _ => Scene::default(),
        }
    }

    /// The normalised value, 0 to 1, of a row's parameter for a value in the knob's own unit.
    pub fn normalized(&self, id: KnobId, value: Value) -> f32 {
        self.turned.get(id as usize).map_or(0.0, |turned| turned.normalized(value))
    }

    /// The parameter of a row.
    pub fn ptr(&self, id: KnobId) -> ParamPtr {
        if let Some(correction) = Correction::ALL.into_iter().find(|correction| act_of(*correction) == id) {
            return self.corrections[correction as usize].as_ptr();
        }
        match id {
            KnobId::NextPicture => self.next_picture.as_ptr(),
            KnobId::Capture => self.capture.as_ptr(),
            KnobId::Record => self.record.as_ptr(),
            KnobId::Bounce => self.bounce.as_ptr(),
            // The table's first part comes first, in the same order: see `every_row_has_its_parameter`.
            id => self.turned.get(id as usize).map_or_else(|| self.bypass.as_ptr(), Turned::as_ptr),
        }
    }

    /// How many knobs have moved since the last call with the same list; the list is filled by the first call, which finds that
    /// none has. Allocates nothing afterwards.
    pub fn moved(&self, last: &mut Vec<f32>) -> usize {
        if last.len() != self.turned.len() {
            last.clear();
            last.extend(self.turned.iter().map(|turned| turned.value().as_f32()));
        }
        let mut moved = 0;
        for (turned, last) in self.turned.iter().zip(last) {
            let value = turned.value().as_f32();
            moved += usize::from(std::mem::replace(last, value) != value);
        }
        moved
    }

    /// Turns a knob at once, as no host does: for programs that have none, and before a window opens. Out of its range it
    /// stops at the end.
    pub fn turn(&self, id: KnobId, value: Value) {
        self.viewer.set(id, value);
        if let Some(turned) = self.turned.get(id as usize) {
            // SAFETY: the pointer is of `self`, which is borrowed for as long.
            unsafe { turned.as_ptr()._internal_set_normalized_value(turned.normalized(value)) };
        }
    }

    /// The rows that are turned and have a parameter.
    fn own_rows() -> impl Iterator<Item = KnobId> {
        KnobId::parameters().filter(|id| !id.knob().is_act())
    }

    /// The parameters that make up a look: what presets hold, with their ids. Seed and beat are no part of it: they are the
    /// song's.
    pub fn preset_params(&self) -> Vec<(String, ParamPtr)> {
        let looks = Self::own_rows()
            .filter(|id| !matches!(id, KnobId::Freeze | KnobId::Seed | KnobId::MetronomeLock));
        looks.map(|id| (id.knob().key.to_owned(), self.ptr(id))).collect()
    }

    /// The parameters that undo brings back: a look, and the seed.
    pub fn undo_params(&self) -> Vec<(String, ParamPtr)> {
        let undone = Self::own_rows().filter(|id| !matches!(id, KnobId::Freeze | KnobId::MetronomeLock));
        undone.map(|id| (id.knob().key.to_owned(), self.ptr(id))).collect()
    }
}

#[cfg(test)]
mod tests;
