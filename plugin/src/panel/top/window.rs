//! The window itself: its history, its pin, and the screens that it can fill.

use egui::Ui;

use crate::panel::icon::Icon;
use crate::panel::pass::Pass;
use crate::panel::split::{Part, split};
use crate::panel::wish::Wish;
use crate::panel::{button, menu};

/// Width of a sign, at scale 1, and between two of them.
const SIGN: f32 = 26.0;
const GAP: f32 = 4.0;

#[derive(Clone, Copy)]
enum Sign {
    Undo,
    Redo,
    Pin,
    FullScreen,
    Screens,
}

/// Those that this window has.
fn signs(pass: &Pass<'_>) -> impl Iterator<Item = Sign> + use<> {
    let full_screen = pass.view.full_screen.map(|_| Sign::FullScreen);
    let screens = (!pass.view.monitors.is_empty()).then_some(Sign::Screens);
    [Sign::Undo, Sign::Redo, Sign::Pin].into_iter().chain(full_screen).chain(screens)
}

/// Width of [`window`], at scale 1.
pub fn width(pass: &Pass<'_>) -> f32 {
    signs(pass).count() as f32 * (SIGN + GAP) - GAP
}

/// Shows the signs.
pub fn window(ui: &mut Ui, pass: &mut Pass<'_>) {
    let signs: Vec<Sign> = signs(pass).collect();
    let parts = vec![Part::Px(SIGN); signs.len()];
    split(ui, &parts, GAP, |index, ui| show(ui, pass, signs[index]));
}

fn show(ui: &mut Ui, pass: &mut Pass<'_>, sign: Sign) {
    let view = pass.view;
    match sign {
        Sign::Undo => {
            ui.add_enabled_ui(view.can_undo, |ui| {
                if button::sign(ui, Icon::Undo, "Undo", "Takes the last change back.", None) {
                    pass.wish(Wish::Undo);
                }
            });
        }
        Sign::Redo => {
            ui.add_enabled_ui(view.can_redo, |ui| {
                if button::sign(ui, Icon::Redo, "Redo", "Makes the change again.", None) {
                    pass.wish(Wish::Redo);
                }
            });
        }
        Sign::Pin => {
            let on = view.settings.pinned;
            let tip = "Keeps the panel from fading. The tab key shows and hides it.";
            if button::sign(ui, Icon::Pin, "Pin", tip, Some(on)) {
                pass.set(|settings| settings.pinned = !on);
            }
        }
        Sign::FullScreen => {
            let on = view.full_screen == Some(true);
            let sign = if on { Icon::Shrink } else { Icon::Fill };
            if button::sign(ui, sign, "Full screen", "Fills the screen, or leaves it again.", Some(on)) {
                pass.wish(Wish::FullScreen(!on));
            }
        }
        Sign::Screens => {
            let tip = "The picture alone, in a window of its own that fills a screen.";
            let on = Some(view.picture_on.is_some());
            menu::sign(ui, pass, Icon::Screen, "Picture on a screen", tip, on, screens);
        }
    }
}

fn screens(ui: &mut Ui, pass: &mut Pass<'_>) {
    let view = pass.view;
    menu::heading(ui, "Fill a screen with the picture");
    for (index, name) in view.monitors.iter().enumerate() {
        let on = view.picture_on == Some(index);
        if menu::line(ui, name, on, "") {
            // A click on the one that is filled leaves it.
            pass.wish(Wish::ShowPicture((!on).then_some(index)));
        }
    }
    if view.picture_on.is_some() && button::words(ui, "Close it", "Closes the picture's own window.") {
        pass.wish(Wish::ShowPicture(None));
        ui.close();
    }
}
