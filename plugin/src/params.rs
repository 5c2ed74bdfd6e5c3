//! What a host can automate: the rows of [the engine's table](klangbild_engine::knobs), as parameters.

mod edit;
mod picked;
mod turned;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock};

use klangbild_engine::controls::Controls;
use klangbild_engine::knobs::{Choice, KnobId, Scene, Value};
use nice_plug::params::persist::{PersistentField, deserialize_field, serialize_field};
use nice_plug::prelude::*;

pub use edit::{Edit, set_all};

use crate::settings::Settings;
use turned::Turned;

/// By which name the project holds the settings.
const SETTINGS: &str = "settings";
/// The note that chooses the first scene: C1 where middle C is C3.
const FIRST_NOTE: u8 = 36;

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
        let place = note.checked_sub(FIRST_NOTE).filter(|place| usize::from(*place) < Scene::ALL.len());
        match place {
            Some(place) => self.scene.store(u32::from(place) + 1, Ordering::Relaxed),
            None => self.next_picture(),
        }
    }
}

impl Default for KlangbildParams {
    fn default() -> Self {
        let triggers = Arc::new(Triggers::default());
        let by_note = Arc::clone(&triggers);
        let pictures = Arc::clone(&triggers);
        let captures = Arc::clone(&triggers);
        let scene_moved = Arc::new(move || by_note.scene.store(0, Ordering::Relaxed));
        let turned = KnobId::ALL.iter().filter_map(|&id| {
            let moved = scene_moved.clone();
            Turned::of(id, (id == KnobId::Scene).then_some(moved as Arc<dyn Fn() + Send + Sync>))
        });
        let act = |id: KnobId| BoolParam::new(id.knob().label, false);
        Self {
            settings: Arc::default(),
            turned: turned.collect(),
            next_picture: act(KnobId::NextPicture).with_callback(Arc::new(move |on| {
                if on {
                    pictures.next_picture();
                }
            })),
            capture: act(KnobId::Capture).with_callback(Arc::new(move |on| {
                if on {
                    captures.capture();
                }
            })),
            record: act(KnobId::Record),
            bounce: act(KnobId::Bounce),
            bypass: act(KnobId::Bypass)
                .with_value_to_string(formatters::v2s_bool_bypass())
                .with_string_to_value(formatters::s2v_bool_bypass())
                .make_bypass(),
            triggers,
        }
    }
}

// SAFETY: the pointers are of parameters in `self`, which neither move nor go while the host holds it by its `Arc`.
unsafe impl Params for KlangbildParams {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        let row = |id: &KnobId| {
            let knob = id.knob();
            (knob.key.to_owned(), self.ptr(*id), knob.group.name().to_owned())
        };
        KnobId::ALL.iter().map(row).collect()
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let written = PersistentField::map(&self.settings, serialize_field);
        written.into_iter().map(|settings| (SETTINGS.to_owned(), settings)).collect()
    }

    fn deserialize_fields(&self, serialized: &BTreeMap<String, String>) {
        match serialized.get(SETTINGS).map(|text| deserialize_field(text)) {
            Some(Ok(settings)) => PersistentField::set(&self.settings, settings),
            Some(Err(error)) => tracing::warn!("the project's settings cannot be read: {error}"),
            None => {}
        }
    }
}

impl KlangbildParams {
    /// What the engine goes by, now.
    pub fn controls(&self) -> Controls {
        let mut controls =
            Controls { picture: self.triggers.pictures.load(Ordering::Relaxed), ..Controls::default() };
        for (id, turned) in KnobId::turned().zip(&self.turned) {
            controls.set(id, turned.value());
        }
        match self.triggers.scene.load(Ordering::Relaxed) {
            0 => {}
            by_note => controls.scene = Scene::of_index(by_note as usize - 1),
        }
        controls
    }

    /// The parameter of a row.
    pub fn ptr(&self, id: KnobId) -> ParamPtr {
        match id {
            KnobId::NextPicture => self.next_picture.as_ptr(),
            KnobId::Capture => self.capture.as_ptr(),
            KnobId::Record => self.record.as_ptr(),
            KnobId::Bounce => self.bounce.as_ptr(),
            // The table's first part comes first, in the same order: see `every_row_has_its_parameter`.
            id => self.turned.get(id as usize).map_or_else(|| self.bypass.as_ptr(), Turned::as_ptr),
        }
    }

    /// Turns a knob at once, as no host does: for programs that have none, and before a window opens. Out of its range it
    /// stops at the end.
    pub fn turn(&self, id: KnobId, value: Value) {
        if let Some(turned) = self.turned.get(id as usize) {
            // SAFETY: the pointer is of `self`, which is borrowed for as long.
            unsafe { turned.as_ptr()._internal_set_normalized_value(turned.normalized(value)) };
        }
    }

    /// The parameters that make up a look: what presets hold, with their ids. The seed is no part of it: it is the song's.
    pub fn preset_params(&self) -> Vec<(String, ParamPtr)> {
        let looks = KnobId::turned().filter(|id| !matches!(id, KnobId::Freeze | KnobId::Seed));
        looks.map(|id| (id.knob().key.to_owned(), self.ptr(id))).collect()
    }

    /// The parameters that undo brings back: a look, and the seed.
    pub fn undo_params(&self) -> Vec<(String, ParamPtr)> {
        let undone = KnobId::turned().filter(|id| *id != KnobId::Freeze);
        undone.map(|id| (id.knob().key.to_owned(), self.ptr(id))).collect()
    }
}

#[cfg(test)]
mod tests;
