//! CLAP's way to show presets in a host's browser: those that are compiled in, and the files in the user's folder.

use std::ffi::{CStr, CString, c_char, c_void};
use std::path::Path;

use clap_sys::factory::preset_discovery::{
    CLAP_PRESET_DISCOVERY_IS_FACTORY_CONTENT, CLAP_PRESET_DISCOVERY_IS_USER_CONTENT,
    CLAP_PRESET_DISCOVERY_LOCATION_FILE, CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN,
    clap_preset_discovery_factory, clap_preset_discovery_filetype, clap_preset_discovery_indexer,
    clap_preset_discovery_location, clap_preset_discovery_location_kind,
    clap_preset_discovery_metadata_receiver, clap_preset_discovery_provider,
    clap_preset_discovery_provider_descriptor,
};
use clap_sys::universal_plugin_id::clap_universal_plugin_id;
use nice_plug::wrapper::clap::CLAP_VERSION;

use super::descriptor;
use super::load::text;
use crate::preset::{Library, Preset};

/// Makes the one provider that there is.
pub static FACTORY: clap_preset_discovery_factory = clap_preset_discovery_factory {
    count: Some(count),
    get_descriptor: Some(get_descriptor),
    create: Some(create),
};

const ID: &CStr = c"org.klangbild.presets";

/// Of constants, so that any thread may read it.
struct Descriptor(clap_preset_discovery_provider_descriptor);

// SAFETY: its pointers are to constants.
unsafe impl Sync for Descriptor {}

static DESCRIPTOR: Descriptor = Descriptor(clap_preset_discovery_provider_descriptor {
    clap_version: CLAP_VERSION,
    id: ID.as_ptr(),
    name: c"Klangbild".as_ptr(),
    vendor: c"The Klangbild authors".as_ptr(),
});

/// What the host holds; its data is the indexer that it gave.
type Provider = clap_preset_discovery_provider;

// SAFETY: for all in here: called by the host as CLAP has it, with what it got from us.
unsafe extern "C" fn count(_factory: *const clap_preset_discovery_factory) -> u32 {
    1
}

// SAFETY: nothing is asked of the caller.
unsafe extern "C" fn get_descriptor(
    _factory: *const clap_preset_discovery_factory,
    index: u32,
) -> *const clap_preset_discovery_provider_descriptor {
    if index == 0 { &raw const DESCRIPTOR.0 } else { std::ptr::null() }
}

// SAFETY: as above; the indexer outlives the provider.
unsafe extern "C" fn create(
    _factory: *const clap_preset_discovery_factory,
    indexer: *const clap_preset_discovery_indexer,
    id: *const c_char,
) -> *const Provider {
    // SAFETY: the host gives a text, or null.
    if indexer.is_null() || id.is_null() || unsafe { CStr::from_ptr(id) } != ID {
        return std::ptr::null();
    }
    Box::into_raw(Box::new(Provider {
        desc: &raw const DESCRIPTOR.0,
        provider_data: indexer.cast_mut().cast::<c_void>(),
        init: Some(init),
        destroy: Some(destroy),
        get_metadata: Some(get_metadata),
        get_extension: Some(get_extension),
    }))
    .cast_const()
}

