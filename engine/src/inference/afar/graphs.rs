//! What the process has loaded: each graph once, for as long as somebody has it open.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::inference::network::Network;

/// A graph that several may run, one after the other.
pub type Shared = Arc<Mutex<Network>>;

/// Where a graph is, or is being put.
type Place = Arc<Mutex<Weak<Mutex<Network>>>>;

/// All graphs, by their fingerprints.
#[derive(Default)]
pub struct Graphs {
    places: Mutex<Vec<(String, Place)>>,
}

impl Graphs {
    /// The graph that somebody has loaded, or else what `load` gives. Whoever wants the same waits until it is loaded; whoever wants
    /// another does not.
    ///
    /// # Errors
    /// Those of `load`.
    pub fn get<E>(&self, fingerprint: &str, load: impl FnOnce() -> Result<Network, E>) -> Result<Shared, E> {
        let place = self.place(fingerprint);
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(network) = place.upgrade() {
            return Ok(network);
        }
        let network = Arc::new(Mutex::new(load()?));
        *place = Arc::downgrade(&network);
        Ok(network)
    }

    fn place(&self, fingerprint: &str) -> Place {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|(_, place)| {
            Arc::strong_count(place) > 1 || place.try_lock().is_ok_and(|network| network.strong_count() > 0)
        });
        if let Some((_, place)) = places.iter().find(|(other, _)| other == fingerprint) {
            return Arc::clone(place);
        }
        let place = Place::default();
        places.push((fingerprint.to_owned(), Arc::clone(&place)));
        place
    }
}
