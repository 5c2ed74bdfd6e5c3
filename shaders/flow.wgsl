// Scene "flow": the picture's light, carried along its own contours in a feedback of earlier frames.

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var field: texture_2d<f32>;
@group(1) @binding(3) var strands: texture_2d<f32>;
@group(1) @binding(4) var before: texture_2d<f32>;

const BRUSH = 0.8;
const LINES = 0.6;
const GLOSS = 1.3;

fn place(p: vec2f) -> vec2f {
    let q = turned(p, now.roll_rad) / (max(now.aspect, 1.0) * now.zoom);
    return 0.5 + q + now.drift;
}

struct Painted {
    @location(0) light: vec4f,
    @location(1) surface: vec4f,
}

@fragment fn paint(in: Corner) -> Painted {
    let p = centred(in.uv);
    let uv = place(p);
    let land = spline(field, mirrored, uv);
    let slope = turned(land.yz, -now.roll_rad);
    // Along the contours, outward from the middle, and a kick blows everything out.
    let curl = vec2f(-slope.y, slope.x) / (1.5 + length(slope));
    let speed = 0.015 + 0.22 * now.energy;
    let velocity = curl * speed + p * (0.02 * now.energy + 0.9 * now.kick) ;
    let from_uv = in.uv - velocity * now.dt_s / vec2f(now.aspect, 1.0);
    let carried = textureSampleLevel(before, clamped, from_uv, 0.0);
    let fresh = textureSampleLevel(picture, mirrored, uv, 0.0).rgb;
    let strand = textureSampleLevel(strands, mirrored, uv, 0.0).xy;
    let ink = smoothstep(-0.15, 0.35, strand.x);
    let rate = (0.25 + 3.0 * ink) * mix(2.0, 0.4, now.feedback);
    let share = select(1.0 - exp(-rate * now.dt_s), 1.0, now.dt_s <= 0.0);
    let light = clamp(mix(carried.rgb, fresh, share), vec3f(0.0), vec3f(16.0));
    return Painted(vec4f(light, 1.0), vec4f(sqrt(luminance(light)), slope, land.w));
}
