//! What a user puts right about the beat.

/// One way of putting the beat right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Correction {
    /// A beat falls now. Two and more also say the tempo.
    Tap,
    /// The beat is half as fast.
    Half,
    /// The beat is twice as fast.
    Double,
    /// The beat falls 10 ms earlier.
    Earlier,
    /// The beat falls 10 ms later.
    Later,
    /// The nearest beat is the first of its bar.
    One,
}

/// How often each was done since the program began. Whoever hears compares with what was there before, so nothing is lost and
/// nothing is done twice, however often the numbers are read. They wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByHand {
    counts: [u32; Correction::ALL.len()],
}

impl Correction {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Tap, Self::Half, Self::Double, Self::Earlier, Self::Later, Self::One];
}

impl ByHand {
    /// How often this was done.
    pub fn count(&self, correction: Correction) -> u32 {
        self.counts[correction as usize]
    }

    /// Says how often this was done.
    pub fn set(&mut self, correction: Correction, count: u32) {
        self.counts[correction as usize] = count;
    }

    /// It was done once more.
    pub fn add(&mut self, correction: Correction) {
        self.set(correction, self.count(correction).wrapping_add(1));
    }

    /// Takes over what has been counted beyond this, and tells how much of each that is. Lower numbers are of somebody who
    /// has not heard the newest yet, and mean nothing.
    pub(crate) fn catch_up(&mut self, newer: &Self) -> [u32; Correction::ALL.len()] {
        let mut done = [0; Correction::ALL.len()];
        for ((done, seen), &count) in done.iter_mut().zip(&mut self.counts).zip(&newer.counts) {
            let more = count.wrapping_sub(*seen);
            if more < u32::MAX / 2 {
                (*seen, *done) = (count, more);
            }
        }
        done
    }
}
