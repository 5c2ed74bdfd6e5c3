//! The least that is a CLAP host, in the process itself, so that the sentries see all of it: it allocates nothing while it plays.

use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::Arc;

use clap_sys::audio_buffer::clap_audio_buffer;
use clap_sys::events::{
    CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_NOTE_ON, CLAP_EVENT_PARAM_VALUE, CLAP_EVENT_TRANSPORT,
    CLAP_TRANSPORT_HAS_BEATS_TIMELINE, CLAP_TRANSPORT_HAS_TEMPO, CLAP_TRANSPORT_HAS_TIME_SIGNATURE,
    CLAP_TRANSPORT_IS_PLAYING, clap_event_header, clap_event_note, clap_event_param_value,
    clap_event_transport, clap_input_events,
};
use clap_sys::factory::plugin_factory::{CLAP_PLUGIN_FACTORY_ID, clap_plugin_factory};
use clap_sys::fixedpoint::CLAP_BEATTIME_FACTOR;
use clap_sys::host::clap_host;
use clap_sys::plugin::clap_plugin;
use clap_sys::process::{CLAP_PROCESS_ERROR, clap_process};
use clap_sys::version::CLAP_VERSION;
use klangbild::clap::{clap_entry, instance_of};
use klangbild::instance::Instance;
use klangbild::params::number;

const LENGTHS: [usize; 4] = [64, 1, 333, 512];

unsafe extern "C" fn nothing(_host: *const clap_host, _id: *const c_char) -> *const c_void {
    ptr::null()
}

unsafe extern "C" fn ignores(_host: *const clap_host) {}

static HOST: clap_host = clap_host {
    clap_version: CLAP_VERSION,
    host_data: ptr::null_mut(),
    name: c"Klangbild's tests".as_ptr(),
    vendor: c"The Klangbild authors".as_ptr(),
    url: c"".as_ptr(),
    version: c"1".as_ptr(),
    get_extension: Some(nothing),
    request_restart: Some(ignores),
    request_process: Some(ignores),
    request_callback: Some(ignores),
};

/// An active instance. It is never destroyed: the process ends.
pub struct Plugin(*const clap_plugin);

// SAFETY: CLAP's audio functions are for any thread, one at a time.
unsafe impl Send for Plugin {}
// SAFETY: as above: tests call it from one thread at a time.
unsafe impl Sync for Plugin {}

impl Plugin {
    pub fn new() -> (Self, Arc<Instance>) {
        // SAFETY: our own entry, called in CLAP's order.
        unsafe {
            assert!(clap_entry.init.unwrap()(c"".as_ptr()));
            let factory = clap_entry.get_factory.unwrap()(CLAP_PLUGIN_FACTORY_ID.as_ptr());
            let factory = factory.cast::<clap_plugin_factory>();
            let create =
                || (*factory).create_plugin.unwrap()(factory, &HOST, c"org.klangbild.klangbild".as_ptr());
            let plugin = create();
            let instance = instance_of(plugin);
            assert!((*plugin).init.unwrap()(plugin));
            assert!((*plugin).activate.unwrap()(plugin, 48_000.0, 1, 512));
            assert!((*plugin).start_processing.unwrap()(plugin));
            (Self(plugin), instance)
        }
    }

    /// One block of an odd length, with automation, notes, and a change of tempo within it.
    pub fn process(&self, block: usize) {
        let length = LENGTHS[block % LENGTHS.len()];
        let beat = (block as f64 * 0.01 * CLAP_BEATTIME_FACTOR as f64) as i64;
        let header = |size: usize, time: usize, type_: u16| clap_event_header {
            size: size as u32,
            time: time.min(length - 1) as u32,
            space_id: CLAP_CORE_EVENT_SPACE_ID,
            type_,
            flags: 0,
        };
        let transport = |time: usize, tempo: f64| clap_event_transport {
            header: header(size_of::<clap_event_transport>(), time, CLAP_EVENT_TRANSPORT),
            flags: CLAP_TRANSPORT_HAS_TEMPO
                | CLAP_TRANSPORT_HAS_BEATS_TIMELINE
                | CLAP_TRANSPORT_HAS_TIME_SIGNATURE
                | CLAP_TRANSPORT_IS_PLAYING,
            song_pos_beats: beat,
            song_pos_seconds: 0,
            tempo,
            tempo_inc: 0.0,
            loop_start_beats: 0,
            loop_end_beats: 0,
            loop_start_seconds: 0,
            loop_end_seconds: 0,
            bar_start: 0,
            bar_number: 0,
            tsig_num: 7,
            tsig_denom: 8,
        };
        let turned = |id: &str, value: f64| clap_event_param_value {
            header: header(size_of::<clap_event_param_value>(), 0, CLAP_EVENT_PARAM_VALUE),
            param_id: number(id),
            cookie: ptr::null_mut(),
            note_id: -1,
            port_index: -1,
            channel: -1,
            key: -1,
            value,
        };
        let value = (block as f64 * 0.37).fract();
        let (scene, speed) = (turned("scene", (block % 3) as f64), turned("speed", value));
        let (hue, next) = (turned("hue", value), turned("next", (block % 2) as f64));
        let (tap, lock) = (turned("tap", (block % 2) as f64), turned("metrolock", (block / 2 % 2) as f64));
        let note = clap_event_note {
            header: header(size_of::<clap_event_note>(), 5, CLAP_EVENT_NOTE_ON),
            note_id: -1,
            port_index: 0,
            channel: 0,
            key: (block % 128) as i16,
            velocity: 0.8,
        };
        let (begin, later) = (transport(0, 120.0), transport(9, 133.0));
        let list: [*const clap_event_header; 8] = [
            &scene.header,
            &speed.header,
            &hue.header,
            &next.header,
            &tap.header,
            &lock.header,
            &note.header,
            &later.header,
        ];
        let events =
            clap_input_events { ctx: (&raw const list).cast_mut().cast(), size: Some(size), get: Some(get) };

        let mut left: [f32; 512] = std::array::from_fn(|at| (at as f32 * 0.1).sin() * 0.3);
        let mut right = left;
        let mut channels = [left.as_mut_ptr(), right.as_mut_ptr()];
        let mut port = clap_audio_buffer {
            data32: channels.as_mut_ptr(),
            data64: ptr::null_mut(),
            channel_count: 2,
            latency: 0,
            constant_mask: 0,
        };
        let port = &raw mut port;
        let process = clap_process {
            steady_time: -1,
            frames_count: length as u32,
            transport: &begin,
            audio_inputs: port,
            audio_outputs: port,
            audio_inputs_count: 1,
            audio_outputs_count: 1,
            in_events: &events,
            out_events: ptr::null(),
        };
        // SAFETY: an active instance, and a block that lives until the call has returned.
        let status = unsafe { (*self.0).process.unwrap()(self.0, &process) };
        assert_ne!(status, CLAP_PROCESS_ERROR);
    }
}

unsafe extern "C" fn size(_list: *const clap_input_events) -> u32 {
    6
}

unsafe extern "C" fn get(list: *const clap_input_events, index: u32) -> *const clap_event_header {
    // SAFETY: the list of six above.
    unsafe { (&*(*list).ctx.cast::<[*const clap_event_header; 6]>())[index as usize] }
}
