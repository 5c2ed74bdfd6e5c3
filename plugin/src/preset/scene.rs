//! The scene of a preset, and what its own controls are set to.

use std::collections::BTreeMap;
use std::sync::Arc;

use klangbild_engine::knobs::{Group, Knob, KnobId, Value};
use klangbild_engine::scene::control::Control;
use klangbild_engine::scene::head::Head;
use klangbild_engine::scene::{Scene, folder, slots};
use nice_plug::prelude::ParamPtr;

use super::{Preset, read};
use crate::heads;
use crate::params::KlangbildParams;
use crate::scene_control::Setting;

/// What the controls of the parameter's scene are set to, where that is not as the scene was meant.
pub fn settings(params: &KlangbildParams) -> BTreeMap<String, Setting> {
    let Ok(head) = heads::read(params.own_scene()) else { return BTreeMap::new() };
    let turned = knobs(&head).filter_map(|(knob, control)| {
        let way = way(params, knob);
        let setting =
            Setting::of(control, way).filter(|_| control.text(way) != control.text(middle(params, knob)));
        Some((control.id.clone(), setting?))
    });
    turned.collect()
}

impl Preset {
    /// The scene that it is made for: older files name it among the parameters, in the words of a host or by its id. The id as
    /// it is written where there is no such scene.
    fn scene(&self, params: &KlangbildParams) -> Result<Scene, String> {
        if let Some(id) = &self.scene {
            let scene = Scene::of(id);
            return if scene.name() == id { Ok(scene) } else { Err(id.clone()) };
        }
        let key = KnobId::Scene.knob().key;
        let Some(text) = self.params.get(key) else { return Ok(Scene::default()) };
        let Some(way) = read(key, params.ptr(KnobId::Scene), text) else { return Ok(Scene::of(text)) };
        let place = (way * (slots::SLOTS - 1) as f32).round() as usize;
        slots::of_slot(place).ok_or_else(|| text.clone())
    }

    /// The values of the scene's parameter and of its knobs, and what could not be understood of them.
    pub(super) fn scene_values(
        &self,
        params: &KlangbildParams,
        problems: &mut Vec<String>,
    ) -> Vec<(ParamPtr, f32)> {
        let mut problem = |words: String| problems.push(format!("{}: {words}", self.name));
        let found = self.scene(params).and_then(|scene| {
            let there = slots::slot(scene).is_some();
            if there { Ok((scene, heads::read(scene))) } else { Err(scene.name().to_owned()) }
        });
        let (scene, head) = match found {
            Ok((scene, Ok(head))) => (scene, head),
            Ok((scene, Err(error))) => {
                problem(format!("the scene {scene} cannot be read, and another one plays: {error}"));
                return Vec::new();
            }
            Err(id) => {
                let folder = folder().unwrap_or_default();
                problem(format!(
                    "the scene {id:?} is not installed, and another one plays: put it into {}",
                    folder.display()
                ));
                return Vec::new();
            }
        };
        let unknown =
            self.controls.keys().filter(|id| head.controls.iter().all(|control| control.id != **id));
        unknown.for_each(|id| problem(format!("the scene {scene} has no control {id:?}")));
        let mut values =
            vec![(params.ptr(KnobId::Scene), params.normalized(KnobId::Scene, Value::Scene(scene)))];
        for (at, knob) in Group::Scene.knobs().enumerate() {
            let control = head.controls.get(at);
            let way = self.way(params, knob, control).unwrap_or_else(|found| {
                problem(format!("{} cannot be {found}", control.map_or(knob.key, |control| &control.id)));
                None
            });
            values.push((params.ptr(knob.id), way.unwrap_or(middle(params, knob))));
        }
        values
    }

    /// Where a knob stands; `None` where the file does not say.
    ///
    /// # Errors
    /// What the file says, where that means nothing.
    fn way(
        &self,
        params: &KlangbildParams,
        knob: &Knob,
        control: Option<&Control>,
    ) -> Result<Option<f32>, String> {
        if let Some((control, setting)) =
            control.and_then(|control| Some((control, self.controls.get(&control.id)?)))
        {
            return setting.way(control).map(Some).ok_or_else(|| format!("{setting:?}"));
        }
        let Some(text) = self.params.get(knob.key) else { return Ok(None) };
        read(knob.key, params.ptr(knob.id), text).map(Some).ok_or_else(|| format!("{text:?}"))
    }

    /// Whether the parameters have this scene, and its controls as this preset has them, as far as is known without a look at
    /// the disk.
    pub(super) fn has_scene_of(&self, params: &KlangbildParams) -> bool {
        let Ok(scene) = self.scene(params) else { return false };
        let head: Option<Arc<Head>> = heads::known(scene);
        let as_wanted = |(knob, control): (&'static Knob, &Control)| {
            let wanted = self.way(params, knob, Some(control)).ok().flatten();
            control.text(wanted.unwrap_or(middle(params, knob))) == control.text(way(params, knob))
        };
        scene == params.own_scene() && head.is_none_or(|head| knobs(&head).all(as_wanted))
    }
}

/// The knobs of a scene with their controls.
fn knobs(head: &Head) -> impl Iterator<Item = (&'static Knob, &Control)> {
    Group::Scene.knobs().zip(&head.controls)
}

fn middle(params: &KlangbildParams, knob: &Knob) -> f32 {
    params.normalized(knob.id, knob.default())
}

fn way(params: &KlangbildParams, knob: &Knob) -> f32 {
    // SAFETY: the pointer is of `params`, which is borrowed for as long.
    unsafe { params.ptr(knob.id).unmodulated_normalized_value() }
}
