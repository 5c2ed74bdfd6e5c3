//! The audio effect that a host loads: sound passes through untouched, and is tapped.

use std::sync::Arc;

use crossbeam_channel::Sender;
use klangbild_engine::tap::{Bar, Meter, Mode, Note, Transport};
use nice_plug::prelude::*;

use crate::attendant::Attendance;
use crate::birth;
use crate::bouncing::{Bounces, Bouncing};
use crate::editor::StageEditor;
use crate::instance::Instance;
use crate::intake::{Intake, block};

/// One instance in a host.
pub struct Klangbild {
    instance: Arc<Instance>,
    intake: Intake,
    /// In Hz.
    rate_hz: u32,
    /// While the host renders offline and a bounce is wanted.
    bouncing: Option<Bouncing>,
    bounces: Bounces,
    /// What the knobs were at the last block.
    last: Vec<f32>,
    /// From the first activation on.
    attendance: Option<Attendance>,
}

impl Default for Klangbild {
    fn default() -> Self {
        let instance: Arc<Instance> = Arc::default();
        birth::tell(|born| born.instance = Some(Arc::clone(&instance)));
        let bounces = Bounces::new(&instance);
        let intake = Intake::new(Arc::clone(&instance.params));
        let mut last = Vec::new();
        instance.params.moved(&mut last);
        Self { instance, intake, rate_hz: 1, bouncing: None, bounces, last, attendance: None }
    }
}

impl Klangbild {
    /// Hands over a part of a block, at the first frame of which the host is at `host` and `note` begins.
    fn take(&mut self, left: &[f32], right: &[f32], host: Transport, note: Option<Note>) {
        match &mut self.bouncing {
            Some(bouncing) => {
                bouncing.write(left, right, &block(&self.instance.params, host, note, Mode::Offline));
            }
            None => self.intake.block(left, right, host, note),
        }
    }

    fn bounce_is_wanted(&self) -> bool {
        self.instance.params.bounce.value() && self.instance.params.triggers.bounce_is_meant()
    }

    /// Grants what parameters have asked for since the last block.
    fn settle(&mut self) {
        let moved = self.instance.params.moved(&mut self.last);
        self.instance.params.triggers.settle(moved);
    }

    /// Begins or ends a bounce where the host changes its mode from one block to the next. Begins only while it renders
    /// offline, when there is no deadline to miss: what a block says of itself counts more than what was said before.
    fn follow_mode(&mut self, frames: usize) {
        let offline = self.instance.host.is_offline();
        if !offline {
            self.bounces.forget_failure();
        }
        if !offline {
            self.instance.host.plays(frames, self.rate_hz);
        }
        match (offline && self.bounce_is_wanted(), self.bouncing.is_some()) {
            (true, false) if !self.bounces.has_failed() => {
                self.bouncing = nice_plug::util::permit_alloc(|| self.bounces.begin(self.rate_hz));
            }
            (false, true) => self.bounces.lay_aside(&mut self.bouncing),
            _ => {}
        }
    }
}

