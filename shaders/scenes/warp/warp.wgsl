// Scene "warp": a flight along a bent way. Everything lies at a depth ahead and is moved aside by the bend: clouds as walls,
// stars as streaks and gates (`light.wgsl`), rocks and the planet, its hero (`bodies.wgsl`). What is remembered is the ship.

// What is one unit wide at depth 1 is so many frame heights wide.
const FOCUS = 0.55;

struct Ship {
    // Way gone, speed in units a second, roll in radians, and beats gone, which gates follow.
    way: f32,
    speed: f32,
    roll: f32,
    beats: f32,
    // How the way bends: frame heights aside for a unit of depth.
    bend: vec2f,
    // How many planets have come past, and where this one is: turns around the way.
    planets: f32,
    bearing: f32,
}

fn hit() -> f32 {
    return max(now.kick, 0.8 * now.onset) * moving();
}

@compute @workgroup_size(1) fn fly(@builtin(global_invocation_id) id: vec3u) {
    if id.x > 0u { return; }
    var it = ship_rw[0];
    let is_first = canvas.anew > 0.5;
    let dt_s = now.dt_s;
    // A hit is felt at once, and the speed falls back slowly.
    let wanted = scene.speed * (0.25 + moving() * (1.5 * now.energy + 3.0 * heard.build_up + 5.0 * heard.drop) + 2.4 * hit());
    let rate = select(1.8, 22.0, wanted > it.speed);
    it.speed = select(it.speed + (wanted - it.speed) * (1.0 - exp(-rate * dt_s)), wanted, is_first);
    it.way = select(fract((it.way + it.speed * dt_s) / 4096.0) * 4096.0, 100.0 * now.seed.x, is_first);
    let side = select(-1.0, 1.0, (u32(heard.phrase4_count) & 1u) == 0u);
    it.roll += side * moving() * (0.06 + 0.25 * now.energy + 1.1 * now.snare) * dt_s;
    it.roll = select(it.roll, TAU * now.seed.y, is_first);
    // Beats go on by the tempo, and are drawn towards where the beat is heard.
    let tempo_hz = select(0.15, heard.tempo_bpm / 60.0, heard.tempo_bpm > 20.0);
    let off = fract(heard.beat_phase - it.beats + 0.5) - 0.5;
    let drawn = off * heard.beat_confidence * (1.0 - exp(-6.0 * dt_s));
    it.beats = select(it.beats + dt_s * tempo_hz + drawn, heard.beat_phase, is_first);
    let t = 0.17 * now.time_s + 0.35 * heard.bass_time_s * moving();
    it.bend = scene.bend * (0.020 + 0.010 * now.swell) * vec2f(cos(t) + 0.6 * sin(1.7 * t), sin(1.3 * t));
    // Each planet comes from elsewhere; the first is there already.
    let planets = select(fract((it.planets + it.speed * dt_s / PLANET_EVERY) / 64.0) * 64.0, floor(32.0 * now.seed.z) + 0.2, is_first);
    let elsewhere = fract(it.bearing + 0.3 + 0.4 * heard.phrase4_phase);
    let first = fract(now.seed.w + 0.381 * heard.key + 0.27 * floor(0.25 * now.time_s));
    it.bearing = select(select(it.bearing, elsewhere, floor(planets) != floor(it.planets)), first, is_first);
    it.planets = planets;
    ship_rw[0] = it;
}

// Where in the frame something is that stands at `at` (x, y from the way, and how far ahead).
fn seen(at: vec3f, it: Ship) -> vec2f {
    let rolled = turned(at.xy, vec2f(cos(it.roll), sin(it.roll)));
    return rolled * FOCUS / max(at.z, 0.05) + it.bend * at.z;
}

// Where the way leads to, as far as it can be seen.
fn goal() -> vec2f {
    return ship[0].bend * 11.0;
}

// Noise that repeats, kept in a texture: slopes at the corners of a lattice that wraps.
fn wrapped_noise(p: vec2f, period: i32, salt: u32) -> f32 {
    let corner = vec2i(floor(p));
    let at = p - floor(p);
    let f = at * at * at * (at * (at * 6.0 - 15.0) + 10.0);
    var ends: array<f32, 4>;
    for (var index = 0; index < 4; index++) {
        let step = vec2i(index & 1, index >> 1u);
        let slope = random2(vec2u((corner + step) % period) + vec2u(salt * 7919u, u32(period) * 104729u)) * 2.0 - 1.0;
        ends[index] = dot(slope, at - vec2f(step));
    }
    return 1.4 * mix(mix(ends[0], ends[1], f.x), mix(ends[2], ends[3], f.x), f.y);
}

