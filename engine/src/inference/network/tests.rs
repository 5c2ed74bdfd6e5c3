//! What a device does that this machine need not have: stand-ins at the edge to ONNX Runtime.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::apart::{About, Apart};
use super::choice::Ways;
use super::half::HalfWay;
use super::*;

mod precision;

/// Gives back `gain` times what it gets, and after so many runs does what `then` says.
struct Fake {
    provider: Provider,
    gain: f32,
    delay: Duration,
    good_runs: u32,
    then: fn() -> Result<f32, InferenceError>,
}

fn good(provider: Provider) -> Fake {
    Fake { provider, gain: 2.0, delay: Duration::ZERO, good_runs: u32::MAX, then: || Ok(0.0) }
}

impl Runs for Fake {
    fn run(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        take: &mut dyn FnMut(&[&[f32]]),
    ) -> Result<(), InferenceError> {
        let mut input = [0.0; 4];
        fill(0, &mut input);
        thread::sleep(self.delay);
        let gain = match self.good_runs {
            0 => (self.then)()?,
            _ => self.gain,
        };
        self.good_runs = self.good_runs.saturating_sub(1);
        let output = input.map(|entry| entry * gain);
        take(&[&output]);
        Ok(())
    }

    fn file(&self) -> &str {
        "fake.onnx"
    }

    fn provider(&self) -> Provider {
        self.provider
    }

    fn nodes_by_provider(&self) -> &[(String, usize)] {
        &[]
    }
}

fn ports() -> Ports {
    let shape = vec![1, 4];
    Ports {
        inputs: vec![("x".to_owned(), shape.clone())],
        constants: Vec::new(),
        outputs: vec![("y".to_owned(), shape)],
        samples: vec![vec![1.0, -2.0, 3.0, 0.5]],
    }
}

fn failure(message: &str) -> InferenceError {
    InferenceError::Run { file: "fake.onnx".to_owned(), message: message.to_owned() }
}

fn options(providers: &[Provider], quickest: bool) -> Options {
    Options { providers: providers.to_vec(), quickest, ..Options::default() }
}

/// A network whose device is `device`, and whose processor is right and takes `cpu_delay`.
fn network(
    device: impl Fn() -> Result<Box<dyn Runs>, InferenceError> + Send + Sync + 'static,
    cpu_delay: Duration,
    options: &Options,
) -> Network {
    let opens: Opens = Arc::new(move |provider| match provider {
        Provider::Cpu => Ok(Box::new(Fake { delay: cpu_delay, ..good(Provider::Cpu) })),
        _ => device(),
    });
    choose(options, &nothing_kept(), usual(opens)).unwrap()
}

fn choose(options: &Options, memory: &memory::Memory, ways: Ways) -> Result<Network, InferenceError> {
    Network::choose("fake.onnx".to_owned(), &ports(), options, memory, ways)
}

fn usual(opens: Opens) -> Ways {
    Ways { usual: opens, exactly: None, half: None }
}

fn nothing_kept() -> memory::Memory {
    memory::of_file(None, Vec::new)
}

fn run(network: &mut Network) -> Result<Vec<f32>, InferenceError> {
    network.run(|_, input| input.copy_from_slice(&[1.0, 2.0, 3.0, 4.0]), |outputs| Ok(outputs[0].to_vec()))
}

const WEBGPU: [Provider; 1] = [Provider::WebGpu];
const DOUBLED: [f32; 4] = [2.0, 4.0, 6.0, 8.0];
const MOMENT: Duration = Duration::from_millis(40);

#[test]
fn the_quickest_runs_and_the_slower_is_not_missed() {
    let slow = || Ok(Box::new(Fake { delay: MOMENT, ..good(Provider::WebGpu) }) as Box<dyn Runs>);
    let mut on_cpu = network(slow, Duration::ZERO, &options(&WEBGPU, true));
    assert_eq!(on_cpu.provider(), Provider::Cpu);
    let [fallback] = on_cpu.fallbacks() else { panic!("{:?}", on_cpu.fallbacks()) };
    assert!(fallback.reason.starts_with("slower: ") && !fallback.is_missed(), "{fallback:?}");
    assert_eq!(run(&mut on_cpu).unwrap(), DOUBLED);

    let quick = || Ok(Box::new(good(Provider::WebGpu)) as Box<dyn Runs>);
    let on_device = network(quick, MOMENT, &options(&WEBGPU, true));
    assert_eq!((on_device.provider(), on_device.fallbacks()), (Provider::WebGpu, &[][..]));
    // Who names a provider gets it, however slow.
    assert_eq!(network(slow, Duration::ZERO, &options(&WEBGPU, false)).provider(), Provider::WebGpu);
}

