//! The choice of a frame's size.

use egui::{Id, Key, Ui};

use super::pass::Pass;
use super::{field, menu as list};
use crate::settings::Settings;

/// Sizes with a name.
const NAMED: [(&str, (u32, u32)); 6] = [
    ("720p", (1280, 720)),
    ("1080p", (1920, 1080)),
    ("1440p", (2560, 1440)),
    ("4K", (3840, 2160)),
    ("Square", (1080, 1080)),
    ("Upright", (1080, 1920)),
];

/// Shows the size `now` and lets another one be chosen, or typed.
pub fn menu(
    ui: &mut Ui,
    pass: &mut Pass<'_>,
    name: &str,
    now: (u32, u32),
    put: impl Fn(&mut Settings, (u32, u32)),
) {
    let tip = format!("{name}: {} pixels.", digits(now));
    let window = pass.view.drawing.window_px;
    list::menu(ui, pass, name, &words(now), &tip, |ui, pass| {
        let mut chosen = None;
        if window.0 > 0 && list::line(ui, &format!("Window: {}", digits(window)), false, "") {
            chosen = Some(window);
        }
        for (name, px) in NAMED {
            if list::line(ui, &format!("{name}: {}", digits(px)), px == now, "") {
                chosen = Some(px);
            }
        }
        list::heading(ui, "Own size");
        let id = Id::unique(("klangbild size", name));
        let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_default();
        let response = field::draft(ui, &mut pass.memory.fields, &mut text, id, "Own size", &digits(now));
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            chosen = parse(&text);
            if chosen.is_some() {
                text.clear();
                ui.close();
            }
        }
        ui.data_mut(|data| data.insert_temp(id, text));
        if let Some(px) = chosen {
            pass.set(|settings| {
                put(settings, px);
                *settings = settings.clone().bounded();
            });
        }
    });
}

/// A size in as few letters as possible.
fn words(px: (u32, u32)) -> String {
    let named = NAMED.iter().find(|(_, named)| *named == px);
    named.map_or_else(|| digits(px), |(name, _)| (*name).to_owned())
}

/// A size in digits.
pub fn digits((width, height): (u32, u32)) -> String {
    format!("{width} × {height}")
}

/// Two numbers with anything between them.
fn parse(text: &str) -> Option<(u32, u32)> {
    let mut numbers =
        text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for text in ["1920x1080", "1920 × 1080", " 1920, 1080 px"] {
            assert_eq!(parse(text), Some((1920, 1080)));
        }
        assert_eq!(parse("1080p"), None);
        assert_eq!((words((3840, 2160)), words((640, 480))), ("4K".to_owned(), "640 × 480".to_owned()));
    }
}
