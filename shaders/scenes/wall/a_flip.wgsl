// Scene "wall": a bent wall of black tiles over a wet floor, each with one lamp that is a sign. The picture is made of tone: signs
// grow from a pin-point until they fill their tile. A kick runs through the wall as a wave that pushes tiles out and flips some, and
// what they show, and by which sign, changes where the first wave of a bar runs.

struct State {
    // Hits when the last wave was sent, when it was, and how many there have been.
    hits: f32,
    sent_s: f32,
    sent: f32,
    // Which display the last wave brings, and which sign.
    display: f32,
    family: f32,
    spare: f32,
    // Waves: where each began, how far it was a frame ago, and how far it is.
    waves: array<vec4f, 3>,
}

struct Tile {
    // On the wall, in frame heights from the frame's middle.
    middle: vec3f,
    // In half turns, with its speed, and where it comes to rest.
    turned: f32,
    right: vec3f,
    speed: f32,
    up: vec3f,
    goal: f32,
    // Across which way it flips.
    axis: vec2f,
    // Its lamp: sign and size.
    sign: f32,
    size: f32,
    light: vec3f,
    // What it shows.
    display: f32,
}

const TILES = 960u;
const WAVES = 3u;
// Waves are at least so far apart: more flips in a second would be flashes.
const REST_S = 0.5;
// What the tiles can show, besides the picture (0): bars of the spectrum, a ring, a travelling wave, a diagonal sweep.
const DISPLAYS = 5.0;
// Where the wall stands on the floor, and how far up it goes: beyond the frame.
const FLOOR = 0.325;
const TOP = -0.62;
// The middle of what is seen of it.
const EYE = vec2f(0.0, -0.09);

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving(); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving(); }

// A count that goes on at once with each hit, and then stands: by how a pulse falls from its strength.
fn stepped(count: f32, pulse: f32, strength: f32) -> f32 {
    let left = saturate(pulse / max(strength, 0.01));
    return count - left * left * left * left;
}

// From tile to tile, and how many columns and rows there are. Upright frames have smaller ones, so that figures keep their shape.
fn pitch() -> f32 {
    return 0.053 * mix(0.66, 1.0, saturate((now.aspect - 0.5) / 0.9));
}

fn grid() -> vec2u {
    let wanted = vec2f(1.22 * now.aspect + 0.1, FLOOR - TOP) / pitch();
    let columns = min(u32(ceil(wanted.x)), 46u);
    return vec2u(columns, min(u32(ceil(wanted.y)), TILES / columns));
}

@compute @workgroup_size(64) fn listen(@builtin(global_invocation_id) id: vec3u) {
    if index_of(id) > 0u { return; }
    var it = state_rw[0];
    let dt_s = min(now.dt_s, 0.05);
    // Where nothing is heard a wave comes now and then.
    let hits = heard.kick_count + heard.drop_count + floor(now.time_s / 7.0) * step(now.presence, 0.2);
    let is_first = canvas.anew > 0.5;
    if is_first {
        it = State(hits, -9.0, 0.0, 1.0, 1.0, 0.0, array<vec4f, 3>(vec4f(9.0), vec4f(9.0), vec4f(9.0)));
    }
    let dice = random2(vec2u(u32(hits + 4096.0), u32(now.seed.y * 65536.0)));
    let from_place = (dice - 0.5) * vec2f(0.8 * now.aspect, 0.6) + EYE;
    let is_hit = (hits != it.hits) & (abs(now.time_s - it.sent_s) > REST_S);
    for (var at = 0u; at < WAVES; at++) {
        let far = it.waves[at].w;
        it.waves[at].z = far;
        // Each hit carries them on; between hits they are slow.
        it.waves[at].w = far + dt_s * (0.3 + 1.1 * scene.flip) * (0.35 + 2.2 * kicked() + 1.6 * snared());
        if is_hit & (at == u32(it.sent) % WAVES) { it.waves[at] = vec4f(from_place, 0.0, 0.12); }
    }
    it.hits = hits;
    it.sent += select(0.0, 1.0, is_hit);
    it.sent_s = select(it.sent_s, now.time_s, is_hit);
    // Each second bar another one; where there are no bars, each sixth wave.
    let turn = select(floor(it.sent / 6.0), floor(0.5 * heard.bar_count), heard.bar_confidence > 0.1) + heard.drop_count
        + floor(5.0 * now.seed.x);
    let any = turn - DISPLAYS * floor(turn / DISPLAYS);
    let figure = 1.0 + turn - (DISPLAYS - 1.0) * floor(turn / (DISPLAYS - 1.0));
    let wanted = select(select(any, 0.0, scene.side == 1.0), figure, scene.side > 1.5);
    let is_due = is_hit | is_first | (scene.side > 0.5);
    it.display = select(it.display, wanted, is_due);
    it.family = select(it.family, floor(5.0 * fract(0.381966 * turn + now.seed.w)), is_due);
    state_rw[0] = it;
}

