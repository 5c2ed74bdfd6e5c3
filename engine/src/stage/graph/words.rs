//! The compiler's words, as somebody reads them who writes WGSL: types by their names there, none of its own numbers, and what may
//! have been meant.

/// A word is taken for a misspelt one when it is this much like another.
const ALIKE: f64 = 0.84;

/// Makes a message plain. `text` is all that was compiled: what may have been meant stands in it.
pub fn plain(message: &str, text: &str) -> String {
    let mut message = without_numbers(&in_wgsl(message));
    for (part, hint) in HINTS {
        if message.contains(part) {
            message.push_str(hint);
        }
    }
    let unknown = UNKNOWN.iter().find_map(|before| message.split(before).nth(1));
    let unknown: Option<String> = unknown.map(|rest| {
        let rest = rest.trim_start_matches(['`', '\'', ' ']);
        rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    });
    if let Some(meant) = unknown.as_deref().and_then(|word| nearest(word, text)) {
        message.push_str(&format!("; is {meant} meant?"));
    }
    message
}

/// After these the message names what it does not know.
const UNKNOWN: [&str; 4] = [
    "no definition in scope for identifier:",
    "unknown identifier:",
    "invalid field accessor",
    "unknown type:",
];

/// What a message leaves out.
const HINTS: [(&str, &str); 9] = [
    (
        "declared return type",
        ": what is returned has another type, or a way through the function ends without a return",
    ),
    (
        "forbidden at this stage",
        ": textureSample is for fragment passes alone; elsewhere use textureSampleLevel(..., 0.0)",
    ),
    ("doesn't relate to a valid destination", ": it can only be read here; a compute pass writes NAME_rw"),
    ("expected global item", " (is this GLSL? Scenes are WGSL; a shader of the ISF kind has the ending .fs)"),
    ("expected statement, found \"\"", ": the file ends within a function; a } is missing"),
    ("is cyclic", ": it leads back to itself, or has the name of a function of WGSL's own; give it another"),
    ("internal WGSL front end error", ": something is nested deeper than the compiler can follow"),
    (
        "doesn't match the type",
        ": an argument has another type than the function takes; docs/scenes.md lists them",
    ),
    (
        "component type is not expected",
        ": a part has another type than stands there; a Point is vec2f, f32 and vec4f",
    ),
];

fn in_wgsl(message: &str) -> String {
    let mut message = message.to_owned();
    for (kind, short, long) in
        [("Float", "f", "f32"), ("Sint", "i", "i32"), ("Uint", "u", "u32"), ("Bool", "<bool>", "bool")]
    {
        for width in [1, 4] {
            let scalar = format!("Scalar {{ kind: {kind}, width: {width} }}");
            for (size, count) in [("Bi", 2), ("Tri", 3), ("Quad", 4)] {
                let vector = format!("Vector {{ size: {size}, scalar: {scalar} }}");
                message = message.replace(&vector, &format!("vec{count}{short}"));
                for (rows, row_count) in [("Bi", 2), ("Tri", 3), ("Quad", 4)] {
                    let matrix = format!("Matrix {{ columns: {size}, rows: {rows}, scalar: {scalar} }}");
                    message = message.replace(&matrix, &format!("mat{count}x{row_count}{short}"));
                }
            }
            message = message.replace(&format!("Scalar({scalar})"), long);
        }
    }
    message
}

/// Without the compiler's own numbers for expressions and types, as in `Some([38])`, `None` and `[1]`.
fn without_numbers(message: &str) -> String {
    let (mut plain, mut rest) = (String::new(), message);
    while let Some(open) = rest.find('[') {
        let inside = rest[open + 1..].split(']').next().unwrap_or_default();
        let is_number = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
        let end = open + inside.len() + 2;
        let some = is_number && rest[..open].ends_with("Some(") && rest[end..].starts_with(')');
        let (before, after) = match (some, is_number) {
            (true, _) => (open - "Some(".len(), end + 1),
            (false, true) => (open, end),
            (false, false) => {
                plain.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
                continue;
            }
        };
        plain.push_str(rest[..before].trim_end());
        rest = &rest[after..];
    }
    plain.push_str(rest);
    plain.replace("expression None does", "expression does")
}

/// The word in the text that is most like this one.
fn nearest<'t>(word: &str, text: &'t str) -> Option<&'t str> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let near = words.filter(|other| other.len() > 2 && *other != word);
    let scored = near.map(|other| (strsim::damerau_levenshtein(word, other), other));
    let (_, best) = scored.min_by_key(|(distance, _)| *distance)?;
    (word.len() > 2 && strsim::jaro_winkler(word, best) > ALIKE).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_compilers_own_are_left_out_and_types_have_their_names() {
        let message = "Operation Multiply can't work with [35] (of type Vector { size: Tri, scalar: Scalar { kind: Float, width: 4 } }) \
            and [36] (of type Scalar(Scalar { kind: Sint, width: 4 }))";
        let words = "Operation Multiply can't work with (of type vec3f) and (of type i32)";
        assert_eq!(plain(message, ""), words);
        let message = "The `return` expression Some([38]) does not match the declared return type Some([16])";
        assert!(
            plain(message, "")
                .starts_with("The `return` expression does not match the declared return type: ")
        );
        assert_eq!(plain("a[i] is out of [36] bounds", ""), "a[i] is out of bounds");
    }

    #[test]
    fn what_is_misspelt_is_guessed() {
        let text = "fn length_of(x: f32) -> f32 { return length(x) * now.kick + picture; }";
        let said = |message: &str| plain(message, text);
        assert!(said("no definition in scope for identifier: `lenght`").ends_with("; is length meant?"));
        assert!(said("invalid field accessor `kik`").ends_with("; is kick meant?"));
        assert!(!said("no definition in scope for identifier: `zebra`").contains("meant"));
    }
}
