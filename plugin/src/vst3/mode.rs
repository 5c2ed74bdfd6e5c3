//! Whether a VST3 host renders offline.
//!
//! nice-plug 0.4 passes on the mode that the host had set up *before*, and not the one that comes with each block, which is
//! all that some hosts (Ardour) say. A bounce must know: started too late it misses the song, and in a live block it would
//! wait. So two functions of an instance's `IAudioProcessor` go through here on their way.

use std::cell::Cell;
use std::sync::OnceLock;

use nice_plug::prelude::ProcessMode;
use nice_plug::wrapper::vst3::Wrapper;
use nice_plug::wrapper::vst3::vst3::ComWrapper;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IAudioProcessor, IAudioProcessorVtbl, ProcessData, ProcessModes_, ProcessSetup,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::tresult;

use crate::effect::Klangbild;

/// The framework's own functions, and the same with ours in front of two of them. The same for all instances.
static TABLES: OnceLock<Tables> = OnceLock::new();

struct Tables {
    original: &'static IAudioProcessorVtbl,
    watched: IAudioProcessorVtbl,
}

thread_local! {
    /// The mode of the block that this thread processes; `None` outside of one, and in every other kind of host.
    static MODE: Cell<Option<ProcessMode>> = const { Cell::new(None) };
}

/// The mode of the block that is being processed, if a VST3 host has sent it.
pub fn of_this_block() -> Option<ProcessMode> {
    MODE.get()
}

/// Puts ours in front. Before the host has the instance, so that nobody calls it meanwhile.
pub fn watch(instance: &ComWrapper<Wrapper<Klangbild>>) {
    let Some(processor) = instance.as_com_ref::<IAudioProcessor>() else { return };
    let processor = processor.as_ptr();
    let tables = TABLES.get_or_init(|| {
        // SAFETY: an interface's first field points to its table of functions, which is a constant of this library.
        let original: &'static IAudioProcessorVtbl = unsafe { &*(*processor).vtbl };
        let watched = IAudioProcessorVtbl { setupProcessing: setup_processing, process, ..*original };
        Tables { original, watched }
    });
    // SAFETY: the field belongs to this instance, lies on the heap, and is only ever read through such pointers as this;
    // no one else has one yet. The new table is of the same type and, as a static, lives as long as the library.
    unsafe { (*processor).vtbl = &raw const tables.watched };
}

/// Twice: the second time the framework finds the mode that the first has left.
// SAFETY: called by the host through the instance's table only, as VST3 has it: `this` is that instance.
unsafe extern "system" fn setup_processing(this: *mut IAudioProcessor, setup: *mut ProcessSetup) -> tresult {
    let Some(tables) = TABLES.get() else { return -1 };
    // SAFETY: the host's own arguments, passed on unchanged; to be set up twice is allowed, and allocates nothing.
    unsafe {
        (tables.original.setupProcessing)(this, setup);
        (tables.original.setupProcessing)(this, setup)
    }
}

/// Notes the block's mode for as long as it is processed.
// SAFETY: as above; `data` is null, or describes a block.
unsafe extern "system" fn process(this: *mut IAudioProcessor, data: *mut ProcessData) -> tresult {
    let Some(tables) = TABLES.get() else { return -1 };
    // SAFETY: null, or the host's description of the block, which it leaves alone meanwhile.
    let mode = unsafe { data.as_ref() }.map(|data| match data.processMode {
        mode if mode == ProcessModes_::kOffline as i32 => ProcessMode::Offline,
        mode if mode == ProcessModes_::kPrefetch as i32 => ProcessMode::Buffered,
        _ => ProcessMode::Realtime,
    });
    MODE.set(mode);
    // SAFETY: the host's own arguments, passed on unchanged.
    let result = unsafe { (tables.original.process)(this, data) };
    MODE.set(None);
    result
}
