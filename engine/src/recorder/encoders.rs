//! The encoders for each kind of file, the best first, and which of them this machine's ffmpeg really has.
//!
//! An ffmpeg may lack the usual ones: distributions leave out what has patents. And to have one says little: those of graphics
//! cards are in every build, and work where there is such a card; some are empty shells. So every encoder but the first choice is
//! tried on a few frames before it is trusted.

use std::io::Write;
use std::time::Duration;

use super::child::End;
use super::ffmpeg::Ffmpeg;
use super::profile::Container;
use super::{RecordSettings, RecorderError};

/// One encoder, and how it is asked for good quality at a speed that keeps up with playing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoder {
    pub name: &'static str,
    pub arguments: &'static str,
    /// What its pictures have to go through besides.
    pub filter: &'static str,
}

const fn encoder(name: &'static str, arguments: &'static str) -> Encoder {
    Encoder { name, arguments, filter: "" }
}

/// H.264 plays everywhere; what follows plays in most places, and MPEG-4 part 2 is in every ffmpeg.
const MP4_PICTURES: &[Encoder] = &[
    encoder("libx264", "-preset superfast -crf 20 -pix_fmt yuv420p"),
    encoder("h264_nvenc", "-preset p4 -rc vbr -cq 21 -b:v 0 -pix_fmt yuv420p"),
    encoder("h264_videotoolbox", "-b:v 16M -pix_fmt yuv420p"),
    encoder("h264_qsv", "-global_quality 21 -pix_fmt nv12"),
    encoder("h264_amf", "-rc cqp -qp_i 20 -qp_p 22 -pix_fmt yuv420p"),
    Encoder {
        filter: ",format=nv12,hwupload",
        ..encoder("h264_vaapi", "-vaapi_device /dev/dri/renderD128 -qp 21")
    },
    encoder("h264_mf", "-b:v 16M -pix_fmt nv12"),
    encoder("libopenh264", "-b:v 16M -pix_fmt yuv420p"),
    encoder("libx265", "-preset ultrafast -crf 22 -tag:v hvc1 -x265-params log-level=error -pix_fmt yuv420p"),
    encoder("libsvtav1", "-preset 10 -crf 30 -pix_fmt yuv420p"),
    encoder("mpeg4", "-q:v 3 -pix_fmt yuv420p"),
];
const MP4_SOUND: &[Encoder] = &[
    encoder("aac", "-b:a 256k"),
    encoder("libfdk_aac", "-b:a 256k"),
    encoder("aac_at", "-b:a 256k"),
    encoder("aac_mf", "-b:a 192k"),
    encoder("libmp3lame", "-b:a 256k"),
];
const WEBM_PICTURES: &[Encoder] = &[
    encoder(
        "libvpx-vp9",
        "-deadline realtime -cpu-used 7 -row-mt 1 -tile-columns 2 -crf 27 -b:v 0 -pix_fmt yuv420p",
    ),
    encoder("libvpx", "-deadline realtime -cpu-used 6 -crf 10 -b:v 6M -pix_fmt yuv420p"),
    encoder("libsvtav1", "-preset 10 -crf 30 -pix_fmt yuv420p"),
];
const WEBM_SOUND: &[Encoder] = &[
    encoder("libopus", "-b:a 192k"),
    encoder("libvorbis", "-q:a 7"),
    encoder("opus", "-strict -2 -b:a 192k"),
];
/// The first is twenty times as fast as the second.
const MOV_PICTURES: &[Encoder] = &[
    encoder("prores_aw", "-profile:v 4 -pix_fmt yuv444p10le -vendor apl0"),
    encoder("prores_ks", "-profile:v 4 -pix_fmt yuv444p10le -vendor apl0"),
    encoder("prores", "-profile:v 4 -pix_fmt yuv444p10le -vendor apl0"),
    encoder("dnxhd", "-profile:v dnxhr_444 -pix_fmt yuv444p10le"),
];
const MOV_SOUND: &[Encoder] = &[encoder("pcm_s24le", ""), encoder("pcm_s16le", "")];

/// How long a trial may stand still.
const TRIAL_WITHIN: Duration = Duration::from_secs(15);

