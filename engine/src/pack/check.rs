//! `klangbild pack check`: everything that is wrong, odd or right about a pack, and what its graphs really do.

mod compare;

use std::fmt;
use std::time::Duration;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use super::contract::GeneratorContract;
use super::draw::even;
use super::load::{Examination, examine};
use super::{Distribution, Pack, find};
use crate::inference::{Encoder, Generator, InferenceError, Options, Runtime, RuntimeError};
use crate::picture::Picture;

/// Runs of each graph that are timed. The quickest counts: what else the machine does is not the model's doing.
const RUNS: usize = 3;

/// Pictures that are tried until one is of finite numbers.
const DRAWS: usize = 8;

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What was checked, as it was asked for.
    pub reference: String,
    /// One by one.
    pub findings: Vec<Finding>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// One line that names the file.
    pub message: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// As it should be.
    Good,
    /// Works, but could be better.
    Warning,
    /// The pack cannot be used.
    Error,
}

impl Report {
    /// Whether the pack cannot be used.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many findings are of that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    fn add(&mut self, severity: Severity, message: impl Into<String>) {
        self.findings.push(Finding { severity, message: message.into() });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            let mark = match finding.severity {
                Severity::Good => "ok     ",
                Severity::Warning => "warning",
                Severity::Error => "ERROR  ",
            };
            writeln!(f, "{mark}  {}", finding.message)?;
        }
        let plural =
            |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let errors = plural(self.count(Severity::Error), "error");
        write!(f, "{}: {errors}, {}", self.reference, plural(self.count(Severity::Warning), "warning"))
    }
}

/// Checks the pack of that name or path, and runs its graphs if it can be loaded.
pub fn check(reference: &str, runtime: Result<&Runtime, &RuntimeError>) -> Report {
    let mut report = Report { reference: reference.to_owned(), ..Report::default() };
    let examination = match find(reference) {
        Ok(files) => examine(&files),
        Err(error) => Examination { errors: vec![error], ..Examination::default() },
    };
    for (file, message) in &examination.good {
        report.add(Severity::Good, format!("{file}: {message}"));
    }
    for error in &examination.errors {
        report.add(Severity::Error, error.to_string());
    }
    if let Some(pack) = &examination.pack {
        describe(pack, &mut report);
        match runtime {
            Ok(runtime) => run(pack, runtime, &mut report),
            Err(error) => report.add(Severity::Warning, format!("the graphs were not run: {error}")),
        }
    }
    for warning in &examination.warnings {
        report.add(Severity::Warning, warning.as_str());
    }
    report
}

fn describe(pack: &Pack, report: &mut Report) {
    let (spec, contract) = (&pack.manifest.encoder, &pack.encoder_contract);
    let controls = match spec.control_names.as_slice() {
        [] => String::new(),
        names => format!(", controls {}", names.join(", ")),
    };
    let message = format!(
        "{}: {} s of {} Hz audio ({} samples) to an embedding of {}{controls}",
        pack.encoder.file,
        spec.window_s,
        spec.sample_rate_hz,
        contract.window_samples,
        contract.embedding_dim
    );
    report.add(Severity::Good, message);
    let contract = &pack.generator_contract;
    let inputs = match (contract.latent_dim, contract.embedding_dim) {
        (latent, 0) => format!("a latent of {latent}, moved by the embedding,"),
        (0, embedding) => format!("an embedding of {embedding}"),
        (latent, embedding) => format!("a latent of {latent} and an embedding of {embedding}"),
    };
    let painters = [(&pack.generator, contract, pack.generator_work)].into_iter();
    let others = pack.others.iter().map(|other| (&other.model, &other.contract, other.work));
    for (model, GeneratorContract { width_px, height_px, .. }, work) in painters.chain(others) {
        let work = work as f64 / 1e9;
        let message =
            format!("{}: {inputs} to {width_px} x {height_px} px, {work:.2} G multiplications", model.file);
        report.add(Severity::Good, message);
    }
    if let Some(bridge) = &pack.bridge {
        report.add(Severity::Good, format!("bridge from {} to {}", bridge.columns(), bridge.rows()));
    }
}

fn run(pack: &Pack, runtime: &Runtime, report: &mut Report) {
    let options = Options { threads: 1, ..Options::default() };
    let embedding = match run_encoder(pack, runtime, &options, report) {
        Ok(embedding) => embedding,
        Err(error) => {
            report.add(Severity::Error, error.to_string());
            vec![0.0; pack.encoder_contract.embedding_dim]
        }
    };
    for (size, _) in pack.picture_sizes() {
        let sized = pack.painting_at(size).unwrap_or_else(|| pack.clone());
        if let Err(error) = run_generator(&sized, runtime, &options, &embedding, report) {
            report.add(Severity::Error, error.to_string());
        }
    }
}

