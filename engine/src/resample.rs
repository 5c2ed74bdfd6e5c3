//! From one sample rate to another, as streams.
//!
//! ```
//! use klangbild_engine::resample::MonoResampler;
//!
//! let mut resampler = MonoResampler::new(48_000, 16_000)?;
//! let mut mono = Vec::new();
//! resampler.push(&[[0.5; 2]; 48_000], &mut mono)?;
//! assert!((mono.len() as i64 - 16_000).abs() < 2_000);
//! # Ok::<(), klangbild_engine::resample::ResampleError>(())
//! ```

mod mono;
mod mono_mix;
mod stereo;

use thiserror::Error;

pub use mono::MonoResampler;
pub use mono_mix::MonoMix;
pub use stereo::StereoResampler;

/// Why a resampler cannot be made or has stopped.
#[derive(Debug, Error)]
pub enum ResampleError {
    /// A rate is zero, or the two are too far apart.
    #[error(
        "cannot resample from {from_hz} Hz to {to_hz} Hz ({reason}): use rates between 1000 and 768000 Hz"
    )]
    Rates {
        /// The rate of the sound.
        from_hz: u32,
        /// The wanted rate.
        to_hz: u32,
        /// What the filter design says.
        reason: String,
    },
    /// The filter refused a chunk, which its contract rules out.
    #[error("the resampler failed ({0}): start the song again, and report this with the song's sample rate")]
    Filter(#[from] rubato::ResampleError),
}
