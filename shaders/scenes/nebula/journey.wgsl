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
    let speed = 0.025 + moving() * (0.07 * now.energy + 0.22 * max(now.kick, 0.6 * now.onset) + 0.3 * heard.drop);
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

// How far the shells shift what is seen here (xy), their own light (z), and how strongly they heat the gas (w). A shell is torn into
// filaments and lacks one side: a thin line in places, nowhere a ring.
fn waves_at(p: vec2f) -> vec4f {
    var sum = vec4f(0.0);
    for (var index = 0u; index < WAVES; index++) {
        let wave = journey[0].waves[index];
        if wave.z > WAVE_S { continue; }
        let away = p - wave.xy;
        let far = length(away) + 1e-4;
        let way = away / far;
        let radius = WAVE_SPEED * pow(wave.z, 0.7);
        let width = 0.0025 + 0.006 * wave.z;
        // Far from every front there is nothing to find.
        if abs(far - radius) > 0.16 { continue; }
        let torn = clouds_at(1.9 * way + 0.6 * far + 1.7 * f32(index));
        let threads = clouds_at(5.5 * way + vec2f(3.0 * far - 4.0 * wave.z, 0.7));
        let behind = (far - radius - 0.09 * (torn.x - 0.5) * (0.3 + radius)) / width;
        let left = wave.w * scene.waves * moving() * saturate(1.0 - wave.z / WAVE_S) * smoothstep(0.10, 0.34, radius);
        let faces = vec2f(cos(2.4 * f32(index) + 1.0), sin(2.4 * f32(index) + 1.0));
        let there = smoothstep(-0.1, 0.8, dot(way, faces)) * smoothstep(0.44, 0.66, torn.y + 0.3 * (threads.x - 0.5));
        // A sharp front, and filaments that trail within.
        let front = exp(-behind * behind * select(0.8, 2.0, behind > 0.0));
        let tail = select(exp(0.10 * behind), 0.0, behind > 0.0);
        let knots = smoothstep(0.50, 0.90, threads.z);
        let line = front * (0.10 + 1.3 * knots) + 0.35 * tail * knots * knots;
        sum += vec4f(-way * (front + tail) * left * 0.012, line * there * left, (0.5 * front + 0.5 * tail) * left);
    }
    return sum;
}