/// Says what files there are to be looked for, and where.
// SAFETY: as above.
unsafe extern "C" fn init(provider: *const Provider) -> bool {
    // SAFETY: ours, with the host's indexer, which copies what it is told.
    unsafe {
        let indexer = (*provider).provider_data.cast::<clap_preset_discovery_indexer>().cast_const();
        let (Some(declare_filetype), Some(declare_location)) =
            ((*indexer).declare_filetype, (*indexer).declare_location)
        else {
            return false;
        };
        let filetype = clap_preset_discovery_filetype {
            name: c"Klangbild preset".as_ptr(),
            description: c"A look with a name".as_ptr(),
            file_extension: c"toml".as_ptr(),
        };
        if !declare_filetype(indexer, &raw const filetype) {
            return false;
        }
        let place = |name: &CStr, flags: u32, folder: Option<&CStr>| {
            let (kind, location) = match folder {
                Some(folder) => (CLAP_PRESET_DISCOVERY_LOCATION_FILE, folder.as_ptr()),
                None => (CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN, std::ptr::null()),
            };
            let place = clap_preset_discovery_location { flags, name: name.as_ptr(), kind, location };
            declare_location(indexer, &raw const place)
        };
        // As files, since some hosts (and a validator) stumble over a place with more than one preset in it.
        let factory = Library::unpack_factory().ok().and_then(|folder| as_text(&folder));
        // The user's only where they are: some complain of a folder that is not there.
        let own = Library::folder_of_user().filter(|folder| folder.is_dir());
        let own = own.and_then(|folder| as_text(&folder));
        place(c"Klangbild", CLAP_PRESET_DISCOVERY_IS_FACTORY_CONTENT, factory.as_deref())
            && own.is_none_or(|own| place(c"My presets", CLAP_PRESET_DISCOVERY_IS_USER_CONTENT, Some(&own)))
    }
}

fn as_text(folder: &Path) -> Option<CString> {
    CString::new(folder.to_str()?).ok()
}

// SAFETY: as above; nothing is done with it afterwards.
unsafe extern "C" fn destroy(provider: *const Provider) {
    // SAFETY: made in `create`, and destroyed but once.
    drop(unsafe { Box::from_raw(provider.cast_mut()) });
}

// SAFETY: as above.
unsafe extern "C" fn get_extension(_provider: *const Provider, _id: *const c_char) -> *const c_void {
    std::ptr::null()
}

/// Tells of the presets at one of the places.
// SAFETY: as above.
unsafe extern "C" fn get_metadata(
    _provider: *const Provider,
    kind: clap_preset_discovery_location_kind,
    location: *const c_char,
    receiver: *const clap_preset_discovery_metadata_receiver,
) -> bool {
    if kind == CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN {
        // SAFETY: the host's own receiver.
        return Library::in_folder(None).all().all(|preset| unsafe { tell(receiver, preset, true) });
    }
    // SAFETY: the host gives a text, or null.
    let Some(path) = (unsafe { text(location) }) else { return false };
    match Preset::from_file(Path::new(path)) {
        // SAFETY: the host's own receiver.
        Ok(preset) => unsafe { tell(receiver, &preset, false) },
        Err(error) => {
            // SAFETY: as above; the text lives until the call has returned.
            unsafe {
                if let Some((on_error, words)) = (*receiver).on_error.zip(CString::new(error).ok()) {
                    on_error(receiver, 0, words.as_ptr());
                }
            }
            false
        }
    }
}

/// Tells of one; with a key if the place has more than one. Whether the host goes on.
///
/// # Safety
/// The receiver is the host's.
unsafe fn tell(
    receiver: *const clap_preset_discovery_metadata_receiver,
    preset: &Preset,
    keyed: bool,
) -> bool {
    let (Ok(name), Ok(description)) =
        (CString::new(preset.name.as_str()), CString::new(preset.description.as_str()))
    else {
        return true; // a zero within a name: nobody could choose it
    };
    let plugin = clap_universal_plugin_id { abi: c"clap".as_ptr(), id: descriptor().clap_id().as_ptr() };
    // SAFETY: the caller's promise; all texts live until the calls have returned.
    unsafe {
        let key = if keyed { name.as_ptr() } else { std::ptr::null() };
        if !(*receiver).begin_preset.is_some_and(|begin| begin(receiver, name.as_ptr(), key)) {
            return false;
        }
        if let Some(add_plugin_id) = (*receiver).add_plugin_id {
            add_plugin_id(receiver, &raw const plugin);
        }
        if let Some(set_description) = (*receiver).set_description.filter(|_| !preset.description.is_empty())
        {
            set_description(receiver, description.as_ptr());
        }
        if let Some(add_creator) = (*receiver).add_creator.filter(|_| keyed) {
            add_creator(receiver, c"The Klangbild authors".as_ptr());
        }
    }
    true
}
