//! Phrases to begin with.

use super::Wording;

/// Phrases with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordSet {
    /// What people see.
    pub name: &'static str,
    /// Up to four.
    pub phrases: &'static [&'static str],
}

impl WordSet {
    /// What it says.
    pub fn wording(&self) -> Wording {
        Wording { phrases: self.phrases.iter().map(|&phrase| phrase.to_owned()).collect(), paint_like: None }
    }
}

/// The sets that are built in.
pub const SETS: &[WordSet] = &[
    WordSet {
        name: "Night Sky",
        phrases: &["northern lights over a lake", "a violet nebula", "stars at midnight"],
    },
    WordSet { name: "Cathedral", phrases: &["cathedral windows", "candlelight", "a golden mosaic"] },
    WordSet {
        name: "Deep Sea",
        phrases: &["a stormy sea at night", "a turquoise lagoon", "coral reef", "ink in water"],
    },
    WordSet { name: "Fire", phrases: &["burning embers", "a volcano at night", "sparks"] },
    WordSet {
        name: "Poster",
        phrases: &["soviet poster", "Bauhaus circles and bars", "a blueprint", "neon city grid"],
    },
    WordSet {
        name: "Garden",
        phrases: &["a painted meadow in the wind", "pink lotus mandala", "green leaves", "cherry blossom"],
    },
    WordSet { name: "Mist", phrases: &["morning mist over hills", "smoke", "pale ink on rice paper"] },
    WordSet {
        name: "Stone",
        phrases: &["white marble", "cracked desert ground", "emerald crystals", "malachite"],
    },
];
