//! What can go wrong in a render.

use std::path::PathBuf;

use crate::dreamer::DreamError;
use crate::inference::RuntimeError;
use crate::pack::PackError;
use crate::recorder::RecorderError;
use crate::song::SongError;
use crate::stage::StageError;
use crate::words::WordsError;

/// Why a render failed. Each message is one line that names the thing and the cure.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The song cannot be read.
    #[error(transparent)]
    Song(#[from] SongError),
    /// The pack cannot be used.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// ONNX Runtime cannot be used.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// A model failed.
    #[error(transparent)]
    Dream(#[from] DreamError),
    /// The GPU or a shader failed.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The output cannot be written.
    #[error(transparent)]
    Recorder(#[from] RecorderError),
    /// What was said is not understood.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// A setting makes no sense.
    #[error("{what} is {found}; it must be {expected}")]
    Setting {
        /// The setting as the user calls it.
        what: String,
        /// What was asked for.
        found: String,
        /// What would do.
        expected: String,
    },
    /// The output would replace the song.
    #[error("the output {} is the song itself; give another -o", output.display())]
    OverTheSong {
        /// The output.
        output: PathBuf,
    },
    /// A host's render ended before it had begun.
    #[error("{} was not written: the host sent no audio; render a range that has some", output.display())]
    NothingSent {
        /// The output.
        output: PathBuf,
    },
    /// The system gave no thread.
    #[error("cannot start a thread for the render: {0}")]
    Thread(#[from] std::io::Error),
    /// The render's thread ended without a word.
    #[error("the render of {} broke off; please report this", output.display())]
    BrokeOff {
        /// The output.
        output: PathBuf,
    },
    /// The range holds no audio.
    #[error("{} has no audio from {start_s} s on; give an earlier --start", song.display())]
    NothingThere {
        /// The song.
        song: PathBuf,
        /// Where the render would have begun, in seconds.
        start_s: f64,
    },
}
