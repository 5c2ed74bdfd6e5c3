//! Models in a process of their own: what goes wrong there, in a driver or in ONNX Runtime, costs a picture and not the host.
//!
//! The process is the program's, `klangbild dream`. The first who needs one starts it; it [serves](serve()) everyone of this user
//! who finds its `socket`, loads what several want once, and ends a few seconds after the last of them has gone. Graphs from outside
//! run in a second one, which may take so much `memory` and no more. On this side a graph has a `runner` like any other.
//!
//! Tensors travel through the socket too. A picture of 512 x 288 pixels is 0.7 ms on its way, and would be 0.4 ms in memory that both
//! sides map (measured on two cores of a server): a hundredth of the time in which it is painted. And a peer that dies, or cuts that
//! memory short, could end the host, which is what all of this is there to prevent.

mod client;
mod deaths;
mod graphs;
mod home;
mod link;
mod memory;
mod message;
mod runner;
mod serve;
mod socket;
mod start;
#[cfg(test)]
mod tests;

pub use home::{Home, Process, Seat};
pub(super) use runner::{NotOpened, Runner};
pub use serve::serve;
pub use start::stay;

use super::wish::apart::{self, Apart};
use crate::pack::Model;

/// How often a process is started again for a graph within a minute, before it is given up.
const RESTARTS: u32 = 2;

/// Which graphs run in a process of their own, and in which.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Which of them.
    pub when: Apart,
    /// How often a process that died is started again for a graph within a minute. After that a graph of ours runs here, and a
    /// stranger's does not run.
    pub restarts: u32,
    /// The program, and where its processes are found.
    pub home: Home,
}

impl Default for Terms {
    /// As this user [chose](apart::chosen).
    fn default() -> Self {
        Self { when: apart::chosen(), restarts: RESTARTS, home: Home::of_user() }
    }
}

impl Terms {
    /// Everything runs here.
    pub fn never() -> Self {
        Self { when: Apart::Never, restarts: 0, home: Home::default() }
    }

    /// Whether this model is to run in a process of its own.
    pub(super) fn want(&self, model: &Model) -> bool {
        match self.when {
            Apart::Automatic => model.is_foreign,
            Apart::Always => true,
            Apart::Never => false,
        }
    }

    /// The process for this model.
    pub(super) fn seat(&self, model: &Model) -> Option<Seat> {
        self.home.seat(model.is_foreign)
    }
}
