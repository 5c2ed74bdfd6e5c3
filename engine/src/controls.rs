//! What everything is turned to while it plays: the same for a render, a window and a plugin.
//!
//! ```
//! use klangbild_engine::controls::Controls;
//! use klangbild_engine::hearing::Heard;
//!
//! let mut controls = Controls { seed: 7, ..Controls::default() };
//! controls.bass_sensitivity = 0.0;
//! let heard = controls.apply_to(&Heard { bass: 1.0, treble: 1.0, ..Heard::default() });
//! assert_eq!((heard.bass, heard.treble), (0.0, 1.0));
//! ```

mod by_hand;

pub use by_hand::{ByHand, Correction};

pub use crate::knobs::table::Controls;

use crate::hearing::Heard;
use crate::knobs::{Kind, KnobId, Value};

impl Controls {
    /// The snapshot as motion and stage take it: with the sensitivity, and with steps for beats.
    pub fn apply_to(&self, heard: &Heard) -> Heard {
        heard.with_sensitivity(self).with_beats_per_step(self.beat_division.beats())
    }

    /// Where the knobs of the scene's own controls stand, 0 to 1.
    pub fn scene_ways(&self) -> [f32; 8] {
        [
            self.scene_1,
            self.scene_2,
            self.scene_3,
            self.scene_4,
            self.scene_5,
            self.scene_6,
            self.scene_7,
            self.scene_8,
        ]
    }

    /// The same with every value brought into what the engine is made for; what is no number becomes the default.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        for id in KnobId::turned() {
            if let Some(value) = self.get(id) {
                self.set(id, id.knob().kind.bounded(value));
            }
        }
        self
    }

    /// What has been turned away from its default.
    pub fn changed(&self) -> impl Iterator<Item = (KnobId, Value)> {
        let value = |id: KnobId| Some((id, self.get(id)?));
        KnobId::turned().filter_map(value).filter(|(id, value)| *value != id.knob().default())
    }

    /// The first value that is out of range: which knob it is, what was found, and what was expected.
    pub fn out_of_range(&self) -> Option<(KnobId, String, String)> {
        KnobId::turned().find_map(|id| {
            let (value, kind) = (self.get(id)?, id.knob().kind);
            let expected = match kind {
                Kind::Number(number) => format!("from {} to {}", number.min, number.most),
                Kind::Whole(whole) => format!("from {} to {}", whole.min, whole.most),
                Kind::Choice(choices) => choices.keys.join(", "),
                Kind::Scene => "the name of a scene".to_owned(),
                Kind::Switch { .. } | Kind::Act => "on or off".to_owned(),
            };
            (!kind.bears(value)).then(|| (id, value.flag(id), expected))
        })
    }
}
