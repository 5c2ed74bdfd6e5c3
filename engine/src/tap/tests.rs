use super::*;

#[test]
fn frames_come_out_in_order_across_threads_and_none_is_lost_unseen() {
    let (mut writer, mut reader) = tap(1000);
    let total = 200_000u32;
    let audio = std::thread::spawn(move || {
        let mut next = 0;
        while next < total {
            let block: Vec<f32> = (next..(next + 64).min(total)).map(|i| i as f32).collect();
            let negative: Vec<f32> = block.iter().map(|x| -x).collect();
            writer.write(&block, &negative);
            next += block.len() as u32;
        }
    });
    let mut out = [[0.0; 2]; 100];
    let (mut read, mut last) = (0u64, -1.0);
    loop {
        let finished = audio.is_finished();
        let n = reader.read(&mut out);
        for &[left, right] in &out[..n] {
            assert!(left > last, "order kept: {left} after {last}");
            assert_eq!(right, -left, "a frame is never torn");
            last = left;
        }
        read += n as u64;
        if finished && n == 0 {
            break;
        }
    }
    assert_eq!(read + reader.overruns(), u64::from(total));
}

#[test]
fn a_full_ring_keeps_the_old_frames_and_counts_the_new_ones_as_lost() {
    let (mut writer, mut reader) = tap(4);
    let block = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    writer.write(&block, &block);
    assert_eq!(reader.overruns(), 2);
    let mut out = [[0.0; 2]; 8];
    assert_eq!(reader.read(&mut out), 4);
    assert_eq!(out[3], [4.0, 4.0]);
    writer.write(&block[..3], &block);
    assert_eq!(reader.read(&mut out), 3);
    assert_eq!(reader.overruns(), 2, "cutting to the shorter channel is no overrun");
}

#[test]
fn the_newest_transport_wins() {
    let (mut writer, mut reader) = tap(4);
    assert_eq!(reader.transport(), Transport::default());
    for beat in 0..5 {
        writer.set_transport(Transport {
            playing: true,
            beat: Some(f64::from(beat)),
            ..Transport::default()
        });
    }
    assert_eq!(reader.transport().beat, Some(4.0));
    assert_eq!(reader.transport().beat, Some(4.0), "and it stays until a newer one comes");
}

fn place(beats: u32, unit: u32, beat: f64, bar: Option<Bar>) -> Option<(i64, i64)> {
    Transport { beat: Some(beat), meter: Meter::new(beats, unit), bar, ..Transport::default() }.bar_and_beat()
}

#[test]
fn bars_and_beats_are_counted_in_the_meters_own_beats() {
    for (beats, unit, third_bar) in
        [(7, 8, 7.0), (1, 8, 1.0), (3, 4, 6.0), (6, 8, 6.0), (4, 4, 8.0), (5, 16, 2.5)]
    {
        let step = 4.0 / f64::from(unit);
        assert_eq!(place(beats, unit, third_bar, None), Some((3, 1)), "{beats}/{unit}");
        let last = third_bar + step * (f64::from(beats) - 0.5);
        assert_eq!(place(beats, unit, last, None), Some((3, i64::from(beats))), "{beats}/{unit}");
    }
    assert_eq!(place(4, 4, -0.5, None), Some((0, 4)), "a pre-roll");
    assert_eq!(place(0, 4, 1.0, None), None);
    assert_eq!(place(4, 4, f64::NAN, None), None);
}

#[test]
fn after_a_change_of_meter_the_hosts_own_bar_counts() {
    // Two bars of 4/4, then 7/8: the third bar begins at 8, and the fourth at 11.5.
    let bar = |number, start_beat| Some(Bar { number, start_beat });
    assert_eq!(place(7, 8, 11.0, bar(2, 8.0)), Some((3, 7)));
    assert_eq!(place(7, 8, 11.5, bar(3, 11.5)), Some((4, 1)));
    // A host that says nothing of its bars leaves them at zero.
    assert_eq!(place(3, 4, 7.0, bar(0, 0.0)), Some((3, 2)));
}
