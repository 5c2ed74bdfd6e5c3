//! What is measured, and how.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow};
use half::f16;
use klangbild_engine::hearing::{BeatSense, Heard, Hearing};
use klangbild_engine::inference::{Encoder, Generator, Options, Runtime, beat_sense};
use klangbild_engine::pack::Pack;
use klangbild_engine::pack::size::PictureSize;
use klangbild_engine::picture::Picture;
use klangbild_engine::recorder::Fps;
use klangbild_engine::render::{RenderSettings, render};
use klangbild_engine::stage::{Belt, Gpu, Scene, Stage};

use super::report::{self, Machine, Measured, Report, Row};
use super::{Effort, per_second, providers, quantile, repeat, song};

/// Samples in one block, as hosts hand them over.
const BLOCK_FRAMES: usize = 512;
/// Display frames a second in the stage's and the render's runs.
const FPS: u32 = 30;
/// A new picture comes with every second display frame, as in a render.
const FRAMES_PER_PICTURE: u64 = 2;
/// Side of the pictures that the stage shows.
const PICTURE_SIDE_PX: usize = 256;
/// Frame sizes for the stage.
const STAGE_SIZES_PX: [(u32, u32); 3] = [(640, 360), (1280, 720), (1920, 1080)];
/// Frame sizes for a whole render.
const RENDER_SIZES_PX: [(u32, u32); 2] = [(640, 360), (1280, 720)];
/// Most threads that the generator is measured with.
const GENERATOR_THREADS: [usize; 2] = [1, 2];

/// The parts of the engine, opened once, or why they could not be.
pub struct Parts {
    effort: Effort,
    /// Name, folder or .zip.
    pack: String,
    song: Vec<[f32; 2]>,
    /// What is heard at each display frame of the song.
    heard: Vec<Heard>,
    pictures: [Picture; 3],
    models: Result<(Runtime, Pack)>,
    gpu: Result<Arc<Gpu>>,
}

impl Parts {
    /// Opens what the measurements need. What fails here shows in the report.
    pub fn open(effort: Effort, pack: &str) -> Self {
        let models = || Ok((Runtime::load()?, Pack::load(pack)?));
        let song = song::frames(effort.song_s);
        Self {
            effort,
            pack: pack.to_owned(),
            heard: heard(&song),
            song,
            pictures: [0, 1, 2].map(picture),
            models: models(),
            gpu: Gpu::headless().map_err(anyhow::Error::from),
        }
    }

    /// Measures everything; `begin` is told each part's name as it begins.
    pub fn measure(&self, mut begin: impl FnMut(&str)) -> Report {
        begin("hearing");
        let hearing_percent = Measured::Figure(self.hearing(None));
        let sense_percent = match beat_sense() {
            Some(sense) => Measured::Figure(self.hearing(Some(sense))),
            None => {
                Measured::Failed { error: "the beat network does not run: see `klangbild doctor`".to_owned() }
            }
        };
        begin("the encoder");
        let encoder = self.encoder().into();
        begin("the generator");
        let generator = self.generators();
        begin("each provider");
        // What the others say tells why there is none.
        let providers =
            self.models().map_or_else(|_| Vec::new(), |(runtime, pack)| providers::measure(runtime, pack));
        begin("the stage");
        let stage = self.stages();
        begin("a whole render");
        let end_to_end = self.renders();
        Report {
            machine: self.machine(),
            pack: self
                .models()
                .map(|(_, pack)| format!("{} {}", pack.manifest.name, pack.manifest.version))
                .into(),
            hearing_percent,
            sense_percent,
            encoder,
            generator,
            providers,
            stage,
            end_to_end,
        }
    }

    /// What is measured on.
    pub fn machine(&self) -> Machine {
        let adapter = self.gpu().map(|gpu| {
            let info = gpu.info();
            let kind = if gpu.is_software() { ", in software" } else { "" };
            format!("{} ({}{kind})", info.name, info.backend)
        });
        Machine {
            version: env!("CARGO_PKG_VERSION"),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            cores: cores(),
            adapter: adapter.into(),
        }
    }

    fn models(&self) -> Result<&(Runtime, Pack)> {
        self.models.as_ref().map_err(|error| anyhow!("{error:#}"))
    }

