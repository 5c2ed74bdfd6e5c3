//! How many pieces are scored: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::tell;

/// Without a terminal, a line is printed this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

pub struct Progress {
    pieces: usize,
    last_line: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub fn new(pieces: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(pieces as u64));
        if let (Some(bar), Ok(style)) =
            (&bar, ProgressStyle::with_template("{wide_bar} {pos}/{len} pieces, {eta} left"))
        {
            bar.set_style(style);
        }
        Self { pieces, last_line: Instant::now(), bar }
    }

    pub fn report(&mut self, scored: usize) {
        if let Some(bar) = &self.bar {
            bar.set_position(scored as u64);
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            tell(format_args!("{scored} of {} pieces", self.pieces));
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
