//! A preset that a host's browser has chosen.

use std::ffi::{CStr, CString, c_char};
use std::path::Path;

use clap_sys::ext::params::{CLAP_EXT_PARAMS, CLAP_PARAM_RESCAN_VALUES, clap_host_params};
use clap_sys::ext::preset_load::{CLAP_EXT_PRESET_LOAD, CLAP_EXT_PRESET_LOAD_COMPAT, clap_host_preset_load};
use clap_sys::factory::preset_discovery::{
    CLAP_PRESET_DISCOVERY_LOCATION_FILE, clap_preset_discovery_location_kind,
};
use nice_plug::wrapper::clap::clap_plugin;

use super::instance::ClapInstance;
use crate::preset::{Library, Preset};

/// Puts a preset on, and tells the host.
// SAFETY: called by the host as CLAP has it, on its main thread: texts, or null.
pub unsafe extern "C" fn from_location(
    plugin: *const clap_plugin,
    kind: clap_preset_discovery_location_kind,
    location: *const c_char,
    key: *const c_char,
) -> bool {
    // SAFETY: the host's own instance, and its tables; its texts go back to it as they came.
    unsafe {
        let this = ClapInstance::of(plugin);
        let heard = this
            .host_extension::<clap_host_preset_load>(CLAP_EXT_PRESET_LOAD)
            .or_else(|| this.host_extension(CLAP_EXT_PRESET_LOAD_COMPAT));
        match preset(kind, text(location), text(key)) {
            Ok(preset) => {
                this.instance.wear(&preset);
                this.instance.playbill.glance(this.instance.params.controls().scene);
                let params = this.host_extension::<clap_host_params>(CLAP_EXT_PARAMS);
                if let Some(rescan) = params.and_then(|params| params.rescan) {
                    rescan(this.host, CLAP_PARAM_RESCAN_VALUES);
                }
                this.instance.tell_names();
                if let Some(loaded) = heard.and_then(|heard| heard.loaded) {
                    loaded(this.host, kind, location, key);
                }
                true
            }
            Err(error) => {
                if let Some((on_error, words)) =
                    heard.and_then(|heard| heard.on_error).zip(CString::new(error).ok())
                {
                    on_error(this.host, kind, location, key, 0, words.as_ptr());
                }
                false
            }
        }
    }
}

/// # Safety
/// Null, or a text that ends in a zero and outlives the result.
pub(super) unsafe fn text<'a>(text: *const c_char) -> Option<&'a str> {
    // SAFETY: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })?.to_str().ok()
}

/// The preset that the host means: a file, or one of the factory's by its name.
fn preset(
    kind: clap_preset_discovery_location_kind,
    location: Option<&str>,
    key: Option<&str>,
) -> Result<Preset, String> {
    match (kind, location, key) {
        (CLAP_PRESET_DISCOVERY_LOCATION_FILE, Some(path), _) => Preset::from_file(Path::new(path))
            .map_err(|error| format!("the preset {path} cannot be read: {error}")),
        (_, _, Some(name)) => {
            let library = Library::in_folder(None);
            library.find(name).cloned().map_err(|error| error.to_string())
        }
        _ => Err("it is not said which preset is meant".to_owned()),
    }
}
