//! The plugin's file.

use std::ffi::CString;
use std::path::Path;

use clack_host::prelude::*;

/// A loaded library; it goes with the last of this and its instances.
pub struct Library {
    pub(super) entry: PluginEntry,
    /// The id of the one plugin in it.
    pub(super) id: CString,
}

impl Library {
    /// Loads it and looks what is in it, as a DAW does when it scans.
    #[track_caller]
    pub fn load(path: &Path) -> Self {
        // SAFETY: this is our own plugin, or one that whoever runs the tests has named: its code is trusted as ours is.
        let entry = unsafe { PluginEntry::load(path) };
        let entry = entry.unwrap_or_else(|error| panic!("cannot load {}: {error}", path.display()));
        let factory = entry.get_plugin_factory().expect("the library makes plugins");
        let ids: Vec<CString> = factory
            .plugin_descriptors()
            .map(|plugin| plugin.id().expect("a plugin has an id").into())
            .collect();
        let [id] = &ids[..] else { panic!("not one plugin in {}: {ids:?}", path.display()) };
        Self { id: id.clone(), entry }
    }

    /// The plugin's id.
    pub fn id(&self) -> &str {
        self.id.to_str().expect("an id is text")
    }
}
