// Scene "wall": tiles that hang on a bent wall, each with a sign on both sides. A kick runs through it as a wave that flips them,
// and what they show changes where the first wave of a bar runs. Hits turn the signs, and lamps wait for them to show what is new.

struct State {
    // Hits when the last wave was sent, when it was, how many there have been, and the push of the camera with its speed.
    hits: f32,
    sent_s: f32,
    sent: f32,
    // Which display the last wave brings.
    display: f32,
    push: vec2f,
    // Waves: where each began, how far it was a frame ago, and how far it is.
    waves: array<vec4f, 3>,
}

struct Tile {
    // On the wall, in frame heights from its middle.
    middle: vec3f,
    // In half turns, with its speed, and where it comes to rest.
    turned: f32,
    right: vec3f,
    speed: f32,
    up: vec3f,
    goal: f32,
    // Across which way it flips.
    axis: vec2f,
    // Which lamp: its sign and its size.
    sign: f32,
    size: f32,
    light: vec3f,
    // What it shows, and whether that is in the accent.
    display: f32,
    accented: f32,
}

const TILES = 576u;
const WAVES = 3u;
// Waves are at least so far apart: more flips in a second would be flashes.
const REST_S = 0.5;
// What the tiles can show, besides the picture (0): bars of the spectrum, an eye, a travelling wave, rings of the past.
const DISPLAYS = 5.0;
// The wall is so much larger than the frame: turned in space it still fills it.
const OVER = 1.4;

fn hit() -> f32 {
    return max(now.kick, 0.35 * now.onset) * moving();
}

// A count that goes on at once with each hit, and then stands: by how a pulse falls from its strength.
fn stepped(count: f32, pulse: f32, strength: f32) -> f32 {
    let left = saturate(pulse / max(strength, 0.01));
    return count - left * left * left * left;
}

// Columns and rows of tiles, which are about square.
fn grid() -> vec2u {
    let flat_grid = select(vec2u(24u, 24u), vec2u(32u, 18u), now.aspect > 1.3);
    return select(flat_grid, vec2u(18u, 32u), now.aspect < 0.77);
}

@compute @workgroup_size(64) fn listen(@builtin(global_invocation_id) id: vec3u) {
    if index_of(id) > 0u { return; }
    var it = state_rw[0];
    let dt_s = min(now.dt_s, 0.05);
    // Where nothing is heard a wave comes now and then.
    let hits = heard.kick_count + heard.drop_count + floor(now.time_s / 7.0) * step(now.presence, 0.2);
    if canvas.anew > 0.5 {
        it = State(hits, -9.0, 0.0, 1.0, vec2f(0.0), array<vec4f, 3>(vec4f(9.0), vec4f(9.0), vec4f(9.0)));
    }
    let dice = random2(vec2u(u32(hits + 4096.0), u32(now.seed.y * 65536.0)));
    let from_place = (dice - 0.5) * vec2f(0.9 * now.aspect, 0.9);
    let is_hit = (hits != it.hits) & (abs(now.time_s - it.sent_s) > REST_S);
    for (var at = 0u; at < WAVES; at++) {
        let far = it.waves[at].w;
        it.waves[at].z = far;
        // Each hit carries them on; between hits they all but stand.
        it.waves[at].w = far + dt_s * (0.3 + 1.1 * scene.flip) * (0.25 + 1.9 * now.onset * now.onset + 1.5 * now.kick);
        if is_hit & (at == u32(it.sent) % WAVES) { it.waves[at] = vec4f(from_place, 0.0, 0.12); }
    }
    it.hits = hits;
    it.sent += select(0.0, 1.0, is_hit);
    it.sent_s = select(it.sent_s, now.time_s, is_hit);
    // Each bar another one; where there are no bars, each fourth wave.
    let turn = select(floor(0.25 * it.sent), heard.bar_count, heard.bar_confidence > 0.1) + heard.drop_count;
    let any = turn - DISPLAYS * floor(turn / DISPLAYS);
    let figure = 1.0 + turn - (DISPLAYS - 1.0) * floor(turn / (DISPLAYS - 1.0));
    let wanted = select(select(any, 0.0, scene.side == 1.0), figure, scene.side > 1.5);
    it.display = select(it.display, wanted, is_hit | (scene.side > 0.5));
    let stiff = 90.0;
    let damp = 19.0;
    let step_s = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let pushed = 22.0 * pow(hit(), 4.0) + 12.0 * heard.drop * heard.drop * moving();
    it.push.y += step_s * (-stiff * (it.push.x + dt_s * it.push.y) - damp * it.push.y + pushed);
    it.push.x += dt_s * it.push.y;
    state_rw[0] = it;
}

