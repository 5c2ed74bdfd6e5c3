//! Looks into video files, with ffprobe and ffmpeg.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What is in a video file.
#[derive(Debug)]
pub struct Video {
    /// Length of the picture track.
    pub video_s: f64,
    /// Length of the sound track.
    pub audio_s: f64,
    /// Pictures in it, counted.
    pub frames: u64,
    /// As ffprobe writes it, such as `30/1`.
    pub fps: String,
    /// Width and height.
    pub size_px: (u64, u64),
    /// Names of the codecs.
    pub codecs: (String, String),
    /// As ffmpeg names it, such as `yuv420p`.
    pub pixel_format: String,
    /// All tags of the file, as text.
    pub tags: String,
}

impl Video {
    /// Reads `path`; every frame must decode.
    #[track_caller]
    pub fn open(path: &Path) -> Self {
        let shown =
            run("ffprobe", &["-show_format", "-show_streams", "-count_packets", "-of", "json"], path, &[]);
        let shown: Value = serde_json::from_slice(&shown).expect("ffprobe writes JSON");
        let streams = shown["streams"].as_array().expect("a video has streams");
        let stream = |kind: &str| {
            streams.iter().find(|s| s["codec_type"] == kind).unwrap_or_else(|| panic!("no {kind} in {shown}"))
        };
        let (video, audio) = (stream("video"), stream("audio"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            video_s: duration_s(path, "v:0"),
            audio_s: duration_s(path, "a:0"),
            frames: text(&video["nb_read_packets"]).parse().expect("ffprobe counts frames"),
            fps: text(&video["r_frame_rate"]),
            size_px: (video["width"].as_u64().unwrap_or(0), video["height"].as_u64().unwrap_or(0)),
            codecs: (text(&video["codec_name"]), text(&audio["codec_name"])),
            pixel_format: text(&video["pix_fmt"]),
            tags: shown["format"]["tags"].to_string(),
        }
    }
}

/// Length of one stream as a player has it: what its decoder gives, encoder padding cut off. Not every container says.
fn duration_s(path: &Path, stream: &str) -> f64 {
    // The hash muxer lists time and length of each decoded frame, in units of `#tb 0: 1/30`.
    let listed =
        run("ffmpeg", &["-xerror", "-i"], path, &["-map", &format!("0:{stream}"), "-f", "framecrc", "-"]);
    let listed = String::from_utf8_lossy(&listed);
    let time_base = listed
        .lines()
        .find_map(|line| line.strip_prefix("#tb 0: "))
        .and_then(|fraction| fraction.split_once('/'))
        .map(|(top, bottom)| top.parse::<f64>().unwrap() / bottom.parse::<f64>().unwrap())
        .expect("ffmpeg says its time base");
    let last = listed.lines().rfind(|line| !line.starts_with('#')).expect("something decodes");
    let fields: Vec<i64> =
        last.split(',').skip(1).take(3).map(|field| field.trim().parse().unwrap()).collect();
    (fields[1] + fields[2]) as f64 * time_base
}

/// The sound of a video as mono samples at 48 kHz, on the video's own time axis.
pub fn samples_48k(path: &Path) -> Vec<f32> {
    let raw = run(
        "ffmpeg",
        &["-i"],
        path,
        &["-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", "48000", "-f", "f32le", "-"],
    );
    raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// Mean brightness of every frame, 0 to 1.
pub fn brightness(path: &Path) -> Vec<f64> {
    let raw =
        run("ffmpeg", &["-i"], path, &["-vf", "scale=64:36:flags=area,format=gray", "-f", "rawvideo", "-"]);
    raw.chunks_exact(64 * 36)
        .map(|frame| frame.iter().map(|&p| f64::from(p)).sum::<f64>() / 255.0 / (64.0 * 36.0))
        .collect()
}

#[track_caller]
fn run(tool: &str, before: &[&str], path: &Path, after: &[&str]) -> Vec<u8> {
    let done = Command::new(tool).args(["-v", "error"]).args(before).arg(path).args(after).output();
    let done = done.unwrap_or_else(|e| panic!("cannot run {tool}: {e}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{tool} on {}: {said}", path.display());
    done.stdout
}
