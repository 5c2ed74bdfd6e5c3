//! A sound input's way to the engine.

use std::sync::Arc;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{Device, FromSample, SizedSample, Stream, StreamConfig, SupportedStreamConfig};
use crossbeam_channel::Sender;
use klangbild::instance::Instance;
use klangbild::intake::Intake;
use klangbild_engine::tap::Transport;

use super::devices::{Choice, Direction, Found, words};
use super::format::{buffer_size, tell, unsupported, with_sample_type};
use super::player::BLOCK_FRAMES;

/// Listens; a stream that breaks says so in `failures`.
///
/// # Errors
/// The input is gone, busy, or forbidden; one line.
pub fn open(instance: &Instance, choice: &Choice, failures: &Sender<cpal::Error>) -> anyhow::Result<Stream> {
    let Found { device, config } = choice.find(Direction::Input)?;
    let mut intake = Intake::new(Arc::clone(&instance.params));
    intake.connect(instance, config.sample_rate());
    let capture = Capture::new(intake);
    let built = with_sample_type!(
        config.sample_format(),
        build(&device, &config, capture, failures.clone()),
        Err(unsupported(config.sample_format()))
    );
    let stream = built.and_then(|stream| stream.play().map(|()| stream));
    stream.map_err(|error| {
        anyhow::anyhow!("{} cannot be opened: {}", choice.name(Direction::Input), words(&error))
    })
}

/// The audio thread's side: copies, and nothing else.
struct Capture {
    intake: Intake,
    /// Frames so far.
    position: i64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Capture {
    fn new(intake: Intake) -> Self {
        Self { intake, position: 0, left: vec![0.0; BLOCK_FRAMES], right: vec![0.0; BLOCK_FRAMES] }
    }

    /// Takes interleaved samples: the first two channels of several, or the only one twice.
    fn take<T: SizedSample>(&mut self, data: &[T], channels: usize)
    where
        f32: FromSample<T>,
    {
        for block in data.chunks(BLOCK_FRAMES * channels) {
            let frames = block.len() / channels;
            for (index, frame) in block.chunks_exact(channels).enumerate() {
                let left = f32::from_sample_(frame[0]);
                self.left[index] = left;
                self.right[index] = frame.get(1).map_or(left, |right| f32::from_sample_(*right));
            }
            let position_samples = Some(self.position);
            let transport = Transport { playing: true, position_samples, ..Transport::default() };
            self.intake.block(&self.left[..frames], &self.right[..frames], transport, None);
            self.position += frames as i64;
        }
    }
}

fn build<T: SizedSample>(
    device: &Device,
    config: &SupportedStreamConfig,
    mut capture: Capture,
    failures: Sender<cpal::Error>,
) -> Result<Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels()).max(1);
    let size = device.id().map_or(cpal::BufferSize::Default, |id| buffer_size(id.host()));
    let config = StreamConfig { buffer_size: size, ..config.config() };
    device.build_input_stream(
        config,
        move |data: &[T], _| capture.take(data, channels),
        move |error| tell(&failures, error),
        None,
    )
}

#[cfg(test)]
mod tests {
    use klangbild_engine::tap::tap;

    use super::*;

    /// What the engine gets of a block that an input hands over.
    fn heard<T: SizedSample>(data: &[T], channels: usize) -> Vec<[f32; 2]>
    where
        f32: FromSample<T>,
    {
        let (tap, mut reader) = tap(4 * BLOCK_FRAMES);
        Capture::new(Intake::into_tap(Arc::default(), tap)).take(data, channels);
        let mut frames = Vec::new();
        reader.read(&mut frames, 4 * BLOCK_FRAMES, 48_000.0);
        frames
    }

    #[test]
    fn long_blocks_come_in_whole() {
        let ramp: Vec<f32> = (0..3 * BLOCK_FRAMES as u16 + 7).map(|n| f32::from(n) / 4096.0).collect();
        let frames = heard(&ramp, 1);
        assert!(frames.len() == ramp.len() && frames.iter().zip(&ramp).all(|(frame, at)| *frame == [*at; 2]));
    }

    #[test]
    fn every_layout_and_kind_of_sample_becomes_stereo() {
        assert_eq!(heard(&[0.5_f32, -0.5], 1), [[0.5, 0.5], [-0.5, -0.5]]);
        assert_eq!(heard(&[16384_i16, -16384, 0, 8192], 2), [[0.5, -0.5], [0.0, 0.25]]);
        assert_eq!(heard(&[0.1_f32, 0.2, 0.9, 0.3, 0.4, 0.9], 3), [[0.1, 0.2], [0.3, 0.4]]);
        assert_eq!(heard(&[49152_u16, 32768], 2), [[0.5, 0.0]]);
        assert_eq!(heard(&[1_i32 << 30], 1), [[0.5, 0.5]]);
    }
}
