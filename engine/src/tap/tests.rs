use super::*;
use crate::controls::Correction;

const RATE_HZ: f64 = 48_000.0;

#[test]
fn frames_come_out_in_order_across_threads_and_none_is_lost_unseen() {
    let (mut writer, mut reader) = tap(1000);
    let total = 200_000u32;
    let audio = std::thread::spawn(move || {
        let mut next = 0;
        while next < total {
            let block: Vec<f32> = (next..(next + 64).min(total)).map(|i| i as f32).collect();
            let negative: Vec<f32> = block.iter().map(|x| -x).collect();
            writer.write(&block, &negative, &Block::default());
            next += block.len() as u32;
        }
    });
    let mut out = Vec::new();
    let (mut read, mut last) = (0u64, -1.0);
    loop {
        let finished = audio.is_finished();
        out.clear();
        let some = reader.read(&mut out, 100, RATE_HZ).is_some();
        // What was lost is silence.
        for &[left, right] in out.iter().filter(|frame| **frame != [0.0; 2]) {
            assert!(left > last, "order kept: {left} after {last}");
            assert_eq!(right, -left, "a frame is never torn");
            last = left;
        }
        read += out.len() as u64;
        if finished && !some {
            break;
        }
    }
    assert!(read <= u64::from(total) && read + reader.overruns() >= u64::from(total));
}

#[test]
fn a_full_ring_keeps_the_old_frames_and_the_lost_ones_are_silence_in_their_place() {
    let (mut writer, mut reader) = tap(4);
    let block = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    writer.write(&block, &block, &playing(0.0));
    assert_eq!(reader.overruns(), 2);
    let mut out = Vec::new();
    reader.read(&mut out, 8, RATE_HZ).unwrap();
    assert_eq!(out, [[1.0; 2], [2.0; 2], [3.0; 2], [4.0; 2]]);
    writer.write(&block[..3], &block, &playing(6.0 / RATE_HZ));
    out.clear();
    let lost = reader.read(&mut out, 8, RATE_HZ).unwrap();
    assert_eq!(out, [[0.0; 2]; 2]);
    assert!((lost.transport.unwrap().beat.unwrap() - 4.0 / RATE_HZ).abs() < 1e-12);
    out.clear();
    reader.read(&mut out, 8, RATE_HZ).unwrap();
    assert_eq!(out, [[1.0; 2], [2.0; 2], [3.0; 2]]);
    assert_eq!(reader.overruns(), 2, "cutting to the shorter channel is no overrun");
}

#[test]
fn what_belongs_to_a_block_comes_with_its_first_frame() {
    let (mut writer, mut reader) = tap(10_000);
    let sound = [0.5; 1000];
    // A host at 60 BPM, a beat a second: two blocks that go on, a jump, a note, another seed, the end of real time, a tap, a pulse.
    let note = Note { key: 36, velocity: 1.0 };
    let controls = Controls { seed: 9, ..Controls::default() };
    let mut tapped = controls;
    tapped.by_hand.add(Correction::Tap);
    let midi = MidiClock { pulses: 1, song: MidiSong::Untold };
    let blocks = [
        playing(0.0),
        playing(1000.0 / RATE_HZ),
        playing(7.0),
        Block { note: Some(note), ..playing(7.0 + 1000.0 / RATE_HZ) },
        Block { controls, ..playing(7.0 + 2000.0 / RATE_HZ) },
        Block { controls, mode: Mode::Offline, ..playing(7.0 + 3000.0 / RATE_HZ) },
        Block { controls: tapped, mode: Mode::Offline, ..playing(7.0 + 4000.0 / RATE_HZ) },
        Block { controls: tapped, mode: Mode::Offline, midi, ..playing(7.0 + 5000.0 / RATE_HZ) },
    ];
    blocks.iter().for_each(|block| writer.write(&sound, &sound, block));
    drop(writer);
    let mut read = Vec::new();
    while !reader.is_over() {
        let mut out = Vec::new();
        let block = reader.read(&mut out, 1500, RATE_HZ).unwrap();
        read.push((out.len(), block));
    }
    let lengths: Vec<usize> = read.iter().map(|(length, _)| *length).collect();
    assert_eq!(lengths, [1500, 500, 1000, 1000, 1000, 1000, 1000, 1000]);
    let beat = |index: usize| read[index].1.transport.unwrap().beat.unwrap();
    assert!((beat(1) - 1500.0 / RATE_HZ).abs() < 1e-9 && beat(2) == 7.0);
    assert_eq!((read[3].1.note, read[4].1.note), (Some(note), None));
    assert_eq!((read[4].1.controls.seed, read[5].1.mode), (9, Mode::Offline));
    assert_eq!((read[6].1.controls.by_hand.count(Correction::Tap), read[7].1.midi.pulses), (1, 1));
    assert!(reader.read(&mut Vec::new(), 10, RATE_HZ).is_none());
}

#[test]
fn a_closed_tap_takes_nothing_and_opens_empty() {
    let (mut writer, mut reader) = tap(100);
    writer.write(&[1.0; 50], &[1.0; 50], &Block::default());
    reader.set_open(false);
    writer.write(&[2.0; 80], &[2.0; 80], &Block::default());
    reader.set_open(true);
    let mut out = Vec::new();
    assert!(reader.read(&mut out, 100, RATE_HZ).is_none());
    writer.write(&[3.0; 10], &[3.0; 10], &Block::default());
    reader.read(&mut out, 100, RATE_HZ).unwrap();
    assert_eq!((out.len(), out[0], reader.overruns()), (10, [3.0; 2], 0));
}

#[test]
fn beats_do_not_depend_on_how_a_host_cuts_its_song() {
    let run = |length: usize| -> Vec<u64> {
        let mut timeline = Timeline::default();
        let beat_at = |at: usize| 0.3 + at as f64 / RATE_HZ * 127.3 / 60.0;
        let mut beats = Vec::new();
        for at in (0..48_000).step_by(length) {
            let told = Transport {
                playing: true,
                tempo_bpm: Some(127.3),
                beat: Some(beat_at(at)),
                ..Transport::default()
            };
            timeline.look(at as u64, Some(&told), RATE_HZ);
            let hops = (at..48_000.min(at + length)).filter(|frame| frame % 240 == 0);
            beats.extend(hops.map(|hop| timeline.at(hop as u64, RATE_HZ).unwrap().beat.unwrap().to_bits()));
        }
        beats
    };
    assert!([64, 512, 777, 4096].iter().all(|length| run(*length) == run(1)));
}

/// A host at a beat of its song, at a beat a second.
fn playing(beat: f64) -> Block {
    let transport =
        Transport { playing: true, tempo_bpm: Some(60.0), beat: Some(beat), ..Transport::default() };
    Block { transport: Some(transport), ..Block::default() }
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
fn a_time_signature_is_read_as_it_is_written() {
    for text in ["4/4", "7/8", "12/16", "3/2", "256/1"] {
        assert_eq!(text.parse::<Meter>().unwrap().to_string(), text);
    }
    assert_eq!("7/8".parse::<Meter>().unwrap().quarters(), 3.5);
    for nonsense in ["", "4", "/", "0/4", "4/0", "4/3", "257/4", "-3/4", "3.5/4", "7/8/9"] {
        let error = nonsense.parse::<Meter>().unwrap_err();
        assert!(error.contains("7/8"), "{error}");
    }
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
