// Third: how much of the last frame each place keeps.

// Mean colours of each probe's place.
@compute @workgroup_size(64) fn average(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.probes.x * now.probes.y {
        return;
    }
    let probe = vec2f(vec2u(id.x % now.probes.x, id.x / now.probes.x));
    var mean_before = probes[id.x].mean_shown;
    if probes[id.x].mean_time != now.before {
        mean_before = vec4f(0.0);
        for (var tap = 0u; tap < TAPS * TAPS; tap++) {
            mean_before += textureSampleLevel(before, smoothed, tap_at(probe, tap), 0.0);
        }
        mean_before /= f32(TAPS * TAPS);
    }
    var mean_wanted = vec4f(0.0);
    for (var tap = 0u; tap < TAPS * TAPS; tap++) {
        mean_wanted += textureSampleLevel(wanted, smoothed, tap_at(probe, tap), 0.0);
    }
    probes[id.x].mean_before = mean_before;
    probes[id.x].mean_wanted = mean_wanted / f32(TAPS * TAPS);
}

fn tap_at(probe: vec2f, tap: u32) -> vec2f {
    let within = (vec2f(vec2u(tap % TAPS, tap / TAPS)) + 0.5) / f32(TAPS);
    return (probe + within) / vec2f(now.probes);
}

// Taps along a side of a probe's place.
const TAPS = 4u;

struct Means {
    before: vec3f,
    wanted: vec3f,
}

// The same, smooth from place to place: a quadratic spline's weights.
fn means(probe: vec2i) -> Means {
    var sums = Means();
    for (var at = 0; at < 9; at++) {
        let step = vec2i(at % 3, at / 3) - 1;
        let weight = select(0.125, 0.75, step.x == 0) * select(0.125, 0.75, step.y == 0);
        let place = vec2u(clamp(probe + step, vec2i(0), vec2i(now.probes) - 1));
        let index = place.y * now.probes.x + place.x;
        sums.before += weight * probes[index].mean_before.rgb;
        sums.wanted += weight * probes[index].mean_wanted.rgb;
    }
    return sums;
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

// What share of the last light a place keeps, and of the last frame itself.
fn kept(id: u32, weight: Weights, at: vec2f) -> vec2f {
    let held = weight.held * probes[id].held;
    let soothed = weight.soothed * max(probes[id].soothed, probes[id].held);
    // A low pass that leaves less than the threshold of what swings so far and so often.
    let rate = max(max(probes[id].rate.x, probes[id].rate.y), 1.5);
    let tau_s = min(probes[id].swing / (2.0 * LEFT_OVER * LUMINANCE_CHANGE * rate), 1.5);
    var share = max(soothed, weight.roaming) * tau_s / (tau_s + now.dt_s);
    var whole = 0.0;
    let clamped = max(max(held, soothed), weight.full);
    if clamped > 0.0 {
        // And where it would still be one too many, exactly as much as keeps it from being one.
        let most = select(allowed(held, soothed), 0, weight.full > 0.3);
        let full = vec2<bool>(recent(probes[id].light) >= most, recent(probes[id].reds) >= most);
        if any(full) {
            let last = textureSampleLevel(before, smoothed, at, 0.0).rgb;
            let next = textureSampleLevel(wanted, smoothed, at, 0.0).rgb;
            let around = means(vec2i(vec2u(id % now.probes.x, id / now.probes.x)));
            let from_light = light(last);
            if oversteps(id, from_light, shown(around, last, next, share, 0.0), full) {
                whole = f32(oversteps(id, from_light, shown(around, last, next, 1.0, 0.0), full));
                var low = 0.0;
                var high = 1.0 - share;
                for (var step = 0; step < 7; step++) {
                    let middle = 0.5 * (low + high);
                    if oversteps(id, from_light, shown(around, last, next, 1.0 - middle, whole), full) {
                        high = middle;
                    } else {
                        low = middle;
                    }
                }
                share = max(share, (1.0 - 0.95 * low) * sqrt(clamped));
            }
        }
    }
    return vec2f(share, whole);
}

fn shown(around: Means, last: vec3f, next: vec3f, share: f32, whole: f32) -> Light {
    let kept = kept_light(around.before, around.wanted, last, share, whole);
    return light(saturate(kept.rgb + next * (1.0 - kept.a)));
}

fn oversteps(id: u32, last: Light, next: Light, full: vec2<bool>) -> bool {
    let few = max(recent(probes[id].light), recent(probes[id].reds)) <= MOST_CREEPING;
    return any(strays(probes[id].shown, next) & full) && !(few && creeps(last, next));
}

@compute @workgroup_size(64) fn decide(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.probes.x * now.probes.y {
        return;
    }
    let probe = vec2u(id.x % now.probes.x, id.x / now.probes.x);
    var kept_here = vec2f(0.0);
    if now.anew == 0u {
        let weight = weight_at(vec2i(probe));
        if max(max(weight.held, weight.soothed), max(weight.roaming, weight.full)) > 0.0 {
            kept_here = kept(id.x, weight, place(probe));
        }
    }
    probes[id.x].keeps = min(kept_here.x, 0.999);
    probes[id.x].whole = kept_here.y;
}