// How far a fresh wave pushes tiles out: a narrow front, and not for long.
fn lifted(p: vec2f) -> f32 {
    var z = 0.0;
    for (var at = 0u; at < WAVES; at++) {
        let wave = state[0].waves[at];
        let ring = (distance(p, wave.xy) - wave.w) / 0.11;
        z += 0.11 * exp(-ring * ring - 2.0 * wave.w);
    }
    return z * moving();
}

// The wall is bent around us, and the bass breathes in it.
fn surface(p: vec2f) -> vec3f {
    let k = 0.55 * scene.bend * (1.0 + 0.10 * now.swell * moving());
    let a = k * p.x;
    return vec3f(p.x * (1.0 - a * a / 6.0), p.y, 0.5 * a * p.x);
}

// How bright a display is at a place, 0 to 1, and how much it is accented. One large figure, and dark around it.
fn display_at(p: vec2f, display: f32) -> vec2f {
    let wide = max(now.aspect, 0.6);
    let q = p - EYE;
    switch u32(display) {
        // Bars: bass in the middle, treble at both sides; they glow towards their tops, which are accented.
        case 1u: {
            let level = smoothstep(0.12, 0.95, spectrum_at(0.03 + 1.4 * abs(p.x) / wide));
            let under = 0.04 + 0.80 * level - (FLOOR - p.y);
            let bar = smoothstep(-0.03, 0.04, under);
            return vec2f(bar * (0.22 + 0.78 * exp(-4.5 * max(under, 0.0))), smoothstep(0.10, 0.06, abs(under - 0.03)));
        }
        // A ring that each kick throws out of a heart, which the bass swells.
        case 2u: {
            let far = length(q) * max(1.0, 1.0 / wide);
            let radius = 0.37 - 0.22 * kicked();
            let ring = smoothstep(0.11, 0.02, abs(far - radius));
            let heart = smoothstep(0.05, -0.05, far - 0.09 - 0.09 * now.swell);
            return vec2f(max(ring, 0.9 * heart), heart);
        }
        // A wave that travels: the wave of the sound, with a slow one under it, and water below.
        case 3u: {
            let sound = textureSampleLevel(waveform, clamped, vec2f(0.5 + 0.25 * p.x / wide, 0.5), 0.0).x;
            let below = q.y - 0.17 * sin(4.2 * p.x - 2.2 * heard.all_time_s - now.time_s) - 0.10 * sound;
            let line = smoothstep(0.13, 0.02, abs(below));
            return vec2f(max(line, step(0.0, below) * 0.5 * exp(-5.0 * below)), 0.9 * smoothstep(0.09, 0.05, abs(below)) * step(0.0, sound));
        }
        // Diagonal fronts that sweep across in four bars, with long tails: each beat moves them on, and then they rest. Beats are surer than
        // bars, so that none jumps.
        case 4u: {
            let along = dot(q, vec2f(0.86, -0.51));
            let bars = select(0.07 * now.time_s, 0.11 * (heard.beat_count + 1.0 - pow(1.0 - heard.beat_phase, 4.0)), heard.beat_confidence > 0.1);
            let behind = 0.5 * bars * (wide + 0.9) - along;
            let again = behind - 1.35 * floor(behind / 1.35);
            let band = smoothstep(0.0, 0.04, again) * max(smoothstep(0.24, 0.16, again), 0.36 * exp(-2.6 * again));
            let second = smoothstep(0.07, 0.03, abs(again - 0.56));
            return vec2f(max(band, 0.9 * second), smoothstep(0.12, 0.08, again));
        }
        default: { return vec2f(0.0); }
    }
}

