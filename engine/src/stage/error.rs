//! What can go wrong between a picture and a frame.

use thiserror::Error;

/// A failure of the stage; each message says what failed, where, and what to do.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum StageError {
    /// No adapter at all, not even a software one.
    #[error(
        "no GPU adapter was found: install a graphics driver, or mesa-vulkan-drivers for software Vulkan (Debian, Ubuntu)"
    )]
    NoAdapter,
    /// An adapter was asked for by name, and none is called so.
    #[error("no GPU adapter has \"{wanted}\" in its name; found: {found}")]
    NoSuchAdapter {
        /// The name that was asked for.
        wanted: String,
        /// The names that there are, separated by commas.
        found: String,
    },
    /// The adapter would not give a device.
    #[error("GPU {adapter} gave no device: {reason}; update its driver or choose another adapter")]
    NoDevice {
        /// The adapter's name.
        adapter: String,
        /// The driver's reason.
        reason: String,
    },
    /// A frame or picture without any pixels.
    #[error("{what} is {width_px}x{height_px}: both sides must be at least 1 px")]
    Empty {
        /// What was to be that size.
        what: &'static str,
        /// Width asked for.
        width_px: u32,
        /// Height asked for.
        height_px: u32,
    },
    /// More than the device can hold in one texture.
    #[error(
        "{what} is {width_px}x{height_px}: {adapter} draws at most {limit_px} px a side; choose a smaller size"
    )]
    TooLarge {
        /// What was to be that size.
        what: &'static str,
        /// Width asked for.
        width_px: u32,
        /// Height asked for.
        height_px: u32,
        /// The adapter's name.
        adapter: String,
        /// The device's limit for a side.
        limit_px: u32,
    },
    /// A picture whose pixel count does not fit its size.
    #[error("a picture says {width_px}x{height_px} but holds {found} pixels instead of {expected}")]
    PixelCount {
        /// Width that the picture states.
        width_px: u32,
        /// Height that the picture states.
        height_px: u32,
        /// `width_px * height_px`.
        expected: usize,
        /// Pixels that are there.
        found: usize,
    },
    /// WGSL that does not compile.
    #[error("shader {file}:{line}:{column}: {message}")]
    Shader {
        /// The shader's file name.
        file: String,
        /// Line in that file, the first being 1.
        line: u32,
        /// Letter in that line, the first being 1.
        column: u32,
        /// The compiler's words, on one line.
        message: String,
    },
    /// A scene that cannot be painted, whatever its shaders say.
    #[error("scene {scene}: {message}")]
    Scene {
        /// The scene's name.
        scene: String,
        /// What is wrong, and what to do.
        message: String,
    },
    /// A scene whose files are missing or wrong.
    #[error(transparent)]
    SceneFile(#[from] crate::scene::SceneError),
    /// Memory ran out or the driver refused something.
    #[error("{adapter} could not make {what}: {reason}")]
    Refused {
        /// What was to be made.
        what: String,
        /// The adapter's name.
        adapter: String,
        /// The driver's reason.
        reason: String,
    },
    /// The device was lost or reported an error after the fact.
    #[error("GPU {adapter} failed while drawing: {reason}; the device has to be made again")]
    Device {
        /// The adapter's name.
        adapter: String,
        /// The driver's reason.
        reason: String,
    },
    /// A read-back was asked for while every buffer of the belt was still in use.
    #[error("the read-back belt is full: take a frame from it before the next one goes on ({slots} buffers)")]
    BeltFull {
        /// How many buffers the belt has.
        slots: usize,
    },
    /// A belt made for one size was given a stage of another.
    #[error(
        "the read-back belt is {belt_width_px}x{belt_height_px} but the stage {stage_width_px}x{stage_height_px}"
    )]
    BeltSize {
        /// The belt's width.
        belt_width_px: u32,
        /// The belt's height.
        belt_height_px: u32,
        /// The stage's width.
        stage_width_px: u32,
        /// The stage's height.
        stage_height_px: u32,
    },
}

impl StageError {
    /// Whether it is a scene's fault: another one can be played instead.
    pub fn is_of_scene(&self) -> bool {
        matches!(self, Self::Shader { .. } | Self::Scene { .. } | Self::SceneFile(_) | Self::Refused { .. })
    }
}
