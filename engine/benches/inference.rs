//! How fast the default pack's graphs run here, with the conversion to linear light.
//!
//! `cargo bench -p klangbild-engine --bench inference`; ONNX Runtime must be set up.

use divan::{Bencher, counter::ItemsCount};
use klangbild_engine::inference::{Encoder, Generator, Options, Provider, Runtime};
use klangbild_engine::pack::{self, Pack};
use klangbild_engine::picture::Picture;

fn main() {
    divan::main();
}

fn options(threads: usize) -> Options {
    Options { threads, providers: vec![Provider::Cpu], ..Options::default() }
}

fn noise(length: usize) -> Vec<f32> {
    (0..length).map(|place| ((place * 7919) % 997) as f32 / 498.0 - 1.0).collect()
}

#[divan::bench(args = [1, 2])]
fn encoder_window(bencher: Bencher<'_, '_>, threads: usize) {
    let (Ok(runtime), Ok(pack)) = (Runtime::load(), Pack::load(pack::DEFAULT)) else { return };
    let Ok(mut encoder) = Encoder::new(&runtime, &pack, &options(threads)) else { return };
    let window = noise(encoder.window_samples());
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| encoder.encode(&window));
}

#[divan::bench(args = [1, 2])]
fn generator_picture(bencher: Bencher<'_, '_>, threads: usize) {
    let (Ok(runtime), Ok(pack)) = (Runtime::load(), Pack::load(pack::DEFAULT)) else { return };
    let Ok(mut generator) = Generator::new(&runtime, &pack, &options(threads)) else { return };
    let (latent, embedding) = (noise(generator.latent_dim()), noise(generator.embedding_dim()));
    let mut picture = Picture::default();
    let bencher = bencher.counter(ItemsCount::new(1u32));
    bencher.bench_local(|| generator.generate(&latent, &embedding, 0.0, &mut picture));
}

#[divan::bench]
fn load_and_check_the_default_pack(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| Pack::load(pack::DEFAULT));
}
