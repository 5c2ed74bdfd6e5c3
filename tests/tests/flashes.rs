//! `klangbild check-flashes` on videos that ffmpeg makes.

use std::path::{Path, PathBuf};
use std::process::Command;

use klangbild_tests::program::Scratch;
use serde_json::Value;

use crate::klangbild;

/// Makes a video of one of ffmpeg's sources.
fn video(path: PathBuf, source: &str, codec: &[&str]) -> PathBuf {
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", source])
        .args(codec)
        .arg(&path)
        .output()
        .expect("runs ffmpeg");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    path
}

/// White and black in turn, with so many flashes a second between two times.
fn flashing(hz: f64, from_s: f64, to_s: f64) -> String {
    format!(
        "color=gray:size=640x360:rate=30:duration=5,format=gray,\
         geq=lum='if(between(T,{from_s},{to_s}),255*mod(floor(2*{hz}*T+0.001),2),90)'"
    )
}

fn checked(path: &Path, code: i32) -> Value {
    let ran = klangbild().arg("check-flashes").arg(path).arg("--json").run();
    assert_eq!(ran.code, Some(code), "{}{}", ran.stdout, ran.stderr);
    serde_json::from_str(&ran.stdout).expect("prints JSON")
}

#[test]
fn a_video_that_flashes_is_told_with_times_and_status() {
    let scratch = Scratch::new();
    let path = video(scratch.path("strobe 12:30.mp4"), &flashing(7.5, 1.0, 3.0), &[]);
    let told = checked(&path, 3);
    let failure = &told["failures"][0];
    assert_eq!(
        (&told["safe"], &told["frames"], &failure["rule"]),
        (&false.into(), &150.into(), &"general-flash".into())
    );
    let time_s = |key: &str| failure[key].as_f64().expect("a time");
    assert!((time_s("start_s") - 1.0).abs() < 0.1 && (2.9..4.1).contains(&time_s("end_s")), "{failure}");
    assert!((14.0..17.0).contains(&time_s("count")) && time_s("area") > 0.99, "{failure}");

    let ran = klangbild().arg("check-flashes").arg(&path).run();
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("FAILS") && ran.stdout.contains("0:01.0 to 0:0"), "{}", ran.stdout);
}

#[test]
fn calm_videos_of_any_kind_are_safe() {
    let scratch = Scratch::new();
    let calm = "testsrc2=size=320x180:rate=24:duration=3";
    for (name, codec) in [("a.mkv", &["-c:v", "ffv1"][..]), ("b.avi", &["-c:v", "mjpeg"]), ("c.gif", &[])] {
        let told =
            checked(&video(scratch.path(name), "color=teal:size=320x180:rate=25:duration=2", codec), 0);
        assert_eq!((&told["safe"], &told["frames"]), (&true.into(), &50.into()), "{name}");
    }
    // Frames that come at uneven times keep them, and none is left out.
    let uneven = format!("{calm},select='not(mod(n\\,7))+not(mod(n\\,2))'");
    let told = checked(
        &video(scratch.path("uneven.mkv"), &uneven, &["-fps_mode", "passthrough", "-c:v", "ffv1"]),
        0,
    );
    assert_eq!(told["frames"], 41);
    assert!((told["duration_s"].as_f64().expect("a number") - 70.0 / 24.0).abs() < 0.05, "{told}");
    let told = checked(&video(scratch.path("slow.mp4"), &flashing(2.0, 1.0, 3.0), &[]), 0);
    assert_eq!(told["warnings"][0]["rule"], "extended-flash");
}

#[test]
fn what_is_no_video_is_an_error() {
    let scratch = Scratch::new();
    let check = |path: &Path| klangbild().arg("check-flashes").arg(path).run();
    check(&scratch.path("nowhere.mp4")).fails(1, &["nowhere.mp4"]);
    check(&scratch.path("")).fails(1, &["folder"]);
    std::fs::write(scratch.path("text.mp4"), "no video").expect("writes");
    check(&scratch.path("text.mp4")).fails(1, &["text.mp4", "is it a video"]);
    let ran = klangbild()
        .arg("check-flashes")
        .arg(scratch.path("text.mp4"))
        .env("KLANGBILD_FFMPEG", "/no/ffmpeg")
        .run();
    ran.fails(1, &["/no/ffmpeg", "install"]);
}
