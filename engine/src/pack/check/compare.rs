//! Whether what the processor runs paints what every other provider paints, and is worth its bytes.

use half::f16;

use super::{RUNS, Report, Severity};
use crate::inference::{Generator, InferenceError, Options, Provider, Runtime};
use crate::pack::Pack;
use crate::picture::Picture;

/// On average, in steps of 255: more than that is seen where a picture goes on from another provider's.
const ALIKE: f32 = 2.0;

/// Runs both graphs of the generator on the processor, and reports how far apart and how quick they are.
pub fn on_processor(
    pack: &Pack,
    runtime: &Runtime,
    options: &Options,
    (latent, embedding): (&[f32], &[f32]),
    report: &mut Report,
) -> Result<(), InferenceError> {
    let options = Options { providers: vec![Provider::Cpu], ..options.clone() };
    let mut plain = pack.clone();
    let Some(twin) = plain.generator.on_processor.take() else { return Ok(()) };
    let [ours, theirs] = [pack, &plain].map(|pack| paint(pack, runtime, &options, latent, embedding));
    let ((picture, ms), (expected, plain_ms)) = (ours?, theirs?);
    let apart = mean_apart(&picture, &expected);
    let message = format!(
        "{}: on average {apart:.2} of 255 away from {}, {ms:.1} ms a picture instead of {plain_ms:.1} ms",
        twin.file, plain.generator.file
    );
    let (severity, cure) = match (apart <= ALIKE, ms < plain_ms) {
        (false, _) => (Severity::Warning, "; more than 2 is seen: make it anew from that file"),
        (true, false) => (Severity::Warning, "; it is not quicker here"),
        (true, true) => (Severity::Good, ""),
    };
    report.add(severity, message + cure);
    Ok(())
}

/// A picture, and the quickest of some runs in milliseconds.
fn paint(
    pack: &Pack,
    runtime: &Runtime,
    options: &Options,
    latent: &[f32],
    embedding: &[f32],
) -> Result<(Picture, f64), InferenceError> {
    let mut generator = Generator::new(runtime, pack, options)?;
    let (mut picture, mut ms) = (Picture::default(), f64::INFINITY);
    for _ in 0..RUNS {
        generator.generate(latent, embedding, 0.0, &mut picture)?;
        ms = ms.min(generator.timings().last_ms);
    }
    Ok((picture, ms))
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
