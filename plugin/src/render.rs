//! `klangbild render`: a song becomes a video.

mod progress;
mod watch;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use clap::Args;
use klangbild::preset::Look;
use klangbild_engine::pack;
use klangbild_engine::pack::size::PictureSize;
use klangbild_engine::recorder::{Fps, IfTaken};
use klangbild_engine::render::{RenderSettings, Rendered, render};
use klangbild_engine::scene::Scene;
use klangbild_engine::tap::Meter;
use klangbild_engine::words::Wording;
use progress::Reporter;

use crate::flags::{KnobArgs, scene_of};
use crate::terminal::{print_line, tell};
use crate::wording::WordArgs;

/// The exit code of a program that Ctrl-C ended: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

// What is given twice counts as it is given last: so the command that a file's tags hold takes another `-o` behind it.
#[derive(Args)]
#[command(args_override_self = true)]
pub struct RenderArgs {
    /// The song: WAV, FLAC, MP3, OGG, M4A or AIFF; mono to multichannel; any sample rate; `-` reads it from a pipe.
    song: PathBuf,
    /// Where to: .mp4 (H.264), .webm (VP9), .mov (ProRes 4444), or a folder for numbered PNGs and a WAV.
    #[arg(short, long)]
    output: PathBuf,
    /// Frame size in pixels.
    #[arg(long, default_value = "1280x720", value_parser = parse_size, value_name = "WxH")]
    size: (u32, u32),
    /// Frames per second: 30, 29.97, 24000/1001.
    #[arg(long, default_value = "30")]
    fps: Fps,
    /// A look by name, as in the plugin; the options below change it.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// The pack of models: a name from `klangbild pack list`, a folder or a .zip [default: default].
    #[arg(long)]
    pack: Option<String>,
    /// Begin here, in seconds.
    #[arg(long, default_value_t = 0.0, value_name = "S")]
    start: f64,
    /// End here, in seconds.
    #[arg(long, value_name = "S")]
    end: Option<f64>,
    /// Tempo in beats per minute; it is tracked if not given.
    #[arg(long, value_name = "BPM")]
    tempo: Option<f64>,
    /// With --tempo: where the first beat of a bar falls, in seconds from the song's start; may lie before it.
    #[arg(long, default_value_t = 0.0, value_name = "S", requires = "tempo", allow_negative_numbers = true)]
    first_beat: f64,
    /// With --tempo: the time signature, as 7/8. The tempo counts quarter notes whatever it is.
    #[arg(long, default_value = "4/4", value_name = "N/N", requires = "tempo")]
    meter: Meter,
    /// Size of the generated pictures, one of the pack's; if not given, of the frame's shape, and as large as this machine can.
    #[arg(long, value_name = "WxH")]
    picture_size: Option<PictureSize>,
    /// Threads for the models; half of this machine's cores, at most 4, if not given.
    #[arg(long)]
    threads: Option<usize>,
    /// Replace an existing output.
    #[arg(long)]
    force: bool,
    /// Another scene from some second of the song on, by the transition that is chosen; again for more
    #[arg(long, value_name = "NAME@S", value_parser = scene_at)]
    then: Vec<(f64, Scene)>,
    /// What the director chooses from: scenes by name, as a,b,c; all that are built in, if none is named
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = scene_of)]
    favourites: Vec<Scene>,
    /// Render again each time that the scene's files change, until Ctrl-C: for who writes a scene.
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    words: WordArgs,
    #[command(flatten)]
    knobs: KnobArgs,
}

impl RenderArgs {
    fn settings(&self) -> anyhow::Result<RenderSettings> {
        let defaults = RenderSettings::new(self.song.clone(), self.output.clone());
        let (mut controls, mut pack) = (defaults.controls, pack::DEFAULT.to_owned());
        let mut words = Wording::default();
        if let Some(name) = &self.preset {
            let look = Look::of_preset(name)?;
            (controls, pack, words) = (look.controls, look.pack.unwrap_or(pack), look.words);
        }
        if let Some(asked) = self.words.wording()? {
            words = asked;
        }
        if let Some((id, amount)) = self.words.amount(&self.knobs) {
            controls.set(id, amount);
        }
        self.knobs.turn(&mut controls);
        Ok(RenderSettings {
            if_taken: if self.force { IfTaken::Replace } else { IfTaken::Refuse },
            width_px: self.size.0,
            height_px: self.size.1,
            fps: self.fps,
            pack: self.pack.clone().unwrap_or(pack),
            controls,
            words,
            then: self.then.clone(),
            favourites: self.favourites.clone(),
            preset: self.preset.clone(),
            tempo_bpm: self.tempo,
            first_beat_s: self.first_beat,
            meter: self.meter,
            start_s: self.start,
            end_s: self.end,
            picture_size: self.picture_size,
            threads: self.threads.unwrap_or(defaults.threads),
            ..defaults
        })
    }
}

pub fn run(args: &RenderArgs) -> anyhow::Result<ExitCode> {
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = stop.clone();
    ctrlc::set_handler(move || stopping.store(true, Ordering::Relaxed))
        .context("cannot listen for Ctrl-C")?;

    let settings = args.settings()?;
    if args.watch {
        return watch::watch(settings, &stop);
    }
    let mut reporter = Reporter::new(args.fps.per_s());
    let rendered = render(&settings, &mut |progress| {
        reporter.report(progress);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    reporter.finish();
    let rendered = rendered?;
    tell_of(&rendered)?;
    if rendered.stopped {
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_of(rendered: &Rendered) -> anyhow::Result<()> {
    for warning in &rendered.warnings {
        tell(format_args!("warning: {warning}"));
    }
    let finished = &rendered.finished;
    for remark in &finished.remarks {
        tell(format_args!("warning: {remark}"));
    }
    if rendered.stopped {
        tell("stopped before the song's end; what is there plays");
    }
    let path = finished.path.display();
    let size = rendered.picture_size.map_or(String::new(), |size| format!(", pictures of {size}"));
    print_line(format_args!("{path}: {} frames, {:.2} s{size}", finished.frames, finished.duration_s))
}

/// Reads `1280x720`.
pub fn parse_size(text: &str) -> anyhow::Result<(u32, u32)> {
    let Some((width, height)) = text.split_once(['x', 'X']) else {
        bail!("a size is written as 1280x720");
    };
    let side = |side: &str| side.trim().parse().with_context(|| format!("{side:?} is no number of pixels"));
    Ok((side(width)?, side(height)?))
}

fn scene_at(text: &str) -> Result<(f64, Scene), String> {
    let (name, time) = text.rsplit_once('@').ok_or("it is written as NAME@SECONDS")?;
    let time_s: f64 = time.parse().map_err(|_| format!("{time:?} is no number of seconds"))?;
    if !(0.0..1e7).contains(&time_s) {
        return Err(format!("{time} s lies in no song"));
    }
    Ok((time_s, scene_of(name)?))
}
