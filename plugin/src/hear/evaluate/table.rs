//! Figures for people: a table of beats for each tracker, of each drum, of sections, and trackers side by side.

use std::fmt;

use klangbild_engine::evaluation::{Column, Figures, PieceScore, Report, Score, TrackerScore};

/// Room for the names of groups and pieces.
const NAME_WIDTH: usize = 24;
const MEAN: &str = "mean over groups";

/// All tables of a report.
pub struct Tables<'a> {
    pub report: &'a Report,
    /// How many of the worst pieces are listed.
    pub worst: usize,
}

/// A row of a table: whose figures, over how many pieces, and the figures.
struct Row {
    name: String,
    pieces: usize,
    values: Vec<Option<f64>>,
}

impl fmt::Display for Tables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tracker in &self.report.mean {
            let name = &tracker.tracker;
            self.figures(f, &format!("{name}: beats"), name, |score| score.beats)?;
            self.figures(f, &format!("{name}: kick"), name, |score| score.kick)?;
            self.figures(f, &format!("{name}: snare"), name, |score| score.snare)?;
            self.figures(f, &format!("{name}: hat"), name, |score| score.hat)?;
            self.figures(f, &format!("{name}: any onset"), name, |score| score.onset)?;
            self.figures(f, &format!("{name}: sections"), name, |score| score.sections)?;
        }
        self.confidence(f)?;
        self.side_by_side(f)?;
        self.worst(f)
    }
}

impl Tables<'_> {
    /// A row for each group, and one for their mean.
    fn figures<F: Figures>(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        tracker: &str,
        of: impl Fn(&Score) -> F,
    ) -> fmt::Result {
        let row = |name: &str, trackers: &[TrackerScore]| {
            let scored = trackers.iter().find(|scored| scored.tracker == tracker)?;
            let values = of(&scored.score).values();
            let is_empty = values.iter().all(Option::is_none);
            (!is_empty).then(|| Row { name: name.to_owned(), pieces: scored.pieces, values })
        };
        let mut rows: Vec<Row> =
            self.report.groups.iter().filter_map(|group| row(&group.group, &group.trackers)).collect();
        rows.extend(row(MEAN, &self.report.mean));
        table(f, title, F::COLUMNS, &rows)
    }

    /// What was said of our beats, and what was right.
    fn confidence(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.report.calibration.is_empty() {
            return Ok(());
        }
        writeln!(f, "{:<NAME_WIDTH$} {:>6} {:>6} {:>6}", "confidence", "beats", "said", "right")?;
        for bin in &self.report.calibration {
            let name = format!("{:.1} to {:.1}", bin.from, bin.from + 0.1);
            writeln!(f, "{name:<NAME_WIDTH$} {:>6} {:>6.2} {:>6.2}", bin.beats, bin.said, bin.right)?;
        }
        writeln!(f)
    }

    /// Each tracker's F-measure of beats; `<` marks groups in which another is better than the first, which is ours.
    fn side_by_side(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.report.mean.len() < 2 {
            return Ok(());
        }
        write!(f, "{:<NAME_WIDTH$}", "beats, F 70")?;
        for tracker in &self.report.mean {
            write!(f, " {:>10.10}", tracker.tracker)?;
        }
        writeln!(f)?;
        let groups = self.report.groups.iter().map(|group| (group.group.as_str(), &group.trackers));
        for (name, scores) in groups.chain([(MEAN, &self.report.mean)]) {
            let figure = |tracker: &str| {
                let scored = scores.iter().find(|scored| scored.tracker == tracker)?;
                scored.score.beats.f_70ms
            };
            let row: Vec<Option<f64>> =
                self.report.mean.iter().map(|tracker| figure(&tracker.tracker)).collect();
            if row.iter().all(Option::is_none) {
                continue;
            }
            write!(f, "{name:<NAME_WIDTH$.NAME_WIDTH$}")?;
            for figure in &row {
                match figure {
                    Some(figure) => write!(f, " {figure:>10.2}")?,
                    None => write!(f, " {:>10}", "-")?,
                }
            }
            let ours = row.first().copied().flatten();
            let is_behind = row.iter().flatten().any(|theirs| ours.is_none_or(|ours| *theirs > ours));
            writeln!(f, "{}", if is_behind { " <" } else { "" })?;
        }
        writeln!(f)
    }

    fn worst(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |piece: &PieceScore| {
            let ours = piece.trackers.first()?;
            let name = format!("{} ({})", piece.name, piece.group);
            Some(Row { name, pieces: 1, values: ours.score.beats.values() })
        };
        let worst = self.report.worst(self.worst);
        let rows: Vec<Row> = worst.into_iter().filter_map(row).collect();
        table(f, "worst pieces", klangbild_engine::evaluation::BeatFigures::COLUMNS, &rows)
    }
}

/// Prints rows, without columns in which nothing stands.
fn table(f: &mut fmt::Formatter<'_>, title: &str, columns: &[Column], rows: &[Row]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let is_filled = |at: usize| rows.iter().any(|row| row.values.get(at).is_some_and(Option::is_some));
    let filled: Vec<usize> = (0..columns.len()).filter(|at| is_filled(*at)).collect();
    write!(f, "{title:<NAME_WIDTH$} {:>6}", "pieces")?;
    for at in &filled {
        write!(f, " {:>6}", columns[*at].heading)?;
    }
    writeln!(f)?;
    for row in rows {
        write!(f, "{:<NAME_WIDTH$.NAME_WIDTH$} {:>6}", row.name, row.pieces)?;
        for at in &filled {
            match row.values[*at] {
                Some(value) => write!(f, " {value:>6.places$}", places = columns[*at].places)?,
                None => write!(f, " {:>6}", "-")?,
            }
        }
        writeln!(f)?;
    }
    writeln!(f)
}
