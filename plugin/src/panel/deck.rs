//! Where everything lies: a bar at the top and a deck at the bottom, from edge to edge, and the picture between them.

use egui::{Align2, Mesh, Rect, ScrollArea, Sense, Shape, TextStyle, Ui, UiBuilder, pos2, vec2};

use super::pass::Pass;
use super::problems::Problems;
use super::split::{Part, split};
use super::tab::Tab;
use super::{groups, slider, state, style, top};

/// Between the window's edge and the panel's content, at scale 1.
const EDGE: f32 = 16.0;
/// How softly the ground ends, at scale 1.
const SOFT: f32 = 26.0;
/// Between groups, at scale 1.
const GAP: f32 = 26.0;
/// Wider than this, sliders become too long to aim with.
const WIDEST: f32 = 1640.0;

/// What the panel covers.
pub struct Covered {
    /// At the top.
    pub bar: Rect,
    /// At the bottom.
    pub deck: Rect,
}

/// Draws bar and deck.
pub fn deck(ui: &mut Ui, pass: &mut Pass<'_>) -> Covered {
    let (window, scale) = (ui.ctx().viewport_rect(), style::scale(ui));
    ui.set_clip_rect(window);
    let room = window.size() / scale;
    let edge = if room.x < 400.0 { 10.0 } else { EDGE } * scale;
    let pad = if room.y < 400.0 { 7.0 } else { 10.0 } * scale;
    let inside = Rect::from_center_size(
        window.center(),
        vec2((window.width() - 2.0 * edge).min(WIDEST * scale), window.height()),
    );
    let rows = top::rows(inside.width() / scale);
    // In a low window only the first row stays; the others scroll with the rest.
    let fixed_rows = if room.y < 300.0 { 1 } else { rows.min(2) };
    let row_height = ui.spacing().interact_size.y;
    let row_gap = 6.0 * scale;
    let bar_height = pad + fixed_rows as f32 * (row_height + row_gap) - row_gap + pad * 0.5;
    let bar = Rect::from_min_size(window.min, vec2(window.width(), bar_height));
    let most = window.height() - bar_height - pad;
    let height =
        if pass.memory.deck_height > 0.0 { pass.memory.deck_height } else { 260.0 * scale }.min(most);
    let deck = window.with_min_y(window.bottom() - height - pad);

    // What is wrong stands over the deck, on the picture: it pushes nothing that somebody aims at. Only where there is no
    // picture left it comes at the deck's end.
    let problems = Problems::of(ui, pass, inside.width());
    let problems_height = problems.height();
    let above = deck.top() - problems_height - 4.0 * scale > bar.bottom();
    let covered = if above { deck.with_min_y(deck.top() - problems_height) } else { deck };
    ground(ui, bar, covered, SOFT * scale);
    let mut problems = Some(problems);
    if above && let Some(problems) = problems.take() {
        let rect = Rect::from_x_y_ranges(inside.x_range(), covered.top()..=deck.top());
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| problems.show(ui, pass));
    }
    for row in 0..fixed_rows {
        let min = pos2(inside.left(), window.top() + pad + row as f32 * (row_height + row_gap));
        let rect = Rect::from_min_size(min, vec2(inside.width(), row_height));
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| top::row(ui, pass, row, rows));
    }
    let rect = Rect::from_min_max(pos2(inside.left(), deck.top()), pos2(inside.right(), deck.bottom() - pad));
    let wide = inside.width() / scale >= 860.0 && room.y >= 420.0;
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        let output = ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
            for row in fixed_rows..rows.min(2) {
                top::row(ui, pass, row, rows);
                ui.add_space(2.0 * scale);
            }
            match wide {
                true => all(ui, pass, scale),
                false => one(ui, pass, scale),
            }
            // What is needed least stands last where everything stands in one column.
            for row in 2..rows {
                ui.add_space(2.0 * scale);
                top::row(ui, pass, row, rows);
            }
            ui.add_space(5.0 * scale);
            state::state(ui, pass);
            let height = ui.min_rect().height();
            if let Some(problems) = problems {
                problems.show(ui, pass);
            }
            height
        });
        let content = output.content_size.y;
        // Nor does the deck grow for what is wrong.
        let next = output.inner.min(most);
        pass.memory.scrolls = content > next + 0.5;
        if (next - pass.memory.deck_height).abs() > 0.25 {
            // The deck stands on the bottom, and its height is known only now.
            pass.memory.deck_height = next;
            ui.ctx().request_repaint();
        }
    });
    Covered { bar, deck: covered }
}

