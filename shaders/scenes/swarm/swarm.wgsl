// Scene "swarm": sparks as short streaks. Some ride the picture's contours; the others form figures, which each kick blows apart.
// This file says where they fly.

struct Spark {
    // From the middle, in frame heights.
    place: vec2f,
    speed: vec2f,
    // Its light, and its streak's half width in frame heights.
    light: vec3f,
    width: f32,
    // Its own number, 0 to 1, and what is left of its life in seconds.
    kind: f32,
    left_s: f32,
}

const FIGURES = 5u;
// So many give as much light as a GPU's hundred thousand, each being larger and brighter.
const BRIGHT = 16000.0;
// A hit's front begins at this distance, so that it is seen at once, and runs so far in a second, in frame heights. Whom it takes
// leaps ahead by so many seconds of the speed that it gives.
const FRONT_FROM = 0.38;
const FRONT_SPEED = 8.0;
const LEAP_S = 0.045;

fn reach() -> vec2f {
    return vec2f(0.56 * now.aspect, 0.56);
}

fn born(index: u32, again: u32) -> Spark {
    let dice = random2(vec2u(index, again * 977u + u32(now.seed.y * 65536.0)));
    let more = random2(vec2u(index + 7919u, again));
    let place = (dice * 2.0 - 1.0) * reach();
    return Spark(place, vec2f(0.0), vec3f(0.0), 0.0, more.x, 2.0 + 9.0 * more.y);
}

// Which figure is due: another one every two bars, and with a drop or a new section.
fn figure_due() -> u32 {
    let counted = select(i32(floor(heard.bar_count * 0.5)), i32(now.time_s / 6.0), heard.tempo_bpm < 1.0);
    return u32(counted + i32(heard.drop_count + heard.section_change_count) + i32(now.seed.x * 5.0) + 500) % FIGURES;
}

fn on_circle(turn: f32, radius: f32) -> vec2f {
    return radius * vec2f(cos(TAU * turn), sin(TAU * turn));
}

// A spark's place in a figure, in space, for two numbers of its own from 0 to 1.
fn in_figure(figure: u32, u: f32, v: f32) -> vec3f {
    // Three rings, one in the other, each tilted its own way.
    let ring = floor(3.0 * v);
    let around = on_circle(u, 0.44 - 0.12 * ring);
    let tilt = on_circle(0.09 * ring + 0.02 * now.time_s, 1.0);
    var place = vec3f(around.x, around.y * tilt.x, around.y * tilt.y);
    // A torus, wound by lines.
    let wound = on_circle(floor(24.0 * v) / 24.0 + 2.0 * u, 0.15);
    let torus = vec3f(on_circle(u, 0.32 + wound.x), wound.y);
    // A spiral of five arms.
    let far = sqrt(v);
    let arm = floor(5.0 * u) / 5.0 + 0.03 * fract(5.0 * u);
    let spiral = vec3f(on_circle(arm + 0.55 * far, 0.04 + 0.46 * far), 0.10 * (1.0 - far));
    // A rose of seven petals in four sizes.
    let petals = (0.55 + 0.45 * cos(TAU * 7.0 * u)) * (0.2 + 0.09 * floor(4.0 * v));
    let rose = vec3f(on_circle(u, petals), 0.12 * cos(TAU * 3.5 * u));
    // A globe of parallels.
    let parallel = (floor(7.0 * v) + 0.5) / 7.0 * 2.0 - 1.0;
    let globe_ring = on_circle(u, 0.43 * sqrt(1.0 - parallel * parallel));
    let globe = vec3f(globe_ring.x, 0.43 * parallel, globe_ring.y);
    place = select(place, torus, figure == 1u);
    place = select(place, spiral, figure == 2u);
    place = select(place, rose, figure == 3u);
    return select(place, globe, figure == 4u);
}

// A place in space as it is seen: z is how near it is. The bass turns it.
fn seen_from(place: vec3f) -> vec3f {
    let slow = 0.10 * now.time_s + 0.25 * heard.bass_time_s * moving();
    let rolled = turned(place.xy, vec2f(cos(slow), sin(slow)));
    let pitch = 0.5 + 0.35 * sin(0.31 * slow);
    let tipped = turned(vec2f(rolled.y, place.z), vec2f(cos(pitch), sin(pitch)));
    let near = 1.0 / (1.3 - tipped.y);
    let wide = mix(vec2f(1.0), vec2f(max(now.aspect, 1.0), max(1.0 / now.aspect, 1.0)), 0.4);
    return vec3f(wide * vec2f(rolled.x, tipped.x) * (1.35 * near * min(1.0, 0.1 + 0.85 * now.aspect)), near);
}

// What a hit's front does to a spark at a distance: once, in the frame in which it runs over it. How long ago the hit was follows from
// how far its pulse has fallen. Weak hits throw hardly less: the kicks of a loud mix count as weak.
fn struck(pulse: f32, strength: f32, fall_s: f32, far: f32) -> f32 {
    let age_s = -fall_s * log(max(pulse / max(strength, 0.02), 1e-4));
    let is_over = far < FRONT_FROM + FRONT_SPEED * age_s;
    let was_over = age_s > now.dt_s & far < FRONT_FROM + FRONT_SPEED * (age_s - now.dt_s);
    return select(0.0, 0.8 + 0.2 * strength, is_over & !was_over) * exp(-1.6 * far);
}

