//! The plugin's window in a host: baseview for the window and its input, a stage thread of our own for everything that is
//! drawn. The host's thread never waits for the GPU.

mod edits;
#[cfg(target_os = "linux")]
mod embedded;
mod front;
mod handler;
mod host;
mod keyboard;
mod size;
mod translate;

use std::error::Error;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baseview::{Window, WindowSettings};
use crossbeam_channel::unbounded;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize, Size};
use nice_plug::editor::{Editor, EditorHandle, HostMethods, SpawnedEditor};
use nice_plug::prelude::{Modifiers, ParentWindowHandle, ResizeHint, VirtualKeyCode};

use crate::instance::Instance;
use crate::window::{Message, StageThread};
use edits::Edits;
use front::{HostFront, ToWindow};
use handler::Handler;
use host::{Callbacks, Caller};
use size::Sizes;

/// A window that does not close within this time is closed by force.
const LONGEST_CLOSE: Duration = Duration::from_secs(2);

/// Opens windows for one instance.
pub struct StageEditor {
    instance: Arc<Instance>,
    sizes: Arc<Sizes>,
}

/// An open window's stage and edits.
pub struct StageHandle {
    stage: Arc<StageThread>,
    edits: Arc<Edits>,
    sizes: Arc<Sizes>,
    host: GuiContext,
}

/// An open window. Dropping it waits until its thread is gone: hosts unload our code right after.
pub struct StageWindow {
    window: Option<Window>,
    to_window: crossbeam_channel::Sender<ToWindow>,
    caller: Option<Caller>,
}

impl StageEditor {
    /// Nothing is opened yet.
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance, sizes: Arc::default() }
    }

    fn logical_size(&self) -> LogicalSize<f64> {
        let (width, height) = self.instance.settings().window;
        LogicalSize::new(f64::from(width), f64::from(height))
    }
}

impl Editor for StageEditor {
    type Handle = StageHandle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        host: GuiContext,
        methods: Option<HostMethods>,
    ) -> Result<SpawnedEditor<StageHandle>, Box<dyn Error>> {
        // A panic in a driver or in the window library must not abort the host.
        let spawned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.open(parent, wait_for_parent, fallback_scale_factor, host, methods)
        }));
        spawned.unwrap_or_else(|_| Err("the window could not be opened: it ended with a panic".into()))
    }

    fn size(&self) -> NativeSize<u32> {
        match self.sizes.known() {
            Some(size) => NativeSize::from_logical_or_physical(size.logical, size.physical),
            None => {
                let (width, height) = self.instance.settings().window;
                NativeSize::new(width, height)
            }
        }
    }

    fn resize_hint(&self) -> ResizeHint {
        let (width, height) = crate::settings::LEAST_WINDOW;
        let least = LogicalSize::new(width as f32, height as f32);
        ResizeHint::resizable().with_min_logical_size(least)
    }
}

impl StageEditor {
    fn open(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        host: GuiContext,
        methods: Option<HostMethods>,
    ) -> Result<SpawnedEditor<StageHandle>, Box<dyn Error>> {
        let mut settings = WindowSettings::default();
        "Klangbild".clone_into(&mut settings.title);
        settings.size = match self.sizes.known() {
            Some(size) => Size::Physical(size.physical),
            None => Size::Logical(self.logical_size()),
        };
        settings.parent = parent.as_ref().map(Into::into);
        settings.wait_for_parent = wait_for_parent;
        settings.fallback_scale_factor = fallback_scale_factor;

        let (callbacks, caller) = match methods {
            Some(methods) => (Some(methods.callbacks), Some(Caller::new(methods.main_thread_caller))),
            None => (None, None),
        };
        let baseview_host = callbacks.zip(caller.clone()).map(|(callbacks, caller)| {
            baseview::host::Host::new().with_callbacks(Callbacks(callbacks)).with_main_thread(caller)
        });
        let (to_window, from_stage) = unbounded();
        let edits = Arc::new(Edits::new(Arc::clone(&self.instance)));
        let started = Arc::new(Mutex::new(None));

        let build = {
            let (instance, sizes) = (Arc::clone(&self.instance), Arc::clone(&self.sizes));
            let (to_window, edits, caller) = (to_window.clone(), Arc::clone(&edits), caller.clone());
            let (started, host) = (Arc::clone(&started), host.clone());
            // X11: on the window's own thread. Windows and macOS: on the host's main thread.
            move |context: baseview::WindowContext| {
                let now = context.size();
                sizes.opens(now);
                let front = HostFront::new(&context, to_window, Arc::clone(&edits), caller);
                #[cfg(target_os = "linux")]
                let embedded = front.embedded();
                let px = (now.physical.width, now.physical.height);
                let stage =
                    StageThread::start(Arc::clone(&instance), Box::new(front), px, now.scale_factor as f32)
                        .map_err(|error| baseview::HandlerError::from_boxed(Box::new(error)))?;
                let stage = Arc::new(stage);
                *started.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&stage));
                #[cfg(target_os = "linux")]
                embedded.iter().for_each(|embedded| embedded.report_to(&stage));
                #[cfg(target_os = "linux")]
                let keys_elsewhere = embedded.is_some_and(|embedded| embedded.has_keys());
                #[cfg(not(target_os = "linux"))]
                let keys_elsewhere = false;
                Ok(Handler::new(context, from_stage, stage, instance, sizes, keys_elsewhere, (edits, host)))
            }
        };
        let window = Window::create_with_host(settings, build, baseview_host)?;
        let stage = started.lock().unwrap_or_else(PoisonError::into_inner).take();
        let stage = stage.ok_or("the window has opened without a stage")?;
        Ok(SpawnedEditor {
            handle: StageHandle { stage, edits, sizes: Arc::clone(&self.sizes), host },
            window: StageWindow { window: Some(window), to_window, caller },
        })
    }
}

