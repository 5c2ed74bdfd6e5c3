//! One CLAP instance: what the host holds. It is the framework's, with ours in front of a few functions.

use std::ffi::{CStr, c_char, c_void};
use std::sync::Arc;

use clap_sys::events::{
    CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_PARAM_VALUE, clap_event_param_value, clap_input_events,
    clap_output_events,
};
use clap_sys::ext::audio_ports_activation::{
    CLAP_EXT_AUDIO_PORTS_ACTIVATION, CLAP_EXT_AUDIO_PORTS_ACTIVATION_COMPAT,
    clap_plugin_audio_ports_activation,
};
use clap_sys::ext::params::{CLAP_EXT_PARAMS, clap_plugin_params};
use clap_sys::ext::preset_load::{
    CLAP_EXT_PRESET_LOAD, CLAP_EXT_PRESET_LOAD_COMPAT, clap_plugin_preset_load,
};
use clap_sys::ext::render::{
    CLAP_EXT_RENDER, CLAP_RENDER_OFFLINE, clap_plugin_render, clap_plugin_render_mode,
};
use clap_sys::ext::state::{CLAP_EXT_STATE, clap_host_state, clap_plugin_state};
use clap_sys::process::{CLAP_PROCESS_ERROR, clap_process, clap_process_status};
use clap_sys::stream::{clap_istream, clap_ostream};
use nice_plug::wrapper::clap::{Wrapper, clap_host, clap_plugin};

use super::load::from_location;
use super::names;
use crate::birth;
use crate::effect::Klangbild;
use crate::instance::Instance;
use crate::params::SCENE_NUMBER;

/// The framework's functions find what is theirs through `plugin`'s data, as they would in their own; ours through the
/// place of `plugin` itself.
#[repr(C)]
pub struct ClapInstance {
    /// What the host holds: first.
    plugin: clap_plugin,
    pub(super) framework: *const clap_plugin,
    /// The framework's tables that ours stand before; known from `init` on.
    render: Option<clap_plugin_render>,
    state: Option<clap_plugin_state>,
    pub(super) params: Option<clap_plugin_params>,
    /// The same as the framework's, with some functions of ours.
    own_params: Option<clap_plugin_params>,
    pub(super) host: *const clap_host,
    pub(super) instance: Arc<Instance>,
}

/// The host's own functions, for whoever calls them on its main thread.
struct DirtyMark(*const clap_host, *const clap_host_state);

// SAFETY: the host outlives the instance, and this is forgotten with it; it is called on the main thread only.
unsafe impl Send for DirtyMark {}
// SAFETY: as above.
unsafe impl Sync for DirtyMark {}

impl DirtyMark {
    fn set(&self) {
        // SAFETY: as above.
        if let Some(mark_dirty) = unsafe { (*self.1).mark_dirty } {
            // SAFETY: as above.
            unsafe { mark_dirty(self.0) };
        }
    }
}

impl ClapInstance {
    /// A new one; null if the framework makes none.
    ///
    /// # Safety
    /// `host` is a CLAP host that outlives the instance.
    pub unsafe fn create(host: *const clap_host) -> *const clap_plugin {
        // SAFETY: the caller's promise.
        let (made, born) = birth::attend(|| unsafe { Wrapper::<Klangbild>::new(host) });
        let Some(instance) = born.instance else { return std::ptr::null() };
        // Its count is given back in the framework's `destroy`.
        // SAFETY: just made, and nobody else has it.
        let framework = unsafe { (*Arc::into_raw(made)).clap_plugin.as_ptr().cast_const() };
        // SAFETY: the framework's instance lives until it is destroyed.
        let plugin = clap_plugin {
            init: Some(init),
            destroy: Some(destroy),
            get_extension: Some(get_extension),
            process: Some(process),
            on_main_thread: Some(names::on_main_thread),
            ..unsafe { *framework }
        };
        let this = Box::new(Self {
            plugin,
            framework,
            render: None,
            state: None,
            params: None,
            own_params: None,
            host,
            instance,
        });
        Box::into_raw(this).cast::<clap_plugin>().cast_const()
    }