impl Container {
    pub(super) fn pictures(self) -> &'static [Encoder] {
        match self {
            Self::Mp4 => MP4_PICTURES,
            Self::WebM => WEBM_PICTURES,
            Self::Mov => MOV_PICTURES,
        }
    }

    pub(super) fn sound(self) -> &'static [Encoder] {
        match self {
            Self::Mp4 => MP4_SOUND,
            Self::WebM => WEBM_SOUND,
            Self::Mov => MOV_SOUND,
        }
    }

    /// The best encoders that work, of pictures and of sound.
    pub(super) fn encoders(
        self,
        ffmpeg: &Ffmpeg,
        settings: &RecordSettings,
    ) -> Result<(Encoder, Encoder), RecorderError> {
        let missing = |what, wanted: &[Encoder]| RecorderError::NoEncoder {
            program: ffmpeg.program().to_path_buf(),
            what,
            tried: wanted.iter().map(|encoder| encoder.name).collect::<Vec<_>>().join(", "),
            container: self.name(),
            instead: self.instead(ffmpeg),
        };
        let pictures = first_of(self.pictures(), ffmpeg, |encoder| try_pictures(ffmpeg, encoder, settings));
        let sound = first_of(self.sound(), ffmpeg, |encoder| try_sound(ffmpeg, encoder));
        Ok((
            pictures.ok_or_else(|| missing("pictures", self.pictures()))?,
            sound.ok_or_else(|| missing("sound", self.sound()))?,
        ))
    }

    /// Other kinds of video for which it has the best encoders.
    fn instead(self, ffmpeg: &Ffmpeg) -> String {
        let all = [Self::Mp4, Self::WebM, Self::Mov].into_iter().filter(|&other| other != self);
        let has = |encoders: &[Encoder]| encoders.first().is_some_and(|first| ffmpeg.has_encoder(first.name));
        let able = all.filter(|other| has(other.pictures()) && has(other.sound()));
        able.map(|other| format!(".{}, ", other.name())).collect()
    }
}

fn first_of(wanted: &[Encoder], ffmpeg: &Ffmpeg, mut works: impl FnMut(&Encoder) -> bool) -> Option<Encoder> {
    let mut there = wanted.iter().enumerate().filter(|(_, encoder)| ffmpeg.has_encoder(encoder.name));
    there.find(|(index, encoder)| *index == 0 || works(encoder)).map(|(_, encoder)| *encoder)
}

/// Encodes three grey frames of the size that is wanted: encoders of graphics cards have limits.
fn try_pictures(ffmpeg: &Ffmpeg, encoder: &Encoder, settings: &RecordSettings) -> bool {
    let (width, height) = (settings.width_px.next_multiple_of(2), settings.height_px.next_multiple_of(2));
    let input = format!("-f rawvideo -pixel_format yuv420p -video_size {width}x{height} -framerate 30 -i -");
    let codec = format!("-vf null{} -c:v {} {}", encoder.filter, encoder.name, encoder.arguments);
    let frame = vec![128; width as usize * height as usize * 3 / 2];
    works(ffmpeg, &input, &codec, &frame, 3)
}

/// Encodes a fifth of a second of silence.
fn try_sound(ffmpeg: &Ffmpeg, encoder: &Encoder) -> bool {
    let codec = format!("-c:a {} {}", encoder.name, encoder.arguments);
    works(ffmpeg, "-f f32le -ar 48000 -ac 2 -i -", &codec, &[0; 7_680], 10)
}

fn works(ffmpeg: &Ffmpeg, input: &str, codec: &str, bytes: &[u8], times: usize) -> bool {
    let line = format!("-hide_banner -nostats -loglevel error {input} {codec} -f null -");
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let Ok((mut running, mut pipe)) = ffmpeg.start(&arguments, TRIAL_WITHIN) else { return false };
    let fed = (0..times).all(|_| pipe.write_all(bytes).is_ok());
    drop(pipe);
    let (end, said) = running.wait(|| 0);
    let works = fed && end == End::Well;
    if !works {
        tracing::debug!("{codec} does not work: {said}");
    }
    works
}
