//! What a window says about the models.

use crate::pack::size::PictureSize;

/// How the live engine is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What the pack that plays is called; empty before the first one.
    pub pack: String,
    /// What is being loaded, as it was asked for, while that takes.
    pub loading: Option<String>,
    /// The models.
    pub models: Models,
    /// Why the pack that was asked for does not play, in one line with the cure.
    pub pack_error: Option<String>,
    /// Providers that were asked for and do not run, models that give no numbers now and then, and processes of models that died: a
    /// line each.
    pub fallbacks: Vec<String>,
    /// What was said and is not understood: a line each, with the cure.
    pub words: Vec<String>,
    /// Samples that were lost because the ears were kept from running.
    pub overruns: u64,
}

/// The state of encoder and generator.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Models {
    /// Nobody has been awake yet.
    #[default]
    Asleep,
    /// They are being loaded; the stage moves by hearing alone.
    Loading,
    /// They run.
    Running {
        /// What runs them: `encoder and generator on CPU`.
        provider: String,
        /// The same for a file's tags, with devices: see [`ModelsStatus::tags`](crate::dreamer::ModelsStatus::tags).
        tags: Vec<(String, String)>,
        /// One run of the encoder, in milliseconds.
        encoder_ms: f64,
        /// One run of the generator, in milliseconds.
        generator_ms: f64,
        /// Size of the pictures.
        picture_size: PictureSize,
        /// Pictures in the last second.
        pictures_per_s: f64,
    },
    /// They do not run, and why, in one line with the cure. The stage moves by hearing alone.
    Failed(String),
}
