//! The director: which scene plays when, for whoever would rather watch than choose.
//!
//! It changes the scene where the song does: at a drop, with a new section, and at the end of a phrase, never in the middle of one;
//! never to a scene that was just there, and to calm scenes in calm music, fierce ones in fierce. A section that comes back gets its
//! scene back. What it draws by lot comes from the seed, so that the same song is directed in the same way again.
//!
//! Live it hears a section two seconds after it has begun, and changes with the next bar; a render hears the whole song beforehand
//! ([`Plan`]), and its changes lie where the song's do.
//!
//! ```
//! use klangbild_engine::controls::Controls;
//! use klangbild_engine::director::Director;
//! use klangbild_engine::hearing::Heard;
//!
//! let controls = Controls { director: true, ..Controls::default() };
//! let mut director = Director::default();
//! director.follow(&Heard::default(), &controls);
//! assert!(director.direction().over(&controls) != controls);
//! ```

mod cast;
mod cues;
mod plan;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

pub use cast::Cast;
pub use plan::Plan;

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::knobs::{Transition, TransitionOn};
use crate::scene::Scene;
use cues::{Cues, Reason};

/// A scene comes back after so many others at the earliest, if there are enough.
const OTHERS_BETWEEN: usize = 5;
/// How far the scene's own knobs are turned from their middle, to either side, so that a scene that comes back is not quite the same.
const VARIATION: f32 = 0.12;
/// Hues of sections, from the song's own, in degrees: one song keeps its palette, and its sections are told apart.
const HUES: [f32; 6] = [0.0, 36.0, -36.0, 75.0, -75.0, 140.0];

/// Which scene plays, how it comes, and how it is turned: what the director puts in the place of the user's own choice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Direction {
    chosen: Option<Chosen>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Chosen {
    scene: Scene,
    transition: Transition,
    beats: f32,
    on: TransitionOn,
    /// Where the eight knobs of the scene stand, and where the user's own stood when it began: one that is turned after that is the user's.
    ways: [f32; 8],
    own_ways: [f32; 8],
    /// How far the section's hue lies from the song's, in degrees.
    hue: f32,
}

impl Direction {
    /// The controls as the director has them; as they are while it is off or has not begun.
    #[must_use]
    pub fn over(&self, controls: &Controls) -> Controls {
        let Some(chosen) = self.chosen.filter(|_| controls.director) else { return *controls };
        let own = ways(controls);
        let [scene_1, scene_2, scene_3, scene_4, scene_5, scene_6, scene_7, scene_8] =
            std::array::from_fn(|at| if own[at] == chosen.own_ways[at] { chosen.ways[at] } else { own[at] });
        Controls {
            scene: chosen.scene,
            // Around the circle, and not beyond the knob's end.
            hue: (controls.hue + chosen.hue + 180.0).rem_euclid(360.0) - 180.0,
            transition: chosen.transition,
            transition_beats: chosen.beats,
            transition_on: chosen.on,
            scene_1,
            scene_2,
            scene_3,
            scene_4,
            scene_5,
            scene_6,
            scene_7,
            scene_8,
            ..*controls
        }
    }

    /// The scene that the director lets play.
    pub fn scene(&self) -> Option<Scene> {
        self.chosen.map(|chosen| chosen.scene)
    }
}

/// Where the eight knobs of the scene stand.
fn ways(controls: &Controls) -> [f32; 8] {
    let Controls { scene_1, scene_2, scene_3, scene_4, scene_5, scene_6, scene_7, scene_8, .. } = *controls;
    [scene_1, scene_2, scene_3, scene_4, scene_5, scene_6, scene_7, scene_8]
}

/// Follows one performance.
#[derive(Debug)]
pub struct Director {
    cast: Arc<Cast>,
    plan: Option<Arc<Plan>>,
    cues: Cues,
    direction: Direction,
    /// The latest scenes, the newest last.
    played: VecDeque<Scene>,
    /// Which scene a section of the song has.
    of_section: BTreeMap<u32, Scene>,
    changes: u64,
    /// What the user had chosen last: a hand on the knob is obeyed until the next change.
    hand: Option<Scene>,
    /// Cues of the plan that are over.
    over: usize,
}

impl Default for Director {
    fn default() -> Self {
        Self::new(Cast::all())
    }
}

impl Director {
    /// A director who chooses from `cast`.
    pub fn new(cast: Arc<Cast>) -> Self {
        Self {
            cast,
            plan: None,
            cues: Cues::default(),
            direction: Direction::default(),
            played: VecDeque::new(),
            of_section: BTreeMap::new(),
            changes: 0,
            hand: None,
            over: 0,
        }
    }

