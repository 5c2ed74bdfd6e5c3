//! Smoothing in audio time.

/// How far a one-pole filter with time constant `tau_s` goes towards its goal in `step_s`, 0 to 1.
pub(super) fn approach(step_s: f32, tau_s: f32) -> f32 {
    1.0 - (-step_s / tau_s).exp()
}

/// Follows a level with its own time constants upwards and downwards.
///
/// The input is first held at its maximum of the newest 20 ms: a low tone is shorter than a hop's worth of
/// periods and would ripple at twice its frequency otherwise.
#[derive(Clone)]
pub(super) struct Envelope {
    attack: f32,
    release: f32,
    held: [f32; 4],
    next: usize,
    value: f32,
}

impl Envelope {
    /// Starts at `value`.
    pub(super) fn new(hop_s: f32, attack_s: f32, release_s: f32, value: f32) -> Self {
        Self {
            attack: approach(hop_s, attack_s),
            release: approach(hop_s, release_s),
            held: [value; 4],
            next: 0,
            value,
        }
    }

    pub(super) fn follow(&mut self, input: f32) -> f32 {
        self.held[self.next] = input;
        self.next = (self.next + 1) % self.held.len();
        let goal = self.held.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let rate = if goal > self.value { self.attack } else { self.release };
        self.value += rate * (goal - self.value);
        self.value
    }
}