impl StageWindow {
    fn with<T>(&self, act: impl FnOnce(&Window) -> T, otherwise: T) -> T {
        self.window.as_ref().map_or(otherwise, act)
    }
}

impl Drop for StageWindow {
    fn drop(&mut self) {
        let Some(window) = self.window.take() else { return };
        // The host is closing us: it must not be told that we have closed.
        if let Some(caller) = &self.caller {
            caller.mute();
        }
        // On X11 baseview's own close can leave its thread behind; asked from within, the thread really ends.
        if cfg!(target_os = "linux") {
            let _ = self.to_window.send(ToWindow::Close);
            window.waker().request_poll();
            let began = Instant::now();
            while window.is_open() && began.elapsed() < LONGEST_CLOSE {
                std::thread::sleep(Duration::from_micros(300));
            }
        }
        drop(window);
    }
}

impl EditorHandle for StageHandle {
    type Window = StageWindow;
    type Error = baseview::Error;

    fn run_until_closed(mut window: StageWindow) -> Result<(), baseview::Error> {
        window.window.take().map_or(Ok(()), Window::run_until_closed)
    }

    fn set_parent(&self, parent: ParentWindowHandle, window: &StageWindow) -> Result<(), baseview::Error> {
        window.with(|window| window.set_parent(&parent), Ok(()))
    }

    fn show(&self, window: &StageWindow) -> Result<(), baseview::Error> {
        let shown = window.with(Window::show, Ok(()));
        self.stage.tell(Message::Visible(true));
        shown
    }

    fn hide(&self, window: &StageWindow) -> Result<(), baseview::Error> {
        self.stage.tell(Message::Visible(false));
        window.with(Window::hide, Ok(()))
    }

    fn host_main_thread_callback(&self, window: &StageWindow) {
        window.with(Window::host_main_thread_callback, ());
        self.edits.apply(&self.host);
    }

    fn set_size(&self, size: NativeSize<u32>, window: &StageWindow) -> Result<(), baseview::Error> {
        self.sizes.ask(size);
        window.with(|window| window.resize(size), Ok(()))
    }

    fn set_fallback_scale_factor(&self, factor: f64, window: &StageWindow) -> Result<(), baseview::Error> {
        window.with(|window| window.suggest_fallback_scale_factor(factor), Ok(()))
    }

    fn adjust_size(&self, size: NativeSize<u32>, _window: &StageWindow) -> Option<NativeSize<u32>> {
        let (width, height) = self.sizes.least();
        Some(NativeSize::new(size.width.max(width), size.height.max(height)))
    }

    fn on_virtual_key_from_host(&self, key: VirtualKeyCode, down: bool, with: Modifiers) -> bool {
        let typing = self.stage.signals().wants_keys.load(Ordering::Relaxed);
        let Some(event) =
            keyboard::from_host(key, down, with).filter(|_| typing || key == VirtualKeyCode::Tab)
        else {
            return false;
        };
        self.stage.tell(Message::Input(event));
        true
    }

    fn param_value_changed(&self, _id: &str, _value: f32) {}

    fn param_modulation_changed(&self, _id: &str, _offset: f32) {}
}

impl Drop for StageHandle {
    fn drop(&mut self) {
        // Before the window goes; the handle is dropped first.
        self.stage.stop();
        self.edits.apply(&self.host);
    }
}
