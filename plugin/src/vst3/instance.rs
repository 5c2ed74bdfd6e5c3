//! One VST3 instance: what the host holds. It passes the host's calls on to the framework's, and minds what that does not.

use std::mem::ManuallyDrop;
use std::sync::{Arc, OnceLock};
use std::thread::{self, ThreadId};

use nice_plug::prelude::{ParamPtr, Params};
use nice_plug::wrapper::vst3::Wrapper;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::ChannelContext::IInfoListenerTrait;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    BusDirection, BusInfo, CString, CtrlNumber, IAttributeList, IAudioProcessorTrait, IComponentHandler,
    IComponentHandler2, IComponentHandler2Trait, IComponentTrait, IEditControllerTrait, IMidiMappingTrait,
    INoteExpressionControllerTrait, IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait,
    IProcessContextRequirementsTrait, IUnitInfoTrait, IoMode, MediaType, NoteExpressionTypeID,
    NoteExpressionTypeInfo, NoteExpressionValue, ParamID, ParamValue, ParameterInfo, ProcessData,
    ProcessModes_, ProcessSetup, ProgramListID, ProgramListInfo, RoutingInfo, SpeakerArrangement, String128,
    TChar, UnitID, UnitInfo,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IBStream, IPlugView, IPluginBaseTrait, TBool, TUID, int16, int32, kInvalidArgument,
    kResultFalse, kResultOk, tresult, uint32,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComRef};

use super::waiting::Waiting;
use super::{fence, names};
use crate::birth;
use crate::effect::Klangbild;
use crate::instance::Instance;
use crate::params::{SCENE_NUMBER, number};

/// The framework's instance, and ours within it.
pub struct Vst3Instance {
    framework: ManuallyDrop<Wrapper<Klangbild>>,
    instance: Option<Arc<Instance>>,
    /// The parameters, by the numbers that hosts know them by.
    params: Vec<(ParamID, ParamPtr)>,
    waiting: Waiting,
    /// The host's main thread: the one on which it gives its handler.
    main_thread: OnceLock<ThreadId>,
}

impl Vst3Instance {
    /// A new one.
    pub fn new() -> Self {
        let (framework, born) = birth::attend(Wrapper::new);
        let params = born.instance.iter().flat_map(|instance| instance.params.param_map());
        let params = params.map(|(id, param, _)| (number(&id), param)).collect();
        Self {
            framework: ManuallyDrop::new(framework),
            instance: born.instance,
            params,
            waiting: Waiting::default(),
            main_thread: OnceLock::new(),
        }
    }
}

impl Vst3Instance {
    /// Makes the changes of a block, in their order: no sooner than at its beginning, as the framework has it.
    fn change(&self, changes: &ComRef<'_, IParameterChanges>) {
        // SAFETY: the host's list, and what is in it; `params` live for as long as the instance.
        unsafe {
            for index in 0..changes.getParameterCount() {
                let Some(queue) = ComRef::from_raw(changes.getParameterData(index)) else { continue };
                let id = queue.getParameterId();
                self.is_set(id);
                let Some((_, param)) = self.params.iter().find(|(known, _)| *known == id) else { continue };
                for point in 0..queue.getPointCount() {
                    let (mut offset, mut value) = (0, 0.0);
                    if queue.getPoint(point, &raw mut offset, &raw mut value) == kResultOk
                        && value.is_finite()
                    {
                        param._internal_set_normalized_value(value as f32);
                    }
                }
            }
        }
    }

    /// The host sets a parameter, be it to what it is: of that the framework says nothing.
    fn is_set(&self, id: ParamID) {
        if let Some(instance) = self.instance.as_ref().filter(|_| id == SCENE_NUMBER) {
            instance.params.triggers.scene_chosen();
        }
    }
}

impl Vst3Instance {
    /// The host has called: where it is on its main thread, it is told what the scene's knobs are called now. VST3 has no way to
    /// be called there.
    fn tell_names(&self) {
        let Some(instance) = &self.instance else { return };
        if self.main_thread.get() == Some(&thread::current().id()) {
            instance.playbill.glance(instance.params.controls().scene);
            instance.tell_names();
        }
    }
}

