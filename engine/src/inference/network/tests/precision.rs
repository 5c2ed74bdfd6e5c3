//! The graph in half precision beside the one in single: stand-ins for both.

use super::*;

/// Black and white of the picture that the stand-ins paint: a gain that is 0.04 off is a step of 255.
const RANGE: [f32; 2] = [-8.0, 8.0];

/// A device that takes `single`'s time, and `half`, opened on it; the processor is slow and right.
fn with_half(
    single: Duration,
    half: impl Fn() -> Result<Box<dyn Runs>, InferenceError> + Send + Sync + 'static,
) -> Ways {
    let opens: Opens = Arc::new(move |provider| {
        let delay = if provider == Provider::Cpu { 2 * MOMENT } else { single };
        Ok(Box::new(Fake { delay, ..good(provider) }))
    });
    Ways { half: Some(HalfWay { opens: Arc::new(move |_| half()), range: RANGE }), ..usual(opens) }
}

/// One that is a third of a step off.
fn quick_half() -> Result<Box<dyn Runs>, InferenceError> {
    Ok(Box::new(Fake { gain: 2.01, ..good(Provider::WebGpu) }))
}

#[test]
fn half_precision_runs_where_it_is_quicker_by_measure_and_is_near_enough() {
    for quickest in [true, false] {
        let ways = with_half(MOMENT, quick_half);
        let network = choose(&options(&WEBGPU, quickest), &nothing_kept(), ways).unwrap();
        assert_eq!((network.provider(), network.precision()), (Provider::WebGpu, Precision::Half));
        let [fallback] = network.fallbacks() else { panic!("{:?}", network.fallbacks()) };
        assert_eq!(fallback.name(), "WebGPU in single precision");
        let says = &fallback.reason;
        assert!(says.starts_with("slower: ") && says.contains("WebGPU in half precision takes"), "{says}");
        assert!(!fallback.is_missed());
    }
}

#[test]
fn half_precision_that_is_no_quicker_is_left_out_and_not_missed() {
    let slow = || {
        let slow = Fake { delay: MOMENT, ..good(Provider::WebGpu) };
        Ok(Box::new(slow) as Box<dyn Runs>)
    };
    let ways = with_half(Duration::ZERO, slow);
    let network = choose(&options(&WEBGPU, true), &nothing_kept(), ways).unwrap();
    assert_eq!((network.provider(), network.precision()), (Provider::WebGpu, Precision::Single));
    let [fallback] = network.fallbacks() else { panic!("{:?}", network.fallbacks()) };
    assert!(fallback.name() == "WebGPU in half precision" && fallback.is_slower && !fallback.is_missed());
}

#[test]
fn half_precision_that_paints_something_else_is_refused_with_the_figure() {
    for (gain, says) in [(2.1, "2.6 of 255 away"), (f32::NAN, "no finite numbers")] {
        let wrong = move || Ok(Box::new(Fake { gain, ..good(Provider::WebGpu) }) as Box<dyn Runs>);
        let ways = with_half(MOMENT, wrong);
        let mut network = choose(&options(&WEBGPU, true), &nothing_kept(), ways).unwrap();
        assert_eq!((network.provider(), network.precision()), (Provider::WebGpu, Precision::Single));
        let [fallback] = network.fallbacks() else { panic!("{:?}", network.fallbacks()) };
        assert!(fallback.reason.contains(says) && !fallback.is_missed(), "{fallback:?}");
        assert_eq!(fallback.precision, Some(Precision::Half));
        assert_eq!(run(&mut network).unwrap(), DOUBLED);
    }
}

#[test]
fn a_driver_that_hangs_or_fails_in_half_precision_alone_costs_only_that() {
    let hang = || -> Result<f32, InferenceError> {
        loop {
            thread::park();
        }
    };
    let hangs = move || {
        let load = move || hang().map(|_| good(Provider::WebGpu));
        Ok(Box::new(Apart::new(about(MOMENT), load)?) as Box<dyn Runs>)
    };
    let fails = || Err(failure("the device has no shader-f16"));
    let waysides = [(with_half(MOMENT, hangs), "given up"), (with_half(MOMENT, fails), "shader-f16")];
    for (ways, says) in waysides {
        let mut network = choose(&options(&WEBGPU, true), &nothing_kept(), ways).unwrap();
        assert_eq!((network.provider(), network.precision()), (Provider::WebGpu, Precision::Single));
        assert!(network.fallbacks()[0].reason.contains(says), "{:?}", network.fallbacks());
        assert_eq!(run(&mut network).unwrap(), DOUBLED);
    }
}

#[test]
fn where_half_precision_gives_out_the_processor_goes_on_in_its_own() {
    let lost = || {
        let lost = Fake { good_runs: 6, then: || Err(failure("device lost")), ..good(Provider::WebGpu) };
        Ok(Box::new(lost) as Box<dyn Runs>)
    };
    let mut network = choose(&options(&WEBGPU, true), &nothing_kept(), with_half(MOMENT, lost)).unwrap();
    for (provider, precision) in [(Provider::WebGpu, Precision::Half), (Provider::Cpu, Precision::Single)] {
        assert_eq!(run(&mut network).unwrap(), DOUBLED);
        assert_eq!((network.provider(), network.precision()), (provider, precision));
    }
    assert!(network.fallbacks().iter().any(|fallback| fallback.reason == "device lost"));
}

#[test]
fn the_precision_that_was_the_quicker_once_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("providers.json");
    let precision = |single: Duration| {
        let memory = memory::of_file(Some(file.clone()), Vec::new);
        let half = || {
            let half = Fake { delay: MOMENT / 2, ..good(Provider::WebGpu) };
            Ok(Box::new(half) as Box<dyn Runs>)
        };
        choose(&options(&WEBGPU, false), &memory, with_half(single, half)).unwrap().precision()
    };
    assert_eq!(precision(MOMENT), Precision::Half);
    assert_eq!(precision(Duration::ZERO), Precision::Half, "it was measured before");
}
