//! A panel with something in every corner.

use std::path::PathBuf;

use egui_kittest::Harness;
use klangbild_engine::hearing::{Clock, Drum, Heard};
use klangbild_engine::live::{Models, Status};
use klangbild_engine::scene::Scene;
use klangbild_engine::tap::{Meter, Transport};

use crate::errand::Progress;
use crate::heads::{self, ListedScene};
use crate::notice::Notice;
use crate::panel::{Bounced, Drawing, Hint, Outfit, Panel, Recorded, View, Wish, dress};
use crate::params::KlangbildParams;
use crate::playbill::Bill;
use crate::preset::ListedPreset;
use crate::runtime_parts::{Listed, State};
use crate::settings::Settings;

/// What a [`View`] borrows, the panel, and what has been wished for.
pub struct Sample {
    pub params: KlangbildParams,
    pub settings: Settings,
    pub status: Status,
    pub heard: Heard,
    pub transport: Transport,
    pub drawing: Drawing,
    pub recording: Option<Recorded>,
    pub bouncing: Option<Bounced>,
    pub made: Vec<PathBuf>,
    pub scenes: Vec<ListedScene>,
    pub bill: Bill,
    pub preset_changed: bool,
    pub outfit: Outfit,
    pub errand: Option<Progress>,
    pub notices: Vec<Notice>,
    pub hint: Option<Hint>,
    pub full_screen: Option<bool>,
    pub monitors: Vec<String>,
    pub picture_on: Option<usize>,
    pub opacity: f32,
    /// What lies behind: something bright, something dark, or plain grey.
    pub picture: Option<bool>,
    pub panel: Panel,
    pub wishes: Vec<Wish>,
    pub scope: Vec<f32>,
}

impl Default for Sample {
    fn default() -> Self {
        let wave = |at: usize| {
            let x = at as f32 / 960.0;
            (x * 41.0).sin() * 0.55 * (x * 3.1).sin().abs() + (x * 173.0).sin() * 0.18
        };
        let bands = std::array::from_fn(|band| {
            let x = band as f32 / 23.0;
            (0.9 - 0.7 * x) * (0.65 + 0.35 * (x * 19.0).sin())
        });
        let drum = |pulse| Drum { pulse, ..Drum::default() };
        let heard = Heard {
            bands,
            kick: drum(1.0),
            snare: drum(0.0),
            hat: drum(0.4),
            tempo_bpm: 124.0,
            beat_phase: 0.35,
            beat_confidence: 1.0,
            clock: Clock::Host,
            ..Heard::default()
        };
        let models = Models::Running {
            provider: "encoder and generator on CPU".to_owned(),
            tags: Vec::new(),
            encoder_ms: 11.6,
            generator_ms: 84.2,
            picture_size: (512, 288).into(),
            pictures_per_s: 8.4,
        };
        Self {
            params: KlangbildParams::default(),
            settings: Settings { preset: "Slow water".to_owned(), ..Settings::default() },
            status: Status { pack: "Starter".to_owned(), models, ..Status::default() },
            heard,
            transport: Transport {
                playing: true,
                tempo_bpm: Some(124.0),
                beat: Some(66.2),
                meter: Some(Meter::COMMON),
                bar: None,
                position_samples: None,
            },
            drawing: Drawing {
                adapter: "Some adapter (Vulkan)".to_owned(),
                fps: 60.0,
                frame_ms: 4.2,
                window_px: (960, 540),
                frame_px: (960, 540),
                tier: String::new(),
            },
            recording: None,
            bouncing: None,
            made: Vec::new(),
            scenes: heads::listed_built_in(),
            bill: Bill { scene: Scene::PICTURE, head: heads::known(Scene::PICTURE).unwrap() },
            preset_changed: false,
            outfit: outfit(),
            errand: None,
            notices: Vec::new(),
            hint: None,
            full_screen: Some(false),
            monitors: Vec::new(),
            picture_on: None,
            opacity: 1.0,
            picture: None,
            panel: Panel::default(),
            wishes: Vec::new(),
            scope: (0..960).map(wave).collect(),
        }
    }
}

