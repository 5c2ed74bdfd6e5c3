//! Files that are wrong, by mistake or on purpose: each gets a message, with the line in its own file, and nothing breaks.

use super::*;

fn translate(shader: &str) -> Result<Program, IsfError> {
    Isf::read(&format!("/*{{}}*/\n{shader}"))?.translate(None)
}

#[test]
fn mistakes_are_told_by_line() {
    for (shader, line, message) in [
        ("void main() {\n  gl_FragColor = vec4(1.0)\n}", 4, "syntax error"),
        ("void main() {\n\n  gl_FragColor = vec4(nobody);\n}", 4, "nobody"),
        ("#define A(x) x\nvoid main() { gl_FragColor = vec4(A(\n1.0) + A(missing)); }", 4, "missing"),
        ("/* one\ntwo */ void main() {\n float x = vec2(1); }", 4, "cannot convert"),
        ("void main() {", 2, "never closed"),
        ("void main() { } }", 2, "closes nothing"),
        ("void main() { (1]; }", 2, "closes nothing"),
        ("void other() { }", 1, "no function main"),
        ("#if 1\nvoid main() {}", 2, "without its #endif"),
        ("#if (1\n#endif\nvoid main() {}", 2, "#if"),
        ("void main() {}\n#else", 3, "#else without"),
        ("#error on purpose", 2, "on purpose"),
        ("#include \"x\"", 2, "#include"),
        ("#define F(a) a\nvoid main() { F(1, 2); }", 3, "takes 1 arguments, not 2"),
        ("void main() { float x = 1.0; // ä is fine here\n ä }", 3, "'ä'"),
        ("void main() { gl_FragColor = IMG_THIS_PIXEL(nothing); }", 2, "nothing"),
        ("uniform sampler2D nothing; void main() { }", 2, "nothing"),
        ("/* never ends", 2, "comment"),
        ("float f() { return f(); }\nvoid main() { f(); }", 0, "ecursi"),
        (
            "void main() { float x[300000]; x[int(TIME)] = 1.; gl_FragColor = vec4(x[1]); }",
            0,
            "bytes for each pixel",
        ),
    ] {
        let error = translate(shader).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(message) && !text.contains("kb_"),
            "{text:?} does not say {message:?} of {shader}"
        );
        match error {
            IsfError::Shader { line: found, text: Text::Fragment, .. } => {
                assert_eq!(found, line, "{text} of {shader}")
            }
            IsfError::Untranslatable { .. } => assert_eq!(line, 0, "{text} of {shader}"),
            other => panic!("{other} of {shader}"),
        }
    }
    let isf = Isf::read("/*{}*/ void main() {}").unwrap();
    let error = isf.translate(Some("void main() {\n isf_vertShaderInit(); nobody = 1; }")).unwrap_err();
    assert!(error.to_string().starts_with(".vs line 2: "), "{error}");
}

#[test]
fn what_grows_or_nests_without_bound_is_refused() {
    let doubling: String = (0..40).map(|i| format!("#define M{} M{i} M{i}\n", i + 1)).collect();
    let arguments: String = (0..40).map(|i| format!("#define F{}(x) F{i}(x x)\n", i + 1)).collect();
    let structures: String = (0..12).map(|i| format!("struct S{} {{ S{i} a[8]; }};", i + 1)).collect();
    let main = |body: &str| format!("void main() {{ float x = TIME; {body} gl_FragColor = vec4(x); }}");
    for (name, shader) in [
        ("macros", format!("#define M0 x\n{doubling}{}", main("M40;"))),
        ("arguments", format!("#define F0(x) x\n{arguments}{}", main("F40(x);"))),
        (
            "nested calls",
            format!("#define F(x) x\n{}", main(&format!("x = {}x{};", "F(".repeat(5000), ")".repeat(5000)))),
        ),
        ("parentheses", main(&format!("x = {}x{};", "(".repeat(5000), ")".repeat(5000)))),
        ("blocks", main(&format!("{}{}", "{".repeat(5000), "}".repeat(5000)))),
        ("sums", main(&format!("x = x{};", " + x".repeat(30_000)))),
        ("signs", main(&format!("x = {} x;", "- ".repeat(30_000)))),
        ("choices", main(&format!("x = {} x;", "x > 0. ? x : ".repeat(30_000)))),
        ("branches", main(&format!("{} x = 1.;", "if (x > 0.) x = 2.; else ".repeat(5000)))),
        ("headers", main(&format!("{} x = 1.;", "for (;;) ".repeat(5000)))),
        ("conditions", format!("#if {}1{}\n#endif\n{}", "(".repeat(5000), ")".repeat(5000), main(""))),
        ("#if in #if", format!("{}{}{}", "#if 1\n".repeat(5000), main(""), "\n#endif".repeat(5000))),
        ("words", "x ".repeat(400_000)),
        ("size", " ".repeat(limits::FILE_BYTES)),
        (
            "structures",
            format!(
                "struct S0 {{ float x; }};{structures}{}",
                main(&format!("S12 s; x = s{}.x;", ".a[int(x)]".repeat(12)))
            ),
        ),
        ("array", main("float a[2147483647]; x = a[int(x)];")),
        (
            "arrays of arrays",
            format!("float a{}; {}", "[9]".repeat(40), main(&format!("x = a{};", "[0]".repeat(40)))),
        ),
    ] {
        let started = std::time::Instant::now();
        assert!(translate(&shader).is_err(), "{name}");
        eprintln!("{name}: {:?}", started.elapsed());
    }
}

