//! How far a render is: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use klangbild_engine::render::Progress;

use crate::terminal::tell;

/// Without a terminal, a line is printed this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

pub struct Reporter {
    fps: f64,
    began: Instant,
    last_line: Instant,
    bar: Option<ProgressBar>,
}

impl Reporter {
    pub fn new(fps: f64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(0));
        Self { fps, began: Instant::now(), last_line: Instant::now(), bar }
    }

    pub fn report(&mut self, progress: Progress) {
        if progress.frames == 1 {
            // Loading is not rendering: speed and ETA count from the first frame.
            self.began = Instant::now();
            if let Some(bar) = &self.bar {
                bar.set_length(progress.total_frames.unwrap_or(0));
                bar.set_style(style(progress.total_frames.is_some()));
                bar.reset_elapsed();
                bar.reset_eta();
            }
        }
        let seconds = self.began.elapsed().as_secs_f64().max(1e-3);
        let speed = progress.frames as f64 / self.fps / seconds;
        if let Some(bar) = &self.bar {
            bar.set_position(progress.frames);
            bar.set_message(format!("{speed:.2} x real time"));
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            tell(line(progress, seconds, speed));
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(with_end: bool) -> ProgressStyle {
    let template = if with_end {
        "{wide_bar} {pos}/{len} frames, {msg}, {eta} left"
    } else {
        "{spinner} {pos} frames, {msg}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn line(progress: Progress, seconds: f64, speed: f64) -> String {
    let frames = progress.frames;
    match progress.total_frames {
        Some(total) => {
            let left_s = seconds / frames as f64 * total.saturating_sub(frames) as f64;
            format!("frame {frames} of {total}, {speed:.2} x real time, {left_s:.0} s left")
        }
        None => format!("frame {frames}, {speed:.2} x real time"),
    }
}
