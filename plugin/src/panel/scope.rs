//! What is heard, drawn: waveform, bands, drums, beat, and where the host stands.

use egui::{Align2, Painter, Pos2, Rect, Sense, Shape, Stroke, TextStyle, Ui, pos2, vec2};
use klangbild_engine::hearing::{Clock, Heard};
use klangbild_engine::tap::Transport;

use super::pass::Pass;
use super::{beat, icon, style};

/// So sure must be what is said about bars.
const SURE: f32 = 0.3;

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
    let is_locked = view.params.controls().metronome_lock;
    response.on_hover_text(format!(
        "The beat: the ring fills from one to the next, and the word says who tells it. The first of these leads: the host, \
         a MIDI clock, taps, the ear. {}.",
        host(view.transport)
    ));
    let left = tempo(ui, rect, view.heard, is_locked, scale);
    let (heard, stands) = (bar_and_beat(view.heard), position(view.transport));
    let words = match (stands, heard) {
        (Some(words), _) if view.transport.playing => Some((words, style::INK)),
        (_, Some(words)) => Some((words, style::INK)),
        (Some(words), None) => Some((words, style::FAINT)),
        (None, None) => None,
    };
    if let Some(((long, short), colour)) = words {
        let write = |words| ui.painter().layout_no_wrap(words, font.clone(), colour);
        let long = write(long);
        let fits = left + 6.0 * scale + long.size().x <= rect.right();
        let galley = if fits { long } else { write(short) };
        let at = rect.right_center() - vec2(galley.size().x, 0.5 * galley.size().y);
        ui.painter().galley(at, galley, colour);
    }
    beat::corrections(ui, pass);
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

/// Draws it at the left end, and returns where that ends.
fn tempo(ui: &Ui, rect: Rect, heard: &Heard, is_locked: bool, scale: f32) -> f32 {
    let painter = ui.painter();
    let centre = pos2(rect.left() + 6.0 * scale, rect.center().y);
    let radius = 5.0 * scale;
    painter.circle_stroke(centre, radius, Stroke::new(1.5 * scale, style::light(0.2)));
    let font = TextStyle::Small.resolve(ui.style());
    let at = pos2(centre.x + 11.0 * scale, centre.y);
    if heard.tempo_bpm <= 0.0 {
        return painter.text(at, Align2::LEFT_CENTER, "no beat yet", font, style::DIM).right();
    }
    // A beat that is not sure is shown, but paler.
    let sure = egui::lerp(0.5..=1.0, heard.beat_confidence.clamp(0.0, 1.0));
    let arc = icon::arc(centre, radius, 0.0, heard.beat_phase.clamp(0.0, 1.0));
    painter.add(Shape::line(arc, Stroke::new(2.0 * scale, style::ACCENT.gamma_multiply(sure))));
    let words = format!("{:.1} bpm", heard.tempo_bpm);
    let written = painter.text(at, Align2::LEFT_CENTER, words, font.clone(), style::INK.gamma_multiply(sure));
    let at = pos2(written.right() + 5.0 * scale, centre.y);
    painter.text(at, Align2::LEFT_CENTER, clock(heard.clock, is_locked), font, style::DIM).right()
}

/// Who tells the beat, in a word.
fn clock(clock: Clock, is_locked: bool) -> &'static str {
    match clock {
        Clock::Nobody => "",
        Clock::Ear => "ear",
        Clock::Tap if is_locked => "locked",
        Clock::Tap => "tapped",
        Clock::Midi => "MIDI",
        Clock::Host => "host",
    }
}

/// Bar and beat as musicians count them, where somebody is sure which beat is the first; and the same in short.
fn bar_and_beat(heard: &Heard) -> Option<(String, String)> {
    let is_sure = heard.clock != Clock::Nobody && heard.beats_per_bar > 0.0 && heard.bar_confidence >= SURE;
    let beat = (heard.bar_phase * heard.beats_per_bar) as u32 + 1;
    let beats = heard.beats_per_bar;
    is_sure.then(|| (format!("beat {beat} of {beats}"), format!("{beat}/{beats}")))
}

/// Where the host stands, if it has a beat; and the same in short.
fn position(transport: &Transport) -> Option<(String, String)> {
    let beat = transport.beat?;
    Some(match transport.bar_and_beat() {
        Some((bar, beat)) => (format!("bar {bar}, beat {beat}"), format!("{bar}.{beat}")),
        None => (format!("beat {:.0}", beat.floor() + 1.0), format!("{:.0}", beat.floor() + 1.0)),
    })
}

/// What the host does, in words.
fn host(transport: &Transport) -> &'static str {
    match (transport.playing, transport.beat) {
        (true, _) => "The host plays",
        (false, Some(_)) => "The host stands",
        (false, None) => "No host gives a beat",
    }
}