impl Sample {
    /// In a window of this size; wishes about parameters are fulfilled, as a host does.
    pub fn open(self, width: f32, height: f32) -> Harness<'static, Self> {
        Harness::builder()
            .with_size([width, height])
            .with_max_steps(12)
            .with_context_setup(dress)
            .with_render_cursor(false)
            .build_ui_state(|ui, sample: &mut Self| sample.frame(ui), self)
    }

    fn frame(&mut self, ui: &mut egui::Ui) {
        match self.picture {
            Some(bright) => paint(ui, bright),
            None => {
                ui.set_clip_rect(ui.ctx().viewport_rect());
                ui.painter().rect_filled(ui.clip_rect(), 0.0, egui::Color32::from_gray(40));
            }
        }
        let packs = [("default".to_owned(), "Starter".to_owned()), ("ink".to_owned(), "Ink".to_owned())];
        let listed = |name: &str, tags: &[&str]| ListedPreset {
            name: name.to_owned(),
            about: String::new(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        };
        let factory = [
            listed("Plain", &["picture", "elegant"]),
            listed("Slow water", &["fluid", "calm"]),
            listed("Cathedral", &["light", "elegant"]),
        ];
        let own = [listed("Friday", &[])];
        let folder = PathBuf::from("/videos/Klangbild");
        let view = View {
            params: &self.params,
            settings: &self.settings,
            output_folder: &folder,
            status: &self.status,
            heard: &self.heard,
            transport: &self.transport,
            scope: &self.scope,
            drawing: &self.drawing,
            packs: &packs,
            scenes: &self.scenes,
            scenes_folder: Some(std::path::Path::new("/scenes")),
            bill: &self.bill,
            factory_presets: &factory,
            own_presets: &own,
            preset_changed: self.preset_changed,
            recording: self.recording.as_ref(),
            bouncing: self.bouncing.as_ref(),
            outfit: &self.outfit,
            errand: self.errand.as_ref(),
            made: &self.made,
            notices: &self.notices,
            hint: self.hint,
            can_undo: true,
            can_redo: false,
            full_screen: self.full_screen,
            monitors: &self.monitors,
            picture_on: self.picture_on,
            opacity: self.opacity,
        };
        let wishes = self.panel.show(ui, &view);
        for wish in &wishes {
            if let Wish::Set(param, value) = wish {
                // SAFETY: the pointer is of `self.params`, which outlives this call.
                unsafe { param._internal_set_normalized_value(*value) };
            }
        }
        self.wishes.extend(wishes);
    }
}

/// One part that is installed, and one that is not.
fn outfit() -> Outfit {
    let part = |name, download_bytes, state| Listed {
        name,
        purpose: "Some cards",
        version: "1.0",
        licence: "MIT",
        download_bytes,
        disk_bytes: 2 * download_bytes,
        folder: PathBuf::from("/parts").join(name),
        state,
    };
    let parts =
        vec![part("nvidia", 1_520_000_000, State::Missing), part("openvino", 53_000_000, State::Whole)];
    Outfit { parts, ..Outfit::default() }
}

/// Something like a picture, to judge contrast by.
fn paint(ui: &mut egui::Ui, bright: bool) {
    let rect = ui.ctx().viewport_rect();
    ui.set_clip_rect(rect);
    let cell = 30.0;
    let (across, down) = ((rect.width() / cell) as usize + 1, (rect.height() / cell) as usize + 1);
    for index in 0..across * down {
        let (x, y) = ((index % across) as f32, (index / across) as f32);
        let wave = |scale: f32, turn: f32| {
            0.5 + 0.5 * ((x * scale * 2.5).sin() + (y * scale * 3.2 + turn).cos()) * 0.5
        };
        let (low, high) = if bright { (150.0, 255.0) } else { (0.0, 90.0) };
        let byte = |share: f32| egui::lerp(low..=high, share.clamp(0.0, 1.0)) as u8;
        let colour =
            egui::Color32::from_rgb(byte(wave(0.11, 0.0)), byte(wave(0.07, 1.7)), byte(wave(0.05, 4.1)));
        let min = rect.min + egui::vec2(x, y) * cell;
        ui.painter().rect_filled(egui::Rect::from_min_size(min, egui::vec2(cell, cell)), 0.0, colour);
    }
}
