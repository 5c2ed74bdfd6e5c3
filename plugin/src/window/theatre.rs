//! The stage thread's work: one frame after the other, and back on its feet whatever is taken away from it.

mod input;
mod panel;
mod projection;
mod rest;
mod show;
mod wishes;

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use klangbild_engine::live::Waking;
use klangbild_engine::render::RenderError;
use klangbild_engine::scene;
use klangbild_engine::stage::News;

use super::again::Again;
use super::armed::Armed;
use super::painter::Parts;
use super::screen::Acquired;
use super::{Front, Message, Signals};
use crate::capture::capture;
use crate::heads::{self, ListedScene};
use crate::instance::Instance;
use crate::outlet::Ticket;
use crate::panel::{Drawing, Outfit, Panel};
use crate::preset::Library;
use crate::settings::Settings;
use input::Input;
use projection::Monitors;
use rest::Rest;
use show::Show;

/// Between two questions whether the window can be seen.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A look into the inbox while there is nothing to draw.
const IDLE: Duration = Duration::from_millis(100);

/// What there is to choose from, as it was found.
#[derive(Default)]
struct Found {
    /// The name and the title of each pack.
    packs: Vec<(String, String)>,
    scenes: Vec<ListedScene>,
    outfit: Outfit,
}

/// Everything of one window that does not depend on a device.
pub struct Theatre {
    instance: Arc<Instance>,
    front: Box<dyn Front>,
    inbox: Receiver<Message>,
    signals: Arc<Signals>,
    window_px: (u32, u32),
    scale: f32,
    visible: bool,
    /// When the window was last looked for, and whether it could be seen.
    looked: Option<(Instant, bool)>,
    ended: bool,
    waking: Option<Waking>,
    show: Option<Show>,
    again: Again,
    rest: Rest,
    /// The size of the window that the picture has of its own.
    picture_px: Option<(u32, u32)>,
    monitors: Monitors,
    input: Input,
    armed: Armed,
    /// The pack that was asked for before the one that is now.
    pack_before: Option<String>,
    panel: Panel,
    presets: Library,
    found: Found,
    /// Brings what there is, while it is being looked for; the other half says that somebody still wants it.
    looked_for: Option<(Receiver<Found>, Arc<()>)>,
    errand_runs: bool,
    /// Where the user's own scenes lie.
    scenes_folder: Option<PathBuf>,
    /// Where stills and videos go, and the setting that it comes from.
    output_folder: (Option<PathBuf>, PathBuf),
    scope: Vec<f32>,
    frames: VecDeque<Instant>,
    drawing: Drawing,
}

impl Theatre {
    /// Nothing is opened yet.
    pub fn new(
        instance: Arc<Instance>,
        front: Box<dyn Front>,
        inbox: Receiver<Message>,
        signals: Arc<Signals>,
        window_px: (u32, u32),
        scale: f32,
    ) -> Self {
        let settings = Settings { folder: None, ..instance.settings() };
        let input = Input::new(&instance);
        Self {
            instance,
            front,
            inbox,
            signals,
            window_px,
            scale,
            visible: true,
            looked: None,
            ended: false,
            waking: None,
            show: None,
            again: Again::default(),
            rest: Rest::new(Instant::now()),
            picture_px: None,
            monitors: Monitors::default(),
            input,
            armed: Armed::default(),
            pack_before: None,
            panel: Panel::default(),
            presets: Library::default(),
            found: Found { scenes: heads::listed_built_in(), ..Found::default() },
            errand_runs: false,
            looked_for: None,
            scenes_folder: scene::folder(),
            output_folder: (None, settings.output_folder()),
            scope: Vec::new(),
            frames: VecDeque::new(),
            drawing: Drawing::default(),
        }
    }

