//! Which provider was found to be the quickest for a graph: measured once, so that the same song gives the same frames again, even
//! where two providers are as quick as each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::choice::Candidate;
use crate::inference::{Options, Runtime};
use crate::pack::{Folders, Model};
use crate::stage::Gpu;

/// Graphs that are kept in mind. More packs than that are hardly in use.
const MOST: usize = 256;

/// The file's entry for one graph on one machine.
#[derive(Debug)]
pub struct Memory {
    file: Option<PathBuf>,
    /// The graph, ONNX Runtime, the threads and the card; which drivers there are is asked when it is needed.
    about: u64,
    drivers: Drivers,
}

/// What tells the drivers that there are.
pub type Drivers = fn() -> Vec<String>;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    quickest: BTreeMap<String, String>,
}

impl Memory {
    /// For a graph with the threads and on the card that the options name.
    pub fn of(runtime: &Runtime, model: &Model, options: &Options) -> Self {
        let mut hasher = DefaultHasher::new();
        let Options { threads, device, .. } = options;
        (runtime.version(), threads, device, model.contents()).hash(&mut hasher);
        let file = Folders::of_user().cache.map(|folder| folder.join("providers.json"));
        Self { file, about: hasher.finish(), drivers }
    }

    /// What was found earlier with these providers and precisions, drivers and versions.
    pub fn recall(&self, among: &[Candidate]) -> Option<Candidate> {
        let kept = self.read();
        let name = kept.quickest.get(&self.key(among))?;
        among.iter().copied().find(|candidate| candidate.to_string() == *name)
    }

    /// Keeps what was found. Where the file cannot be written, it is measured again the next time.
    pub fn keep(&self, among: &[Candidate], quickest: Candidate) {
        let Some(file) = &self.file else { return };
        let mut kept = self.read();
        if kept.quickest.len() >= MOST {
            kept.quickest.clear();
        }
        kept.quickest.insert(self.key(among), quickest.to_string());
        let part = file.with_extension(format!("part-{}", std::process::id()));
        let written = serde_json::to_vec_pretty(&kept).map_err(std::io::Error::from).and_then(|text| {
            file.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&part, text)?;
            fs::rename(&part, file)
        });
        if let Err(error) = written {
            tracing::info!("{}: the quickest provider is not kept: {error}", file.display());
        }
    }

    fn read(&self) -> Kept {
        let text = self.file.as_ref().and_then(|file| fs::read(file).ok()).unwrap_or_default();
        // What somebody broke is as good as nothing.
        serde_json::from_slice(&text).unwrap_or_default()
    }

    fn key(&self, among: &[Candidate]) -> String {
        let mut hasher = DefaultHasher::new();
        let names: Vec<_> = among.iter().map(Candidate::to_string).collect();
        (self.about, names, (self.drivers)()).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// Every card with its driver's version.
fn drivers() -> Vec<String> {
    let adapters = Gpu::adapters().into_iter();
    let lines = adapters.map(|info| format!("{} {} {}", info.name, info.driver, info.driver_info));
    lines.collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
pub fn of_file(file: Option<PathBuf>, drivers: Drivers) -> Memory {
    Memory { file, about: 1, drivers }
}
