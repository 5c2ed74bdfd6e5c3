//! A bundle from stand-ins for what cargo builds, on the path that the real ones take.

use std::fs;

use super::*;

/// A folder with a stand-in for everything that a bundle is made of.
pub struct Workshop {
    pub folder: tempfile::TempDir,
    inputs: assemble::Inputs,
    system: (Vec<String>, Vec<String>),
}

impl Workshop {
    /// The text stands in the library and in the program.
    pub fn new(text: &str) -> Workshop {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let inputs = assemble::Inputs {
            library: at("build/library"),
            program: at("build/program"),
            onnxruntime: at("onnxruntime"),
            third_party: "crates".to_owned(),
            repository: at("repository"),
        };
        disk::write(&inputs.library, format!("clap_entry GetPluginFactory {text}").as_bytes()).unwrap();
        disk::write(&inputs.program, text.as_bytes()).unwrap();
        let system = (vec!["libonnxruntime.so.1.2".to_owned()], vec!["LICENSE".to_owned()]);
        for name in system.0.iter().chain(&system.1) {
            disk::write(&inputs.onnxruntime.join(name), name.as_bytes()).unwrap();
        }
        for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
            disk::write(&inputs.repository.join(name), name.as_bytes()).unwrap();
        }
        Workshop { folder, inputs, system }
    }

    pub fn layout(&self) -> Layout {
        let (libraries, licences) = (&self.system.0, &self.system.1);
        let names = names::Names { name: "Klangbild".to_owned(), identifier: "org.example".to_owned() };
        Layout::new(layout::System { os: OS, arch: ARCH, libraries, licences }, &names, "1.2.3").unwrap()
    }

    pub fn bundle(&self, profile: &str) -> Result<Bundle> {
        put_together(self.layout(), &self.inputs, &self.folder.path().join("bundled"), profile)
    }
}

#[test]
#[cfg(not(target_os = "macos"))] // Stand-ins cannot be signed.
fn a_bundle_holds_its_layout_and_replaces_the_one_before() {
    let workshop = Workshop::new("v1");
    let place = workshop.folder.path().join("bundled");
    disk::write(&place.join("stale.zip"), b"").unwrap();
    disk::write(&workshop.folder.path().join("bundled.part/half"), b"").unwrap();

    let bundle = workshop.bundle(RELEASE).unwrap();
    let mut expected: Vec<PathBuf> = bundle.layout.files.iter().map(|file| PathBuf::from(&file.to)).collect();
    expected.sort();
    assert_eq!(disk::files(&place).unwrap(), expected);
    assert_eq!(fs::read_to_string(bundle.program()).unwrap(), "v1");

    let zip = archive::write(&bundle.folder, &bundle.layout, "K").unwrap();
    let first = fs::read(&zip).unwrap();
    archive::write(&bundle.folder, &bundle.layout, "K").unwrap();
    assert_eq!(first, fs::read(&zip).unwrap(), "an archive went into the next one");
}

#[test]
#[cfg(not(target_os = "macos"))]
fn a_release_that_tells_where_it_was_built_is_refused() {
    let mut workshop = Workshop::new("v1");
    let text = format!("panicked at {}", workshop.inputs.repository.join("engine/src/lib.rs").display());
    disk::write(&workshop.inputs.program, text.as_bytes()).unwrap();
    let error = workshop.bundle(RELEASE).err().unwrap().to_string();
    assert!(error.contains("has the path"), "{error}");
    assert!(!workshop.folder.path().join("bundled").exists(), "a refused bundle was put in place");
    workshop.bundle("fast").unwrap();
    // Another folder that only begins alike is no trace.
    workshop.inputs.repository = workshop.folder.path().join("repo");
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        disk::write(&workshop.inputs.repository.join(name), b"").unwrap();
    }
    workshop.bundle(RELEASE).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn this_machines_own_program_needs_no_fixed_folders() {
    // xtask itself is built as the plugin is: no search path, and whatever readelf prints is understood.
    let folder = tempfile::tempdir().unwrap();
    let file = layout::File { to: "xtask".to_owned(), from: layout::Source::Program };
    let layout =
        Layout { clap: String::new(), vst3: String::new(), program: "xtask".to_owned(), files: vec![file] };
    disk::copy(&std::env::current_exe().unwrap(), &folder.path().join("xtask")).unwrap();
    check::searches_only_beside_itself(&layout, folder.path()).unwrap();
}
