//! `klangbild score`: how a video, or a render of a song, looks in figures.

mod frames;
mod music;

use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use klangbild_engine::recorder::Fps;
use klangbild_engine::render::{RenderSettings, render};
use klangbild_engine::score::{Score, Scorer};
use serde::Serialize;

use crate::flags::KnobArgs;
use crate::render::parse_size;
use crate::terminal::{print, print_line};
use frames::Frames;

#[derive(Args)]
pub struct ScoreArgs {
    /// A video, in any format that ffmpeg reads; or a song, which is rendered and then measured.
    #[arg(value_name = "VIDEO|SONG")]
    input: PathBuf,
    /// Another video or song, measured in the same way and printed beside it.
    #[arg(long, value_name = "VIDEO|SONG")]
    against: Option<PathBuf>,
    /// The song that a video was made to: then it is measured how the picture goes with it.
    #[arg(long)]
    song: Option<PathBuf>,
    /// Begin here, in seconds.
    #[arg(long, default_value_t = 0.0, value_name = "S")]
    start: f64,
    /// End here, in seconds.
    #[arg(long, value_name = "S")]
    end: Option<f64>,
    /// Frame size in pixels: of a render, 1280x720 if not given; a video is scaled to it, if it is given.
    #[arg(long, value_parser = parse_size, value_name = "WxH")]
    size: Option<(u32, u32)>,
    /// Frames per second at which everything is measured.
    #[arg(long, default_value = "30")]
    fps: Fps,
    /// The pack of models for a render [default: default].
    #[arg(long)]
    pack: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    knobs: KnobArgs,
}

/// What was measured, and its figures.
#[derive(Serialize)]
struct Measured {
    input: PathBuf,
    #[serde(flatten)]
    score: Score,
}

/// Figures side by side.
struct Table<'a>(&'a [Measured]);

/// Measures, and prints a table or JSON.
///
/// # Errors
/// A file that cannot be read, ffmpeg that is missing, or a render that fails.
pub fn run(args: &ScoreArgs) -> Result<ExitCode> {
    let inputs = std::iter::once(&args.input).chain(&args.against);
    let measured: Vec<Measured> = inputs
        .map(|input| Ok(Measured { input: input.clone(), score: measure(args, input)? }))
        .collect::<Result<_>>()?;
    if args.json {
        print_line(serde_json::to_string_pretty(&measured)?)?;
    } else {
        print(Table(&measured))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(args: &ScoreArgs, input: &Path) -> Result<Score> {
    if !is_song(input) {
        let frames = Frames::open(input, args.fps, args.start, args.end, args.size)?;
        return score(frames, args, args.song.as_deref());
    }
    let folder = tempfile::tempdir().context("cannot make a temporary folder for the render")?;
    let video = folder.path().join("render.mp4");
    let mut settings = RenderSettings::new(input.to_path_buf(), video.clone());
    (settings.width_px, settings.height_px) = args.size.unwrap_or((1280, 720));
    (settings.fps, settings.start_s, settings.end_s) = (args.fps, args.start, args.end);
    args.knobs.turn(&mut settings.controls);
    if let Some(pack) = &args.pack {
        settings.pack.clone_from(pack);
    }
    render(&settings, &mut |_| ControlFlow::Continue(()))?;
    score(Frames::open(&video, args.fps, 0.0, None, None)?, args, Some(input))
}

fn score(mut frames: Frames, args: &ScoreArgs, song: Option<&Path>) -> Result<Score> {
    let [width_px, height_px] = frames.size_px();
    let mut scorer = Scorer::new(width_px, height_px, args.fps.per_s())?;
    while let Some(frame) = frames.next()? {
        scorer.frame(frame);
    }
    let music = song.map(|song| music::of(song, args.start, args.end)).transpose()?.unwrap_or_default();
    Ok(scorer.finish(&music))
}

/// By its name: what a song is written in holds no pictures.
fn is_song(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| {
        ["wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aif", "aiff"].contains(&ending.as_str())
    })
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        write!(f, "{:<38}", "")?;
        for measured in self.0 {
            write!(f, " {:>16.16}", name(&measured.input))?;
        }
        writeln!(f)?;
        let columns: Vec<_> = self.0.iter().map(|measured| measured.score.rows()).collect();
        for (at, (label, _)) in columns.iter().flatten().take(columns.first().map_or(0, Vec::len)).enumerate()
        {
            write!(f, "{label:<38}")?;
            for column in &columns {
                match column.get(at).and_then(|(_, figure)| *figure) {
                    Some(figure) if figure.abs() >= 100.0 => write!(f, " {figure:>16.0}")?,
                    Some(figure) => write!(f, " {figure:>16.3}")?,
                    None => write!(f, " {:>16}", "-")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
