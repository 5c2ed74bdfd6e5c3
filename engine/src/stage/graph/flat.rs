//! Uniforms as flat inputs, for where the processor draws.
//!
//! llvmpipe reads each number of a uniform block anew for each of the eight pixels that it shades at once, and checks its bounds
//! each time; what is the same at all corners of a triangle it loads once. So a fragment function over the whole frame gets a twin,
//! whose vertex function has read for it what it needs. That takes a twelfth to a ninth of a frame's time away.

use std::collections::{BTreeMap, BTreeSet};

use wgpu::naga::{
    AddressSpace, Binding, Block, EntryPoint, Expression, Function, FunctionArgument, FunctionResult,
    GlobalVariable, Handle, Interpolation, MemoryDecorations, Module, Range, ScalarKind, ShaderStage, Span,
    Statement, StructMember, Type, TypeInner, UniqueArena, VectorSize,
};

/// Inputs that twins take, of four numbers each: every device has that many besides those of the corner.
const MOST_INPUTS: usize = 13;
/// The vertex function of passes over the whole frame, in `prelude.wgsl`.
pub const COVER: &str = "cover";

/// What the twins of a fragment function are called: its vertex function and itself. No name in WGSL has a space.
pub fn twins(fragment: &str) -> [String; 2] {
    [format!("{COVER} {fragment}"), format!("{fragment} flat")]
}

/// Whether an entry point of this name is a twin.
pub fn is_twin(name: &str) -> bool {
    name.contains(' ')
}

/// A member of a uniform block.
pub(super) type Member = (Handle<GlobalVariable>, u32);

/// The uniform blocks, and the variables that stand for them.
pub(super) type Blocks = BTreeMap<Handle<GlobalVariable>, Handle<GlobalVariable>>;

/// Adds twins of all fragment functions that take a `Corner`.
pub fn flatten(module: &mut Module) {
    let entries = module.entry_points.iter();
    let is_cover = |entry: &&EntryPoint| entry.stage == ShaderStage::Vertex && entry.name == COVER;
    let Some(cover) = entries.clone().find(is_cover).cloned() else { return };
    let Some(corner) = cover.function.result.as_ref().map(|result| result.ty) else { return };
    let takes_corner = |entry: &&EntryPoint| {
        let is_corner = matches!(entry.function.arguments[..], [FunctionArgument { ty, .. }] if ty == corner);
        entry.stage == ShaderStage::Fragment && is_corner
    };
    let painters: Vec<_> = entries.filter(takes_corner).cloned().collect();
    let blocks = stand_ins(module);
    let functions = copies(module, &blocks, &painters);
    let mut plain = cover.function.clone();
    plain.arguments.iter_mut().for_each(|argument| argument.binding = None);
    let plain = module.functions.append(plain, Span::UNDEFINED);

    for mut painter in painters {
        let mut read = BTreeSet::new();
        rewrite(module, &mut painter.function, &blocks, &functions, &mut read);
        let plan = Plan::of(module, read);
        let [vertex, fragment] = twins(&painter.name);
        let function = plan.covering(module, &cover.function.arguments, plain, corner);
        module.entry_points.push(EntryPoint { name: vertex, function, ..cover.clone() });
        plan.receive(&mut painter.function, &blocks);
        painter.name = fragment;
        module.entry_points.push(painter);
    }
}

/// Gives each uniform block a private variable of the same type.
pub(super) fn stand_ins(module: &mut Module) -> Blocks {
    let is_block = |variable: &GlobalVariable| {
        variable.space == AddressSpace::Uniform
            && matches!(module.types[variable.ty].inner, TypeInner::Struct { .. })
    };
    let found: Vec<_> =
        module.global_variables.iter().filter(|(_, variable)| is_block(variable)).map(|(at, _)| at).collect();
    let mut stand_in = |block: Handle<GlobalVariable>| {
        let variable = GlobalVariable {
            name: Some("flat".to_owned()),
            space: AddressSpace::Private,
            binding: None,
            ty: module.global_variables[block].ty,
            init: None,
            memory_decorations: MemoryDecorations::empty(),
        };
        (block, module.global_variables.append(variable, Span::UNDEFINED))
    };
    found.into_iter().map(&mut stand_in).collect()
}

