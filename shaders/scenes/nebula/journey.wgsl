// What is remembered of the flight: how far it went, and the shock waves under way.

const WAVES = 4u;
// How fast a wave runs, in frame heights a second, and how long it is seen.
const WAVE_SPEED = 1.1;
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
    let speed = 0.025 + moving() * (0.07 * now.energy + 0.22 * max(now.kick, 0.6 * now.onset) + 0.3 * heard.drop);
    it.way += scene.flight * speed * now.dt_s;
    for (var index = 0u; index < WAVES; index++) {
        it.waves[index] = select(it.waves[index] + vec4f(0.0, 0.0, now.dt_s, 0.0), vec4f(0.0, 0.0, 99.0, 0.0), is_first);
    }
    // Each kick begins one at a core; the place of the oldest is taken.
    let count = heard.kick_count;
    if count != it.kicks && !is_first {
        it.waves[u32(count) % WAVES] = vec4f(cores_now()[0].place, 0.0, 0.4 + 0.6 * heard.kick_strength);
    }
    it.kicks = count;
    journey_rw[0] = it;
}

// How far the waves shift what is seen here (xy), and how strongly they heat it (z).
fn waves_at(p: vec2f) -> vec3f {
    var sum = vec3f(0.0);
    for (var index = 0u; index < WAVES; index++) {
        let wave = journey[0].waves[index];
        let away = p - wave.xy;
        let far = length(away) + 1e-4;
        let radius = WAVE_SPEED * pow(wave.z, 0.75);
        let width = 0.015 + 0.05 * wave.z;
        let behind = (far - radius) / width;
        let left = wave.w * scene.waves * moving() * saturate(1.0 - wave.z / WAVE_S);
        // A sharp front, and a softer tail within.
        let front = exp(-behind * behind * select(1.0, 9.0, behind > 0.0)) * left;
        sum += vec3f(-away / far * front * 0.035, front * left);
    }
    return sum;
}
