//! Packs are loaded on a thread of their own: that takes seconds, or for ever, and nobody waits for it.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::sizing;
use crate::dreamer;
use crate::inference::{Runtime, spawn_low_priority};
use crate::pack::size::PictureSize;
use crate::pack::{Fingerprint, Pack};
use crate::threads::join_within;

/// Why there are no models, in one line with the cure.
#[derive(Debug)]
pub(super) enum Trouble {
    /// This pack cannot be played, as its files are; another may.
    Pack(String, Fingerprint),
    /// None can.
    Runtime(String),
    /// Nothing in its files has changed since it could not be played.
    Unchanged,
}

/// A pack that is ready to be played.
pub(super) struct Loaded {
    /// The pack, with all of its sizes.
    pub pack: Pack,
    /// What its files were.
    pub files: Fingerprint,
    /// Encoder and generator.
    pub models: Arc<dreamer::Models>,
}

/// Loads one pack at a time. One that is no longer wanted is loaded to its end all the same, and forgotten.
pub(super) struct Loader {
    tell: Sender<(u64, Result<Loaded, Trouble>)>,
    told: Receiver<(u64, Result<Loaded, Trouble>)>,
    threads: Vec<JoinHandle<()>>,
    /// The reference that is being loaded, and the number of that attempt.
    wanted: Option<(String, u64)>,
    attempts: u64,
}

impl Default for Loader {
    fn default() -> Self {
        let (tell, told) = unbounded();
        Self { tell, told, threads: Vec::new(), wanted: None, attempts: 0 }
    }
}

impl Loader {
    /// What is being loaded.
    pub(super) fn wanted(&self) -> Option<&str> {
        self.wanted.as_ref().map(|(reference, _)| reference.as_str())
    }

    /// Begins to load a pack for frames of this size, `unless` its files still are those that could not be played; the one that was being loaded is
    /// forgotten.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn begin(
        &mut self,
        reference: &str,
        unless: Option<Fingerprint>,
        frame: Option<PictureSize>,
    ) -> Result<(), Trouble> {
        self.threads.retain(|thread| !thread.is_finished());
        self.attempts += 1;
        let (attempt, tell, name) = (self.attempts, self.tell.clone(), reference.to_owned());
        let work = move || drop(tell.send((attempt, load(&name, unless, frame)))); // nobody may want it any more
        let thread = spawn_low_priority("klangbild-load", work)
            .map_err(|error| Trouble::Runtime(format!("the system gives no thread: {error}")))?;
        self.threads.push(thread);
        self.wanted = Some((reference.to_owned(), attempt));
        Ok(())
    }

    /// Forgets what is being loaded.
    pub(super) fn cancel(&mut self) {
        self.wanted = None;
    }

    /// What has become of the pack that is wanted, once that is known.
    pub(super) fn take(&mut self) -> Option<(String, Result<Loaded, Trouble>)> {
        while let Ok((attempt, loaded)) = self.told.try_recv() {
            if let Some((reference, _)) = self.wanted.take_if(|(_, wanted)| *wanted == attempt) {
                return Some((reference, loaded));
            }
        }
        None
    }

    /// Waits for all loading to end, at most so long each.
    pub(super) fn end(&mut self, patience: Duration) {
        for thread in self.threads.drain(..) {
            join_within(thread, patience);
        }
    }
}

fn load(reference: &str, unless: Option<Fingerprint>, frame: Option<PictureSize>) -> Result<Loaded, Trouble> {
    // Before it is read: what changes meanwhile is seen at the next try.
    let files = Pack::fingerprint(reference);
    if unless == Some(files) {
        return Err(Trouble::Unchanged);
    }
    let trouble = |error: &dyn std::error::Error| Trouble::Pack(error.to_string(), files);
    let runtime = Runtime::load().map_err(|error| Trouble::Runtime(error.to_string()))?;
    let pack = Pack::load(reference).map_err(|error| trouble(&error))?;
    let models = sizing::load(&runtime, &pack, frame).map_err(|error| trouble(&error))?;
    Ok(Loaded { pack, files, models })
}