fn run_encoder(
    pack: &Pack,
    runtime: &Runtime,
    options: &Options,
    report: &mut Report,
) -> Result<Vec<f32>, InferenceError> {
    let mut encoder = Encoder::new(runtime, pack, options)?;
    let file = &pack.encoder.file;
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let noise: Vec<f32> = (0..encoder.window_samples()).map(|_| even(&mut random) * 0.3).collect();
    let silent = encoder.encode(&vec![0.0; noise.len()])?;
    let heard = encoder.encode(&noise)?;
    if heard.vector.iter().all(|entry| *entry == 0.0) {
        report.add(
            Severity::Error,
            format!("{file}: the embedding of noise is all zeros; the model is broken"),
        );
    }
    if heard == silent {
        let message = format!("{file}: noise and silence give the same embedding; the model does not listen");
        report.add(Severity::Error, message);
    }
    let mut ms = f64::INFINITY;
    for _ in 0..RUNS {
        encoder.encode(&noise)?;
        ms = ms.min(encoder.timings().last_ms);
    }
    let provider = encoder.provider();
    report.add(Severity::Good, format!("{file}: ran on {provider}, {ms:.1} ms a window on one thread"));
    if ms > 100.0 {
        report
            .add(Severity::Warning, format!("{file}: over 100 ms a window; live pictures will follow late"));
    }
    Ok(heard.vector)
}

fn run_generator(
    pack: &Pack,
    runtime: &Runtime,
    options: &Options,
    embedding: &[f32],
    report: &mut Report,
) -> Result<(), InferenceError> {
    let options = Options { time_budget: Duration::from_secs(60), ..options.clone() };
    let mut generator = Generator::new(runtime, pack, &options)?;
    let file = &generator.file().to_owned();
    let mut random = Pcg64Mcg::seed_from_u64(2);
    let (length, distribution) = generator_shape(pack);
    let mut draw = || distribution.draw(length, &mut random);
    // Of some draws it may make no numbers: that costs a picture, not the pack.
    let mut tries = 0;
    let (latent, (low, high)) = loop {
        let latent = draw();
        tries += 1;
        match generator.measure_range(&latent, embedding) {
            Err(error) if error.is_passing() && tries < DRAWS => {}
            range => break (latent, range?),
        }
    };
    let other = draw();
    let [black, white] = pack.manifest.generator.range;
    let slack = 0.02 * (white - black);
    let seen = format!("{low:.3} to {high:.3}, generator.range says {black} to {white}");
    if low < black - slack || high > white + slack {
        let message =
            format!("{file}: values from {seen}; what is outside is cut off: correct generator.range");
        report.add(Severity::Warning, message);
    } else if high - low < 0.05 * (white - black) {
        report
            .add(Severity::Warning, format!("{file}: values from {seen}; the picture is almost one colour"));
    } else {
        report.add(Severity::Good, format!("{file}: values from {seen}"));
    }
    let mut pictures = [Picture::default(), Picture::default()];
    generator.generate(&latent, embedding, 0.0, &mut pictures[0])?;
    let turned: Vec<f32> = embedding.iter().map(|entry| -entry).collect();
    let painted = match generator.generate(&other, &turned, 0.0, &mut pictures[1]) {
        Err(error) if error.is_passing() => {
            tries += 1;
            false
        }
        painted => painted.map(|()| true)?,
    };
    if tries > 1 {
        let message = format!(
            "{file}: now and then it gives values that are not finite numbers ({} of {} pictures); those pictures are \
             left out",
            tries - 1,
            tries + usize::from(painted)
        );
        report.add(Severity::Warning, message);
    }
    if painted && pictures[0] == pictures[1] {
        let message =
            format!("{file}: different inputs give the same picture; the model does not follow them");
        report.add(Severity::Error, message);
    }
    let mut ms = f64::INFINITY;
    for _ in 0..RUNS {
        generator.generate(&latent, embedding, 0.0, &mut pictures[0])?;
        ms = ms.min(generator.timings().last_ms);
    }
    let (provider, precision) = (generator.provider(), generator.network().precision().note());
    let message = format!("{file}: ran on {provider}{precision}, {ms:.1} ms a picture on one thread");
    report.add(Severity::Good, message);
    if ms > 500.0 {
        let message =
            format!("{file}: under two pictures a second on one thread; a smaller image would be faster");
        report.add(Severity::Warning, message);
    }
    drop(generator);
    compare::on_processor(pack, runtime, &options, (&latent, embedding), report)?;
    compare::half(pack, runtime, (&options, provider), (&latent, embedding), report)
}

fn generator_shape(pack: &Pack) -> (usize, Distribution) {
    (pack.generator_contract.latent_dim, pack.manifest.generator.distribution)
}