#[test]
fn whether_a_device_is_right_is_told_by_the_graph_itself() {
    // What the processor runs instead is a little off; a device that is off as far the other way is right.
    let opens: Opens = Arc::new(|provider| {
        let gain = if provider == Provider::Cpu { 2.03 } else { 1.98 };
        Ok(Box::new(Fake { gain, ..good(provider) }))
    });
    let exactly: Opens = Arc::new(|provider| Ok(Box::new(good(provider))));
    let provider = |exactly: Option<Opens>| {
        let ways = Ways { exactly, ..usual(Arc::clone(&opens)) };
        choose(&options(&WEBGPU, false), &nothing_kept(), ways).unwrap().provider()
    };
    assert_eq!(provider(Some(exactly)), Provider::WebGpu);
    assert_eq!(provider(None), Provider::Cpu);
}

#[test]
fn of_two_devices_the_quicker_runs() {
    let opens: Opens = Arc::new(|provider| {
        let delay = if provider == Provider::WebGpu { Duration::ZERO } else { MOMENT };
        Ok(Box::new(Fake { delay, ..good(provider) }))
    });
    let both = options(&[Provider::Cuda, Provider::WebGpu], true);
    let network = choose(&both, &nothing_kept(), usual(opens)).unwrap();
    assert_eq!(network.provider(), Provider::WebGpu);
    let [fallback] = network.fallbacks() else { panic!("{:?}", network.fallbacks()) };
    assert_eq!(fallback.provider, Provider::Cuda);
}

#[test]
fn what_was_the_quickest_once_stays_until_a_driver_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cache/providers.json");
    let both = options(&[Provider::Cuda, Provider::WebGpu], true);
    let chosen = |quick: Provider, drivers: memory::Drivers| {
        let opens: Opens = Arc::new(move |provider| {
            let delay = if provider == quick { Duration::ZERO } else { MOMENT };
            Ok(Box::new(Fake { delay, ..good(provider) }))
        });
        let memory = memory::of_file(Some(file.clone()), drivers);
        choose(&both, &memory, usual(opens)).unwrap().provider()
    };
    let (old, new): (memory::Drivers, memory::Drivers) =
        (|| vec!["580".to_owned()], || vec!["590".to_owned()]);
    assert_eq!(chosen(Provider::WebGpu, old), Provider::WebGpu);
    assert_eq!(chosen(Provider::Cuda, old), Provider::WebGpu);
    assert_eq!(chosen(Provider::Cpu, new), Provider::Cpu);
    assert_eq!(chosen(Provider::Cuda, new), Provider::Cpu);
    std::fs::write(&file, "{ broken").unwrap();
    assert_eq!(chosen(Provider::Cuda, old), Provider::Cuda);
}

#[test]
fn a_device_that_computes_something_else_is_refused_with_the_figure() {
    for (gain, says) in [(2.5, "its results are wrong: 2"), (f32::NAN, "no finite numbers")] {
        let wrong = move || Ok(Box::new(Fake { gain, ..good(Provider::WebGpu) }) as Box<dyn Runs>);
        let mut network = network(wrong, MOMENT, &options(&WEBGPU, false));
        assert_eq!(network.provider(), Provider::Cpu);
        assert!(network.fallbacks()[0].reason.contains(says), "{:?}", network.fallbacks());
        assert_eq!(run(&mut network).unwrap(), DOUBLED);
    }
}

#[test]
fn where_a_device_gives_out_the_processor_does_the_same_run() {
    let lost = || {
        let lost = Fake { good_runs: 7, then: || Err(failure("device lost")), ..good(Provider::WebGpu) };
        Ok(Box::new(lost) as Box<dyn Runs>)
    };
    let mut network = network(lost, MOMENT, &options(&WEBGPU, true));
    for provider in [Provider::WebGpu, Provider::WebGpu, Provider::Cpu, Provider::Cpu] {
        assert_eq!(run(&mut network).unwrap(), DOUBLED);
        assert_eq!(network.provider(), provider);
    }
    let [fallback] = network.fallbacks() else { panic!("{:?}", network.fallbacks()) };
    assert!(fallback.reason == "device lost" && fallback.is_missed(), "{fallback:?}");
}

