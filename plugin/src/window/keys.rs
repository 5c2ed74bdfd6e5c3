//! What keys do while no text field has them. In a host only Tab is ours; the rest belongs to the host.

use egui::{Event, Key};
use klangbild_engine::controls::Correction;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Show or hide the panel.
    TogglePanel,
    /// Its key is held: leave the panel as it is.
    HoldPanel,
    /// Fill the screen, or not.
    FullScreen,
    /// Leave the full screen.
    Window,
    /// Another picture.
    NextPicture,
    /// A still.
    Still,
    /// Start or stop recording.
    Record,
    /// Put the beat right.
    Correct(Correction),
    /// Lock the beat, or let it go.
    Lock,
}

/// The command of a key press. `all` says whether the whole keyboard is ours.
pub fn command(event: &Event, all: bool) -> Option<Command> {
    let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return None };
    if modifiers.ctrl || modifiers.alt || modifiers.command {
        return None;
    }
    match key {
        Key::Tab if *repeat => Some(Command::HoldPanel),
        // A nudge that is held goes on.
        Key::ArrowLeft if all => Some(Command::Correct(Correction::Earlier)),
        Key::ArrowRight if all => Some(Command::Correct(Correction::Later)),
        _ if *repeat => None,
        Key::Tab => Some(Command::TogglePanel),
        _ if !all => None,
        Key::F | Key::F11 => Some(Command::FullScreen),
        Key::Escape => Some(Command::Window),
        Key::Space => Some(Command::NextPicture),
        Key::S => Some(Command::Still),
        Key::R => Some(Command::Record),
        Key::T => Some(Command::Correct(Correction::Tap)),
        Key::Comma => Some(Command::Correct(Correction::Half)),
        Key::Period => Some(Command::Correct(Correction::Double)),
        Key::Num1 | Key::Enter => Some(Command::Correct(Correction::One)),
        Key::M => Some(Command::Lock),
        _ => None,
    }
}
