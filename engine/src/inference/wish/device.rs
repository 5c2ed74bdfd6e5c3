//! On which card somebody wants the models to run on this machine.

use std::io;
use std::path::PathBuf;

use super::{put, said};
use crate::inference::devices::Device;
use crate::pack::Folders;

/// The environment variable that goes before the file.
const VARIABLE: &str = "KLANGBILD_DEVICE";
/// What says that nothing was chosen.
pub const AUTOMATIC: &str = "automatic";

/// Where the choice is kept; none where the user has no home.
pub fn file() -> Option<PathBuf> {
    Some(Folders::of_user().config?.join("device"))
}

/// The choice, a number or a part of a name: `KLANGBILD_DEVICE`, or else the file; empty where it is automatic.
pub fn chosen() -> String {
    let said = said(VARIABLE, file()).map(|(text, _)| text.trim().to_owned()).unwrap_or_default();
    if said.eq_ignore_ascii_case(AUTOMATIC) { String::new() } else { said }
}

/// Keeps the choice for whatever is loaded from now on; none makes it automatic again.
///
/// It is kept by name, since numbers change with cards, unless several have that name.
///
/// # Errors
/// The file cannot be written or removed.
pub fn keep(device: Option<&Device>, devices: &[Device]) -> io::Result<()> {
    put(file(), device.map(|device| word(device, devices)).as_deref())
}

fn word(device: &Device, devices: &[Device]) -> String {
    let is_alone = devices.iter().filter(|other| other.name.contains(&device.name)).count() == 1;
    if is_alone { device.name.clone() } else { device.number.to_string() }
}
