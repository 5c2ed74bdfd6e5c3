//! `klangbild bench --scenes`: what each scene costs, drawn here and by count.

use std::fmt;

use klangbild_engine::scene;
use serde::Serialize;

use super::parts::Parts;
use super::report::{self, Machine, Measured};

/// Frame sizes at which each is drawn.
const SIZES_PX: [(u32, u32); 2] = [(640, 360), (1280, 720)];
/// The size that its costs are counted for.
const COUNTED_PX: [u32; 2] = [1920, 1080];

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was measured on.
    pub machine: Machine,
    /// A scene each: those that are built in.
    pub scenes: Vec<Row>,
}

/// One scene.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub scene: &'static str,
    /// Passes of a frame, and bytes that they write for each of its pixels.
    pub passes: u32,
    /// See `passes`.
    pub written_bytes_a_pixel: f64,
    /// Drawn and read back, at 640x360 and at 1280x720.
    pub drawn: [Measured<report::Stage>; 2],
}

/// Measures every scene; `begin` is told its name as it begins.
pub fn measure(parts: &Parts, mut begin: impl FnMut(&str)) -> Report {
    let scenes = scene::built_in().iter().map(|file| {
        begin(file.scene.name());
        let cost = file.head.cost(COUNTED_PX);
        Row {
            scene: file.scene.name(),
            passes: cost.passes,
            written_bytes_a_pixel: cost.written_bytes,
            drawn: SIZES_PX.map(|px| parts.stage(px, file.scene).into()),
        }
    });
    Report { scenes: scenes.collect(), machine: parts.machine() }
}

impl Report {
    /// The scenes that could not be drawn.
    pub fn failed(&self) -> Vec<&'static str> {
        let is_failed = |row: &&Row| row.drawn.iter().any(|drawn| matches!(drawn, Measured::Failed { .. }));
        self.scenes.iter().filter(is_failed).map(|row| row.scene).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.machine)?;
        writeln!(f, "frames a second, drawn and read back; passes and bytes written a pixel at 1920x1080")?;
        writeln!(f, "{:<16} {:>8} {:>9} {:>7} {:>8}", "scene", "640x360", "1280x720", "passes", "bytes/px")?;
        for row in &self.scenes {
            let [small, large] = row.drawn.each_ref().map(|drawn| match drawn {
                Measured::Figure(stage) => format!("{:.1}", stage.frames_per_s),
                Measured::Failed { .. } => "-".to_owned(),
            });
            let (name, bytes) = (row.scene, row.written_bytes_a_pixel);
            writeln!(f, "{name:<16} {small:>8} {large:>9} {:>7} {bytes:>8.1}", row.passes)?;
        }
        let errors = self.scenes.iter().flat_map(|row| {
            row.drawn.iter().filter_map(move |drawn| match drawn {
                Measured::Failed { error } => Some((row.scene, error)),
                Measured::Figure(_) => None,
            })
        });
        for (scene, error) in errors {
            writeln!(f, "{scene} was not drawn: {error}")?;
        }
        Ok(())
    }
}
