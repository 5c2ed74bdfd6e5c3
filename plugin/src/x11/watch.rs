//! A thread that looks after a window's keys, its clipboard, and the window that the picture has of its own.
//!
//! It has a connection to the X server for itself: nobody else takes events from it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use klangbild_engine::threads::join_within;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, FocusOutEvent, GrabMode,
    KeyPressEvent, ModMask, NotifyDetail, NotifyMode, Window, WindowClass,
};
use x11rb::xcb_ffi::XCBConnection;

use super::focus::Focus;
use super::layout::Layout;
use super::monitors::Monitor;
use super::picture_window::PictureWindow;
use crate::clipboard::Clipboard;
use crate::window::{Message, Signals};

/// A thread that does not end within this time is left behind: it may wait for a program that holds the clipboard.
const LONGEST_END: Duration = Duration::from_secs(6);
/// X11's keysymdef.h.
const TAB: u32 = 0xff09;
/// Modifiers that change nothing for Tab: Caps Lock and, usually, Num Lock.
const LOCKS: [ModMask; 2] = [ModMask::LOCK, ModMask::M2];
const NONE: usize = usize::MAX;

/// What it is to do.
enum Order {
    /// Tell this stage from now on.
    Report(Sender<Message>, Arc<Signals>),
    /// Take the keyboard, or give it back.
    Keys(bool),
    /// Put this on the clipboard.
    Copy(String),
    /// Show the picture on this monitor, or nowhere.
    Picture(Option<(usize, Monitor)>),
    /// End.
    End,
}

/// The running thread. It ends with this value.
pub struct Watch {
    shared: Arc<Shared>,
    orders: Sender<Order>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What both sides have.
struct Shared {
    connection: XCBConnection,
    /// A window that is never seen, through which the thread is woken.
    bell: Window,
    understands_keys: AtomicBool,
    /// The window that the picture has of its own, and its monitor; 0 and `NONE` while there is none.
    picture: AtomicU32,
    monitor: AtomicUsize,
}

impl Watch {
    /// Looks after this window, which lies in one of a host's.
    ///
    /// # Errors
    /// There is no connection to the X server, or the system gives no thread; one line.
    pub fn start(window: Window) -> Result<Self, Box<dyn std::error::Error>> {
        let (connection, _) = XCBConnection::connect(None)?;
        let bell =
            hidden(&connection, connection.setup().roots.first().map_or(window, |screen| screen.root))?;
        let picture = AtomicU32::new(0);
        let (monitor, understands_keys) = (AtomicUsize::new(NONE), AtomicBool::new(false));
        let shared = Arc::new(Shared { connection, bell, understands_keys, picture, monitor });
        let (orders, inbox) = unbounded();
        let watching = Watching::new(&shared, inbox, window)?;
        shared.understands_keys.store(watching.layout.is_some(), Ordering::Relaxed);
        let thread =
            std::thread::Builder::new().name("klangbild-x11".to_owned()).spawn(move || watching.run())?;
        Ok(Self { shared, orders, thread: Mutex::new(Some(thread)) })
    }

    /// Whether the keyboard's layout is known. If not, keys are left to the window library.
    pub fn understands_keys(&self) -> bool {
        self.shared.understands_keys.load(Ordering::Relaxed)
    }

    /// Tells this stage from now on.
    pub fn report_to(&self, inbox: Sender<Message>, signals: Arc<Signals>) {
        self.order(Order::Report(inbox, signals));
    }

    /// Takes the keyboard from the host, or gives it back.
    pub fn want_keys(&self, wanted: bool) {
        self.order(Order::Keys(wanted));
    }

    /// Puts text on the clipboard.
    pub fn copy(&self, text: String) {
        self.order(Order::Copy(text));
    }

    /// Opens a window for the picture on this monitor, or closes it.
    pub fn show_picture(&self, on: Option<(usize, Monitor)>) {
        self.order(Order::Picture(on));
    }

    /// The window that the picture has of its own.
    pub fn picture(&self) -> Option<Window> {
        Some(self.shared.picture.load(Ordering::Acquire)).filter(|id| *id != 0)
    }

    /// The monitor that it fills.
    pub fn picture_monitor(&self) -> Option<usize> {
        Some(self.shared.monitor.load(Ordering::Relaxed)).filter(|monitor| *monitor != NONE)
    }

