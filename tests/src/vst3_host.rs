//! A host for VST3 plugins, as far as tests need one: instances, their parameters and states from any thread, and blocks.

mod objects;

use std::ffi::c_void;
use std::path::Path;
use std::ptr;

use vst3::Steinberg::Vst::ProcessContext_::StatesAndFlags_;
use vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, IAudioProcessor, IAudioProcessorTrait, IComponent,
    IComponentHandler, IComponentTrait, IEditController, IEditControllerTrait, IParameterChanges, ParamID,
    ParameterInfo, ProcessContext, ProcessData, ProcessModes_, ProcessSetup, SymbolicSampleSizes_,
};
use vst3::Steinberg::{
    FUnknown, IBStream, IPluginBaseTrait, IPluginFactory, IPluginFactoryTrait, PClassInfo, TUID, kResultOk,
    tresult,
};
use vst3::{ComPtr, ComWrapper, Interface};

use objects::{Changes, Handler, Stream};

/// Whether the host renders as fast as it can, or in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In real time.
    Realtime,
    /// To a file.
    Offline,
}

impl Mode {
    fn raw(self) -> i32 {
        match self {
            Self::Realtime => ProcessModes_::kRealtime as i32,
            Self::Offline => ProcessModes_::kOffline as i32,
        }
    }
}

/// A loaded library; keep it for longer than its instances.
pub struct Library {
    factory: ComPtr<IPluginFactory>,
    class: TUID,
    _library: libloading::Library,
}

/// One instance. Released on the thread that drops it.
pub struct Instance {
    component: ComPtr<IComponent>,
    controller: ComPtr<IEditController>,
    processor: ComPtr<IAudioProcessor>,
    handler: ComWrapper<Handler>,
}

#[track_caller]
fn is_ok(result: tresult, what: &str) {
    assert_eq!(result, kResultOk, "{what}");
}

impl Library {
    /// Loads it, and looks for the one plugin in it.
    #[track_caller]
    pub fn load(path: &Path) -> Self {
        // SAFETY: our own plugin: its code is trusted as ours is, and the names are VST3's.
        unsafe {
            let library = libloading::Library::new(path).expect("loads the library");
            let enter: libloading::Symbol<'_, unsafe extern "C" fn(*mut c_void) -> bool> =
                library.get(b"ModuleEntry").expect("has VST3's entry");
            assert!(enter(ptr::null_mut()));
            let factory: libloading::Symbol<'_, unsafe extern "system" fn() -> *mut IPluginFactory> =
                library.get(b"GetPluginFactory").expect("has a factory");
            let factory = ComPtr::from_raw(factory()).expect("gives its factory");
            assert_eq!(factory.countClasses(), 1);
            let mut info: PClassInfo = std::mem::zeroed();
            is_ok(factory.getClassInfo(0, &raw mut info), "tells of its class");
            Self { factory, class: info.cid, _library: library }
        }
    }

    /// A new instance.
    #[track_caller]
    pub fn instance(&self) -> Instance {
        let mut made = ptr::null_mut::<c_void>();
        // SAFETY: ids of 16 bytes, and a place to write to.
        let component = unsafe {
            let result = self.factory.createInstance(
                self.class.as_ptr().cast(),
                IComponent::IID.as_ptr().cast(),
                &raw mut made,
            );
            is_ok(result, "makes an instance");
            ComPtr::from_raw(made.cast::<IComponent>()).expect("gives its component")
        };
        let controller = component.cast::<IEditController>().expect("is its own controller");
        let processor = component.cast::<IAudioProcessor>().expect("processes sound");
        let handler = ComWrapper::new(Handler::default());
        let given = handler.to_com_ptr::<IComponentHandler>().expect("is a handler");
        // SAFETY: called as VST3 has it; whoever keeps the handler counts for itself.
        unsafe {
            is_ok(component.initialize(ptr::null_mut::<FUnknown>()), "initializes");
            is_ok(controller.setComponentHandler(given.as_ptr()), "takes a handler");
        }
        Instance { component, controller, processor, handler }
    }
}

impl Instance {
    /// Numbers of all parameters, with their names.
    pub fn params(&self) -> Vec<(ParamID, String)> {
        // SAFETY: a place to write to, and indices that there are.
        unsafe {
            let param = |index| {
                let mut info: ParameterInfo = std::mem::zeroed();
                is_ok(self.controller.getParameterInfo(index, &raw mut info), "tells of a parameter");
                let title: Vec<u16> = info.title.iter().copied().take_while(|&unit| unit != 0).collect();
                (info.id, String::from_utf16_lossy(&title))
            };
            (0..self.controller.getParameterCount()).map(param).collect()
        }
    }

    /// The number of a parameter.
    #[track_caller]
    pub fn param(&self, name: &str) -> ParamID {
        let found = self.params().into_iter().find(|(_, title)| title == name);
        found.unwrap_or_else(|| panic!("no parameter {name}")).0
    }

    /// A parameter's value, normalised.
    pub fn value(&self, id: ParamID) -> f64 {
        // SAFETY: nothing is asked of the caller.
        unsafe { self.controller.getParamNormalized(id) }
    }

