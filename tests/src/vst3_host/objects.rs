//! What the host gives to the plugin: a file, changes of parameters, and somebody to tell.

use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vst3::Steinberg::IBStream_::IStreamSeekMode_;
use vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandler2, IComponentHandler2Trait, IComponentHandlerTrait, IParamValueQueue,
    IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait, ParamID, ParamValue, RestartFlags_,
};
use vst3::Steinberg::{
    FIDString, IBStream, IBStreamTrait, TBool, int32, int64, kResultFalse, kResultOk, tresult,
};
use vst3::{Class, ComPtr, ComWrapper};

/// A file in memory, and the place in it.
#[derive(Default)]
pub struct Stream(Mutex<(Vec<u8>, usize)>);

impl Stream {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Mutex::new((bytes.to_vec(), 0)))
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.inner().0.clone()
    }

    fn inner(&self) -> MutexGuard<'_, (Vec<u8>, usize)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

#[allow(non_snake_case)] // the names are VST3's
impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, count: int32, read: *mut int32) -> tresult {
        let (bytes, place) = &mut *self.inner();
        let part = &bytes[*place..bytes.len().min(*place + count.max(0) as usize)];
        // SAFETY: the plugin's buffer has room for `count` bytes, and its number is null or may be written to.
        unsafe {
            std::ptr::copy_nonoverlapping(part.as_ptr(), buffer.cast::<u8>(), part.len());
            if let Some(read) = read.as_mut() {
                *read = part.len() as int32;
            }
        }
        *place += part.len();
        kResultOk
    }

    unsafe fn write(&self, buffer: *mut c_void, count: int32, written: *mut int32) -> tresult {
        let (bytes, place) = &mut *self.inner();
        // SAFETY: the plugin's buffer holds `count` bytes, and its number is null or may be written to.
        unsafe {
            bytes.extend_from_slice(std::slice::from_raw_parts(buffer.cast::<u8>(), count.max(0) as usize));
            if let Some(written) = written.as_mut() {
                *written = count;
            }
        }
        *place = bytes.len();
        kResultOk
    }

    unsafe fn seek(&self, to: int64, mode: int32, now: *mut int64) -> tresult {
        let (bytes, place) = &mut *self.inner();
        let from = match mode {
            mode if mode == IStreamSeekMode_::kIBSeekCur as int32 => *place,
            mode if mode == IStreamSeekMode_::kIBSeekEnd as int32 => bytes.len(),
            _ => 0,
        };
        *place = usize::try_from(from as int64 + to).unwrap_or(0).min(bytes.len());
        // SAFETY: null, or it may be written to.
        if let Some(now) = unsafe { now.as_mut() } {
            *now = *place as int64;
        }
        kResultOk
    }

    unsafe fn tell(&self, now: *mut int64) -> tresult {
        // SAFETY: null, or it may be written to.
        if let Some(now) = unsafe { now.as_mut() } {
            *now = self.inner().1 as int64;
        }
        kResultOk
    }
}

/// One change of one parameter, at the beginning of a block.
struct Change(ParamID, ParamValue);

impl Class for Change {
    type Interfaces = (IParamValueQueue,);
}

#[allow(non_snake_case)]
impl IParamValueQueueTrait for Change {
    unsafe fn getParameterId(&self) -> ParamID {
        self.0
    }

    unsafe fn getPointCount(&self) -> int32 {
        1
    }

    unsafe fn getPoint(&self, _index: int32, offset: *mut int32, value: *mut ParamValue) -> tresult {
        // SAFETY: the plugin gives places to write to.
        unsafe { (*offset, *value) = (0, self.1) };
        kResultOk
    }

    unsafe fn addPoint(&self, _offset: int32, _value: ParamValue, _index: *mut int32) -> tresult {
        kResultFalse
    }
}

/// The changes of a block.
pub struct Changes(Vec<ComPtr<IParamValueQueue>>);

impl Changes {
    pub fn of(changes: &[(ParamID, f64)]) -> Self {
        let queue = |&(id, value)| ComWrapper::new(Change(id, value)).to_com_ptr().expect("is a queue");
        Self(changes.iter().map(queue).collect())
    }
}

impl Class for Changes {
    type Interfaces = (IParameterChanges,);
}

#[allow(non_snake_case)]
impl IParameterChangesTrait for Changes {
    unsafe fn getParameterCount(&self) -> int32 {
        self.0.len() as int32
    }

    unsafe fn getParameterData(&self, index: int32) -> *mut IParamValueQueue {
        self.0.get(index as usize).map_or(std::ptr::null_mut(), ComPtr::as_ptr)
    }

    unsafe fn addParameterData(&self, _id: *const ParamID, _index: *mut int32) -> *mut IParamValueQueue {
        std::ptr::null_mut()
    }
}

/// Hears what the plugin tells.
#[derive(Default)]
pub struct Handler {
    dirty: AtomicU32,
    renames: AtomicU32,
}

impl Handler {
    pub fn dirty(&self) -> u32 {
        self.dirty.load(Ordering::SeqCst)
    }

    pub fn renames(&self) -> u32 {
        self.renames.load(Ordering::SeqCst)
    }
}

impl Class for Handler {
    type Interfaces = (IComponentHandler, IComponentHandler2);
}

#[allow(non_snake_case)]
impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, _id: ParamID, _value: ParamValue) -> tresult {
        kResultOk
    }

    unsafe fn endEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, flags: int32) -> tresult {
        if flags & RestartFlags_::kParamTitlesChanged as int32 != 0 {
            self.renames.fetch_add(1, Ordering::SeqCst);
        }
        kResultOk
    }
}

#[allow(non_snake_case)]
impl IComponentHandler2Trait for Handler {
    unsafe fn setDirty(&self, _state: TBool) -> tresult {
        self.dirty.fetch_add(1, Ordering::SeqCst);
        kResultOk
    }

    unsafe fn requestOpenEditor(&self, _name: FIDString) -> tresult {
        kResultOk
    }

    unsafe fn startGroupEdit(&self) -> tresult {
        kResultOk
    }

    unsafe fn finishGroupEdit(&self) -> tresult {
        kResultOk
    }
}
