//! The process itself: it lets clients in, and ends when nobody has come for a while.

use std::fs::{self, File};
use std::io::{Error, ErrorKind, Result, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::client::attend;
use super::graphs::Graphs;
use super::home::Seat;
use super::socket::{Listener, Stream, bind, connect, make_private};
use super::{memory, start};
use crate::inference::priority::lower_own_priority;
use crate::inference::spawn_low_priority;

/// Who has closed one window may open the next.
const LINGER: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long the one before may take to go.
const HANDOVER: Duration = Duration::from_secs(5);
/// After the system gave no connection.
const PAUSE: Duration = Duration::from_millis(50);

/// What all of it shares.
#[derive(Default)]
struct House {
    graphs: Graphs,
    guests: Mutex<Guests>,
}

#[derive(Default)]
struct Guests {
    count: usize,
    /// When the last one went.
    since: Option<Instant>,
    /// Nobody is let in any more.
    closed: bool,
}

/// Runs models for whoever comes to this seat, and returns a few seconds after the last of them has gone.
///
/// # Errors
/// Its files cannot be made, or the system gives no socket or thread.
pub fn serve(seat: &Seat) -> Result<()> {
    if let Err(error) = lower_own_priority() {
        tracing::debug!("the process keeps its normal priority: {error:?}");
    }
    if let Some(mib) = seat.memory_mib {
        memory::limit(mib)?;
    }
    make_private(&seat.folder)?;
    // Held to the end.
    let lock = File::create(seat.life_lock())?;
    let begun = Instant::now();
    while lock.try_lock().is_err() {
        if connect(seat).is_ok() {
            return ready();
        }
        if begun.elapsed() > HANDOVER {
            return Err(Error::new(ErrorKind::TimedOut, "another one neither serves nor ends"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    fs::write(seat.number(), std::process::id().to_string())?;
    let listener = bind(seat)?;
    let house = Arc::new(House::default());
    let (door, memory_mib) = (Arc::clone(&house), seat.memory_mib);
    // Not waited for: it ends with the process.
    spawn_low_priority("klangbild-door", move || door.keep(&listener, memory_mib))?;
    ready()?;
    house.wait(seat);
    start::clear(seat);
    Ok(())
}

/// Says to who started it that it can be reached.
fn ready() -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(start::READY)?;
    out.flush()
}

impl House {
    /// Lets clients in, each to a thread of its own.
    fn keep(self: &Arc<Self>, listener: &Listener, memory_mib: Option<u64>) {
        loop {
            match listener.accept() {
                Ok((stream, _)) => self.let_in(stream, memory_mib),
                Err(error) => {
                    tracing::warn!("a client could not come in: {error}");
                    std::thread::sleep(PAUSE);
                }
            }
        }
    }

    fn let_in(self: &Arc<Self>, stream: Stream, memory_mib: Option<u64>) {
        let mut guests = self.guests();
        if guests.closed {
            return;
        }
        guests.count += 1;
        drop(guests);
        let guest = Guest(Arc::clone(self));
        let attended = spawn_low_priority("klangbild-client", move || {
            if let Err(error) = attend(stream, &guest.0.graphs, memory_mib) {
                tracing::info!("a client went in the middle of something: {error}");
            }
        });
        if let Err(error) = attended {
            tracing::warn!("there is no thread for a client: {error}");
        }
    }

    /// Waits until nobody has been here for a while.
    fn wait(&self, seat: &Seat) {
        self.guests().since = Some(Instant::now());
        loop {
            std::thread::sleep(LOOK_EVERY);
            // Where its socket has gone nobody can come any more.
            let patience = if seat.socket().exists() { LINGER } else { Duration::ZERO };
            let mut guests = self.guests();
            if guests.count == 0 && guests.since.is_some_and(|since| since.elapsed() >= patience) {
                guests.closed = true;
                return;
            }
        }
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who is here, whatever becomes of its thread.
struct Guest(Arc<House>);

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.0.guests();
        guests.count -= 1;
        guests.since = Some(Instant::now());
    }
}