impl Plugin for Klangbild {
    const NAME: &'static str = "Klangbild";
    const VENDOR: &'static str = "The Klangbild authors";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &[
        AudioIOLayout {
            main_input_channels: NonZeroU32::new(2),
            main_output_channels: NonZeroU32::new(2),
            ..AudioIOLayout::const_default()
        },
        AudioIOLayout {
            main_input_channels: NonZeroU32::new(1),
            main_output_channels: NonZeroU32::new(1),
            ..AudioIOLayout::const_default()
        },
    ];
    const MIDI_INPUT: MidiConfig = MidiConfig::Basic;
    type Editor = StageEditor;
    type SysExMessage = ();
    /// Answers through the channel: for the fence around VST3 instances.
    type BackgroundTask = Sender<()>;

    fn params(&self) -> Arc<dyn Params> {
        Arc::clone(&self.instance.params) as Arc<dyn Params>
    }

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        Box::new(|told| {
            // Whoever has asked may have given up waiting.
            let _ = told.send(());
        })
    }

    fn editor(&mut self, worker: AsyncExecutor<Self>) -> Option<StageEditor> {
        birth::tell(|born| born.worker = Some(worker));
        Some(StageEditor::new(Arc::clone(&self.instance)))
    }

    fn activate(
        &mut self,
        _layout: &AudioIOLayout,
        config: &BufferConfig,
        _context: &mut impl ActivateContext<Self>,
    ) -> bool {
        let rate_hz = (config.sample_rate.round() as u32).max(1);
        self.intake.connect(&self.instance, rate_hz);
        self.attendance.get_or_insert_with(|| Attendance::begin(&self.instance, &self.bounces));
        self.bounces.end(self.bouncing.take());
        self.rate_hz = rate_hz;
        let offline = config.process_mode == ProcessMode::Offline;
        self.instance.host.set_offline(offline);
        // Begun here if the host tells beforehand: its models load while it gets ready.
        self.settle();
        if offline && self.bounce_is_wanted() {
            self.bouncing = self.bounces.begin(rate_hz);
        }
        true
    }

    fn deactivate(&mut self) {
        self.bounces.end(self.bouncing.take());
    }

    fn process(
        &mut self,
        buffer: &mut Buffer<'_>,
        _aux: &mut AuxiliaryBuffers<'_>,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        self.settle();
        self.follow_mode(buffer.samples());
        let host = transport(context.transport());
        let (left, right): (&[f32], &[f32]) = match buffer.as_slice_immutable() {
            [left, right, ..] => (left, right),
            [mono] => (mono, mono),
            [] => (&[], &[]),
        };
        // Cut where a note begins: then it counts from its own frame on, wherever the host's block begins.
        let (mut from, mut begun) = (0, None);
        while let Some(event) = context.next_event() {
            let NoteEvent::NoteOn { timing, key, velocity, .. } = event else { continue };
            let key = key.number_or_middle_c();
            // A host may send them in any order.
            let at = (timing as usize).clamp(from, left.len());
            self.take(&left[from..at], &right[from..at], host.later(from, f64::from(self.rate_hz)), begun);
            self.instance.params.triggers.note(key);
            (from, begun) = (at, Some(Note { key, velocity }));
        }
        self.take(&left[from..], &right[from..], host.later(from, f64::from(self.rate_hz)), begun);
        ProcessStatus::Normal
    }

    fn setup_logger() -> Option<bool> {
        crate::logging::to_standard_error();
        crate::panics::listen();
        // The framework's own way to tell of panics would take the place of everybody else's.
        Some(false)
    }
}

impl Drop for Klangbild {
    fn drop(&mut self) {
        self.attendance = None;
        self.bounces.end(self.bouncing.take());
        self.bounces.end_laid_aside();
        self.instance.close();
        self.instance.goes();
    }
}

/// What the engine wants to know of the host's transport.
fn transport(host: &nice_plug::prelude::Transport) -> Transport {
    let meter = host.time_sig_numerator.zip(host.time_sig_denominator).and_then(|(beats, unit)| {
        let positive = |number: i32| u32::try_from(number).ok();
        Meter::new(positive(beats)?, positive(unit)?)
    });
    let bar = host.bar_number().zip(host.bar_start_pos_beats());
    Transport {
        playing: host.playing,
        tempo_bpm: host.tempo,
        beat: host.pos_beats(),
        meter,
        bar: bar.map(|(number, start_beat)| Bar { number, start_beat }),
        position_samples: host.pos_samples(),
    }
}

impl ClapPlugin for Klangbild {
    const CLAP_ID: &'static str = "org.klangbild.klangbild";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("Turns music into art while it plays");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Analyzer,
        ClapFeature::Utility,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        crate::hardware::pages(&self.instance.params, context);
    }
}

impl Vst3Plugin for Klangbild {
    const VST3_CLASS_ID: [u8; 16] = *b"KlangbildVisual1";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Analyzer];
}
