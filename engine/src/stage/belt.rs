//! Read-back without standing still: a ring of buffers that frames ride from the GPU to the processor.
//!
//! A copy is queued behind the drawing, and mapped when the GPU is done with it; meanwhile the next frames
//! are drawn. Frames leave in the order in which they came. The model is rerun's GPU read-back belt.

use std::{
    collections::VecDeque,
    sync::{Arc, mpsc},
    time::Duration,
};

use super::{Gpu, Stage, StageError, gpu::one_line};

/// Bytes of one RGBA pixel.
const PIXEL_BYTES: u32 = 4;
/// From the end of a copy to the word of it.
const LONGEST_ANSWER: Duration = Duration::from_secs(10);

/// One finished frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Place in the order of drawing, the first being 0.
    pub index: u64,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Rows from the top, sRGB, 8 bits each of red, green, blue and alpha (255), without padding.
    pub rgba: Vec<u8>,
}

/// The ring. While it has room, [`Belt::push`] returns at once.
pub struct Belt {
    gpu: Arc<Gpu>,
    width_px: u32,
    height_px: u32,
    row_bytes: u32,
    idle: Vec<wgpu::Buffer>,
    riding: VecDeque<Rider>,
    slots: usize,
    pushed: u64,
    spare: Vec<Vec<u8>>,
}

struct Rider {
    index: u64,
    buffer: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
    mapped: mpsc::Receiver<Result<(), wgpu::BufferAsyncError>>,
}

impl Belt {
    /// Buffers that let drawing, mapping and writing overlap.
    pub const SLOTS: usize = 3;

    /// A belt for frames of one size.
    ///
    /// # Errors
    /// A size of 0 or over the device's limit, or no memory for the buffers.
    pub fn new(gpu: Arc<Gpu>, width_px: u32, height_px: u32) -> Result<Self, StageError> {
        gpu.check_size("a frame", width_px, height_px)?;
        let row_bytes = (width_px * PIXEL_BYTES).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = || {
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("read-back"),
                size: u64::from(row_bytes) * u64::from(height_px),
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            })
        };
        let idle = gpu.guarded("the buffers of the read-back belt", || {
            std::iter::repeat_with(buffer).take(Self::SLOTS).collect::<Vec<_>>()
        })?;
        Ok(Self {
            gpu,
            width_px,
            height_px,
            row_bytes,
            idle,
            riding: VecDeque::with_capacity(Self::SLOTS),
            slots: Self::SLOTS,
            pushed: 0,
            spare: Vec::new(),
        })
    }

    /// Whether another frame can go on without one being taken off.
    pub fn has_room(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Frames on their way.
    pub fn len(&self) -> usize {
        self.riding.len()
    }

    /// Whether no frame is on its way.
    pub fn is_empty(&self) -> bool {
        self.riding.is_empty()
    }

    /// Sends the frame that `stage` drew last on its way, without waiting for it.
    ///
    /// # Errors
    /// [`StageError::BeltFull`] when there is no room, [`StageError::BeltSize`] for a stage of another size,
    /// [`StageError::Device`] when the device has failed.
    pub fn push(&mut self, stage: &Stage) -> Result<(), StageError> {
        self.gpu.healthy()?;
        let (stage_width_px, stage_height_px) = stage.size_px();
        if (stage_width_px, stage_height_px) != (self.width_px, self.height_px) {
            return Err(StageError::BeltSize {
                belt_width_px: self.width_px,
                belt_height_px: self.height_px,
                stage_width_px,
                stage_height_px,
            });
        }
        let buffer = self.idle.pop().ok_or(StageError::BeltFull { slots: self.slots })?;
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_texture_to_buffer(
            stage.output().as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(self.row_bytes),
                    rows_per_image: None,
                },
            },
            stage.output().size(),
        );
        let submission = self.gpu.submit([encoder.finish()]);
        let (done, mapped) = mpsc::channel();
        // The receiver is gone only when the belt is, and then nobody wants the answer.
        buffer.map_async(wgpu::MapMode::Read, .., move |result| drop(done.send(result)));
        self.riding.push_back(Rider { index: self.pushed, buffer, submission, mapped });
        self.pushed += 1;
        Ok(())
    }

    /// Takes the oldest frame off: `None` when there is none, or when it is not ready and `wait` is false.
    ///
    /// # Errors
    /// [`StageError::Device`] when the device has failed meanwhile.
    pub fn pop(&mut self, wait: bool) -> Result<Option<Frame>, StageError> {
        let Some(oldest) = self.riding.front() else { return Ok(None) };
        let poll = if wait {
            wgpu::PollType::Wait { submission_index: Some(oldest.submission.clone()), timeout: None }
        } else {
            wgpu::PollType::Poll
        };
        self.gpu.device.poll(poll).map_err(|reason| self.failed(&reason.to_string()))?;
        // Another thread's poll may have taken the answer, and be about to give it.
        let mapped = match oldest.mapped.recv_timeout(if wait { LONGEST_ANSWER } else { Duration::ZERO }) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) if !wait => return Ok(None),
            Err(reason) => return Err(self.failed(&reason.to_string())),
        };
        self.gpu.healthy()?;
        mapped.map_err(|reason| self.failed(&reason.to_string()))?;
        let Some(Rider { index, buffer, .. }) = self.riding.pop_front() else { return Ok(None) };
        let rgba = self.unpad(&buffer)?;
        buffer.unmap();
        self.idle.push(buffer);
        Ok(Some(Frame { index, width_px: self.width_px, height_px: self.height_px, rgba }))
    }

    /// Gives a frame's memory back for the next one. Not needed, but it spares a large allocation a frame.
    pub fn recycle(&mut self, frame: Frame) {
        if self.spare.len() < self.slots {
            self.spare.push(frame.rgba);
        }
    }

    fn unpad(&mut self, buffer: &wgpu::Buffer) -> Result<Vec<u8>, StageError> {
        let view = buffer.get_mapped_range(..).map_err(|reason| self.failed(&reason.to_string()))?;
        let wanted = (self.width_px * PIXEL_BYTES) as usize;
        let mut rgba = self.spare.pop().unwrap_or_default();
        rgba.clear();
        rgba.reserve_exact(wanted * self.height_px as usize);
        for row in view.chunks_exact(self.row_bytes as usize) {
            rgba.extend_from_slice(&row[..wanted]);
        }
        Ok(rgba)
    }

    fn failed(&self, reason: &str) -> StageError {
        StageError::Device { adapter: self.gpu.info().name.clone(), reason: one_line(reason) }
    }
}
