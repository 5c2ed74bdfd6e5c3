//! What suits whoever watches: rows of the engine's table that are turned, and are no parameters ([`KnobId::VIEWER`]).
//!
//! A host reaches its parameters whenever it likes: with automation, with dice, with a preset of its own. None of that may let light
//! flash at people. So these rows lie beside the parameters, where only the panel, the command line and the project get to them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use klangbild_engine::knobs::{Kind, KnobId, Value};

/// The rows' values, for any thread: the audio thread reads them with each block.
#[derive(Debug)]
pub struct Viewer {
    /// As plain numbers, at the place of its row.
    values: Vec<AtomicU32>,
    /// Whether a project has just been brought back that lets light flash.
    untold: AtomicBool,
}

impl Default for Viewer {
    fn default() -> Self {
        let value = |id: &KnobId| AtomicU32::new(id.knob().default().as_f32().to_bits());
        Self { values: KnobId::VIEWER.iter().map(value).collect(), untold: AtomicBool::new(false) }
    }
}

impl Viewer {
    fn value(&self, id: KnobId) -> Option<&AtomicU32> {
        self.values.get(KnobId::VIEWER.iter().position(|row| *row == id)?)
    }

    /// What one of the rows is turned to; `None` for any other.
    pub fn get(&self, id: KnobId) -> Option<Value> {
        let value = f32::from_bits(self.value(id)?.load(Relaxed));
        Some(match id.knob().kind {
            Kind::Switch { .. } => Value::Switch(value >= 0.5),
            Kind::Choice(_) => Value::Choice(value as usize),
            _ => Value::Number(value),
        })
    }

    /// Turns one of the rows; any other stays.
    pub fn set(&self, id: KnobId, value: Value) {
        if let Some(kept) = self.value(id) {
            kept.store(id.knob().kind.bounded(value).as_f32().to_bits(), Relaxed);
        }
    }

    /// What differs from the defaults, for a project: keys, and values in the words of a command line.
    pub fn written(&self) -> BTreeMap<String, String> {
        let turned = KnobId::VIEWER.iter().filter_map(|id| {
            let value = self.get(*id)?;
            (value != id.knob().default()).then(|| (id.knob().key.to_owned(), value.flag(*id)))
        });
        turned.collect()
    }

    /// Takes what a project holds. What it does not name, or what is not understood, has its default: the careful choice.
    pub fn read(&self, written: &BTreeMap<String, String>) {
        for id in KnobId::VIEWER {
            let words = written.get(id.knob().key);
            let value = words.and_then(|words| Value::parse_flag(*id, words).ok());
            self.set(*id, value.unwrap_or_else(|| id.knob().default()));
        }
        self.untold.store(self.get(KnobId::LimitFlashes) == Some(Value::Switch(false)), Relaxed);
    }

    /// Whether a project has been brought back that lets light flash, once.
    pub fn take_untold(&self) -> bool {
        self.untold.load(Relaxed) && self.untold.swap(false, Relaxed)
    }
}
