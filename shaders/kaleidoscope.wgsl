// Scene "kaleidoscope": the picture behind turning mirrors, like a rose window.

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var field: texture_2d<f32>;
@group(1) @binding(2) var ambience: texture_2d<f32>;

const BRUSH = 0.7;
const FOLDS = 1.2;
const FOLD_COUNT = 11.0;
const GLOSS = 1.2;

// `p` on the near side of the mirror with this normal; without a crease.
fn mirrored_in(p: vec2f, normal: vec2f) -> vec2f {
    let d = dot(p, normal);
    return p - normal * (d + sqrt(d * d + 1e-5));
}

fn place(p: vec2f) -> vec2f {
    var q = turned(p, now.spin) * (1.0 - 0.16 * now.kick / (1.0 + 3.0 * dot(p, p)));
    q = mirrored_in(q, vec2f(0.0, -1.0));
    q = mirrored_in(q, now.mirror_a);
    q = mirrored_in(q, now.mirror_b);
    q = mirrored_in(q, now.mirror_c);
    // Two more mirrors inside the wedge make petals.
    q = mirrored_in(q - vec2f(0.40, 0.0), vec2f(0.940, 0.342)) + vec2f(0.40, 0.0);
    q = mirrored_in(q - vec2f(0.17, 0.0), vec2f(-0.766, 0.643)) + vec2f(0.17, 0.0);
    return 0.5 + turned((q - vec2f(0.24, 0.06)) * 1.5, now.camera) + 2.0 * now.drift;
}

struct Painted {
    @location(0) light: vec4f,
    @location(1) surface: vec4f,
}

@fragment fn paint(in: Corner) -> Painted {
    let p = centred(in.uv);
    let at = place(p);
    let land = spline(field, mirrored, at);
    let light = spline(picture, mirrored, at);
    let air = textureSampleLevel(ambience, mirrored, at, 0.0);
    // Valleys lie in the shade of their surroundings, and in their light.
    let deep = saturate(1.0 + 0.9 * (land.x - air.a));
    let lit = light.rgb * deep + air.rgb * (0.06 * (1.0 - land.x));
    return Painted(vec4f(lit, 1.0), vec4f(land.x, seen(land.yz, at), land.w));
}
