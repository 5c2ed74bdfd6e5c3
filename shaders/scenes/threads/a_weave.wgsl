// Scene "threads": straight strings between nails, whose envelopes are curves (Mary Everest Boole's curve stitching, 1880s). The
// sound swings them: what a band has played runs as light from its string's middle to the nails, and hits send waves through all.

struct State {
    // The weave before, the one that is due, and how much of the way is gone.
    before: f32,
    due: f32,
    share: f32,
    // How many waves there have been, and hits when the last was sent.
    sent: f32,
    hits: f32,
    // Turn of the weave and its speed; size and its speed.
    turn: vec2f,
    size: vec2f,
    // Waves: where each began, how long ago, and how strong it is.
    waves: array<vec4f, 4>,
}

struct Spot {
    place: vec2f,
    near: f32,
    light: f32,
}

const STRINGS = 144u;
const SPOTS = 32u;
const WAVES = 4u;
const WEAVES = 5u;

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving() * scene.pluck; }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving() * scene.pluck; }

fn weave_due() -> f32 {
    let counted = select(i32(heard.phrase4_count), i32(now.time_s / 14.0), heard.tempo_bpm < 1.0);
    let by_music = u32(counted + i32(heard.drop_count + heard.section_change_count) + i32(now.seed.x * 5.0) + 500) % WEAVES;
    return select(scene.weave - 1.0, f32(by_music), scene.weave < 0.5);
}

@compute @workgroup_size(64) fn listen(@builtin(global_invocation_id) id: vec3u) {
    if index_of(id) > 0u { return; }
    var it = state_rw[0];
    let dt_s = min(now.dt_s, 0.05);
    let due = weave_due();
    let hits = heard.kick_count + heard.snare_count;
    let beat_turn = heard.beat_count * 0.125;
    if (canvas.anew > 0.5) | (abs(it.turn.x - beat_turn) > 1.5) {
        it = State(due, due, 1.0, 0.0, hits, vec2f(beat_turn, 0.0), vec2f(1.0, 0.0), array<vec4f, 4>());
    }
    if due != it.due {
        it.before = it.due;
        it.due = due;
        it.share = 0.0;
    }
    it.share = min(it.share + dt_s / 1.6, 1.0);
    // Each kick and snare sends a wave from another place.
    let is_hit = hits != it.hits;
    it.hits = hits;
    let dice = random2(vec2u(u32(hits + 4096.0), u32(now.seed.y * 65536.0)));
    let slot = u32(it.sent) % WAVES;
    for (var at = 0u; at < WAVES; at++) {
        it.waves[at].z += dt_s;
        if is_hit & (at == slot) {
            it.waves[at] = vec4f((dice - 0.5) * vec2f(0.7 * now.aspect, 0.5), 0.0, max(heard.kick_strength, 0.6));
        }
    }
    it.sent += select(0.0, 1.0, is_hit);
    // Springs: a beat turns the weave on, and a kick throws it towards us.
    let stiff = 420.0;
    let damp = 28.0;
    let step = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let size_push = 20.0 * kicked() * kicked() + 30.0 * heard.drop * heard.drop * moving();
    it.turn.y += step * (stiff * (beat_turn - it.turn.x - dt_s * it.turn.y) - damp * it.turn.y);
    it.size.y += step * (stiff * (1.0 - it.size.x - dt_s * it.size.y) - damp * it.size.y + size_push);
    it.turn.x += dt_s * it.turn.y;
    it.size.x += dt_s * it.size.y;
    state_rw[0] = it;
}

fn on_circle(turn: f32, radius: f32) -> vec2f {
    return radius * vec2f(cos(TAU * turn), sin(TAU * turn));
}

// The two nails of a string.
struct Nails {
    a: vec3f,
    b: vec3f,
}

// From each place of a circle to the one so many times as far around: a cardioid and its kin.
fn cardioid(v: f32) -> Nails {
    let times = 3.5 + 1.5 * sin(0.09 * now.time_s + 0.10 * heard.low_mid_time_s);
    return Nails(vec3f(on_circle(v, 0.50), 0.0), vec3f(on_circle(v * times, 0.50), 0.28 * sin(TAU * v)));
}

// Two rings, one above the other, turned against each other.
fn hourglass(v: f32) -> Nails {
    let twist = 0.36 + 0.09 * sin(0.21 * now.time_s);
    let above = on_circle(v, 0.50);
    let below = on_circle(v + twist, 0.50);
    return Nails(vec3f(above.x, -0.50, above.y), vec3f(below.x, 0.50, below.y));
}

// Two families that cross, each twisted.
fn silk(v: f32, index: u32) -> Nails {
    let is_weft = (index & 1u) == 1u;
    let at = (v - 0.5) * 1.15;
    let twist = 0.9 * sin(0.17 * now.time_s + 2.0 * f32(index & 1u));
    let warp = Nails(vec3f(-0.75, at, 0.3 * sin(5.0 * at)), vec3f(0.75, at * twist, 0.3 * cos(4.0 * at)));
    let weft = Nails(vec3f(at, -0.58, 0.25 * cos(4.0 * at)), vec3f(-at * twist, 0.58, -0.25));
    return Nails(select(warp.a, weft.a, is_weft), select(warp.b, weft.b, is_weft));
}

// Between neighbouring arms of a star, from far out on one to far in on the other.
fn star(index: u32) -> Nails {
    let arms = 6.0;
    let arm = floor(f32(index) / 24.0);
    let far = (f32(index % 24u) + 0.5) / 24.0;
    let lift = 0.35 * sin(0.3 * now.time_s);
    let near = 1.0 - far;
    let a = vec3f(on_circle(arm / arms, 0.66 * far), lift * far);
    return Nails(a, vec3f(on_circle((arm + 1.0) / arms, 0.66 * near), -lift * near));
}

// From an outer ring to an inner one that is wound twice.
fn vortex(v: f32) -> Nails {
    let wound = 2.0 * v + 0.25 + 0.1 * sin(0.2 * now.time_s);
    return Nails(vec3f(on_circle(v, 0.58), 0.12 * sin(TAU * 3.0 * v)), vec3f(on_circle(wound, 0.17), -0.35));
}

fn nails(weave: f32, index: u32) -> Nails {
    let v = f32(index) / f32(STRINGS);
    var it = cardioid(v);
    if weave == 1.0 { it = hourglass(v); }
    if weave == 2.0 { it = silk(v, index); }
    if weave == 3.0 { it = star(index); }
    if weave == 4.0 { it = vortex(v); }
    return it;
}
