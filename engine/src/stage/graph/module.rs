//! A scene's module: parsed, checked, bounded, and asked what its functions use.

use wgpu::naga::{
    self, AddressSpace, Binding, Expression, Function, FunctionArgument, FunctionResult, Handle, Module,
    ShaderStage, Span, Statement, Type, TypeInner, VectorSize,
    valid::{Capabilities, ModuleInfo, ValidationError, ValidationFlags, Validator},
};

use super::super::StageError;
use super::{flat, loops, source::Source, veil};

/// Bytes that an invocation may keep for itself in one variable.
const LARGEST_VARIABLE: u32 = 16 << 10;

/// The functions in `post.wgsl` that develop light to what is shown, and what the entry points that call them end in: graded, and not.
const DEVELOPERS: [(&str, &str); 2] = [("develop", "_developed"), ("develop_ungraded", "_ungraded")];

/// A module that can be given to a driver.
pub struct Checked {
    pub module: Module,
    info: ModuleInfo,
}

impl Checked {
    /// Parses and checks.
    ///
    /// # Errors
    /// What is wrong, with file, line and column.
    pub fn parse(source: &Source) -> Result<Self, StageError> {
        let module = naga::front::wgsl::parse_str(&source.text).map_err(|error| {
            let at = error.location(&source.text).map(|place| place.offset as usize);
            let labels: Vec<_> =
                error.labels().map(|(_, label)| label).filter(|label| !label.is_empty()).collect();
            let message = match labels.first() {
                Some(label) if !error.message().contains(label) => format!("{}: {label}", error.message()),
                _ => error.message().to_owned(),
            };
            source.error(at, &message)
        })?;
        Self::check(module, source)
    }

    /// Checks a module from wherever it comes.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn check(mut module: Module, source: &Source) -> Result<Self, StageError> {
        validate(&module, source)?;
        if let Some((found, limit)) = loops::too_large(&module) {
            let message =
                format!("with every call written out it has {found} steps; a scene may have {limit}");
            return Err(source.error(None, &message));
        }
        let mut layouter = naga::proc::Layouter::default();
        layouter.update(module.to_ctx()).map_err(|error| source.error(None, &error.to_string()))?;
        let globals = module.global_variables.iter();
        let own = globals.filter(|(_, variable)| {
            matches!(variable.space, AddressSpace::Private | AddressSpace::WorkGroup)
        });
        let functions = module.functions.iter().map(|(_, function)| function);
        let functions = functions.chain(module.entry_points.iter().map(|entry| &entry.function));
        let mut kept = own
            .map(|(handle, variable)| (variable.ty, module.global_variables.get_span(handle)))
            .chain(functions.flat_map(|function| {
                let locals = function.local_variables.iter();
                locals.map(|(handle, variable)| (variable.ty, function.local_variables.get_span(handle)))
            }));
        if let Some((of, span)) = kept.find(|(of, _)| layouter[*of].size > LARGEST_VARIABLE) {
            let message = format!(
                "a variable of {} bytes; there is room for {LARGEST_VARIABLE}: use a buffer",
                layouter[of].size
            );
            return Err(source.error(span.to_range().map(|range| range.start), &message));
        }
        drop(kept);
        loops::bound(&mut module);
        fuse(&mut module);
        let info = validate(&module, source)?;
        Ok(Self { module, info })
    }

    /// What is done for software adapters: every fragment function over the whole frame gets a twin to which uniforms come as
    /// inputs, and compute functions read them through a veil. See [`flat`] and [`veil`].
    ///
    /// # Errors
    /// What comes out is not valid, which would be a fault of ours.
    pub fn flatten(&mut self, source: &Source) -> Result<(), StageError> {
        flat::flatten(&mut self.module);
        veil::veil(&mut self.module);
        self.info = validate(&self.module, source)?;
        Ok(())
    }

    /// What the twins of a fragment function over the whole frame are called, if it has any: its vertex function, and itself.
    pub fn twins(&self, fragment: &str) -> Option<[String; 2]> {
        Some(flat::twins(fragment)).filter(|[_, twin]| self.has(ShaderStage::Fragment, twin))
    }

    /// Whether there is an entry point of this name and stage.
    pub fn has(&self, stage: ShaderStage, name: &str) -> bool {
        self.entry(stage, name).is_some()
    }

    /// Numbers of the bindings of `group` that an entry point uses.
    pub fn bindings(&self, stage: ShaderStage, name: &str, group: u32) -> Vec<u32> {
        let Some(at) = self.entry(stage, name) else { return Vec::new() };
        let used = self.info.get_entry_point(at);
        let globals = self.module.global_variables.iter();
        let mut found: Vec<u32> = globals
            .filter(|(handle, _)| !used[*handle].is_empty())
            .filter_map(|(_, variable)| variable.binding.as_ref())
            .filter(|binding| binding.group == group)
            .map(|binding| binding.binding)
            .collect();
        found.sort_unstable();
        found
    }

    /// Bytes of the buffer of this name.
    pub fn bytes(&self, buffer: &str) -> u64 {
        let mut variables = self.module.global_variables.iter().map(|(_, variable)| variable);
        let found = variables.find(|variable| variable.name.as_deref() == Some(buffer));
        found.map_or(0, |variable| u64::from(self.module.types[variable.ty].inner.size(self.module.to_ctx())))
    }

    /// Invocations of a workgroup of a compute entry point.
    pub fn workgroup(&self, name: &str) -> [u32; 3] {
        self.entry(ShaderStage::Compute, name)
            .map_or([1; 3], |at| self.module.entry_points[at].workgroup_size)
    }

    /// What the fragment entry points are called that paint and develop in one: graded, and not.
    pub fn fused(&self, name: &str) -> Option<[String; 2]> {
        let fused = DEVELOPERS.map(|(_, end)| format!("{name}{end}"));
        fused.iter().all(|name| self.has(ShaderStage::Fragment, name)).then_some(fused)
    }

    /// Names of all fragment entry points, for messages.
    pub fn names(&self, stage: ShaderStage) -> String {
        let entries = self.module.entry_points.iter().filter(|entry| entry.stage == stage);
        let names: Vec<_> = entries
            .map(|entry| entry.name.as_str())
            .filter(|name| !DEVELOPERS.iter().any(|(_, end)| name.ends_with(end)) && *name != OURS)
            .filter(|name| !flat::is_twin(name))
            .collect();
        names.join(", ")
    }

    fn entry(&self, stage: ShaderStage, name: &str) -> Option<usize> {
        self.module.entry_points.iter().position(|entry| entry.stage == stage && entry.name == name)
    }
}

