//! Capture and record: at hand whatever else there is room for.

use egui::{Align2, Rect, TextStyle, Ui, pos2, vec2};
use klangbild_engine::knobs::KnobId;

use crate::panel::clock::clock;
use crate::panel::frame_size::digits;
use crate::panel::icon::{self, Icon};
use crate::panel::pass::Pass;
use crate::panel::split::{Part, split};
use crate::panel::wish::Wish;
use crate::panel::{button, style};

/// Width of a sign, at scale 1, and between two of them.
const SIGN: f32 = 26.0;
const GAP: f32 = 4.0;
/// Width of the clock beside the sign while it records.
const CLOCK: f32 = 44.0;

/// Width of [`capture`], at scale 1.
pub fn width(pass: &Pass<'_>, roomy: bool) -> f32 {
    record_width(pass, roomy) + GAP + SIGN
}

fn record_width(pass: &Pass<'_>, roomy: bool) -> f32 {
    if pass.view.recording.is_some() && roomy { SIGN + CLOCK } else { SIGN }
}

/// Both of them; where it is not `roomy`, without the clock. Record grows to the left, so that the click that stops it falls
/// where the click fell that began it.
pub fn capture(ui: &mut Ui, pass: &mut Pass<'_>, roomy: bool) {
    let parts = [Part::Px(record_width(pass, roomy)), Part::Px(SIGN)];
    split(ui, &parts, GAP, |index, ui| match index {
        0 => record(ui, pass, roomy),
        _ => {
            let knob = KnobId::Capture.knob();
            let tip =
                format!("{}: {} Its size is {}.", knob.label, knob.help, digits(pass.view.settings.still_px));
            if button::sign(ui, Icon::Camera, knob.label, &tip, None) {
                pass.wish(Wish::Capture);
            }
        }
    });
}

fn record(ui: &mut Ui, pass: &mut Pass<'_>, roomy: bool) {
    let scale = style::scale(ui);
    let recording = pass.view.recording;
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let knob = KnobId::Record.knob();
    let response = button::clickable(ui, size, knob.label, None);
    let rect = response.rect;
    if recording.is_some() {
        ui.painter().rect_filled(rect, style::radius(scale), style::RED.gamma_multiply(0.28));
    }
    let sign = Rect::from_min_max(pos2(rect.right() - SIGN * scale, rect.top()), rect.max);
    let sign_is = if recording.is_some() { Icon::Square } else { Icon::Dot };
    icon::paint(ui.painter(), sign, sign_is, style::RED, scale);
    if let Some(recorded) = recording.filter(|_| roomy) {
        let font = TextStyle::Button.resolve(ui.style());
        let at = pos2(sign.left() + 2.0 * scale, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, clock(recorded.seconds), font, style::INK);
    }
    if recording.is_some_and(|recorded| recorded.dropped > 0) {
        // A mark that something is lost; the tip says what, and the cure.
        ui.painter().circle_filled(rect.left_top() + vec2(4.0, 4.0) * scale, 3.0 * scale, style::WARM);
    }
    let settings = pass.view.settings;
    let video = || {
        let kind = settings.video_kind.name().split(" (").next().unwrap_or_default();
        format!("{kind}, {}, {} fps", digits(settings.video_px), settings.video_fps.in_words())
    };
    let tip = match recording {
        None => format!("{}: {} It is {}.", knob.label, knob.help, video()),
        Some(recorded) if recorded.dropped == 0 => "Stops the recording. No frame was dropped.".to_owned(),
        Some(recorded) => format!(
            "Stops the recording. {} frames were dropped because the machine is too slow; a smaller size helps.",
            recorded.dropped
        ),
    };
    if response.on_hover_text(tip).clicked() {
        pass.wish(Wish::Record(recording.is_none()));
    }
}
