//! Monitors: which there are, and which one is meant.

use std::fmt::Write;

use winit::application::ApplicationHandler;
use winit::error::EventLoopError;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop};
use winit::monitor::MonitorHandle;
use winit::window::WindowId;

use super::pick::pick;

/// The monitor that `wanted` names: a number from the list, or a part of a name.
///
/// # Errors
/// There is none; the message lists what there is.
pub fn choose(event_loop: &ActiveEventLoop, wanted: &str) -> Result<MonitorHandle, String> {
    let mut monitors: Vec<_> = event_loop.available_monitors().collect();
    let names: Vec<_> = monitors.iter().map(describe).collect();
    pick("monitor", &names, wanted).map(|index| monitors.swap_remove(index))
}

/// The monitors, a line each.
pub fn list() -> String {
    let mut lister = Lister::default();
    let listed = EventLoop::new().and_then(|event_loop| event_loop.run_app(&mut lister));
    let mut text = "Monitors\n".to_owned();
    for (index, monitor) in lister.monitors.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:>5}  {monitor}", index + 1);
    }
    match listed {
        Err(error) => {
            let _ = writeln!(text, "    none: {}", words(&error));
        }
        Ok(()) if lister.monitors.is_empty() => text.push_str("    none\n"),
        Ok(()) => {}
    }
    text
}

/// What the system says, without the line of source code that winit puts before it.
pub fn words(error: &EventLoopError) -> String {
    let text = error.to_string().replace('\n', " ");
    text.rsplit_once(".rs:")
        .and_then(|(_, end)| end.split_once(": "))
        .map_or(text.clone(), |(_, end)| end.to_owned())
}

fn describe(monitor: &MonitorHandle) -> String {
    let (name, size) = (monitor.name().unwrap_or_else(|| "unnamed".to_owned()), monitor.size());
    let rate = monitor
        .refresh_rate_millihertz()
        .map(|millihertz| format!(" at {:.0} Hz", f64::from(millihertz) / 1e3));
    format!("{name} {}x{}{}", size.width, size.height, rate.unwrap_or_default())
}

/// Monitors can only be asked for from within a running loop.
#[derive(Default)]
struct Lister {
    monitors: Vec<String>,
}

impl ApplicationHandler for Lister {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.monitors = event_loop.available_monitors().map(|monitor| describe(&monitor)).collect();
        event_loop.exit();
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: WindowEvent) {}
}
