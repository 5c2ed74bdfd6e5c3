// Keeps what is shown below the limits for flashes (engine/src/stage/limiter.rs says how). Before this stands what is generated: the
// limits themselves (engine/src/flash/limits.rs).

struct Now {
    // Time of this frame and of the one before, in ticks.
    time: u32,
    before: u32,
    dt_s: f32,
    // 1 where what is remembered counts for nothing.
    anew: u32,
    frame_px: vec2f,
    // 0.5 where a probe reads the mean of four pixels, 0 where it reads one.
    corner: f32,
    spare: f32,
    // Probes, and tiles of them, along both axes.
    probes: vec2u,
    tiles: vec2u,
    // Ten degrees in whole tiles, and in probes.
    block: vec2u,
    block_probes: f32,
    probe_count: f32,
}

// The last extreme of a value that swings, as in engine/src/flash/swing.rs.
struct Swing {
    low: f32,
    high: f32,
    towards: i32,
    red: u32,
    origin: vec2f,
    extreme: vec2f,
}

struct Probe {
    shown: Swing,
    wanted: Swing,
    // When what is shown had its last transitions, the newest first: of luminance, and of red. Whether the newest is known to count
    // is in `sure`, a bit each: until then it counts.
    light: array<u32, MOST_TRANSITIONS>,
    reds: array<u32, MOST_TRANSITIONS>,
    // Transitions a second of what is wanted, how large they are, and for how long two flashes a second have gone on.
    rate: vec2f,
    lasting: vec2f,
    swing: f32,
    // How far a place is held down since it has flashed too often, and for too long.
    held: f32,
    soothed: f32,
    marks: u32,
    // When what is wanted had its last transition that counts.
    asked: u32,
    // What share of the last light is kept, and how much of it of the last frame itself.
    keeps: f32,
    whole: f32,
    // Mean colours of the place in the last frame, in the one that is wanted, and in the one that comes of it at this time. What is
    // kept for long is carried on in numbers: looked up in each frame it would spread.
    mean_time: u32,
    sure: u32,
    // When it had its last at all; whether that is known to count is in `sure` too.
    asks: u32,
    mean_before: vec4f,
    mean_wanted: vec4f,
    mean_shown: vec4f,
}

struct Tile {
    // When large changes came at once in the block that begins here.
    events: array<u32, MOST_TRANSITIONS>,
    rate: f32,
    held: f32,
    // Shares of the ten degrees around it that have just gone up, and down; and the same to red, and from it.
    went: vec4f,
    // And of what is wanted: any that have gone up, and down.
    asked: vec2f,
    // When such a change was large.
    asked_at: u32,
}

struct Weights {
    held: f32,
    soothed: f32,
    roaming: f32,
    full: f32,
}

@group(0) @binding(0) var<uniform> now: Now;
@group(0) @binding(1) var before: texture_2d<f32>;
@group(0) @binding(2) var wanted: texture_2d<f32>;
@group(0) @binding(3) var smoothed: sampler;
@group(0) @binding(4) var<storage, read_write> probes: array<Probe>;
@group(0) @binding(5) var<storage, read_write> tiles: array<Tile>;
@group(0) @binding(6) var<storage, read_write> weights: array<Weights>;
@group(0) @binding(7) var strengths: texture_storage_2d<rgba16float, write>;
@group(0) @binding(8) var tile_strengths: texture_storage_2d<rgba16float, write>;
@group(0) @binding(9) var sought: texture_storage_2d<rgba16float, write>;

// What a probe is in this frame.
const HELD = 1u;
const SOOTHED = 2u;
const WENT_UP = 4u;
const WENT_DOWN = 8u;
const RED_WENT_UP = 16u;
const RED_WENT_DOWN = 32u;
const GOES_UP = 64u;
const GOES_DOWN = 128u;
const BEGINS_UP = 256u;
const BEGINS_DOWN = 512u;
const ASKED_UP = 1024u;
const ASKED_DOWN = 2048u;

// A side of a tile, in probes.
const SIDE = 4u;
const SECOND = u32(TICKS_PER_S);
// How far luminance may go in a second where no transition may happen.
const CREEP_PER_S = 0.3;
// Transitions in the last second with which it may still do that.
const MOST_CREEPING = 2;
// Counted a little longer than a second, for what rounding does to times.
const LONG_SECOND = SECOND + SECOND / 32u;
const AT_ONCE = u32(TICKS_PER_S * AT_ONCE_S) - 2u;

struct Light {
    luminance: f32,
    uv: vec2f,
    red: bool,
}

fn linear(c: vec3f) -> vec3f {
    return select(pow((c + 0.055) / 1.055, vec3f(2.4)), c / 12.92, c <= vec3f(0.04045));
}

