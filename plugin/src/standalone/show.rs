//! The window, and the main thread's work: events go to the stage, wishes come back from it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use klangbild::clipboard::Clipboard;
use klangbild::instance::Instance;
use klangbild::settings::LEAST_WINDOW;
use klangbild::window::{Message, StageThread};
use winit::application::ApplicationHandler;
use winit::dpi::{LogicalSize, PhysicalPosition};
use winit::event::{KeyEvent, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoopProxy};
use winit::keyboard::{Key, ModifiersState, NamedKey};
use winit::monitor::MonitorHandle;
use winit::window::{Fullscreen, Window, WindowId};

use super::front::{OwnFront, State};
use super::monitors;
use super::sound::Sound;
use super::source::Source;
use super::wish::Wish;

/// In full screen the pointer goes when it has rested for so long; the panel goes about then, too.
const POINTER_STAYS: Duration = Duration::from_secs(5);
/// A window begins so far from its monitor's corner, in pixels.
const FROM_CORNER_PX: i32 = 60;

/// How the window begins.
pub struct Opening {
    /// In its frame.
    pub title: String,
    /// In logical pixels.
    pub size: (u32, u32),
    /// Number or name; the system's choice if not given.
    pub monitor: Option<String>,
    /// At once.
    pub full_screen: bool,
    /// Ends by itself.
    pub ends_after: Option<Duration>,
}

/// The program, as the event loop sees it.
pub struct Show {
    instance: Arc<Instance>,
    opening: Opening,
    source: Option<Source>,
    proxy: EventLoopProxy<Wish>,
    open: Option<Open>,
    failed: Option<anyhow::Error>,
}

/// A window that is open.
struct Open {
    window: Arc<Window>,
    state: Arc<State>,
    /// Where full screen is to be; on the monitor that the window is on if not given.
    monitor: Option<MonitorHandle>,
    stage: StageThread,
    translator: egui_winit::State,
    modifiers: ModifiersState,
    clipboard: Clipboard,
    ends_at: Option<Instant>,
    /// When the pointer moved last; `None` while it is hidden.
    pointed: Option<Instant>,
    _sound: Sound,
}

impl Show {
    /// Nothing is opened yet.
    pub fn new(
        instance: Arc<Instance>,
        opening: Opening,
        source: Source,
        proxy: EventLoopProxy<Wish>,
    ) -> Self {
        Self { instance, opening, source: Some(source), proxy, open: None, failed: None }
    }

    /// How it went, after the loop has ended.
    ///
    /// # Errors
    /// Why the window could not be opened.
    pub fn ended(self) -> anyhow::Result<()> {
        self.failed.map_or(Ok(()), Err)
    }

    fn open(&mut self, event_loop: &ActiveEventLoop) -> anyhow::Result<()> {
        let Some(source) = self.source.take() else { return Ok(()) };
        let wanted = self.opening.monitor.as_deref();
        let monitor = wanted
            .map(|wanted| monitors::choose(event_loop, wanted).map_err(|error| anyhow!(error)))
            .transpose()?;
        let (width, height) = self.opening.size;
        let mut attributes = Window::default_attributes()
            .with_title(&self.opening.title)
            .with_inner_size(LogicalSize::new(width.max(LEAST_WINDOW.0), height.max(LEAST_WINDOW.1)))
            .with_min_inner_size(LogicalSize::new(LEAST_WINDOW.0, LEAST_WINDOW.1));
        if let Some(monitor) = &monitor {
            let PhysicalPosition { x, y } = monitor.position();
            attributes =
                attributes.with_position(PhysicalPosition::new(x + FROM_CORNER_PX, y + FROM_CORNER_PX));
        }
        if self.opening.full_screen {
            attributes = attributes.with_fullscreen(Some(Fullscreen::Borderless(monitor.clone())));
        }
        let window = Arc::new(event_loop.create_window(attributes).context("the system opens no window")?);
        let state = Arc::new(State::default());
        state.full_screen.store(self.opening.full_screen, Ordering::Relaxed);
        let front = OwnFront {
            #[cfg(not(target_os = "macos"))]
            window: Arc::clone(&window),
            state: Arc::clone(&state),
            proxy: self.proxy.clone(),
        };
        let scale = window.scale_factor() as f32;
        note_refresh(&window, &state);
        let stage = StageThread::start(
            Arc::clone(&self.instance),
            Box::new(front),
            window.inner_size().into(),
            scale,
        )
        .context("the system gives no thread for the stage")?;
        let translator = egui_winit::State::new(
            egui::Context::default(),
            egui::ViewportId::ROOT,
            &window,
            Some(scale),
            None,
            None,
        );
        self.open = Some(Open {
            window,
            state,
            monitor,
            stage,
            translator,
            modifiers: ModifiersState::empty(),
            clipboard: Clipboard::default(),
            ends_at: self.opening.ends_after.map(|after| Instant::now() + after),
            pointed: Some(Instant::now()),
            _sound: Sound::start(&self.instance, source)?,
        });
        Ok(())
    }
}

