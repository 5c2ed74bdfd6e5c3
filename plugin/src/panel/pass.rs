//! One drawing of the panel: what is looked at, what is remembered, and what is wished for.

use egui::{Id, Ui};
use nice_plug::prelude::ParamPtr;

use super::losses::Losses;
use super::param::Knob;
use super::tab::Tab;
use super::view::View;
use super::wish::Wish;

/// What lasts from frame to frame.
#[derive(Default)]
pub struct Memory {
    /// The drag that goes on.
    pub gesture: Option<Gesture>,
    /// The text field in use.
    pub typing: Option<Typing>,
    /// Name of the preset that is about to be saved.
    pub preset_name: String,
    /// The tag of the presets that are shown; empty for all.
    pub preset_tag: String,
    /// What has to be confirmed by a second click.
    pub asked: Option<Question>,
    /// The group that shows where there is no room for all.
    pub tab: Tab,
    /// Height of the deck in the frame before; 0 before the first.
    pub deck_height: f32,
    /// Whether the deck has more than it can show, so that the wheel scrolls.
    pub scrolls: bool,
    /// Part of a step that the wheel has turned.
    pub wheel: f32,
    /// Since when a pack has been loading, in seconds.
    pub loading_since_s: Option<f64>,
    /// Samples that were not heard.
    pub losses: Losses,
    /// Text fields of this frame: nothing else may have the keyboard.
    pub fields: Vec<Id>,
}

/// A drag on a parameter.
pub struct Gesture {
    /// The parameter.
    param: ParamPtr,
    /// The widget; the gesture lasts for as long as it is dragged.
    id: Id,
    /// Where the drag has got to. Not read back from the parameter: that may have steps, and hosts take their time.
    pub value: f32,
    /// Where the pointer was, in logical pixels.
    last_x: f32,
    /// What it comes back to at the end, where it is only held.
    rest: Option<f32>,
    /// Whether it has begun in this frame.
    fresh: bool,
}

/// Something that cannot be taken back, or takes much; each with the name of the preset or part that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Delete it?
    Delete(String),
    /// Save another look under its name?
    Replace(String),
    /// Save its changes?
    Update(String),
    /// Fetch it? With its size.
    Fetch(String, String),
    /// Remove it?
    RemovePart(String),
}

/// A text field in use.
pub struct Typing {
    /// The field.
    pub id: Id,
    /// What is in it.
    pub text: String,
    /// Whether it has had the keyboard yet.
    pub begun: bool,
}

/// One frame.
pub struct Pass<'a> {
    /// What is looked at.
    pub view: &'a View<'a>,
    /// What is remembered.
    pub memory: &'a mut Memory,
    /// What is wished for.
    pub wishes: Vec<Wish>,
}

impl Pass<'_> {
    /// Wishes for something.
    pub fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    /// Changes the settings.
    pub fn set(&mut self, change: impl FnOnce(&mut crate::settings::Settings)) {
        let mut settings = self.view.settings.clone();
        change(&mut settings);
        if settings != *self.view.settings {
            self.wish(Wish::Settings(settings));
        }
    }

    /// A whole gesture at once: a click, a step of the wheel, a number that was typed.
    pub fn change(&mut self, knob: Knob<'_>, value: f32) {
        let param = knob.ptr();
        self.wishes.extend([Wish::Begin(param), Wish::Set(param, value.clamp(0.0, 1.0)), Wish::End(param)]);
    }

    /// A drag begins.
    pub fn begin(&mut self, id: Id, knob: Knob<'_>, x: f32) {
        self.wishes.extend(self.memory.end_gesture());
        let (param, value) = (knob.ptr(), knob.base());
        self.memory.gesture = Some(Gesture { param, id, value, last_x: x, rest: None, fresh: true });
        self.wish(Wish::Begin(knob.ptr()));
    }

    /// Something is held at `value` for as long as its widget is pressed, for a frame at least, and then goes back.
    pub fn hold(&mut self, id: Id, knob: Knob<'_>, value: f32) {
        self.begin(id, knob, 0.0);
        if let Some(gesture) = &mut self.memory.gesture {
            gesture.rest = Some(knob.default());
            self.wishes.push(Wish::Set(knob.ptr(), value));
        }
    }

    /// The drag has come to `x`; a pixel is worth `per_px`.
    pub fn drag(&mut self, id: Id, x: f32, per_px: f32) {
        let Some(gesture) = self.memory.gesture.as_mut().filter(|gesture| gesture.id == id) else { return };
        let value = gesture.value + (x - gesture.last_x) * per_px;
        gesture.last_x = x;
        if value.clamp(0.0, 1.0) != gesture.value {
            gesture.value = value.clamp(0.0, 1.0);
            self.wishes.push(Wish::Set(gesture.param, gesture.value));
        }
    }

    /// Ends the drag whose widget is no longer dragged, for whatever reason, and takes the keyboard from all that is no text
    /// field: in a host, keys play.
    pub fn finish(&mut self, ui: &Ui) {
        let ctx = ui.ctx();
        if let Some(gesture) = &mut self.memory.gesture {
            // What is held counts as pressed in one frame at least.
            let stays = gesture.rest.is_some() && std::mem::take(&mut gesture.fresh);
            if stays {
                ctx.request_repaint();
            } else if !ctx.is_being_dragged(gesture.id) {
                self.wishes.extend(self.memory.end_gesture());
            }
        }
        // The tab key shows and hides the panel; egui would also move the keyboard with it.
        let tab = ctx.input(|input| input.key_pressed(egui::Key::Tab));
        let focused = ctx.memory(egui::Memory::focused);
        if let Some(id) = focused.filter(|id| tab || !self.memory.fields.contains(id)) {
            ctx.memory_mut(|memory| memory.surrender_focus(id));
        }
    }
}

impl Memory {
    /// Ends the drag that goes on.
    pub fn end_gesture(&mut self) -> Vec<Wish> {
        let Some(Gesture { param, rest, .. }) = self.gesture.take() else { return Vec::new() };
        rest.map(|rest| Wish::Set(param, rest)).into_iter().chain([Wish::End(param)]).collect()
    }

    /// Forgets what was about to happen in a panel that is hidden now.
    pub fn forget(&mut self) {
        self.typing = None;
        self.asked = None;
    }

    /// The value that a drag on this widget has got to.
    pub fn dragged_to(&self, id: Id) -> Option<f32> {
        self.gesture.as_ref().filter(|gesture| gesture.id == id).map(|gesture| gesture.value)
    }
}
