// Scene "picture": the picture itself as a lit, silken relief that drifts, breathes and is struck.

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var field: texture_2d<f32>;

const BRUSH = 1.0;
const LINES = 1.0;
const GLOSS = 1.0;

// Where in the picture a point of the frame looks.
fn place(p: vec2f) -> vec2f {
    // A kick pushes out from the middle, like a struck skin.
    var q = p * (1.0 - 0.11 * now.kick * exp2(-3.5 * dot(p, p)));
    q = turned(q, now.roll_rad) / (max(now.aspect, 1.0) * now.zoom);
    let sway = sin(q.yx * vec2f(7.0, 6.0) + vec2f(0.31, 0.23) * now.travel + TAU * now.seed.xy);
    return 0.5 + q + now.drift + 0.010 * sway;
}

struct Painted {
    @location(0) light: vec4f,
    @location(1) surface: vec4f,
}

@fragment fn paint(in: Corner) -> Painted {
    let p = centred(in.uv);
    let flat_place = place(p);
    // High ground stands nearer: it moves more when the bass swells.
    let land = spline(field, mirrored, flat_place);
    let near = land.x * (0.05 + 0.09 * now.swell + 0.05 * now.kick);
    let where_to = flat_place - (flat_place - 0.5) * near;
    let light = spline(picture, mirrored, where_to);
    let slope = turned(land.yz, -now.roll_rad);
    return Painted(vec4f(light.rgb, 1.0), vec4f(light.a, slope, land.w));
}
