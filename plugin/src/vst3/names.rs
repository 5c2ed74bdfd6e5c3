//! Parameters that are called what the scene that plays calls them, as in the CLAP: see [`Playbill`](crate::playbill::Playbill).

use nice_plug::wrapper::vst3::vst3::ComRef;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandlerTrait, ParamID, ParamValue, ParameterInfo, RestartFlags_, String128,
    TChar,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::kResultOk;

use crate::instance::Instance;
use crate::params::{SCENE_NUMBER, scene_slot};
use crate::scene_control;

/// Letters of a text that a host gives, at most.
const LONGEST: usize = 1024;
/// The place of the last scene, which is the whole way of the parameter.
const LAST_PLACE: f64 = (klangbild_engine::scene::slots::SLOTS - 1) as f64;

/// Notes how the host is told other names.
pub fn remember(instance: &Instance, handler: &ComRef<'_, IComponentHandler>) {
    let handler = handler.to_com_ptr();
    instance.host.remember_rename(move || {
        // SAFETY: counted above, and called on the host's main thread only.
        unsafe { handler.restartComponent(RestartFlags_::kParamTitlesChanged) == kResultOk }
    });
}

/// Writes the names that a parameter has now.
pub fn write_titles(instance: &Instance, info: &mut ParameterInfo) {
    if let Some((name, _)) = instance.playbill.told().of_number(info.id) {
        write(&mut info.title, name);
        write(&mut info.shortTitle, name);
        // The unit is in the control's own words.
        write(&mut info.units, "");
    }
}

/// The words for a value, if they are a scene's.
pub fn text(instance: &Instance, id: ParamID, value: ParamValue) -> Option<String> {
    match instance.playbill.told().of_number(id) {
        Some((_, control)) => Some(control.text(value as f32)),
        None if id == SCENE_NUMBER => scene_slot::text((value * LAST_PLACE).round() as usize),
        None => None,
    }
}

/// The value of words, if they are a scene's: `Some(None)` where they mean nothing to it.
pub fn read(instance: &Instance, id: ParamID, words: &str) -> Option<Option<ParamValue>> {
    match instance.playbill.told().of_number(id) {
        Some((_, control)) => Some(scene_control::read(control, words).map(f64::from)),
        None if id == SCENE_NUMBER => scene_slot::read(words).map(|place| Some(place as f64 / LAST_PLACE)),
        None => None,
    }
}

/// Writes a text that ends in a zero.
pub fn write(place: &mut String128, text: &str) {
    let room = place.len() - 1;
    let units = text.encode_utf16().take(room).chain([0]);
    place.iter_mut().zip(units).for_each(|(to, from)| *to = from as TChar);
}

/// Reads a text that ends in a zero.
///
/// # Safety
/// Null, or such a text.
pub unsafe fn words(text: *const TChar) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller's promise: nothing is read behind the zero.
    let units = (0..LONGEST).map(|at| unsafe { *text.add(at) }).take_while(|unit| *unit != 0);
    String::from_utf16(&units.collect::<Vec<u16>>()).ok()
}
