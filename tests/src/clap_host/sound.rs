//! The audio thread's end of an active instance.

use std::ptr;

use clack_host::events::Match;
use clack_host::events::event_types::{NoteOnEvent, TransportEvent};
use clack_host::prelude::*;
use clap_sys::audio_buffer::clap_audio_buffer;
use clap_sys::events::{
    CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_TRANSPORT, CLAP_TRANSPORT_HAS_BEATS_TIMELINE,
    CLAP_TRANSPORT_HAS_TEMPO, CLAP_TRANSPORT_HAS_TIME_SIGNATURE, CLAP_TRANSPORT_IS_PLAYING,
    clap_event_header, clap_event_transport,
};
use clap_sys::fixedpoint::CLAP_BEATTIME_FACTOR;
use clap_sys::process::{CLAP_PROCESS_ERROR, clap_process};

use super::handlers::Daw;
use super::param::events;

/// An active instance that processes.
pub struct Sound {
    processor: StartedPluginAudioProcessor<Daw>,
    channels: usize,
    /// Struck at the beginning of the next block.
    keys: Vec<u8>,
}

/// What comes with a block.
#[derive(Clone, Debug, Default)]
pub struct With {
    /// Whether the plugin writes where it reads.
    pub in_place: bool,
    /// New values of parameters.
    pub changes: Vec<(ClapId, f64)>,
    /// Where the host is; a host that only renders sound says nothing.
    pub transport: Option<Transport>,
}

/// Where a playing host is, in four-four time.
#[derive(Clone, Copy, Debug)]
pub struct Transport {
    /// Beats per minute.
    pub tempo_bpm: f64,
    /// Beats since the song's start.
    pub beat: f64,
}

impl Sound {
    pub(super) fn new(processor: StartedPluginAudioProcessor<Daw>, channels: usize) -> Self {
        Self { processor, channels, keys: Vec::new() }
    }

    /// Strikes a key as the next block begins, after its changes.
    pub fn strike(&mut self, key: u8) {
        self.keys.push(key);
    }

    pub(super) fn stop(self) -> StoppedPluginAudioProcessor<Daw> {
        self.processor.stop_processing()
    }

    /// Sends a block through; what comes out. There is a slice for each channel, all of one length.
    ///
    /// This goes by the raw function: clack's buffers cannot be the same for input and output.
    #[track_caller]
    pub fn process(&mut self, input: &[&[f32]], with: &With) -> Vec<Vec<f32>> {
        assert_eq!(input.len(), self.channels);
        let frames = input[0].len();
        let mut sent: Vec<Vec<f32>> = input.iter().map(|channel| channel.to_vec()).collect();
        // Where the plugin leaves something out, this shows.
        let mut out = vec![vec![f32::from_bits(0x7fc0_dead); frames]; self.channels];
        let mut ins: Vec<*mut f32> = sent.iter_mut().map(|channel| channel.as_mut_ptr()).collect();
        let mut outs: Vec<*mut f32> = if with.in_place {
            ins.clone()
        } else {
            out.iter_mut().map(|channel| channel.as_mut_ptr()).collect()
        };

        let port = |channels: &mut Vec<*mut f32>| clap_audio_buffer {
            data32: channels.as_mut_ptr(),
            data64: ptr::null_mut(),
            channel_count: channels.len() as u32,
            latency: 0,
            constant_mask: 0,
        };
        let (input, mut output) = (port(&mut ins), port(&mut outs));
        let transport = with.transport.map(|transport| TransportEvent::from_raw(&transport.raw()));
        let mut events = events(&with.changes);
        for key in self.keys.drain(..) {
            events.push(&NoteOnEvent::new(0, Pckn::new(0u16, 0u16, u16::from(key), Match::<u32>::All), 1.0));
        }
        let (events, mut void) = (events.as_input(), OutputEvents::void());
        let block = clap_process {
            steady_time: -1,
            frames_count: frames as u32,
            transport: transport.as_ref().map_or(ptr::null(), |transport| ptr::from_ref(transport.as_raw())),
            audio_inputs: &raw const input,
            audio_outputs: &raw mut output,
            audio_inputs_count: 1,
            audio_outputs_count: 1,
            in_events: events.as_raw(),
            out_events: void.as_raw(),
        };
        let plugin = self.processor.plugin_handle();
        let process = plugin.as_raw().process.expect("processes sound");
        // SAFETY: the processor is started and this is its only user. Everything that the block points to lives until the
        // call has returned, and each channel has as many frames as is said.
        let status = unsafe { process(plugin.as_raw_ptr(), &raw const block) };
        assert_ne!(status, CLAP_PROCESS_ERROR, "a block of {frames} frames is refused");
        if with.in_place { sent } else { out }
    }

    /// Sends a block through every channel, and compares what comes out bit by bit.
    #[track_caller]
    pub fn passes(&mut self, mono: &[f32], with: &With) {
        let input = vec![mono; self.channels];
        let output = self.process(&input, with);
        for (channel, out) in output.iter().enumerate() {
            let different = mono.iter().zip(out).position(|(a, b)| a.to_bits() != b.to_bits());
            if let Some(at) = different {
                panic!(
                    "channel {channel} of {}, frame {at} of {}: {:e} has become {:e}",
                    self.channels,
                    mono.len(),
                    mono[at],
                    out[at]
                );
            }
        }
    }
}

impl Transport {
    fn raw(self) -> clap_event_transport {
        let beats = |beats: f64| (beats * CLAP_BEATTIME_FACTOR as f64).round() as i64;
        let bar = (self.beat / 4.0).floor();
        clap_event_transport {
            header: clap_event_header {
                size: size_of::<clap_event_transport>() as u32,
                time: 0,
                space_id: CLAP_CORE_EVENT_SPACE_ID,
                type_: CLAP_EVENT_TRANSPORT,
                flags: 0,
            },
            flags: CLAP_TRANSPORT_HAS_TEMPO
                | CLAP_TRANSPORT_HAS_BEATS_TIMELINE
                | CLAP_TRANSPORT_HAS_TIME_SIGNATURE
                | CLAP_TRANSPORT_IS_PLAYING,
            song_pos_beats: beats(self.beat),
            song_pos_seconds: 0,
            tempo: self.tempo_bpm,
            tempo_inc: 0.0,
            loop_start_beats: 0,
            loop_end_beats: 0,
            loop_start_seconds: 0,
            loop_end_seconds: 0,
            bar_start: beats(4.0 * bar),
            bar_number: bar as i32,
            tsig_num: 4,
            tsig_denom: 4,
        }
    }
}
