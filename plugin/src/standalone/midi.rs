//! A MIDI port: its clock leads the beat, and its notes do what notes do in a DAW.

use std::fmt::Write;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, anyhow};
use crossbeam_channel::{Receiver, Sender, bounded};
use klangbild::instance::Instance;
use klangbild::midi_clock::MidiClockReader;
use midir::{Ignore, MidiInput, MidiInputConnection};

use super::devices::hush;
use super::pick::pick;

/// By which name others see this end.
const CLIENT: &str = "Klangbild";
/// Between two looks whether the port is there.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// What to do where there is no MIDI at all.
const CURE: &str = if cfg!(target_os = "linux") {
    "is the kernel's module snd-seq loaded (modprobe snd-seq)?"
} else {
    "start the system's MIDI service"
};
/// What begins a note.
const NOTE_ON: u8 = 0x90;

/// Looks after the port; ends with this value.
pub struct Midi {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A port as the user means it: it outlives the port's being unplugged.
struct Choice {
    id: String,
    name: String,
}

impl Midi {
    /// Opens the port that `wanted` names: a number from the list, a part of a name, or nothing for the first.
    ///
    /// # Errors
    /// There is none, or it cannot be opened; the message lists what there is.
    pub fn start(instance: &Arc<Instance>, wanted: &str) -> anyhow::Result<Self> {
        let choice = choose(wanted)?;
        let connection = connect(instance, &choice)?;
        // Nothing is ever sent: that the sender is gone is the word.
        let (stop, stopped) = bounded(0);
        let instance = Arc::clone(instance);
        let thread = std::thread::Builder::new()
            .name("klangbild-midi".to_owned())
            .spawn(move || keep(&instance, &choice, connection, &stopped))
            .context("the system gives no thread for MIDI")?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Midi {
    fn drop(&mut self) {
        self.stop = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread for MIDI had ended with a panic");
        }
    }
}

/// Inputs, a line each.
pub fn list() -> String {
    let mut text = "MIDI inputs\n".to_owned();
    let names = input().map(|input| names(&input)).unwrap_or_default();
    if names.is_empty() {
        text += "    none\n";
    }
    for (index, name) in names.iter().enumerate() {
        let _ = writeln!(text, "{:>5}  {name}", index + 1); // into a string it cannot fail
    }
    text.push('\n');
    text
}

fn input() -> anyhow::Result<MidiInput> {
    hush();
    let mut input =
        MidiInput::new(CLIENT).map_err(|error| anyhow!("this system gives no MIDI: {error}; {CURE}"))?;
    input.ignore(Ignore::SysexAndActiveSense);
    Ok(input)
}

fn names(input: &MidiInput) -> Vec<String> {
    input.ports().iter().map(|port| input.port_name(port).unwrap_or_else(|_| port.id())).collect()
}

fn choose(wanted: &str) -> anyhow::Result<Choice> {
    let input = input()?;
    let names = names(&input);
    let wanted = if wanted.is_empty() { "1" } else { wanted };
    let index = pick("MIDI input", &names, wanted).map_err(|error| anyhow!(error))?;
    let port = input.ports().into_iter().nth(index).context("the MIDI input is gone; try again")?;
    Ok(Choice { id: port.id(), name: names[index].clone() })
}

fn connect(instance: &Instance, choice: &Choice) -> anyhow::Result<MidiInputConnection<()>> {
    let input = input()?;
    let port = input.find_port_by_id(&choice.id).ok_or_else(|| anyhow!("{} is not there", choice.name))?;
    let params = Arc::clone(&instance.params);
    let mut clock = MidiClockReader::new(Arc::clone(&params.midi_clock));
    let take = move |_: u64, message: &[u8], (): &mut ()| {
        clock.take(message);
        if let [status, key, velocity, ..] = *message
            && status & 0xF0 == NOTE_ON
            && velocity > 0
        {
            params.triggers.note(key);
        }
    };
    let connected = input.connect(&port, CLIENT, take, ());
    connected.map_err(|error| anyhow!("the MIDI input {} cannot be opened: {error}", choice.name))
}

/// Looks for the port again where it was lost.
fn keep(instance: &Instance, choice: &Choice, connection: MidiInputConnection<()>, stopped: &Receiver<()>) {
    let mut connection = Some(connection);
    while !stopped.recv_timeout(LOOK_EVERY).is_err_and(|error| error.is_disconnected()) {
        let is_there = input().is_ok_and(|input| input.find_port_by_id(&choice.id).is_some());
        match (&connection, is_there) {
            (Some(_), false) => {
                connection = None;
                let line = format!("Lost the MIDI input {}; it is looked for every 2 seconds", choice.name);
                instance.notices.warn(line);
            }
            (None, true) => match connect(instance, choice) {
                Ok(again) => {
                    connection = Some(again);
                    instance.notices.tell(format!("The MIDI input {} is back", choice.name), None);
                }
                Err(error) => tracing::debug!("{error:#}"),
            },
            _ => {}
        }
    }
}
