// Scene "kaleidoscope": the picture behind turning mirrors, like a rose window.

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var field: texture_2d<f32>;

const BRUSH = 0.7;
const LINES = 1.4;
const GLOSS = 1.2;

// A mirror without a crease.
fn soft_abs(x: f32, softness: f32) -> f32 {
    return sqrt(x * x + softness * softness) - softness;
}

// The point inside the first wedge that the mirrors show at `p`, and how near its edge it is.
fn folded(p: vec2f) -> vec2f {
    let q = turned(p, now.spin_rad);
    let wedge = TAU / now.segments;
    let r = length(q);
    let turn = atan2(q.y, q.x) / wedge;
    let off = (turn - round(turn)) * wedge;
    return vec2f(r, soft_abs(off, 0.03));
}

fn place(p: vec2f) -> vec2f {
    let polar = folded(p * (1.0 - 0.14 * now.kick * exp2(-2.0 * dot(p, p))));
    var q = polar.x * vec2f(cos(polar.y), sin(polar.y));
    // A second pair of mirrors inside the wedge makes petals.
    q = turned(vec2f(soft_abs(q.x - 0.36, 0.02), q.y), 0.9 + 0.5 * sin(0.05 * now.travel)) ;
    q = vec2f(q.x, soft_abs(q.y - 0.06, 0.02));
    return 0.5 + (q / now.zoom - 0.12) * 1.15 + 1.6 * now.drift;
}

struct Painted {
    @location(0) light: vec4f,
    @location(1) surface: vec4f,
}

@fragment fn paint(in: Corner) -> Painted {
    let p = centred(in.uv);
    let uv = place(p);
    let land = spline(field, mirrored, uv);
    let light = spline(picture, mirrored, uv);
    return Painted(vec4f(light.rgb, 1.0), vec4f(light.a, land.yz, land.w));
}
