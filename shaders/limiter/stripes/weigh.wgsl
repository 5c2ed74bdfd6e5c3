// Fourth: how much of the picture that is, whether it changes, and for how long it has been there.

struct Acts {
    soften: vec4u,
    lay: vec4u,
}

@group(1) @binding(0) var<storage, read_write> places: array<Place>;
@group(1) @binding(1) var<storage, read_write> acts: Acts;

var<workgroup> striped: atomic<u32>;
// Shares of a place are summed in whole numbers, whose sum is the same in any order.
const PARTS = 64.0;

fn found_at(place: vec2u) -> array<vec4f, 2> {
    let row = place.y / PITCH;
    let column = line_counts().x + place.x / PITCH;
    return array(lines[row].found[place.x], lines[column].found[place.y]);
}

fn noted(kind: u32) {
    state.changes[kind] = vec2u(now.time, state.changes[kind].x);
}

fn changes_often() -> bool {
    var often = false;
    for (var kind = 0u; kind < 4u; kind++) {
        often |= now.time - state.changes[kind].y < SECOND;
    }
    return often;
}

fn way(motion: vec3f) -> i32 {
    let speed = select(0.0, -motion.x / motion.y, motion.y > 0.0);
    return i32(speed > STRIPE_STANDS) - i32(speed < -STRIPE_STANDS);
}

fn step(area: f32) {
    var motion = array<vec3f, 2>();
    for (var line = 0u; line < line_count(); line++) {
        motion[course(line).axis] += lines[line].motion;
    }
    for (var axis = 0u; axis < 2u; axis++) {
        let goes = way(motion[axis]);
        if goes != 0 && goes != state.way[axis] {
            if state.way[axis] != 0 {
                noted(axis);
            }
            state.way[axis] = goes;
        }
    }
    if min(motion[0].z, motion[1].z) < 0.0 && area > CHANGING_AREA {
        noted(2u);
    }
    if area > CHANGING_AREA && state.area <= CHANGING_AREA {
        noted(3u);
    }
    state.area = area;
    let most = select(STEADY_AREA, CHANGING_AREA, changes_often());
    // What goes away counts for a while: it may come back.
    let dt_s = min(now.dt_s, 0.2);
    state.exposure_s = clamp(state.exposure_s + select(-0.5 * dt_s, dt_s, area > most), 0.0, 0.6);
    if strength() > 0.0 {
        state.until = now.time + SECOND / 2u;
    }
}

// One workgroup.
@compute @workgroup_size(256) fn weigh(@builtin(local_invocation_index) index: u32) {
    let count = now.places.x * now.places.y;
    for (var at = index; at < count; at += 256u) {
        let found = found_at(vec2u(at % now.places.x, at / now.places.x));
        atomicAdd(&striped, u32(round(PARTS * max(found[0].x, found[1].x))));
        if state.stale != 0u {
            places[at].share = 0.0;
        }
    }
    storageBarrier();
    workgroupBarrier();
    if index == 0u {
        state.stale = 0u;
        step(f32(atomicLoad(&striped)) / (PARTS * f32(count)));
        // Less than half of all times lies before it.
        if i32(state.until - now.time) > 0 {
            let tiles = (now.places + 3u) / 4u;
            acts.soften = vec4u((count + 63u) / 64u, 1u, 1u, 0u);
            acts.lay = vec4u(4u, tiles.x * tiles.y, 0u, 0u);
        }
    }
}
