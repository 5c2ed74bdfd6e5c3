//! Whether what the processor runs, and what GPUs run in half precision, paints what the graph itself paints, and is worth its bytes.

use half::f16;

use super::{RUNS, Report, Severity};
use crate::inference::{Generator, InferenceError, Options, Provider, Runtime};
use crate::pack::{Half, Model, Pack};
use crate::picture::Picture;

/// On average, in steps of 255: more than that is seen where a picture goes on from another provider's.
const ALIKE: f32 = 2.0;
/// As far as the engine lets half precision pass.
const HALF_ALIKE: f32 = 1.0;

/// Runs both graphs of the generator on the processor, and reports how far apart and how quick they are.
pub fn on_processor(
    pack: &Pack,
    runtime: &Runtime,
    options: &Options,
    point: (&[f32], &[f32]),
    report: &mut Report,
) -> Result<(), InferenceError> {
    let Some(twin) = pack.generator.on_processor.as_ref() else { return Ok(()) };
    let paint = |model| paint(&alone(pack, model), runtime, options, Provider::Cpu, point);
    let (ours, theirs) = (paint(twin)?, paint(&pack.generator)?);
    let (apart, ms) = (mean_apart(&ours.picture, &theirs.picture), ours.ms);
    let message = format!(
        "{}: on average {apart:.2} of 255 away from {}, {ms:.1} ms a picture instead of {:.1} ms",
        twin.file, pack.generator.file, theirs.ms
    );
    let (severity, cure) = match (apart <= ALIKE, ms < theirs.ms) {
        (false, _) => (Severity::Warning, "; more than 2 is seen: make it anew from that file"),
        (true, false) => (Severity::Warning, "; it is not quicker here"),
        (true, true) => (Severity::Good, ""),
    };
    report.add(severity, message + cure);
    Ok(())
}

/// Runs the generator in half precision on the provider that runs it, and reports how far it is from single precision on the processor,
/// and how quick. The processor itself gains nothing by it: there only the picture counts.
pub fn half(
    pack: &Pack,
    runtime: &Runtime,
    (options, provider): (&Options, Provider),
    point: (&[f32], &[f32]),
    report: &mut Report,
) -> Result<(), InferenceError> {
    let Some(Half { model: half, .. }) = &pack.generator.half else { return Ok(()) };
    let paint = |model, provider| paint(&alone(pack, model), runtime, options, provider, point);
    let expected = paint(&pack.generator, Provider::Cpu)?;
    let ours = paint(half, provider)?;
    let apart = mean_apart(&ours.picture, &expected.picture);
    let mut message = format!(
        "{}: on {} on average {apart:.2} of 255 away from {}",
        half.file, ours.provider, pack.generator.file
    );
    let mut is_quicker = true;
    if provider != Provider::Cpu && ours.provider == provider {
        let single = paint(&pack.generator, provider)?;
        message += &format!(", {:.1} ms a picture instead of {:.1} ms", ours.ms, single.ms);
        is_quicker = ours.ms < single.ms;
    }
    let (severity, cure) = match (apart <= HALF_ALIKE, is_quicker) {
        (false, _) => (Severity::Warning, "; more than 1 is not let pass: leave it out"),
        (true, false) => (Severity::Good, "; it is not quicker here"),
        (true, true) => (Severity::Good, ""),
    };
    report.add(severity, message + cure);
    Ok(())
}

/// The pack with this graph as its generator's only one.
fn alone(pack: &Pack, model: &Model) -> Pack {
    let generator = Model { on_processor: None, half: None, ..model.clone() };
    Pack { generator, ..pack.clone() }
}

/// What a graph painted.
struct Painted {
    picture: Picture,
    /// The quickest of some runs.
    ms: f64,
    /// What really ran it.
    provider: Provider,
}

fn paint(
    pack: &Pack,
    runtime: &Runtime,
    options: &Options,
    provider: Provider,
    (latent, embedding): (&[f32], &[f32]),
) -> Result<Painted, InferenceError> {
    let options = Options { providers: vec![provider], quickest: false, ..options.clone() };
    let mut generator = Generator::new(runtime, pack, &options)?;
    let (mut picture, mut ms) = (Picture::default(), f64::INFINITY);
    for _ in 0..RUNS {
        generator.generate(latent, embedding, 0.0, &mut picture)?;
        ms = ms.min(generator.timings().last_ms);
    }
    Ok(Painted { picture, ms, provider: generator.provider() })
}

/// Mean difference of two pictures' sRGB-coded values, in steps of 255.
fn mean_apart(one: &Picture, other: &Picture) -> f32 {
    let pairs = one.pixels.iter().zip(&other.pixels);
    let of_pixel = |(a, b): (&[f16; 4], &[f16; 4])| -> f32 {
        (0..3).map(|colour| (coded(a[colour].to_f32()) - coded(b[colour].to_f32())).abs()).sum()
    };
    255.0 * pairs.map(of_pixel).sum::<f32>() / (3 * one.pixels.len()).max(1) as f32
}

/// The sRGB curve (IEC 61966-2-1).
fn coded(linear: f32) -> f32 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}
