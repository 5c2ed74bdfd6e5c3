//! No loop of a stranger's shader runs for ever: each invocation may go around so many times in all, then its loops end.
//!
//! Drivers reset a device that hangs, and with it every window of the host. Counting is done in the compiler's own
//! representation, so that it holds for every language that is translated into it.

use wgpu::naga::{
    AddressSpace, BinaryOperator, Block, Expression, Function, GlobalVariable, Handle, Literal,
    MemoryDecorations, Module, Range, Scalar, Span, Statement, Type, TypeInner,
};

/// Rounds of all loops together that one invocation may go. A patient ray marcher takes some thousand.
pub const ROUNDS: u32 = 16_384;

/// Expressions and statements that an invocation may come to if every call were written out: drivers do write them out.
const LARGEST: u64 = 400_000;

/// Lets every loop end after [`ROUNDS`].
pub fn bound(module: &mut Module) {
    let of = module.types.insert(Type { name: None, inner: TypeInner::Scalar(Scalar::U32) }, Span::UNDEFINED);
    let rounds = module.global_expressions.append(Expression::Literal(Literal::U32(ROUNDS)), Span::UNDEFINED);
    let left = module.global_variables.append(
        GlobalVariable {
            name: Some("rounds_left".to_owned()),
            space: AddressSpace::Private,
            binding: None,
            ty: of,
            init: Some(rounds),
            memory_decorations: MemoryDecorations::empty(),
        },
        Span::UNDEFINED,
    );
    let functions = module.functions.iter_mut().map(|(_, function)| function);
    for function in functions.chain(module.entry_points.iter_mut().map(|entry| &mut entry.function)) {
        let mut body = std::mem::take(&mut function.body);
        bound_block(&mut body, function, left);
        function.body = body;
    }
}

fn bound_block(block: &mut Block, function: &mut Function, left: Handle<GlobalVariable>) {
    for statement in block.iter_mut() {
        match statement {
            Statement::Block(inner) => bound_block(inner, function, left),
            Statement::If { accept, reject, .. } => {
                bound_block(accept, function, left);
                bound_block(reject, function, left);
            }
            Statement::Switch { cases, .. } => {
                cases.iter_mut().for_each(|case| bound_block(&mut case.body, function, left));
            }
            Statement::Loop { body, continuing, .. } => {
                bound_block(body, function, left);
                bound_block(continuing, function, left);
                body.splice(0..0, count(function, left));
            }
            _ => {}
        }
    }
}

/// `if rounds_left == 0 { break; } rounds_left = rounds_left - 1;`
fn count(function: &mut Function, left: Handle<GlobalVariable>) -> Block {
    let mut append = |expression| function.expressions.append(expression, Span::UNDEFINED);
    let pointer = append(Expression::GlobalVariable(left));
    let zero = append(Expression::Literal(Literal::U32(0)));
    let one = append(Expression::Literal(Literal::U32(1)));
    let now = append(Expression::Load { pointer });
    let is_over = append(Expression::Binary { op: BinaryOperator::Equal, left: now, right: zero });
    let fewer = append(Expression::Binary { op: BinaryOperator::Subtract, left: now, right: one });
    Block::from(vec![
        Statement::Emit(Range::new_from_bounds(now, fewer)),
        Statement::If {
            condition: is_over,
            accept: Block::from(vec![Statement::Break]),
            reject: Block::new(),
        },
        Statement::Store { pointer, value: fewer },
    ])
}

/// How much an invocation of the module's largest entry point comes to, every call written out, if that is more than a driver
/// should be given.
pub fn too_large(module: &Module) -> Option<(u64, u64)> {
    // A function stands behind those that it calls.
    let mut sizes: Vec<u64> = Vec::with_capacity(module.functions.len());
    for (_, function) in module.functions.iter() {
        sizes.push(size(function, &sizes));
    }
    let largest = module.entry_points.iter().map(|entry| size(&entry.function, &sizes)).max().unwrap_or(0);
    (largest > LARGEST).then_some((largest, LARGEST))
}

fn size(function: &Function, sizes: &[u64]) -> u64 {
    fn calls(block: &Block, sizes: &[u64]) -> u64 {
        let of = |statement: &Statement| match statement {
            Statement::Block(inner) => calls(inner, sizes),
            Statement::If { accept, reject, .. } => calls(accept, sizes).saturating_add(calls(reject, sizes)),
            Statement::Switch { cases, .. } => {
                cases.iter().fold(0, |sum: u64, case| sum.saturating_add(calls(&case.body, sizes)))
            }
            Statement::Loop { body, continuing, .. } => {
                calls(body, sizes).saturating_add(calls(continuing, sizes))
            }
            Statement::Call { function, .. } => sizes.get(function.index()).copied().unwrap_or(u64::MAX),
            _ => 1,
        };
        block.iter().fold(0, |sum: u64, statement| sum.saturating_add(of(statement)))
    }
    (function.expressions.len() as u64).saturating_add(calls(&function.body, sizes))
}

#[cfg(test)]
mod tests {
    use wgpu::naga::{front::wgsl, valid};

    use super::*;

    fn valid(module: &Module) -> valid::ModuleInfo {
        valid::Validator::new(valid::ValidationFlags::all(), valid::Capabilities::empty())
            .validate(module)
            .unwrap()
    }

    #[test]
    fn loops_within_branches_and_loops_are_counted_and_stay_valid() {
        let text = "
            fn inner(n: i32) -> f32 { var x = 0.0; while true { x += 1.0; if x > f32(n) { break; } } return x; }
            @compute @workgroup_size(1) fn main() {
                var sum = 0.0;
                for (var i = 0; i < 10; i++) {
                    switch i { case 3: { loop { sum += inner(i); continuing { break if sum > 3.0; } } } default: { sum += 1.0; } }
                }
            }";
        let mut module = wgsl::parse_str(text).unwrap();
        valid(&module);
        bound(&mut module);
        valid(&module);
        let counted = |block: &Block| format!("{block:?}").matches("Break").count();
        assert!(counted(&module.entry_points[0].function.body) >= 2);
    }

    #[test]
    fn calls_that_double_at_each_step_are_too_much() {
        let mut text = "fn g0(x: f32) -> f32 { return x * 2.0; }\n".to_owned();
        for at in 1..40 {
            text += &format!("fn g{at}(x: f32) -> f32 {{ return g{0}(x) + g{0}(x + 1.0); }}\n", at - 1);
        }
        text += "@compute @workgroup_size(1) fn main() { _ = g39(1.0); }";
        assert!(too_large(&wgsl::parse_str(&text).unwrap()).is_some());
        assert!(too_large(&wgsl::parse_str("@compute @workgroup_size(1) fn main() {}").unwrap()).is_none());
    }
}