@compute @workgroup_size(64) fn fly(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    var it = sparks_rw[index];
    let is_first = canvas.anew > 0.5;
    // Born in any case, and taken where it is due: Mesa 22.3 crashes on the call within the branch.
    let fresh = born(index, select(u32(now.time_s * 60.0), 0u, is_first));
    if is_first | (it.left_s <= 0.0) {
        it = fresh;
    }
    let dt_s = min(now.dt_s, 0.05);
    let at = within(viewed(it.place));
    let land = textureSampleLevel(field, clamped, at, 0.0);
    // Along the contours; each spark a little its own way.
    let along = vec2f(-land.z, land.y) / (0.4 + length(land.yz));
    let side = select(-1.0, 1.0, it.kind > 0.12);
    let drift = turned(vec2f(0.15, 0.0), vec2f(cos(TAU * it.kind), sin(TAU * it.kind)));
    let wander = along * side * (0.3 + 1.3 * scene.order) + drift * (1.2 - scene.order);
    let wanted = wander * (0.04 + 0.12 * now.energy + 0.06 * now.swell);
    // Its home in the figure, round which it runs; the more order, the more sparks have one.
    let dice = random2(vec2u(index, 5u));
    let is_home = fract(f32(index) * 0.618034) < 0.35 + 0.7 * scene.order;
    let run = 0.02 * now.time_s + 0.04 * heard.high_mid_time_s * moving();
    let home = seen_from(in_figure(figure_due(), fract(dice.x + run), dice.y));
    let ahead = seen_from(in_figure(figure_due(), fract(dice.x + run + 0.002), dice.y));
    let tangent = (ahead.xy - home.xy) / (length(ahead.xy - home.xy) + 1e-5);
    // A kick's front throws them out from a place that wanders; a snare's whirls them and splits them into two shells.
    let heart = 0.35 * now.drift * vec2f(2.0, 1.4);
    let away = it.place - heart;
    let far = length(away) + 0.05;
    let out = away / far;
    let kick = struck(heard.kick, heard.kick_strength, 0.18, far);
    let snare = struck(heard.snare, heard.snare_strength, 0.14, far);
    let other = struck(heard.other, heard.other_strength, 0.12, far);
    let shell = select(-1.0, 1.0, fract(it.kind * 13.0) > 0.4);
    let thrown = out * ((3.6 * kick + 0.4 * other) * scene.blast + 2.8 * shell * snare) + vec2f(-out.y, out.x) * (1.8 * snare);
    // A spring that a kick lets go takes it home; who has none is driven by the current.
    let loose = 1.0 - 0.7 * saturate(1.6 * now.kick);
    let back = (home.xy - it.place) * 170.0 * loose + (tangent * 0.10 - it.speed) * 21.0;
    let adrift = (wanted - it.speed) * 9.0;
    it.speed += select(adrift, back, is_home) * dt_s + thrown;
    it.place += moving() * (it.speed * dt_s + thrown * LEAP_S);
    it.left_s -= dt_s * (0.6 + 1.4 * now.energy) * select(1.0, 0.0, is_home);
    // Who leaves comes in on the other side, but those of a figure come back.
    let edge = reach();
    if !is_home & any(abs(it.place) > edge) {
        it.place = clamp(-it.place, -edge, edge) * 0.995;
    }
    // Three sizes: dust, sparks, and a few stars.
    let size = select(select(0.0007, 0.0013, it.kind > 0.62), 0.0025, it.kind > 0.965);
    let near = select(0.8, smoothstep(0.5, 1.05, home.z) * 1.3 + 0.25, is_home);
    // As much light for few sparks as for many.
    let share = sqrt(BRIGHT / f32(canvas.count));
    it.width = size * scene.size * near * share;
    it.light = light_of(it, at, is_home, near, dice) * share;
    sparks_rw[index] = it;
}

// Its light: those of a figure shine in the inks and accents; the others in the picture's own colours. `own` are its two numbers.
fn light_of(it: Spark, at: vec2f, is_home: bool, near: f32, own: vec2f) -> vec3f {
    let fast = length(it.speed);
    // What is near is warm, what is far is cold; every eighth strand has the other accent's colour.
    let cold = vivid(ink(0.32 + 0.30 * fract(own.x + 1.5 * own.y) + 0.3 * saturate(fast - 0.9)), 1.2);
    let warm = mix(cold, accent(0u), smoothstep(0.95, 1.3, near + 0.3 * fract(it.kind * 7.0)));
    let figured = select(warm, accent(1u), fract(8.0 * own.y + own.x) < 0.12);
    let adrift = vivid(textureSampleLevel(picture, clamped, at, 0.0).rgb, 1.4) * 1.6 + 0.04;
    // Hats make a few flash, and so do kicks the largest.
    let flash = select(0.0, 4.5 * now.hat, fract(it.kind * 57.0 + heard.hat_count * 0.37) < 0.05)
        + select(0.0, 4.0 * saturate(heard.kick / max(heard.kick_strength, 0.02)), it.kind > 0.985);
    let star = select(1.0, 1.8, it.kind > 0.965);
    let strength = (select(0.5, 0.15, is_home) + 0.16 * min(fast, 2.0)) * star * near;
    return (select(adrift, figured, is_home) * strength + ink(1.0) * flash) * saturate(it.left_s);
}
