//! Whether a VST3 host renders offline.
//!
//! nice-plug 0.4 passes on the mode that the host had set up *before*, and not the one that comes with each block, which is
//! all that some hosts (Ardour) say. A bounce must know: started too late it misses the song, and in a live block it would
//! wait.

use std::cell::Cell;

use nice_plug::prelude::ProcessMode;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::ProcessModes_;

thread_local! {
    /// The mode of the block that this thread processes; `None` outside of one, and in every other kind of host.
    static MODE: Cell<Option<ProcessMode>> = const { Cell::new(None) };
}

/// The mode of the block that is being processed, if a VST3 host has sent it.
pub fn of_this_block() -> Option<ProcessMode> {
    MODE.get()
}

/// Notes the block's mode, as VST3 numbers them, for as long as it is processed.
pub fn while_it_is<T>(told: Option<i32>, process: impl FnOnce() -> T) -> T {
    let mode = told.map(|mode| match mode {
        mode if mode == ProcessModes_::kOffline as i32 => ProcessMode::Offline,
        mode if mode == ProcessModes_::kPrefetch as i32 => ProcessMode::Buffered,
        _ => ProcessMode::Realtime,
    });
    MODE.set(mode);
    let result = process();
    MODE.set(None);
    result
}
