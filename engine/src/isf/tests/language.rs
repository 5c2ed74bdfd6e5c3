//! What GLSL means here, told by one pixel.

use std::sync::Arc;

use super::{player::Player, *};
use crate::stage::Gpu;

/// The colour that `shader` (functions and `void main()`) paints in the lower left pixel of 8 x 8.
fn pixel(gpu: &Arc<Gpu>, shader: &str) -> [f32; 4] {
    let isf = Isf::read(&format!("/*{{}}*/{shader}")).unwrap();
    let program = isf.translate(None).unwrap_or_else(|error| panic!("{error} in {shader}"));
    Player::new(gpu, isf, program, [8, 8]).draw().at(0, 7)
}

#[test]
fn expressions_mean_what_they_mean_everywhere() {
    let gpu = Gpu::headless().unwrap();
    for (expression, expected) in [
        ("vec4(gl_FragCoord.xy, isf_FragNormCoord * 16.0)", [0.5, 0.5, 1.0, 1.0]),
        ("vec4(RENDERSIZE, PASSINDEX, FRAMEINDEX)", [8.0, 8.0, 0.0, 0.0]),
        ("vec4(7 / 2, 7 % 4, 7.0 / 2, mod(-1, 4))", [3.0, 3.0, 3.5, 3.0]),
        ("vec4(ivec4(9, 7, 5, 3) % ivec4(4, 4, 3, 2))", [1.0, 3.0, 2.0, 1.0]),
        ("vec4(1 << 3, 6 & 3, 6 | 1, 6 ^ 3)", [8.0, 2.0, 7.0, 5.0]),
        ("vec4(true, false, !false, 1 < 2)", [1.0, 0.0, 1.0, 1.0]),
        ("vec4(mat2(1, 2, 3, 4) * vec2(1, 10), vec2(1, 10) * mat2(1, 2, 3, 4))", [31.0, 42.0, 21.0, 43.0]),
        ("vec4(mat2(1, 2, 3, 4)[1], mat3(2)[1][1], mat4(mat2(5))[3][3])", [3.0, 4.0, 2.0, 1.0]),
        ("vec4(max(1, 2.5), min(vec2(3, 1), 2), clamp(5, 0, 3))", [2.5, 2.0, 1.0, 3.0]),
        ("vec4(1, 2, 3, 4).wzyx.yxwz", [3.0, 4.0, 1.0, 2.0]),
        (
            "vec4(float[3](4., 5., 6.)[1], float[](1., 2.).length(), int(2.9), int(-2.9))",
            [5.0, 2.0, 2.0, -2.0],
        ),
        ("vec4(uint(3) - 1u, 0x10, 010, 1e1)", [2.0, 16.0, 8.0, 10.0]),
        (
            "vec4(lessThan(vec2(1, 2), vec2(2, 1)), any(bvec2(false, true)), all(bvec2(true, false)))",
            [1.0, 0.0, 1.0, 0.0],
        ),
        (
            "vec4(atan(1.0, 0.0) * 2.0 / 3.14159265, sign(-3), fract(-0.25), step(2, 1))",
            [1.0, -1.0, 0.75, 0.0],
        ),
        ("(TIME > 1.0 ? vec4(1) : PASSINDEX == 0 ? vec4(2) : vec4(3))", [2.0; 4]),
        ("vec4(pow(-2., 2.), pow(-2., 3.), pow(vec2(-3, 3), vec2(2)))", [4.0, -8.0, 9.0, 9.0]),
        ("vec4(outerProduct(vec2(1, 2), vec2(3, 4)))", [3.0, 6.0, 4.0, 8.0]),
    ] {
        assert_eq!(
            pixel(&gpu, &format!("void main() {{ gl_FragColor = {expression}; }}")),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn statements_mean_what_they_mean_everywhere() {
    let gpu = Gpu::headless().unwrap();
    for (shader, expected) in [
        // Switches fall through, and `continue` in one goes on with the loop around it.
        (
            "float f(int k) { float v = 0.; switch (k) { case 0: v += 1.; case 1: v += 2.; break; case 2: v = 9.; break; default: v = 7.; } return v; }
             void main() { float n = 0.; for (int i = 0; i < 4; i++) { switch (i) { case 2: continue; } n++; }
                           gl_FragColor = vec4(f(0), f(1), f(5), n); }",
            [3.0, 2.0, 7.0, 3.0],
        ),
        // Arguments come in and go out as they should, also the same variable twice, and a part of a vector.
        (
            "void f(inout float a, out float b) { a += 1.; b = a * 2.; }
             void main() { vec4 v = vec4(1, 2, 3, 4); f(v.x, v.w); float s = 1.; f(s, s); v.y = s; f(v[2], v[1 + 0]); gl_FragColor = v; }",
            [2.0, 8.0, 4.0, 4.0],
        ),
        // Side effects happen once, and only where they are reached.
        (
            "float count = 0.; bool tick() { count++; return true; }
             void main() { bool a = false && tick(); bool b = true || tick(); bool c = a || tick(); float d = c ? count++ : count--;
                           gl_FragColor = vec4(count, d, a, b); }",
            [2.0, 1.0, 0.0, 1.0],
        ),
        (
            "void main() { int i = 0; int a = i++ + i; int b = ++i * 2; vec4 v = vec4(0); v[i] = 5.; v.xy += 1.; v.zw.y -= 1.; gl_FragColor = v + vec4(a, b, 0, 0); }",
            [2.0, 5.0, 5.0, -1.0],
        ),
        // A name inside hides one outside.
        (
            "float x = 1.; float f(float x) { { float x = 4.; x++; } return x; }
             void main() { float y = f(2.); for (int x = 0; x < 3; x++) y += float(x); gl_FragColor = vec4(x, y, 0, 1); }",
            [1.0, 5.0, 0.0, 1.0],
        ),
        // Arrays and structures are copied.
        (
            "struct S { float a[2]; vec2 b; }; S make(float x) { S s; s.a[0] = x; s.a[1] = x + 1.; s.b = vec2(x); return s; }
             void main() { S s = make(1.), t = s; t.a[1] = 9.; float u[2] = s.a; u[0] = 5.; gl_FragColor = vec4(s.a[1], t.a[1], s.a[0], S(u, s.b) == S(u, t.b)); }",
            [2.0, 9.0, 1.0, 1.0],
        ),
        // Functions of the file's own beside those of GLSL, and values that a function does not give.
        (
            "float round(float x) { return x + 100.; } vec2 abs(vec2 v) { return vec2(7); } float f(float x) { if (x > 1.) return 3.; }
             void main() { gl_FragColor = vec4(round(1.4), round(vec2(1.6)).x, abs(vec2(-2)).x, abs(-2.) + f(2.) + f(0.)); }",
            [101.4, 2.0, 7.0, 5.0],
        ),
        // Loops that end inside.
        (
            "float f() { for (int i = 0; i < 10; i++) { for (int j = 0; j < 10; j++) { if (i * j == 42) return float(i * 10 + j); } } return -1.; }
             void main() { int n = 0; do { n++; if (n == 3) break; } while (n < 10); float m = 0.; while (m < 3.) m += .5; gl_FragColor = vec4(f(), n, m, 1); }",
            [67.0, 3.0, 3.0, 1.0],
        ),
        // Macros that name themselves or each other stay as they are.
        (
            "#define one two
             #define two one
             #define EMPTY
             #define G(a, b) a EMPTY b
             #define H() G
             float one = 3., two = 4.;
             void main() { gl_FragColor = vec4(one, two, G(1. +, 2.), H()(2., * 2.)); }",
            [3.0, 4.0, 3.0, 4.0],
        ),
        // Values that are worked out before main, in the order in which they stand.
        (
            "float a = RENDERSIZE.x; const float b = a * 2.; float c = b + gl_FragCoord.x; vec2 list[2] = vec2[2](vec2(b), isf_FragNormCoord);
             void main() { gl_FragColor = vec4(a, b, c, list[1].x * 16.); }",
            [8.0, 16.0, 16.5, 1.0],
        ),
    ] {
        let painted = pixel(&gpu, shader);
        let near = painted.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.05);
        assert!(near, "{painted:?}, not {expected:?}, of {shader}");
    }
}
