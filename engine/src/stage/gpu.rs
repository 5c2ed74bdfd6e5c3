//! One wgpu device for everything that draws: stages, windows and recorders share it.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak},
    thread::{self, ThreadId},
};

use wgpu::{Backend, DeviceType};

use super::{StageError, pipelines::Shelf};

/// Environment variable that chooses the adapter by a part of its name, in any case.
pub const ADAPTER_VARIABLE: &str = "KLANGBILD_GPU";

/// An opened GPU (or a software one), shared by reference count.
pub struct Gpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
    info: wgpu::AdapterInfo,
    /// What went wrong outside a call that could report it itself.
    faults: Arc<Mutex<Faults>>,
    /// Work is submitted under the reader's lock, surfaces are configured under the writer's: configuring waits until the
    /// queue is idle, and fails when another thread goes on submitting.
    gate: RwLock<()>,
    /// What stages can share.
    pub(super) shelf: Shelf,
}

/// A lost device is lost for everybody. What a call has done wrong, wgpu says on the thread that made it: it concerns the stages
/// of that thread, and nobody else's.
#[derive(Default)]
struct Faults {
    lost: Option<String>,
    by_thread: HashMap<ThreadId, String>,
}

/// The system's display connection, where surfaces need one (X11, Wayland).
pub type Display = Box<dyn wgpu::wgt::WgpuHasDisplayHandle>;

/// The device that windows and recorders of this process share, for as long as one of them holds it. A weak reference: with
/// the last instance of a plugin the device goes, before its library is unloaded.
static SHARED: Mutex<Weak<Gpu>> = Mutex::new(Weak::new());

impl Gpu {
    /// Opens the best adapter without any window: a discrete GPU before an integrated one before software.
    /// The environment variable [`ADAPTER_VARIABLE`] overrides the choice.
    ///
    /// # Errors
    /// [`StageError::NoAdapter`], [`StageError::NoSuchAdapter`] or [`StageError::NoDevice`].
    pub fn headless() -> Result<Arc<Self>, StageError> {
        let wanted = std::env::var(ADAPTER_VARIABLE).ok().filter(|name| !name.is_empty());
        Self::named(wanted.as_deref())
    }

    /// Opens the best adapter whose name contains `wanted` (in any case), or the best of all.
    ///
    /// # Errors
    /// As [`Gpu::headless`].
    pub fn named(wanted: Option<&str>) -> Result<Arc<Self>, StageError> {
        Self::best(wanted, || None)
    }