#[test]
fn a_device_that_only_makes_no_numbers_is_left_in_the_end() {
    let broken = || {
        let broken = Fake { good_runs: 6, then: || Ok(f32::NAN), ..good(Provider::WebGpu) };
        Ok(Box::new(broken) as Box<dyn Runs>)
    };
    let mut network = network(broken, MOMENT, &options(&WEBGPU, false));
    assert_eq!(run(&mut network).unwrap(), DOUBLED);
    for _ in 1..ODD_IN_A_ROW {
        assert!(run(&mut network).unwrap_err().is_passing());
    }
    assert_eq!(run(&mut network).unwrap(), DOUBLED);
    assert_eq!(network.provider(), Provider::Cpu);
}

fn about(budget: Duration) -> About {
    About {
        file: "fake.onnx".to_owned(),
        provider: Provider::WebGpu,
        lengths: vec![4],
        load_limit: budget,
        time_budget: budget,
    }
}

#[test]
fn a_driver_that_hangs_while_it_loads_or_runs_is_left_alone() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    let hang = || -> Result<f32, InferenceError> {
        loop {
            thread::park();
        }
    };
    let load = move || {
        LOADS.fetch_add(1, Ordering::Relaxed);
        hang().map(|_| good(Provider::WebGpu))
    };
    let hangs_at_once = move || Ok(Box::new(Apart::new(about(MOMENT), load)?) as Box<dyn Runs>);
    let mut never = network(hangs_at_once, Duration::ZERO, &options(&WEBGPU, true));
    assert_eq!((never.provider(), LOADS.load(Ordering::Relaxed)), (Provider::Cpu, 1));
    assert!(never.fallbacks()[0].reason.contains("given up"), "{:?}", never.fallbacks());
    assert_eq!(run(&mut never).unwrap(), DOUBLED);

    let hangs_later = move || {
        let load = move || Ok(Fake { good_runs: 6, then: hang, ..good(Provider::WebGpu) });
        Ok(Box::new(Apart::new(about(MOMENT), load)?) as Box<dyn Runs>)
    };
    let mut later = network(hangs_later, Duration::ZERO, &options(&WEBGPU, false));
    for provider in [Provider::WebGpu, Provider::Cpu] {
        assert_eq!(run(&mut later).unwrap(), DOUBLED);
        assert_eq!(later.provider(), provider);
    }
}

#[test]
fn a_thread_that_panics_costs_nothing_but_the_device() {
    let panics = || {
        let load = || Ok(Fake { good_runs: 5, then: || panic!("on purpose"), ..good(Provider::WebGpu) });
        Ok(Box::new(Apart::new(about(Duration::from_secs(60)), load)?) as Box<dyn Runs>)
    };
    let mut network = network(panics, Duration::ZERO, &options(&WEBGPU, false));
    assert_eq!(run(&mut network).unwrap(), DOUBLED);
    assert_eq!(network.provider(), Provider::Cpu);
    assert!(network.fallbacks()[0].reason.contains("broke off"), "{:?}", network.fallbacks());
}

#[test]
fn who_lets_a_graph_go_waits_until_its_thread_has_ended() {
    static ENDED: AtomicU32 = AtomicU32::new(0);
    /// A session that takes its time to go.
    struct Slow(Fake);
    impl Drop for Slow {
        fn drop(&mut self) {
            thread::sleep(MOMENT);
            ENDED.store(1, Ordering::Release);
        }
    }
    impl Runs for Slow {
        fn run(
            &mut self,
            fill: &mut dyn FnMut(usize, &mut [f32]),
            take: &mut dyn FnMut(&[&[f32]]),
        ) -> Result<(), InferenceError> {
            self.0.run(fill, take)
        }

        fn file(&self) -> &str {
            self.0.file()
        }

        fn provider(&self) -> Provider {
            self.0.provider()
        }

        fn nodes_by_provider(&self) -> &[(String, usize)] {
            self.0.nodes_by_provider()
        }
    }
    let apart = Apart::new(about(Duration::from_secs(60)), || Ok(Slow(good(Provider::WebGpu)))).unwrap();
    drop(apart);
    assert_eq!(ENDED.load(Ordering::Acquire), 1);
}
