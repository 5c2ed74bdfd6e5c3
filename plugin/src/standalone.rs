//! `klangbild live`: a window of its own, played by a song or by a sound input.
//!
//! - [`look`]: what is asked for about the picture. [`show`]: the window; [`front`]: what the stage asks of it, through a
//!   [`wish`]; [`monitors`]: where it stands.
//! - [`sound`]: a thread that keeps the sound coming. It plays a song ([`player`]) to an [`output`], or by the clock where
//!   there is none; or it listens to an [`input`]. [`devices`] knows which there are.
//! - [`midi`]: a port for a MIDI clock and notes.

mod devices;
mod format;
mod front;
mod input;
mod look;
mod midi;
mod monitors;
mod output;
mod pick;
mod player;
mod show;
mod sound;
mod source;
mod wish;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use klangbild::instance::Instance;
use klangbild_engine::song::SongFile;
use klangbild_engine::text;
use winit::event_loop::EventLoop;

use devices::{Choice, Direction};
use look::LookArgs;
use show::{Opening, Show};
use source::{Listen, Play, Source};
use wish::Wish;

use crate::terminal;

/// A stage that hangs in its driver must not keep the program from ending: a second Ctrl-C ends it so, with 128 + SIGINT.
const INTERRUPTED: i32 = 130;

#[derive(Args)]
pub struct LiveArgs {
    /// The song to play: WAV, FLAC, MP3, OGG, M4A or AIFF; `-` reads it from a pipe. Without one, the default sound input is
    /// listened to.
    song: Option<PathBuf>,
    /// Listen to this sound input: its number or a part of its name in --list-devices, or `default`. What a computer plays
    /// can be listened to as well: such inputs are called monitor (Linux) or loopback (Windows, macOS 14.6 and later).
    #[arg(long, value_name = "DEVICE", conflicts_with = "song")]
    input: Option<String>,
    /// Follow the MIDI clock of this MIDI input, and play its notes: its number or a part of its name in --list-devices; the
    /// first if none is named.
    #[arg(long, value_name = "PORT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    midi_clock: Option<String>,
    /// Print sound outputs, sound inputs, MIDI inputs and monitors, and end.
    #[arg(long)]
    list_devices: bool,
    /// Play the song on this sound output: its number or a part of its name.
    #[arg(long, value_name = "DEVICE", requires = "song", conflicts_with = "mute")]
    output: Option<String>,
    /// Play the song without sound.
    #[arg(long, requires = "song")]
    mute: bool,
    /// Play the song again and again.
    #[arg(long = "loop", requires = "song")]
    looped: bool,
    /// Show the window on this monitor, and fill this one: its number or a part of its name.
    #[arg(long, value_name = "N|NAME")]
    monitor: Option<String>,
    /// Fill the screen from the start; the F key does so later, Escape leaves.
    #[arg(long)]
    full_screen: bool,
    /// Size of the window in logical pixels.
    #[arg(long, default_value = "1280x720", value_parser = crate::render::parse_size, value_name = "WxH")]
    size: (u32, u32),
    /// End by itself after so many seconds.
    #[arg(long = "for", value_name = "SECONDS", value_parser = parse_seconds)]
    ends_after: Option<Duration>,
    #[command(flatten)]
    look: LookArgs,
}

/// Opens the window and plays until it is closed, Ctrl-C comes, or the time is up.
///
/// # Errors
/// Something that was asked for does not exist (the message lists what there is), or no window can be opened.
pub fn run(args: &LiveArgs) -> anyhow::Result<ExitCode> {
    if args.list_devices {
        terminal::print(format_args!("{}{}{}", devices::list(), midi::list(), monitors::list()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let instance = Arc::new(Instance::default());
    args.look.apply(&instance)?;
    let (source, title) = args.source()?;
    let _midi = args.midi_clock.as_deref().map(|wanted| midi::Midi::start(&instance, wanted)).transpose()?;
    let event_loop = EventLoop::<Wish>::with_user_event().build().map_err(|error| {
        let reason = monitors::words(&error);
        anyhow!("no window can be opened ({reason}): start this on a desktop (X11 or Wayland), not on a bare console")
    })?;
    let display = event_loop.owned_display_handle();
    klangbild::device::use_display(move || Box::new(display.clone()));

    let proxy = event_loop.create_proxy();
    let mut interrupted = false;
    ctrlc::set_handler(move || {
        // A loop that is gone needs no word any more.
        if std::mem::replace(&mut interrupted, true) || proxy.send_event(Wish::Quit).is_err() {
            std::process::exit(INTERRUPTED);
        }
    })
    .context("cannot listen for Ctrl-C")?;

    let opening = Opening {
        title,
        size: args.size,
        monitor: args.monitor.clone(),
        full_screen: args.full_screen,
        ends_after: args.ends_after,
    };
    let mut show = Show::new(instance, opening, source, event_loop.create_proxy());
    event_loop.run_app(&mut show).context("the window's event loop has failed")?;
    show.ended()?;
    Ok(ExitCode::SUCCESS)
}

impl LiveArgs {
    /// Where the sound comes from, and the window's title.
    fn source(&self) -> anyhow::Result<(Source, String)> {
        let choose = |direction, wanted: &Option<String>| match wanted.as_deref() {
            None => Ok(Choice::Default),
            Some(wanted) => devices::choose(direction, wanted),
        };
        let Some(path) = &self.song else {
            let device = choose(Direction::Input, &self.input)?;
            return Ok((Source::Input(Listen { device }), "Klangbild".to_owned()));
        };
        let song = SongFile::open(path)?;
        let title = title_of(&song)?;
        let output = match self.mute {
            true => None,
            false => Some(choose(Direction::Output, &self.output)?),
        };
        Ok((Source::Song(Play { song, looped: self.looped, output }), title))
    }
}

/// Opens the song, so that one that cannot be played is said before there is a window.
fn title_of(file: &SongFile) -> anyhow::Result<String> {
    let song = file.song()?;
    let stem = || file.name().file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let title = song.title().map_or_else(stem, str::to_owned);
    let artist = song.artist().map(|artist| format!("{artist} - ")).unwrap_or_default();
    Ok(text::plain(&format!("{artist}{title} - Klangbild")))
}

fn parse_seconds(text: &str) -> anyhow::Result<Duration> {
    match text.parse::<f64>().map(Duration::try_from_secs_f64) {
        Ok(Ok(duration)) if duration < Duration::from_secs(1_000_000) => Ok(duration),
        _ => bail!("{text:?} is no number of seconds"),
    }
}