#[test]
fn large_but_honest_shaders_are_taken() {
    let table: Vec<String> = (0..2000).map(|i| format!("{i}.0")).collect();
    let branches: String = (0..200).map(|i| format!("if (i == {i}) return {i}.0; else ")).collect();
    let statements = "x = fract(x * 1.7 + 0.3);\n".repeat(3000);
    let shader = format!(
        "const float table[2000] = float[2000]({});
         float pick(int i) {{ {branches} return -1.0; }}
         void main() {{ float x = TIME; {statements} gl_FragColor = vec4(table[int(x * 1999.0)] + pick(int(x * 200.0))); }}",
        table.join(", ")
    );
    translate(&shader).unwrap();
}

#[test]
fn garbage_is_refused() {
    let mut state = 1_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    let noise: String = (0..1 << 18).map(|_| char::from_u32(random() % 0x800).unwrap_or(' ')).collect();
    assert!(Isf::read(&noise).is_err());
    assert!(Isf::read(&format!("/*{{{noise}")).is_err());
    assert!(Isf::read(&format!("/*{{}}*/{noise}")).unwrap().translate(None).is_err());
    let ascii: String = (0..1 << 19).map(|_| char::from(32 + (random() % 95) as u8)).collect();
    assert!(Isf::read(&format!("/*{{}}*/{ascii}")).unwrap().translate(Some(&ascii)).is_err());
}

/// Cuts every file off at many places, and takes out, doubles and puts in pieces at others.
#[test]
fn half_saved_and_mangled_files_break_nothing() {
    let pieces = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ";",
        ",",
        "\"",
        "*/",
        "/*",
        "#if 0\n",
        "#define x y\n",
        "void",
        "float",
        "vec3",
        "if",
        "for",
        "1e39",
        "4294967296",
        "-1",
        "[1000000]",
        "[-1]",
        ".xyzw",
        "= =",
        "? :",
        "struct",
        "in",
        "out",
        "uniform",
        "varying",
        "layout(location = 9)",
        "const",
        "return",
        "double",
        "sampler2D",
        "main",
        "gl_FragColor",
        "texture",
        "discard",
        "\\",
        "\n",
    ];
    let mut state = 7_usize;
    let mut below = move |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound.max(1)
    };
    let near = |text: &str, at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let attempt = |fragment: &str, vertex: Option<&str>| {
        let told = Isf::read(fragment).and_then(|isf| isf.translate(vertex)).map(drop);
        if let Err(error) = told {
            assert!(
                !error.to_string().contains("broke off") && !error.to_string().is_empty(),
                "{error} of {fragment}"
            );
        }
    };
    for (_, fragment, vertex) in files() {
        for cut in (0..fragment.len()).step_by(fragment.len() / 4 + 1) {
            attempt(&fragment[..near(&fragment, cut)], vertex.as_deref());
        }
        let body = fragment.find("*/").unwrap_or(0);
        for round in 0..6 {
            let mut text = fragment.clone();
            // The head is changed once in a while, the shader always.
            let from = if round == 0 { 0 } else { body };
            let at = near(&text, from + below(text.len() - from));
            let end = near(&text, (at + below(40)).min(text.len()));
            match round % 3 {
                0 => text.replace_range(at..end, ""),
                1 => text.insert_str(at, &fragment[at..end]),
                _ => text.insert_str(at, pieces[below(pieces.len())]),
            }
            attempt(&text, vertex.as_deref());
        }
    }
}
