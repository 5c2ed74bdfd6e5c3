// Scene "flame": a fractal flame (Scott Draves, "The Fractal Flame Algorithm", 2003). Many walkers play the chaos game with a few
// curved maps; where they have been is counted cell by cell, and shown as the logarithm of its density, coloured by the maps
// that led there. The maps are kept in `maps.wgsl`.

// Steps that a walker takes in a frame.
const STEPS = 12u;
// A walker that is farther away than this is born again.
const FARTHEST = 30.0;
// A cell holds how often it was hit in its upper bits, and the sum of the colours, 0 to 255, below.
const ONE_HIT = 1u << 20u;
const COLOURS = ONE_HIT - 1u;
const MOST_HITS = 4000u;

fn seed_of(salt: u32) -> u32 {
    return salt * 747796405u + u32(now.seed.x * 65536.0);
}

// How many cells the frame has, across and down.
fn cells() -> vec2u {
    return textureDimensions(flame);
}

// From the plane of the maps to the frame: moved to the middle, one of the petals, and spun.
fn seen(p: vec2f, dice: f32, camera: Map) -> vec2f {
    let petals = camera.curve_b.x;
    let q = (p - camera.linear.xy) * camera.linear.z + vec2f(camera.curve_b.y, 0.0);
    let angle = camera.curve_b.z + TAU * floor(dice * petals) / petals;
    return turned(q, vec2f(cos(angle), sin(angle)));
}

@compute @workgroup_size(64) fn walk(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    let fresh = random2(vec2u(index, seed_of(7u))) * 2.0 - 1.0;
    var it = select(walkers_rw[index], vec4f(fresh, 0.5, 0.0), canvas.anew > 0.5);
    let size = cells();
    let camera = maps[CAMERA];
    let bent = bend();
    // Where the processor draws, a part of the walkers walks: each tells how many they are.
    let walking = f32(canvas.count);
    let to_cell = vec2f(size) / vec2f(now.aspect, 1.0);
    for (var step = 0u; step < STEPS; step++) {
        // The same dice in each frame: walkers come to the same places again, which move only as the maps do, so that nothing shimmers.
        let dice = random2(vec2u(index * STEPS + step, seed_of(3u)));
        let map = maps[chosen(dice.x)];
        // The second number serves twice: its upper part chooses the petal, its lower the branch of the root.
        let next = mapped(map, it.xy, bent, select(-1.0, 1.0, fract(dice.y * 4096.0) < 0.5));
        let is_lost = !(dot(next, next) < FARTHEST * FARTHEST);
        it = select(vec4f(next, mix(it.z, map.shift.z, 0.5), walking), vec4f(fresh, 0.5, walking), is_lost);
        let cell = (seen(it.xy, dice.y, camera) + vec2f(0.5 * now.aspect, 0.5)) * to_cell;
        if all(cell >= vec2f(0.0)) && all(cell < vec2f(size)) {
            let at = u32(cell.y) * size.x + u32(cell.x);
            // A full cell stays full: its sums must not run into each other.
            if at < CELLS && atomicLoad(&hits_rw[at]) < MOST_HITS * ONE_HIT {
                atomicAdd(&hits_rw[at], ONE_HIT + u32(255.0 * saturate(it.z)));
            }
        }
    }
    walkers_rw[index] = it;
}

// Takes the counts out of the cells and adds them to what is left of earlier ones: density, in shares of an even spread, and
// colour times it.
@compute @workgroup_size(8, 8) fn gather(@builtin(global_invocation_id) id: vec3u) {
    let size = cells();
    if any(id.xy >= size) { return; }
    let at = id.y * size.x + id.x;
    let found = select(0u, atomicExchange(&hits_rw[min(at, CELLS - 1u)], 0u), at < CELLS);
    let share = f32(size.x * size.y) / (walkers[0].w * f32(STEPS));
    let fresh = vec2f(f32(found / ONE_HIT), f32(found & COLOURS) / 255.0) * share;
    let stays = exp(-now.dt_s / scene.trails) * (1.0 - canvas.anew);
    // A mean over time, so that the density is the same at any frame rate.
    let kept = mix(fresh, textureLoad(flame, id.xy, 0).xy, stays);
    textureStore(flame_out, id.xy, vec4f(min(kept, vec2f(60000.0)), 0.0, 1.0));
}

// Density in logarithm, 0 to about 1, and colour, 0 to 1.
fn flame_at(uv: vec2f) -> vec2f {
    let found = textureSampleLevel(flame, clamped, uv, 0.0).xy;
    return vec2f(log2(1.0 + 3.0 * found.x) / 9.0, found.y / max(found.x, 1e-4));
}

// Ink that is purest where it is thin, and white-hot where it is dense; what came by the first and the last map shines in
// the accents.
fn coloured(density: f32, colour: f32) -> vec3f {
    let body = ink(0.38 + 0.45 * density);
    let cool = mix(body, accent(1u), 0.85 * smoothstep(0.36, 0.12, colour));
    let hot = mix(cool, accent(0u) * 1.3, smoothstep(0.60, 0.85, colour));
    return mix(hot, ink(1.0) * 1.5, smoothstep(0.50, 0.85, density));
}

// What streams away from the flame: its light of before, carried outward, faster on a hit.
@fragment fn stream(in: Corner) -> @location(0) vec4f {
    let zoom = (0.35 + 2.2 * max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset) + 0.6 * now.energy) * moving();
    let turn = 0.05 * sin(0.21 * now.time_s) + 0.15 * (now.snare - 0.3 * now.energy) * moving();
    let before = earlier(wake, in.uv, zoom, turn, vec2f(0.0), 0.7);
    let found = flame_at(in.uv);
    let fresh = coloured(min(found.x, 0.5), found.y) * smoothstep(0.25, 0.8, found.x);
    return vec4f(max(before, fresh), 1.0);
}

// How much denser it is here than around, so that filaments stand out of what lies behind them.
fn stands_out(uv: vec2f, density: f32) -> f32 {
    let d = 2.0 / vec2f(cells());
    let around = flame_at(uv + vec2f(d.x, 0.0)).x + flame_at(uv - vec2f(d.x, 0.0)).x
        + flame_at(uv + vec2f(0.0, d.y)).x + flame_at(uv - vec2f(0.0, d.y)).x;
    return density - 0.25 * around;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let here = flame_at(in.uv);
    let density = max(here.x + 2.4 * stands_out(in.uv, here.x) * smoothstep(0.15, 0.5, here.x), 0.0);
    let sparks = 1.0 + 2.0 * now.hat * smoothstep(0.6, 0.9, here.y);
    // A crest is brighter than what is around it, but hardly whiter.
    let light = coloured(mix(here.x, density, 0.3), here.y) * (7.0 * density * density * density * sparks) * (0.75 + 0.55 * hit());
    let behind = textureSampleLevel(wake, clamped, in.uv, 0.0).rgb;
    return vec4f(light + behind * (0.20 * scene.wake), 1.0);
}
