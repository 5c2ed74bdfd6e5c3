//! The figures, as a table and as JSON.

use std::fmt;

use serde::Serialize;

use crate::graphs::Graph;

/// A figure, or why there is none.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Measured<T> {
    /// The figure.
    Figure(T),
    /// Why there is none.
    Failed {
        /// The error's text.
        error: String,
    },
}

impl<T> From<anyhow::Result<T>> for Measured<T> {
    fn from(outcome: anyhow::Result<T>) -> Self {
        match outcome {
            Ok(figure) => Self::Figure(figure),
            Err(error) => Self::Failed { error: format!("{error:#}") },
        }
    }
}

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was measured on.
    pub machine: Machine,
    /// The pack whose models ran.
    pub pack: Measured<String>,
    /// Time of hearing, in percent of one core.
    pub hearing_percent: Measured<f64>,
    /// The same with the network that hears beats.
    pub sense_percent: Measured<f64>,
    /// One thread of the encoder.
    pub encoder: Measured<Encoder>,
    /// The generator, by number of threads.
    pub generator: Vec<Row<Generator>>,
    /// Each graph on each provider that this system can have; that one refuses is an answer, and no failure.
    pub providers: Vec<Row<Graph>>,
    /// Frames a second of the stage alone, drawn and read back, by size and scene.
    pub stage: Vec<Row<Stage>>,
    /// A whole render into an .mp4, by size.
    pub end_to_end: Vec<Row<EndToEnd>>,
}

/// What was measured on.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The program's version.
    pub version: &'static str,
    /// Operating system and processor architecture.
    pub system: String,
    /// Processor cores that the program may use.
    pub cores: usize,
    /// The adapter that draws, with its backend.
    pub adapter: Measured<String>,
}

/// One line of a table: what it is about, and its figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row<T> {
    /// What it is about, such as `640x360 flow`.
    pub what: String,
    /// The figure.
    #[serde(flatten)]
    pub measured: Measured<T>,
}

/// Figures of the encoder.
#[derive(Clone, Debug, Serialize)]
pub struct Encoder {
    /// Median time of one update.
    pub median_ms: f64,
    /// 95 of 100 updates take no longer.
    pub p95_ms: f64,
    /// The execution provider that ran it.
    pub provider: String,
}

/// Figures of the generator.
#[derive(Clone, Debug, Serialize)]
pub struct Generator {
    /// Pictures a second.
    pub pictures_per_s: f64,
    /// The execution provider that ran it.
    pub provider: String,
}

/// Figures of the stage.
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    /// Frames a second.
    pub frames_per_s: f64,
}

/// Figures of a whole render.
#[derive(Clone, Debug, Serialize)]
pub struct EndToEnd {
    /// Seconds of song in one second of work: 1 is real time.
    pub times_real_time: f64,
    /// What is gone before the first frame: models, shaders and files opened; not in the figure above.
    pub start_s: f64,
}

impl Report {
    /// The names of the parts that could not be measured.
    pub fn failed(&self) -> Vec<&'static str> {
        let parts = [
            ("hearing", is_failed(&self.hearing_percent)),
            ("hearing with its network", is_failed(&self.sense_percent)),
            ("the encoder", is_failed(&self.encoder)),
            ("the generator", self.generator.iter().any(|row| is_failed(&row.measured))),
            ("the stage", self.stage.iter().any(|row| is_failed(&row.measured))),
            ("a whole render", self.end_to_end.iter().any(|row| is_failed(&row.measured))),
        ];
        parts.into_iter().filter(|(_, failed)| *failed).map(|(name, _)| name).collect()
    }
}

