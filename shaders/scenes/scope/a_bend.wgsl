// Scene "scope": a beam that the waveform bends, on a screen whose phosphor glows on.

struct State {
    // Turns of the figure along x, y and z, and how much of it is the sound alone; they run from one figure to the next.
    figure: vec4f,
    // Roll of the figure and its speed, its size and its speed.
    swing: vec4f,
    // How many times it is drawn around the middle.
    copies: f32,
}

struct Spot {
    place: vec2f,
    // Nearness: what is near is brighter.
    near: f32,
    spark: f32,
    // What the sound bends it by, smoothed: a beam that leaps from frame to frame is fur.
    bent: vec3f,
}

// A figure is a ribbon of strands, each a little later than the one before; the last has the accent's colour.
const SPOTS = 320u;
const STRANDS = 4u;

// A hit from 1 down to 0, a weak one hardly less: the kicks of a loud mix count as weak, and what they throw must be seen.
fn thrown(pulse: f32, strength: f32) -> f32 {
    return saturate(pulse / max(strength, 0.02)) * (0.8 + 0.2 * strength) * moving();
}

fn kicked() -> f32 {
    return thrown(heard.kick, heard.kick_strength) * scene.kick;
}

fn struck() -> f32 {
    return thrown(heard.snare, heard.snare_strength);
}

fn phrase() -> u32 {
    let counted = select(i32(heard.phrase4_count), i32(now.time_s / 12.0), heard.tempo_bpm < 1.0);
    return u32(counted + i32(heard.drop_count) + i32(heard.section_change_count) + i32(now.seed.x * 6.0) + 600);
}

// The figure that is due: turns along the axes (Lissajous, 1857), the share of the sound's own portrait, and in how many copies.
struct Figure {
    turns: vec4f,
    copies: f32,
}

fn due() -> Figure {
    let figures = array<Figure, 6>(
        Figure(vec4f(1.0, 1.0, 3.0, 0.0), 1.0),
        Figure(vec4f(1.0, 2.0, 3.0, 0.0), 3.0),
        Figure(vec4f(3.0, 2.0, 1.0, 0.0), 1.0),
        Figure(vec4f(2.0, 2.0, 5.0, 0.0), 3.0),
        Figure(vec4f(3.0, 4.0, 5.0, 0.0), 1.0),
        Figure(vec4f(1.0, 1.0, 2.0, 0.75), 3.0));
    let chosen = u32(max(scene.figure - 1.0, 0.0));
    return figures[select(chosen, phrase() % 6u, scene.figure < 0.5)];
}

@compute @workgroup_size(64) fn tie(@builtin(global_invocation_id) id: vec3u) {
    if index_of(id) > 0u { return; }
    var it = state_rw[0];
    let to = due();
    let dt_s = min(now.dt_s, 0.05);
    let ease = 1.0 - exp(-6.0 * dt_s);
    let is_anew = canvas.anew > 0.5;
    it.figure = mix(it.figure, to.turns, select(ease, 1.0, is_anew));
    it.copies = to.copies;
    // Each hit turns it on at once, and a kick throws it wide.
    let roll = TAU / 16.0 * (heard.kick_count + heard.snare_count + 0.25 * heard.other_count);
    let kick = kicked();
    let goal = vec2f(roll, 1.0 + 0.16 * kick * kick + 0.03 * heard.drop * heard.drop * moving());
    it.swing = select(it.swing, vec4f(roll, 0.0, 1.0, 0.0), is_anew | (abs(it.swing.x - roll) > TAU));
    let stiff = 1600.0;
    let damp = 60.0;
    let step = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let speed = it.swing.yw + step * (stiff * (goal - it.swing.xz - dt_s * it.swing.yw) - damp * it.swing.yw);
    let place = it.swing.xz + dt_s * speed;
    it.swing = vec4f(place.x, speed.x, place.y, speed.y);
    state_rw[0] = it;
}

