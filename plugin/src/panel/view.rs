//! What the panel looks at.

use std::path::{Path, PathBuf};

use klangbild_engine::hearing::Heard;
use klangbild_engine::inference::Provider;
use klangbild_engine::inference::devices::Device;
use klangbild_engine::inference::wish::apart::Apart;
use klangbild_engine::live::Status;
use klangbild_engine::tap::Transport;

use crate::errand::Progress;
use crate::heads::ListedScene;
use crate::notice::Notice;
use crate::params::KlangbildParams;
use crate::playbill::Bill;
use crate::preset::ListedPreset;
use crate::runtime_parts::Listed;
use crate::settings::Settings;

/// Everything that the panel shows.
pub struct View<'a> {
    /// The parameters: read their values, and wish for changes by pointer.
    pub params: &'a KlangbildParams,
    /// Pack, folders, sizes.
    pub settings: &'a Settings,
    /// Where stills and videos go: [`Settings::output_folder`], which may look at the disk and so is not asked here.
    pub output_folder: &'a Path,
    /// Models.
    pub status: &'a Status,
    /// What is heard now.
    pub heard: &'a Heard,
    /// What the host says.
    pub transport: &'a Transport,
    /// The newest samples, mono, -1 to 1.
    pub scope: &'a [f32],
    /// The stage.
    pub drawing: &'a Drawing,
    /// What `pack` may be: reference and title.
    pub packs: &'a [(String, String)],
    /// What the scene may be, the built-in ones first.
    pub scenes: &'a [ListedScene],
    /// Where the user's own lie.
    pub scenes_folder: Option<&'a Path>,
    /// The scene that plays.
    pub bill: &'a Bill,
    /// The presets that come with the program.
    pub factory_presets: &'a [ListedPreset],
    /// The user's own.
    pub own_presets: &'a [ListedPreset],
    /// Whether the look is no longer that of the preset that was chosen.
    pub preset_changed: bool,
    /// The recording that runs.
    pub recording: Option<&'a Recorded>,
    /// The bounce that runs.
    pub bouncing: Option<&'a Bounced>,
    /// What runs the models, as it was chosen, and what else could.
    pub outfit: &'a Outfit,
    /// What is being fetched to run them.
    pub errand: Option<&'a Progress>,
    /// Files and folders that were made here, the newest first.
    pub made: &'a [PathBuf],
    /// What is to be said about the panel itself.
    pub hint: Option<Hint>,
    /// Lines to show for a while; these are seen even while the panel is not.
    pub notices: &'a [Notice],
    /// Whether there is anything to undo.
    pub can_undo: bool,
    /// Whether there is anything to redo.
    pub can_redo: bool,
    /// Whether the window fills the screen; `None` where that is the host's business.
    pub full_screen: Option<bool>,
    /// The monitors that a window for the picture alone can fill, by name; none where there can be no such window.
    pub monitors: &'a [String],
    /// Which of them it fills, while it is open.
    pub picture_on: Option<usize>,
    /// From 0 (the panel is hidden, only notices show) to 1.
    pub opacity: f32,
}

/// What runs the models on this machine.
#[derive(Debug, Default)]
pub struct Outfit {
    /// The providers that were chosen by hand; none where the quickest runs them.
    pub chosen: Option<Vec<Provider>>,
    /// The card that was chosen by hand: a number, or a part of a name; empty where the strongest runs them.
    pub device: String,
    /// The cards that they can run on.
    pub devices: Vec<Device>,
    /// Which packs' models run in a process of their own.
    pub apart: Apart,
    /// What can be fetched, and what has been.
    pub parts: Vec<Listed>,
}

/// How the stage is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The adapter and its backend; empty while there is none.
    pub adapter: String,
    /// Frames in the last second.
    pub fps: f32,
    /// What a frame takes, in milliseconds.
    pub frame_ms: f32,
    /// Width and height of the window in pixels.
    pub window_px: (u32, u32),
    /// Width and height of the frame that is drawn; smaller than the window where the adapter is slow.
    pub frame_px: (u32, u32),
    /// The scene's cheaper way in which it is painted, for the same reason; empty for the whole.
    pub tier: String,
}

/// How a recording is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Length so far, in seconds.
    pub seconds: f64,
    /// Frames that were dropped because the machine is too slow.
    pub dropped: u64,
}

/// How a bounce is doing; how far it has to go only the host knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounced {
    /// Frames drawn.
    pub frames: u64,
    /// Length of the video so far, in seconds.
    pub seconds: f64,
}

/// Words about the panel, which come and go softly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hint {
    /// The words.
    pub words: &'static str,
    /// How strongly they show, 0 to 1.
    pub strength: f32,
}