fn is_failed<T>(measured: &Measured<T>) -> bool {
    matches!(measured, Measured::Failed { .. })
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "klangbild {} on {}, {} cores", self.version, self.system, self.cores)?;
        write!(f, "draws with {}", or_error(&self.adapter))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.machine)?;
        writeln!(f, "pack       {}\n", or_error(&self.pack))?;

        line(f, "hearing", &self.hearing_percent, |percent| format!("{percent:.2} % of one core"))?;
        line(f, "with network", &self.sense_percent, |percent| format!("{percent:.2} % of one core"))?;
        line(f, "encoder, 1 thread", &self.encoder, |encoder| {
            format!(
                "{:.1} ms an update (95 of 100 within {:.1} ms), on {}",
                encoder.median_ms, encoder.p95_ms, encoder.provider
            )
        })?;
        for row in &self.generator {
            line(f, &format!("generator, {}", row.what), &row.measured, |generator| {
                format!("{:.1} pictures/s, on {}", generator.pictures_per_s, generator.provider)
            })?;
        }
        writeln!(f)?;
        for row in &self.providers {
            match &row.measured {
                Measured::Figure(graph) => {
                    let precision = graph.precision.note();
                    writeln!(f, "{:<34} {:.1} ms a run{precision}, {}", row.what, graph.ms, graph.nodes())?;
                    // In the other precision, where the graph has two.
                    for other in graph.others.iter().filter(|other| other.provider == graph.provider) {
                        writeln!(f, "{:<34} not on {}: {}", "", other.name(), other.reason)?;
                    }
                }
                Measured::Failed { error } => writeln!(f, "{:<34} no: {error}", row.what)?,
            }
        }
        writeln!(f)?;
        for row in &self.stage {
            line(f, &format!("stage, {}", row.what), &row.measured, |stage| {
                format!("{:.1} frames/s", stage.frames_per_s)
            })?;
        }
        writeln!(f)?;
        for row in &self.end_to_end {
            line(f, &format!("song to video, {}", row.what), &row.measured, |render| {
                format!("{:.2} x real time, after {:.1} s of opening", render.times_real_time, render.start_s)
            })?;
        }
        Ok(())
    }
}

fn line<T>(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    measured: &Measured<T>,
    show: impl FnOnce(&T) -> String,
) -> fmt::Result {
    let text = match measured {
        Measured::Figure(figure) => show(figure),
        Measured::Failed { error } => format!("not measured: {error}"),
    };
    writeln!(f, "{what:<34} {text}")
}

fn or_error(measured: &Measured<String>) -> &str {
    match measured {
        Measured::Figure(text) => text,
        Measured::Failed { error } => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        fn missing<T>() -> Measured<T> {
            Measured::Failed { error: "no adapter".to_owned() }
        }
        Report {
            machine: Machine {
                version: "0.0.0",
                system: "linux x86_64".to_owned(),
                cores: 2,
                adapter: missing(),
            },
            pack: Measured::Figure("starter 0.1.0".to_owned()),
            hearing_percent: Measured::Figure(1.25),
            sense_percent: Measured::Figure(2.5),
            encoder: Measured::Figure(Encoder { median_ms: 9.0, p95_ms: 11.0, provider: "CPU".to_owned() }),
            generator: vec![],
            providers: vec![Row {
                what: "encoder on CUDA".to_owned(),
                measured: Measured::Failed { error: "it is not installed".to_owned() },
            }],
            stage: vec![Row { what: "640x360 flow".to_owned(), measured: missing() }],
            end_to_end: vec![],
        }
    }

    #[test]
    fn what_could_not_be_measured_is_named_and_the_rest_is_shown() {
        let report = report();
        assert_eq!(report.failed(), ["the stage"]);
        let table = report.to_string();
        assert!(table.contains("1.25 % of one core"), "{table}");
        assert!(
            table
                .lines()
                .any(|line| line.starts_with("encoder on CUDA") && line.ends_with("no: it is not installed"))
        );
        assert!(
            table.lines().any(|line| line.starts_with("stage, 640x360 flow") && line.ends_with("no adapter"))
        );
    }

    #[test]
    fn json_has_figures_as_numbers_and_failures_as_text() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["hearing_percent"], 1.25);
        assert_eq!(json["encoder"]["median_ms"], 9.0);
        assert_eq!(json["stage"][0]["what"], "640x360 flow");
        assert_eq!(json["stage"][0]["error"], "no adapter");
    }
}
