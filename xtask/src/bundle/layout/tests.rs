use super::*;

fn layout(os: &str, arch: &str, libraries: &[&str]) -> Result<Layout> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (libraries, licences) = (owned(libraries), owned(&["LICENSE", "webgpu-LICENSE"]));
    let names = Names { name: "Klangbild".to_owned(), identifier: "org.example".to_owned() };
    Layout::new(System { os, arch, libraries: &libraries, licences: &licences }, &names, "1.2.3")
}

/// The paths, without those that are the same everywhere.
fn paths(layout: &Layout) -> Vec<&str> {
    let common = [
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "THIRD-PARTY.txt",
        "onnxruntime/LICENSE",
        "onnxruntime/webgpu-LICENSE",
        "INSTALL.txt",
    ];
    let all: Vec<&str> = layout.files.iter().map(|file| file.to.as_str()).collect();
    for path in common {
        assert!(all.contains(&path), "{path} is missing");
    }
    all.into_iter().filter(|path| !common.contains(path)).collect()
}

#[test]
fn linux() {
    let layout =
        layout("linux", "x86_64", &["libonnxruntime.so.1", "libonnxruntime_providers_webgpu.so"]).unwrap();
    assert_eq!(
        paths(&layout),
        [
            "clap/Klangbild/Klangbild.clap",
            "clap/Klangbild/klangbild",
            "clap/Klangbild/libonnxruntime.so.1",
            "clap/Klangbild/libonnxruntime_providers_webgpu.so",
            "vst3/Klangbild.vst3/Contents/x86_64-linux/Klangbild.so",
            "vst3/Klangbild.vst3/Contents/x86_64-linux/klangbild",
            "vst3/Klangbild.vst3/Contents/x86_64-linux/libonnxruntime.so.1",
            "vst3/Klangbild.vst3/Contents/x86_64-linux/libonnxruntime_providers_webgpu.so",
            "program/Klangbild/klangbild",
            "program/Klangbild/libonnxruntime.so.1",
            "program/Klangbild/libonnxruntime_providers_webgpu.so",
        ]
    );
    assert_eq!((layout.clap.as_str(), layout.vst3.as_str()), ("clap/Klangbild", "vst3/Klangbild.vst3"));
}

#[test]
fn windows() {
    let layout = layout("windows", "x86_64", &["onnxruntime.dll", "dxil.dll"]).unwrap();
    assert_eq!(
        paths(&layout),
        [
            "clap/Klangbild/Klangbild.clap",
            "clap/Klangbild/klangbild.exe",
            "clap/Klangbild/onnxruntime.dll",
            "clap/Klangbild/dxil.dll",
            "vst3/Klangbild.vst3/Contents/x86_64-win/Klangbild.vst3",
            "vst3/Klangbild.vst3/Contents/x86_64-win/klangbild.exe",
            "vst3/Klangbild.vst3/Contents/x86_64-win/onnxruntime.dll",
            "vst3/Klangbild.vst3/Contents/x86_64-win/dxil.dll",
            "program/Klangbild/klangbild.exe",
            "program/Klangbild/onnxruntime.dll",
            "program/Klangbild/dxil.dll",
        ]
    );
}

#[test]
fn macos() {
    let layout =
        layout("macos", "aarch64", &["libonnxruntime.1.dylib", "libonnxruntime_providers_webgpu.dylib"])
            .unwrap();
    assert_eq!(
        paths(&layout),
        [
            "clap/Klangbild.clap/Contents/MacOS/Klangbild",
            "clap/Klangbild.clap/Contents/Helpers/klangbild",
            "clap/Klangbild.clap/Contents/Frameworks/libonnxruntime.1.dylib",
            "clap/Klangbild.clap/Contents/Frameworks/libonnxruntime_providers_webgpu.dylib",
            "clap/Klangbild.clap/Contents/Info.plist",
            "clap/Klangbild.clap/Contents/PkgInfo",
            "vst3/Klangbild.vst3/Contents/MacOS/Klangbild",
            "vst3/Klangbild.vst3/Contents/Helpers/klangbild",
            "vst3/Klangbild.vst3/Contents/Frameworks/libonnxruntime.1.dylib",
            "vst3/Klangbild.vst3/Contents/Frameworks/libonnxruntime_providers_webgpu.dylib",
            "vst3/Klangbild.vst3/Contents/Info.plist",
            "vst3/Klangbild.vst3/Contents/PkgInfo",
            "program/Klangbild/klangbild",
            "program/Klangbild/libonnxruntime.1.dylib",
            "program/Klangbild/libonnxruntime_providers_webgpu.dylib",
        ]
    );
    assert_eq!((layout.clap.as_str(), layout.vst3.as_str()), ("clap/Klangbild.clap", "vst3/Klangbild.vst3"));
}

#[test]
fn each_kind_of_processor_has_its_vst3_folder() {
    for (os, arch, folder) in [("linux", "aarch64", "aarch64-linux"), ("windows", "aarch64", "arm64-win")] {
        let layout = layout(os, arch, &[]).unwrap();
        assert!(paths(&layout).iter().any(|path| path.contains(&format!("/{folder}/"))), "{folder}");
    }
    assert!(layout("linux", "riscv64", &[]).unwrap_err().to_string().contains("linux riscv64"));
}

#[test]
fn the_two_plugins_of_macos_are_told_apart() {
    let layout = layout("macos", "aarch64", &[]).unwrap();
    let plists: Vec<&str> = layout
        .files
        .iter()
        .filter_map(|file| match &file.from {
            Source::Text(text) if file.to.ends_with("Info.plist") => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let [clap, vst3] = plists[..] else { panic!("two plists, found {}", plists.len()) };
    assert!(
        clap.contains("<string>org.example.clap</string>") && clap.contains("<string>1.2.3</string>"),
        "{clap}"
    );
    assert!(vst3.contains("<string>org.example.vst3</string>"), "{vst3}");
    assert!(!clap.contains('{') && !vst3.contains('{'), "a placeholder is left");
}