/// A function's copy, and what it and those that it calls read of uniform blocks.
pub(super) type Copies = BTreeMap<Handle<Function>, (Handle<Function>, BTreeSet<Member>)>;

/// Copies the functions that these entry points call, with stand-ins for uniform blocks.
pub(super) fn copies(module: &mut Module, blocks: &Blocks, entries: &[EntryPoint]) -> Copies {
    let mut called = BTreeSet::new();
    let mut note = |function: &mut Handle<Function>| {
        called.insert(*function);
    };
    entries.iter().for_each(|entry| calls(&mut entry.function.body.clone(), &mut note));
    // Who is called stands before who calls.
    let all: Vec<_> = module.functions.iter().map(|(at, _)| at).collect();
    for &function in all.iter().rev() {
        if called.contains(&function) {
            let mut body = module.functions[function].body.clone();
            calls(&mut body, &mut |function| {
                called.insert(*function);
            });
        }
    }
    let mut copies = Copies::new();
    for function in called {
        let mut copy = module.functions[function].clone();
        let mut read = BTreeSet::new();
        rewrite(module, &mut copy, blocks, &copies, &mut read);
        copies.insert(function, (module.functions.append(copy, Span::UNDEFINED), read));
    }
    copies
}

/// Lets a function call copies, and read stand-ins wherever it reads single numbers and vectors alone of a block.
pub(super) fn rewrite(
    module: &Module,
    function: &mut Function,
    blocks: &Blocks,
    copies: &Copies,
    read: &mut BTreeSet<Member>,
) {
    for (&block, &stand_in) in blocks {
        let places: BTreeSet<_> = function
            .expressions
            .iter()
            .filter(|(_, expression)| **expression == Expression::GlobalVariable(block))
            .map(|(at, _)| at)
            .collect();
        let TypeInner::Struct { members, .. } = &module.types[module.global_variables[block].ty].inner else {
            continue;
        };
        let members_read = function.expressions.iter().map(|(_, expression)| match expression {
            Expression::AccessIndex { base, index } if places.contains(base) => {
                let inner = members.get(*index as usize).map(|member| &module.types[member.ty].inner);
                let is_simple = matches!(
                    inner,
                    Some(TypeInner::Scalar(_) | TypeInner::Vector { .. } | TypeInner::Matrix { .. })
                );
                is_simple.then_some(Some((block, *index))).ok_or(())
            }
            Expression::Access { base: pointer, .. } | Expression::Load { pointer }
                if places.contains(pointer) =>
            {
                Err(())
            }
            _ => Ok(None),
        });
        // An array is left where it is, and with it the whole block in this function.
        let Ok(members_read) = members_read.collect::<Result<Vec<_>, ()>>() else { continue };
        read.extend(members_read.into_iter().flatten());
        for place in places {
            function.expressions[place] = Expression::GlobalVariable(stand_in);
        }
    }
    for (_, expression) in function.expressions.iter_mut() {
        if let Expression::CallResult(function) = expression
            && let Some((copy, _)) = copies.get(function)
        {
            *function = *copy;
        }
    }
    calls(&mut function.body, &mut |function| {
        if let Some((copy, reads)) = copies.get(function) {
            *function = *copy;
            read.extend(reads);
        }
    });
}

/// Calls `each` with every function that is called.
fn calls(block: &mut Block, each: &mut dyn FnMut(&mut Handle<Function>)) {
    for statement in block.iter_mut() {
        match statement {
            Statement::Block(inner) => calls(inner, each),
            Statement::If { accept, reject, .. } => {
                calls(accept, each);
                calls(reject, each);
            }
            Statement::Switch { cases, .. } => cases.iter_mut().for_each(|case| calls(&mut case.body, each)),
            Statement::Loop { body, continuing, .. } => {
                calls(body, each);
                calls(continuing, each);
            }
            Statement::Call { function, .. } => each(function),
            _ => {}
        }
    }
}