    /// The device that this process shares; opened, as by [`Gpu::headless`], if there is none, or it is lost, or has failed on
    /// this thread: then those who draw with it on other threads go on undisturbed. `display` is asked for the connection that
    /// windows need.
    ///
    /// # Errors
    /// As [`Gpu::headless`].
    pub fn shared(display: impl Fn() -> Option<Display>) -> Result<Arc<Self>, StageError> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gpu) = shared.upgrade().filter(|gpu| gpu.healthy().is_ok()) {
            return Ok(gpu);
        }
        let wanted = std::env::var(ADAPTER_VARIABLE).ok().filter(|name| !name.is_empty());
        let gpu = Self::best(wanted.as_deref(), display)?;
        *shared = Arc::downgrade(&gpu);
        Ok(gpu)
    }

    fn best(wanted: Option<&str>, display: impl Fn() -> Option<Display>) -> Result<Arc<Self>, StageError> {
        let (instance, mut found) = enumerate(display);
        if found.is_empty() {
            return Err(StageError::NoAdapter);
        }
        if let Some(wanted) = wanted {
            let names: Vec<String> = found.iter().map(|adapter| adapter.get_info().name).collect();
            found.retain(|adapter| adapter.get_info().name.to_lowercase().contains(&wanted.to_lowercase()));
            if found.is_empty() {
                return Err(StageError::NoSuchAdapter { wanted: wanted.to_owned(), found: names.join(", ") });
            }
        }
        let best = found.into_iter().min_by_key(|adapter| rank(&adapter.get_info()));
        best.map_or(Err(StageError::NoAdapter), |adapter| Self::open(instance, adapter))
    }

    /// Whether there is an adapter that is more than a program on the processor.
    pub fn is_any_hardware() -> bool {
        Self::adapters().iter().any(|info| info.device_type != wgpu::DeviceType::Cpu)
    }

    /// Every adapter on this machine, best first.
    pub fn adapters() -> Vec<wgpu::AdapterInfo> {
        let mut all: Vec<_> = enumerate(|| None).1.iter().map(wgpu::Adapter::get_info).collect();
        all.sort_by_key(rank);
        all
    }

    /// The device, for what draws beside the stage. Submit through [`Gpu::submit`].
    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    /// The queue, for uploads. Submit through [`Gpu::submit`].
    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// The instance that surfaces must come from.
    pub fn instance(&self) -> &wgpu::Instance {
        &self.instance
    }

    /// The adapter, which knows what it can present to.
    pub fn adapter(&self) -> &wgpu::Adapter {
        &self.adapter
    }

    /// Hands work to the queue; from any thread.
    pub fn submit(&self, work: impl IntoIterator<Item = wgpu::CommandBuffer>) -> wgpu::SubmissionIndex {
        let _open = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        self.queue.submit(work)
    }

    /// Hands the last work of a frame to the queue, and the frame to the display.
    pub fn present(
        &self,
        work: impl IntoIterator<Item = wgpu::CommandBuffer>,
        frame: wgpu::SurfaceTexture,
    ) -> wgpu::SubmissionIndex {
        let _open = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let submission = self.queue.submit(work);
        self.queue.present(frame);
        submission
    }

    /// Gives a surface its size and format. Until this has succeeded, nothing may be acquired from the surface: wgpu would
    /// panic.
    ///
    /// # Errors
    /// [`StageError::Refused`] in the driver's words; try again a little later.
    pub fn configure(
        &self,
        surface: &wgpu::Surface<'_>,
        configuration: &wgpu::SurfaceConfiguration,
    ) -> Result<(), StageError> {
        let _closed = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        self.guarded("the window's surface", || surface.configure(&self.device, configuration))
    }

    /// Destroys the device, as a driver does that crashes or a card that is pulled out. For tests.
    pub fn lose(&self) {
        self.device.destroy();
        note_loss(&self.faults, "on purpose");
    }

    /// The adapter that draws.
    pub fn info(&self) -> &wgpu::AdapterInfo {
        &self.info
    }

    /// The adapter that draws and its backend, for people: "NVIDIA GeForce RTX 4070 (vulkan)".
    pub fn describe(&self) -> String {
        format!("{} ({})", self.info.name, self.info.backend)
    }

    /// Whether the adapter is the processor itself; then passes and bytes are what a frame costs.
    pub fn is_software(&self) -> bool {
        self.info.device_type == DeviceType::Cpu
    }

    /// Whether shaders can compute: not on an old OpenGL.
    pub(super) fn computes(&self) -> bool {
        let flags = self.adapter.get_downlevel_capabilities().flags;
        flags.contains(wgpu::DownlevelFlags::COMPUTE_SHADERS | wgpu::DownlevelFlags::INDIRECT_EXECUTION)
    }

    /// Whether frames can be kept from flashing here at all: see [`Controls::limit_flashes`](crate::controls::Controls::limit_flashes).
    pub fn can_limit_flashes(&self) -> bool {
        self.computes()
    }

    /// The longest side of a frame, in pixels.
    pub fn max_side_px(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    fn open(instance: wgpu::Instance, adapter: wgpu::Adapter) -> Result<Arc<Self>, StageError> {
        let info = adapter.get_info();
        // The modest limits run everywhere; only sizes are asked for as large as the adapter has them.
        let mut limits = wgpu::Limits::downlevel_defaults().using_resolution(adapter.limits());
        limits.max_buffer_size = adapter.limits().max_buffer_size.min(1 << 30);
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("klangbild"),
            required_limits: limits,
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&descriptor)).map_err(|reason| {
            StageError::NoDevice { adapter: info.name.clone(), reason: one_line(&reason.to_string()) }
        })?;
        let faults = Arc::<Mutex<Faults>>::default();
        let seen = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| note_fault(&seen, &error.to_string())));
        let seen = Arc::clone(&faults);
        device.set_device_lost_callback(move |why, message| {
            if why != wgpu::DeviceLostReason::Destroyed {
                note_loss(&seen, &message);
            }
        });
        let (gate, shelf) = (RwLock::default(), Shelf::default());
        Ok(Arc::new(Self { device, queue, instance, adapter, info, faults, gate, shelf }))
    }

    /// Whether the device is lost, or has failed in a call of this thread, as an error.
    ///
    /// # Errors
    /// [`StageError::Device`]; the device has to be made again.
    pub fn healthy(&self) -> Result<(), StageError> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        match faults.lost.as_ref().or_else(|| faults.by_thread.get(&thread::current().id())).cloned() {
            None => Ok(()),
            Some(reason) => Err(StageError::Device { adapter: self.info.name.clone(), reason }),
        }
    }

    /// Refuses sizes that no texture of this device can have.
    pub(super) fn check_size(
        &self,
        what: &'static str,
        width_px: u32,
        height_px: u32,
    ) -> Result<(), StageError> {
        if width_px == 0 || height_px == 0 {
            return Err(StageError::Empty { what, width_px, height_px });
        }
        let limit_px = self.max_side_px();
        if width_px.max(height_px) > limit_px {
            let adapter = self.info.name.clone();
            return Err(StageError::TooLarge { what, width_px, height_px, adapter, limit_px });
        }
        Ok(())
    }

    /// Runs `make` and turns what the driver says about it into an error.
    pub(super) fn guarded<T>(&self, what: &str, make: impl FnOnce() -> T) -> Result<T, StageError> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let made = make();
        let refused = pollster::block_on(validation.pop());
        let starved = pollster::block_on(memory.pop());
        match refused.or(starved) {
            None => Ok(made),
            Some(reason) => Err(StageError::Refused {
                what: what.to_owned(),
                adapter: self.info.name.clone(),
                reason: one_line(&reason.to_string()),
            }),
        }
    }
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gpu").field("adapter", &self.info.name).field("backend", &self.info.backend).finish()
    }
}

