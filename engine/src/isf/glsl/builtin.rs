//! Functions of the file's own that are called as one of GLSL's are.
//!
//! GLSL lets a file have its own `distance(vec2, vec2)` beside those that it has itself; Vulkan's GLSL does not. So all of that
//! name get another one: the file's own as they are, and the others as calls to GLSL's.

use std::fmt::Write;

/// A function's name, how many arguments of any one float type it takes, how many of the first or last of them may be plain
/// floats beside a vector, and whether it gives a float.
struct Family {
    name: &'static str,
    arguments: usize,
    floats: Floats,
    gives_float: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Floats {
    None,
    First(usize),
    Last(usize),
}

const fn family(name: &'static str, arguments: usize, floats: Floats, gives_float: bool) -> Family {
    Family { name, arguments, floats, gives_float }
}

const fn plain(name: &'static str, arguments: usize) -> Family {
    family(name, arguments, Floats::None, false)
}

/// GLSL 4.60, chapter 8: what takes floats alone.
const FAMILIES: [Family; 44] = [
    plain("radians", 1),
    plain("degrees", 1),
    plain("sin", 1),
    plain("cos", 1),
    plain("tan", 1),
    plain("asin", 1),
    plain("acos", 1),
    plain("atan", 1),
    plain("atan", 2),
    plain("sinh", 1),
    plain("cosh", 1),
    plain("tanh", 1),
    plain("asinh", 1),
    plain("acosh", 1),
    plain("atanh", 1),
    plain("pow", 2),
    plain("exp", 1),
    plain("log", 1),
    plain("exp2", 1),
    plain("log2", 1),
    plain("sqrt", 1),
    plain("inversesqrt", 1),
    plain("abs", 1),
    plain("sign", 1),
    plain("floor", 1),
    plain("trunc", 1),
    plain("round", 1),
    plain("roundEven", 1),
    plain("ceil", 1),
    plain("fract", 1),
    plain("normalize", 1),
    plain("faceforward", 3),
    plain("reflect", 2),
    plain("fma", 3),
    family("mod", 2, Floats::Last(1), false),
    family("min", 2, Floats::Last(1), false),
    family("max", 2, Floats::Last(1), false),
    family("clamp", 3, Floats::Last(2), false),
    family("mix", 3, Floats::Last(1), false),
    family("step", 2, Floats::First(1), false),
    family("smoothstep", 3, Floats::First(2), false),
    family("length", 1, Floats::None, true),
    family("distance", 2, Floats::None, true),
    family("dot", 2, Floats::None, true),
];

/// Other functions of GLSL that a file may have under the same name; what GLSL has itself is then not called any more.
const OTHERS: [&str; 23] = [
    "cross",
    "refract",
    "modf",
    "isnan",
    "isinf",
    "inverse",
    "transpose",
    "determinant",
    "outerProduct",
    "matrixCompMult",
    "lessThan",
    "lessThanEqual",
    "greaterThan",
    "greaterThanEqual",
    "equal",
    "notEqual",
    "any",
    "all",
    "not",
    "ldexp",
    "frexp",
    "bitCount",
    "noise1",
];

/// Whether GLSL has functions called `name`.
pub(super) fn is_one(name: &str) -> bool {
    OTHERS.contains(&name) || FAMILIES.iter().any(|family| family.name == name)
}

/// Functions called `renamed` that do what GLSL's `name` does, without those whose arguments the file's `own` have.
pub(super) fn forwards(name: &str, renamed: &str, own: &[Vec<String>]) -> String {
    let mut out = String::new();
    for family in FAMILIES.iter().filter(|family| family.name == name) {
        for kind in ["float", "vec2", "vec3", "vec4"] {
            let mut variants = vec![vec![kind; family.arguments]];
            if kind != "float" && family.floats != Floats::None {
                let is_float = |at: usize| match family.floats {
                    Floats::None => false,
                    Floats::First(count) => at < count,
                    Floats::Last(count) => at + count >= family.arguments,
                };
                variants.push(
                    (0..family.arguments).map(|at| if is_float(at) { "float" } else { kind }).collect(),
                );
            }
            for arguments in variants {
                if own.iter().any(|own| own.iter().eq(arguments.iter())) {
                    continue;
                }
                let result = if family.gives_float { "float" } else { kind };
                let names: Vec<_> = (0..arguments.len()).map(|at| format!("kb_{at}")).collect();
                let typed: Vec<_> =
                    arguments.iter().zip(&names).map(|(kind, name)| format!("{kind} {name}")).collect();
                let _ = writeln!(
                    out,
                    "{result} {renamed}({}) {{ return {name}({}); }}",
                    typed.join(", "),
                    names.join(", ")
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_of_a_name_go_on_as_they_were() {
        let own = [vec!["vec2".to_owned(), "vec2".to_owned()]];
        let forwards = forwards("distance", "kb_distance", &own);
        assert!(!forwards.contains("vec2"));
        assert!(
            forwards.contains("float kb_distance(vec3 kb_0, vec3 kb_1) { return distance(kb_0, kb_1); }")
        );
        assert!(super::forwards("mix", "m", &[]).contains("vec3 m(vec3 kb_0, vec3 kb_1, float kb_2)"));
        assert!(super::forwards("step", "s", &[]).contains("vec2 s(float kb_0, vec2 kb_1)"));
    }
}