fn light(c: vec3f) -> Light {
    let rgb = linear(c);
    let red = rgb.r > 0.0 && rgb.r >= CAREFUL_RED_SHARE * (rgb.r + rgb.g + rgb.b);
    let lit = rgb + ROOM_LIGHT;
    let x = dot(lit, vec3f(0.4124, 0.3576, 0.1805));
    let y = dot(lit, vec3f(0.2126, 0.7152, 0.0722));
    let z = dot(lit, vec3f(0.0193, 0.1192, 0.9505));
    let uv = vec2f(4.0 * x, 9.0 * y) / (x + 15.0 * y + 3.0 * z);
    return Light(dot(rgb, vec3f(0.2126, 0.7152, 0.0722)), uv, red);
}

// Which way a swing goes with its next value: of luminance, and to or from red; each 1, -1 or 0.
fn moves(swing: Swing, next: Light, care: f32) -> vec2i {
    var way = vec2i(0);
    let change = care * CAREFUL_LUMINANCE_CHANGE;
    let dark = CAREFUL_DARKER_BELOW + 0.1 * (1.0 - care);
    let low = min(swing.low, next.luminance);
    let high = max(swing.high, next.luminance);
    if swing.towards <= 0 && next.luminance - low > change && low < dark {
        way.x = 1;
    } else if swing.towards >= 0 && high - next.luminance > change && next.luminance < dark {
        way.x = -1;
    }
    if distance(next.uv, swing.extreme) > care * CAREFUL_RED_CHANGE && (next.red || swing.red != 0u) {
        way.y = select(-1, 1, next.red);
    }
    return way;
}

// Whether a value leaves what a full place may still show: besides moves, a change that goes on the way of the last one. It may have
// counted here already, and not yet for a judge who bears more.
fn strays(swing: Swing, next: Light) -> vec2<bool> {
    let change = CLAMP_CARE * CAREFUL_LUMINANCE_CHANGE;
    let span = max(swing.high, next.luminance) - min(swing.low, next.luminance);
    let dark = min(swing.low, next.luminance) < CAREFUL_DARKER_BELOW + 0.1 * (1.0 - CLAMP_CARE);
    return vec2<bool>(span > change && dark, moves(swing, next, CLAMP_CARE).y != 0);
}

// The swing after its next value; `way` is how it moves.
fn swung(swing: Swing, next: Light, way: vec2i) -> Swing {
    var after = swing;
    if way.x != 0 {
        after.low = next.luminance;
        after.high = next.luminance;
        after.towards = way.x;
    } else {
        after.low = min(swing.low, next.luminance);
        after.high = max(swing.high, next.luminance);
    }
    let apart = distance(next.uv, swing.extreme);
    if apart > CAREFUL_RED_CHANGE {
        after.origin = swing.extreme;
    }
    if apart > CAREFUL_RED_CHANGE || distance(next.uv, swing.origin) > distance(swing.extreme, swing.origin) {
        after.extreme = next.uv;
        after.red = u32(next.red);
    }
    return after;
}

fn resting(at: Light) -> Swing {
    return Swing(at.luminance, at.luminance, 0, u32(at.red), at.uv, at.uv);
}

// How many of these times lie within the last second.
fn recent(times: array<u32, MOST_TRANSITIONS>) -> i32 {
    var count = 0;
    for (var at = 0u; at < MOST_TRANSITIONS; at++) {
        count += i32(now.time - times[at] < LONG_SECOND);
    }
    return count;
}

fn pushed(times: array<u32, MOST_TRANSITIONS>, time: u32) -> array<u32, MOST_TRANSITIONS> {
    var after = times;
    for (var at = MOST_TRANSITIONS - 1u; at > 0u; at--) {
        after[at] = after[at - 1u];
    }
    after[0] = time;
    return after;
}

// The same without the newest.
fn pulled(times: array<u32, MOST_TRANSITIONS>) -> array<u32, MOST_TRANSITIONS> {
    var after = times;
    for (var at = 1u; at < MOST_TRANSITIONS; at++) {
        after[at - 1u] = after[at];
    }
    after[MOST_TRANSITIONS - 1u] = now.time - 100u * SECOND;
    return after;
}

// Where a probe looks: somewhere in its part of the frame, so that no pattern lies between all of them.
fn place(probe: vec2u) -> vec2f {
    let dice = probe.x * 1664525u ^ (probe.y * 22695477u + 1013904223u);
    let within = vec2f(f32(dice >> 12u & 255u), f32(dice >> 20u & 255u)) / 256.0;
    let px = floor((vec2f(probe) + within) * now.frame_px / vec2f(now.probes));
    return (clamp(px, vec2f(0.0), now.frame_px - 1.0) + 0.5 + now.corner) / now.frame_px;
}

fn allowed(held: f32, soothed: f32) -> i32 {
    // A place that is held has flashed too often: the last that is allowed is left out.
    return select(MOST_TRANSITIONS_I - i32(held > 0.3), FEW_TRANSITIONS, soothed > 0.3);
}
