//! The VST3 library's entry points and its class factory.
//!
//! The framework has a macro for these; they are written out here because the host gets an instance of ours, with the framework's
//! in it: see `instance`.

mod fence;
mod instance;
mod names;
mod waiting;

use std::ffi::c_void;

use nice_plug::wrapper::vst3::PluginInfo;
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IPluginFactory, IPluginFactory2, IPluginFactory2Trait, IPluginFactory3,
    IPluginFactory3Trait, IPluginFactoryTrait, PClassInfo, PClassInfo2, PClassInfoW, PFactoryInfo, TUID,
    int32, kInvalidArgument, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComWrapper};

use crate::effect::Klangbild;
use instance::Vst3Instance;

/// Makes instances of the one class that there is.
struct Factory {
    info: PluginInfo,
}

impl Class for Factory {
    type Interfaces = (IPluginFactory, IPluginFactory2, IPluginFactory3);
}

impl Factory {
    /// Writes a description of class `index` to `place`.
    ///
    /// # Safety
    /// `place` is null or may be written to.
    unsafe fn describe<T>(&self, index: int32, place: *mut T, make: impl Fn(&PluginInfo) -> T) -> tresult {
        if index != 0 || place.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: it is not null, and the caller promises the rest.
        unsafe { place.write(make(&self.info)) };
        kResultOk
    }
}

#[allow(non_snake_case)] // the names are VST3's
impl IPluginFactoryTrait for Factory {
    // SAFETY: the trait's contract: `info` is null or may be written to.
    unsafe fn getFactoryInfo(&self, info: *mut PFactoryInfo) -> tresult {
        // SAFETY: the host gives a place to write to, or null.
        unsafe { self.describe(0, info, PluginInfo::create_factory_info) }
    }

    // SAFETY: the trait makes it so; nothing is asked of the caller.
    unsafe fn countClasses(&self) -> int32 {
        1
    }

    // SAFETY: the trait's contract: `info` is null or may be written to.
    unsafe fn getClassInfo(&self, index: int32, info: *mut PClassInfo) -> tresult {
        // SAFETY: as above.
        unsafe { self.describe(index, info, PluginInfo::create_class_info) }
    }

    // SAFETY: the trait's contract: ids of 16 bytes, and a place to write to; null is refused.
    unsafe fn createInstance(&self, class: FIDString, wanted: FIDString, made: *mut *mut c_void) -> tresult {
        if class.is_null() || wanted.is_null() || made.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: a class id is 16 bytes, says VST3, and the host has given one.
        if unsafe { *class.cast::<[u8; 16]>() } != *self.info.cid {
            return kInvalidArgument;
        }
        let instance = ComWrapper::new(Vst3Instance::new());
        let Some(unknown) = instance.as_com_ref::<FUnknown>() else { return kInvalidArgument };
        let unknown = unknown.as_ptr();
        // SAFETY: `instance` is alive until the end of this function, and what the host asks for counts for itself;
        // `wanted` is an interface id of 16 bytes and `made` a place to write to, both by VST3's contract.
        unsafe { ((*(*unknown).vtbl).queryInterface)(unknown, wanted.cast::<TUID>(), made) }
    }
}

#[allow(non_snake_case)]
impl IPluginFactory2Trait for Factory {
    // SAFETY: as for `getClassInfo`.
    unsafe fn getClassInfo2(&self, index: int32, info: *mut PClassInfo2) -> tresult {
        // SAFETY: as above.
        unsafe { self.describe(index, info, PluginInfo::create_class_info_2) }
    }
}

#[allow(non_snake_case)]
impl IPluginFactory3Trait for Factory {
    // SAFETY: as for `getClassInfo`.
    unsafe fn getClassInfoUnicode(&self, index: int32, info: *mut PClassInfoW) -> tresult {
        // SAFETY: as above.
        unsafe { self.describe(index, info, PluginInfo::create_class_info_unicode) }
    }

    // SAFETY: the trait makes it so; the context is not looked at.
    unsafe fn setHostContext(&self, _context: *mut FUnknown) -> tresult {
        kResultOk
    }
}

/// What hosts look for in the library: the factory.
#[unsafe(no_mangle)]
#[allow(non_snake_case)]
pub extern "system" fn GetPluginFactory() -> *mut c_void {
    let factory = ComWrapper::new(Factory { info: PluginInfo::for_plugin::<Klangbild>() });
    factory.to_com_ptr::<IPluginFactory>().map_or(std::ptr::null_mut(), |factory| factory.into_raw().cast())
}

/// Called when the library is loaded and unloaded: by these names on Linux, on macOS, and on Windows.
macro_rules! entry_points {
    ($system:literal, $enter:ident($($argument:ident: $kind:ty)?), $leave:ident, $abi:literal) => {
        #[cfg(target_os = $system)]
        #[unsafe(no_mangle)]
        #[allow(non_snake_case, missing_docs)]
        pub extern $abi fn $enter($($argument: $kind)?) -> bool {
            nice_plug::wrapper::setup_logger::<Klangbild>();
            true
        }

        #[cfg(target_os = $system)]
        #[unsafe(no_mangle)]
        #[allow(non_snake_case, missing_docs)]
        pub extern $abi fn $leave() -> bool {
            true
        }
    };
}

entry_points!("linux", ModuleEntry(_library: *mut c_void), ModuleExit, "C");
entry_points!("macos", bundleEntry(_bundle: *mut c_void), bundleExit, "C");
entry_points!("windows", InitDll(), ExitDll, "system");