/// Vulkan, Metal and Direct3D 12 first; OpenGL only where there is none of them, since starting it up touches
/// the display.
fn enumerate(display: impl Fn() -> Option<Display>) -> (wgpu::Instance, Vec<wgpu::Adapter>) {
    let list = |backends| {
        let mut descriptor = match display() {
            Some(display) => wgpu::InstanceDescriptor::new_with_display_handle(display),
            None => wgpu::InstanceDescriptor::new_without_display_handle(),
        };
        descriptor.backends = backends;
        // The only calls whose number stands in a buffer are the limiter's, which writes it itself; to check it costs more than they do.
        descriptor.flags.remove(wgpu::InstanceFlags::VALIDATION_INDIRECT_CALL);
        let instance = wgpu::Instance::new(descriptor);
        let adapters = pollster::block_on(instance.enumerate_adapters(backends));
        (instance, adapters)
    };
    let first = list(wgpu::Backends::PRIMARY);
    if first.1.is_empty() { list(wgpu::Backends::GL) } else { first }
}

fn rank(info: &wgpu::AdapterInfo) -> (u8, bool) {
    let kind = match info.device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    };
    (kind, info.backend == Backend::Gl)
}

fn note_fault(faults: &Mutex<Faults>, message: &str) {
    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    // Told once: what fails in one frame fails in the next.
    faults.by_thread.entry(thread::current().id()).or_insert_with(|| {
        tracing::error!("GPU: {message}");
        one_line(message)
    });
}

fn note_loss(faults: &Mutex<Faults>, message: &str) {
    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    faults.lost.get_or_insert_with(|| {
        tracing::error!("GPU: device lost: {message}");
        format!("device lost: {}", one_line(message))
    });
}

/// wgpu explains itself over many lines; our messages are one.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for a buffer that no device gives.
    fn do_wrong(gpu: &Gpu) {
        let (size, usage) = (u64::MAX / 8, wgpu::BufferUsages::VERTEX);
        let _ = gpu.device().create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage,
            mapped_at_creation: false,
        });
    }

    #[test]
    fn a_fault_concerns_the_thread_that_caused_it_and_a_loss_everybody() {
        let gpu = Gpu::headless().unwrap();
        let theirs = Arc::clone(&gpu);
        let there = thread::spawn(move || {
            do_wrong(&theirs);
            theirs.healthy().is_err()
        });
        assert!(there.join().unwrap(), "who did it is told");
        gpu.healthy().unwrap();
        gpu.lose();
        assert!(gpu.healthy().is_err());
        let theirs = Arc::clone(&gpu);
        assert!(thread::spawn(move || theirs.healthy().is_err()).join().unwrap());
    }

    #[test]
    fn who_has_failed_gets_another_device_and_the_others_keep_theirs() {
        let mine = Gpu::shared(|| None).unwrap();
        let theirs = thread::spawn(|| {
            let first = Gpu::shared(|| None).unwrap();
            do_wrong(&first);
            (Gpu::shared(|| None).unwrap(), first)
        });
        let (second, first) = theirs.join().unwrap();
        assert!(Arc::ptr_eq(&mine, &first) && !Arc::ptr_eq(&first, &second));
        mine.healthy().unwrap();
        second.healthy().unwrap();
    }
}
