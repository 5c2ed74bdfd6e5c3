//! A song's way to the loudspeakers.

use std::sync::Arc;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{Device, FromSample, Stream, StreamConfig, SupportedStreamConfig};
use crossbeam_channel::Sender;
use klangbild::instance::Instance;

use super::devices::{Choice, Direction, Found, words};
use super::format::{buffer_size, tell, unsupported, with_sample_type};
use super::player::{self, BLOCK_FRAMES, Decoder, Playback, Wanted};
use super::source::Play;

/// An open output, and the song that plays on it.
pub struct Output {
    /// Tells how far the song has come.
    pub decoder: Decoder,
    _stream: Stream,
}

/// Plays from `from_s` on; a stream that breaks says so in `failures`.
///
/// # Errors
/// The output is gone, busy, or refuses all that it has offered; one line.
pub fn open(
    instance: &Arc<Instance>,
    play: &Play,
    from_s: f64,
    failures: &Sender<cpal::Error>,
) -> anyhow::Result<Output> {
    let choice = play.output.clone().unwrap_or(Choice::Default);
    let Found { device, config } = choice.find(Direction::Output)?;
    let song_rate_hz = play.song.song()?.sample_rate_hz();
    let mut failed = None;
    for config in candidates(&device, config, song_rate_hz) {
        let wanted =
            Wanted { song: play.song.clone(), looped: play.looped, from_s, rate_hz: config.sample_rate() };
        let (playback, decoder) = player::start(instance, wanted).map_err(anyhow::Error::msg)?;
        let built = with_sample_type!(
            config.sample_format(),
            build(&device, &config, playback, failures.clone()),
            Err(unsupported(config.sample_format()))
        );
        match built.and_then(|stream| stream.play().map(|()| stream)) {
            Ok(stream) => {
                tracing::debug!("plays at {} Hz, {}", config.sample_rate(), config.sample_format());
                return Ok(Output { decoder, _stream: stream });
            }
            Err(error) => failed = Some(error),
        }
    }
    let reason = failed.map_or_else(|| "it offers no way to play".to_owned(), |error| words(&error));
    anyhow::bail!("{} cannot be opened: {reason}", choice.name(Direction::Output))
}

/// The song's own rate first, where the device has it: then nothing is resampled. Its default is always last.
fn candidates(device: &Device, default: SupportedStreamConfig, rate_hz: u32) -> Vec<SupportedStreamConfig> {
    if default.sample_rate() == rate_hz {
        return vec![default];
    }
    let mut fitting: Vec<_> = device
        .supported_output_configs()
        .map(|configs| configs.filter(|config| config.channels() == default.channels()).collect())
        .unwrap_or_default();
    // The best kind of samples first.
    fitting.sort_by(|one, other| other.cmp_default_heuristics(one));
    fitting
        .into_iter()
        .find_map(|config| config.try_with_sample_rate(rate_hz))
        .into_iter()
        .chain([default])
        .collect()
}

fn build<T: cpal::SizedSample + FromSample<f32>>(
    device: &Device,
    config: &SupportedStreamConfig,
    mut playback: Playback,
    failures: Sender<cpal::Error>,
) -> Result<Stream, cpal::Error> {
    let channels = usize::from(config.channels()).max(1);
    let size = device.id().map_or(cpal::BufferSize::Default, |id| buffer_size(id.host()));
    let config = StreamConfig { buffer_size: size, ..config.config() };
    device.build_output_stream(
        config,
        move |data: &mut [T], _| {
            for block in data.chunks_mut(BLOCK_FRAMES * channels) {
                let (left, right) = playback.next(block.len() / channels);
                for ((frame, left), right) in block.chunks_exact_mut(channels).zip(left).zip(right) {
                    if let [mono] = frame {
                        *mono = T::from_sample_(0.5 * (left + right));
                    } else {
                        frame.fill(T::EQUILIBRIUM);
                        (frame[0], frame[1]) = (T::from_sample_(*left), T::from_sample_(*right));
                    }
                }
            }
        },
        move |error| tell(&failures, error),
        None,
    )
}
