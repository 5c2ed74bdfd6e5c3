//! Compute functions whose branches no driver sees to hang on uniforms, for where the processor draws.
//!
//! Lavapipe of Mesa 22.3 notes which uniforms a branch hangs on, to compile the function anew for their values, and takes 32 places
//! for the four that each block has: from the fourth block on it writes over what lies behind, and behind a compute pipeline lie
//! other people's allocations. Each host with such a driver would die of it, some time later and somewhere else. So what a compute
//! function reads of blocks goes through a choice that hangs on the invocation, which always falls the same way.

use std::collections::BTreeSet;

use wgpu::naga::{
    BinaryOperator, Binding, Block, BuiltIn, EntryPoint, Expression, Function, FunctionArgument, Literal,
    Module, Range, Scalar, ShaderStage, Span, Statement, Type, TypeInner,
};

use super::flat::{self, Blocks, Member};

/// An index that no invocation of a workgroup has.
const NOBODY: u32 = u32::MAX;

/// Lets all compute functions read uniforms through a veil.
pub fn veil(module: &mut Module) {
    let is_compute = |entry: &&EntryPoint| entry.stage == ShaderStage::Compute;
    let entries: Vec<_> = module.entry_points.iter().filter(is_compute).cloned().collect();
    if entries.is_empty() {
        return;
    }
    let blocks = flat::stand_ins(module);
    let copies = flat::copies(module, &blocks, &entries);
    for at in 0..module.entry_points.len() {
        if module.entry_points[at].stage != ShaderStage::Compute {
            continue;
        }
        let mut function = module.entry_points[at].function.clone();
        let mut read = BTreeSet::new();
        flat::rewrite(module, &mut function, &blocks, &copies, &mut read);
        if begin(module, &mut function, &blocks, &read) {
            module.entry_points[at].function = function;
        }
    }
}

/// Lets a function begin by taking what it reads from the blocks; tells whether it can.
fn begin(module: &mut Module, function: &mut Function, blocks: &Blocks, read: &BTreeSet<Member>) -> bool {
    let Some(invocation) = invocation(module, function) else { return false };
    let mut append = |expression| function.expressions.append(expression, Span::UNDEFINED);
    let own = append(Expression::FunctionArgument(invocation));
    let nobody = append(Expression::Literal(Literal::U32(NOBODY)));
    let members: Vec<_> = read
        .iter()
        .filter_map(|&(block, index)| {
            let TypeInner::Struct { members, .. } = &module.types[module.global_variables[block].ty].inner
            else {
                return None;
            };
            let ty = members.get(index as usize)?.ty;
            let zero = append(Expression::ZeroValue(ty));
            let variables = [block, *blocks.get(&block)?];
            let [from, to] = variables.map(|variable| append(Expression::GlobalVariable(variable)));
            let is_matrix = matches!(module.types[ty].inner, TypeInner::Matrix { .. });
            Some((from, to, index, Some(zero).filter(|_| !is_matrix)))
        })
        .collect();

    let first = append(Expression::Binary { op: BinaryOperator::NotEqual, left: own, right: nobody });
    let mut last = first;
    let mut stores = Vec::new();
    for (from, to, index, zero) in members {
        let pointer = append(Expression::AccessIndex { base: from, index });
        let mut value = append(Expression::Load { pointer });
        if let Some(reject) = zero {
            value = append(Expression::Select { condition: first, accept: value, reject });
        }
        last = append(Expression::AccessIndex { base: to, index });
        stores.push(Statement::Store { pointer: last, value });
    }
    stores.insert(0, Statement::Emit(Range::new_from_bounds(first, last)));
    function.body.splice(0..0, Block::from(stores));
    true
}

/// Which argument is the invocation's index in its workgroup; it is added where there is none. `None` where it stands in a struct.
fn invocation(module: &mut Module, function: &mut Function) -> Option<u32> {
    let wanted = Binding::BuiltIn(BuiltIn::LocalInvocationIndex);
    let arguments = &mut function.arguments;
    if let Some(at) = arguments.iter().position(|argument| argument.binding.as_ref() == Some(&wanted)) {
        return u32::try_from(at).ok();
    }
    let in_struct = arguments.iter().any(|argument| match &module.types[argument.ty].inner {
        TypeInner::Struct { members, .. } => {
            members.iter().any(|member| member.binding.as_ref() == Some(&wanted))
        }
        _ => false,
    });
    if in_struct {
        return None;
    }
    let number = Type { name: None, inner: TypeInner::Scalar(Scalar::U32) };
    let ty = module.types.insert(number, Span::UNDEFINED);
    arguments.push(FunctionArgument { name: Some("invocation".to_owned()), ty, binding: Some(wanted) });
    u32::try_from(arguments.len() - 1).ok()
}

#[cfg(test)]
mod tests {
    use wgpu::naga::{AddressSpace, Handle, front::wgsl, valid};

    use super::*;

    const SOURCE: &str = "
        struct Now { beat: f32, way: vec2f, bands: array<vec4f, 4> }
        struct Knobs { size: f32 }
        @group(0) @binding(0) var<uniform> now: Now;
        @group(0) @binding(1) var<uniform> knobs: Knobs;
        @group(0) @binding(2) var<storage, read_write> things: array<f32>;
        fn pace() -> f32 { if now.beat > knobs.size { return now.way.x; } return 0.0; }
        @compute @workgroup_size(64) fn move_on(@builtin(global_invocation_id) id: vec3u) {
            if knobs.size < 0.5 { return; }
            things[id.x] = pace();
        }
        @compute @workgroup_size(64) fn settle(@builtin(local_invocation_index) at: u32) {
            if now.beat > 0.5 { things[at] = 0.0; }
        }";

    fn reads_a_block(module: &Module, function: &Function, value: Handle<Expression>) -> bool {
        match function.expressions[value] {
            Expression::Load { pointer: base } | Expression::AccessIndex { base, .. } => {
                reads_a_block(module, function, base)
            }
            Expression::GlobalVariable(variable) => {
                module.global_variables[variable].space == AddressSpace::Uniform
            }
            _ => false,
        }
    }

    #[test]
    fn whatever_is_read_of_a_block_goes_through_the_veil() {
        let mut module = wgsl::parse_str(SOURCE).unwrap();
        veil(&mut module);
        valid::Validator::new(valid::ValidationFlags::all(), valid::Capabilities::empty())
            .validate(&module)
            .unwrap();
        for entry in &module.entry_points {
            let function = &entry.function;
            for (_, expression) in function.expressions.iter() {
                if let Expression::Binary { left, right, .. } = expression {
                    assert!(![left, right].iter().any(|side| reads_a_block(&module, function, **side)));
                }
            }
            let veiled = function.expressions.iter().filter(|(_, expression)| match expression {
                Expression::Select { accept, .. } => reads_a_block(&module, function, *accept),
                _ => false,
            });
            // `beat`, `way` and `size` in the first, `beat` in the second.
            assert_eq!(veiled.count(), if entry.name == "move_on" { 3 } else { 1 });
        }
    }
}