/// An input of four numbers of one kind, and of which members they are which components.
struct Input {
    quad: Handle<Type>,
    held: Vec<(Member, Option<u32>)>,
}

/// A member that comes as inputs: its type, and where its components are.
struct Flat {
    ty: Handle<Type>,
    places: Vec<(usize, u32)>,
}

/// How one fragment function comes to what it reads.
struct Plan {
    inputs: Vec<Input>,
    /// Members that come as inputs.
    flat: BTreeMap<Member, Flat>,
    /// Members for which there is no room: they are read from the block.
    copied: Vec<Member>,
}

impl Plan {
    fn of(module: &mut Module, read: BTreeSet<Member>) -> Self {
        let mut plan = Self { inputs: Vec::new(), flat: BTreeMap::new(), copied: Vec::new() };
        let mut kinds: Vec<ScalarKind> = Vec::new();
        for member in read {
            let TypeInner::Struct { members, .. } = &module.types[module.global_variables[member.0].ty].inner
            else {
                continue;
            };
            let Some(ty) = members.get(member.1 as usize).map(|member| member.ty) else { continue };
            let (scalar, components) = match module.types[ty].inner {
                TypeInner::Scalar(scalar) => (scalar, vec![None]),
                TypeInner::Vector { size, scalar } => (scalar, (0..size as u32).map(Some).collect()),
                _ => {
                    plan.copied.push(member);
                    continue;
                }
            };
            // Room that is left in inputs of its kind, then new ones.
            let rooms = || kinds.iter().enumerate().filter(|(_, kind)| **kind == scalar.kind);
            let left: usize = rooms().map(|(at, _)| 4 - plan.inputs[at].held.len()).sum();
            if components.len().saturating_sub(left).div_ceil(4) + plan.inputs.len() > MOST_INPUTS {
                plan.copied.push(member);
                continue;
            }
            let mut places = Vec::new();
            for component in components {
                let room = kinds
                    .iter()
                    .enumerate()
                    .position(|(at, kind)| *kind == scalar.kind && plan.inputs[at].held.len() < 4);
                let at = room.unwrap_or_else(|| {
                    let inner = TypeInner::Vector { size: VectorSize::Quad, scalar };
                    let quad = module.types.insert(Type { name: None, inner }, Span::UNDEFINED);
                    kinds.push(scalar.kind);
                    plan.inputs.push(Input { quad, held: Vec::new() });
                    kinds.len() - 1
                });
                places.push((at, plan.inputs[at].held.len() as u32));
                plan.inputs[at].held.push((member, component));
            }
            plan.flat.insert(member, Flat { ty, places });
        }
        plan
    }

    fn binding(at: usize) -> Binding {
        Binding::Location {
            location: at as u32 + 1,
            interpolation: Some(Interpolation::Flat),
            sampling: Some(wgpu::naga::Sampling::First),
            blend_src: None,
            per_primitive: false,
        }
    }

    /// The vertex function: the corner, and what the fragment function reads.
    fn covering(
        &self,
        module: &mut Module,
        arguments: &[FunctionArgument],
        plain: Handle<Function>,
        corner: Handle<Type>,
    ) -> Function {
        let result = self.result(&mut module.types, corner);
        let mut function = Function {
            arguments: arguments.to_vec(),
            result: Some(FunctionResult { ty: result, binding: None }),
            ..Function::default()
        };
        let mut append = |expression| function.expressions.append(expression, Span::UNDEFINED);
        let given: Vec<_> =
            (0..arguments.len() as u32).map(|at| append(Expression::FunctionArgument(at))).collect();
        let made = append(Expression::CallResult(plain));
        let mut blocks = BTreeMap::new();
        for (block, _) in self.flat.keys() {
            blocks.entry(*block).or_insert_with(|| append(Expression::GlobalVariable(*block)));
        }
        let zeros: Vec<_> =
            self.inputs.iter().map(|input| append(Expression::ZeroValue(input.quad))).collect();

        let corner_members = match &module.types[corner].inner {
            TypeInner::Struct { members, .. } => members.len() as u32,
            _ => 0,
        };
        let first = append(Expression::AccessIndex { base: made, index: 0 });
        let mut all = vec![first];
        all.extend((1..corner_members).map(|index| append(Expression::AccessIndex { base: made, index })));
        for (Input { quad, held }, zero) in self.inputs.iter().zip(zeros) {
            let mut components = Vec::new();
            for ((block, member), component) in held {
                let Some(&base) = blocks.get(block) else { continue };
                let mut pointer = append(Expression::AccessIndex { base, index: *member });
                if let Some(index) = *component {
                    pointer = append(Expression::AccessIndex { base: pointer, index });
                }
                components.push(append(Expression::Load { pointer }));
            }
            for index in components.len() as u32..4 {
                components.push(append(Expression::AccessIndex { base: zero, index }));
            }
            all.push(append(Expression::Compose { ty: *quad, components }));
        }
        let last = append(Expression::Compose { ty: result, components: all });
        function.body = Block::from(vec![
            Statement::Call { function: plain, arguments: given, result: Some(made) },
            Statement::Emit(Range::new_from_bounds(first, last)),
            Statement::Return { value: Some(last) },
        ]);
        function
    }

