//! Pages of eight for controllers with knobs.

use nice_plug::prelude::{RemoteControlsContext, RemoteControlsPage, RemoteControlsSection};

use crate::params::KlangbildParams;

/// What lies under the hands of someone who plays.
pub fn pages(params: &KlangbildParams, context: &mut impl RemoteControlsContext) {
    context.add_section("Klangbild", |section| {
        section.add_page("Play", |page| {
            page.add_param(&params.scene);
            page.add_param(&params.intensity);
            page.add_param(&params.speed);
            page.add_param(&params.morph);
            page.add_param(&params.hue);
            page.add_param(&params.zoom);
            page.add_param(&params.freeze);
            page.add_param(&params.next_picture);
        });
        section.add_page("Look", |page| {
            page.add_param(&params.feedback);
            page.add_param(&params.relief);
            page.add_param(&params.bloom);
            page.add_param(&params.exposure);
            page.add_param(&params.grain);
            page.add_param(&params.vignette);
            page.add_param(&params.complexity);
            page.add_param(&params.seed);
        });
        section.add_page("Hearing", |page| {
            page.add_param(&params.sensitivity);
            page.add_param(&params.sensitivity_bass);
            page.add_param(&params.sensitivity_mid);
            page.add_param(&params.sensitivity_treble);
            page.add_param(&params.beat_sync);
            page.add_param(&params.beat_division);
            page.add_param(&params.smoothing);
            page.add_param(&params.capture);
        });
    });
}
