//! What somebody chose for this machine: which providers run the models, on [which card](device), and in
//! [which process](apart).

pub mod apart;
pub mod device;

use std::path::PathBuf;
use std::{env, fs, io};

use super::Provider;
use crate::pack::Folders;

/// The environment variable that goes before the file.
const VARIABLE: &str = "KLANGBILD_PROVIDERS";
/// What says that nothing was chosen.
const AUTO: &str = "auto";

/// Where the choice is kept; none where the user has no home.
pub fn file() -> Option<PathBuf> {
    Some(Folders::of_user().config?.join("providers"))
}

/// The choice, if there is one: `KLANGBILD_PROVIDERS`, or else the file.
pub fn chosen() -> Option<Vec<Provider>> {
    let (text, from) = said(VARIABLE, file())?;
    parse(&text).unwrap_or_else(|error| {
        tracing::warn!("{from}: {error}");
        None
    })
}

/// Reads names with commas between them; none for `auto`.
///
/// # Errors
/// A name that is none: the message lists those that are.
pub fn parse(text: &str) -> Result<Option<Vec<Provider>>, String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let providers = names
        .filter(|name| !name.eq_ignore_ascii_case(AUTO))
        .map(str::parse)
        .collect::<Result<Vec<_>, _>>()?;
    Ok((!providers.is_empty()).then_some(providers))
}

/// Keeps the choice for whatever starts from now on; none makes it automatic again.
///
/// # Errors
/// The file cannot be written or removed.
pub fn keep(providers: Option<&[Provider]>) -> io::Result<()> {
    let names = |provider: &Provider| provider.name().to_ascii_lowercase();
    let names = providers.map(|providers| providers.iter().map(names).collect::<Vec<_>>().join(","));
    put(file(), names.as_deref())
}

/// What a variable of the environment says, or else a file, and which of them it was.
fn said(variable: &str, file: Option<PathBuf>) -> Option<(String, String)> {
    match env::var(variable) {
        Ok(text) if !text.is_empty() => Some((text, variable.to_owned())),
        _ => {
            let file = file?;
            Some((fs::read_to_string(&file).ok()?, file.display().to_string()))
        }
    }
}

/// Writes a choice into its file; none removes the file.
fn put(file: Option<PathBuf>, choice: Option<&str>) -> io::Result<()> {
    let file = file.ok_or_else(|| io::Error::other("this user has no folder for settings"))?;
    match choice {
        Some(choice) => {
            file.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(file, format!("{choice}\n"))
        }
        None => match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_their_order_and_auto_is_no_choice() {
        assert_eq!(parse(" WebGPU, cpu\n"), Ok(Some(vec![Provider::WebGpu, Provider::Cpu])));
        assert_eq!(parse("tensorrt-rtx"), Ok(Some(vec![Provider::TensorRtRtx])));
        assert_eq!((parse("auto"), parse("")), (Ok(None), Ok(None)));
        let error = parse("cpu,gpu").unwrap_err();
        assert!(error.contains("\"gpu\"") && error.contains("WebGPU"), "{error}");
    }
}