    /// A `Corner` with the inputs after it.
    fn result(&self, types: &mut UniqueArena<Type>, corner: Handle<Type>) -> Handle<Type> {
        let TypeInner::Struct { mut members, mut span } = types[corner].inner.clone() else { return corner };
        for (at, Input { quad, .. }) in self.inputs.iter().enumerate() {
            let offset = span.next_multiple_of(16);
            members.push(StructMember {
                name: Some(format!("flat{at}")),
                ty: *quad,
                binding: Some(Self::binding(at)),
                offset,
            });
            span = offset + 16;
        }
        types.insert(Type { name: None, inner: TypeInner::Struct { members, span } }, Span::UNDEFINED)
    }

    /// Lets the fragment function take the inputs, and begin by putting them where it reads them.
    fn receive(&self, function: &mut Function, blocks: &Blocks) {
        let inputs = function.arguments.len() as u32;
        function.arguments.extend(self.inputs.iter().enumerate().map(|(at, input)| FunctionArgument {
            name: Some(format!("flat{at}")),
            ty: input.quad,
            binding: Some(Self::binding(at)),
        }));
        let mut append = |expression| function.expressions.append(expression, Span::UNDEFINED);
        let given: Vec<_> = (0..self.inputs.len() as u32)
            .map(|at| append(Expression::FunctionArgument(inputs + at)))
            .collect();
        let mut variables = BTreeMap::new();
        for (block, _) in self.flat.keys().chain(&self.copied) {
            variables.entry(*block).or_insert_with(|| {
                let stand_in = blocks.get(block).copied().unwrap_or(*block);
                [*block, stand_in].map(|variable| append(Expression::GlobalVariable(variable)))
            });
        }
        let mut stores = Vec::new();
        let mut emitted = Vec::new();
        let mut emit = |expression| {
            let at = append(expression);
            emitted.push(at);
            at
        };
        for (&(block, index), Flat { ty, places }) in &self.flat {
            let Some([_, stand_in]) = variables.get(&block) else { continue };
            let pointer = emit(Expression::AccessIndex { base: *stand_in, index });
            let components: Vec<_> = places
                .iter()
                .map(|(at, index)| emit(Expression::AccessIndex { base: given[*at], index: *index }))
                .collect();
            let value = match components[..] {
                [scalar] => scalar,
                _ => emit(Expression::Compose { ty: *ty, components }),
            };
            stores.push(Statement::Store { pointer, value });
        }
        for &(block, index) in &self.copied {
            let Some([original, stand_in]) = variables.get(&block) else { continue };
            let from = emit(Expression::AccessIndex { base: *original, index });
            let value = emit(Expression::Load { pointer: from });
            let pointer = emit(Expression::AccessIndex { base: *stand_in, index });
            stores.push(Statement::Store { pointer, value });
        }
        let (Some(first), Some(last)) = (emitted.first(), emitted.last()) else { return };
        stores.insert(0, Statement::Emit(Range::new_from_bounds(*first, *last)));
        function.body.splice(0..0, Block::from(stores));
    }
}
