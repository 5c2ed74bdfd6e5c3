//! Text fields: the only things in the panel that take the keyboard.

use egui::{Frame, Id, Key, Margin, Rect, Response, Sense, Stroke, TextEdit, Ui, UiBuilder, vec2};

use super::pass::{Pass, Typing};
use super::style;

/// Text that is typed and not yet wished for.
pub fn draft(
    ui: &mut Ui,
    fields: &mut Vec<Id>,
    text: &mut String,
    id: Id,
    name: &str,
    hint: &str,
) -> Response {
    let scale = style::scale(ui);
    let height = ui.spacing().interact_size.y;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    fields.push(id);
    let margin = Margin::symmetric((7.0 * scale) as i8, (4.0 * scale) as i8);
    let focused = ui.memory(|memory| memory.has_focus(id));
    let stroke = Stroke::new(1.0, if focused { style::ACCENT } else { egui::Color32::TRANSPARENT });
    ui.painter().rect(rect, style::radius(scale), style::light(0.07), stroke, egui::StrokeKind::Inside);
    let edit = TextEdit::singleline(text)
        .id(id)
        .frame(Frame::NONE.inner_margin(margin))
        .hint_text(egui::RichText::new(hint).color(style::DIM))
        .char_limit(400)
        .align(egui::Align2::LEFT_CENTER);
    ui.put(rect, edit).accessible_name(name)
}

/// Turns something else into a text field, with everything selected.
pub fn begin(pass: &mut Pass<'_>, id: Id, text: &str) {
    pass.memory.typing = Some(Typing { id, text: text.to_owned(), begun: false });
}

/// The field that something has turned into: `Some` once when the text is entered. Escape leaves things as they were.
pub fn in_place(ui: &mut Ui, pass: &mut Pass<'_>, id: Id, rect: Rect, name: &str) -> Option<String> {
    let scale = style::scale(ui);
    let mut typing = pass.memory.typing.take().filter(|typing| typing.id == id)?;
    ui.painter().rect_filled(
        rect.expand2(vec2(5.0, 1.0) * scale),
        style::radius(scale * 0.6),
        style::light(0.14),
    );
    let edit = TextEdit::singleline(&mut typing.text)
        .id(id)
        .frame(Frame::NONE)
        .margin(Margin::ZERO)
        .align(egui::Align2::RIGHT_CENTER)
        .char_limit(40)
        .desired_width(rect.width());
    // As high as fields are, so that its text stands where the text was that it takes the place of.
    let line = Rect::from_center_size(rect.center(), vec2(rect.width(), ui.spacing().interact_size.y));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(line));
    let output = edit.show(&mut inner);
    let response = output.response.response.accessible_name(name);
    pass.memory.fields.push(id);
    if !typing.begun {
        typing.begun = true;
        response.request_focus();
        let all = egui::text::CCursorRange::select_all(&output.galley);
        let mut state = output.state;
        state.cursor.set_char_range(Some(all));
        state.store(ui.ctx(), id);
    } else if response.lost_focus() || !response.has_focus() {
        return ui.input(|input| !input.key_pressed(Key::Escape)).then_some(typing.text);
    }
    pass.memory.typing = Some(typing);
    None
}

/// A field that shows `current` until something else is entered, by the enter key or by leaving it.
pub fn value(
    ui: &mut Ui,
    pass: &mut Pass<'_>,
    name: &str,
    current: &str,
    hint: &str,
    tip: &str,
) -> Option<String> {
    let id = Id::unique(("klangbild field", name));
    let typing = pass.memory.typing.take();
    let (mut text, others) = match typing {
        Some(typing) if typing.id == id => (typing.text, None),
        other => (current.to_owned(), other),
    };
    let response = draft(ui, &mut pass.memory.fields, &mut text, id, name, hint).on_hover_text(tip);
    pass.memory.typing = others;
    if response.has_focus() {
        pass.memory.typing = Some(Typing { id, text, begun: true });
        return None;
    }
    let entered = response.lost_focus() && ui.input(|input| !input.key_pressed(Key::Escape));
    (entered && text != current).then_some(text)
}
