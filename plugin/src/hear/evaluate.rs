//! `klangbild hear --evaluate`: how well we hear, on songs whose truth is known.

mod progress;
mod table;
mod trackers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::{Result, bail};
use clap::Args;
use klangbild_engine::evaluation::annotation::{Annotation, Split};
use klangbild_engine::evaluation::set::{self, Piece};
use klangbild_engine::evaluation::shown::{Collector, Shown};
use klangbild_engine::evaluation::{PieceScore, Report, Score, TrackerScore};
use klangbild_engine::song::Song;
use progress::Progress;
use serde::Serialize;
use table::Tables;
use trackers::Tracker;

use super::listen;
use crate::terminal::{print, print_line, tell};

/// What we are called beside other trackers.
const OURS: &str = "klangbild";
/// A thread hears some 200 times as fast as a song plays; more threads would only wait for the disk.
const MOST_THREADS: usize = 2;

#[derive(Args)]
pub struct EvaluateArgs {
    /// Score beats, bars, tempo and drum hits, as they are shown, of all songs in a folder against the annotations beside them
    /// (NAME.json or NAME.beats).
    ///
    /// NAME.json holds what is known, times in seconds: {"group": "swing", "split": "keep", "beats": [[0.5, 1], [1.0, 2]], "meter":
    /// [4, 4], "tempo_bpm": 120, "drums": {"kick": [0.5], "snare": [], "hat": [1.0]}, "onsets": [0.5, 1.0], "sections": [[0.5, "A"]]}.
    /// A beat stands with its place in the bar; an empty list says that there is none, what is left out is not scored. NAME.beats holds
    /// beats alone, a time and a place a line.
    #[arg(long, value_name = "DIR", conflicts_with = "song")]
    pub evaluate: Option<PathBuf>,
    /// With --evaluate: only pieces that may be tuned on, or only those that are kept apart.
    #[arg(long, requires = "evaluate", conflicts_with = "song", value_name = "tune|keep", value_parser = parse_split)]
    split: Option<Split>,
    /// With --evaluate: another tracker, whose NAME.beats lie in a folder, scored in the same way; as often as you like.
    #[arg(long, requires = "evaluate", conflicts_with = "song", value_name = "NAME=DIR", value_parser = trackers::parse)]
    estimates: Vec<Tracker>,
    /// With --evaluate: how many of the worst pieces to list.
    #[arg(long, requires = "evaluate", conflicts_with = "song", value_name = "N", default_value_t = 5)]
    worst: usize,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Output {
    #[serde(flatten)]
    report: Report,
    /// Pieces, or beats of trackers, that could not be read, and why.
    problems: Vec<String>,
    /// Songs without an annotation, and annotations without a song.
    left_out: Vec<PathBuf>,
}

/// A piece that is to be scored.
struct Task {
    piece: Piece,
    truth: Annotation,
}

/// Hears all pieces, and prints tables or JSON.
///
/// # Errors
/// A folder without pieces; after everything that can be scored was: pieces that cannot.
pub fn run(folder: &Path, args: &EvaluateArgs, json: bool) -> Result<ExitCode> {
    let found = set::find(folder)?;
    for tracker in &args.estimates {
        tracker.check()?;
    }
    for path in &found.left_out {
        tell(format_args!("left out: {}, which stands alone", path.display()));
    }
    let (mut tasks, mut problems) = (Vec::new(), Vec::new());
    for piece in found.pieces {
        match Annotation::read(&piece.annotation) {
            Ok(truth) if args.split.is_some() && truth.split != args.split => {}
            Ok(truth) => tasks.push(Task { piece, truth }),
            Err(error) => problems.push(error.to_string()),
        }
    }
    let pieces = tasks.len() + problems.len();
    if pieces == 0 {
        bail!("no piece in {} has the split that you ask for: leave out --split", folder.display());
    }
    let scored = score_all(&tasks, &args.estimates, &mut problems);
    problems.iter().for_each(|problem| tell(format_args!("not scored: {problem}")));

    let mut names = vec![OURS.to_owned()];
    names.extend(args.estimates.iter().map(|tracker| tracker.name.clone()));
    let report = Report::new(scored, &names);
    let are_problems = !problems.is_empty();
    if json {
        print_line(serde_json::to_string_pretty(&Output { report, problems, left_out: found.left_out })?)?;
    } else if !report.pieces.is_empty() {
        print(Tables { report: &report, worst: args.worst })?;
    }
    if are_problems {
        bail!("not everything in {} could be scored: see what is told above", folder.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Scores pieces side by side; they come back in their order, without those that cannot be scored.
fn score_all(tasks: &[Task], trackers: &[Tracker], problems: &mut Vec<String>) -> Vec<PieceScore> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let (sender, receiver) = mpsc::channel();
    let mut done: Vec<(usize, Result<PieceScore>, Vec<String>)> = Vec::new();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(at) else { break };
                    let mut flaws = Vec::new();
                    let scored = score(task, trackers, &mut flaws);
                    if sender.send((at, scored, flaws)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut progress = Progress::new(tasks.len());
        for scored in receiver {
            done.push(scored);
            progress.report(done.len());
        }
        progress.finish();
    });
    done.sort_by_key(|(at, ..)| *at);
    let mut scores = Vec::new();
    for (at, scored, flaws) in done {
        problems.extend(flaws);
        match scored {
            Ok(piece) => scores.push(piece),
            Err(error) => problems.push(format!("{}: {error:#}", tasks[at].piece.name)),
        }
    }
    scores
}

/// Hears a piece and scores it, and what others made of it; `flaws` are in theirs.
fn score(task: &Task, trackers: &[Tracker], flaws: &mut Vec<String>) -> Result<PieceScore> {
    let Task { piece, truth } = task;
    let mut collector = Collector::default();
    let mut song = Song::open(&piece.song)?;
    listen(&mut song, |heard| {
        collector.hop(heard);
        Ok(())
    })?;
    for warning in song.warnings() {
        tell(format_args!("warning: {warning}"));
    }
    let shown = collector.finish();
    let figures = |tracker: &str, shown: &Shown| TrackerScore {
        tracker: tracker.to_owned(),
        pieces: 1,
        score: Score::of(truth, shown),
    };
    let mut scores = vec![figures(OURS, &shown)];
    for tracker in trackers {
        match tracker.shown(&piece.name, shown.seconds) {
            Ok(theirs) => scores.push(figures(&tracker.name, &theirs)),
            Err(error) => flaws.push(format!("{} by {}: {error}", piece.name, tracker.name)),
        }
    }
    Ok(PieceScore {
        name: piece.name.clone(),
        group: truth.group.clone(),
        split: truth.split,
        seconds: shown.seconds,
        trackers: scores,
    })
}

fn parse_split(text: &str) -> Result<Split, String> {
    match text {
        "tune" => Ok(Split::Tune),
        "keep" => Ok(Split::Keep),
        _ => Err("it takes tune or keep".to_owned()),
    }
}
