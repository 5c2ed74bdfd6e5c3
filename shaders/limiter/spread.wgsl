// Fourth: neighbours keep as much, and those farther off less and less.

// How far around a place its neighbours keep something too, and how much less from each to the next, in octaves.
const REACH = 4u;
const SLOPE = 2.5;
// A tile with what reaches into it.
const SPAN = 12u;
// How much less of the last frame itself.
const WHOLE_SLOPE = 0.3;
var<workgroup> around: array<vec2f, 144>;
var<workgroup> along: array<vec2f, 48>;
var<workgroup> strongest: atomic<u32>;

// So that nothing swings between the probes and no edge is seen. A cone is laid over each place, first along rows and then along
// columns. A workgroup has a tile.
@compute @workgroup_size(48) fn spread(
    @builtin(workgroup_id) tile: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let corner = vec2i(tile.xy * SIDE) - i32(REACH);
    for (var at = index; at < SPAN * SPAN; at += 48u) {
        let probe = corner + vec2i(i32(at % SPAN), i32(at / SPAN));
        var keeps = vec2f(0.0);
        if all(probe >= vec2i(0)) && all(probe < vec2i(now.probes)) {
            let index = u32(probe.y) * now.probes.x + u32(probe.x);
            keeps = vec2f(probes[index].keeps, probes[index].whole);
        }
        around[at] = keeps;
    }
    workgroupBarrier();
    let row = index / SIDE;
    let column = index % SIDE;
    var most = vec2f(0.0);
    for (var step = 0u; step <= 2u * REACH; step++) {
        most = max(most, around[row * SPAN + column + step] - cone(step));
    }
    along[index] = most;
    workgroupBarrier();
    if index < SIDE * SIDE {
        most = vec2f(0.0);
        for (var step = 0u; step <= 2u * REACH; step++) {
            most = max(most, along[(row + step) * SIDE + column] - cone(step));
        }
        let probe = tile.xy * SIDE + vec2u(column, row);
        if all(probe < now.probes) {
            let soft = means(vec2i(probe));
            textureStore(strengths, probe, vec4f(soft.before, most.x));
            textureStore(sought, probe, vec4f(soft.wanted, most.y));
            let here = probe.y * now.probes.x + probe.x;
            let share = 1.0 - exp2(-most.x);
            probes[here].mean_shown = mix(probes[here].mean_wanted, probes[here].mean_before, share);
            probes[here].mean_time = now.time;
        }
    }
    for (var at = index; at < SPAN * SPAN; at += 48u) {
        atomicMax(&strongest, bitcast<u32>(around[at].x));
    }
    workgroupBarrier();
    if index == 0u {
        textureStore(tile_strengths, tile.xy, vec4f(bitcast<f32>(atomicLoad(&strongest))));
    }
}

// The next place keeps as much: what lies between probes is not seen by any.
fn cone(step: u32) -> vec2f {
    return vec2f(SLOPE, WHOLE_SLOPE) * max(abs(f32(step) - f32(REACH)) - 1.0, 0.0);
}
