//! What the plugin may ask of the host.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::preset_discovery::HostPresetLoad;
use clack_extensions::state::{HostState, HostStateImpl};
use clack_host::prelude::*;
use clack_host::utils::ClapId;

/// The host's types, for clack.
pub struct Daw;

/// What the plugin has asked for, from any thread.
#[derive(Default)]
pub struct Asked {
    /// To be called on the main thread.
    pub callback: AtomicBool,
    /// To be activated anew.
    pub restart: AtomicBool,
    /// Times that it said its window is gone.
    pub closed: AtomicU32,
}

/// What it may ask or tell on the main thread only.
#[derive(Default)]
pub struct MainThread {
    /// Times that it said that the project has changed.
    pub dirty: Cell<u32>,
    /// Times that it said that values of parameters have.
    pub rescans: Cell<u32>,
    /// Times that it said that names and texts of parameters have.
    pub renames: Cell<u32>,
    /// Why a preset could not be loaded.
    pub trouble: RefCell<Option<String>>,
}

impl HostHandlers for Daw {
    type Shared<'a> = Asked;
    type MainThread<'a> = MainThread;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<'_, Self>, _: &Asked) {
        builder
            .register::<HostGui>()
            .register::<HostLatency>()
            .register::<HostParams>()
            .register::<HostPresetLoad>()
            .register::<HostState>();
    }
}

impl SharedHandler<'_> for Asked {
    fn request_restart(&self) {
        self.restart.store(true, Ordering::SeqCst);
    }

    fn request_process(&self) {}

    fn request_callback(&self) {
        self.callback.store(true, Ordering::SeqCst);
    }
}

impl HostGuiImpl for Asked {
    fn resize_hints_changed(&self) {}

    fn request_resize(&self, _: GuiSize) -> Result<(), HostError> {
        Ok(())
    }

    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn closed(&self, _was_destroyed: bool) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }
}

impl HostParamsImplShared for Asked {
    fn request_flush(&self) {}
}

impl MainThreadHandler<'_> for MainThread {}

impl HostParamsImplMainThread for MainThread {
    fn rescan(&self, flags: ParamRescanFlags) {
        let count = |of: &Cell<u32>| of.set(of.get() + 1);
        if flags.contains(ParamRescanFlags::VALUES) {
            count(&self.rescans);
        }
        if flags.contains(ParamRescanFlags::INFO | ParamRescanFlags::TEXT) {
            count(&self.renames);
        }
    }

    fn clear(&self, _: ClapId, _: ParamClearFlags) {}
}

impl HostLatencyImpl for MainThread {
    fn changed(&self) {}
}

impl HostStateImpl for MainThread {
    fn mark_dirty(&self) {
        self.dirty.set(self.dirty.get() + 1);
    }
}
