//! What stands in a bundle's text files. The texts themselves lie in plugin/packaging.

/// The type and the creator of a macOS bundle.
pub const PKG_INFO: &str = "BNDL????";

const INFO_PLIST: &str = include_str!("../../../plugin/packaging/Info.plist");

/// What macOS wants to know of a bundle.
pub fn info_plist(name: &str, identifier: &str, version: &str) -> String {
    INFO_PLIST.replace("{name}", name).replace("{identifier}", identifier).replace("{version}", version)
}

/// Where to put what, for people who have the bundle and not the repository.
pub fn install(os: &str) -> &'static str {
    match os {
        "windows" => include_str!("../../../plugin/packaging/INSTALL-windows.txt"),
        "macos" => include_str!("../../../plugin/packaging/INSTALL-macos.txt"),
        _ => include_str!("../../../plugin/packaging/INSTALL-linux.txt"),
    }
}
