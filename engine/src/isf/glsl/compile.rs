//! From GLSL to a module that is known to be valid.

use std::panic::{AssertUnwindSafe, catch_unwind};

use glslang::{
    Compiler, CompilerOptions, GlslProfile, ShaderInput, ShaderMessage, ShaderSource, ShaderStage,
    SourceLanguage, SpirvVersion, Target, VulkanVersion, error::GlslangError,
};
use wgpu::naga;

use super::Fault;
use crate::isf::{Text, limits};

/// The stack of the thread that compiles, in bytes: what is within our bounds on depth needs a small part of it.
const STACK_BYTES: usize = 64 << 20;

/// Runs `work` on a thread with a large stack.
pub(super) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("klangbild-isf".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|error| format!("no thread for the compiler: {error}"))?
            .join()
            .map_err(|_| "the translator broke off".to_owned())
    })
}

/// Compiles a whole shader.
pub(super) fn compile(source: &str, text: Text) -> Result<naga::Module, Fault> {
    // Both crates have places where they panic on what they did not expect; neither leaves anything behind.
    let words =
        catch_unwind(|| spirv(source, text)).unwrap_or_else(|_| Err(Fault::new(0, "glslang broke off")))?;
    catch_unwind(AssertUnwindSafe(|| module(&words))).unwrap_or_else(|_| Err(Fault::new(0, "naga broke off")))
}

fn spirv(source: &str, text: Text) -> Result<Vec<u32>, Fault> {
    let compiler = Compiler::acquire().ok_or_else(|| Fault::new(0, "glslang did not start"))?;
    let options = CompilerOptions {
        source_language: SourceLanguage::GLSL,
        target: Target::Vulkan { version: VulkanVersion::Vulkan1_0, spirv_version: SpirvVersion::SPIRV1_0 },
        version_profile: Some((450, GlslProfile::Core)),
        messages: ShaderMessage::DEFAULT | ShaderMessage::SUPPRESS_WARNINGS,
    };
    let stage = match text {
        Text::Fragment => ShaderStage::Fragment,
        Text::Vertex => ShaderStage::Vertex,
    };
    let fault = |error: GlslangError| first_error(&error.to_string());
    let source = ShaderSource::from(source);
    let input =
        ShaderInput::new(&source, stage, &options, None::<&[(&str, Option<&str>)]>, None).map_err(fault)?;
    let shader = compiler.create_shader(input).map_err(fault)?;
    Ok(without_signed_modulo(shader.compile().map_err(fault)?))
}

/// Makes every `OpSMod` an `OpSRem`. GLSL leaves open what `%` gives for negative numbers, where alone the two differ (GLSL
/// 4.60, 5.9), and naga reads the first wrongly for vectors.
fn without_signed_modulo(mut words: Vec<u32>) -> Vec<u32> {
    const HEADER_WORDS: usize = 5;
    const S_REM: u32 = 138;
    const S_MOD: u32 = 139;
    let mut at = HEADER_WORDS;
    while let Some(word) = words.get_mut(at) {
        if *word & 0xffff == S_MOD {
            *word = (*word & 0xffff_0000) | S_REM;
        }
        at += (*word >> 16).max(1) as usize;
    }
    words
}

fn module(words: &[u32]) -> Result<naga::Module, Fault> {
    let options = naga::front::spv::Options {
        // The prelude writes positions as wgpu wants them.
        adjust_coordinate_space: false,
        strict_capabilities: true,
        block_ctx_dump_prefix: None,
    };
    let fault = |error: &dyn std::error::Error| Fault::new(0, chain(error));
    let mut module =
        naga::front::spv::Frontend::new(words.iter().copied(), &options).parse().map_err(|e| fault(&e))?;
    // Which textures are left tells which ones are read.
    naga::compact::compact(&mut module, naga::compact::KeepUnused::No);
    check_size(&module)?;
    let mut validator =
        naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::empty());
    validator.validate(&module).map_err(|e| fault(e.as_inner()))?;
    Ok(module)
}

/// Variables of the shader's own take memory for every pixel that is in work.
fn check_size(module: &naga::Module) -> Result<(), Fault> {
    // Types stand behind those that they are made of. naga's own sizes have 32 bits, and come round.
    let mut sizes: Vec<u64> = Vec::with_capacity(module.types.len());
    for (_, of) in module.types.iter() {
        let known = |handle: naga::Handle<naga::Type>| sizes.get(handle.index()).copied().unwrap_or(u64::MAX);
        let size = match &of.inner {
            naga::TypeInner::Array { base, size: naga::ArraySize::Constant(count), .. } => {
                known(*base).saturating_mul(u64::from(count.get()))
            }
            naga::TypeInner::Struct { members, .. } => {
                members.iter().fold(0_u64, |sum, member| sum.saturating_add(known(member.ty)))
            }
            inner => inner.try_size(module.to_ctx()).map_or(0, u64::from),
        };
        sizes.push(size);
    }
    let size = |of: naga::Handle<naga::Type>| sizes.get(of.index()).copied().unwrap_or(u64::MAX);
    let globals = module.global_variables.iter().map(|(_, variable)| size(variable.ty));
    let locals = module.functions.iter().flat_map(|(_, function)| function.local_variables.iter());
    let entry = module.entry_points.iter().flat_map(|entry| entry.function.local_variables.iter());
    let all = globals.chain(locals.chain(entry).map(|(_, variable)| size(variable.ty)));
    let sum = all.fold(0_u64, u64::saturating_add);
    if sum > limits::VARIABLE_BYTES {
        let limit = limits::VARIABLE_BYTES;
        return Err(Fault::new(
            0,
            format!("its variables take {sum} bytes for each pixel, over the limit of {limit}"),
        ));
    }
    Ok(())
}

/// An error with everything that it gives as its reason.
fn chain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        out = format!("{out}: {inner}");
        source = inner.source();
    }
    out
}

/// The first error of glslang's log: `ERROR: 0:12: 'x' : undeclared identifier`.
fn first_error(log: &str) -> Fault {
    for line in log.lines() {
        let Some(at) = line.find("ERROR: ") else { continue };
        let error = line.get(at + 7..).unwrap_or_default();
        let mut parts = error.splitn(3, ':');
        let (file, number, reason) = (parts.next(), parts.next(), parts.next());
        if let (Some(_), Some(Ok(number)), Some(reason)) = (file, number.map(str::parse::<u32>), reason) {
            // What is put around the shader has lines of its own.
            let number = if number >= 1_000_000_000 { 0 } else { number };
            return Fault::new(number, reason.trim());
        }
        return Fault::new(0, error.trim());
    }
    Fault::new(0, log.split_whitespace().take(60).collect::<Vec<_>>().join(" "))
}
