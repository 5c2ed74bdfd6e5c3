// Second: how much of any ten degrees, and of the picture, that is.

const KINDS = 11u;
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

// A block is let go when fewer large changes than this are wanted in a second: six are allowed.
const RELEASED_BELOW = 4.5;

// One workgroup; each invocation has a tile, and the block that begins there.
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
                counts[9] += f32((marks & ASKED_UP) != 0u);
                counts[10] += f32((marks & ASKED_DOWN) != 0u);
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
        tiles[index].went = vec4f(0.0);
        tiles[index].asked = vec2f(0.0);
        tiles[index].asked_at = never;
    } else if inside && f32(atomicLoad(&anything)) > 0.05 * now.block_probes {
        let middle = min(max(tile, now.block / 2u) - now.block / 2u, now.tiles - now.block);
        for (var kind = 0u; kind < 4u; kind++) {
            tiles[index].went[kind] = share_of_block(kind + 1u, middle);
        }
        tiles[index].asked = vec2f(share_of_block(9u, middle), share_of_block(10u, middle));
        let corner = min(tile, now.tiles - now.block);
        let went = max(max(share_of_block(1u, corner), share_of_block(2u, corner)),
            max(share_of_block(3u, corner), share_of_block(4u, corner)));
        let goes = max(share_of_block(5u, corner), share_of_block(6u, corner));
        if went > 0.2 && now.before - tiles[index].events[0] >= AT_ONCE {
            tiles[index].events = pushed(tiles[index].events, now.before);
        }
        // How often that is wanted: what is shown lags behind, and would ask for the same again and again.
        let wished = max(share_of_block(9u, corner), share_of_block(10u, corner));
        let asks = wished > 0.18 && now.time - tiles[index].asked_at >= AT_ONCE;
        if asks {
            tiles[index].asked_at = now.time;
        }
        let rate = min(tiles[index].rate * exp(-now.dt_s) + select(0.0, 1.0, asks), 12.0);
        tiles[index].rate = rate;
        let count = recent(tiles[index].events);
        var held = tiles[index].held;
        // Just after a change that is counted already, what went with it is no further one. But what begins only now will still be
        // fresh when the next may be counted.
        let joins = now.time - tiles[index].events[0] < AT_ONCE;
        let begins = max(share_of_block(7u, corner), share_of_block(8u, corner));
        if count >= allowed(held, 0.0) && select(goes > 0.15, begins > 0.1, joins) {
            held = 1.0;
        } else if rate < RELEASED_BELOW {
            held = max(held - 2.0 * now.dt_s, 0.0);
        }
        tiles[index].held = held;
        found = vec3f(share_of_block(0u, corner), held, select(0.0, held, count >= FEW_TRANSITIONS));
    } else if inside {
        tiles[index].rate *= exp(-now.dt_s);
        tiles[index].went = vec4f(0.0);
        tiles[index].asked = vec2f(0.0);
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
            smoothstep(0.15, 0.22, worst.x), smoothstep(0.13, 0.20, all_soothed), worst.y, worst.z);
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