impl ApplicationHandler<Wish> for Show {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if let Err(error) = self.open(event_loop) {
            self.failed = Some(error);
            event_loop.exit();
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some(open) = &mut self.open else { return };
        if matches!(event, WindowEvent::CloseRequested | WindowEvent::Destroyed) || open.asks_to_quit(&event)
        {
            event_loop.exit();
        } else {
            open.take(&event);
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, wish: Wish) {
        match (wish, &mut self.open) {
            (Wish::Quit, _) => event_loop.exit(),
            (_, None) => {}
            (Wish::Copy(text), Some(open)) => open.clipboard.set(text),
            (Wish::FullScreen(on), Some(open)) => open.set_full_screen(on),
            (Wish::Cursor(icon), Some(open)) => open.window.set_cursor(icon),
            #[cfg(target_os = "macos")]
            (Wish::Surface(instance, answer), Some(open)) => {
                let made = instance.create_surface(Arc::clone(&open.window));
                // The stage may have given up waiting.
                let _ = answer.send(made.map_err(|error| error.to_string()));
            }
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let Some(open) = &mut self.open else { return };
        let now = Instant::now();
        if open.ends_at.is_some_and(|ends_at| ends_at <= now) {
            event_loop.exit();
        }
        open.rest_pointer(now);
        let next = [open.ends_at, open.pointer_goes_at()].into_iter().flatten().min();
        event_loop.set_control_flow(next.map_or(ControlFlow::Wait, ControlFlow::WaitUntil));
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // In here, and not behind the loop, because on macOS a quit from the menu does not come back from it.
        if let Some(open) = self.open.take() {
            // The recorder gets what the sound has given so far; the picture goes first because a window that does not
            // answer any more is what people see.
            open.window.set_visible(false);
            open.stage.stop();
            self.instance.close();
        }
    }
}

impl Open {
    fn take(&mut self, event: &WindowEvent) {
        match event {
            WindowEvent::Resized(_) | WindowEvent::ScaleFactorChanged { .. } => {
                let (px, scale) = (self.window.inner_size().into(), self.window.scale_factor() as f32);
                self.stage.tell(Message::Resized { px, scale });
                // The desktop has its own ways to fill the screen.
                self.state.full_screen.store(self.window.fullscreen().is_some(), Ordering::Relaxed);
            }
            WindowEvent::Moved(_) => note_refresh(&self.window, &self.state),
            WindowEvent::Occluded(occluded) => self.stage.tell(Message::Visible(!occluded)),
            WindowEvent::CursorMoved { .. } | WindowEvent::MouseInput { .. } => self.show_pointer(),
            WindowEvent::ModifiersChanged(modifiers) => self.modifiers = modifiers.state(),
            // egui's events do not say so: a key that is held must not do its work again and again.
            WindowEvent::KeyboardInput { event: KeyEvent { repeat: true, .. }, .. }
                if !self.stage.signals().wants_keys.load(Ordering::Relaxed) =>
            {
                return;
            }
            _ => {}
        }
        if self.asks_to_paste(event)
            && let Some(text) = self.clipboard.text()
        {
            // It pastes from a clipboard of its own.
            self.translator.set_clipboard_text(text);
        }
        // What it says is about an egui of its own; the stage's runs elsewhere.
        let _ = self.translator.on_window_event(&self.window, event);
        for event in self.translator.egui_input_mut().events.drain(..) {
            self.stage.tell(Message::Input(event));
        }
    }

    /// Ctrl+Q, as on most desktops; macOS has a menu for it.
    fn asks_to_quit(&self, event: &WindowEvent) -> bool {
        let WindowEvent::KeyboardInput { event, is_synthetic: false, .. } = event else { return false };
        let is_q = matches!(&event.logical_key, Key::Character(text) if text.eq_ignore_ascii_case("q"));
        is_q && event.state.is_pressed() && self.modifiers == ModifiersState::CONTROL
    }

    fn asks_to_paste(&self, event: &WindowEvent) -> bool {
        let WindowEvent::KeyboardInput { event, is_synthetic: false, .. } = event else { return false };
        let command = if cfg!(target_os = "macos") { ModifiersState::SUPER } else { ModifiersState::CONTROL };
        let pastes = match &event.logical_key {
            Key::Character(text) => text.eq_ignore_ascii_case("v") && self.modifiers == command,
            Key::Named(NamedKey::Insert) => self.modifiers == ModifiersState::SHIFT,
            Key::Named(NamedKey::Paste) => true,
            _ => false,
        };
        pastes && event.state.is_pressed()
    }

    fn set_full_screen(&self, on: bool) {
        self.window.set_fullscreen(on.then(|| Fullscreen::Borderless(self.monitor.clone())));
        self.state.full_screen.store(on, Ordering::Relaxed);
    }

    fn show_pointer(&mut self) {
        if self.pointed.replace(Instant::now()).is_none() {
            self.window.set_cursor_visible(true);
        }
    }

    fn pointer_goes_at(&self) -> Option<Instant> {
        let pointed = self.pointed.filter(|_| self.state.full_screen.load(Ordering::Relaxed));
        pointed.map(|pointed| pointed + POINTER_STAYS)
    }

    fn rest_pointer(&mut self, now: Instant) {
        if self.pointer_goes_at().is_some_and(|goes_at| goes_at <= now) {
            self.pointed = None;
            self.window.set_cursor_visible(false);
        } else if self.pointed.is_none() && !self.state.full_screen.load(Ordering::Relaxed) {
            self.show_pointer();
        }
    }
}

fn note_refresh(window: &Window, state: &State) {
    let rate = window.current_monitor().and_then(|monitor| monitor.refresh_rate_millihertz());
    state.refresh_millihertz.store(rate.unwrap_or(0), Ordering::Relaxed);
}