    fn order(&self, order: Order) {
        // A thread that has ended has lost its server, and with it everything that could be done.
        let _ = self.orders.send(order);
        let (bell, connection) = (self.shared.bell, &self.shared.connection);
        let ring = ClientMessageEvent::new(32, bell, 1_u32, [0; 5]);
        let rung = connection.send_event(false, bell, EventMask::NO_EVENT, ring);
        if rung.and_then(|_| connection.flush()).is_err() {
            tracing::debug!("the X server is gone");
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.order(Order::End);
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        thread.map(|thread| join_within(thread, LONGEST_END));
    }
}

/// The thread's side.
struct Watching {
    shared: Arc<Shared>,
    orders: Receiver<Order>,
    window: Window,
    seat: Window,
    focus: Focus,
    layout: Option<Layout>,
    clipboard: Clipboard,
    report: Option<(Sender<Message>, Arc<Signals>)>,
    /// Keys that are down and have been pressed here.
    down: HashSet<u8>,
    picture: Option<(PictureWindow, Focus)>,
}

// SAFETY: the layout's pointers are to memory of xkbcommon's that nothing else has a pointer to, and that may be used from any
// thread, one at a time.
unsafe impl Send for Watching {}

impl Watching {
    fn new(
        shared: &Arc<Shared>,
        orders: Receiver<Order>,
        window: Window,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let connection = &shared.connection;
        connection.xkb_use_extension(1, 0)?.reply()?;
        let layout = Layout::open(connection);
        let seat = hidden(connection, window)?;
        connection.map_window(seat)?.check()?;
        // A key that is held is pressed again and again, without being let go in between.
        let (repeat, none) = (xkb::PerClientFlag::DETECTABLE_AUTO_REPEAT, xkb::BoolCtrl::default());
        let keyboard = u16::from(xkb::ID::USE_CORE_KBD);
        connection.xkb_per_client_flags(keyboard, repeat, repeat, none, none, none)?.reply()?;
        let news = xkb::EventType::NEW_KEYBOARD_NOTIFY | xkb::EventType::MAP_NOTIFY;
        let (all, no_parts) = (xkb::MapPart::from(0xff_u16), xkb::SelectEventsAux::new());
        connection
            .xkb_select_events(keyboard, xkb::EventType::default(), news, all, all, &no_parts)?
            .check()?;
        let watching = Self {
            window,
            seat,
            focus: Focus::new(seat),
            layout,
            clipboard: Clipboard::default(),
            report: None,
            down: HashSet::new(),
            picture: None,
            orders,
            shared: Arc::clone(shared),
        };
        watching.ask_for_tab();
        Ok(watching)
    }

    fn run(mut self) {
        loop {
            match self.shared.connection.wait_for_event() {
                Ok(Event::ClientMessage(message)) if message.window == self.shared.bell => {
                    while let Ok(order) = self.orders.try_recv() {
                        match order {
                            Order::End => return self.end(),
                            order => self.obey(order),
                        }
                    }
                }
                Ok(event) => self.take(&event),
                Err(error) => {
                    tracing::debug!("no more keys: {error}");
                    return;
                }
            }
        }
    }

    fn end(mut self) {
        self.focus.give_back(&self.shared.connection, self.host());
        self.close_picture();
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Report(inbox, signals) => self.report = Some((inbox, signals)),
            Order::Keys(true) => self.focus.take(&self.shared.connection),
            Order::Keys(false) => self.focus.give_back(&self.shared.connection, self.host()),
            Order::Copy(text) => self.clipboard.set(text),
            Order::Picture(on) => {
                self.close_picture();
                if let Some((number, monitor)) = on {
                    self.open_picture(number, &monitor);
                }
            }
            Order::End => {}
        }
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::KeyPress(key) if self.is_of_picture(key.event) => self.key_of_picture(*key),
            Event::KeyPress(key) => self.key(key, true),
            Event::KeyRelease(key) => self.key(key, false),
            Event::FocusIn(event) if event.event == self.seat => {
                self.tell(Message::Input(egui::Event::WindowFocused(true)));
            }
            Event::FocusOut(event) if event.event == self.seat && is_lost(event) => {
                self.focus.lost();
                self.down.clear();
                self.tell(Message::Input(egui::Event::WindowFocused(false)));
            }
            Event::XkbNewKeyboardNotify(_) | Event::XkbMapNotify(_) | Event::MappingNotify(_) => {
                if let Some(layout) = &mut self.layout {
                    layout.read(&self.shared.connection);
                }
                self.ask_for_tab();
            }
            // Where no window manager does so.
            Event::MapNotify(mapped) if self.is_of_picture(mapped.window) => {
                if let Some((_, focus)) = &mut self.picture {
                    focus.take(&self.shared.connection);
                }
            }
            Event::ConfigureNotify(size) if self.is_of_picture(size.window) => {
                self.tell(Message::Picture(Some((size.width.into(), size.height.into()))));
            }
            Event::ClientMessage(message)
                if self.picture.as_ref().is_some_and(|(picture, _)| picture.is_to_close(message)) =>
            {
                self.tell(Message::Picture(None));
            }
            _ => {}
        }
    }