    fn gpu(&self) -> Result<Arc<Gpu>> {
        self.gpu.as_ref().map(Arc::clone).map_err(|error| anyhow!("{error:#}"))
    }

    /// Percent of one core that hearing takes beside the music, with the beat network or without.
    fn hearing(&self, sense: Option<Box<dyn BeatSense>>) -> f64 {
        let mut hearing = Hearing::new(song::SAMPLE_RATE_HZ).with_sense(sense);
        let start = Instant::now();
        for block in self.song.chunks(BLOCK_FRAMES) {
            hearing.listen(block, None, |heard| {
                std::hint::black_box(heard);
            });
        }
        100.0 * start.elapsed().as_secs_f64() / self.effort.song_s
    }

    fn encoder(&self) -> Result<report::Encoder> {
        let (runtime, pack) = self.models()?;
        let mut encoder = Encoder::new(runtime, pack, &Options { threads: 1, ..Options::default() })?;
        // The song at a rate that is not its own: higher, but music to the encoder all the same.
        let mono: Vec<f32> = self.song.iter().map(|[left, right]| 0.5 * (left + right)).collect();
        let window: Vec<f32> = mono.iter().copied().cycle().take(encoder.window_samples()).collect();
        let runs_s = repeat(self.effort.each, || encoder.encode(&window).map(drop))?;
        Ok(report::Encoder {
            median_ms: 1e3 * quantile(&runs_s, 0.5),
            p95_ms: 1e3 * quantile(&runs_s, 0.95),
            provider: encoder.provider().to_string(),
        })
    }

    fn generators(&self) -> Vec<Row<report::Generator>> {
        let sizes = match self.models() {
            Ok((_, pack)) => pack.picture_sizes().into_iter().map(|(size, _)| Some(size)).collect(),
            Err(_) => vec![None], // rows that say why there is nothing
        };
        let threads = GENERATOR_THREADS.into_iter().filter(|threads| *threads <= cores());
        let each = sizes.into_iter().flat_map(|size| threads.clone().map(move |threads| (size, threads)));
        each.map(|(size, threads)| {
            let of_size = size.map_or(String::new(), |size| format!("{size}, "));
            Row {
                what: format!("{of_size}{threads} thread{}", if threads == 1 { "" } else { "s" }),
                measured: self.generator(size, threads).into(),
            }
        })
        .collect()
    }

    fn generator(&self, size: Option<PictureSize>, threads: usize) -> Result<report::Generator> {
        let (runtime, pack) = self.models()?;
        let pack = &size.and_then(|size| pack.painting_at(size)).unwrap_or_else(|| pack.clone());
        let mut generator = Generator::new(runtime, pack, &Options { threads, ..Options::default() })?;
        let mut picture = Picture::default();
        let mut index = 0;
        let runs_s = repeat(self.effort.each, || {
            index += 1;
            paint(&mut generator, index, &mut picture)
        })?;
        Ok(report::Generator {
            pictures_per_s: per_second(&runs_s),
            provider: format!("{}{}", generator.provider(), generator.network().precision().note()),
        })
    }

    fn stages(&self) -> Vec<Row<report::Stage>> {
        let scenes = [Scene::PICTURE, Scene::FLOW, Scene::KALEIDOSCOPE];
        let each = STAGE_SIZES_PX.into_iter().flat_map(|px| scenes.map(|scene| (px, scene)));
        each.map(|(px, scene)| Row {
            what: format!("{}x{} {scene}", px.0, px.1),
            measured: self.stage(px, scene).into(),
        })
        .collect()
    }

