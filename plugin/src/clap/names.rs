//! Parameters that are called what the scene that plays calls them. The framework's names never change, so these functions stand
//! before its own; whatever is not a scene's goes to the framework as it is.

use std::ffi::{CStr, c_char};

use clap_sys::ext::params::{
    CLAP_EXT_PARAMS, CLAP_PARAM_RESCAN_INFO, CLAP_PARAM_RESCAN_TEXT, clap_host_params, clap_param_info,
};
use clap_sys::id::clap_id;
use nice_plug::wrapper::clap::{clap_host, clap_plugin};

use super::instance::ClapInstance;
use crate::params::{SCENE_NUMBER, scene_slot};
use crate::scene_control;

/// The host's own functions, for whoever calls them.
struct Told(*const clap_host, *const clap_host_params);

// SAFETY: the host outlives the instance, and this is forgotten with it; what is called on another thread than the main one is
// free to be.
unsafe impl Send for Told {}
// SAFETY: as above.
unsafe impl Sync for Told {}

impl Told {
    fn rescan(&self) -> bool {
        // SAFETY: as above; on the main thread only.
        unsafe {
            let Some(rescan) = (*self.1).rescan else { return false };
            rescan(self.0, CLAP_PARAM_RESCAN_INFO | CLAP_PARAM_RESCAN_TEXT);
        }
        true
    }

    fn ask(&self) {
        // SAFETY: as above; a host may be asked on any thread.
        unsafe {
            if let Some(request_callback) = (*self.0).request_callback {
                request_callback(self.0);
            }
        }
    }
}

/// Notes how the host is told other names. One that cannot be told never sees any.
///
/// # Safety
/// On the main thread, in `init`.
pub unsafe fn remember(this: &ClapInstance) {
    // SAFETY: the caller's promise.
    let Some(params) = (unsafe { this.host_extension::<clap_host_params>(CLAP_EXT_PARAMS) }) else { return };
    if params.rescan.is_some() {
        let (told, asked) = (Told(this.host, params), Told(this.host, params));
        this.instance.host.remember_rename(move || told.rescan());
        this.instance.host.remember_ask(move || asked.ask());
    }
}

// SAFETY: for all in here: called by the host as CLAP has it, with the instance that it holds.
pub unsafe extern "C" fn on_main_thread(plugin: *const clap_plugin) {
    // SAFETY: the host's own instance.
    unsafe {
        let this = ClapInstance::of(plugin);
        if let Some(on_main_thread) = (*this.framework).on_main_thread {
            on_main_thread(plugin);
        }
        this.instance.tell_names();
    }
}

// SAFETY: as above; `info` is null or may be written to.
pub unsafe extern "C" fn get_info(
    plugin: *const clap_plugin,
    index: u32,
    info: *mut clap_param_info,
) -> bool {
    // SAFETY: the host's own arguments.
    unsafe {
        let this = ClapInstance::of(plugin);
        let told = this.params.and_then(|params| params.get_info);
        if !told.is_some_and(|get_info| get_info(plugin, index, info)) {
            return false;
        }
        let names = this.instance.playbill.told();
        if let Some(((name, _), info)) = names.of_number((*info).id).zip(info.as_mut()) {
            write(&mut info.name, name);
        }
    }
    true
}

// SAFETY: as above; `text` has room for `size` letters.
pub unsafe extern "C" fn value_to_text(
    plugin: *const clap_plugin,
    id: clap_id,
    value: f64,
    text: *mut c_char,
    size: u32,
) -> bool {
    // SAFETY: the host's own instance.
    let this = unsafe { ClapInstance::of(plugin) };
    let names = this.instance.playbill.told();
    let ours = match names.of_number(id) {
        Some((_, control)) => Some(control.text(value as f32)),
        None => (id == SCENE_NUMBER).then(|| scene_slot::text(value.round() as usize)).flatten(),
    };
    // SAFETY: the host's own arguments.
    unsafe {
        match ours {
            Some(_) if text.is_null() => false,
            Some(ours) => {
                write(std::slice::from_raw_parts_mut(text, size as usize), &ours);
                true
            }
            None => this
                .params
                .and_then(|params| params.value_to_text)
                .is_some_and(|value_to_text| value_to_text(plugin, id, value, text, size)),
        }
    }
}

// SAFETY: as above; `text` is null or ends in a zero, and `value` is null or may be written to.
pub unsafe extern "C" fn text_to_value(
    plugin: *const clap_plugin,
    id: clap_id,
    text: *const c_char,
    value: *mut f64,
) -> bool {
    // SAFETY: the host's own instance and arguments.
    unsafe {
        let this = ClapInstance::of(plugin);
        let names = this.instance.playbill.told();
        let words = (!text.is_null()).then(|| CStr::from_ptr(text).to_str().ok()).flatten();
        let place = || words.filter(|_| id == SCENE_NUMBER).and_then(scene_slot::read);
        let ours = match names.of_number(id) {
            Some((_, control)) => words.and_then(|words| scene_control::read(control, words)).map(f64::from),
            None => place().map(|place| place as f64),
        };
        match (ours, names.of_number(id).is_some()) {
            (Some(ours), _) if !value.is_null() => {
                *value = ours;
                true
            }
            (Some(_), _) | (None, true) => false,
            (None, false) => this
                .params
                .and_then(|params| params.text_to_value)
                .is_some_and(|text_to_value| text_to_value(plugin, id, text, value)),
        }
    }
}

/// Writes a text that ends in a zero, and leaves out what there is no room for: never a part of a letter.
fn write(place: &mut [c_char], text: &str) {
    let Some(room) = place.len().checked_sub(1) else { return };
    let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    for (to, from) in place.iter_mut().zip(text[..end].bytes().chain([0])) {
        *to = from as c_char;
    }
}
