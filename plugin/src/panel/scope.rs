//! What is heard, drawn: waveform, bands, drums, beat, and where the host stands.

use egui::{Align2, Painter, Pos2, Rect, Sense, Shape, Stroke, TextStyle, Ui, pos2, vec2};
use klangbild_engine::hearing::Heard;
use klangbild_engine::tap::Transport;

use super::pass::Pass;
use super::{icon, style};

/// Draws all of it over the whole width.
pub fn scope(ui: &mut Ui, pass: &mut Pass<'_>) {
    let (view, scale) = (pass.view, style::scale(ui));
    let tip = "The newest sound, and below it how strong it is from 30 Hz to 16 kHz.";
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0 * scale), Sense::hover());
    response.on_hover_text(tip);
    let (above, below) = rect.split_top_bottom_at_fraction(0.52);
    wave(ui.painter(), above, view.scope, scale);
    bands(ui.painter(), below.shrink2(vec2(0.0, 3.0 * scale)), &view.heard.bands, scale);

    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0 * scale), Sense::hover());
    response.on_hover_text("Lamps that light up with kick, snare and hat.");
    let drums = [("Kick", view.heard.kick), ("Snare", view.heard.snare), ("Hat", view.heard.hat)];
    let font = TextStyle::Small.resolve(ui.style());
    for ((name, drum), share) in drums.into_iter().zip([0.0, 0.36, 0.76]) {
        let at = pos2(rect.left() + rect.width() * share + 4.0 * scale, rect.center().y);
        lamp(ui.painter(), at, drum.pulse, scale);
        let text = pos2(at.x + 9.0 * scale, at.y);
        ui.painter().text(text, Align2::LEFT_CENTER, name, font.clone(), style::DIM);
    }

    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0 * scale), Sense::hover());
    response
        .on_hover_text(format!("The beat: the ring fills from one to the next. {}.", host(view.transport)));
    tempo(ui, rect, view.heard, scale);
    let (words, colour) = match position(view.transport) {
        Some(words) if view.transport.playing => (words, style::INK),
        Some(words) => (words, style::FAINT),
        None => ("by ear".to_owned(), style::DIM),
    };
    ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, words, font, colour);
}

fn wave(painter: &Painter, rect: Rect, samples: &[f32], scale: f32) {
    let middle = rect.center().y;
    painter.hline(rect.x_range(), middle, Stroke::new(1.0, style::light(0.14)));
    // No more points than pixels; each the sample that is farthest out, so that no peak is missed.
    let width = (rect.width() as usize).max(2);
    let each = samples.len().div_ceil(width).max(1);
    let chunks = samples.chunks(each);
    let last = chunks.len().saturating_sub(1).max(1) as f32;
    let points: Vec<Pos2> = chunks
        .enumerate()
        .map(|(index, chunk)| {
            let far =
                chunk.iter().copied().fold(0.0, |far: f32, x| if x.abs() > far.abs() { x } else { far });
            let x = egui::lerp(rect.left()..=rect.right(), index as f32 / last);
            pos2(x, middle - far.clamp(-1.0, 1.0) * rect.height() * 0.5)
        })
        .collect();
    if points.len() > 1 {
        painter.add(Shape::line(points, Stroke::new(1.3 * scale, style::ACCENT)));
    }
}

fn bands(painter: &Painter, rect: Rect, bands: &[f32], scale: f32) {
    let step = rect.width() / bands.len().max(1) as f32;
    for (index, band) in bands.iter().enumerate() {
        let left = rect.left() + index as f32 * step;
        let top = rect.bottom() - (rect.height() * band.clamp(0.0, 1.0)).max(1.0 * scale);
        let bar = Rect::from_min_max(pos2(left, top), pos2(left + step * 0.55, rect.bottom()));
        painter.rect_filled(bar, 0.0, style::ACCENT.gamma_multiply(0.35 + 0.5 * band.clamp(0.0, 1.0)));
    }
}

fn lamp(painter: &Painter, at: Pos2, pulse: f32, scale: f32) {
    let pulse = pulse.clamp(0.0, 1.0);
    painter.circle_filled(at, 7.0 * scale, style::ACCENT.gamma_multiply(0.4 * pulse));
    painter.circle_filled(at, 3.2 * scale, style::light(0.22));
    painter.circle_filled(at, 3.2 * scale, style::ACCENT.gamma_multiply(pulse));
}

fn tempo(ui: &Ui, rect: Rect, heard: &Heard, scale: f32) {
    let painter = ui.painter();
    let centre = pos2(rect.left() + 6.0 * scale, rect.center().y);
    let radius = 5.0 * scale;
    painter.circle_stroke(centre, radius, Stroke::new(1.5 * scale, style::light(0.2)));
    let font = TextStyle::Small.resolve(ui.style());
    let at = pos2(centre.x + 11.0 * scale, centre.y);
    if heard.tempo_bpm <= 0.0 {
        painter.text(at, Align2::LEFT_CENTER, "no beat yet", font, style::DIM);
        return;
    }
    // A beat that is not sure is shown, but paler.
    let sure = egui::lerp(0.5..=1.0, heard.beat_confidence.clamp(0.0, 1.0));
    let arc = icon::arc(centre, radius, 0.0, heard.beat_phase.clamp(0.0, 1.0));
    painter.add(Shape::line(arc, Stroke::new(2.0 * scale, style::ACCENT.gamma_multiply(sure))));
    let words = format!("{:.1} bpm", heard.tempo_bpm);
    painter.text(at, Align2::LEFT_CENTER, words, font, style::INK.gamma_multiply(sure));
}

/// Where the host stands, if it has a beat.
fn position(transport: &Transport) -> Option<String> {
    let beat = transport.beat?;
    Some(match transport.bar_and_beat() {
        Some((bar, beat)) => format!("bar {bar}, beat {beat}"),
        None => format!("beat {:.0}", beat.floor() + 1.0),
    })
}

/// What the host does, in words.
fn host(transport: &Transport) -> &'static str {
    match (transport.playing, transport.beat) {
        (true, _) => "The host plays",
        (false, Some(_)) => "The host stands",
        (false, None) => "No host gives a beat: it is found by ear",
    }
}
