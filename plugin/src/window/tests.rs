//! A stage without a window: everything but the display.

use std::time::Instant;

use nice_plug::prelude::Param;

use super::*;
use crate::settings::VideoKind;

/// A machine that is busy with other tests is slow.
const PATIENCE: Duration = Duration::from_secs(60);

fn stage(instance: &Arc<Instance>) -> StageThread {
    StageThread::start(Arc::clone(instance), Box::new(Nowhere(|_: &Heard| {})), (320, 180), 1.0).unwrap()
}

fn wait_for(what: &str, mut ready: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !ready() {
        assert!(begin.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wait_for_frames(stage: &StageThread) {
    let before = stage.signals().frames.load(Ordering::Relaxed);
    wait_for("frames", || stage.signals().frames.load(Ordering::Relaxed) > before + 5);
}

#[test]
fn a_lost_device_is_made_again_while_the_window_stays_open() {
    let instance = Arc::new(Instance::default());
    let stage = stage(&instance);
    wait_for_frames(&stage);
    for _ in 0..3 {
        let lost = instance.gpu().unwrap();
        lost.lose();
        wait_for_frames(&stage);
        assert!(lost.healthy().is_err());
        assert!(instance.gpu().unwrap().healthy().is_ok());
    }
    let told = instance.notices.newest();
    assert!(told.iter().any(|notice| notice.text.contains("made again")), "{told:?}");
}

#[test]
fn a_hidden_window_draws_nothing_and_a_bypassed_one_hears_nothing() {
    let instance = Arc::new(Instance::default());
    let stage = stage(&instance);
    wait_for_frames(&stage);
    assert!(instance.live.is_awake());
    stage.tell(Message::Visible(false));
    wait_for("sleep", || !instance.live.is_awake());
    let frames = stage.signals().frames.load(Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(stage.signals().frames.load(Ordering::Relaxed), frames);
    stage.tell(Message::Visible(true));
    wait_for_frames(&stage);
    assert!(instance.live.is_awake());

    let bypass = instance.params.bypass.as_ptr();
    // SAFETY: `instance` lives until the end of this test.
    unsafe { bypass._internal_set_normalized_value(1.0) };
    wait_for("sleep", || !instance.live.is_awake());
    wait_for_frames(&stage); // the picture rests, but the panel answers
    stage.stop();
    stage.stop();
}

#[test]
fn what_was_turned_in_one_window_can_be_taken_back_in_the_next() {
    let instance = Arc::new(Instance::default());
    let stage = StageThread::start(Arc::clone(&instance), Box::new(Nowhere(|_: &Heard| {})), (960, 540), 1.0)
        .unwrap();
    wait_for_frames(&stage);
    let can_undo = || instance.history.lock().unwrap().can_undo();
    // Somewhere in the left column there are sliders, and what is clicked there is turned.
    for y in (250..540_u16).step_by(5).rev() {
        let pos = egui::pos2(100.0, f32::from(y));
        let button = |pressed| egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        for event in [egui::Event::PointerMoved(pos), button(true), button(false)] {
            stage.tell(Message::Input(event));
            let before = stage.signals().frames.load(Ordering::Relaxed);
            wait_for("frame", || stage.signals().frames.load(Ordering::Relaxed) > before + 1);
        }
        if can_undo() {
            break;
        }
    }
    assert!(can_undo(), "nothing was turned");
    stage.stop();
    drop(stage);
    assert!(can_undo());
}

#[test]
fn sizes_that_change_with_every_frame_are_followed() {
    let instance = Arc::new(Instance::default());
    let stage = stage(&instance);
    for step in 0..60_u32 {
        stage.tell(Message::Resized { px: (64 + 13 * step, 64 + (7 * step) % 200), scale: 1.0 });
        std::thread::sleep(Duration::from_millis(8));
    }
    stage.tell(Message::Resized { px: (0, 0), scale: 1.0 });
    stage.tell(Message::Resized { px: (320, 180), scale: 2.0 });
    wait_for_frames(&stage);
}

#[test]
fn a_still_is_drawn_at_its_own_size_and_no_pixel_of_it_is_enlarged() {
    let folder = tempfile::tempdir().unwrap();
    let instance = Arc::new(Instance::default());
    instance.change_settings(|settings| {
        settings.folder = Some(folder.path().to_path_buf());
        settings.still_px = (1280, 720);
        settings.video_kind = VideoKind::Png;
    });
    let stage = stage(&instance);
    wait_for_frames(&stage);
    instance.params.triggers.capture();
    wait_for("still", || instance.notices.newest().iter().any(|notice| notice.path.is_some()));
    let path = instance.notices.newest().into_iter().find_map(|notice| notice.path).unwrap();
    let still = image::open(&path).unwrap().to_luma8();
    assert_eq!(still.dimensions(), (1280, 720));
    // What was enlarged fourfold has neighbours that hardly differ; grain and brush are as fine as pixels.
    let different = still.rows().flat_map(|row| {
        let row: Vec<u8> = row.map(|pixel| pixel.0[0]).collect();
        row.windows(2).map(|pair| usize::from(pair[0] != pair[1])).collect::<Vec<_>>()
    });
    let (mut count, mut all) = (0, 0);
    different.for_each(|differs| (count, all) = (count + differs, all + 1));
    assert!(count * 4 > all, "{count} of {all} neighbours differ");
}

/// Frames that a window draws within two seconds.
fn frames_in_two_seconds(stage: &StageThread) -> u64 {
    let before = stage.signals().frames.load(Ordering::Relaxed);
    std::thread::sleep(Duration::from_secs(2));
    stage.signals().frames.load(Ordering::Relaxed) - before
}

#[test]
fn a_picture_that_rests_is_drawn_a_few_times_a_second_and_wakes_with_a_hand() {
    let instance = Arc::new(Instance::default());
    let stage = stage(&instance);
    wait_for_frames(&stage);
    // The host stands: nothing has ever come from it. The panel fades, the models load.
    wait_for("rest", || frames_in_two_seconds(&stage) <= 10);
    let before = stage.signals().frames.load(Ordering::Relaxed);
    wait_for("frames", || {
        stage.tell(Message::Input(egui::Event::PointerGone));
        stage.signals().frames.load(Ordering::Relaxed) > before + 30
    });
}