    /// Whose `plugin` the host holds.
    ///
    /// # Safety
    /// It comes from [`create`](Self::create), and has not been destroyed.
    pub(super) unsafe fn of<'a>(plugin: *const clap_plugin) -> &'a Self {
        // SAFETY: the caller's promise; `plugin` is the first field.
        unsafe { &*plugin.cast::<Self>() }
    }

    /// A copy of one of the framework's tables.
    ///
    /// # Safety
    /// `T` is that extension's table; on the main thread, not before the framework's `init`.
    unsafe fn framework_extension<T: Copy>(&self, id: &CStr) -> Option<T> {
        // SAFETY: the framework's instance lives for as long as we do.
        unsafe {
            (*self.framework).get_extension?(&raw const self.plugin, id.as_ptr())
                .cast::<T>()
                .as_ref()
                .copied()
        }
    }

    /// Looks whether the host chooses a scene, be it the one that is chosen: of that the framework says nothing.
    ///
    /// # Safety
    /// Null, or the host's events.
    unsafe fn look_at(&self, events: *const clap_input_events) {
        // SAFETY: the caller's promise.
        unsafe {
            let Some(events) = events.as_ref() else { return };
            let (Some(size), Some(get)) = (events.size, events.get) else { return };
            for index in 0..size(events) {
                let Some(event) = get(events, index).as_ref() else { continue };
                if event.space_id == CLAP_CORE_EVENT_SPACE_ID
                    && event.type_ == CLAP_EVENT_PARAM_VALUE
                    && (*std::ptr::from_ref(event).cast::<clap_event_param_value>()).param_id == SCENE_NUMBER
                {
                    self.instance.params.triggers.scene_chosen();
                }
            }
        }
    }

    /// One of the host's extensions, if it has it.
    ///
    /// # Safety
    /// `T` is that extension's table; on the main thread, not before `init`.
    pub(super) unsafe fn host_extension<'a, T>(&self, id: &CStr) -> Option<&'a T> {
        // SAFETY: the host lives for longer than we do, and so do its tables.
        unsafe {
            let get_extension = (*self.host).get_extension?;
            get_extension(self.host, id.as_ptr()).cast::<T>().as_ref()
        }
    }
}

// SAFETY: for all in here: called by the host as CLAP has it, with the instance that it holds.
unsafe extern "C" fn init(plugin: *const clap_plugin) -> bool {
    // SAFETY: the host's own instance, on its main thread, before anything else is done with it.
    unsafe {
        let this = &mut *plugin.cast_mut().cast::<ClapInstance>();
        if !(*this.framework).init.is_some_and(|init| init(plugin)) {
            return false;
        }
        this.render = this.framework_extension(CLAP_EXT_RENDER);
        this.state = this.framework_extension(CLAP_EXT_STATE);
        this.params = this.framework_extension(CLAP_EXT_PARAMS);
        this.own_params = this.params.map(|params| clap_plugin_params {
            get_info: Some(names::get_info),
            value_to_text: Some(names::value_to_text),
            text_to_value: Some(names::text_to_value),
            flush: Some(flush),
            ..params
        });
        names::remember(this);
        if let Some(state) = this.host_extension::<clap_host_state>(CLAP_EXT_STATE) {
            let mark = DirtyMark(this.host, state);
            this.instance.host.remember(move || mark.set());
        }
    }
    true
}

// SAFETY: as above; nothing is done with it afterwards.
unsafe extern "C" fn destroy(plugin: *const clap_plugin) {
    // SAFETY: made in `create`, and destroyed but once.
    unsafe {
        let this = Box::from_raw(plugin.cast_mut().cast::<ClapInstance>());
        this.instance.host.forget();
        if let Some(destroy) = (*this.framework).destroy {
            destroy(this.framework);
        }
    }
}

// SAFETY: as above; the block's events are the host's.
unsafe extern "C" fn process(plugin: *const clap_plugin, block: *const clap_process) -> clap_process_status {
    // SAFETY: the host's own arguments.
    unsafe {
        let this = ClapInstance::of(plugin);
        if let Some(block) = block.as_ref() {
            this.look_at(block.in_events);
        }
        (*this.framework).process.map_or(CLAP_PROCESS_ERROR, |process| process(plugin, block))
    }
}

