//! What has to be clicked twice.

use egui::Ui;

use super::button;
use super::pass::{Pass, Question};

/// Words that have to be clicked twice, since what they do cannot be taken back, or takes much; whether they have been.
pub fn asked(ui: &mut Ui, pass: &mut Pass<'_>, question: Question, words: &str, tip: &str) -> bool {
    let sure = pass.memory.asked.as_ref() == Some(&question);
    let label = match (sure, &question) {
        (false, _) => words.to_owned(),
        (true, Question::Delete(name)) => format!("Really delete \"{name}\"?"),
        (true, Question::Replace(name) | Question::Update(name)) => format!("Really replace \"{name}\"?"),
        (true, Question::Fetch(_, size)) => format!("Really fetch {size}?"),
        (true, Question::RemovePart(name)) => format!("Really remove {name}?"),
    };
    if !button::words(ui, &label, tip) {
        return false;
    }
    pass.memory.asked = (!sure).then_some(question);
    sure
}
