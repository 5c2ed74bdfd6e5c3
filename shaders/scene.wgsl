// What every scene has besides the prelude: its canvas, points, and small tools. `scene`, with the scene's own controls, is generated.

// What a pass knows of itself.
struct Canvas {
    // Size of what it writes in pixels, then one over it.
    px: vec4f,
    // Which time it is run in this frame, and how often it is.
    round: u32,
    rounds: u32,
    // Points, vertices, or things in the buffer that is computed over.
    count: u32,
    // Invocations that stand in a row: see `index_of`.
    row: u32,
    // 0 is the whole scene, 1 its first cheaper tier.
    tier: u32,
    // 1 in the first frame and after a jump in time: what is remembered is out of date.
    anew: f32,
    spare: vec2u,
}

@group(2) @binding(0) var<uniform> canvas: Canvas;
@group(0) @binding(5) var repeating: sampler;
@group(0) @binding(6) var nearest: sampler;

// Which thing of a buffer an invocation computes; there may be some too many: `if index >= canvas.count { return; }`.
fn index_of(id: vec3u) -> u32 {
    return id.x + id.y * canvas.row;
}

// A soft round point.
struct Point {
    // From the middle, in frame heights; y down.
    place: vec2f,
    // Its radius, in frame heights.
    size: f32,
    // Light, linear; multiplied by alpha.
    colour: vec4f,
}

struct PointCorner {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) colour: vec4f,
}

fn point_corner(point: Point, corner: u32) -> PointCorner {
    let at = vec2f(f32(corner & 1u), f32(corner >> 1u)) * 2.0 - 1.0;
    // Smaller than a pixel it keeps its light, not its size.
    let pixel = 0.75 * canvas.px.w;
    let size = max(point.size, pixel);
    let share = point.size / size;
    let place = (point.place + at * size) * vec2f(2.0 / now.aspect, -2.0);
    return PointCorner(vec4f(place, 0.0, 1.0), at, point.colour * (share * share));
}

@fragment fn point_light(in: PointCorner) -> @location(0) vec4f {
    let soft = saturate(1.0 - dot(in.at, in.at));
    return in.colour * (soft * soft);
}

// A waveform's or a history's place for a time ago, and other numbers in textures: `x` from 0 to 1.
fn spectrum_at(x: f32) -> f32 {
    return textureSampleLevel(spectrum, clamped, vec2f(x, 0.125), 0.0).x;
}

// A place that moves with the beat: 0 between beats, 1 on them, falling fast.
fn beat_pulse() -> f32 {
    return pow(1.0 - heard.beat_phase, 3.0) * heard.beat_confidence;
}

// The picture now: light, linear and sharp, and its height in alpha, for a place from 0 to 1. Beyond its edges it goes on as in a
// mirror. Where a pass reads the picture once a pixel, this is sharper than the texture `picture` and costs less.
fn magnified(at: vec2f) -> vec4f {
    return tweened_pictures(previous_light, newest_light, motion, at);
}