fn validate(module: &Module, source: &Source) -> Result<ModuleInfo, StageError> {
    Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(module).map_err(|error| {
        // The innermost cause says what is wrong; those around it only where that is.
        let place = error.spans().next().and_then(|(span, _)| span.to_range()).map(|range| range.start);
        // Some know no more than the function.
        let place = place.or_else(|| match error.as_inner() {
            ValidationError::Function { name, .. } | ValidationError::EntryPoint { name, .. } => {
                source.function(name)
            }
            _ => None,
        });
        let mut cause: &dyn std::error::Error = error.as_inner();
        let mut message = cause.to_string();
        while let Some(inner) = cause.source() {
            message = inner.to_string();
            cause = inner;
        }
        source.error(place, &message)
    })
}

/// What shades points, in `scene.wgsl`.
const OURS: &str = "point_light";

/// Adds, for each fragment entry point that takes a `Corner` and gives a `vec4f`, those that also develop what it paints, so that
/// the light of a whole frame need not be written and read again.
fn fuse(module: &mut Module) {
    let painters: Vec<_> =
        module.entry_points.iter().filter(|entry| entry.stage == ShaderStage::Fragment).cloned().collect();
    for painter in painters {
        let [FunctionArgument { ty, .. }] = painter.function.arguments[..] else { continue };
        let is_corner = module.types[ty].name.as_deref() == Some("Corner");
        let Some(result) = painter.function.result.clone().filter(|result| is_light(module, result)) else {
            continue;
        };
        if !is_corner {
            continue;
        }
        let mut plain = painter.function.clone();
        plain.name = Some(format!("{}_plain", painter.name));
        plain.result = Some(FunctionResult { ty: result.ty, binding: None });
        let plain = module.functions.append(plain, Span::UNDEFINED);
        for (develop, end) in DEVELOPERS {
            let Some(develop) = function(module, develop) else { return };
            let mut entry = painter.clone();
            entry.name = format!("{}{end}", painter.name);
            entry.function = developed(&entry.function.arguments, result.clone(), plain, develop);
            module.entry_points.push(entry);
        }
    }
}

/// `fn (in: Corner) -> vec4f { return develop(plain(in), in); }`
fn developed(
    arguments: &[FunctionArgument],
    result: FunctionResult,
    plain: Handle<Function>,
    develop: Handle<Function>,
) -> Function {
    let mut function =
        Function { arguments: arguments.to_vec(), result: Some(result), ..Function::default() };
    let mut append = |expression| function.expressions.append(expression, Span::UNDEFINED);
    let corner = append(Expression::FunctionArgument(0));
    let light = append(Expression::CallResult(plain));
    let shown = append(Expression::CallResult(develop));
    function.body = naga::Block::from(vec![
        Statement::Call { function: plain, arguments: vec![corner], result: Some(light) },
        Statement::Call { function: develop, arguments: vec![light, corner], result: Some(shown) },
        Statement::Return { value: Some(shown) },
    ]);
    function
}

fn function(module: &Module, name: &str) -> Option<Handle<Function>> {
    module
        .functions
        .iter()
        .find(|(_, function)| function.name.as_deref() == Some(name))
        .map(|(handle, _)| handle)
}

fn is_light(module: &Module, result: &FunctionResult) -> bool {
    let Type { inner, .. } = &module.types[result.ty];
    matches!(inner, TypeInner::Vector { size: VectorSize::Quad, .. })
        && matches!(result.binding, Some(Binding::Location { .. }))
}