    /// Sets one, normalised, outside of any block.
    pub fn set(&self, id: ParamID, value: f64) {
        // SAFETY: nothing is asked of the caller.
        unsafe { self.controller.setParamNormalized(id, value) };
    }

    /// The project's file.
    pub fn save(&self) -> Vec<u8> {
        let stream = ComWrapper::new(Stream::default());
        let given = stream.to_com_ptr::<IBStream>().expect("is a stream");
        // SAFETY: the stream lives until the call has returned.
        is_ok(unsafe { IComponentTrait::getState(&self.component, given.as_ptr()) }, "saves");
        stream.bytes()
    }

    /// Opens a project; whether the plugin takes it.
    pub fn load(&self, bytes: &[u8]) -> bool {
        let stream = ComWrapper::new(Stream::of(bytes));
        let given = stream.to_com_ptr::<IBStream>().expect("is a stream");
        // SAFETY: the stream lives until the call has returned.
        unsafe { IComponentTrait::setState(&self.component, given.as_ptr()) == kResultOk }
    }

    /// How often it has said that the project has changed.
    pub fn dirty(&self) -> u32 {
        self.handler.dirty()
    }

    /// How often it has said that names of parameters have.
    pub fn renames(&self) -> u32 {
        self.handler.renames()
    }

    /// A value as text.
    #[track_caller]
    pub fn text(&self, id: ParamID, value: f64) -> String {
        let mut text = [0; 128];
        // SAFETY: a place to write to.
        is_ok(unsafe { self.controller.getParamStringByValue(id, value, &raw mut text) }, "writes a value");
        let units: Vec<u16> = text.iter().copied().take_while(|&unit| unit != 0).collect();
        String::from_utf16_lossy(&units)
    }

    /// The value that a text means, if it means one.
    pub fn read_text(&self, id: ParamID, text: &str) -> Option<f64> {
        let mut units: Vec<_> = text.encode_utf16().chain([0]).map(|unit| unit as _).collect();
        let mut value = f64::NAN;
        // SAFETY: a text that ends in a zero, and a place to write to.
        let result = unsafe { self.controller.getParamValueByString(id, units.as_mut_ptr(), &raw mut value) };
        (result == kResultOk).then_some(value)
    }

    /// Makes it ready for sound, and says how the host renders.
    #[track_caller]
    pub fn activate(&self, sample_rate_hz: f64, longest_block: i32, mode: Mode) {
        let mut setup = ProcessSetup {
            processMode: mode.raw(),
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            maxSamplesPerBlock: longest_block,
            sampleRate: sample_rate_hz,
        };
        // SAFETY: called in VST3's order.
        unsafe {
            is_ok(self.processor.setupProcessing(&raw mut setup), "is set up");
            is_ok(self.component.setActive(1), "is activated");
            is_ok(self.processor.setProcessing(1), "starts to process");
        }
    }

    /// No more sound comes.
    pub fn deactivate(&self) {
        // SAFETY: called in VST3's order.
        unsafe {
            self.processor.setProcessing(0);
            self.component.setActive(0);
        }
    }

    /// One stereo block, the same on both channels, with changes of parameters, as the block says that it is rendered; returns
    /// the left of what comes out.
    #[track_caller]
    pub fn process(&self, block: &[f32], changes: &[(ParamID, f64)], mode: Mode) -> Vec<f32> {
        let (mut left, mut right) = (block.to_vec(), block.to_vec());
        let (mut out_left, mut out_right) = (vec![f32::NAN; block.len()], vec![f32::NAN; block.len()]);
        let mut ins = [left.as_mut_ptr(), right.as_mut_ptr()];
        let mut outs = [out_left.as_mut_ptr(), out_right.as_mut_ptr()];
        let bus = |channels: &mut [*mut f32; 2]| AudioBusBuffers {
            numChannels: 2,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 { channelBuffers32: channels.as_mut_ptr() },
        };
        let (mut input, mut output) = (bus(&mut ins), bus(&mut outs));
        let changes = ComWrapper::new(Changes::of(changes));
        let given = changes.to_com_ptr::<IParameterChanges>().expect("are changes");
        // SAFETY: plain numbers, for which zero is a value.
        let mut context: ProcessContext = unsafe { std::mem::zeroed() };
        context.state = StatesAndFlags_::kPlaying;
        let mut data = ProcessData {
            processMode: mode.raw(),
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            numSamples: block.len() as i32,
            numInputs: 1,
            numOutputs: 1,
            inputs: &raw mut input,
            outputs: &raw mut output,
            inputParameterChanges: given.as_ptr(),
            outputParameterChanges: ptr::null_mut(),
            inputEvents: ptr::null_mut(),
            outputEvents: ptr::null_mut(),
            processContext: &raw mut context,
        };
        // SAFETY: everything that the block points to lives until the call has returned.
        is_ok(unsafe { self.processor.process(&raw mut data) }, "processes");
        out_left
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: called in VST3's order; the last reference goes with the fields.
        unsafe {
            self.controller.setComponentHandler(ptr::null_mut());
            self.component.terminate();
        }
    }
}
