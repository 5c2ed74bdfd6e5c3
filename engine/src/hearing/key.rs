//! The key: which scale the last quarter of a minute was written in.
//!
//! A slow chroma is correlated with profiles of how often each degree of a scale sounds, in all keys (Krumhansl, "Cognitive
//! foundations of musical pitch", 1990; the profiles are those of Temperley, "What's key for key?", 1999).

/// How often each degree sounds in major and in minor, from the tonic on.
const PROFILES: [[f32; 12]; 2] = [
    [5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0],
    [5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0],
];
const MEMORY_S: f32 = 12.0;
/// Silence after which another piece begins.
const FORGET_S: f32 = 3.0;
/// Another key must fit this much better, so that two that fit alike do not take turns.
const BETTER: f32 = 0.03;
/// Correlations at which a key begins to be one, and at which it certainly is.
const NO_FIT: f32 = 0.45;
const FULL_FIT: f32 = 0.8;
/// How much better than all others a certain key fits.
const FULL_MARGIN: f32 = 0.12;
/// Time constant of trust in what little was heard.
const TRUST_S: f32 = 4.0;

/// What is said of the key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Found {
    /// Pitch class of the tonic, C being 0.
    pub tonic: u32,
    pub is_minor: bool,
    /// 0 to 1.
    pub confidence: f32,
}

/// Remembers chroma.
pub(super) struct Key {
    look_s: f32,
    memory: [f32; 12],
    heard_s: f32,
    silent_s: f32,
    found: Found,
}

impl Key {
    /// For chroma that comes every `look_s`.
    pub(super) fn new(look_s: f32) -> Self {
        Self { look_s, memory: [0.0; 12], heard_s: 0.0, silent_s: 0.0, found: Found::default() }
    }

    /// Takes a new chroma, 0 in silence.
    pub(super) fn look(&mut self, chroma: &[f32; 12]) -> Found {
        if chroma.iter().all(|class| *class < 0.05) {
            self.silent_s += self.look_s;
            if self.silent_s > FORGET_S {
                (self.memory, self.heard_s, self.found) = ([0.0; 12], 0.0, Found::default());
            }
            return self.found;
        }
        (self.silent_s, self.heard_s) = (0.0, self.heard_s + self.look_s);
        // A mean at first, which then forgets.
        let rate = self.look_s / self.heard_s.min(MEMORY_S);
        for (memory, class) in self.memory.iter_mut().zip(chroma) {
            *memory += rate * (class - *memory);
        }
        self.found = self.judge();
        self.found
    }

    fn judge(&self) -> Found {
        let fits =
            PROFILES.map(|profile| std::array::from_fn::<f32, 12, _>(|tonic| self.fit(&profile, tonic)));
        let (mut best, mut most) = ((0, 0), f32::NEG_INFINITY);
        for (mode, fits) in fits.iter().enumerate() {
            for (tonic, &fit) in fits.iter().enumerate() {
                if fit > most {
                    (best, most) = ((mode, tonic), fit);
                }
            }
        }
        let before = (usize::from(self.found.is_minor), self.found.tonic as usize % 12);
        if self.found.confidence > 0.0 && fits[before.0][before.1] > most - BETTER {
            (best, most) = (before, fits[before.0][before.1]);
        }
        let others = fits.iter().enumerate().flat_map(|(mode, fits)| {
            fits.iter().enumerate().filter(move |(tonic, _)| (mode, *tonic) != best).map(|(_, fit)| *fit)
        });
        let margin = (most - others.fold(f32::NEG_INFINITY, f32::max)).max(0.0);
        let fit = ((most - NO_FIT) / (FULL_FIT - NO_FIT)).clamp(0.0, 1.0);
        let trust = 1.0 - (-self.heard_s / TRUST_S).exp();
        Found {
            tonic: best.1 as u32,
            is_minor: best.0 == 1,
            confidence: trust * fit * (0.3 + 0.7 * (margin / FULL_MARGIN).min(1.0)),
        }
    }

    /// Pearson's correlation of what is remembered and a profile on this tonic; 0 where all classes sound alike.
    fn fit(&self, profile: &[f32; 12], tonic: usize) -> f32 {
        let mean = |of: &[f32; 12]| of.iter().sum::<f32>() / 12.0;
        let (memory_mean, profile_mean) = (mean(&self.memory), mean(profile));
        let (mut both, mut memory, mut own) = (0.0, 0.0, 0.0);
        for (class, value) in self.memory.iter().enumerate() {
            let a = value - memory_mean;
            let b = profile[(class + 12 - tonic) % 12] - profile_mean;
            both += a * b;
            memory += a * a;
            own += b * b;
        }
        if memory < 1e-6 { 0.0 } else { both / (memory * own).sqrt() }
    }
}