@compute @workgroup_size(64) fn flip(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    var it = tiles_rw[index];
    let count = grid();
    let cell = vec2f(vec2u(index % count.x, index / count.x));
    // Rows are counted from the floor up.
    let p = vec2f((cell.x + 0.5 - 0.5 * f32(count.x)) * pitch(), FLOOR - (cell.y + 0.5) * pitch());
    let dice = random2(vec2u(index, 3u));
    let dt_s = min(now.dt_s, 0.05);
    if canvas.anew > 0.5 {
        it.turned = 0.0;
        it.speed = 0.0;
        it.goal = 0.0;
        it.axis = vec2f(0.0, 1.0);
        it.display = state[0].display;
        it.sign = state[0].family;
    }
    // A wave that passes changes what a tile shows, and flips each third one away from where it came from: all of them turning at
    // once are a flash.
    var crest = 0.0;
    for (var at = 0u; at < WAVES; at++) {
        let wave = state[0].waves[at];
        let from_wave = p - wave.xy;
        let far = length(from_wave) + 0.02 * dice.x;
        let behind = (wave.w - far) / 0.09;
        crest = max(crest, select(0.0, exp(-behind - 2.2 * wave.w), behind > 0.0));
        if (far < wave.z) | (far >= wave.w) { continue; }
        it.display = state[0].display;
        it.sign = state[0].family;
        // One that is still turning lets it pass: tiles that spin without rest are mist.
        if (dice.y < 0.36) & (abs(it.goal - it.turned) < 0.2) {
            it.goal += 1.0;
            // It flips over one of its edges, whichever lies across the wave.
            it.axis = select(vec2f(0.0, 1.0), vec2f(1.0, 0.0), abs(from_wave.y) > abs(from_wave.x));
        }
    }
    let stiff = 150.0;
    let damp = 18.0;
    let ease = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let shiver = now.snare * 18.0 * (dice.y - 0.5) * moving();
    it.speed += ease * (stiff * (it.goal - it.turned - dt_s * it.speed) - damp * it.speed + shiver);
    it.turned += dt_s * it.speed;

    let here = surface(p);
    let half = 0.5 * pitch();
    it.right = surface(p + vec2f(half, 0.0)) - here;
    it.up = vec3f(0.0, half, 0.0);
    it.right = normalize(it.right) * half;
    let out = normalize(cross(it.right, it.up));
    it.middle = here + out * (lifted(p) + 0.03 * kicked() * dice.x);

    // The picture is one display of all, in its own light.
    let seen = magnified(viewed(p)).rgb;
    let is_picture = it.display < 0.5;
    let around = luminance(textureSampleLevel(ambience, clamped, within(viewed(p)), 0.0).rgb);
    let pixel = smoothstep(0.34, 0.80, 0.5 + 1.6 * (sqrt(luminance(seen)) - sqrt(around)) + 0.35 * (sqrt(around) - 0.3));
    // As a figure it fills the wall, and so it is less bright than the others.
    let shown = select(display_at(p, it.display), vec2f(0.62 * pixel, 0.0), is_picture);
    let tone = saturate(shown.x);
    // From dark through full colour to almost white.
    let picture_light = vivid(seen, 2.0) / (luminance(seen) + 0.15);
    let own = select(ink(0.42 + 0.26 * tone), picture_light, is_picture);
    let face = vivid(mix(own, accent(0u), 0.95 * shown.y), 1.25);
    // Behind the figure the picture glimmers, small and dim.
    let dim = 0.5 * pixel * (1.0 - tone);
    let fresh = max(face * (0.06 + (0.2 + 1.5 * dice.x * dice.x + 0.35 * dice.x) * tone * tone * tone) * smoothstep(0.03, 0.10, tone), picture_light * (0.9 * dim));
    // Lamps are quicker at a hit than between hits, so that the wall does not flicker.
    let news = 8.0 + 20.0 * max(kicked(), snared());
    let ease_in = max(1.0 - exp(-now.dt_s * news), canvas.anew);
    // The front of a wave is thin, and so it may be quick; and so are the sparks of a hat, a few lamps here and there.
    let spark = select(0.0, min(now.hat, 1.0), fract(dice.x + 0.381 * heard.hat_count) < 0.025);
    let quick = max(accent(1u) * (1.5 * crest * moving()), ink(0.95) * (1.4 * spark));
    it.light = max(mix(it.light, fresh, ease_in), quick);
    // No lamp is quite as large as the next: a regular grid of them is stripes, which hurt.
    let lit_size = (0.4 + 0.6 * dice.x) * max(mix(0.06, 1.0, pow(tone, 0.75)) * smoothstep(0.02, 0.06, tone), 0.12 + 0.7 * dim);
    it.size = max(mix(it.size, lit_size, ease_in), max(0.45 * crest * moving(), 0.8 * spark));
    tiles_rw[index] = it;
}
