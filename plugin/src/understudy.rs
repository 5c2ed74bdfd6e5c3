//! Who plays where a scene is broken: the last one that was whole. That a scene is broken is said once, in the window and in the
//! log, until it is mended or nobody asks for it any more.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use klangbild_engine::controls::Controls;
use klangbild_engine::scene::{Scene, Stamp, slots, stamp};
use klangbild_engine::stage::{Gpu, Stage, StageError};

use crate::instance::Instance;

/// Between two looks whether the files of a broken scene have changed.
const LOOK_EVERY: Duration = Duration::from_millis(60);
/// By this the line about a broken scene is known among the others.
const TOPIC: &str = "scene";

/// Scenes by their places, for the audio thread: which one is broken, and which one plays instead.
#[derive(Debug, Default)]
pub struct StandIn(AtomicU32);

/// One more than a place; none is 0.
const HALF: u32 = 16;

impl StandIn {
    /// The scene that plays when this one is asked for. Waits for nothing.
    pub fn of(&self, asked: Scene) -> Scene {
        let pair = self.0.load(Relaxed);
        let scene = |place: u32| slots::of_slot(place.checked_sub(1)? as usize);
        match (scene(pair >> HALF), scene(pair & ((1 << HALF) - 1))) {
            (Some(broken), Some(instead)) if broken == asked => instead,
            _ => asked,
        }
    }

    fn set(&self, pair: Option<(Scene, Scene)>) {
        let place = |scene| slots::slot(scene).map_or(0, |place| place as u32 + 1);
        self.0.store(pair.map_or(0, |(broken, instead)| place(broken) << HALF | place(instead)), Relaxed);
    }
}

/// What is known of one instance's scenes.
#[derive(Debug, Default)]
pub struct Understudy {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The last one that has played.
    whole: Scene,
    broken: Option<Broken>,
}

#[derive(Debug)]
struct Broken {
    scene: Scene,
    stamp: Option<Stamp>,
    looked: Instant,
}

impl Understudy {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Instance {
    /// A scene cannot be played: it is said, and from now on the last one that was whole plays instead, until the files of the
    /// broken one change. What plays already goes on playing.
    pub fn scene_fails(&self, scene: Scene, error: &StageError) {
        let stamp = stamp(scene);
        let mut inner = self.understudy.inner();
        inner.broken = Some(Broken { scene, stamp, looked: Instant::now() });
        let pair = (inner.whole != scene).then_some((scene, inner.whole));
        drop(inner);
        self.params.stand_in.set(pair);
        let plays = crate::heads::name(pair.map_or(scene, |(_, whole)| whole));
        self.notices.stand(TOPIC, format!("The scene {scene} is broken, and {plays} plays on: {error}"));
    }

    /// Notes that a scene plays. Call it in every frame: mostly it looks at two scenes.
    pub fn scene_plays(&self, scene: Scene) {
        let mut inner = self.understudy.inner();
        let asked = self.params.asked_scene();
        let over = inner.broken.as_ref().is_some_and(|broken| broken.scene != asked || broken.scene == scene);
        // What plays while its newest files are broken is no sign that they are mended: see `scene_fails`.
        let same = inner.whole == scene;
        inner.whole = scene;
        if over && !(same && asked == scene) {
            inner.broken = None;
            drop(inner);
            self.params.stand_in.set(None);
            self.notices.lift(TOPIC);
        }
    }

    /// A scene that has played cannot be drawn any more: the default one plays instead.
    pub fn scene_is_undrawable(&self, scene: Scene, error: &StageError) {
        let mut inner = self.understudy.inner();
        if inner.whole == scene {
            inner.whole = Scene::default();
        }
        drop(inner);
        self.scene_fails(scene, error);
    }

    /// The newest files of the scene that plays are whole: what was said of it is over.
    pub fn scene_is_mended(&self, scene: Scene) {
        let mut inner = self.understudy.inner();
        if inner.broken.as_ref().is_some_and(|broken| broken.scene == scene) {
            inner.broken = None;
            inner.whole = scene;
            drop(inner);
            self.params.stand_in.set(None);
            self.notices.lift(TOPIC);
        }
    }

    /// Lets a broken scene be tried again where its files have changed. Call it now and then, from where a disk may be slow.
    pub fn try_broken_scene(&self, now: Instant) {
        let mut inner = self.understudy.inner();
        let Some(broken) = &mut inner.broken else { return };
        if now.saturating_duration_since(broken.looked) < LOOK_EVERY {
            return;
        }
        broken.looked = now;
        let (scene, before) = (broken.scene, broken.stamp);
        drop(inner);
        if stamp(scene) != before {
            self.params.stand_in.set(None);
        }
    }

    /// A stage for what is asked for, or for the last scene that was whole where that one is broken.
    ///
    /// # Errors
    /// The device cannot do it, whatever the scene is.
    pub fn open_stage(
        &self,
        gpu: &Arc<Gpu>,
        (width_px, height_px): (u32, u32),
        controls: &Controls,
    ) -> Result<Stage, StageError> {
        let open = |scene| Stage::new(Arc::clone(gpu), width_px, height_px, scene, controls.seed);
        let error = match open(controls.scene) {
            Err(error) if error.is_of_scene() && controls.scene != Scene::default() => error,
            opened => return opened,
        };
        // What has played before may be broken by now.
        let whole = self.understudy.inner().whole;
        let (scene, stage) = match open(whole) {
            Ok(stage) if whole != controls.scene => (whole, stage),
            _ => (Scene::default(), open(Scene::default())?),
        };
        self.understudy.inner().whole = scene;
        self.scene_fails(controls.scene, &error);
        Ok(stage)
    }
}