/// All groups side by side, and above them words and the scene's: there these can come and go, and nothing else moves.
fn all(ui: &mut Ui, pass: &mut Pass<'_>, scale: f32) {
    let roomy = ui.available_width() / scale >= 1230.0;
    // The row says what it is; in a low window the room above is for the picture, and for what is wrong.
    if ui.ctx().viewport_rect().height() / scale >= 600.0 {
        heading(ui, Tab::Words.name());
    }
    groups::words_strip(ui, pass);
    ui.add_space(4.0 * scale);
    if !pass.view.bill.head.controls.is_empty() {
        heading(ui, Tab::Scene.name());
        groups::strip(ui, pass, if roomy { 8 } else { 4 });
        ui.add_space(4.0 * scale);
    }
    let columns = |tab: Tab| if roomy && tab != Tab::Motion || tab == Tab::Look { 2 } else { 1 };
    let parts = Tab::COLUMNS.map(|tab| {
        let wider = match tab {
            Tab::Motion => 1.12,
            Tab::Look | Tab::Scene | Tab::Words => 0.97,
            Tab::Hearing | Tab::Output => 1.14,
        };
        Part::Share(wider * columns(tab) as f32)
    });
    split(ui, &parts, GAP, |index, ui| {
        let tab = Tab::COLUMNS[index];
        heading(ui, tab.name());
        group(ui, pass, tab, columns(tab));
    });
}

/// One group, and tabs for the others.
fn one(ui: &mut Ui, pass: &mut Pass<'_>, scale: f32) {
    split(ui, &[Part::Share(1.0); Tab::ALL.len()], 2.0, |index, ui| {
        let tab = Tab::ALL[index];
        if tab_button(ui, tab, tab == pass.memory.tab) {
            pass.memory.tab = tab;
        }
    });
    ui.add_space(2.0 * scale);
    let columns = if ui.available_width() / scale >= 380.0 { 2 } else { 1 };
    let tab = pass.memory.tab;
    let top = ui.cursor().top();
    group(ui, pass, tab, columns);
    // As high as the highest group, so that the tabs stay where they are.
    let highest = 5.0 * (slider::HEIGHT * scale + ui.spacing().item_spacing.y);
    ui.add_space((top + highest - ui.cursor().top()).max(0.0));
}

fn group(ui: &mut Ui, pass: &mut Pass<'_>, tab: Tab, columns: usize) {
    let parts = groups::parts(tab);
    if columns == 1 {
        parts.iter().for_each(|part| part(ui, pass));
    } else {
        split(ui, &[Part::Share(1.0); 2], 22.0, |index, ui| parts[index](ui, pass));
    }
}

fn heading(ui: &mut Ui, words: &str) {
    let scale = style::scale(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 17.0 * scale), Sense::hover());
    let text = egui::RichText::new(words.to_uppercase())
        .font(style::heading_font(ui))
        .extra_letter_spacing(1.6 * scale)
        .color(style::DIM);
    let galley = egui::WidgetText::from(text).into_galley(ui, None, f32::INFINITY, TextStyle::Small);
    ui.painter().galley(rect.left_top(), galley, style::DIM);
}

fn tab_button(ui: &mut Ui, tab: Tab, on: bool) -> bool {
    let scale = style::scale(ui);
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::Tab, ui.is_enabled(), on, tab.name())
    });
    let colour = if on || response.hovered() { style::INK } else { style::DIM };
    let font = TextStyle::Button.resolve(ui.style());
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, tab.name(), font, colour);
    let line = rect.with_min_y(rect.bottom() - 2.0 * scale);
    ui.painter().rect_filled(line, 1.0, if on { style::ACCENT } else { style::light(0.14) });
    response.clicked()
}

/// Near-black behind the content, ending softly towards the picture.
fn ground(ui: &Ui, bar: Rect, deck: Rect, soft: f32) {
    let soft = soft.min((deck.top() - bar.bottom()).max(0.0) / 2.0);
    fade(ui, bar.x_range(), &[(bar.top(), 1.0), (bar.bottom(), 1.0)], (bar.bottom(), bar.bottom() + soft));
    fade(ui, deck.x_range(), &[(deck.bottom(), 1.0), (deck.top(), 1.0)], (deck.top(), deck.top() - soft));
}

/// One mesh for the full and the fading part: two shapes would show a seam between them.
fn fade(ui: &Ui, across: egui::Rangef, full: &[(f32, f32)], (from, to): (f32, f32)) {
    const STEPS: u32 = 10;
    // Slow at both ends, so that no edge is to be seen.
    let fading = (1..=STEPS).map(|step| {
        let share = step as f32 / STEPS as f32;
        (egui::lerp(from..=to, share), 1.0 - share * share * (3.0 - 2.0 * share))
    });
    let mut mesh = Mesh::default();
    for (row, (y, share)) in full.iter().copied().chain(fading).enumerate() {
        let colour = style::ground().gamma_multiply(share);
        mesh.colored_vertex(pos2(across.min, y), colour);
        mesh.colored_vertex(pos2(across.max, y), colour);
        if row > 0 {
            let at = 2 * row as u32;
            mesh.add_triangle(at - 2, at - 1, at);
            mesh.add_triangle(at - 1, at, at + 1);
        }
    }
    ui.painter().add(Shape::mesh(mesh));
}
