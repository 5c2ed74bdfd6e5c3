//! How far an installation is: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use klangbild::runtime_parts::{Part, Step, size};

use crate::terminal::tell;

/// Without a terminal, a line is printed this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

pub struct Reporter {
    part: &'static Part,
    last_line: Instant,
    bar: Option<ProgressBar>,
}

impl Reporter {
    pub fn new(part: &'static Part) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(part.download_bytes());
            bar.set_style(style());
            bar
        });
        Self { part, last_line: Instant::now(), bar }
    }

    pub fn report(&mut self, step: Step<'_>) {
        match step {
            Step::Waiting => {
                self.say("another process is at work there: waiting until it is done".to_owned())
            }
            Step::Begins => self.say(opening(self.part)),
            Step::Fetching { done, total } => self.fetching(done, total),
            Step::Checking { file } => self.doing(format!("checking {file}")),
            Step::Unpacking { file } => self.doing(format!("unpacking {file}")),
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// A line of its own.
    fn say(&self, line: String) {
        match &self.bar {
            Some(bar) => bar.suspend(|| tell(line)),
            None => tell(line),
        }
    }

    /// What it is at, beside the bar.
    fn doing(&self, what: String) {
        match &self.bar {
            Some(bar) => bar.set_message(what),
            None => tell(what),
        }
    }

    fn fetching(&mut self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            bar.set_message("fetching");
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            tell(format_args!("fetched {} of {}", size(done), size(total)));
        }
    }
}

fn opening(part: &Part) -> String {
    let (download, disk) = (size(part.download_bytes()), size(part.disk_bytes()));
    let Part { name, licence, .. } = part;
    format!("{name} {}: {download} to fetch, {disk} on disk; licence: {licence}", part.version())
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{wide_bar} {decimal_bytes}/{decimal_total_bytes}, {eta} left, {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