    /// Plays until it is told to stop.
    pub fn play(mut self, ticket: &Ticket) {
        let mut scanned = false;
        while !self.ended && !ticket.is_stopped() {
            while let Ok(message) = self.inbox.try_recv() {
                self.take(message);
            }
            let drawable = self.is_drawable() || self.picture_px.is_some();
            let bypassed = self.instance.params.bypass.value();
            match (drawable && !bypassed, self.waking.is_some()) {
                (true, false) => {
                    // What is wanted is known before anything is loaded.
                    self.instance.sync();
                    self.waking = Some(self.instance.live.wake());
                }
                (false, true) => self.waking = None,
                _ => {}
            }
            if !drawable || !self.open() {
                self.wait(IDLE);
                continue;
            }
            let left = self.show.as_ref().map_or(IDLE, |show| show.pace.left(Instant::now()));
            let now = Instant::now();
            let left = left.max(self.rests_for(now));
            if !left.is_zero() {
                self.wait(left);
                continue;
            }
            self.rest.draws(now);
            self.frame();
            if !scanned {
                // After the first frame: the disk may be slow.
                scanned = true;
                self.rescan();
            }
        }
        let wishes = self.panel.end_gestures();
        self.grant(wishes);
        // One that was asked for in the last moment is not lost with the window.
        if let Some(show) = &self.show {
            self.write_stills(show);
        }
    }

    /// Whether the window can be seen and has pixels.
    fn is_drawable(&mut self) -> bool {
        self.visible && self.window_px.0 > 0 && self.window_px.1 > 0 && self.is_viewable()
    }

    fn is_viewable(&mut self) -> bool {
        if self.looked.is_none_or(|(when, _)| when.elapsed() >= LOOK_EVERY) {
            self.looked = Some((Instant::now(), self.front.is_viewable()));
        }
        self.looked.is_none_or(|(_, viewable)| viewable)
    }

    fn wait(&mut self, at_most: Duration) {
        match self.inbox.recv_timeout(at_most) {
            Ok(message) => self.take(message),
            Err(RecvTimeoutError::Timeout) => {}
            // The window is gone without a word.
            Err(RecvTimeoutError::Disconnected) => self.ended = true,
        }
    }

    fn take(&mut self, message: Message) {
        self.rest.stir();
        match message {
            Message::Stop => self.ended = true,
            Message::Resized { px, scale } => {
                (self.window_px, self.scale) = (px, scale);
                self.front.resized(px);
            }
            Message::Picture(px) => self.picture_window(px),
            Message::Visible(visible) => self.visible = visible,
            Message::Input(event) => self.input(event),
        }
    }

    /// Opens device, surface and stage, if they are not; whether they are now.
    fn open(&mut self) -> bool {
        if self.show.is_some() {
            return true;
        }
        if !self.again.is_due(Instant::now()) {
            return false;
        }
        // Here too the device may be lost in the middle, and a library panic.
        let opened = std::panic::catch_unwind(AssertUnwindSafe(|| {
            Show::open(&self.instance, self.front.as_ref(), self.window_px)
        }));
        match opened.unwrap_or_else(|_| Err("the GPU was lost while the window opened".to_owned())) {
            Ok(show) => {
                let info = show.gpu.info();
                self.drawing.adapter = format!("{} ({})", info.name, info.backend);
                self.show = Some(show);
                self.again.works(Instant::now());
                true
            }
            Err(error) => {
                if self.again.failed(Instant::now()) {
                    tracing::error!("{error}");
                }
                self.front
                    .write(&["Klangbild cannot draw here; the sound is not touched.".to_owned(), error]);
                false
            }
        }
    }

    fn frame(&mut self) {
        let Some(mut show) = self.show.take() else { return };
        // A device that is lost in the middle of a frame makes some of the libraries panic.
        let drawn = std::panic::catch_unwind(AssertUnwindSafe(|| self.draw(&mut show)));
        match drawn {
            Ok(Ok(true)) => self.show = Some(show),
            // The surface is gone: made anew, with everything that hangs on it.
            Ok(Ok(false)) => self.failed(None),
            Ok(Err(error)) => {
                // A scene that cannot be drawn gives way to one that can, and that is told.
                if let RenderError::Stage(fault) = &error
                    && fault.is_of_scene()
                {
                    self.instance.scene_is_undrawable(show.performer.stage().scene(), fault);
                    self.failed(None);
                } else {
                    self.failed(Some(format!("{error}; it is being made again")));
                }
            }
            Err(_) => self.failed(Some(
                "Drawing has failed, as it does when a GPU is lost; it is being made again".to_owned(),
            )),
        }
    }

    /// Says so, the first time in a row. What fails again and again must not keep the machine busy.
    fn failed(&mut self, why: Option<String>) {
        let is_first = self.again.failed(Instant::now());
        if let Some(why) = why.filter(|_| is_first) {
            self.instance.notices.warn(why);
        }
    }

