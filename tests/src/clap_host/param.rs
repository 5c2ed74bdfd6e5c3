//! Parameters as a host sees them.

use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;

use super::Plugin;

/// What the plugin says of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its number.
    pub id: ClapId,
    /// Its name.
    pub name: String,
    /// Lowest, highest and default value; nice-plug normalises all but the stepped ones.
    pub range: (f64, f64, f64),
    /// Automatable, stepped, bypass and so on.
    pub flags: ParamInfoFlags,
}

impl Plugin {
    /// All parameters, in the plugin's order.
    pub fn params(&mut self) -> Vec<Param> {
        let (plugin, params) = self.with::<PluginParams>();
        let mut buffer = ParamInfoBuffer::new();
        let mut param = |index| {
            let info = params.get_info(&plugin, index, &mut buffer).expect("tells of a parameter");
            Param {
                id: info.id,
                name: String::from_utf8(info.name.to_vec()).expect("a name is UTF-8"),
                range: (info.min_value, info.max_value, info.default_value),
                flags: info.flags,
            }
        };
        (0..params.count(&plugin)).map(&mut param).collect()
    }

    /// The parameter of a name.
    #[track_caller]
    pub fn param(&mut self, name: &str) -> Param {
        let found = self.params().into_iter().find(|param| param.name == name);
        found.unwrap_or_else(|| panic!("no parameter {name}"))
    }

    /// Its value.
    pub fn value(&mut self, id: ClapId) -> f64 {
        let (plugin, params) = self.with::<PluginParams>();
        params.get_value(&plugin, id).expect("has a value")
    }

    /// Values of all, in the plugin's order.
    pub fn values(&mut self) -> Vec<(String, f64)> {
        self.params().into_iter().map(|param| (param.name, self.value(param.id))).collect()
    }

    /// A value as text.
    pub fn text(&mut self, id: ClapId, value: f64) -> String {
        let (plugin, params) = self.with::<PluginParams>();
        let mut buffer = [0; 256];
        let text = params.value_to_text(&plugin, id, value, &mut buffer).expect("writes a value");
        String::from_utf8(text.to_vec()).expect("a value's text is UTF-8")
    }

    /// The value that a text means, if it means one.
    pub fn read_text(&mut self, id: ClapId, text: &str) -> Option<f64> {
        let (plugin, params) = self.with::<PluginParams>();
        let text = std::ffi::CString::new(text).expect("a text without zeros");
        params.text_to_value(&plugin, id, &text)
    }

    /// Sets parameters of an inactive plugin by name, as a host does when nothing plays.
    #[track_caller]
    pub fn set(&mut self, changes: &[(&str, f64)]) {
        let changes: Vec<_> = changes.iter().map(|(name, value)| (self.param(name).id, *value)).collect();
        let events = events(&changes);
        let params: PluginParams = self.extension();
        let mut plugin = self.instance.inactive_plugin_handle().expect("is not active");
        params.flush(&mut plugin, &events.as_input(), &mut OutputEvents::void());
    }
}

/// Changes of parameters, as events at the beginning of a block.
pub(super) fn events(changes: &[(ClapId, f64)]) -> EventBuffer {
    let mut events = EventBuffer::new();
    for (id, value) in changes {
        events.push(&ParamValueEvent::new(0, *id, Pckn::match_all(), *value));
    }
    events
}
