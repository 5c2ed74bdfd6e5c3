// What is remembered of the flight: how far it went, and the shock waves under way.

const WAVES = 4u;
// How fast a wave runs, in frame heights a second, and how long it is seen.
const WAVE_SPEED = 0.75;
const WAVE_S = 1.6;

struct Journey {
    // Which way was gone, in sheets passed over their number; and kicks counted.
    way: f32,
    kicks: f32,
    // Middle, age in seconds, strength.
    waves: array<vec4f, WAVES>,
}

@compute @workgroup_size(1) fn travel(@builtin(global_invocation_id) id: vec3u) {
    if id.x > 0u { return; }
    var it = journey_rw[0];
    let is_first = canvas.anew > 0.5;
    it.way = select(it.way, 10.0 * now.seed.w, is_first);
    let speed = 0.025 + moving() * (0.07 * now.energy + 0.22 * struck() + 0.3 * heard.drop);
    it.way += scene.flight * speed * now.dt_s;
    for (var index = 0u; index < WAVES; index++) {
        it.waves[index] = select(it.waves[index] + vec4f(0.0, 0.0, now.dt_s, 0.0), vec4f(0.0, 0.0, 99.0, 0.0), is_first);
    }
    // Each kick begins one at a core; the place of the oldest is taken.
    let count = heard.kick_count;
    if count != it.kicks && !is_first {
        it.waves[u32(count) % WAVES] = vec4f(core_place(), 0.0, 0.4 + 0.6 * heard.kick_strength);
    }
    it.kicks = count;
    journey_rw[0] = it;
}

// How far the fronts shift what is seen here (xy), and how strongly they heat it (z). A front is wide, and frayed by the clouds.
fn waves_at(p: vec2f) -> vec3f {
    var sum = vec3f(0.0);
    for (var index = 0u; index < WAVES; index++) {
        let wave = journey[0].waves[index];
        if wave.z > WAVE_S { continue; }
        let away = p - wave.xy;
        let far = length(away) + 1e-4;
        let way = away / far;
        let radius = WAVE_SPEED * pow(wave.z, 0.7);
        // Far from every front there is nothing to find.
        if abs(far - radius) > 0.4 { continue; }
        let torn = clouds_at(1.9 * way + 1.4 * p + 1.7 * f32(index));
        let behind = far - radius - 0.34 * (torn.x - 0.5) * (0.3 + radius);
        let width = select(0.10, 0.025, behind > 0.0) * (0.6 + radius);
        let left = wave.w * scene.waves * moving() * saturate(1.0 - wave.z / WAVE_S) * smoothstep(0.05, 0.25, radius);
        let front = exp(-behind * behind / (width * width)) * left;
        sum += vec3f(-way * front * 0.010, front * smoothstep(0.30, 0.65, torn.y));
    }
    return sum;
}