// The sound at a place along the waveform, rounded so that the beam is a line and no fur, and let out at the ends, so that closed
// figures close.
fn heard_at(t: f32) -> f32 {
    let step = 7.0 / 1024.0;
    let weights = array<f32, 5>(0.12, 0.24, 0.28, 0.24, 0.12);
    var sum = vec2f(0.0);
    for (var tap = 0; tap < 5; tap++) {
        sum += weights[tap] * textureSampleLevel(waveform, clamped, vec2f(t + f32(tap - 2) * step, 0.5), 0.0).rg;
    }
    // What is only left or only right counts twice: a wide sound makes wide figures.
    let wide = 2.0 * scene.gain * moving() * (0.5 * (sum.x + sum.y) + 0.5 * (sum.x - sum.y));
    return wide / (1.0 + 0.9 * abs(wide)) * smoothstep(0.0, 0.08, t) * smoothstep(1.0, 0.92, t);
}

fn turn3(p: vec3f, yaw: f32, pitch: f32) -> vec3f {
    let a = turned(p.xz, vec2f(cos(yaw), sin(yaw)));
    let b = turned(vec2f(p.y, a.y), vec2f(cos(pitch), sin(pitch)));
    return vec3f(a.x, b.x, b.y);
}

@compute @workgroup_size(64) fn bend(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    let t = f32(index % SPOTS) / f32(SPOTS - 1u);
    let strand = f32(index / SPOTS);
    let later = strand * (0.012 + 0.01 * now.treble);
    let old = beam_rw[index].bent;
    let own = heard_at(fract(t + later)) * (1.0 - 0.2 * strand);
    let fresh = vec3f(own, heard_at(max(t - 0.035, 0.0)), heard_at(max(t - 0.07, 0.0)));
    // Hits trigger it: it leaps to the sound that begins, and follows slowly from there.
    let follows = mix(1.2, 26.0, pow(saturate(max(max(kicked(), struck()), 0.9 * now.onset)), 3.0));
    let bent = mix(old, fresh, max(1.0 - exp(-now.dt_s * follows), canvas.anew));
    let sound = bent.x;

    let figure = state[0].figure;
    let drift = 0.04 * now.time_s + 0.08 * heard.low_mid_time_s + strand * (0.13 + 0.12 * now.swell);
    let phase = vec3f(0.25 * TAU + 0.35 * sin(drift), 0.0, drift);
    let base = sin(TAU * t * figure.xyz + phase) * vec3f(1.0, 1.0, 0.6);
    // Ripples that run along the curve: long ones on kicks, short ones on snares.
    let ripple = 0.13 * kicked() * sin(TAU * (16.0 * t - 1.5 * now.time_s)) + 0.06 * struck() * sin(TAU * 32.0 * t);
    let knot = base * (0.36 * (1.0 + 0.5 * sound + ripple)) + vec3f(0.0, 0.0, 0.25 * sound);
    // A portrait of the sound: where it is against where it was (Packard and others, "Geometry from a time series", 1980).
    let portrait = vec3f(0.55 * bent.y, 0.27 + 0.5 * sound, 0.55 * bent.z);
    let p = mix(knot, portrait, figure.w);

    // It is never seen from its edge, from where any figure is a line.
    let q = turn3(p, 0.55 * sin(0.14 * now.time_s + 0.08 * heard.bass_time_s), 0.5 * sin(0.11 * now.time_s));
    let near = 1.0 / (1.35 - q.z);
    let roll = state[0].swing.x;
    let narrow = min(1.0, 0.2 + 0.8 * now.aspect);
    let size = 1.36 * near * narrow * state[0].swing.z * (0.90 + 0.04 * now.swell + 0.05 * now.onset * moving());
    let place = turned(q.xy * size, vec2f(cos(roll), sin(roll)));
    let dice = random2(vec2u(index, u32(heard.hat_count)));
    beam_rw[index] = Spot(place, near, select(0.0, now.hat, dice.x < 0.02), bent);
}
