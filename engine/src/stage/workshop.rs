//! Where scenes are compiled while another one plays, and looked after while they are being written.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, unbounded};

use super::graph::Program;
use super::painter::Painter;
use super::{Gpu, Stage, StageError, developers};
use crate::inference::spawn_low_priority;
use crate::scene::{self, Scene};
use crate::threads::join_within;

/// Between two looks whether the scene's files have changed.
const LOOK_EVERY: Duration = Duration::from_millis(15);
/// A thread that does not end within this time hangs in a driver.
const LONGEST_END: Duration = Duration::from_secs(6);

/// A scene that was compiled, or could not be.
pub(super) struct Made {
    pub scene: Scene,
    pub program: Result<Arc<Program>, StageError>,
}

/// A scene that is to come, and the transition by which.
#[derive(Clone, Copy)]
struct Order {
    scene: Scene,
    transition: Option<&'static str>,
}

/// A thread of a stage's own. What was ordered last is what it looks after.
pub(super) struct Workshop {
    orders: Option<Sender<Order>>,
    made: Receiver<Made>,
    thread: Option<JoinHandle<()>>,
}

impl Workshop {
    /// Opens it; it begins to look after `scene`, which plays already.
    ///
    /// # Errors
    /// The system gives no thread, or the device no memory.
    pub fn open(gpu: Arc<Gpu>, format: wgpu::TextureFormat, scene: Scene) -> Result<Self, StageError> {
        let (orders, ordered) = unbounded();
        let (tell, made) = unbounded();
        let painter = Painter::new(&gpu)?;
        let adapter = gpu.info().name.clone();
        let work = move || work(&gpu, &painter, format, scene, &ordered, &tell);
        let thread = spawn_low_priority("klangbild-scenes", work).map_err(|error| StageError::Refused {
            what: "a thread that compiles scenes".to_owned(),
            adapter,
            reason: error.to_string(),
        })?;
        Ok(Self { orders: Some(orders), made, thread: Some(thread) })
    }

    /// Orders a scene, and the transition by which it is to come: what was ordered before is forgotten.
    pub fn order(&self, scene: Scene, transition: Option<&'static str>) {
        if let Some(orders) = &self.orders {
            // The thread ends only when nobody can order any more.
            let _ = orders.send(Order { scene, transition });
        }
    }

    /// The newest that was made.
    pub fn take(&self) -> Option<Made> {
        self.made.try_iter().last()
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            join_within(thread, LONGEST_END);
        }
    }
}

fn work(
    gpu: &Gpu,
    painter: &Painter,
    format: wgpu::TextureFormat,
    mut scene: Scene,
    orders: &Receiver<Order>,
    tell: &Sender<Made>,
) {
    let mut stamp = scene::stamp(scene);
    let mut looked = stamp;
    let mut still_is_ready = format == Stage::OUTPUT_FORMAT;
    loop {
        let ordered = match orders.recv_timeout(LOOK_EVERY) {
            Ok(wanted) => orders.try_iter().last().or(Some(wanted)),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // Who saves may be in the middle of it: files that were another way a moment ago are left to the next look.
        let now = scene::stamp(scene);
        let rests = std::mem::replace(&mut looked, now) == now;
        let changed = ordered.is_none() && rests && now != stamp;
        if let Some(mut wanted) = ordered {
            // What nobody wants any more is not waited for.
            loop {
                if let Some(transition) = wanted.transition {
                    // What is wrong with it is told when it is due.
                    let _ = gpu.shelf.transition(gpu, painter, transition, format);
                }
                match orders.try_recv() {
                    Ok(newer) => wanted = newer,
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            scene = wanted.scene;
        } else if !changed {
            // A window's frames may have another format than stills: what draws those is compiled while there is nothing else to do.
            if !still_is_ready {
                let _ = gpu.shelf.program(gpu, painter, scene, Stage::OUTPUT_FORMAT);
                for entry in developers::ENTRIES {
                    let _ = gpu.shelf.shown(gpu, painter, entry, Stage::OUTPUT_FORMAT);
                }
                let _ = gpu.shelf.limiter(gpu, Stage::OUTPUT_FORMAT);
                still_is_ready = true;
            }
            continue;
        }
        still_is_ready = format == Stage::OUTPUT_FORMAT;
        stamp = scene::stamp(scene);
        looked = stamp;
        if changed {
            tracing::info!("scene {scene} has changed");
        }
        let program = gpu.shelf.program(gpu, painter, scene, format);
        if let Err(error) = &program {
            tracing::error!("{error}");
        }
        if tell.send(Made { scene, program }).is_err() {
            return;
        }
    }
}
