//! A host's preset browser.

use std::ffi::{CStr, CString};
use std::path::PathBuf;

use clack_extensions::preset_discovery::prelude::*;
use clack_extensions::preset_discovery::{HostPresetLoadImpl, PluginPresetLoad};
use clack_host::prelude::*;
use clack_host::utils::Timestamp;

use super::handlers::MainThread;
use super::{Library, Plugin};

/// A preset as a browser lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What is to be seen.
    pub description: String,
    /// Its file, and which one of the plugin's own where there is none.
    pub place: Result<PathBuf, CString>,
}

#[derive(Default)]
struct Places {
    ends: Vec<String>,
    of_plugin: bool,
    folders: Vec<PathBuf>,
}

impl IndexerImpl for Places {
    fn declare_filetype(&mut self, file: FileType<'_>) -> Result<(), HostError> {
        self.ends.extend(file.file_extension.map(words));
        Ok(())
    }

    fn declare_location(&mut self, place: LocationInfo<'_>) -> Result<(), HostError> {
        match place.location {
            Location::Plugin => self.of_plugin = true,
            Location::File { path } => self.folders.push(words(path).into()),
        }
        Ok(())
    }

    fn declare_soundpack(&mut self, _: Soundpack<'_>) -> Result<(), HostError> {
        Ok(())
    }
}

/// What is told of one place.
#[derive(Default)]
struct Told {
    found: Vec<(String, Option<CString>, String)>,
    ids: Vec<String>,
    errors: Vec<String>,
}

impl MetadataReceiverImpl for Told {
    fn on_error(&mut self, _code: i32, message: Option<&CStr>) {
        self.errors.push(message.map(words).unwrap_or_default());
    }

    fn begin_preset(&mut self, name: Option<&CStr>, key: Option<&CStr>) -> Result<(), HostError> {
        self.found.push((name.map(words).unwrap_or_default(), key.map(CString::from), String::new()));
        Ok(())
    }

    fn add_plugin_id(&mut self, id: UniversalPluginId<'_>) {
        assert_eq!(id.abi, c"clap");
        self.ids.push(words(id.id));
    }

    fn set_soundpack_id(&mut self, _: &CStr) {}

    fn set_flags(&mut self, _: Flags) {}

    fn add_creator(&mut self, _: &CStr) {}

    fn set_description(&mut self, description: &CStr) {
        if let Some((_, _, place)) = self.found.last_mut() {
            *place = words(description);
        }
    }

    fn set_timestamps(&mut self, _: Option<Timestamp>, _: Option<Timestamp>) {}

    fn add_feature(&mut self, _: &CStr) {}

    fn add_extra_info(&mut self, _: &CStr, _: &CStr) {}
}

fn words(text: &CStr) -> String {
    text.to_str().expect("text is UTF-8").to_owned()
}

impl Library {
    /// Every preset that a browser finds, and what was said of files that are none.
    #[track_caller]
    pub fn presets(&self) -> (Vec<Listed>, Vec<String>) {
        let host = HostInfo::new("Klangbild's tests", "The Klangbild authors", "", "1").expect("no zeros");
        let factory: PresetDiscoveryFactory<'_> = self.entry.get_factory().expect("tells of presets");
        let ids: Vec<&CStr> = factory.provider_descriptors().filter_map(ProviderDescriptor::id).collect();
        let [id] = ids[..] else { panic!("not one provider: {ids:?}") };
        let mut provider =
            Provider::instantiate(Places::default(), &self.entry, id, &host).expect("makes a provider");
        let (mut listed, mut errors) = (Vec::new(), Vec::new());
        let mut ask = |provider: &mut Provider<Places>, location: Location<'_>| {
            let mut told = Told::default();
            provider.get_metadata(location, &mut told);
            assert!(told.ids.iter().all(|id| id == self.id()), "{:?}", told.ids);
            assert_eq!(told.ids.len(), told.found.len());
            errors.append(&mut told.errors);
            for (name, key, description) in told.found {
                let place = match location {
                    Location::Plugin => Err(key.expect("one of many has a key")),
                    Location::File { path } => Ok(words(path).into()),
                };
                listed.push(Listed { name, description, place });
            }
        };
        if provider.indexer().of_plugin {
            ask(&mut provider, Location::Plugin);
        }
        let ends = provider.indexer().ends.clone();
        for folder in provider.indexer().folders.clone() {
            let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
                .expect("a declared folder is there")
                .map(|entry| entry.expect("lists a folder").path())
                .filter(|path| path.extension().is_some_and(|end| ends.iter().any(|known| end == &**known)))
                .collect();
            paths.sort();
            for path in paths {
                let path = CString::new(path.to_str().expect("a path is text")).expect("no zeros");
                ask(&mut provider, Location::File { path: &path });
            }
        }
        (listed, errors)
    }
}

impl Plugin {
    /// Loads one that the browser lists; whether it was taken.
    pub fn load_preset(&mut self, preset: &Listed) -> bool {
        let (plugin, load) = self.with::<PluginPresetLoad>();
        match &preset.place {
            Ok(path) => {
                let path = CString::new(path.to_str().expect("a path is text")).expect("no zeros");
                load.load_from_location(&plugin, Location::File { path: &path }, None).is_ok()
            }
            Err(key) => load.load_from_location(&plugin, Location::Plugin, Some(key)).is_ok(),
        }
    }
}

impl HostPresetLoadImpl for MainThread {
    fn on_error(&self, _: Location<'_>, _: Option<&CStr>, _: i32, message: Option<&CStr>) {
        self.trouble.replace(message.map(words));
    }

    fn loaded(&self, _: Location<'_>, _: Option<&CStr>) {}
}