    /// Draws and reads back frame after frame, with a new picture and a new hearing as often as in a render.
    pub fn stage(&self, (width_px, height_px): (u32, u32), scene: Scene) -> Result<report::Stage> {
        let gpu = self.gpu()?;
        let mut stage = Stage::new(Arc::clone(&gpu), width_px, height_px, scene, 1)?;
        let mut belt = Belt::new(gpu, width_px, height_px)?;
        let mut pictures = self.pictures.iter().cycle();
        let mut heard = self.heard.iter().cycle();
        let mut index: u64 = 0;
        let runs_s = repeat(self.effort.each, || {
            let time_s = index as f64 / f64::from(FPS);
            if index.is_multiple_of(FRAMES_PER_PICTURE)
                && let Some(picture) = pictures.next()
            {
                stage.show(&Picture { time_s, ..picture.clone() })?;
            }
            if let Some(heard) = heard.next() {
                stage.draw(time_s, heard)?;
            }
            // With all slots of the belt in use, drawing, copying and reading overlap as they do in a render.
            if !belt.has_room()
                && let Some(frame) = belt.pop(true)?
            {
                belt.recycle(frame);
            }
            belt.push(&stage)?;
            index += 1;
            anyhow::Ok(())
        })?;
        Ok(report::Stage { frames_per_s: per_second(&runs_s) })
    }

    fn renders(&self) -> Vec<Row<report::EndToEnd>> {
        RENDER_SIZES_PX
            .into_iter()
            .map(|(width_px, height_px)| Row {
                what: format!("{width_px}x{height_px} at {FPS} fps"),
                measured: self.render(width_px, height_px).into(),
            })
            .collect()
    }

    /// Renders the song into an .mp4 in a folder that is gone afterwards.
    fn render(&self, width_px: u32, height_px: u32) -> Result<report::EndToEnd> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("song.wav");
        song::write(&path, &self.song)?;
        let settings = RenderSettings {
            width_px,
            height_px,
            fps: Fps { num: FPS, den: 1 },
            pack: self.pack.clone(),
            ..RenderSettings::new(path, folder.path().join("video.mp4"))
        };
        let begin = Instant::now();
        let mut first_frame = None;
        let mut frames = 0;
        render(&settings, &mut |progress| {
            first_frame.get_or_insert_with(Instant::now);
            frames = progress.frames;
            ControlFlow::Continue(())
        })?;
        let first_frame = first_frame.ok_or_else(|| anyhow!("the render drew no frame"))?;
        // From the first frame to the finished file: the frames after the first.
        let rendered_s = frames.saturating_sub(1) as f64 / f64::from(FPS);
        Ok(report::EndToEnd {
            times_real_time: rendered_s / first_frame.elapsed().as_secs_f64(),
            start_s: (first_frame - begin).as_secs_f64(),
        })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Generates picture number `index`: any latent point will do, as long as no two are the same.
fn paint(
    generator: &mut Generator,
    index: usize,
    picture: &mut Picture,
) -> std::result::Result<(), klangbild_engine::inference::InferenceError> {
    let wave = |entry: usize| (entry as f32 * 0.7 + index as f32 * 0.05).sin();
    let latent: Vec<f32> = (0..generator.latent_dim()).map(wave).collect();
    let mut embedding: Vec<f32> = (0..generator.embedding_dim()).map(|entry| wave(entry + 1000)).collect();
    let norm = embedding.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    embedding.iter_mut().for_each(|x| *x /= norm);
    generator.generate(&latent, &embedding, index as f64 / f64::from(FPS), picture)
}

/// What is heard at each display frame of a song.
fn heard(song: &[[f32; 2]]) -> Vec<Heard> {
    let mut hearing = Hearing::new(song::SAMPLE_RATE_HZ);
    let chunks = song.chunks((song::SAMPLE_RATE_HZ / FPS) as usize);
    chunks
        .map(|frames| {
            hearing.listen(frames, None, |_| {});
            *hearing.newest()
        })
        .collect()
}

/// A soft pattern for the stage to show: what is in a picture does not change what drawing costs.
fn picture(index: usize) -> Picture {
    let place = |at: usize| at as f32 / PICTURE_SIDE_PX as f32;
    let wave = |phase: f32| f16::from_f32(0.5 + 0.5 * (phase + index as f32).sin());
    let pixel = |at: usize| {
        let (x, y) = (place(at % PICTURE_SIDE_PX), place(at / PICTURE_SIDE_PX));
        [wave(6.0 * x), wave(9.0 * y), wave(7.0 * (x + y)), f16::ONE]
    };
    let side_px = PICTURE_SIDE_PX as u32;
    let pixels = (0..PICTURE_SIDE_PX * PICTURE_SIDE_PX).map(pixel).collect();
    Picture { width_px: side_px, height_px: side_px, time_s: 0.0, pixels, ..Picture::default() }
}