impl Drop for Vst3Instance {
    fn drop(&mut self) {
        if let Some(instance) = &self.instance {
            instance.host.forget();
        }
        if fence::pass() {
            // SAFETY: taken down here and nowhere else, and this is the last that is done with it.
            unsafe { ManuallyDrop::drop(&mut self.framework) };
        } else if let Some(instance) = &self.instance {
            // To take it down would take the host down; a few kB that stay do not. What it does is ended.
            instance.close();
            tracing::error!("the plugin framework's worker does not answer: an instance stays in memory");
        }
    }
}

impl Class for Vst3Instance {
    type Interfaces = <Wrapper<Klangbild> as Class>::Interfaces;
}

/// Calls that go to the framework as they are.
macro_rules! pass_on {
    ($interface:ident: $($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {$(
        // SAFETY: the trait's contract, which is the framework's too.
        unsafe fn $name(&self, $($argument: $kind),*) -> $result {
            // SAFETY: the host's own arguments, unchanged.
            unsafe { $interface::$name(&*self.framework, $($argument),*) }
        }
    )*};
}

#[allow(non_snake_case)] // the names are VST3's
impl IPluginBaseTrait for Vst3Instance {
    pass_on! { IPluginBaseTrait:
        initialize(context: *mut FUnknown) -> tresult;
        terminate() -> tresult;
    }
}

#[allow(non_snake_case)]
impl IComponentTrait for Vst3Instance {
    pass_on! { IComponentTrait:
        getControllerClassId(class: *mut TUID) -> tresult;
        setIoMode(mode: IoMode) -> tresult;
        getBusCount(media: MediaType, direction: BusDirection) -> int32;
        getBusInfo(media: MediaType, direction: BusDirection, index: int32, info: *mut BusInfo) -> tresult;
        getRoutingInfo(input: *mut RoutingInfo, output: *mut RoutingInfo) -> tresult;
        activateBus(media: MediaType, direction: BusDirection, index: int32, state: TBool) -> tresult;
        setActive(state: TBool) -> tresult;
    }

    // SAFETY: the trait's contract.
    unsafe fn getState(&self, state: *mut IBStream) -> tresult {
        for (id, value) in self.waiting.take() {
            if let Some((_, param)) = self.params.iter().find(|(known, _)| *known == id) {
                // SAFETY: `params` live for as long as the instance.
                unsafe { param._internal_set_normalized_value(value as f32) };
            }
        }
        // SAFETY: the host's own argument, unchanged.
        unsafe { IComponentTrait::getState(&*self.framework, state) }
    }

    // SAFETY: the trait's contract.
    unsafe fn setState(&self, state: *mut IBStream) -> tresult {
        let _loading = self.instance.as_ref().map(|instance| instance.params.triggers.loading());
        self.waiting.take();
        // SAFETY: the host's own argument, unchanged.
        let result = unsafe { IComponentTrait::setState(&*self.framework, state) };
        self.tell_names();
        result
    }
}

#[allow(non_snake_case)]
impl IEditControllerTrait for Vst3Instance {
    pass_on! { IEditControllerTrait:
        setState(state: *mut IBStream) -> tresult;
        getState(state: *mut IBStream) -> tresult;
        getParameterCount() -> int32;
        normalizedParamToPlain(id: ParamID, value: ParamValue) -> ParamValue;
        plainParamToNormalized(id: ParamID, value: ParamValue) -> ParamValue;
        getParamNormalized(id: ParamID) -> ParamValue;
        createView(name: FIDString) -> *mut IPlugView;
    }

    // SAFETY: the trait's contract.
    unsafe fn setParamNormalized(&self, id: ParamID, value: ParamValue) -> tresult {
        self.is_set(id);
        if value.is_finite() {
            self.waiting.note(id, value);
        }
        // SAFETY: the host's own arguments, unchanged.
        let result = unsafe { IEditControllerTrait::setParamNormalized(&*self.framework, id, value) };
        self.tell_names();
        result
    }

    // SAFETY: the trait's contract.
    unsafe fn setComponentState(&self, state: *mut IBStream) -> tresult {
        // SAFETY: the host's own argument, unchanged.
        let result = unsafe { IEditControllerTrait::setComponentState(&*self.framework, state) };
        self.tell_names();
        result
    }

    // SAFETY: the trait's contract: `info` is null or may be written to.
    unsafe fn getParameterInfo(&self, index: int32, info: *mut ParameterInfo) -> tresult {
        // SAFETY: the host's own arguments, unchanged; the framework has written `info` where it says that all is well.
        unsafe {
            let result = IEditControllerTrait::getParameterInfo(&*self.framework, index, info);
            if let Some((instance, info)) =
                self.instance.as_ref().zip(info.as_mut()).filter(|_| result == kResultOk)
            {
                names::write_titles(instance, info);
            }
            result
        }
    }

    // SAFETY: the trait's contract: `text` is null or may be written to.
    unsafe fn getParamStringByValue(&self, id: ParamID, value: ParamValue, text: *mut String128) -> tresult {
        let ours = self.instance.as_ref().and_then(|instance| names::text(instance, id, value));
        // SAFETY: the host's own arguments.
        unsafe {
            match (ours, text.as_mut()) {
                (Some(ours), Some(text)) => {
                    names::write(text, &ours);
                    kResultOk
                }
                _ => IEditControllerTrait::getParamStringByValue(&*self.framework, id, value, text),
            }
        }
    }

    // SAFETY: the trait's contract: `text` is null or ends in a zero, `value` is null or may be written to.
    unsafe fn getParamValueByString(&self, id: ParamID, text: *mut TChar, value: *mut ParamValue) -> tresult {
        // SAFETY: the host's own arguments.
        unsafe {
            let ours = self.instance.as_ref().zip(names::words(text));
            match (ours.and_then(|(instance, words)| names::read(instance, id, &words)), value.as_mut()) {
                (Some(Some(ours)), Some(value)) => {
                    *value = ours;
                    kResultOk
                }
                (Some(None), Some(_)) => kResultFalse,
                _ => IEditControllerTrait::getParamValueByString(&*self.framework, id, text, value),
            }
        }
    }

    // SAFETY: the trait's contract: null, or the host's handler.
    unsafe fn setComponentHandler(&self, handler: *mut IComponentHandler) -> tresult {
        if let Some(instance) = &self.instance {
            let _ = self.main_thread.set(thread::current().id());
            instance.host.forget();
            // SAFETY: null, or the host's, which counts for itself from here on.
            let handler = unsafe { ComRef::from_raw(handler) };
            handler.iter().for_each(|handler| names::remember(instance, handler));
            if let Some(handler) = handler.and_then(|handler| handler.cast::<IComponentHandler2>()) {
                instance.host.remember(move || {
                    // SAFETY: counted above, and called on the host's main thread only.
                    unsafe { handler.setDirty(1) };
                });
            }
        }
        // SAFETY: the host's own argument, unchanged.
        unsafe { IEditControllerTrait::setComponentHandler(&*self.framework, handler) }
    }
}

#[allow(non_snake_case)]
impl IAudioProcessorTrait for Vst3Instance {
    pass_on! { IAudioProcessorTrait:
        setBusArrangements(
            inputs: *mut SpeakerArrangement, input_count: int32, outputs: *mut SpeakerArrangement, output_count: int32
        ) -> tresult;
        getBusArrangement(direction: BusDirection, index: int32, arrangement: *mut SpeakerArrangement) -> tresult;
        canProcessSampleSize(size: int32) -> tresult;
        getLatencySamples() -> uint32;
        getTailSamples() -> uint32;
    }

    // SAFETY: the trait's contract.
    unsafe fn setProcessing(&self, state: TBool) -> tresult {
        self.waiting.set_processing(state != 0);
        // SAFETY: the host's own argument, unchanged.
        unsafe { IAudioProcessorTrait::setProcessing(&*self.framework, state) }
    }

    /// Twice: the second time the framework finds the mode that the first has left.
    // SAFETY: the trait's contract.
    unsafe fn setupProcessing(&self, setup: *mut ProcessSetup) -> tresult {
        // SAFETY: the host's own argument, unchanged; to be set up twice is allowed, and allocates nothing.
        unsafe {
            IAudioProcessorTrait::setupProcessing(&*self.framework, setup);
            IAudioProcessorTrait::setupProcessing(&*self.framework, setup)
        }
    }

    /// The framework is spared the changes of parameters: it would tell a worker of each, which is a system call, and of the
    /// block's mode it knows only what was set up before.
    // SAFETY: the trait's contract: `data` is null, or describes a block.
    unsafe fn process(&self, data: *mut ProcessData) -> tresult {
        // SAFETY: null, or the host's description of the block, which it leaves alone meanwhile.
        let (Some(block), Some(instance)) = (unsafe { data.as_ref() }, &self.instance) else {
            return kInvalidArgument;
        };
        self.waiting.block();
        // SAFETY: null, or the host's list.
        if let Some(changes) = unsafe { ComRef::from_raw(block.inputParameterChanges) } {
            self.change(&changes);
        }
        let mut rest = ProcessData { inputParameterChanges: std::ptr::null_mut(), ..*block };
        let offline = block.processMode == ProcessModes_::kOffline as i32;
        instance.host.while_a_block_says(offline, || {
            // SAFETY: the host's own description, without the changes that have been made.
            unsafe { IAudioProcessorTrait::process(&*self.framework, &raw mut rest) }
        })
    }
}

#[allow(non_snake_case)]
impl IMidiMappingTrait for Vst3Instance {
    pass_on! { IMidiMappingTrait:
        getMidiControllerAssignment(bus: int32, channel: int16, number: CtrlNumber, id: *mut ParamID) -> tresult;
    }
}

#[allow(non_snake_case)]
impl INoteExpressionControllerTrait for Vst3Instance {
    pass_on! { INoteExpressionControllerTrait:
        getNoteExpressionCount(bus: int32, channel: int16) -> int32;
        getNoteExpressionInfo(
            bus: int32, channel: int16, index: int32, info: *mut NoteExpressionTypeInfo
        ) -> tresult;
        getNoteExpressionStringByValue(
            bus: int32, channel: int16, id: NoteExpressionTypeID, value: NoteExpressionValue, text: *mut String128
        ) -> tresult;
        getNoteExpressionValueByString(
            bus: int32, channel: int16, id: NoteExpressionTypeID, text: *const TChar, value: *mut NoteExpressionValue
        ) -> tresult;
    }
}

#[allow(non_snake_case)]
impl IProcessContextRequirementsTrait for Vst3Instance {
    pass_on! { IProcessContextRequirementsTrait:
        getProcessContextRequirements() -> uint32;
    }
}

#[allow(non_snake_case)]
impl IUnitInfoTrait for Vst3Instance {
    pass_on! { IUnitInfoTrait:
        getUnitCount() -> int32;
        getUnitInfo(index: int32, info: *mut UnitInfo) -> tresult;
        getProgramListCount() -> int32;
        getProgramListInfo(index: int32, info: *mut ProgramListInfo) -> tresult;
        getProgramName(list: ProgramListID, index: int32, name: *mut String128) -> tresult;
        getProgramInfo(list: ProgramListID, index: int32, attribute: CString, value: *mut String128) -> tresult;
        hasProgramPitchNames(list: ProgramListID, index: int32) -> tresult;
        getProgramPitchName(list: ProgramListID, index: int32, pitch: int16, name: *mut String128) -> tresult;
        getSelectedUnit() -> UnitID;
        selectUnit(unit: UnitID) -> tresult;
        getUnitByBus(
            media: MediaType, direction: BusDirection, bus: int32, channel: int32, unit: *mut UnitID
        ) -> tresult;
        setUnitProgramData(list_or_unit: int32, index: int32, data: *mut IBStream) -> tresult;
    }
}

#[allow(non_snake_case)]
impl IInfoListenerTrait for Vst3Instance {
    pass_on! { IInfoListenerTrait:
        setChannelContextInfos(list: *mut IAttributeList) -> tresult;
    }
}
