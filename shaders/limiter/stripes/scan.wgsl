// Second: which stretches of those lines are striped, as engine/src/flash/stripes.rs has it.

// How often what follows is called: not at all where there is nothing to do, as in nearly every frame.
struct Calls {
    mark: vec4u,
    weigh: vec4u,
}

struct Acts {
    soften: vec4u,
    lay: vec4u,
}

@group(1) @binding(0) var<storage, read_write> calls: Calls;
@group(1) @binding(1) var<storage, read_write> acts: Acts;

const TRANSITIONS = 2u * u32(STRIPE_PAIRS) + 1u;

// Where light turns to dark and back; how many such places there are.
fn find_turns(line: u32, along: u32) -> u32 {
    let which = newest();
    var low = 1e9;
    var high = -1e9;
    var towards = 0;
    var count = 0u;
    for (var at = 0u; at < along; at++) {
        let value = lines[line].cells[which][at];
        low = min(low, value);
        high = max(high, value);
        let rises = value - low >= STRIPE_CHANGE && low < DARKER_BELOW;
        let falls = high - value >= STRIPE_CHANGE && value < DARKER_BELOW;
        if (towards <= 0 && rises) || (towards >= 0 && falls) {
            towards = select(-1, 1, towards <= 0 && rises);
            low = value;
            high = value;
            lines[line].turns[count] = at;
            count++;
        }
    }
    return count;
}

fn distance_of_pair(line: u32, at: u32) -> f32 {
    return f32(lines[line].turns[at + 2u] - lines[line].turns[at]);
}

// The mean of a stretch; -1 where its light stripes are not light enough to do harm.
fn bright_mean(line: u32, begin: u32, end: u32) -> f32 {
    let which = newest();
    var sum = 0.0;
    for (var at = begin; at < end; at++) {
        sum += lines[line].cells[which][at];
    }
    let mean = sum / f32(end - begin);
    var light = vec2f(0.0);
    for (var at = begin; at < end; at++) {
        let value = lines[line].cells[which][at];
        light += select(vec2f(0.0), vec2f(value, 1.0), value > mean);
    }
    let is_bright = light.x > STRIPE_LIGHT * light.y && light.x > (mean + 0.5 * STRIPE_CHANGE) * light.y;
    return select(-1.0, mean, is_bright);
}

fn find_runs(line: u32, along: u32, count: u32) -> u32 {
    var found = 0u;
    var begin = 0u;
    while begin + TRANSITIONS <= count && found < MOST_RUNS {
        var mean = distance_of_pair(line, begin);
        var end = begin + 3u;
        while end < count && abs(distance_of_pair(line, end - 2u) - mean) <= STRIPE_UNEVEN * mean {
            mean += 0.25 * (distance_of_pair(line, end - 2u) - mean);
            end++;
        }
        var next = begin + 1u;
        if end - begin >= TRANSITIONS && mean >= STRIPE_NEAREST {
            let half = u32(0.5 * mean);
            let first = lines[line].turns[begin] - min(half, lines[line].turns[begin]);
            let last = min(lines[line].turns[end - 1u] + half, along);
            let light = bright_mean(line, first, last);
            if light >= 0.0 {
                lines[line].runs[found] = vec4f(f32(first), f32(last), mean, light);
                found++;
                next = end - 1u;
            } else {
                // A part of it may be brighter; not all are tried.
                next = begin + 1u + (end - begin - TRANSITIONS) / 3u;
            }
        }
        begin = next;
    }
    return found;
}

var<workgroup> striped: atomic<u32>;

fn forget() {
    var fresh: State;
    fresh.until = now.time;
    fresh.stale = 1u;
    for (var kind = 0u; kind < 4u; kind++) {
        fresh.changes[kind] = vec2u(now.time - 100u * SECOND);
    }
    state = fresh;
}

// One workgroup; each invocation has a line.
@compute @workgroup_size(64) fn scan(@builtin(local_invocation_index) index: u32) {
    let line = index;
    if line < line_count() {
        let along = now.cells[course(line).axis];
        let count = find_runs(line, along, find_turns(line, along));
        if count > 0u {
            atomicOr(&striped, 1u);
        }
        lines[line].run_count = count;
        // What is found for the first time has not moved yet.
        if now.anew != 0u {
            lines[line].motion = vec3f(0.0);
        }
    }
    workgroupBarrier();
    if index == 0u {
        if now.anew != 0u {
            forget();
        }
        let found = atomicLoad(&striped);
        // What is gone is told once more.
        let busy = (found | state.striped) != 0u || state.exposure_s > 0.0 || state.area > 0.0;
        state.striped = found;
        calls.mark = vec4u(select(0u, line_count(), busy), 1u, 1u, 0u);
        calls.weigh = vec4u(u32(busy), 1u, 1u, 0u);
        acts.soften = vec4u(0u, 1u, 1u, 0u);
        acts.lay = vec4u(4u, 0u, 0u, 0u);
    }
}
