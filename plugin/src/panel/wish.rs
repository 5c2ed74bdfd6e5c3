//! What the panel wishes for.

use std::path::PathBuf;

use klangbild_engine::controls::Correction;
use klangbild_engine::inference::Provider;
use klangbild_engine::inference::devices::Device;
use klangbild_engine::inference::wish::apart::Apart;
use klangbild_engine::knobs::{KnobId, Value};
use klangbild_engine::scene::Scene;
use nice_plug::prelude::ParamPtr;

use crate::settings::Settings;

/// What the user wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// A gesture on a parameter begins.
    Begin(ParamPtr),
    /// The parameter is to have this normalised value, 0 to 1.
    Set(ParamPtr, f32),
    /// The gesture ends.
    End(ParamPtr),
    /// Play this scene, as it was meant.
    Scene(Scene),
    /// Show the folder of the user's own scenes in the system's file manager; it is made if there is none.
    OpenScenesFolder,
    /// The settings are to be these.
    Settings(Settings),
    /// One of the rows that suit whoever watches is to be this.
    Viewer(KnobId, Value),
    /// The models are to run on this card; none: the strongest.
    Device(Option<Device>),
    /// This provider is to run the models on this machine; none: the quickest that is right.
    Provider(Option<Provider>),
    /// The models of these packs are to run in a process of their own on this machine.
    Apart(Apart),
    /// Fetch and install this part of ONNX Runtime.
    InstallPart(String),
    /// Remove it.
    RemovePart(String),
    /// Stop what is being fetched.
    StopErrand,
    /// Look for packs and presets again.
    Rescan,
    /// Try again to load the pack that was asked for.
    LoadAgain,
    /// Give up the pack that is being loaded.
    CancelLoading,
    /// Write a still.
    Capture,
    /// Start or stop recording.
    Record(bool),
    /// End the bounce's video here, whatever the host still renders.
    StopBounce,
    /// Another picture.
    NextPicture,
    /// Put the beat right.
    Correct(Correction),
    /// Lock the beat, or let it go.
    Lock(bool),
    /// Load a preset by name; the user's own before the factory's.
    Preset(String),
    /// Save everything as the user's own preset of this name.
    SavePreset(String),
    /// Delete the user's own preset of this name.
    DeletePreset(String),
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// Show this file or folder in the system's file manager.
    Open(PathBuf),
    /// Fill the screen or not.
    FullScreen(bool),
    /// Fill this monitor with a window for the picture alone, or close that.
    ShowPicture(Option<usize>),
    /// Take a notice away.
    Dismiss(u64),
}
