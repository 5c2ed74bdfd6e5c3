// The maps of the flame: how the music chooses, turns and bends them.

const CELLS = 8294400u;
// After the maps, in the same buffer, stands the camera.
const CAMERA = 4u;
// How often each map is taken, added up.
const OFTEN = vec3f(0.46, 0.72, 0.90);
// How quickly maps and camera follow what they are to be.
const FOLLOW_S = 0.22;
const CAMERA_S = 0.6;
// Walkers that the camera looks at.
const WATCHED = 192u;

// An affine map, then a mixture of curves. The camera is one too: middle and scale in `linear`; petals, their distance from the
// middle and their spin in `curve_b`.
struct Map {
    linear: vec4f,
    // Where to, the colour, 0 to 1, and to which side a hit bends it.
    shift: vec4f,
    // Shares of: straight, sine, spherical, swirl.
    curve_a: vec4f,
    // Shares of: horseshoe, root (julia), disc, bubble.
    curve_b: vec4f,
}

fn chosen(dice: f32) -> u32 {
    return u32(dot(step(OFTEN, vec3f(dice)), vec3f(1.0)));
}

// Variations 0 to 3, 4, 13, 8 and 28 of the paper's appendix.
fn mapped(map: Map, p: vec2f, bent: vec2f, branch: f32) -> vec2f {
    let straight = vec2f(dot(map.linear.xy, p), dot(map.linear.zw, p));
    let q = turned(straight, bent * vec2f(1.0, map.shift.w)) + map.shift.xy;
    let r2 = dot(q, q) + 1e-4;
    let r = sqrt(r2);
    let swirl = turned(q, vec2f(sin(r2), cos(r2)));
    let root = branch * sqrt(0.5 * vec2f(r + q.x, max(r - q.x, 0.0))) * vec2f(1.0, select(-1.0, 1.0, q.y > 0.0));
    let disc = atan2(q.x, q.y) * (2.0 / TAU) * vec2f(sin(0.5 * TAU * r), cos(0.5 * TAU * r));
    let a = map.curve_a.x * q + map.curve_a.y * sin(1.4 * q) + map.curve_a.z * q / (r2 + 0.08) + map.curve_a.w * swirl;
    let b = map.curve_b.x * vec2f((q.x - q.y) * (q.x + q.y), 2.0 * q.x * q.y) / r + map.curve_b.y * 1.2 * root
        + map.curve_b.z * disc + map.curve_b.w * 2.0 * q / (0.25 * r2 + 1.0);
    return a + b;
}

// A hit, at once.
fn hit() -> f32 {
    return max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset) * moving();
}

// How a hit turns the maps, and stretches them.
fn bend() -> vec2f {
    let angle = 0.45 * hit() * scene.bend;
    return vec2f(cos(angle), sin(angle)) * (1.0 - 0.06 * hit());
}

// What a map is to be in the music's `generation`-th choice.
fn wanted(index: u32, generation: u32) -> Map {
    let turns = random2(vec2u(seed_of(index + 11u), generation));
    let place = random2(vec2u(seed_of(index + 23u), generation)) * 2.0 - 1.0;
    let kinds = random2(vec2u(seed_of(index + 37u), generation));
    let side = select(-1.0, 1.0, (index & 1u) == 0u);
    // The bass goes on turning it.
    let drifted = scene.drift * (0.03 * now.time_s + 0.25 * heard.bass_time_s * moving());
    let angle = TAU * turns.x + side * drifted / f32(index + 1u);
    // Long and thin, turned before and after: what is pressed together becomes filaments.
    let across = TAU * turns.y;
    let thin = vec2f(mix(0.75, 1.02, kinds.y), mix(0.12, 0.62, fract(kinds.y * 7.0)));
    let after = vec2f(cos(angle), sin(angle));
    let first = vec2f(cos(across), -sin(across)) * thin.x;
    let second = vec2f(sin(across), cos(across)) * thin.y;
    let linear = vec4f(after.x * first - after.y * second, after.y * first + after.x * second);
    // The first one is almost straight, and so repeats what the others curve.
    let share = select(0.45 + 0.5 * kinds.y, 0.25 * kinds.y, index == 0u);
    let kind = u32(kinds.x * 7.0);
    let one = vec4u(0u, 1u, 2u, 3u);
    let curve_a = select(vec4f(0.0), vec4f(share), one == vec4u(kind + 1u)) + vec4f(1.0 - share, 0.0, 0.0, 0.0);
    let curve_b = select(vec4f(0.0), vec4f(share), one + 3u == vec4u(kind));
    let shift = 0.7 * place * (1.0 + 0.1 * now.swell * moving());
    return Map(linear, vec4f(shift, f32(index) / 3.0, side), curve_a, curve_b);
}

// Looks at some walkers: where their middle is, and how far they are spread.
fn watched() -> vec3f {
    var sum = vec2f(0.0);
    for (var index = 0u; index < WATCHED; index++) {
        sum += clamp(walkers[index].xy, vec2f(-3.0), vec2f(3.0));
    }
    let middle = sum / f32(WATCHED);
    var spread = 0.0;
    for (var index = 0u; index < WATCHED; index++) {
        spread += min(length(walkers[index].xy - middle), 3.0);
    }
    return vec3f(middle, spread / f32(WATCHED));
}

// Two to five petals where the music is ordered, else one; another number with each phrase of four bars.
fn petals() -> f32 {
    let dice = random2(vec2u(seed_of(5u), u32(heard.phrase4_count) + 31u * u32(heard.section_change_count)));
    let ordered = dice.x < 0.25 + 0.4 * look.symmetry;
    let own = select(1.0, 2.0 + floor(4.0 * dice.y), ordered);
    return select(own, round(scene.petals), scene.petals >= 0.5);
}

fn camera_of(old: Map) -> Map {
    let found = watched();
    let share = select(1.0 - exp(-now.dt_s / CAMERA_S), 1.0, canvas.anew > 0.5);
    let count = petals();
    let middle = mix(old.linear.xy, found.xy, share);
    let spread = mix(old.linear.w, max(found.z, 0.1), share);
    let zoom = scene.size * select(0.37, 0.28, count > 1.5) / spread * (1.0 + 0.16 * hit());
    let apart = select(0.0, 0.20 + 0.12 * now.snare * moving(), count > 1.5);
    let spin = 0.015 * now.time_s + moving() * (0.04 * heard.all_time_s + 0.2 * now.beat + 0.1 * hit());
    return Map(vec4f(middle, zoom, spread), old.shift, old.curve_a, vec4f(count, apart, spin, 0.0));
}

@compute @workgroup_size(64) fn choose(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    let old = maps_rw[index];
    // Half of the maps change with a bar, all of them with a section.
    let bars = u32(heard.bar_count) + 16u * u32(heard.section_change_count) + u32(heard.drop_count) * 3u;
    let aim = wanted(index, (bars + index) / 2u);
    let camera = camera_of(old);
    let share = select(1.0 - exp(-now.dt_s / FOLLOW_S), 1.0, canvas.anew > 0.5);
    var next = Map(mix(old.linear, aim.linear, share), mix(old.shift, aim.shift, share),
        mix(old.curve_a, aim.curve_a, share), mix(old.curve_b, aim.curve_b, share));
    if index == CAMERA {
        next = camera;
    }
    maps_rw[index] = next;
}
