// Fourth: neighbours keep as much, and those farther off less and less.

// How far around a place its neighbours keep as much as it does, since what lies between probes is not seen by any; and how far from
// there on it runs out, so that no edge is seen.
const GROWN = 3u;
const RUNS_OUT = 2u;
const REACH = GROWN + RUNS_OUT;
// A tile with what reaches into it, and with what runs out in it.
const SPAN = 14u;
const NEAR = 8u;
// Each: the share that is kept, and how much of it of the last frame itself.
var<workgroup> around: array<vec2f, 196>;
var<workgroup> along: array<vec2f, 112>;
var<workgroup> grown: array<vec2f, 64>;
var<workgroup> strongest: atomic<u32>;

// A workgroup has a tile. The most around each place is found along rows, then along columns; then it is softened.
@compute @workgroup_size(64) fn spread(
    @builtin(workgroup_id) tile: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let corner = vec2i(tile.xy * SIDE) - i32(REACH);
    for (var at = index; at < SPAN * SPAN; at += 64u) {
        let probe = corner + vec2i(i32(at % SPAN), i32(at / SPAN));
        var keeps = vec2f(0.0);
        if all(probe >= vec2i(0)) && all(probe < vec2i(now.probes)) {
            let index = u32(probe.y) * now.probes.x + u32(probe.x);
            keeps = vec2f(probes[index].keeps, probes[index].whole);
        }
        around[at] = keeps;
    }
    workgroupBarrier();
    for (var at = index; at < SPAN * NEAR; at += 64u) {
        var most = vec2f(0.0);
        for (var step = 0u; step <= 2u * GROWN; step++) {
            most = max(most, around[at / NEAR * SPAN + at % NEAR + step]);
        }
        along[at] = most;
    }
    workgroupBarrier();
    var most = vec2f(0.0);
    for (var step = 0u; step <= 2u * GROWN; step++) {
        most = max(most, along[(index / NEAR + step) * NEAR + index % NEAR]);
    }
    grown[index] = most;
    atomicMax(&strongest, bitcast<u32>(most.x));
    workgroupBarrier();
    let place = vec2u(index % SIDE, index / SIDE);
    let probe = tile.xy * SIDE + place;
    if index < SIDE * SIDE && all(probe < now.probes) {
        var soft = vec2f(0.0);
        for (var at = 0u; at < 25u; at++) {
            let step = vec2u(at % 5u, at / 5u);
            let weight = (3.0 - abs(f32(step.x) - 2.0)) * (3.0 - abs(f32(step.y) - 2.0)) / 81.0;
            soft += weight * grown[(place.y + step.y) * NEAR + place.x + step.x];
        }
        let colours = means(vec2i(probe));
        textureStore(strengths, probe, vec4f(colours.before, soft.x));
        textureStore(sought, probe, vec4f(colours.wanted, soft.y));
        let here = probe.y * now.probes.x + probe.x;
        probes[here].mean_shown = mix(probes[here].mean_wanted, probes[here].mean_before, soft.x);
        probes[here].mean_time = now.time;
    }
    if index == 0u {
        textureStore(tile_strengths, tile.xy, vec4f(bitcast<f32>(atomicLoad(&strongest))));
    }
}
