//! How finely a frame is drawn: as finely as the adapter can in time. Smooth motion at half the size beats sharp stutter.
//!
//! First the frame becomes smaller; then the scene is painted in one of the cheaper ways that it knows, its tiers; then the frame
//! becomes smaller still. On the way back the scene is whole again last.

use std::time::Duration;

/// The finest and the coarsest, as shares of the window's sides.
const FINEST: f32 = 1.0;
const COARSEST: f32 = 0.25;
/// Frames that are looked at together.
const FRAMES: u32 = 12;
/// Share of the period that a frame may take, and the share that is aimed at.
const MOST: f32 = 0.95;
const AIM: f32 = 0.70;
/// Below this share it is drawn finer again.
const LEAST: f32 = 0.45;
/// A size that has just turned out too fine is not tried again for so many looks.
const PATIENCE: u32 = 40;
/// A tier that has turned out too costly again is not tried for longer and longer, up to so many looks.
const LONGEST_PATIENCE: u32 = 16 * PATIENCE;
/// A frame this small is better painted in a cheaper way than made smaller.
const TIER_BELOW: f32 = 0.5;

/// Chooses size and tier of the frame by how long frames have taken.
#[derive(Debug)]
pub struct Resolution {
    share: f32,
    tier: usize,
    frames: u32,
    longest: [f32; FRAMES as usize],
    waiting: u32,
    /// How long a costlier tier is left alone, in looks.
    patience: u32,
    /// A costlier tier is being tried.
    tries: bool,
}

impl Default for Resolution {
    fn default() -> Self {
        Self {
            share: FINEST,
            tier: 0,
            frames: 0,
            longest: [0.0; FRAMES as usize],
            waiting: 0,
            patience: PATIENCE,
            tries: false,
        }
    }
}

impl Resolution {
    /// Begins coarser, where the adapter is known to be slow.
    pub fn coarse() -> Self {
        Self { share: 0.5, ..Self::default() }
    }

    /// Notes what a frame has taken, of the `period` that it may take; the scene has so many cheaper `tiers`.
    pub fn note(&mut self, taken: Duration, period: Duration, tiers: usize) {
        self.longest[self.frames as usize] = taken.as_secs_f32() / period.as_secs_f32();
        self.frames += 1;
        if self.frames < FRAMES {
            return;
        }
        self.frames = 0;
        self.waiting = self.waiting.saturating_sub(1);
        // The median: one hiccup of the machine says nothing about the size.
        self.longest.sort_by(f32::total_cmp);
        let load = self.longest[FRAMES as usize / 2];
        let tries = std::mem::take(&mut self.tries);
        if load > MOST {
            let smaller = (self.share * (AIM / load).sqrt().max(0.6)).max(COARSEST);
            self.waiting = PATIENCE;
            if tries {
                self.patience = (2 * self.patience).min(LONGEST_PATIENCE);
                (self.tier, self.waiting) = (self.tier + 1, self.patience);
            } else if smaller < TIER_BELOW && self.tier < tiers {
                (self.tier, self.share) = (self.tier + 1, self.share.min(TIER_BELOW));
            } else {
                self.share = smaller;
            }
        } else if load < LEAST && self.waiting == 0 {
            if self.share >= FINEST && self.tier > 0 {
                (self.tier, self.tries, self.waiting) = (self.tier - 1, true, self.patience);
            } else {
                self.share = (self.share * (AIM / load.max(0.05)).sqrt().min(1.2)).min(FINEST);
            }
            if self.share >= FINEST {
                self.waiting = self.waiting.max(self.patience);
            }
        }
    }

    /// The scene's tier to paint: 0 is the whole of it.
    pub fn tier(&self) -> usize {
        self.tier
    }

    /// The size to draw at, for a window of this size.
    pub fn frame_px(&self, window_px: (u32, u32)) -> (u32, u32) {
        // In steps of a sixteenth, so that a small change does not make everything anew.
        let share = (self.share * 16.0).ceil().clamp(1.0, 16.0) / 16.0;
        let side = |px: u32| ((px as f32 * share).round() as u32).max(1);
        (side(window_px.0), side(window_px.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_millis(16);

    /// Runs against an adapter that draws so many pixels a period; in each tier a pixel costs `cheaper` times less.
    fn run(pixels_a_period: f32, (tiers, cheaper): (usize, i32), frames: usize) -> (Resolution, usize) {
        let (mut resolution, mut changes) = (Resolution::default(), 0);
        for _ in 0..frames {
            let (width, height) = resolution.frame_px((1280, 720));
            let cost = (width * height) as f32 / cheaper.pow(resolution.tier() as u32) as f32;
            let before = resolution.tier();
            resolution.note(PERIOD.mul_f32(cost / pixels_a_period), PERIOD, tiers);
            changes += usize::from(resolution.tier() != before);
        }
        (resolution, changes)
    }

    fn settled(pixels_a_period: f32) -> (u32, u32) {
        run(pixels_a_period, (0, 1), 3000).0.frame_px((1280, 720))
    }

    #[test]
    fn a_fast_adapter_draws_every_pixel_and_a_slow_one_what_it_can() {
        assert_eq!(settled(4_000_000.0), (1280, 720));
        let (width, height) = settled(300_000.0);
        assert!(width * height < 300_000 && width * height > 120_000, "{width}x{height}");
        assert_eq!(settled(1.0), (320, 180));
    }

    #[test]
    fn a_slow_adapter_paints_the_scene_in_a_cheaper_way_and_seldom_tries_the_whole() {
        let (fast, changes) = run(4_000_000.0, (2, 2), 3000);
        assert_eq!((fast.tier(), changes), (0, 0));
        let (slow, _) = run(30_000.0, (2, 3), 3000);
        assert_eq!(slow.tier(), 2);
        let pixels = |(width, height): (u32, u32)| width * height;
        assert!(pixels(slow.frame_px((1280, 720))) > 2 * pixels(settled(30_000.0)), "tiers are worth pixels");
        // Ten minutes at 60 frames a second where the tier has room to spare and the whole does not fit.
        let (spare, changes) = run(200_000.0, (1, 16), 36_000);
        assert_eq!((spare.tier(), spare.frame_px((1280, 720))), (1, (1280, 720)));
        assert!(changes <= 16, "{changes} changes in ten minutes");
    }

    #[test]
    fn a_hiccup_changes_nothing() {
        let mut resolution = Resolution::default();
        for frame in 0..1000 {
            let taken = if frame % 50 == 0 { 5.0 } else { 0.6 };
            resolution.note(PERIOD.mul_f32(taken), PERIOD, 2);
        }
        assert_eq!((resolution.frame_px((800, 600)), resolution.tier()), ((800, 600), 0));
    }
}