    fn key(&mut self, key: &KeyPressEvent, pressed: bool) {
        let Some(layout) = &mut self.layout else { return };
        let typing =
            self.report.as_ref().is_some_and(|(_, signals)| signals.wants_keys.load(Ordering::Relaxed));
        let repeat = pressed && self.down.contains(&key.detail);
        let events = layout.key(key.detail, key.state, pressed, repeat);
        let is_tab = events.iter().any(|event| matches!(event, egui::Event::Key { key: egui::Key::Tab, .. }));
        let ours = if pressed { typing || is_tab } else { self.down.remove(&key.detail) };
        if !ours {
            return self.pass_on(*key, pressed);
        }
        if pressed {
            self.down.insert(key.detail);
        }
        for event in events {
            let event = if typing { self.clipboard.serve(event) } else { event };
            self.tell(Message::Input(event));
        }
    }

    /// The picture's own window knows its way out, and leaves the rest to the host: there, Space starts and stops.
    fn key_of_picture(&mut self, key: KeyPressEvent) {
        let Some(layout) = &mut self.layout else { return self.tell(Message::Picture(None)) };
        let closes = layout.key(key.detail, key.state, true, false).into_iter().any(|event| {
            use egui::Key::{Escape, F, F11};
            matches!(event, egui::Event::Key { key: Escape | F | F11, .. })
        });
        if closes { self.tell(Message::Picture(None)) } else { self.pass_on(key, true) }
    }

    /// Sends a key to the host's window, or the nearest one around it that asks for keys.
    fn pass_on(&self, key: KeyPressEvent, pressed: bool) {
        let mask = if pressed { EventMask::KEY_PRESS } else { EventMask::KEY_RELEASE };
        let host = self.host();
        let key = KeyPressEvent { event: host, child: x11rb::NONE, ..key };
        let connection = &self.shared.connection;
        let sent = connection.send_event(true, host, mask, key);
        if sent.and_then(|_| connection.flush()).is_err() {
            tracing::debug!("a key could not be passed on");
        }
    }

    /// The host's window around ours: some hosts make ours first, and put it there later.
    fn host(&self) -> Window {
        let tree = self.shared.connection.query_tree(self.window).ok().and_then(|asked| asked.reply().ok());
        tree.map_or(x11rb::NONE, |tree| tree.parent)
    }

    /// Tab shows and hides the panel while the pointer is over the window, whoever has the keyboard. All other keys go their way.
    fn ask_for_tab(&self) {
        let Some(code) = self.layout.as_ref().and_then(|layout| layout.code_of(TAB)) else { return };
        let connection = &self.shared.connection;
        let (none, one, other) = (ModMask::default(), LOCKS[0], LOCKS[1]);
        for with in [none, one, other, one | other] {
            let asynchronous = GrabMode::ASYNC;
            let asked = connection.grab_key(false, self.window, with, code, asynchronous, asynchronous);
            if asked.is_err() {
                tracing::debug!("Tab is not ours");
            }
        }
        // What the server refuses comes as an event; the panel has a button as well.
        let _ = connection.flush();
    }

    fn open_picture(&mut self, number: usize, monitor: &Monitor) {
        match PictureWindow::open(&self.shared.connection, monitor) {
            Ok(picture) => {
                self.shared.monitor.store(number, Ordering::Relaxed);
                self.shared.picture.store(picture.id, Ordering::Release);
                let focus = Focus::new(picture.id);
                self.picture = Some((picture, focus));
                self.tell(Message::Picture(Some((monitor.px.0.into(), monitor.px.1.into()))));
            }
            Err(error) => tracing::error!("the picture gets no window of its own: {error}"),
        }
    }

    fn close_picture(&mut self) {
        self.shared.picture.store(0, Ordering::Release);
        self.shared.monitor.store(NONE, Ordering::Relaxed);
        if let Some((picture, mut focus)) = self.picture.take() {
            focus.give_back(&self.shared.connection, self.host());
            picture.close(&self.shared.connection);
        }
    }

    fn is_of_picture(&self, window: Window) -> bool {
        self.picture.as_ref().is_some_and(|(picture, _)| picture.id == window)
    }

    fn tell(&self, message: Message) {
        if let Some((inbox, _)) = &self.report {
            // A stage that has ended needs no word any more.
            let _ = inbox.send(message);
        }
    }
}

/// Not a grab, after which the keyboard comes back.
fn is_lost(event: &FocusOutEvent) -> bool {
    matches!(event.mode, NotifyMode::NORMAL | NotifyMode::WHILE_GRABBED)
        && !matches!(event.detail, NotifyDetail::POINTER | NotifyDetail::INFERIOR)
}

/// A window without pixels, beside what is seen of its parent; it gets keys.
fn hidden(connection: &XCBConnection, parent: Window) -> Result<Window, x11rb::errors::ReplyOrIdError> {
    let id = connection.generate_id()?;
    let events = EventMask::KEY_PRESS | EventMask::KEY_RELEASE | EventMask::FOCUS_CHANGE;
    let look = CreateWindowAux::new().event_mask(events);
    let class = WindowClass::INPUT_ONLY;
    connection.create_window(0, id, parent, -1, -1, 1, 1, 0, class, 0, &look)?.check()?;
    Ok(id)
}
