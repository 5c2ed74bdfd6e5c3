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

// A hit as it is shown: at once, gone within a fifth of a second, and a soft one still well beside a hard one. `pulse` is one of `now`,
// `strength` the same drum's in `heard`.
fn hit_shown(pulse: f32, strength: f32) -> f32 {
    let left = pulse / max(strength, 0.05);
    return left * min(left, 1.0) * mix(0.5, 1.0, strength);
}

// Waves from 0 to 1 that are locked to the bars, for 0.25, 0.5, 1, 2 or 4 bars: at rest at 0 while there is no tempo.
fn lfo_sine(bars: f32) -> f32 {
    let at = lfo_of(bars);
    return heard.lfo_sine[at / 4u][at % 4u];
}

fn lfo_triangle(bars: f32) -> f32 {
    let at = lfo_of(bars);
    return heard.lfo_triangle[at / 4u][at % 4u];
}

// From 0 to 1, and back at once.
fn lfo_ramp(bars: f32) -> f32 {
    let at = lfo_of(bars);
    return heard.lfo_ramp[at / 4u][at % 4u];
}

// Another number each time: the same in each render of a song.
fn lfo_random(bars: f32) -> f32 {
    let at = lfo_of(bars);
    return heard.lfo_random[at / 4u][at % 4u];
}

fn lfo_of(bars: f32) -> u32 {
    return u32(clamp(round(log2(bars)) + 2.0, 0.0, 4.0));
}

// How strong one of the 24 bands is, from 30 Hz up; and one of the twelve pitch classes, C being 0.
fn heard_band(band: u32) -> f32 {
    return heard.bands[min(band, 23u) / 4u][min(band, 23u) % 4u];
}

fn heard_chroma(pitch: u32) -> f32 {
    return heard.chroma[pitch % 12u / 4u][pitch % 4u];
}

// The picture now: light, linear and sharp, and its height in alpha, for a place from 0 to 1. Beyond its edges it goes on as in a
// mirror. Where a pass reads the picture once a pixel, this is sharper than the texture `picture` and costs less.
fn magnified(at: vec2f) -> vec4f {
    return tweened_pictures(previous_light, newest_light, motion, at);
}

// What a kept target showed a frame ago, moved on: grown by `zoom` (e-fold a second), turned by `turn` (turns a second), shifted by
// `drift` (frame heights a second), and faded, to a third in `fade_s` seconds. The same at any frame rate. Nothing in the first frame.
fn earlier(image: texture_2d<f32>, uv: vec2f, zoom: f32, turn: f32, drift: vec2f, fade_s: f32) -> vec3f {
    let angle = -TAU * turn * now.dt_s;
    let from_here = turned(centred(uv) - drift * now.dt_s, vec2f(cos(angle), sin(angle)) * exp(-zoom * now.dt_s));
    let at = within(from_here / vec2f(now.aspect, 1.0) + 0.5);
    let stays = exp(-now.dt_s / max(fade_s, 1e-3)) * (1.0 - canvas.anew);
    return textureSampleLevel(image, clamped, at, 0.0).rgb * stays;
}

// Light from OKLab; what no screen can show moves towards grey of its own lightness.
fn shown_from_oklab(lab: vec3f) -> vec3f {
    let light = linear_from_oklab(lab);
    let grey = max(lab.x * lab.x * lab.x, 1e-6);
    let least = min(min(light.r, light.g), light.b);
    return select(light, mix(vec3f(grey), light, grey / max(grey - least, 1e-6)), least < 0.0);
}

// A colour with so many times its chroma: as light and of the same hue, but more of it.
fn vivid(c: vec3f, times: f32) -> vec3f {
    let lab = oklab(c);
    return shown_from_oklab(vec3f(lab.x, lab.yz * times));
}

// A colour from the picture's palette, x from 0 (the most important) to 1, with at least so much chroma (OKLCh): 0.15 is vivid, 0 as it
// is. What is grey has no hue, and stays so.
fn vivid_colour(x: f32, chroma: f32) -> vec3f {
    let place = saturate(x) * 4.0;
    let first = u32(min(place, 3.0));
    let lab = mix(palette.oklab[first].xyz, palette.oklab[first + 1u].xyz, place - f32(first));
    let has = length(lab.yz);
    let wanted = max(has, chroma * smoothstep(0.005, 0.03, has));
    return shown_from_oklab(vec3f(lab.x, lab.yz * (wanted / max(has, 1e-4))));
}

// An ink of the music's own, as light: x from 0, its black, through shadow, body and light to 1, its white. They follow the pack's look
// and so belong to the picture, but are never grey mud: where a scene paints by itself, it paints with these.
fn ink(x: f32) -> vec3f {
    let place = saturate(x) * 5.0;
    let first = u32(min(place, 4.0));
    return mix(look.inks[first].rgb, look.inks[first + 1u].rgb, place - f32(first));
}

// What stands out against the inks: 0 lies across the colour circle from them, 1 beside them.
fn accent(which: u32) -> vec3f {
    return look.inks[6u + min(which, 1u)].rgb;
}
