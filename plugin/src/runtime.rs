//! `klangbild runtime`: which further parts of ONNX Runtime there are for this machine's cards, and fetching them.

mod progress;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use clap::Subcommand;
use klangbild::runtime_parts::{Installed, Listed, Removed, State, Store, size};
use klangbild_engine::inference::devices::{Device, devices, find};
use klangbild_engine::inference::wish::{self, apart, apart::Apart, device};
use progress::Reporter;

use crate::terminal::{print_line, print_with};

/// What to do with parts.
#[derive(Debug, Subcommand)]
pub enum RuntimeCommand {
    /// List the parts for this platform: what for, how large, under which licence, and whether installed.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Fetch a part from PyPI and install it; a download that was broken off goes on.
    Install {
        /// Name of the part.
        name: String,
    },
    /// Say which providers run the models on this machine, in the order to try: such as `webgpu` or `cuda,cpu`; `auto` takes the
    /// quickest that is right.
    Use {
        /// Names with commas between them, or `auto`.
        providers: String,
    },
    /// Say on which card the models run, where a provider lets one choose; what draws is chosen apart from it.
    Device {
        /// A number from `klangbild runtime list`, a part of a name, or `automatic`: the strongest.
        which: String,
    },
    /// Say which packs' models run in a process of their own, so that what goes wrong there costs a picture and not the host.
    Apart {
        /// `automatic` (those of packs from outside), `always`, or `never`.
        when: Apart,
    },
    /// Remove a part.
    Remove {
        /// Name of the part.
        name: String,
    },
}

/// Does what the command says.
///
/// # Errors
/// A part that there is not, or that cannot be fetched, written or removed.
pub fn run(command: RuntimeCommand) -> Result<ExitCode> {
    let store = Store::of_user()?;
    match command {
        RuntimeCommand::Use { providers } => choose(&providers),
        RuntimeCommand::Device { which } => choose_device(&which),
        RuntimeCommand::Apart { when } => put_apart(when),
        RuntimeCommand::List { json } => list(&store, json),
        RuntimeCommand::Install { name } => install(&store, &name),
        RuntimeCommand::Remove { name } => remove(&store, &name),
    }
}

fn list(store: &Store, json: bool) -> Result<ExitCode> {
    let parts = store.list();
    if json {
        print_line(serde_json::to_string_pretty(&parts)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let devices = devices();
    let elsewhere = store.names_elsewhere().join(", ");
    print_with(|out| {
        for part in &parts {
            writeln!(out, "{}", lines(part))?;
        }
        if !parts.is_empty() {
            writeln!(out, "\nThey go into {}.", store.folder().display())?;
        }
        if !elsewhere.is_empty() {
            let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
            writeln!(out, "Not for {os} {arch}: {elsewhere}.")?;
        }
        writeln!(out, "\nCards for the models, by `klangbild runtime device`: {}", chosen_device(&devices))?;
        devices.iter().try_for_each(|device| writeln!(out, "    {device}"))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn lines(part: &Listed) -> String {
    let Listed { name, purpose, version, licence, .. } = part;
    let (download, disk) = (size(part.download_bytes), size(part.disk_bytes));
    let folder = part.folder.display();
    let state = match &part.state {
        State::Missing => "not installed".to_owned(),
        State::Whole => format!("installed ({folder})"),
        State::Other { installed_version } => {
            format!("installed in version {installed_version} ({folder}): `install {name}` brings {version}")
        }
        State::Broken { problem } => format!("BROKEN ({folder}): {problem}; `install {name}` mends it"),
    };
    format!(
        "{name:<20} {version}, {state}\n    {purpose}\n    {download} to fetch, {disk} on disk; licence: {licence}"
    )
}

fn install(store: &Store, name: &str) -> Result<ExitCode> {
    let cancel = Arc::new(AtomicBool::new(false));
    let cancelling = cancel.clone();
    ctrlc::set_handler(move || {
        // A server that sends nothing is waited for: who presses it again does not wish to.
        if cancelling.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")?;
    let part = store.part(name)?;
    let mut reporter = Reporter::new(part);
    let installed = store.install(name, &mut |step| reporter.report(step), &cancel);
    reporter.finish();
    let (version, folder) = (part.version(), store.folder().join(name));
    let when = match installed? {
        Installed::Now => "installed",
        Installed::Before => "is installed already",
    };
    print_line(format_args!("{name} {version} {when}: {}", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn choose(providers: &str) -> Result<ExitCode> {
    let providers = wish::parse(providers).map_err(anyhow::Error::msg)?;
    let file = wish::file().map(|file| file.display().to_string()).unwrap_or_default();
    wish::keep(providers.as_deref()).with_context(|| format!("cannot keep the choice in {file}"))?;
    print_line(match providers {
        Some(providers) => {
            let names: Vec<_> = providers.iter().map(|provider| provider.name()).collect();
            format!(
                "from the next start on the models run on {}; `klangbild doctor` tries it",
                names.join(", or else ")
            )
        }
        None => "from the next start on the quickest provider that is right runs the models".to_owned(),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What was chosen, and what comes of it.
fn chosen_device(devices: &[Device]) -> String {
    match find(devices, &device::chosen()) {
        Ok(None) if devices.is_empty() => "there is none".to_owned(),
        Ok(None) => "the strongest".to_owned(),
        Ok(Some(device)) => device.name.clone(),
        Err(error) => format!("the strongest, as {error}"),
    }
}

fn choose_device(which: &str) -> Result<ExitCode> {
    let devices = devices();
    let chosen = find(&devices, which).map_err(anyhow::Error::msg)?;
    let file = device::file().map(|file| file.display().to_string()).unwrap_or_default();
    device::keep(chosen, &devices).with_context(|| format!("cannot keep the choice in {file}"))?;
    print_line(match chosen {
        Some(device) => {
            format!("from the next start on the models run on {device}, where a provider drives it")
        }
        None => "from the next start on the models run on the strongest card".to_owned(),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn put_apart(when: Apart) -> Result<ExitCode> {
    let file = apart::file().map(|file| file.display().to_string()).unwrap_or_default();
    apart::keep(when).with_context(|| format!("cannot keep the choice in {file}"))?;
    print_line(match when {
        Apart::Automatic => {
            "from the next start on the models of packs from outside run in a process of their own"
        }
        Apart::Always => "from the next start on all models run in a process of their own",
        Apart::Never => {
            "from the next start on all models run in the program that shows them: what ends a driver ends it too"
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn remove(store: &Store, name: &str) -> Result<ExitCode> {
    let rest = match store.remove(name)? {
        Removed::Wholly => "",
        Removed::ButForFilesInUse => {
            ", but for files that a running program uses: run `klangbild runtime list` after it has ended"
        }
    };
    print_line(format_args!("removed {name}{rest}"))?;
    Ok(ExitCode::SUCCESS)
}
