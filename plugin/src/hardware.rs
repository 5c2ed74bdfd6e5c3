//! Pages of eight for controllers with knobs.

use klangbild_engine::knobs::{Group, KnobId, table};
use nice_plug::prelude::{ParamPtr, RemoteControlsContext, RemoteControlsPage, RemoteControlsSection};

use crate::params::KlangbildParams;

/// What lies under the hands of someone who plays, and then all of it by groups. The framework parts what does not fit on one
/// page.
pub fn pages(params: &KlangbildParams, context: &mut impl RemoteControlsContext) {
    context.add_section("Klangbild", |section| {
        section.add_page("Play", |page| table::PLAYED.into_iter().for_each(|id| add(page, params, id)));
        for group in Group::ALL {
            let mut rows = group.knobs().map(|knob| knob.id).filter(|id| !id.is_viewers()).peekable();
            if rows.peek().is_some() {
                section.add_page(group.name(), |page| rows.for_each(|id| add(page, params, id)));
            }
        }
    });
}

fn add(page: &mut impl RemoteControlsPage, params: &KlangbildParams, id: KnobId) {
    // SAFETY: the pointers are of `params`, which is borrowed for as long.
    unsafe {
        match params.ptr(id) {
            ParamPtr::FloatParam(param) => page.add_param(&*param),
            ParamPtr::IntParam(param) => page.add_param(&*param),
            ParamPtr::BoolParam(param) => page.add_param(&*param),
            ParamPtr::EnumParam(param) => page.add_param(&*param),
        }
    }
}
