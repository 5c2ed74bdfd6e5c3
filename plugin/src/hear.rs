//! `klangbild hear`: what the engine hears, hop by hop, or how well it hears.

mod evaluate;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use evaluate::EvaluateArgs;
use klangbild_engine::hearing::{Heard, Hearing};
use klangbild_engine::inference::beat_sense;
use klangbild_engine::song::Song;

use crate::terminal::{tell, written};

#[derive(Args)]
pub struct HearArgs {
    /// The song: WAV, FLAC, MP3, OGG, M4A or AIFF; `-` reads it from a pipe.
    #[arg(required_unless_present = "evaluate")]
    song: Option<PathBuf>,
    /// One JSON object a line and hop, with every value heard; with --evaluate, all figures in one.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    evaluate: EvaluateArgs,
}

/// A key that is less sure than that is not shown.
const SURE_KEY: f32 = 0.3;
const PITCH_CLASSES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

pub fn run(args: &HearArgs) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.evaluate.evaluate {
        return evaluate::run(folder, &args.evaluate, args.json);
    }
    let mut song = Song::open(args.song.as_deref().context("name a song")?)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if !args.json {
        let head = headings();
        written(writeln!(out, "{head}"))?;
    }
    let mut last = Heard::default();
    let mut tempi_bpm = Vec::new();
    listen(&mut song, |heard| {
        let said = if args.json { json_line(&mut out, heard) } else { row(&mut out, heard, &last) };
        if heard.beat_count > last.beat_count {
            tempi_bpm.push(heard.tempo_bpm);
        }
        last = *heard;
        written(said)
    })?;
    written(out.flush())?;
    for warning in song.warnings() {
        tell(format_args!("warning: {warning}"));
    }
    tempi_bpm.sort_by(f32::total_cmp);
    let tempo = match tempi_bpm.get(tempi_bpm.len() / 2) {
        Some(median_bpm) => format!("{median_bpm:.1} bpm"),
        None => "no tempo".to_owned(),
    };
    tell(format_args!(
        "{:.1} s: {tempo}, {} beats, {} kicks, {} snares, {} hats, {} onsets",
        last.time_s, last.beat_count, last.kick.count, last.snare.count, last.hat.count, last.onset.count
    ));
    Ok(ExitCode::SUCCESS)
}

/// Hears a song to its end, and gives each hop; until that fails.
fn listen(song: &mut Song, mut each_hop: impl FnMut(&Heard) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut hearing = Hearing::new(song.sample_rate_hz()).with_sense(beat_sense());
    let mut block = vec![[0.0; 2]; 4096];
    loop {
        let read = song.read(&mut block)?;
        if read == 0 {
            return Ok(());
        }
        let mut result = Ok(());
        hearing.listen(&block[..read], None, |heard| {
            if result.is_ok() {
                result = each_hop(heard);
            }
        });
        result?;
    }
}

fn json_line(out: &mut impl Write, heard: &Heard) -> io::Result<()> {
    serde_json::to_writer(&mut *out, heard)?;
    writeln!(out)
}

/// What stands over the columns: those of the table of features, then the key, the loudest note, and what happened.
fn headings() -> String {
    let numbers = Heard::default();
    let columns = numbers.numbers().filter(|(feature, _)| !feature.column.is_empty());
    columns.fold("  time s".to_owned(), |line, (feature, _)| format!("{line} {:>6}", feature.column))
        + "  key  note  hits"
}

fn row(out: &mut impl Write, heard: &Heard, before: &Heard) -> io::Result<()> {
    write!(out, "{:8.3}", heard.time_s)?;
    for (feature, number) in heard.numbers().filter(|(feature, _)| !feature.column.is_empty()) {
        // What has a unit is larger than 1 and needs fewer places.
        let places = if feature.unit.is_empty() || feature.unit == "beats" { 2 } else { 1 };
        write!(out, " {number:6.places$}")?;
    }
    let minor = if heard.key_is_minor == 1 { "m" } else { "" };
    let tonic = PITCH_CLASSES.get(heard.key as usize).filter(|_| heard.key_confidence > SURE_KEY);
    write!(out, " {:>4}", tonic.map_or_else(|| "-".to_owned(), |tonic| format!("{tonic}{minor}")))?;
    let loudest = heard.chroma.iter().zip(PITCH_CLASSES).max_by(|a, b| a.0.total_cmp(b.0));
    let note = loudest.filter(|(energy, _)| **energy > 0.0).map_or("-", |(_, name)| name);
    write!(out, "  {note:>4} ")?;
    if heard.beat_count > before.beat_count {
        write!(out, " beat")?;
    }
    for ((feature, drum), (_, earlier)) in heard.drums().zip(before.drums()) {
        if !feature.column.is_empty() && drum.count > earlier.count {
            write!(out, " {}", feature.column)?;
        }
    }
    writeln!(out)
}