// The wall is all but flat, so that the grid stays straight: one long, low wave, which the bass drives. Only a fresh wave lifts it,
// and not for long.
fn surface(p: vec2f) -> vec3f {
    let t = 0.3 * now.time_s + 0.5 * heard.bass_time_s;
    var z = (0.018 + 0.014 * now.swell * moving()) * sin(2.6 * p.x + 1.1 * p.y - t);
    for (var at = 0u; at < WAVES; at++) {
        let wave = state[0].waves[at];
        let ring = (distance(p, wave.xy) - wave.w) / 0.14;
        z += 0.07 * moving() * exp(-ring * ring - 3.0 * wave.w);
    }
    // Columns and rows are not equally broad: what is too regular would be softened by the stage.
    return vec3f(p + 0.036 * sin(9.0 * p + vec2f(1.0, 2.0)), scene.bend * z);
}

// How bright a display is at a place, 0 to 1, and how much it is accented.
fn display_at(p: vec2f, display: f32) -> vec2f {
    let wide = max(now.aspect, 0.6);
    switch u32(display) {
        // Bars: bass in the middle, treble at both sides, the topmost lamp accented.
        case 1u: {
            let level = 0.95 * smoothstep(0.1, 0.95, spectrum_at(0.03 + 1.5 * abs(p.x) / wide)) - 0.48;
            let above = level + p.y;
            let lamp = smoothstep(-0.02, 0.03, above) * (0.25 + 0.55 * exp(-5.0 * above));
            return vec2f(0.20 + lamp, smoothstep(0.08, 0.03, abs(above - 0.03)));
        }
        // An eye that looks around with the bars; its pupil widens with the bass, its lids close in silence.
        case 2u: {
            let gaze = 0.16 * (random2(vec2u(u32(heard.bar_count + 64.0), 9u)) - 0.5) * vec2f(2.0, 1.0);
            // As wide as the frame.
            let q = p * max(1.0, 1.6 / wide);
            let far = length(q - gaze);
            let lid = 0.46 * (0.35 + 0.65 * now.presence) * (1.0 - 1.3 * q.x * q.x) - abs(q.y);
            let inside = smoothstep(-0.03, 0.02, lid);
            let pupil = 0.09 + 0.09 * now.swell;
            let iris = smoothstep(0.30, 0.27, far) * smoothstep(pupil - 0.02, pupil + 0.02, far);
            let white = 0.75 * smoothstep(0.27, 0.33, far);
            return vec2f(0.20 + inside * (0.62 * white + 0.8 * iris - 0.1), inside * iris);
        }
        // A wave that travels: the wave of the sound, low on the left, with a slow one under it.
        case 3u: {
            let sound = textureSampleLevel(waveform, clamped, vec2f(0.5 + 0.25 * p.x / wide, 0.5), 0.0).x;
            let off = abs(p.y - 0.22 * sin(5.0 * p.x - 2.2 * heard.all_time_s - now.time_s) - 0.20 * sound);
            return vec2f(0.20 + 0.80 * smoothstep(0.30, 0.02, off), smoothstep(0.08, 0.03, off));
        }
        // Rings: the past of the bands, the newest in the middle.
        default: {
            let far = length(p);
            let level = textureSampleLevel(history, clamped, vec2f(0.005 + 0.22 * far, 0.9 - 0.3 * abs(p.y)), 0.0).x;
            return vec2f(0.20 + 0.8 * smoothstep(0.5, 0.95, level), smoothstep(0.8, 0.95, level));
        }
    }
}

