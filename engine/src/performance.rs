//! One way from sound to frame, whatever the clock.
//!
//! ```text
//! sound -> Listener -> Stretch: sound with its cues -> Voice -> pictures
//!                         |                                     |
//!                         +------------> Score <----------------+
//!                                          |
//!                                      Performer -> frames
//! ```
//!
//! A [`Listener`] hears sound and writes down what happens in it and when: a [`Stretch`] with its [`Cue`]s, which no longer
//! show how the sound was cut into blocks. A [`Voice`] is a pack that dreams to them. A [`Performer`] is stepped to a sample
//! position, and draws the frame that belongs there from what was heard and dreamt until then. Where both come from, and
//! how long to wait for them, is the [`Score`]'s: read ahead from a file, or followed while it plays.
//!
//! Window, recording, render and bounce are this one thing, with different clocks and different patience: so a recording has
//! the frames of a render of the same sound.
//!
//! ```
//! use klangbild_engine::performance::{Listener, What};
//! use klangbild_engine::tap::Block;
//!
//! // Half a second of a click every tenth of a second, cut as hosts may cut it.
//! let click = |at: usize| if at % 4800 < 48 { [0.8; 2] } else { [0.0; 2] };
//! let mut listener = Listener::new(0, 48_000, 0, 0);
//! let mut due = Vec::new();
//! for from in (0..24_000).step_by(1000) {
//!     let stretch = listener.hear((from..from + 1000).map(click).collect(), &Block::default(), true);
//!     due.extend(stretch.cues.iter().filter(|cue| matches!(cue.what, What::Paint)).map(|cue| cue.at));
//! }
//! // The first picture soon, then ten a second, wherever the blocks begin.
//! assert_eq!(due, [240, 4800, 9600, 14_400, 19_200, 24_000]);
//! ```

mod film;
mod listener;
mod performer;
mod reading;
mod stretch;
#[cfg(test)]
mod tests;
mod voice;

pub use film::{Film, Filmed};
pub use listener::{EMBEDDINGS_PER_S, Listener, PICTURES_PER_S};
pub use performer::{Event, Performer, Score};
pub(crate) use reading::Reading;
pub use stretch::{Cue, Stretch, What};
pub use voice::{Dreamt, Voice};