    /// Goes by a plan of the whole song from now on, instead of by what is heard.
    #[must_use]
    pub fn with_plan(mut self, plan: Arc<Plan>) -> Self {
        self.plan = Some(plan);
        self
    }

    /// Chooses from `cast` from now on; what plays goes on until the next change.
    pub fn set_cast(&mut self, cast: Arc<Cast>) {
        self.cast = cast;
    }

    /// What plays now.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Takes the next snapshot; whether the direction is another one now.
    pub fn follow(&mut self, heard: &Heard, controls: &Controls) -> bool {
        let before = self.direction;
        let reason = self.cues.follow(heard);
        if !controls.director {
            self.direction = Direction::default();
            self.hand = Some(controls.scene);
            return self.direction != before;
        }
        if self.hand.is_some_and(|hand| hand != controls.scene) {
            self.take(controls.scene, None, heard, controls, Reason::Hand);
        } else {
            match self.plan.clone() {
                Some(plan) => self.play(&plan, heard, controls),
                None => self.improvise(reason, heard, controls),
            }
        }
        self.hand = Some(controls.scene);
        self.direction != before
    }

    fn improvise(&mut self, reason: Option<Reason>, heard: &Heard, controls: &Controls) {
        let began = self.direction.chosen.is_none().then_some(Reason::Beginning);
        let Some(reason) = began.or(reason) else { return };
        let again = (heard.section_similarity > 0.8).then_some(heard.section_match);
        let scene = self.choose(self.cues.energy(), again, controls.seed);
        let section = heard.section_change.count;
        self.of_section.insert(section, scene);
        self.take(scene, Some(again.unwrap_or(section)), heard, controls, reason);
        self.cues.begin_anew(heard);
    }

    fn play(&mut self, plan: &Plan, heard: &Heard, controls: &Controls) {
        let due = plan.until(heard.time_s);
        if due == self.over && self.direction.chosen.is_some() {
            return;
        }
        // After a jump, or where it begins in the middle: the scenes that would have been are passed over, and so the rest of the song
        // is what it would have been.
        let from = if due > self.over { self.over } else { 0 };
        if from == 0 {
            (self.changes, self.direction) = (0, Direction::default());
            self.played.clear();
            self.of_section.clear();
        }
        for cue in &plan.cues()[from..due] {
            let scene = self.choose(cue.energy, cue.like, controls.seed);
            self.of_section.insert(cue.section, scene);
            self.take(scene, Some(cue.like.unwrap_or(cue.section)), heard, controls, cue.reason);
        }
        self.over = due;
    }

    /// A scene for music of this energy, 0 to 1; the one that section `again` had, if there is one.
    fn choose(&mut self, energy: f32, again: Option<u32>, seed: u64) -> Scene {
        let back = again.and_then(|section| self.of_section.get(&section)).copied();
        if let Some(back) = back.filter(|back| self.played.back() != Some(back)) {
            return back;
        }
        let mut lot = Pcg64Mcg::seed_from_u64(seed ^ self.changes.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let barred = OTHERS_BETWEEN.min(self.cast.len().saturating_sub(1));
        let recent: Vec<Scene> = self.played.iter().rev().take(barred).copied().collect();
        self.cast.draw(energy, &recent, lot.random::<f32>())
    }

    /// Lets a scene play, in the hue of a section; in the song's own where there is none.
    fn take(
        &mut self,
        scene: Scene,
        section: Option<u32>,
        heard: &Heard,
        controls: &Controls,
        reason: Reason,
    ) {
        self.changes += 1;
        let seed = controls.seed.wrapping_add(17) ^ self.changes.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mut lot = Pcg64Mcg::seed_from_u64(seed);
        let (transition, beats) = reason.transition(heard, &mut lot);
        let turned = [(); 8].map(|()| 0.5 + VARIATION * (2.0 * lot.random::<f32>() - 1.0));
        let hue = section.map_or(0.0, |section| {
            // The first section has the song's own; the others go around from a place that the seed says.
            let at = if section == 0 {
                0
            } else {
                1 + (u64::from(section) + controls.seed) % (HUES.len() as u64 - 1)
            };
            HUES[at as usize]
        });
        let on = if self.plan.is_some() { TransitionOn::Once } else { reason.begins() };
        self.direction.chosen =
            Some(Chosen { scene, transition, beats, on, ways: turned, own_ways: ways(controls), hue });
        self.played.push_back(scene);
        if self.played.len() > 2 * OTHERS_BETWEEN {
            self.played.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
