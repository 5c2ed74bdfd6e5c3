// Scene "vortex": the warped feedback that made MilkDrop (Ryan Geiss, 2001), with inks in it instead of colours. `trail` holds
// what was drawn: in red how fresh the ink is, 1 white and 0 black, in green and blue the two accents. Ink that ages runs down
// the whole ramp.

// How many spokes the spectrum has on either side.
const SPOKES = 40.0;
// How far the waveform bends its ring, in frame heights.
const WAVE = 0.24;

// A hit from 1 down to 0, a weak one hardly less: the kicks of a loud mix count as weak, and what they throw must be seen.
fn thrown(pulse: f32, strength: f32) -> f32 {
    return saturate(pulse / max(strength, 0.02)) * (0.8 + 0.2 * strength) * moving();
}

fn kicked() -> f32 {
    return thrown(heard.kick, heard.kick_strength);
}

fn struck() -> f32 {
    return thrown(heard.snare, heard.snare_strength);
}

// What drives the whirl: it all but rests between hits, and each throws it on.
fn surge() -> f32 {
    let hit = max(max(kicked(), struck()), 0.6 * now.onset);
    return hit * hit * hit;
}

// How everything moves: growth and turning per second, and how they change around the circle and outward.
struct Motion {
    zoom: f32,
    turn: f32,
    lobes: f32,
    lobing: f32,
    shear: f32,
    ripple: f32,
}

// What changes with the phrases: a number that is never the same twice in a row.
fn chapter() -> u32 {
    let changes = heard.phrase4_count + heard.section_change_count + heard.drop_count;
    return u32(changes + floor(heard.all_time_s / 24.0) + 8.0 * now.seed.x);
}

fn motion_of(number: u32) -> Motion {
    let dice = random2(vec2u(number, 31u));
    let more = random2(vec2u(number, 77u));
    let side = select(-1.0, 1.0, more.y > 0.5);
    switch number % 5u {
        // Flight outward in petals.
        case 0u: { return Motion(0.75, 0.05 * side, 3.0 + floor(4.0 * dice.x), 0.65, 0.10 * side, 0.1); }
        // A whirl that falls inward.
        case 1u: { return Motion(-0.45, 0.22 * side, 2.0 + floor(3.0 * dice.x), 0.25, -0.30 * side, 0.2); }
        // Rings that turn against each other.
        case 2u: { return Motion(0.40, 0.03 * side, 2.0, 0.15, 0.55 * side, 0.5); }
        // A galaxy with arms.
        case 3u: { return Motion(0.30, 0.20 * side, 2.0 + floor(2.0 * dice.y), 0.55, -0.35 * side, 0.1); }
        // Waves that fold it.
        default: { return Motion(0.50, -0.06 * side, 4.0 + floor(5.0 * dice.y), 0.30, 0.12 * side, 0.9); }
    }
}

// The middle of the whirl wanders.
fn heart() -> vec2f {
    return moving() * 0.13 * vec2f(sin(0.31 * now.time_s + TAU * now.seed.y) * min(now.aspect, 1.3), sin(0.43 * now.time_s));
}

// The speed of what is at `p` from the heart, in frame heights a second.
fn speed_at(p: vec2f, how: Motion, land: vec4f) -> vec2f {
    let far = length(p) + 1e-4;
    let angle = atan2(p.y, p.x);
    let drive = 0.2 + 0.25 * now.energy + 3.6 * surge();
    let lobe = 1.0 + how.lobing * cos(how.lobes * angle + 0.9 * heard.bass_time_s);
    let zoom = how.zoom * lobe * drive;
    let turn = TAU * scene.twist * (how.turn + how.shear * cos(9.0 * far - 1.1 * heard.low_mid_time_s)) * drive;
    let along = vec2f(-land.z, land.y) / (0.5 + length(land.yz));
    let ripple = how.ripple * 0.06 * sin(vec2f(11.0, -13.0) * p.yx + vec2f(0.7, 1.1) * now.time_s);
    let bent = scene.bend * 0.09 * (0.4 + 0.6 * now.swell) * along;
    return scene.speed * moving() * (p * zoom + vec2f(-p.y, p.x) * turn + ripple + bent);
}

// The trail where it came from. What the sampler softens is sharpened again, so that lines stay lines however often they are
// read, and less so where it rests, which would curl it into worms; and where much lies close together it eats itself, which keeps
// black between the lines. All of that in pixels, since the sampler softens by pixels: sharpening further around wins in large frames,
// where little is softened, and fills them.
fn carried(from_uv: vec2f) -> vec3f {
    let step = 1.3 * canvas.px.zw;
    let here = textureSampleLevel(trail, clamped, from_uv, 0.0).rgb;
    let around = 0.25 * (textureSampleLevel(trail, clamped, from_uv + vec2f(step.x, 0.0), 0.0).rgb
        + textureSampleLevel(trail, clamped, from_uv - vec2f(step.x, 0.0), 0.0).rgb
        + textureSampleLevel(trail, clamped, from_uv + vec2f(0.0, step.y), 0.0).rgb
        + textureSampleLevel(trail, clamped, from_uv - vec2f(0.0, step.y), 0.0).rgb);
    let crisp = scene.crisp * (0.65 + 0.35 * saturate(4.0 * surge()));
    return here + (here - around) * crisp * min(9.0 * now.dt_s, 0.6) - around * (0.8 * now.dt_s);
}

