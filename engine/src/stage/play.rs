//! Which scene plays: asked for, compiled aside, begun by a transition, painted in a cheaper way.

use std::sync::Arc;

use super::change::Change;
use super::graph::{Graph, Program, Quality};
use super::workshop::Workshop;
use super::{News, Scene, Stage, StageError, change};
use crate::knobs::Transition;
use crate::scene::SceneFile;

impl Stage {
    /// From now on scenes are compiled aside, while the one before plays on, and are looked after: a user's scene whose files
    /// change plays as they say. For whoever shows what is now; who writes frames wants the scene in the frame that it is due.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn compile_aside(&mut self) -> Result<(), StageError> {
        self.workshop = Some(Workshop::open(Arc::clone(&self.gpu), self.format, self.wanted)?);
        Ok(())
    }

    /// What came of a scene that was compiled aside, since the last call.
    pub fn take_news(&mut self) -> Option<News> {
        self.news.take()
    }

    /// Plays a scene as these files say it, from the next frame on; when it does not compile, the one before stays and plays on.
    ///
    /// # Errors
    /// [`StageError::Shader`] with file, line and column, or what else is wrong.
    pub fn play(&mut self, file: &SceneFile) -> Result<(), StageError> {
        let program = Program::tried(&self.gpu, &self.painter, file, self.format)?;
        self.graph = Graph::new(&self.gpu, program, self.frame_px, self.graph.quality())?;
        (self.wanted, self.scene, self.change) = (file.scene, file.scene, None);
        Ok(())
    }

    /// Plays another scene from the next frame on; as soon as it is compiled, where that is done aside.
    ///
    /// # Errors
    /// Its passes do not compile; the scene before plays on.
    pub fn set_scene(&mut self, scene: Scene) -> Result<(), StageError> {
        if scene == self.wanted {
            return Ok(());
        }
        // Told once, however often it is asked for.
        self.wanted = scene;
        if let Some(workshop) = &self.workshop {
            let transition = change::file(self.controls.transition);
            workshop.order(scene, transition);
            let shelf = &self.gpu.shelf;
            let is_ready = transition.is_none_or(|name| shelf.has_transition(name, self.format));
            if !is_ready || !shelf.has(scene, self.format) {
                return Ok(());
            }
        }
        let program = self.gpu.shelf.program(&self.gpu, &self.painter, scene, self.format)?;
        self.begin(program)
    }

    /// Lets a scene come, by the transition that is chosen.
    fn begin(&mut self, program: Arc<Program>) -> Result<(), StageError> {
        if Arc::ptr_eq(&program, self.graph.program()) {
            self.scene = self.wanted;
            return Ok(());
        }
        let quality = self.graph.quality();
        let arriving = Graph::new(&self.gpu, program, self.frame_px, quality)?;
        let leaving = std::mem::replace(&mut self.graph, arriving);
        self.scene = self.wanted;
        let before_any_frame = self.choreography.is_new();
        self.change = None;
        self.change = match change::file(self.controls.transition).filter(|_| !before_any_frame) {
            None => None,
            Some(name) => {
                let transition = self.transition(name)?;
                Some(Change::new(&self.gpu, leaving, transition, self.frame_px, quality)?)
            }
        };
        Ok(())
    }

    /// A transition, or the first one where it is missing or broken: the scene comes all the same.
    fn transition(&mut self, name: &'static str) -> Result<Arc<Program>, StageError> {
        let of = |name| self.gpu.shelf.transition(&self.gpu, &self.painter, name, self.format);
        match (of(name), change::file(Transition::default())) {
            (Err(error), Some(first)) if first != name => {
                let program = of(first)?;
                self.transition_fault = Some(error);
                Ok(program)
            }
            (found, _) => found,
        }
    }

    /// Why a dissolve stands in for the transition that was chosen, since the last call.
    pub fn take_transition_fault(&mut self) -> Option<StageError> {
        self.transition_fault.take()
    }

    /// Takes over what was compiled aside.
    pub(super) fn take_made(&mut self) {
        let Some(made) =
            self.workshop.as_ref().and_then(Workshop::take).filter(|made| made.scene == self.wanted)
        else {
            return;
        };
        let outcome = match made.program {
            // Its files have changed while it plays: it goes on as they say now, at once.
            Ok(program) if self.scene == made.scene => {
                self.graph.change_to(&self.gpu, &self.painter, program)
            }
            Ok(program) => self.begin(program),
            Err(error) => Err(error),
        };
        self.news = Some(News { scene: made.scene, outcome });
    }

    /// Paints in a cheaper way from the next frame on, as the scene knows some: 0 is the whole of it, 1 its first tier. It stays so
    /// for the scenes after it; one that has fewer takes its last.
    ///
    /// # Errors
    /// The device has no memory for it; nothing changes.
    pub fn set_tier(&mut self, tier: usize) -> Result<(), StageError> {
        let quality = Quality { tier, ..self.graph.quality() };
        if quality == self.graph.quality() {
            return Ok(());
        }
        self.graph.resize(&self.gpu, &self.painter, self.frame_px, quality)
    }

    /// What the scene calls its cheaper ways, the least cheap first.
    pub fn tiers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.graph.program().head.tiers.iter().map(|tier| tier.name.as_str())
    }

    /// What it calls the one that is painted, if that is not the whole.
    pub fn tier(&self) -> Option<&str> {
        let at = self.graph.quality().tier.checked_sub(1)?;
        self.tiers().nth(at).or(self.tiers().last())
    }

    /// The scene that is played.
    pub fn scene(&self) -> Scene {
        self.scene
    }
}
