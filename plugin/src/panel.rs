//! The panel over the picture: everything that can be turned, and how it is going.
//!
//! It only looks and wishes: [`Panel::show`] draws a [`View`] and returns what the user wants done. So it is the same in a
//! host, in the stand-alone window and in a test. It waits for nothing and touches no disk.

mod button;
mod deck;
mod field;
mod frame_size;
mod groups;
mod icon;
mod menu;
mod param;
mod pass;
mod scope;
mod slider;
mod split;
mod state;
mod style;
mod tip;
mod toasts;
mod top;

use std::path::{Path, PathBuf};

use egui::{Popup, Ui, pos2};
use klangbild_engine::hearing::Heard;
use klangbild_engine::live::Status;
use klangbild_engine::tap::Transport;
use nice_plug::prelude::ParamPtr;

use crate::notice::Notice;
use crate::params::KlangbildParams;
use crate::settings::Settings;
use pass::{Memory, Pass};

pub use style::dress;

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
    /// Names of the presets that come with the program.
    pub factory_presets: &'a [String],
    /// Names of the user's own.
    pub own_presets: &'a [String],
    /// The recording that runs.
    pub recording: Option<&'a Recorded>,
    /// Lines to show for a while; these are seen even while the panel is not.
    pub notices: &'a [Notice],
    /// Whether there is anything to undo.
    pub can_undo: bool,
    /// Whether there is anything to redo.
    pub can_redo: bool,
    /// Whether the window fills the screen; `None` where that is the host's business.
    pub full_screen: Option<bool>,
    /// From 0 (the panel is hidden, only notices show) to 1.
    pub opacity: f32,
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
}

/// How a recording is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Length so far, in seconds.
    pub seconds: f64,
    /// Frames that were dropped because the machine is too slow.
    pub dropped: u64,
}

/// What the user wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// A gesture on a parameter begins.
    Begin(ParamPtr),
    /// The parameter is to have this normalised value, 0 to 1.
    Set(ParamPtr, f32),
    /// The gesture ends.
    End(ParamPtr),
    /// The settings are to be these.
    Settings(Settings),
    /// Look for packs and presets again.
    Rescan,
    /// Write a still.
    Capture,
    /// Start or stop recording.
    Record(bool),
    /// Another picture.
    NextPicture,
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
    /// Take a notice away.
    Dismiss(u64),
}

/// What the panel remembers from frame to frame.
#[derive(Default)]
pub struct Panel {
    /// Whether a list is open, something is dragged or a field is being edited: it must not fade now.
    pub busy: bool,
    /// Whether the pointer is over the panel.
    pub under_pointer: bool,
    memory: Memory,
}

impl Panel {
    /// Draws the panel and the notices over the whole of `ui`, which must be the root of its context.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Vec<Wish> {
        self.fit(ui);
        let memory = &mut self.memory;
        memory.fields.clear();
        let mut pass = Pass { view, memory, wishes: Vec::new() };
        let (ctx, window, scale) = (ui.ctx().clone(), ui.ctx().viewport_rect(), style::scale(ui));
        let mut toasts_at = pos2(window.center().x, window.bottom() - 14.0 * scale);
        let mut over = false;
        if view.opacity > 0.0 {
            let covered = ui.scope(|ui| {
                ui.set_opacity(view.opacity);
                deck::deck(ui, &mut pass)
            });
            let covered = covered.inner;
            over = ctx
                .pointer_hover_pos()
                .is_some_and(|at| covered.bar.contains(at) || covered.deck.contains(at));
            // Notices lie above the deck where the picture has room for them, and move down with it as it fades.
            if covered.deck.top() - covered.bar.bottom() > 90.0 * scale {
                toasts_at.y = egui::lerp(toasts_at.y..=covered.deck.top() - 8.0 * scale, view.opacity);
            }
        } else {
            Popup::close_all(&ctx);
            pass.memory.forget();
            pass.wishes.extend(pass.memory.end_gesture());
        }
        pass.finish(ui);
        let mut wishes = pass.wishes;
        self.under_pointer = over;
        self.busy = Popup::is_any_open(&ctx)
            || self.memory.gesture.is_some()
            || view.opacity > 0.0 && ctx.egui_wants_keyboard_input();
        toasts::toasts(&ctx, view.notices, toasts_at, &mut wishes);
        wishes
    }

    /// Ends what has been begun: call it when the window closes.
    pub fn end_gestures(&mut self) -> Vec<Wish> {
        self.memory.end_gesture().into_iter().collect()
    }

    /// Sizes everything for the window.
    fn fit(&mut self, ui: &mut Ui) {
        let scale = style::scale_for(ui.ctx().viewport_rect().size());
        // Asked of the context and not remembered: a window that is opened again has another one.
        if (scale - style::scale(ui)).abs() > 0.01 {
            self.memory.deck_height = 0.0;
            style::fit(ui.ctx(), scale);
            // This frame's root has been given the style from before.
            let style = ui.ctx().global_style();
            ui.set_style(style);
        }
    }
}

#[cfg(test)]
mod tests;
