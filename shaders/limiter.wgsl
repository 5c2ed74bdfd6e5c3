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
    // When what is shown had its last transitions, the newest first: of luminance, and of red.
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
    // When what is wanted had its last transition.
    asked: u32,
    // For how many frames what was shown is kept: the octave.
    keeps: f32,
}

struct Tile {
    // When large changes came at once in the block that begins here.
    events: array<u32, MOST_TRANSITIONS>,
    rate: f32,
    held: f32,
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

// Where a probe looks: somewhere in its part of the frame, so that no pattern lies between all of them.
fn place(probe: vec2u) -> vec2f {
    let dice = probe.x * 1664525u ^ (probe.y * 22695477u + 1013904223u);
    let within = vec2f(f32(dice >> 12u & 255u), f32(dice >> 20u & 255u)) / 256.0;
    let px = floor((vec2f(probe) + within) * now.frame_px / vec2f(now.probes));
    return (clamp(px, vec2f(0.0), now.frame_px - 1.0) + 0.5 + now.corner) / now.frame_px;
}

fn allowed(held: f32, soothed: f32) -> i32 {
    return select(MOST_TRANSITIONS_I, FEW_TRANSITIONS, max(held, soothed) > 0.3);
}

// First: what every probe sees, has seen, and would see.
@compute @workgroup_size(64) fn look(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.probes.x * now.probes.y {
        return;
    }
    let at = place(vec2u(id.x % now.probes.x, id.x / now.probes.x));
    let next = light(textureSampleLevel(wanted, smoothed, at, 0.0).rgb);
    if now.anew != 0u {
        var fresh: Probe;
        fresh.shown = resting(next);
        fresh.wanted = resting(next);
        let never = now.time - 100u * SECOND;
        for (var index = 0u; index < MOST_TRANSITIONS; index++) {
            fresh.light[index] = never;
            fresh.reds[index] = never;
        }
        fresh.asked = never;
        probes[id.x] = fresh;
        return;
    }
    let last = light(textureSampleLevel(before, smoothed, at, 0.0).rgb);
    let was = moves(probes[id.x].shown, last, 1.0);
    probes[id.x].shown = swung(probes[id.x].shown, last, was);
    if was.x != 0 {
        probes[id.x].light = pushed(probes[id.x].light, now.before);
    }
    if was.y != 0 {
        probes[id.x].reds = pushed(probes[id.x].reds, now.before);
    }
    let asked = moves(probes[id.x].wanted, next, 1.0);
    let from_low = next.luminance - probes[id.x].wanted.low;
    let from_high = probes[id.x].wanted.high - next.luminance;
    probes[id.x].wanted = swung(probes[id.x].wanted, next, asked);

    let fading = exp(-now.dt_s);
    let rate = probes[id.x].rate * fading + vec2f(abs(asked));
    // Red in whole: chromaticity changes faster than the colours that are mixed.
    let size = select(0.0, max(from_low, from_high), asked.x != 0);
    probes[id.x].rate = rate;
    probes[id.x].swing = max(probes[id.x].swing * fading, select(size, 1.0, asked.y != 0));

    let counts = vec2i(recent(probes[id.x].light), recent(probes[id.x].reds));
    let many = select(vec2f(-now.dt_s), vec2f(now.dt_s), counts >= vec2i(MANY_TRANSITIONS));
    let lasting = max(probes[id.x].lasting + many, vec2f(0.0));
    probes[id.x].lasting = lasting;

    let goes = moves(probes[id.x].shown, next, CLAMP_CARE);
    var held = probes[id.x].held;
    var soothed = probes[id.x].soothed;
    let over = any((goes != vec2i(0)) & (counts >= vec2i(allowed(held, soothed))));
    if any(asked != vec2i(0)) {
        probes[id.x].asked = now.time;
    }
    let calm = now.time - probes[id.x].asked > SECOND / 2u;
    let busy = select(max(rate.x, rate.y), 0.0, calm);
    if over && (held > 0.3 || soothed <= 0.3) {
        held = 1.0;
    } else if busy < 2.5 {
        held = max(held - 2.0 * now.dt_s, 0.0);
    }
    if max(lasting.x, lasting.y) > SOOTHED_AFTER_S {
        soothed = 1.0;
    } else if busy < 2.0 {
        soothed = max(soothed - now.dt_s, 0.0);
    }
    probes[id.x].held = held;
    probes[id.x].soothed = soothed;

    let towards = probes[id.x].shown.towards;
    let red = probes[id.x].shown.red != 0u;
    let fresh = now.before - probes[id.x].light[0] < AT_ONCE;
    let fresh_red = now.before - probes[id.x].reds[0] < AT_ONCE;
    let stays = now.time - probes[id.x].light[0] < AT_ONCE;
    var marks = select(0u, HELD, held > 0.0) | select(0u, SOOTHED, held > 0.0 || soothed > 0.0);
    marks |= select(0u, select(WENT_DOWN, WENT_UP, towards > 0), fresh);
    marks |= select(0u, select(RED_WENT_DOWN, RED_WENT_UP, red), fresh_red);
    marks |= select(0u, GOES_UP, any(goes > vec2i(0)) || (stays && towards > 0));
    marks |= select(0u, GOES_DOWN, any(goes < vec2i(0)) || (stays && towards < 0));
    marks |= select(0u, BEGINS_UP, any(goes > vec2i(0)));
    marks |= select(0u, BEGINS_DOWN, any(goes < vec2i(0)));
    probes[id.x].marks = marks;
}

const KINDS = 9u;
var<workgroup> marked: array<array<f32, 256>, KINDS>;
var<workgroup> spreading: array<vec3f, 256>;
var<workgroup> soothing: atomic<u32>;
var<workgroup> anything: atomic<u32>;
var<workgroup> acts: atomic<u32>;

// How often what follows is called: not at all where there is nothing to do, as in nearly every frame.
struct Calls {
    decide: vec3u,
    spread: vec3u,
    lay: vec4u,
}

@group(1) @binding(0) var<storage, read_write> calls: Calls;

fn share_of_block(kind: u32, corner: vec2u) -> f32 {
    var sum = 0.0;
    for (var y = 0u; y < now.block.y; y++) {
        for (var x = 0u; x < now.block.x; x++) {
            sum += marked[kind][(corner.y + y) * now.tiles.x + corner.x + x];
        }
    }
    return sum / now.block_probes;
}

// Second: how much of any ten degrees, and of the picture, that is. One workgroup; each invocation has a tile, and the block that
// begins there.
@compute @workgroup_size(256) fn weigh(@builtin(local_invocation_index) index: u32) {
    let tile = vec2u(index % now.tiles.x, index / now.tiles.x);
    let inside = index < now.tiles.x * now.tiles.y;
    var counts = array<f32, KINDS>();
    var soothed = 0u;
    if inside {
        for (var place = 0u; place < SIDE * SIDE; place++) {
            let probe = tile * SIDE + vec2u(place % SIDE, place / SIDE);
            if all(probe < now.probes) {
                let marks = probes[probe.y * now.probes.x + probe.x].marks;
                counts[0] += f32((marks & HELD) != 0u);
                counts[1] += f32((marks & WENT_UP) != 0u);
                counts[2] += f32((marks & WENT_DOWN) != 0u);
                counts[3] += f32((marks & RED_WENT_UP) != 0u);
                counts[4] += f32((marks & RED_WENT_DOWN) != 0u);
                counts[5] += f32((marks & GOES_UP) != 0u);
                counts[6] += f32((marks & GOES_DOWN) != 0u);
                counts[7] += f32((marks & BEGINS_UP) != 0u);
                counts[8] += f32((marks & BEGINS_DOWN) != 0u);
                soothed += u32((marks & SOOTHED) != 0u);
            }
        }
    }
    var most = 0.0;
    for (var kind = 0u; kind < KINDS; kind++) {
        marked[kind][index] = counts[kind];
        most = max(most, counts[kind]);
    }
    if soothed > 0u {
        atomicAdd(&soothing, soothed);
    }
    if most > 0.0 || (inside && tiles[index].held > 0.0) {
        atomicAdd(&anything, u32(most) + select(0u, 1000u, inside && tiles[index].held > 0.0));
    }
    workgroupBarrier();
    let all_soothed = f32(atomicLoad(&soothing)) / now.probe_count;
    var found = vec3f(0.0);
    if inside && now.anew != 0u {
        let never = now.time - 100u * SECOND;
        for (var event = 0u; event < MOST_TRANSITIONS; event++) {
            tiles[index].events[event] = never;
        }
        tiles[index].rate = 0.0;
        tiles[index].held = 0.0;
    } else if inside && f32(atomicLoad(&anything)) > 0.05 * now.block_probes {
        let corner = min(tile, now.tiles - now.block);
        let went = max(max(share_of_block(1u, corner), share_of_block(2u, corner)),
            max(share_of_block(3u, corner), share_of_block(4u, corner)));
        let goes = max(share_of_block(5u, corner), share_of_block(6u, corner));
        if went > 0.2 && now.before - tiles[index].events[0] >= AT_ONCE {
            tiles[index].events = pushed(tiles[index].events, now.before);
        }
        let rate = min(tiles[index].rate * exp(-now.dt_s) + select(0.0, 1.0, goes > 0.18), 6.0);
        tiles[index].rate = rate;
        let count = recent(tiles[index].events);
        var held = tiles[index].held;
        // Just after a change that is counted already, what went with it is no further one. But what begins only now will still be
        // fresh when the next may be counted.
        let joins = now.time - tiles[index].events[0] < AT_ONCE;
        let begins = max(share_of_block(7u, corner), share_of_block(8u, corner));
        if count >= allowed(held, 0.0) && select(goes > 0.15, begins > 0.1, joins) {
            held = 1.0;
        } else if rate < 2.5 {
            held = max(held - 2.0 * now.dt_s, 0.0);
        }
        tiles[index].held = held;
        found = vec3f(share_of_block(0u, corner), held, select(0.0, held, count >= FEW_TRANSITIONS));
    } else if inside {
        tiles[index].rate *= exp(-now.dt_s);
    }
    spreading[index] = found;
    workgroupBarrier();
    if inside {
        // What a block has found concerns every tile in it.
        var worst = found;
        // And its neighbours, between which strengths run out.
        let first = max(vec2i(tile) - vec2i(now.block), vec2i(0));
        let last = min(tile + 1u, now.tiles - 1u);
        for (var y = u32(first.y); y <= last.y; y++) {
            for (var x = u32(first.x); x <= last.x; x++) {
                worst = max(worst, spreading[y * now.tiles.x + x]);
            }
        }
        let weight = Weights(
            smoothstep(0.15, 0.22, worst.x), smoothstep(0.17, 0.23, all_soothed), worst.y, worst.z);
        weights[index] = weight;
        if max(max(weight.held, weight.soothed), max(weight.roaming, weight.full)) > 0.0 {
            atomicOr(&acts, 1u);
        }
    }
    workgroupBarrier();
    if index == 0u {
        let any = atomicLoad(&acts);
        calls.decide = vec3u(any * ((now.probes.x * now.probes.y + 63u) / 64u), 1u, 1u);
        calls.spread = vec3u(any * now.tiles.x, now.tiles.y, 1u);
        calls.lay = vec4u(4u, any * now.tiles.x * now.tiles.y, 0u, 0u);
    }
}

// What is decided for a place: between the middles of tiles it runs from one to the next.
fn weight_at(probe: vec2i) -> Weights {
    let at = clamp((vec2f(probe) + 0.5) / f32(SIDE) - 0.5, vec2f(0.0), vec2f(now.tiles - 1u));
    let low = vec2u(at);
    let high = min(low + 1u, now.tiles - 1u);
    let part = fract(at);
    let top = mixed(weights[low.y * now.tiles.x + low.x], weights[low.y * now.tiles.x + high.x], part.x);
    let bottom = mixed(weights[high.y * now.tiles.x + low.x], weights[high.y * now.tiles.x + high.x], part.x);
    return mixed(top, bottom, part.y);
}

fn mixed(a: Weights, b: Weights, part: f32) -> Weights {
    return Weights(mix(a.held, b.held, part), mix(a.soothed, b.soothed, part),
        mix(a.roaming, b.roaming, part), mix(a.full, b.full, part));
}

// Whether a step from one frame to the next is so small that, however it goes on, it makes no more than three transitions a second. So
// much is allowed to a place that has had few of late: else what was shown when the flashing began would stay until it is over.
fn creeps(last: Light, next: Light) -> bool {
    return abs(next.luminance - last.luminance) <= CREEP_PER_S * now.dt_s
        && distance(next.uv, last.uv) <= 2.0 * CREEP_PER_S * now.dt_s;
}

// What share of the last frame a place keeps.
fn kept(id: u32, weight: Weights, at: vec2f) -> f32 {
    let held = weight.held * probes[id].held;
    let soothed = weight.soothed * max(probes[id].soothed, probes[id].held);
    // A low pass that leaves less than the threshold of what swings so far and so often.
    let rate = max(max(probes[id].rate.x, probes[id].rate.y), 1.5);
    let tau_s = min(probes[id].swing / (2.0 * LEFT_OVER * LUMINANCE_CHANGE * rate), 1.5);
    var share = max(max(held, soothed), weight.roaming) * tau_s / (tau_s + now.dt_s);
    let clamped = max(max(held, soothed), weight.full);
    if clamped > 0.0 {
        // And where it would still be one too many, exactly as much as keeps it from being one.
        let most = select(allowed(held, soothed), 0, weight.full > 0.3);
        let full = vec2<bool>(recent(probes[id].light) >= most, recent(probes[id].reds) >= most);
        if any(full) {
            let last = textureSampleLevel(before, smoothed, at, 0.0).rgb;
            let next = textureSampleLevel(wanted, smoothed, at, 0.0).rgb;
            let from_light = light(last);
            var low = 0.0;
            var high = 1.0 - share;
            if oversteps(id, from_light, light(mix(last, next, high)), full) {
                for (var step = 0; step < 7; step++) {
                    let middle = 0.5 * (low + high);
                    if oversteps(id, from_light, light(mix(last, next, middle)), full) {
                        high = middle;
                    } else {
                        low = middle;
                    }
                }
                share = max(share, (1.0 - 0.95 * low) * sqrt(clamped));
            }
        }
    }
    return share;
}

fn oversteps(id: u32, last: Light, next: Light, full: vec2<bool>) -> bool {
    let few = max(recent(probes[id].light), recent(probes[id].reds)) <= MOST_CREEPING;
    return any(strays(probes[id].shown, next) & full) && !(few && creeps(last, next));
}

// Third: how much of the last frame each place keeps.
@compute @workgroup_size(64) fn decide(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.probes.x * now.probes.y {
        return;
    }
    let probe = vec2u(id.x % now.probes.x, id.x / now.probes.x);
    var share = 0.0;
    if now.anew == 0u {
        let weight = weight_at(vec2i(probe));
        if max(max(weight.held, weight.soothed), max(weight.roaming, weight.full)) > 0.0 {
            share = min(kept(id.x, weight, place(probe)), 0.999);
        }
    }
    // As for how many frames it is kept, in octaves: so what lies between two places runs evenly.
    probes[id.x].keeps = log2(1.0 + share / (1.0 - share));
}

// How far around a place its neighbours keep something too, and how much less from each to the next, in octaves.
const REACH = 4u;
const SLOPE = 2.5;
// A tile with what reaches into it.
const SPAN = 12u;
var<workgroup> around: array<f32, 144>;
var<workgroup> along: array<f32, 48>;
var<workgroup> strongest: atomic<u32>;

// Fourth: spreads that, so that nothing swings between the probes and no edge is seen. A cone is laid over each place, first along
// rows and then along columns. A workgroup has a tile.
@compute @workgroup_size(48) fn spread(
    @builtin(workgroup_id) tile: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let corner = vec2i(tile.xy * SIDE) - i32(REACH);
    for (var at = index; at < SPAN * SPAN; at += 48u) {
        let probe = corner + vec2i(i32(at % SPAN), i32(at / SPAN));
        var keeps = 0.0;
        if all(probe >= vec2i(0)) && all(probe < vec2i(now.probes)) {
            keeps = probes[u32(probe.y) * now.probes.x + u32(probe.x)].keeps;
        }
        around[at] = keeps;
    }
    workgroupBarrier();
    let row = index / SIDE;
    let column = index % SIDE;
    var most = 0.0;
    for (var step = 0u; step <= 2u * REACH; step++) {
        most = max(most, around[row * SPAN + column + step] - cone(step));
    }
    along[index] = most;
    workgroupBarrier();
    if index < SIDE * SIDE {
        most = 0.0;
        for (var step = 0u; step <= 2u * REACH; step++) {
            most = max(most, along[(row + step) * SIDE + column] - cone(step));
        }
        let probe = tile.xy * SIDE + vec2u(column, row);
        if all(probe < now.probes) {
            textureStore(strengths, probe, vec4f(most));
        }
    }
    for (var at = index; at < SPAN * SPAN; at += 48u) {
        atomicMax(&strongest, bitcast<u32>(around[at]));
    }
    workgroupBarrier();
    if index == 0u {
        textureStore(tile_strengths, tile.xy, vec4f(bitcast<f32>(atomicLoad(&strongest))));
    }
}

// The next place keeps as much: what lies between probes is not seen by any.
fn cone(step: u32) -> f32 {
    return SLOPE * max(abs(f32(step) - f32(REACH)) - 1.0, 0.0);
}
