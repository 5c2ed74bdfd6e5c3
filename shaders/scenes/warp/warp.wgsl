// Scene "warp": the jump. Everything runs out of one point, which is white-hot: stars as streaks that grow towards the edge, gates as
// one series of frames around it (`light.wgsl`), and far out the picture, drawn into filaments. Between them it is black. What is
// remembered is the ship.

// What is one unit wide at depth 1 is so many frame heights wide.
const FOCUS = 0.55;

struct Ship {
    // Way gone, speed in units a second, roll in radians, and beats gone, which gates follow.
    way: f32,
    speed: f32,
    roll: f32,
    beats: f32,
    // Where everything comes from, in frame heights from the middle.
    goal: vec2f,
    spare: vec2f,
}

fn hit() -> f32 {
    return max(now.kick, 0.8 * now.onset) * moving();
}

// What lines leap by: kicks, and less by other hits, since what leaps more often than thrice a second is held back as a flash.
fn leap() -> f32 {
    return max(now.kick, 0.5 * now.onset) * moving();
}

@compute @workgroup_size(1) fn fly(@builtin(global_invocation_id) id: vec3u) {
    if id.x > 0u { return; }
    var it = ship_rw[0];
    let is_first = canvas.anew > 0.5;
    let dt_s = now.dt_s;
    // A hit is felt at once, and the speed falls back in a quarter of a second: what is quick is the hits' alone.
    let wanted = scene.speed * (0.15 + moving() * (0.5 * now.energy + 3.0 * heard.build_up + 5.0 * heard.drop) + 4.5 * hit());
    let rate = select(4.0, 30.0, wanted > it.speed);
    it.speed = select(it.speed + (wanted - it.speed) * (1.0 - exp(-rate * dt_s)), wanted, is_first);
    it.way = select(fract((it.way + it.speed * dt_s) / 4096.0) * 4096.0, 100.0 * now.seed.x, is_first);
    let side = select(-1.0, 1.0, (u32(heard.phrase4_count) & 1u) == 0u);
    it.roll += side * moving() * (0.02 + 0.03 * now.energy + 1.3 * now.snare) * dt_s;
    it.roll = select(it.roll, TAU * now.seed.y, is_first);
    // Beats go on by the tempo, and are drawn towards where the beat is heard.
    let tempo_hz = select(0.15, heard.tempo_bpm / 60.0, heard.tempo_bpm > 20.0);
    let off = fract(heard.beat_phase - it.beats + 0.5) - 0.5;
    let drawn = off * heard.beat_confidence * (1.0 - exp(-6.0 * dt_s));
    it.beats = select(it.beats + dt_s * tempo_hz + drawn, heard.beat_phase, is_first);
    let t = 0.17 * now.time_s + 0.30 * heard.bass_time_s * moving();
    let room = vec2f(min(0.16 * now.aspect, 0.24), 0.10);
    it.goal = scene.bend * room * vec2f(0.7 * cos(t) + 0.3 * sin(1.7 * t), sin(1.3 * t));
    ship_rw[0] = it;
}

fn goal() -> vec2f {
    return ship[0].goal;
}

// Where in the frame something is that stands at `at` (x, y from the way, and how far ahead).
fn seen(at: vec3f, it: Ship) -> vec2f {
    let rolled = turned(at.xy, vec2f(cos(it.roll), sin(it.roll)));
    return it.goal + rolled * FOCUS / max(at.z, 0.05);
}

// How many gates have passed. They leap with the beat and then glide, so that each beat sends one towards us.
fn gates_passed(it: Ship) -> f32 {
    let f = fract(it.beats);
    let left = 1.0 - f;
    return floor(it.beats) + mix(f, 1.0 - left * left * left, 0.75 * moving());
}

// What the gates' light is at a depth: what the bass played runs from the far end to us.
fn pulse_at(z: f32) -> f32 {
    let ago = max(FARTHEST_GATE - z, 0.0) * 0.035;
    let bass = textureSampleLevel(history, clamped, vec2f(ago / 8.0, 0.93), 0.0).x;
    return bass * bass * bass;
}

// The light that everything comes from, and around it the walls: the ridges of the picture, drawn out along the way.
@fragment fn open(in: Corner) -> @location(0) vec4f {
    let it = ship[0];
    let p = centred(in.uv) - it.goal;
    let r = length(p) + 1e-4;
    let ahead = FOCUS / r;
    // The core: small and white, in a little warmth. A hit makes it larger.
    let size = 0.00006 * (1.0 + 2.5 * hit() + 0.8 * now.swell);
    let white = exp(-55.0 * r);
    var light = mix(mix(accent(0u), ink(0.9), 0.4) * 0.8, ink(1.0), white) * (3.0 * size / (0.4 * size + r * r) * exp(-20.0 * r))
        + mix(accent(0u), ink(0.8), 0.4) * (0.06 * (0.6 + 0.5 * now.level + 0.3 * hit()) * exp(-16.0 * r));
    let far = smoothstep(0.10, 0.42, r);
    if far > 0.0 {
        // Twice around, mirrored where it would not fit, and endless along the way.
        let around = atan2(p.y, p.x) - it.roll;
        let fold = abs(fract(2.0 * around / TAU) * 2.0 - 1.0);
        let along = 0.16 * ahead + 0.035 * it.way;
        let run = abs(fract(0.5 * along) * 2.0 - 1.0);
        let wide = textureSampleLevel(grain, repeating, vec2f(around / TAU + 0.3 * along, 0.35 * along), 0.0);
        let fine = textureSampleLevel(grain, repeating, vec2f(9.0 * around / TAU + 0.25 * wide.x, 0.45 * along + 0.10 * wide.y), 0.0);
        let drawn = textureSampleLevel(field, clamped, vec2f(fold + 0.02 * (fine.x - 0.5), run), 0.0);
        // Filaments are where a line of the noise and the picture's light meet; elsewhere it is black.
        let line = saturate(1.0 - abs(fine.x - 0.5) * 22.0);
        let thread = smoothstep(0.66, 0.98, fine.y) + 0.8 * line * line;
        let there = smoothstep(0.50, 0.72, wide.x + 0.45 * (drawn.x - 0.5));
        let tone = textureSampleLevel(spectrum, clamped, vec2f(0.05 + 0.8 * fold, 0.375), 0.0).x;
        let bright = there * (0.012 + 1.1 * thread * thread * thread) * (0.25 + 1.0 * tone + 0.5 * hit()) * far * smoothstep(0.15, 0.45, r);
        light += ink(0.28 + 0.5 * saturate(thread * there)) * (scene.clouds * bright);
    }
    return vec4f(light, 1.0);
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

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // Each hit pulls the frame towards the goal, the edges most.
    let q = p - goal();
    let pulled = goal() + q * (1.0 - leap() * 0.15 * dot(q, q) / (0.12 + dot(q, q)));
    return vec4f(textureSampleLevel(space, clamped, pulled / vec2f(now.aspect, 1.0) + 0.5, 0.0).rgb, 1.0);
}