// Clouds, and ridges of clouds.
@fragment fn sow(in: Corner) -> @location(0) vec4f {
    var sums = vec2f(0.0);
    var strength = 0.5;
    var period = 4;
    let salt = u32(now.seed.x * 65536.0);
    for (var layer = 0u; layer < 6u; layer++) {
        let p = in.uv * f32(period);
        let ridge = 1.0 - 2.5 * abs(wrapped_noise(p, period, salt + layer + 20u));
        sums += strength * vec2f(wrapped_noise(p, period, salt + layer), ridge);
        strength *= 0.55;
        period *= 2;
    }
    return vec4f(0.5 + 0.6 * sums.x, 0.5 + 0.5 * sums.y, 0.0, 1.0);
}

// The clouds around the way: near ones rush past at the frame's edge, far ones lie around the goal.
@fragment fn wall(in: Corner) -> @location(0) vec4f {
    let it = ship[0];
    let p = centred(in.uv);
    // Twice, since how far the way is bent depends on how deep we see.
    let guess = min(FOCUS * 1.3 / (length(p - goal() * 0.6) + 0.02), 11.0);
    let q = turned(p - it.bend * guess, vec2f(cos(it.roll), -sin(it.roll)));
    let r = length(q) + 1e-3;
    let depth = FOCUS * 1.3 / r;
    let around = atan2(q.y, q.x) / TAU;
    let along = 0.045 * (depth + 0.4 * it.way);
    // Clouds go by more slowly than stars, and are long: what fills the frame must not flicker.
    let wide = textureSampleLevel(grain, repeating, vec2f(around + 0.5 * along, along), 0.0);
    let torn = vec2f(4.0 * around - along + 0.10 * wide.x, 0.9 * along + 0.16 * wide.y);
    let fine = textureSampleLevel(grain, repeating, torn, 0.0);
    let there = smoothstep(0.50, 0.80, wide.x + 0.4 * (fine.x - 0.5));
    let threads = smoothstep(0.45, 0.95, fine.y + 0.5 * (wide.x - 0.5));
    // The slow spectrum stands around the way.
    let tone = textureSampleLevel(spectrum, clamped, vec2f(abs(fract(around * 2.0 + 0.1) * 2.0 - 1.0) * 0.8, 0.375), 0.0).x;
    let far = smoothstep(10.0, 2.0, depth) * smoothstep(0.35, 2.4, depth);
    // Cold clouds, warm ones across from them, and few in the third colour.
    let warm = smoothstep(0.55, 0.8, 0.45 + 0.3 * sin(TAU * around + 0.05 * it.way) + 0.8 * (wide.y - 0.5));
    let cold = mix(ink(0.25 + 0.25 * there + 0.25 * threads), accent(1u), 0.5 * smoothstep(0.55, 0.75, fine.x));
    let tint = vivid(mix(cold, accent(0u) * (0.3 + 0.5 * threads), warm), 1.3);
    let light = tint * (there * (0.05 + 0.55 * threads) + 0.45 * threads * threads * threads) * (0.15 + 0.6 * tone) * far;
    // Never very bright, for the same reason.
    return vec4f(scene.clouds * 1.1 * light / (1.0 + luminance(light) * 6.0), 1.0);
}

// The clouds at full size, the light that everything comes from, and the planet, behind all that is nearer.
@fragment fn open(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let far = length(p - goal());
    let bright = 0.5 + 0.15 * now.swell + 0.2 * now.energy;
    let core = ink(1.0) * (0.0006 / (0.0004 + far * far)) + mix(ink(0.7), accent(0u), 0.35) * 0.10 * exp(-6.0 * far);
    return vec4f(with_planet(textureSampleLevel(walls, clamped, in.uv, 0.0).rgb + core * bright, p), 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // Each hit pulls the frame towards the goal, the edges most.
    let q = p - goal();
    let pulled = goal() + q * (1.0 - hit() * 0.09 * dot(q, q) / (0.15 + dot(q, q)));
    return vec4f(textureSampleLevel(space, clamped, pulled / vec2f(now.aspect, 1.0) + 0.5, 0.0).rgb, 1.0);
}
