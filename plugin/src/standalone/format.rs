//! Devices give and take samples of many kinds; the engine knows one.

/// Calls a function that is generic over the sample's type with the type of `$format`; `$other` where cpal knows none.
macro_rules! with_sample_type {
    ($format:expr, $function:ident($($argument:expr),*), $other:expr) => {
        match $format {
            cpal::SampleFormat::I8 => $function::<i8>($($argument),*),
            cpal::SampleFormat::I16 => $function::<i16>($($argument),*),
            cpal::SampleFormat::I24 => $function::<cpal::I24>($($argument),*),
            cpal::SampleFormat::I32 => $function::<i32>($($argument),*),
            cpal::SampleFormat::I64 => $function::<i64>($($argument),*),
            cpal::SampleFormat::U8 => $function::<u8>($($argument),*),
            cpal::SampleFormat::U16 => $function::<u16>($($argument),*),
            cpal::SampleFormat::U24 => $function::<cpal::U24>($($argument),*),
            cpal::SampleFormat::U32 => $function::<u32>($($argument),*),
            cpal::SampleFormat::U64 => $function::<u64>($($argument),*),
            cpal::SampleFormat::F32 => $function::<f32>($($argument),*),
            cpal::SampleFormat::F64 => $function::<f64>($($argument),*),
            _ => $other,
        }
    };
}
pub(super) use with_sample_type;

use cpal::{BufferSize, Error, ErrorKind, HostId, SampleFormat};
use crossbeam_channel::Sender;

/// A buffer for servers whose own choice would be seconds long: picture and sound would drift apart by as much.
const SHORT_BUFFER_FRAMES: u32 = 1024;

/// The buffer to ask for. Sound cards know best; PulseAudio has to be told.
pub fn buffer_size(host: HostId) -> BufferSize {
    if host.name() == "PulseAudio" { BufferSize::Fixed(SHORT_BUFFER_FRAMES) } else { BufferSize::Default }
}

/// For a format that cannot be played or listened to, such as DSD.
pub fn unsupported(format: SampleFormat) -> Error {
    Error::with_message(
        ErrorKind::UnsupportedConfig,
        format!("samples of the kind {format} are not understood"),
    )
}

/// Whether a stream goes on after this.
fn is_harmless(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged)
}

/// Hands an error of a stream on, if the stream does not survive it.
pub fn tell(failures: &Sender<cpal::Error>, error: cpal::Error) {
    if is_harmless(&error) {
        tracing::debug!("sound: {error}");
    } else {
        // One is enough to have the stream made anew.
        let _ = failures.try_send(error);
    }
}