    /// Draws one frame; `false` if the surface is lost.
    fn draw(&mut self, show: &mut Show) -> Result<bool, RenderError> {
        let began = Instant::now();
        show.pace.begin(began);
        let px = (self.window_px.0.min(show.gpu.max_side_px()), self.window_px.1.min(show.gpu.max_side_px()));
        // One frame in flight: what is drawn next is of what is heard now.
        show.settle()?;
        let acquired = self.is_drawable().then(|| show.screen.acquire(px)).transpose()?;
        let frame = match acquired {
            Some(Acquired::Frame(frame)) => Some(frame),
            // Only the picture's own window can be seen.
            None => None,
            Some(Acquired::Lost) => return Ok(false),
            Some(Acquired::Later) => {
                std::thread::sleep(Duration::from_millis(4));
                return Ok(true);
            }
        };
        let acquired = Instant::now();
        self.instance.sync();
        let heard = self.instance.live.now().heard;
        show.performer.score_mut().rest(self.instance.params.bypass.value());
        let (width_px, height_px) = show.resolution.frame_px(self.drawn_px(px, show.gpu.max_side_px()));
        show.performer.stage_mut().resize(width_px, height_px)?;
        show.performer.stage_mut().set_tier(show.resolution.tier())?;
        show.performer.step(0)?;
        self.mind_scene(show);
        show.performer.draw()?;

        if let Some(frame) = frame {
            let answers = !self.input.events.is_empty();
            let output = self.run_panel(show, px, &heard);
            let frame_drawn = show.performer.stage().output();
            let parts = Parts { frame: frame_drawn, context: &show.egui, output, answers };
            let work = show.painter.paint(&show.gpu, parts, &frame.view(), px);
            show.last = Some(frame.present(&show.gpu, work));
        }
        self.project(show)?;
        self.front.frame_done();
        self.front.frame_shown(show.performer.heard());
        self.count(show, px);

        self.instance.note_drawn();
        self.write_stills(show);
        // What the GPU takes shows when the next frame waits for it.
        show.settle()?;
        let taken = began.elapsed().saturating_sub(acquired - began);
        show.resolution.note(taken, show.pace.budget(), show.performer.stage().tiers().len());
        show.painter.note(taken);
        show.mind_length(taken)?;
        self.drawing.frame_ms += 0.1 * (taken.as_secs_f32() * 1e3 - self.drawing.frame_ms);
        Ok(true)
    }

    /// Looks which scene plays: the one that was asked for, or another one where that is broken.
    fn mind_scene(&self, show: &mut Show) {
        let plays = show.performer.stage().scene();
        match show.performer.take_news() {
            Some(News { scene, outcome: Err(error) }) => self.instance.scene_fails(scene, &error),
            Some(News { scene, outcome: Ok(()) }) => {
                self.instance.scene_is_mended(scene);
                self.instance.playbill.look_again();
            }
            None => self.instance.scene_plays(plays),
        }
        if let Some(error) = show.performer.stage_mut().take_transition_fault() {
            self.instance.notices.warn(format!("A dissolve stands in for the transition: {error}"));
        }
        self.instance.try_broken_scene(Instant::now());
        self.instance.playbill.look(plays);
        self.instance.tell_flashes();
        if let Some(missing) = self.instance.params.take_missing_scene() {
            self.instance.tell_missing(&missing);
        }
        if self.instance.ask_to_tell_names() {
            self.front.tell_names();
        }
    }

    fn write_stills(&self, show: &Show) {
        while self.instance.claim_still() {
            if let Err(error) = capture(&self.instance, &show.gpu, &show.performer) {
                self.instance.notices.warn(format!("No still was written: {error}"));
            }
        }
    }

    fn count(&mut self, show: &Show, px: (u32, u32)) {
        let now = Instant::now();
        self.signals.frames.fetch_add(1, Ordering::Relaxed);
        self.frames.push_back(now);
        while self.frames.front().is_some_and(|first| now - *first > Duration::from_secs(1)) {
            self.frames.pop_front();
        }
        self.drawing.fps = self.frames.len() as f32;
        self.signals.fps_times_100.store(self.frames.len() as u32 * 100, Ordering::Relaxed);
        self.drawing.window_px = px;
        self.drawing.tier = show.performer.stage().tier().unwrap_or_default().to_owned();
        self.drawing.frame_px = show.performer.stage().size_px();
    }
}
