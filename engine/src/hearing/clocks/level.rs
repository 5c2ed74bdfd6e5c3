//! The ear's beat, halved or doubled.

use crate::hearing::place::Place;

/// Halved twice, and doubled twice, at most.
const MOST: i32 = 2;

/// At which level of the meter the ear's beat is shown.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// How often it was doubled; negative: halved.
    doubled: i32,
    /// A beat and a bar of the ear's, and what they are here.
    from: (f64, f64),
    to: (f64, f64),
    /// Counts the changes.
    changes: u32,
}

impl Level {
    fn factor(&self) -> f64 {
        f64::from(self.doubled).exp2()
    }

    /// How often it has changed.
    pub fn changes(&self) -> u32 {
        self.changes
    }

    /// How often it was doubled.
    pub fn doubled(&self) -> i32 {
        self.doubled
    }

    /// The ear's place, at this level. At the ear's own it is the ear's, bit by bit.
    pub fn of(&self, ear: &Place) -> Place {
        if self.changes == 0 {
            return *ear;
        }
        let factor = self.factor();
        Place {
            beat: self.to.0 + (ear.beat - self.from.0) * factor,
            bar: self.to.1 + (ear.bar - self.from.1) * factor,
            tempo_bpm: (f64::from(ear.tempo_bpm) * factor) as f32,
            ..*ear
        }
    }

    /// Doubles or halves it `by` times; by how often it really was. Of the ear's beats those stay that are beats of the bar's
    /// first kind, or where no bar is known the one that fell last.
    pub fn change(&mut self, by: i32, ear: &Place) -> i32 {
        let doubled = (self.doubled + by).clamp(-MOST, MOST);
        let changed = doubled - self.doubled;
        if changed != 0 {
            let bar_beats = ear.bar.fract() * f64::from(ear.beats_per_bar);
            let stays =
                if ear.beats_per_bar > 0.0 { (ear.beat - bar_beats).round() } else { ear.beat.floor() };
            self.set(doubled, stays, ear);
        }
        changed
    }

    /// Shows the ear's beat doubled so often; its beat number `stays` is one here too.
    pub fn set(&mut self, doubled: i32, stays: f64, ear: &Place) {
        let now = self.of(ear);
        self.doubled = doubled.clamp(-MOST, MOST);
        (self.from, self.to) = ((stays, ear.bar.floor()), (now.beat.floor(), now.bar.floor()));
        self.changes = self.changes.wrapping_add(1).max(1);
    }

    /// The next song has another beat.
    pub fn forget(&mut self, ear: &Place) {
        if self.doubled != 0 {
            self.set(0, ear.beat.floor(), ear);
        }
    }
}
