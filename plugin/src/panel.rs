//! The panel over the picture: everything that can be turned, and how it is going.
//!
//! It only looks and wishes: [`Panel::show`] draws a [`View`] and returns what the user wants done. So it is the same in a
//! host, in the stand-alone window and in a test. It waits for nothing and touches no disk.

mod asked;
mod beat;
mod button;
mod clock;
mod deck;
mod field;
mod frame_size;
mod groups;
mod icon;
mod losses;
mod menu;
mod param;
mod pass;
mod problems;
mod scope;
mod slider;
mod split;
mod state;
mod style;
mod tab;
mod thumbnail;
mod tip;
mod toasts;
mod top;
mod view;
mod wish;

use egui::{Popup, Ui, pos2};

use pass::{Memory, Pass};

pub use style::dress;
pub use view::{Bounced, Drawing, Hint, Outfit, Recorded, View};
pub use wish::Wish;

/// What the panel remembers from frame to frame.
#[derive(Default)]
pub struct Panel {
    /// Whether a list is open, something is dragged or a field is being edited: it must not fade now.
    pub busy: bool,
    /// Whether the pointer is over the panel.
    pub under_pointer: bool,
    /// Whether the pointer is over a notice: these are there also while the panel is not.
    pub over_notice: bool,
    memory: Memory,
}

impl Panel {
    /// Draws the panel and the notices over the whole of `ui`, which must be the root of its context.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Vec<Wish> {
        self.fit(ui);
        let memory = &mut self.memory;
        memory.fields.clear();
        memory.losses.look(view.status.overruns, ui.input(|input| input.time));
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
        if !Popup::is_any_open(&ctx) {
            self.memory.asked = None;
        }
        self.under_pointer = over;
        self.busy = Popup::is_any_open(&ctx)
            || self.memory.gesture.is_some()
            || view.opacity > 0.0 && ctx.egui_wants_keyboard_input();
        self.over_notice = toasts::toasts(&ctx, view, toasts_at, &mut wishes);
        wishes
    }

    /// Ends what has been begun: call it when the window closes.
    pub fn end_gestures(&mut self) -> Vec<Wish> {
        self.memory.end_gesture()
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
