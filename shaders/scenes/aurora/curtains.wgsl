// The curtains: sheets that hang over a folded line on the ground, seen in perspective. Where a fold turns its edge to us, more
// light lies along the way, and it shines brighter.

const CURTAINS = 3u;
const SEGMENTS = 160u;
// The camera looks up by this angle (its cosine and sine), and sees so far.
const TILT = vec2f(0.92, 0.39);
const FOCUS = 0.95;

// Where a curtain stands on the ground at `s`, 0 to 1: x to the right, y away.
fn ground_at(s: f32, curtain: f32) -> vec2f {
    let t = 0.06 * now.time_s + 0.35 * scene.wander * heard.bass_time_s * moving() + 2.4 * curtain + TAU * now.seed.w;
    let wide = 1.7 * max(now.aspect, 0.8);
    let slow = TAU * (1.3 * s + 0.37 * curtain) + 0.7 * t;
    let quick = TAU * (3.7 * s - 0.21 * curtain) - 1.1 * t;
    let fine = TAU * 9.0 * s + 1.9 * t;
    // A snare shakes the folds.
    let deep = scene.folds * (0.8 + 0.5 * now.swell + 0.6 * snared());
    let x = wide * (2.0 * s - 1.0) + 0.30 * sin(slow) + deep * (0.20 * sin(quick) + 0.07 * sin(fine));
    let z = 1.9 + 0.75 * curtain + 0.55 * sin(slow + 1.3) + deep * (0.20 * cos(quick) + 0.07 * cos(fine));
    return vec2f(x, z);
}

// From the world, y up, to the frame; and how near it is.
fn projected(at: vec3f) -> vec3f {
    let y = at.y * TILT.x - at.z * TILT.y;
    let z = max(at.z * TILT.x + at.y * TILT.y, 0.2);
    return vec3f(FOCUS * at.x / z, HORIZON - 0.22 - FOCUS * y / z, 1.0 / z);
}

struct CurtainCorner {
    @builtin(position) position: vec4f,
    // Along the curtain, and 0 at its hem to 1 at its top.
    @location(0) s: f32,
    @location(1) up: f32,
    // How bright it is, and how much of that is a front's.
    @location(2) light: f32,
    @location(3) front: f32,
    @location(4) @interpolate(flat) curtain: f32,
}

// The fronts that pass `s` now.
fn fronts_at(s: f32, curtain: f32) -> f32 {
    var sum = 0.0;
    for (var index = 0u; index < FRONTS; index++) {
        let it = memory[0].fronts[index];
        let behind = (abs(s - it.x) - 0.42 * it.y) / (0.018 + 0.03 * it.y);
        let tail = exp(-behind * behind * select(0.35, 1.0, behind > 0.0));
        sum += tail * it.z * exp(-1.6 * it.y) * select(0.35, 1.0, it.w == curtain);
    }
    return sum * scene.fronts;
}

@vertex fn curtain_corner(@builtin(vertex_index) vertex: u32) -> CurtainCorner {
    let which = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u)[vertex % 6u];
    let segment = vertex / 6u;
    // The farthest first.
    let curtain = f32(CURTAINS - 1u - segment / SEGMENTS);
    let s = f32(segment % SEGMENTS + (which & 1u)) / f32(SEGMENTS);
    let up = f32(which >> 1u);
    let at = ground_at(s, curtain);
    let next = ground_at(s + 0.002, curtain);
    // Low tones in the middle, high ones at both ends.
    let tone = spectrum_at(abs(2.0 * s - 1.0) * 0.9 + 0.03);
    let front = fronts_at(s, curtain);
    let hem = 1.55 + 0.10 * sin(TAU * 2.1 * s + 0.3 * now.time_s + curtain) - 0.10 * front * moving() - 0.07 * kicked();
    let tall = scene.height * (1.0 + 0.35 * kicked()) * (0.7 + 1.3 * tone + 0.5 * heard.build_up + 0.3 * front)
        * (0.8 + 0.12 * curtain);
    let place = projected(vec3f(at.x, hem + tall * up, at.y));
    let base = projected(vec3f(at.x, hem, at.y));
    let beside = projected(vec3f(next.x, hem, next.y));
    // Light along the way, as much as stands behind a width of the frame.
    let across = abs(beside.x - base.x) / 0.002;
    let patch_light = 0.45 + 0.55 * sin(TAU * (1.7 * s + 0.31 * curtain) + 0.23 * now.time_s + 0.4 * heard.mid);
    let light = min(1.7 / (0.25 + across), 2.0) * (0.15 + 0.85 * patch_light) * (0.35 + 1.3 * tone + 0.5 * now.energy)
        * smoothstep(0.0, 0.06, s) * smoothstep(1.0, 0.94, s);
    return CurtainCorner(vec4f(place.xy * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0), s, up, light, front, curtain);
}

// The rays, once and for all: broad and thin ones along x, and how they change along y, which repeats.
@fragment fn comb_rays(in: Corner) -> @location(0) vec4f {
    let turn = TAU * in.uv.y;
    let around = vec2f(cos(turn), sin(turn));
    let broad = 70.0 * in.uv.x;
    let thin = 290.0 * in.uv.x;
    let rays = vec2f(gradient_noise(vec2f(broad, 0.9 * around.x)) + gradient_noise(vec2f(broad + 40.0, 0.9 * around.y)),
        gradient_noise(vec2f(thin, 1.7 * around.x)) + gradient_noise(vec2f(thin + 90.0, 1.7 * around.y)));
    return vec4f(saturate(0.5 + 0.38 * rays), 0.0, 1.0);
}

@fragment fn curtain(in: CurtainCorner) -> @location(0) vec4f {
    // Rays stand side by side, each as high and bright as it likes, and wander along.
    let combed = textureSample(comb, repeating, vec2f(in.s + 0.29 * in.curtain, 0.02 * now.time_s + 0.08 * heard.high_time_s));
    let ray = saturate(combed.r + combed.g - 0.5);
    let sharp = ray * ray;
    let hem = smoothstep(0.0, 0.035, in.up) * smoothstep(1.0, 0.6, in.up);
    let falls = exp(-in.up * mix(7.5, 2.2, ray));
    let body = in.light * sharp * hem * falls;
    // The hem glows in one colour, the rays in the ink, their tips in another.
    let low = exp(-in.up * 16.0);
    let colour = mix(mix(ink(0.60), accent(1u), smoothstep(0.10, 0.5, in.up)), accent(0u), low);
    let hot = (0.9 * colour + 0.35 * ink(0.85)) * in.front * (0.08 + 1.4 * sharp) * hem * falls;
    return vec4f((colour * body * 2.3 + ink(0.95) * body * body * sharp * 0.5 + hot * 1.2) * scene.light, 0.0);
}