@compute @workgroup_size(64) fn flip(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    var it = tiles_rw[index];
    var crest = 0.0;
    let count = grid();
    let cell = vec2f(vec2u(index % count.x, index / count.x));
    let pitch = OVER * vec2f(now.aspect, 1.0) / vec2f(count);
    let p = (cell + 0.5 - 0.5 * vec2f(count)) * pitch;
    let dice = random2(vec2u(index, 3u));
    let dt_s = min(now.dt_s, 0.05);
    if canvas.anew > 0.5 {
        it.turned = 0.0;
        it.speed = 0.0;
        it.goal = 0.0;
        it.axis = vec2f(0.0, 1.0);
        it.display = state[0].display;
        it.accented = 0.0;
    }
    // A wave that passes changes what a tile shows, and flips each second one away from where it came from: the others fade, since
    // all of them turning at once are a flash.
    for (var at = 0u; at < WAVES; at++) {
        let wave = state[0].waves[at];
        let from_wave = p - wave.xy;
        let far = length(from_wave) + 0.02 * dice.x;
        let behind = (wave.w - far) / 0.07;
        crest = max(crest, select(0.0, exp(-behind - 1.6 * wave.w), behind > 0.0));
        if (far < wave.z) | (far >= wave.w) { continue; }
        it.display = state[0].display;
        it.accented = fract(0.5 * state[0].sent) * 2.0;
        // One that is still turning lets it pass: tiles that spin without rest are mist.
        if (dice.y < 0.5) & (abs(it.goal - it.turned) < 0.2) {
            it.goal += 1.0;
            it.axis = normalize(vec2f(-from_wave.y, from_wave.x) + 1e-4);
        }
    }
    let stiff = 150.0;
    let damp = 18.0;
    let ease = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let shiver = now.snare * 14.0 * (dice.y - 0.5) * moving();
    it.speed += ease * (stiff * (it.goal - it.turned - dt_s * it.speed) - damp * it.speed + shiver);
    it.turned += dt_s * it.speed;

    let here = surface(p);
    it.middle = here;
    it.right = surface(p + vec2f(0.5 * pitch.x, 0.0)) - here;
    it.up = surface(p + vec2f(0.0, 0.5 * pitch.y)) - here;

    // The picture is one display of all: its lights are its own. Neighbours differ in it, since a field of equal lamps is a pattern,
    // which the stage softens. Each second wave turns a figure to the accent.
    let seen = magnified(viewed(p)).rgb;
    let is_picture = it.display < 0.5;
    let pixel = smoothstep(0.2, 0.8, sqrt(luminance(seen))) * mix(0.4, 1.05, dice.x);
    let shown = select(display_at(p, it.display), vec2f(pixel, 0.0), is_picture);
    let inks = mix(ink(0.25 + 0.75 * shown.x), accent(0u), 0.9 * shown.y);
    let strong = mix(ink(0.4), accent(0u), smoothstep(0.2, 0.5, shown.x));
    let accented = mix(mix(strong, ink(1.0), 0.3 * shown.x * shown.x), ink(0.6), shown.y);
    let figure = vivid(select(inks, accented, it.accented > 0.5), 1.5);
    let face = select(figure, vivid(seen, 1.7), is_picture & (it.accented < 0.5));
    let spark = select(0.0, now.hat, fract(dice.x + 0.381 * heard.hat_count) < 0.04);
    let focus = 1.0 - 0.5 * smoothstep(0.25, 0.8, length(p / vec2f(max(now.aspect, 1.0), 1.0)));
    let fresh = face * ((0.50 + 2.0 * shown.x * shown.x * shown.x) * focus) + spark * 2.0 * ink(0.95);
    // Lamps wait for a hit to show what is new, and hardly change between hits. They fade even then: large parts that switch would
    // be held back, and softened, by the stage.
    let news = 0.7 + 15.0 * max(now.onset * now.onset, now.kick * now.kick);
    let ease_in = max(1.0 - exp(-now.dt_s * news), canvas.anew);
    // The front of a wave is thin, and so it may be quick.
    it.light = max(mix(it.light, fresh, ease_in), accent(1u) * (1.6 * crest * moving()));
    it.size = mix(it.size, mix(0.40, 1.0, shown.x) * (1.0 + 0.25 * spark) , ease_in);
    // Lamps of one brightness have one sign, so that they read as one field; each bar shows other ones.
    let turn = floor(0.5 * heard.bar_count + it.display);
    it.sign = select(0.0, 1.0 + floor(4.99 * fract(0.8 * round(3.0 * shown.x) / 3.0 + 0.381 * turn)), dice.x < scene.glyphs);
    tiles_rw[index] = it;
}