// The waveform as a closed line: its ends fade into each other. `round` from 0 to 1.
fn wave_at(round: f32) -> f32 {
    let at = 0.36 * round;
    let two = textureSampleLevel(waveform, clamped, vec2f(at, 0.5), 0.0).xy;
    let over = textureSampleLevel(waveform, clamped, vec2f(at + 0.36, 0.5), 0.0).xy;
    return dot(mix(two, over, saturate(1.0 - at / 0.12)), vec2f(0.5));
}

// A line of so many pixels where the distance, in frame heights, is 0.
fn line(far: f32, width_px: f32) -> f32 {
    return saturate(0.5 + 0.5 * width_px - abs(far) * canvas.px.y);
}

// The ring of the waveform. It is drawn at hits, and twice a second where none come, so that one lies outside the other.
fn ring(p: vec2f) -> f32 {
    let round = fract(atan2(p.y, p.x) / TAU + 0.02 * now.time_s);
    let wave = wave_at(round);
    let slope = (wave_at(fract(round + 0.004)) - wave) / (0.004 * TAU);
    let size = (0.16 + 0.12 * now.swell) * min(now.aspect, 1.0);
    let away = length(p) - size - WAVE * wave;
    return line(away * inverseSqrt(1.0 + (WAVE * slope / size) * (WAVE * slope / size)), 2.2);
}

// What a hit prints: contours of the picture, all over the frame.
fn contours(height: f32) -> f32 {
    let layer = 7.0 * height;
    let far = abs(fract(layer) - 0.5) / max(fwidth(layer), 1e-4);
    return saturate(1.6 - far) * saturate(0.25 / max(fwidth(layer), 1e-4));
}

// Short spokes around the ring, as bright as their bands: carried along they become hair.
fn spokes(p: vec2f) -> f32 {
    let round = abs(atan2(p.x, -p.y)) / (0.5 * TAU);
    let slot = floor(round * SPOKES);
    let level = spectrum_at((slot + 0.5) / SPOKES);
    let across = (fract(round * SPOKES) - 0.5) / SPOKES * 0.5 * TAU * length(p);
    let within_dash = step(abs(length(p) - 0.30 - 0.12 * level), 0.01);
    return line(across, 1.2) * within_dash * smoothstep(0.25, 0.8, level);
}

// A stroke that a snare lays around the heart, at a distance and on a side of its own: it swells and runs out, like a brush's.
fn stroke(p: vec2f) -> f32 {
    let dice = random2(vec2u(u32(heard.snare_count), 5u));
    let more = random2(vec2u(u32(heard.snare_count), 6u));
    let along = fract(atan2(p.y, p.x) / TAU + dice.x) / (0.25 + 0.3 * more.x);
    let swell = max(sin(0.5 * TAU * along), 0.0) * step(along, 1.0);
    let far = length(p) - scene.stamps * (0.18 + 0.3 * dice.y) * (1.1 + 0.25 * along) * min(now.aspect, 1.0);
    return line(far, 0.5 + 5.0 * swell * swell) * sqrt(swell) * step(0.25, now.snare);
}

@fragment fn carry(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let land = textureSampleLevel(field, clamped, within(viewed(p)), 0.0);
    let from_uv = in.uv - speed_at(p - heart(), motion_of(chapter()), land) * now.dt_s / vec2f(now.aspect, 1.0);
    let before = carried(within(from_uv)) * (1.0 - canvas.anew);
    // It fades by a share and by an amount: the amount takes what would else gather as fog.
    let stays = exp(-now.dt_s * 0.25 / scene.stay);
    let old = clamp(before * stays - 0.05 * now.dt_s / scene.stay, vec3f(0.0), vec3f(1.2));
    let hit = saturate(max(now.kick, 0.8 * now.onset));
    let is_hit = step(0.6, max(hit, max(kicked(), struck())));
    let is_due = fract(2.0 * now.time_s) < 2.0 * now.dt_s;
    let wave = ring(p - heart()) * select(is_hit, 1.0, is_due);
    let print = contours(land.x) * step(0.72, hit);
    let drawn = vec3f(max(max(wave, spokes(p - heart())), 0.55 * print), wave * is_hit, stroke(p - heart()));
    return vec4f(max(old, drawn), 1.0);
}

// The front that a kick sends out of the heart: how high it stands at a distance. Its place follows from how far the pulse has fallen.
fn front(far: f32) -> f32 {
    let pulse = saturate(heard.kick / max(heard.kick_strength, 0.02));
    let from_front = (far - 0.18 - 0.45 * (1.0 - pulse)) / 0.07;
    return exp(-from_front * from_front) * kicked();
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // A kick tears the middle open, and a snare wrings it.
    let out = p - heart();
    let far = length(out) + 1e-4;
    let near = 1.0 / (1.0 + 5.0 * far * far);
    let shock = front(far);
    let open = 1.0 - 0.16 * kicked() * near - 0.05 * shock / far;
    let wrung = 0.22 * struck() * near;
    let from_uv = turned(out * open, vec2f(cos(wrung), sin(wrung))) + heart();
    let ages = textureSampleLevel(trail, clamped, 0.5 + from_uv / vec2f(now.aspect, 1.0), 0.0).rgb;
    // Far below, the same from the other side.
    let deep = textureSampleLevel(trail, clamped, 0.5 + (0.5 - in.uv) * 0.55, 0.0).rgb;
    var light = ink(0.6 * deep.x) * deep.x + accent(1u) * (0.4 * deep.z * deep.z);
    let fresh = pow(smoothstep(0.05, 1.0, ages.x), 1.25);
    light = mix(light, ink(fresh), smoothstep(0.03, 0.25, ages.x));
    light += accent(0u) * ages.y * ages.y * 1.2 + accent(1u) * ages.z * ages.z * 1.2;
    return vec4f(light * (1.0 + 0.9 * shock), 1.0);
}
