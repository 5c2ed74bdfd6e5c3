//! `cargo xtask demo`: the bundled song as a video, and its frames on one sheet.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{process, program};

/// Tiles of the contact sheet, across and down.
const TILES: (u32, u32) = (4, 4);
/// Width of one tile in pixels.
const TILE_WIDTH_PX: u32 = 480;
/// Among which scenes the director chooses, and from which seed: what shows a stranger most of what there is in so short a song.
const FAVOURITES: &str =
    "mandala,mosaic,threads,aurora,frost,caustics,poster,tunnel,vortex,ink,metal,glass,swarm,kaleidoscope";
const SEED: &str = "3";

pub fn run() -> Result<()> {
    let root = process::root()?;
    let song = song(&root.join("assets/demo-song"))?;
    let klangbild = program::build()?;

    let video = root.join("demo.mp4");
    println!("rendering {}", song.strip_prefix(&root).unwrap_or(&song).display());
    process::run(program::command(&klangbild).arg("render").arg(&song).arg("-o").arg(&video).args([
        "--size",
        "1280x720",
        "--fps",
        "30",
        "--director",
        "--favourites",
        FAVOURITES,
        "--seed",
        SEED,
        "--force",
    ]))?;

    let sheet = root.join("demo.png");
    contact_sheet(&video, &sheet)?;
    println!("\nthe video:         {}", video.display());
    println!("its contact sheet: {}", sheet.display());
    Ok(())
}

/// The song in a folder, whichever format it has.
fn song(folder: &Path) -> Result<PathBuf> {
    ["flac", "ogg", "wav", "mp3"]
        .iter()
        .map(|extension| folder.join(format!("song.{extension}")))
        .find(|path| path.is_file())
        .with_context(|| format!("{} holds no song.flac, song.ogg, song.wav or song.mp3", folder.display()))
}

/// Puts frames from all over the video on one sheet, each with its time where ffmpeg can write text.
fn contact_sheet(video: &Path, sheet: &Path) -> Result<()> {
    let duration = process::output(
        Command::new("ffprobe")
            .args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"])
            .arg(video),
    )?;
    let duration_s: f64 = duration.trim().parse().with_context(|| {
        format!("ffprobe gave `{}` as the duration of {}", duration.trim(), video.display())
    })?;

    if sheet.exists() {
        std::fs::remove_file(sheet).with_context(|| format!("cannot replace {}", sheet.display()))?;
    }
    // Some builds of ffmpeg cannot draw text, and some machines have no font for it.
    if draw(video, sheet, &filter(duration_s, true), Stdio::null()).is_ok() {
        return Ok(());
    }
    println!("this ffmpeg cannot write text: the contact sheet has no times on it");
    draw(video, sheet, &filter(duration_s, false), Stdio::inherit())
}

fn draw(video: &Path, sheet: &Path, filter: &str, errors: Stdio) -> Result<()> {
    process::run(
        Command::new("ffmpeg")
            .args(["-nostdin", "-loglevel", "error", "-y", "-i"])
            .arg(video)
            .args(["-vf", filter, "-frames:v", "1", "-update", "1"])
            .arg(sheet)
            .stdin(Stdio::null())
            .stderr(errors),
    )?;
    // Without a single frame ffmpeg succeeds and writes nothing.
    if !sheet.is_file() {
        bail!("ffmpeg wrote no contact sheet: {} has no frames", video.display());
    }
    Ok(())
}

/// The filter graph of a sheet: one frame from the middle of each of the equal parts of the video.
fn filter(duration_s: f64, with_times: bool) -> String {
    let (across, down) = TILES;
    let part_s = duration_s / f64::from(across * down);
    let times = if with_times {
        r"drawtext=text='%{eif\:t/60\:d}\:%{eif\:mod(t\,60)\:d\:2}':x=10:y=h-th-10:fontsize=22:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw=5,"
    } else {
        ""
    };
    format!(
        r"select='gte(t\,(selected_n+0.5)*{part_s:.4})',scale={TILE_WIDTH_PX}:-2:flags=area,{times}tile={across}x{down}:padding=6:margin=6:color=black"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_song_may_have_any_of_the_formats() {
        let folder = tempfile::tempdir().unwrap();
        assert!(song(folder.path()).unwrap_err().to_string().contains("holds no song.flac"));
        std::fs::write(folder.path().join("song.ogg"), b"").unwrap();
        assert_eq!(song(folder.path()).unwrap(), folder.path().join("song.ogg"));
    }

    #[test]
    fn a_contact_sheet_is_made_of_a_real_video() {
        let folder = tempfile::tempdir().unwrap();
        let (video, sheet) = (folder.path().join("video.mp4"), folder.path().join("sheet.png"));
        process::run(
            Command::new("ffmpeg")
                .args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=30:d=4"])
                .arg(&video),
        )
        .unwrap();
        contact_sheet(&video, &sheet).unwrap();
        let png = std::fs::read(&sheet).unwrap();
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        // A PNG's header gives its size: four tiles of 480x270 with 6 pixels around and between them.
        assert_eq!((side(16), side(20)), (4 * 480 + 5 * 6, 4 * 270 + 5 * 6));
    }
}
