//! The network that hears beats: trained in `models/beats`, compiled in, and run frame by frame.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;

use super::afar::Terms;
use super::network::{Network, Ports};
use super::{InferenceError, Options, Provider, Runtime};
use crate::hearing::{Activations, BeatSense};
use crate::pack::Model;
use crate::pack::graph::{Dim, Graph, Port};

static GRAPH: &[u8] = include_bytes!("../../../models/beats/beats.onnx");
/// How messages name it.
const FILE: &str = "models/beats/beats.onnx";
/// What the graph is made for; see `models/beats`.
const SAMPLE_RATE_HZ: u32 = 22_050;
const FRAME_SAMPLES: usize = 441;
const DELAY_FRAMES: f64 = 1.0;
/// What stands before the names of inputs, and outputs, that carry what the network remembers.
const STATE: &str = "state_";
const NEXT: &str = "next_";

/// The network that is loaded, for whoever wants it next: a run is short, and each listener keeps what it remembers itself.
static LOADED: Mutex<Weak<Mutex<Network>>> = Mutex::new(Weak::new());

/// The network, and what it remembers of one stream of sound.
pub struct BeatNetwork {
    network: Arc<Mutex<Network>>,
    /// One for each input behind the samples.
    memory: Vec<Vec<f32>>,
    /// Room for what it remembers next.
    next: Vec<Vec<f32>>,
}

impl BeatNetwork {
    /// Loads it, if nobody has, and lets it hear a frame of silence.
    ///
    /// # Errors
    /// ONNX Runtime refuses the graph, or its first run fails.
    pub fn new(runtime: &Runtime) -> Result<Self, InferenceError> {
        let graph = Graph::read(FILE, GRAPH).map_err(|error| load_error(error.to_string()))?;
        let states = graph.inputs.iter().filter(|port| port.name.starts_with(STATE));
        let memory: Vec<_> =
            states.map(|port| vec![0.0; shape(port).iter().product::<i64>() as usize]).collect();
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let network = match loaded.upgrade() {
            Some(network) => network,
            None => {
                let network = Arc::new(Mutex::new(load(runtime, graph)?));
                *loaded = Arc::downgrade(&network);
                network
            }
        };
        Ok(Self { network, next: memory.clone(), memory })
    }
}

fn load(runtime: &Runtime, graph: Graph) -> Result<Network, InferenceError> {
    let inputs: Vec<_> = graph.inputs.iter().map(|port| (port.name.clone(), shape(port))).collect();
    let activations = graph.output("activations");
    let activations = activations.ok_or_else(|| load_error("it has no activations".to_owned()))?;
    let states = inputs.iter().filter(|(name, _)| name.starts_with(STATE));
    let states = states.map(|(name, shape)| (format!("{NEXT}{name}"), shape.clone()));
    let outputs = [("activations".to_owned(), shape(activations))].into_iter().chain(states).collect();
    let ports = Ports { inputs, constants: Vec::new(), outputs, samples: Vec::new() };
    let model = Model {
        file: FILE.to_owned(),
        bytes: Arc::from(GRAPH),
        external: Vec::new(),
        graph,
        on_processor: None,
        half: None,
        is_foreign: false,
    };
    // A run takes a tenth of a millisecond: the way to another processor, or process, takes longer.
    let (providers, apart) = (vec![Provider::Cpu], Terms::never());
    let options = Options { threads: 1, providers, apart, ..Options::default() };
    Network::new(runtime, &model, &ports, &options)
}

fn load_error(message: String) -> InferenceError {
    InferenceError::Load { file: FILE.to_owned(), message }
}

/// The port's dimensions: all are fixed.
fn shape(port: &Port) -> Vec<i64> {
    let fixed = |dim: &Dim| if let Dim::Fixed(length) = dim { *length as i64 } else { 1 };
    port.shape.iter().flatten().map(fixed).collect()
}

/// The network, if it can run here; what is heard without it is said in the log.
///
/// It is loaded on a thread of its own: ONNX Runtime keeps one for itself that has the name of whoever loads it first.
pub fn beat_sense() -> Option<Box<dyn BeatSense>> {
    let loading = thread::Builder::new().name("klangbild-load".to_owned()).spawn(load_sense);
    loading.ok().and_then(|thread| thread.join().ok().flatten())
}

fn load_sense() -> Option<Box<dyn BeatSense>> {
    let network = Runtime::load().map_err(|error| error.to_string());
    match network.and_then(|runtime| BeatNetwork::new(&runtime).map_err(|error| error.to_string())) {
        Ok(network) => Some(Box::new(network)),
        Err(error) => {
            tracing::warn!("the beat is found without its network: {error}");
            None
        }
    }
}

