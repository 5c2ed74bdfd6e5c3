//! What is wrong, and what takes long: a line each, with its cure, and a button where the cure is a click.

use std::sync::Arc;

use egui::{Color32, Galley, Rect, Sense, TextStyle, Ui, UiBuilder, vec2};
use klangbild_engine::live::Models;

use super::pass::Pass;
use super::view::View;
use super::wish::Wish;
use super::{button, style};

/// A pack that loads for longer than this is spoken of, in seconds.
const LONG_S: f64 = 1.0;
/// Width of a button, at scale 1.
const BUTTON: f32 = 64.0;

/// One line.
struct Problem {
    words: String,
    colour: Color32,
    /// Label and tip of a button, and what it wishes for.
    cure: Option<(&'static str, &'static str, Wish)>,
}

/// Lines, laid out for a width but not drawn yet.
pub struct Problems {
    lines: Vec<(Arc<Galley>, Problem)>,
    gap: f32,
    button: f32,
}

impl Problems {
    /// What is wrong now.
    pub fn of(ui: &Ui, pass: &mut Pass<'_>, width: f32) -> Self {
        let scale = style::scale(ui);
        let font = TextStyle::Small.resolve(ui.style());
        let lines = problems(pass, ui.input(|input| input.time)).into_iter().map(|problem| {
            let room = if problem.cure.is_some() { width - (BUTTON + 10.0) * scale } else { width };
            let words = problem.words.clone();
            (ui.painter().layout(words, font.clone(), problem.colour, room), problem)
        });
        Self { lines: lines.collect(), gap: 3.0 * scale, button: ui.spacing().interact_size.y }
    }

    /// What they take; nothing where nothing is wrong.
    pub fn height(&self) -> f32 {
        let lines: f32 = self.lines.iter().map(|line| self.height_of(line) + self.gap).sum();
        // Apart from the headings below.
        if lines > 0.0 { lines + 2.0 * self.gap } else { 0.0 }
    }

    fn height_of(&self, (words, problem): &(Arc<Galley>, Problem)) -> f32 {
        if problem.cure.is_some() { words.size().y.max(self.button) } else { words.size().y }
    }

    /// Draws them.
    pub fn show(self, ui: &mut Ui, pass: &mut Pass<'_>) {
        ui.spacing_mut().item_spacing.y = self.gap;
        let heights: Vec<f32> = self.lines.iter().map(|line| self.height_of(line)).collect();
        for ((words, problem), height) in self.lines.into_iter().zip(heights) {
            let size = vec2(ui.available_width(), height);
            let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::accesskit::Role::Label, ui.is_enabled(), words.text())
            });
            let middle = rect.center().y;
            let at = egui::pos2(rect.left(), middle - words.size().y / 2.0);
            let scale = style::scale(ui);
            let behind = at.x + words.size().x + 10.0 * scale;
            ui.painter().galley(at, words, problem.colour);
            if let Some((label, tip, wish)) = problem.cure {
                let size = vec2(BUTTON * scale, self.button);
                let place = Rect::from_min_size(egui::pos2(behind, middle - size.y / 2.0), size);
                if button::words(&mut ui.new_child(UiBuilder::new().max_rect(place)), label, tip) {
                    pass.wish(wish);
                }
            }
        }
    }
}

/// All lines, at a time in seconds.
fn problems(pass: &mut Pass<'_>, now_s: f64) -> Vec<Problem> {
    let view: &View<'_> = pass.view;
    let status = view.status;
    let wrong = |words: String| Problem { words, colour: style::WARM, cure: None };
    let again = |words: String| Problem {
        cure: Some(("Again", "Tries once more to load the pack.", Wish::LoadAgain)),
        ..wrong(words)
    };
    let mut lines = Vec::new();
    if view.params.bypass.value() {
        lines.push(wrong("Bypassed: the picture rests, the sound goes on".to_owned()));
    }
    if let Models::Failed(error) = &status.models {
        lines.push(again(format!("The models do not run: {error}")));
    }
    if let Some(error) = &status.pack_error {
        lines.push(again(format!("Pack {}: {error}", view.settings.pack)));
    }
    lines.extend(status.fallbacks.iter().cloned().map(wrong));
    // What is not understood matters while it should lead.
    if view.params.controls().words_amount > 0.0 {
        lines.extend(status.words.iter().cloned().map(wrong));
    }
    let since_s = status.loading.as_ref().map(|_| pass.memory.loading_since_s.unwrap_or(now_s));
    pass.memory.loading_since_s = since_s;
    if let Some(reference) = status.loading.as_ref().filter(|_| since_s.is_some_and(|s| now_s - s >= LONG_S))
    {
        let plays = match status.pack.as_str() {
            "" => "until then the stage moves by the sound alone".to_owned(),
            title => format!("until then {title} plays on"),
        };
        lines.push(Problem {
            words: format!("The pack {reference} is being loaded; {plays}"),
            colour: style::INK,
            cure: Some(("Cancel", "Gives it up; what plays goes on.", Wish::CancelLoading)),
        });
    }
    lines
}