// SAFETY: as above.
unsafe extern "C" fn flush(
    plugin: *const clap_plugin,
    events: *const clap_input_events,
    out: *const clap_output_events,
) {
    // SAFETY: the host's own arguments.
    unsafe {
        let this = ClapInstance::of(plugin);
        this.look_at(events);
        if let Some(flush) = this.params.and_then(|params| params.flush) {
            flush(plugin, events, out);
        }
    }
}

// SAFETY: as above.
unsafe extern "C" fn save(plugin: *const clap_plugin, stream: *const clap_ostream) -> bool {
    // SAFETY: the host's own arguments.
    unsafe {
        ClapInstance::of(plugin).state.and_then(|state| state.save).is_some_and(|save| save(plugin, stream))
    }
}

// SAFETY: as above.
unsafe extern "C" fn load(plugin: *const clap_plugin, stream: *const clap_istream) -> bool {
    // SAFETY: the host's own instance.
    let this = unsafe { ClapInstance::of(plugin) };
    let _loading = this.instance.params.triggers.loading();
    // SAFETY: the host's own arguments.
    let loaded = this.state.and_then(|state| state.load).is_some_and(|load| unsafe { load(plugin, stream) });
    this.instance.playbill.glance(this.instance.params.controls().scene);
    this.instance.tell_names();
    loaded
}

static STATE: clap_plugin_state = clap_plugin_state { save: Some(save), load: Some(load) };
static RENDER: clap_plugin_render =
    clap_plugin_render { has_hard_realtime_requirement: Some(needs_real_time), set: Some(set_render) };
static PRESET_LOAD: clap_plugin_preset_load = clap_plugin_preset_load { from_location: Some(from_location) };
static PORTS_ACTIVATION: clap_plugin_audio_ports_activation = clap_plugin_audio_ports_activation {
    can_activate_while_processing: Some(can_activate_while_processing),
    set_active: Some(set_active),
};

// SAFETY: as above; `id` is a text, or null.
unsafe extern "C" fn get_extension(plugin: *const clap_plugin, id: *const c_char) -> *const c_void {
    if id.is_null() {
        return std::ptr::null();
    }
    // SAFETY: the host gives a text.
    let name = unsafe { CStr::from_ptr(id) };
    // SAFETY: the host's own instance.
    let this = unsafe { ClapInstance::of(plugin) };
    if name == CLAP_EXT_RENDER {
        (&raw const RENDER).cast()
    } else if name == CLAP_EXT_STATE {
        (&raw const STATE).cast()
    } else if let Some(params) = this.own_params.as_ref().filter(|_| name == CLAP_EXT_PARAMS) {
        std::ptr::from_ref(params).cast()
    } else if name == CLAP_EXT_PRESET_LOAD || name == CLAP_EXT_PRESET_LOAD_COMPAT {
        (&raw const PRESET_LOAD).cast()
    } else if name == CLAP_EXT_AUDIO_PORTS_ACTIVATION || name == CLAP_EXT_AUDIO_PORTS_ACTIVATION_COMPAT {
        (&raw const PORTS_ACTIVATION).cast()
    } else {
        // SAFETY: the host's own arguments; the framework finds its own by the data.
        unsafe {
            let get = (*this.framework).get_extension;
            get.map_or(std::ptr::null(), |get| get(plugin, id))
        }
    }
}

// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn needs_real_time(_plugin: *const clap_plugin) -> bool {
    false
}

/// The framework asks to be activated again, and only then knows; the blocks until then are rendered as is said here.
// SAFETY: as above.
unsafe extern "C" fn set_render(plugin: *const clap_plugin, mode: clap_plugin_render_mode) -> bool {
    // SAFETY: the host's own instance.
    let this = unsafe { ClapInstance::of(plugin) };
    this.instance.host.set_offline(mode == CLAP_RENDER_OFFLINE);
    // SAFETY: the host's own arguments.
    this.render.and_then(|render| render.set).is_some_and(|set| unsafe { set(plugin, mode) })
}

// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn can_activate_while_processing(_plugin: *const clap_plugin) -> bool {
    true
}

/// Sound that goes nowhere, or comes from nowhere, is nothing special to us: each block says what it has.
// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn set_active(
    _plugin: *const clap_plugin,
    _is_input: bool,
    port: u32,
    _is_active: bool,
    _sample_bits: u32,
) -> bool {
    port == 0
}
