//! What plays, and what it lets people turn: the window shows a knob for each control of the scene, and hosts are told what their
//! eight knobs are called now.
//!
//! Hosts are told on their main thread and a few times a second at most, however fast a scene follows another. What they see in
//! between is what they were told: names and texts that belong together.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use klangbild_engine::knobs::{Group, table};
use klangbild_engine::scene::Scene;
use klangbild_engine::scene::control::Control;
use klangbild_engine::scene::head::Head;

use crate::heads;
use crate::params::number;

#[cfg(test)]
mod tests;

/// Between two times that a host is told names: it asks for all parameters again.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// A scene that plays.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    /// Which one.
    pub scene: Scene,
    /// What its head says.
    pub head: Arc<Head>,
}

/// What plays in one instance.
#[derive(Debug, Default)]
pub struct Playbill {
    plays: Mutex<Plays>,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Plays {
    bill: Bill,
    /// The scene that was looked at last: a broken one is not read again and again.
    looked: Option<Scene>,
}

/// What the host goes by.
#[derive(Debug, Default)]
struct Told {
    names: Names,
    when: Option<Instant>,
    /// It does not want to know.
    refused: bool,
}

/// What the host's eight knobs are called, and what their values are in words. Those that the scene has no control for keep the
/// names that they always had.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names(Vec<(String, Control)>);

impl Playbill {
    /// What plays.
    pub fn bill(&self) -> Bill {
        lock(&self.plays).bill.clone()
    }

    /// Notes which scene plays. For a scene of the user's own this looks at the disk, once.
    pub fn look(&self, scene: Scene) {
        if lock(&self.plays).looked != Some(scene) {
            self.read(scene);
        }
    }

    /// As [`look`](Self::look), for a thread that may not wait for a disk: a scene that is not known is left to the others.
    pub fn glance(&self, scene: Scene) {
        let mut plays = lock(&self.plays);
        if plays.looked == Some(scene) {
            return;
        }
        if let Some(head) = heads::known(scene) {
            *plays = Plays { bill: Bill { scene, head }, looked: Some(scene) };
        }
    }

    /// Reads the head of the scene that plays again, where its files have changed. Looks at the disk.
    pub fn look_again(&self) {
        // In a statement of its own: the lock is not held while the disk is read.
        let looked = lock(&self.plays).looked;
        if let Some(scene) = looked {
            self.read(scene);
        }
    }

    fn read(&self, scene: Scene) {
        // Not under the lock: a disk may be slow. What is broken does not play: the one before does.
        let head = heads::read(scene);
        let mut plays = lock(&self.plays);
        plays.looked = Some(scene);
        if let Ok(head) = head {
            plays.bill = Bill { scene, head };
        }
    }

    /// Whether the host has other names than it should have, and may be told now.
    pub fn is_due(&self, now: Instant) -> bool {
        let told = lock(&self.told);
        let rests = told.when.is_none_or(|when| now.saturating_duration_since(when) >= TELL_EVERY);
        !told.refused && rests && !told.names.are_of(&self.bill().head)
    }

    /// Takes the names of what plays for what the host goes by from now on: it is to be told.
    pub fn tell(&self, now: Instant) {
        let names = Names::of(&self.bill().head);
        let mut told = lock(&self.told);
        (told.names, told.when) = (names, Some(now));
    }

    /// The host takes no names: it goes by those that the knobs always had.
    pub fn refuse(&self) {
        *lock(&self.told) = Told { refused: true, ..Told::default() };
    }

    /// What the host goes by.
    pub fn told(&self) -> Names {
        lock(&self.told).names.clone()
    }
}

impl Names {
    /// Of a scene's controls. Two parameters of one name cannot be told from each other in a host's list.
    fn of(head: &Head) -> Self {
        let mut taken: HashSet<String> = table::KNOBS.iter().map(|knob| knob.label.to_lowercase()).collect();
        let names = head.controls.iter().enumerate().map(|(at, control)| {
            let label = &control.label;
            let others = [label.clone(), format!("Scene {label}"), format!("{label} {}", at + 1)];
            let free = others.into_iter().find(|name| taken.insert(name.to_lowercase()));
            (free.unwrap_or_else(|| format!("Scene {}: {label}", at + 1)), control.clone())
        });
        Self(names.collect())
    }

    fn are_of(&self, head: &Head) -> bool {
        self.0.iter().map(|(_, control)| control).eq(&head.controls)
    }

    /// Name and control of the knob that hosts know by this number.
    pub fn of_number(&self, id: u32) -> Option<(&str, &Control)> {
        let at = Group::Scene.knobs().position(|knob| number(knob.key) == id)?;
        self.0.get(at).map(|(name, control)| (name.as_str(), control))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
