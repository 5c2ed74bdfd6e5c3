//! `cargo xtask install` and `cargo xtask uninstall`: the plugin in this user's own plugin folders.

mod places;
mod replace;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::arguments::Arguments;
use crate::bundle::{self, Layout};
use places::Places;
use replace::Known;

/// Builds, bundles, and puts both plugins where hosts look for them.
pub fn install(arguments: &[String]) -> Result<()> {
    let arguments = Arguments::read(arguments, &[], &["--profile", "--to"])?;
    let places = places(&arguments)?;
    let bundle = bundle::make(arguments.value("--profile").unwrap_or(bundle::RELEASE))?;
    println!();
    for (format, place) in put(&bundle.folder, &bundle.layout, &places)? {
        println!("installed the {format} plugin: {}", place.display());
    }
    println!("the program stays in:     {}", bundle.program().display());
    println!("\nNow rescan the plugins in your DAW, or start it anew: Klangbild is an audio effect.");
    Ok(())
}

/// Removes what [`install`] put.
pub fn uninstall(arguments: &[String]) -> Result<()> {
    let arguments = Arguments::read(arguments, &[], &["--to"])?;
    let places = places(&arguments)?;
    // The names of ONNX Runtime's files do not matter here, and set-up may never have run on this machine.
    let removed = take_away(&bundle::layout(&[], &[])?, &places)?;
    if removed.is_empty() {
        println!(
            "nothing to remove: Klangbild is neither in {} nor in {}",
            places.clap.display(),
            places.vst3.display()
        );
    }
    for (format, place) in removed {
        println!("removed the {format} plugin: {}", place.display());
    }
    Ok(())
}

fn places(arguments: &Arguments) -> Result<Places> {
    match arguments.value("--to") {
        Some(folder) => {
            let folder =
                std::path::absolute(folder).with_context(|| format!("no folder can be called {folder}"))?;
            Ok(Places::under(&folder))
        }
        None => Places::of_user(std::env::consts::OS, |name| std::env::var_os(name)),
    }
}

type Done = Vec<(&'static str, PathBuf)>;

/// Puts both plugins of a bundle into their places. Looks at both before it touches either.
fn put(bundle: &Path, layout: &Layout, places: &Places) -> Result<Done> {
    let plugins = plugins(layout, places)?;
    for plugin in &plugins {
        plugin.known.check(&plugin.place)?;
    }
    for plugin in &plugins {
        replace::put(&bundle.join(plugin.bundled), &plugin.place, &plugin.known)?;
    }
    Ok(plugins.into_iter().map(|plugin| (plugin.format, plugin.place)).collect())
}

/// Removes both plugins from their places; returns those that were there.
fn take_away(layout: &Layout, places: &Places) -> Result<Done> {
    let plugins = plugins(layout, places)?;
    for plugin in &plugins {
        plugin.known.check(&plugin.place)?;
    }
    let mut removed = Vec::new();
    for plugin in plugins {
        if replace::remove(&plugin.place, &plugin.known)? {
            removed.push((plugin.format, plugin.place));
        }
    }
    Ok(removed)
}

struct Plugin<'a> {
    format: &'static str,
    /// Its folder in the bundle.
    bundled: &'a str,
    place: PathBuf,
    known: Known,
}

fn plugins<'a>(layout: &'a Layout, places: &Places) -> Result<[Plugin<'a>; 2]> {
    let plugin = |format, bundled: &'a str, folder: &Path| {
        let name = Path::new(bundled).file_name().with_context(|| format!("`{bundled}` names no folder"))?;
        Ok::<_, anyhow::Error>(Plugin {
            format,
            bundled,
            place: folder.join(name),
            known: Known::of(layout, bundled),
        })
    };
    Ok([plugin("CLAP", &layout.clap, &places.clap)?, plugin("VST3", &layout.vst3, &places.vst3)?])
}

#[cfg(test)]
mod tests;