impl BeatSense for BeatNetwork {
    fn sample_rate_hz(&self) -> u32 {
        SAMPLE_RATE_HZ
    }

    fn frame_samples(&self) -> usize {
        FRAME_SAMPLES
    }

    fn delay_frames(&self) -> f64 {
        DELAY_FRAMES
    }

    fn hear(&mut self, frame: &[f32]) -> Option<Activations> {
        let (memory, next) = (&self.memory, &mut self.next);
        let mut network = self.network.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = network.run(
            |place, input| match place.checked_sub(1).and_then(|state| memory.get(state)) {
                Some(state) => input.copy_from_slice(state),
                None => input.copy_from_slice(frame),
            },
            |outputs| {
                let [said, states @ ..] = outputs else { return Ok(Activations::default()) };
                next.iter_mut().zip(states).for_each(|(next, state)| next.copy_from_slice(state));
                let said = |place: usize| said.get(place).copied().unwrap_or(0.0);
                Ok(Activations {
                    beat: said(0),
                    downbeat: said(1),
                    kick: said(2),
                    snare: said(3),
                    hat: said(4),
                    onset: said(5),
                })
            },
        );
        drop(network);
        match heard {
            Ok(activations) => {
                std::mem::swap(&mut self.memory, &mut self.next);
                Some(activations)
            }
            Err(error) => {
                tracing::warn!("the beat is found without the network from now on: {error}");
                None
            }
        }
    }

    fn forget(&mut self) {
        self.memory.iter_mut().for_each(|state| state.fill(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hearing::Hearing;

    /// Clicks on beats, and the times at which beats were shown.
    fn beats_of_clicks(sense: Option<Box<dyn BeatSense>>) -> Vec<f64> {
        let mut hearing = Hearing::new(44_100).with_sense(sense);
        let click = |frame: u32| {
            let age_s = f64::from(frame % 22_050) / 44_100.0;
            [((-age_s / 0.03).exp() * (age_s * 1200.0).sin()) as f32 * 0.7; 2]
        };
        let frames: Vec<[f32; 2]> = (0..12 * 44_100).map(click).collect();
        let (mut shown_s, mut count) = (Vec::new(), 0);
        hearing.listen(&frames, None, |heard| {
            if heard.beat_count > count {
                shown_s.push(heard.time_s);
            }
            count = heard.beat_count;
        });
        shown_s
    }

    #[test]
    fn the_network_hears_what_falls_on_beats_and_two_of_them_share_one() {
        let runtime = Runtime::load().unwrap();
        let (first, second) = (BeatNetwork::new(&runtime).unwrap(), BeatNetwork::new(&runtime).unwrap());
        assert!(Arc::ptr_eq(&first.network, &second.network));
        let heard = beats_of_clicks(Some(Box::new(first)));
        let late: Vec<f64> = heard.into_iter().filter(|time_s| *time_s > 6.0).collect();
        let on =
            late.iter().filter(|time_s| ((**time_s * 2.0 + 0.5).rem_euclid(1.0) - 0.5).abs() < 0.1).count();
        assert!(late.len() >= 5 && on * 10 >= late.len() * 9, "{late:?}");
        assert_eq!(beats_of_clicks(Some(Box::new(second))).last(), beats_of_clicks(beat_sense()).last());
    }

    /// A sense that fails at once.
    struct Broken;

    impl BeatSense for Broken {
        fn sample_rate_hz(&self) -> u32 {
            SAMPLE_RATE_HZ
        }

        fn frame_samples(&self) -> usize {
            FRAME_SAMPLES
        }

        fn delay_frames(&self) -> f64 {
            DELAY_FRAMES
        }

        fn hear(&mut self, _: &[f32]) -> Option<Activations> {
            None
        }

        fn forget(&mut self) {}
    }

    #[test]
    fn where_it_fails_beats_are_heard_without_it() {
        let (broken, without) = (beats_of_clicks(Some(Box::new(Broken))), beats_of_clicks(None));
        let is_known = |beat_s: &f64| without.iter().any(|other_s| (beat_s - other_s).abs() < 0.05);
        let late: Vec<f64> = broken.into_iter().filter(|beat_s| *beat_s > 4.0).collect();
        assert!(late.len() > 10 && late.iter().all(is_known), "{late:?}, {without:?}");
    }
}
