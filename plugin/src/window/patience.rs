//! How long a scene may keep a window waiting: a stranger's is tried before it plays, and may still grow costly later.

use std::time::Duration;

use klangbild_engine::scene::Scene;

/// A frame may take so long, however small it is drawn.
pub const LONGEST: Duration = Duration::from_secs(1);
/// So many in a row may not take longer.
pub const MOST: u32 = 4;

/// Frames of a scene in a row that have taken too long.
#[derive(Debug, Default)]
pub struct Patience {
    scene: Scene,
    too_long: u32,
}

impl Patience {
    /// Notes how long a frame has taken; whether that was one too many of this scene.
    pub fn ends(&mut self, scene: Scene, taken: Duration) -> bool {
        if scene != self.scene {
            *self = Self { scene, too_long: 0 };
        }
        self.too_long = if taken > LONGEST { self.too_long + 1 } else { 0 };
        let ends = self.too_long >= MOST;
        if ends {
            self.too_long = 0;
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_with_long_frames_in_a_row_and_begins_anew() {
        let mut patience = Patience::default();
        let mut ends = |scene, seconds: f64| patience.ends(scene, Duration::from_secs_f64(seconds));
        assert!(![2.0, 2.0, 2.0, 0.1, 2.0, 2.0, 2.0].into_iter().any(|seconds| ends(Scene::FLOW, seconds)));
        assert!(ends(Scene::FLOW, 2.0));
        assert!(!ends(Scene::FLOW, 2.0) && !ends(Scene::FLOW, 2.0) && !ends(Scene::FLOW, 2.0));
        assert!(!ends(Scene::PICTURE, 2.0), "another scene has frames of its own");
    }
}
