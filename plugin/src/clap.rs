//! The CLAP library's entry point, and its factories: of instances, and of the presets that a host's browser shows.
//!
//! The framework has a macro for the first; it is written out here because the host gets an instance of ours around the
//! framework's, see `instance`, and because the framework knows no presets, see `presets`.

mod instance;
mod load;
mod names;
mod presets;

use std::ffi::{CStr, c_char, c_void};
use std::sync::{Arc, OnceLock};

use clap_sys::factory::preset_discovery::{
    CLAP_PRESET_DISCOVERY_FACTORY_ID, CLAP_PRESET_DISCOVERY_FACTORY_ID_COMPAT,
};
use nice_plug::wrapper::clap::{
    CLAP_PLUGIN_FACTORY_ID, CLAP_VERSION, PluginDescriptor, clap_host, clap_plugin, clap_plugin_descriptor,
    clap_plugin_entry, clap_plugin_factory,
};

use crate::effect::Klangbild;
use crate::instance::Instance;
use instance::ClapInstance;

/// What hosts look for in the library.
#[unsafe(no_mangle)]
#[used]
#[allow(non_upper_case_globals)] // the name is CLAP's
pub static clap_entry: clap_plugin_entry = clap_plugin_entry {
    clap_version: CLAP_VERSION,
    init: Some(init),
    deinit: Some(deinit),
    get_factory: Some(get_factory),
};

static FACTORY: clap_plugin_factory = clap_plugin_factory {
    get_plugin_count: Some(get_plugin_count),
    get_plugin_descriptor: Some(get_plugin_descriptor),
    create_plugin: Some(create_plugin),
};

/// Our own part of an instance that a host holds: for tests that look behind it.
///
/// # Safety
/// It was made by this library, and lives.
pub unsafe fn instance_of(plugin: *const clap_plugin) -> Arc<Instance> {
    // SAFETY: the caller's promise.
    unsafe { Arc::clone(&ClapInstance::of(plugin).instance) }
}

/// What the host may know of the plugin before there is an instance.
fn descriptor() -> &'static PluginDescriptor {
    static DESCRIPTOR: OnceLock<PluginDescriptor> = OnceLock::new();
    DESCRIPTOR.get_or_init(PluginDescriptor::for_plugin::<Klangbild>)
}

// SAFETY: for all in here: called by the host as CLAP has it, with texts that end in a zero, or null, which is refused.
unsafe extern "C" fn init(_path: *const c_char) -> bool {
    nice_plug::wrapper::setup_logger::<Klangbild>();
    true
}

// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn deinit() {}

// SAFETY: as for `init`.
unsafe extern "C" fn get_factory(id: *const c_char) -> *const c_void {
    if id.is_null() {
        return std::ptr::null();
    }
    // SAFETY: the host gives a text.
    let id = unsafe { CStr::from_ptr(id) };
    if id == CLAP_PLUGIN_FACTORY_ID {
        (&raw const FACTORY).cast()
    } else if id == CLAP_PRESET_DISCOVERY_FACTORY_ID || id == CLAP_PRESET_DISCOVERY_FACTORY_ID_COMPAT {
        (&raw const presets::FACTORY).cast()
    } else {
        std::ptr::null()
    }
}

// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn get_plugin_count(_factory: *const clap_plugin_factory) -> u32 {
    1
}

// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn get_plugin_descriptor(
    _factory: *const clap_plugin_factory,
    index: u32,
) -> *const clap_plugin_descriptor {
    if index == 0 { descriptor().clap_plugin_descriptor() } else { std::ptr::null() }
}

// SAFETY: as for `init`; the host outlives the instance.
unsafe extern "C" fn create_plugin(
    _factory: *const clap_plugin_factory,
    host: *const clap_host,
    id: *const c_char,
) -> *const clap_plugin {
    // SAFETY: the host gives a text, or null.
    if host.is_null() || id.is_null() || unsafe { CStr::from_ptr(id) } != descriptor().clap_id() {
        return std::ptr::null();
    }
    // SAFETY: the host is CLAP's, and not null.
    unsafe { ClapInstance::create(host) }
}
