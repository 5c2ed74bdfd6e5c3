//! The three kinds of video file: encoders and their settings.

use std::path::Path;

use super::ffmpeg::Ffmpeg;
use super::{RecordSettings, RecorderError};

/// A kind of video file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// H.264 and AAC: plays everywhere.
    Mp4,
    /// VP9 (or VP8) and Opus: for the web, free of patents.
    WebM,
    /// ProRes 4444 and PCM: for editing.
    Mov,
}

/// What to give ffmpeg, and how to tell it apart from its neighbours.
pub(super) struct Profile {
    pub container: Container,
    /// Pictures go to ffmpeg as BT.709 4:2:0, converted here; otherwise as sRGB.
    pub is_420: bool,
    /// Sample rate of the sound in the file.
    pub sample_rate_hz: u32,
    /// Everything between the input and the name of the output.
    pub arguments: Vec<String>,
    /// What is not as it should be, a line each.
    pub remarks: Vec<String>,
}

/// Colour tags. The transfer curve is tagged as BT.709, as video players expect of all that comes from computers.
const BT709: &str = "-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709";

/// A file of fragments plays after every one of them. `delay_moov` keeps the exact start of the sound, which is only
/// known after the encoder's run-in.
const FRAGMENTS: &str = "-movflags +delay_moov+default_base_moof+frag_keyframe -frag_duration 1000000";

impl Container {
    /// The kind of video that a path's extension asks for; `None` for a path without an extension.
    ///
    /// # Errors
    ///
    /// [`RecorderError::Extension`] for any other extension.
    pub fn of(path: &Path) -> Result<Option<Self>, RecorderError> {
        let Some(extension) = path.extension() else { return Ok(None) };
        match extension.to_ascii_lowercase().to_str() {
            Some("mp4") => Ok(Some(Self::Mp4)),
            Some("webm") => Ok(Some(Self::WebM)),
            Some("mov") => Ok(Some(Self::Mov)),
            _ => Err(RecorderError::Extension { path: path.to_path_buf() }),
        }
    }

    /// Its name in ffmpeg, which is also its extension.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::WebM => "webm",
            Self::Mov => "mov",
        }
    }

    /// The settings for `settings` with what `ffmpeg` can do.
    pub(super) fn profile(
        self,
        ffmpeg: &Ffmpeg,
        settings: &RecordSettings,
    ) -> Result<Profile, RecorderError> {
        let (pictures, sound) = self.encoders(ffmpeg, settings)?;
        let best = [self.pictures(), self.sound()].map(|encoders| encoders.first().map(|first| first.name));
        let remarks = [pictures.name, sound.name].into_iter().zip(best).filter_map(|(name, best)| {
            let best = best.filter(|best| *best != name)?;
            Some(format!(
                "{} has no {best}: the {} is encoded by {name}",
                ffmpeg.program().display(),
                self.name()
            ))
        });
        let fps = settings.fps;
        // A key frame every two seconds: players can jump, and little is lost of a recording that is cut off.
        let key_frames = (2 * u64::from(fps.num)).div_ceil(u64::from(fps.den)).max(1);
        let sample_rate_hz = match (self, settings.sample_rate_hz) {
            (Self::Mp4, 32_000 | 44_100 | 48_000) | (Self::Mov, _) => settings.sample_rate_hz,
            _ => 48_000, // all that Opus has, and AAC's other rates are beyond many players
        };
        let container = match self {
            // Frames that refer to later ones would begin after the sound, but for a list of edits, which not every player heeds;
            // without them files are a twentieth larger.
            Self::Mp4 => format!("-g {key_frames} -bf 0 {FRAGMENTS}"),
            Self::WebM => format!("-g {key_frames} -cluster_time_limit 2000"),
            Self::Mov => FRAGMENTS.to_owned(),
        };
        let codecs = format!(
            "-c:v {} {} {BT709} -c:a {} {} {container}",
            pictures.name, pictures.arguments, sound.name, sound.arguments
        );
        let is_420 = self != Self::Mov;
        // The filter fills the gaps that dropped frames leave, and gives the encoder exact times.
        let mut filter = format!("fps={}/{}", fps.num, fps.den);
        if !is_420 {
            filter.push_str(
                ",scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv444p10le\
                 ,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
            );
        }
        filter.push_str(pictures.filter);
        let mut arguments = vec!["-vf".to_owned(), filter, "-ar".to_owned(), sample_rate_hz.to_string()];
        arguments.extend(codecs.split_whitespace().map(str::to_owned));
        for (key, value) in tags(&settings.metadata) {
            arguments.extend(["-metadata".to_owned(), format!("{key}={value}")]);
        }
        arguments.extend(["-f".to_owned(), self.name().to_owned()]);
        Ok(Profile { container: self, is_420, sample_rate_hz, arguments, remarks: remarks.collect() })
    }
}

/// The tags that every one of the containers keeps; the others go into the comment, all together.
fn tags(metadata: &[(String, String)]) -> Vec<(String, String)> {
    const STANDARD: [&str; 8] =
        ["title", "artist", "album", "date", "genre", "copyright", "description", "comment"];
    let mut tags: Vec<(String, String)> = Vec::new();
    let mut comment = Vec::new();
    for (key, value) in metadata {
        let plain = key.to_ascii_lowercase();
        if plain == "comment" {
            comment.insert(0, value.clone());
        } else if STANDARD.contains(&plain.as_str()) {
            tags.push((plain, value.clone()));
        } else {
            comment.push(format!("{key}={value}"));
        }
    }
    if !comment.is_empty() {
        tags.push(("comment".to_owned(), comment.join("; ")));
    }
    tags
}
