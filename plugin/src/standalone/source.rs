//! What is played or listened to.

use klangbild_engine::song::SongFile;

use super::devices::Choice;

/// Where sound comes from.
pub enum Source {
    /// A file.
    Song(Play),
    /// A sound card, or what another program plays.
    Input(Listen),
}

/// A song to be played.
pub struct Play {
    /// The song's file.
    pub song: SongFile,
    /// Again and again.
    pub looped: bool,
    /// Where to; `None` plays it without sound.
    pub output: Option<Choice>,
}

/// An input to be listened to.
pub struct Listen {
    /// Which.
    pub device: Choice,
}
