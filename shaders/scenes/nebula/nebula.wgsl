// Scene "nebula": a flight through sheets of gas. Each sheet glows, casts dust over what lies behind it, and is lit from the
// cores, as hydrogen is by young stars; stars fly past in front of all of it (`stars.wgsl`), and kicks send shock waves through
// it (`journey.wgsl`).

const SHEETS = 3u;
// How much nearer a sheet comes while it is seen, as a power of two.
const APPROACH = 2.6;
// How far from here light is looked for on its way from a core, in the noise's own units.
const STEP = 0.10;

// Noise that repeats, so that it may be kept in a texture: slopes at the corners of a lattice that wraps.
fn wrapped_noise(p: vec2f, period: i32, salt: u32) -> f32 {
    let corner = vec2i(floor(p));
    let at = p - floor(p);
    let f = at * at * at * (at * (at * 6.0 - 15.0) + 10.0);
    var ends: array<f32, 4>;
    for (var index = 0; index < 4; index++) {
        let step = vec2i(index & 1, index >> 1u);
        let place = (corner + step) % period;
        let slope = random2(vec2u(place) + vec2u(salt * 7919u, u32(period) * 104729u)) * 2.0 - 1.0;
        ends[index] = dot(slope, at - vec2f(step));
    }
    return 1.4 * mix(mix(ends[0], ends[1], f.x), mix(ends[2], ends[3], f.x), f.y);
}

// Clouds, and clouds of ridges (Musgrave, "Texturing and Modeling", 1994), both from 0 to 1 over eight units.
@fragment fn sow(in: Corner) -> @location(0) vec4f {
    var sums = vec4f(0.0);
    var strength = 0.5;
    var period = 8;
    let salt = u32(now.seed.x * 65536.0);
    for (var layer = 0u; layer < 6u; layer++) {
        let p = in.uv * f32(period);
        let found = vec4f(wrapped_noise(p, period, salt + layer), wrapped_noise(p, period, salt + layer + 20u),
            wrapped_noise(p, period, salt + layer + 40u), wrapped_noise(p, period, salt + layer + 60u));
        sums += strength * vec4f(found.xy, 1.0 - 2.0 * abs(found.zw));
        strength *= 0.58;
        period *= 2;
    }
    return vec4f(0.5 + 0.6 * sums.xy, 0.5 + 0.5 * sums.zw);
}

fn clouds_at(q: vec2f) -> vec4f {
    return textureSampleLevel(clouds, repeating, q * 0.125, 0.0);
}

// Density of gas, below 0 where there is none: blown clouds with torn, ridged edges.
fn density_at(q: vec2f, blown: vec2f) -> f32 {
    let fine = clouds_at(turned(q + blown, vec2f(1.17, 0.52)));
    return fine.x + 0.55 * fine.z - 0.80;
}

// A shining core: where, how bright, and in which colour.
struct Core {
    place: vec2f,
    colour: vec3f,
}

// Two cores wander around the middle, one for the bass and one for voices and snares.
fn cores_now() -> array<Core, 2> {
    let t = 0.11 * now.time_s + TAU * now.seed.z;
    let bass = 0.30 + 1.3 * heard.bass_level + 1.0 * now.kick;
    let voice = 0.25 + 1.1 * heard.high_mid_level + 1.2 * now.snare;
    let wide = vec2f(0.32 * max(now.aspect, 1.0), 0.26 * max(1.0, 1.0 / now.aspect));
    return array<Core, 2>(
        Core(wide * vec2f(cos(t), sin(1.3 * t)) * 0.8, mix(accent(0u), ink(0.9), 0.15) * bass * scene.cores),
        Core(-wide * vec2f(cos(0.8 * t + 1.0), sin(t + 0.7)) * 0.9, mix(accent(1u), ink(0.8), 0.35) * voice * scene.cores));
}

// What light of a core falls on gas so far from it: its own colour near it, that of the gas farther away.
fn shed(core: Core, far: f32) -> vec3f {
    let near = exp(-7.0 * far * far);
    return mix(ink(0.55) * 0.9 * luminance(core.colour), core.colour, near) / (0.2 + 3.2 * far * far);
}

// Behind everything: thin gas in filaments, which shines by itself where the cores are.
fn far_gas(p: vec2f, way: f32, cores: array<Core, 2>) -> vec3f {
    let q = 3.0 * scene.detail * p * (0.9 + 0.2 * cos(0.4 * way)) + 3.0;
    let wide = clouds_at(0.5 * q + vec2f(0.0, 0.02 * heard.low_mid_time_s));
    let fine = clouds_at(q + 1.6 * (wide.xy - 0.5));
    let threads = smoothstep(0.35, 1.0, fine.z * 0.9 + 0.5 * wide.x - 0.15);
    let lit = shed(cores[0], length(p - cores[0].place)) + shed(cores[1], length(p - cores[1].place));
    let glow = saturate(0.5 * luminance(lit));
    // Here and there only, with black space between.
    let there = smoothstep(0.38, 0.70, wide.y + 0.25 * (fine.x - 0.5)) * (0.45 + 1.3 * glow);
    return ink(0.22 + 0.25 * there + 0.5 * threads * there) * there * (0.35 + 3.2 * threads * threads)
        + lit * threads * threads * threads * (0.15 + 0.5 * there);
}

// One sheet of dust: dark itself, and bright where it faces a core. Its light, and what share of that behind it comes through.
fn sheet(p: vec2f, number: f32, nearness: f32, cores: array<Core, 2>) -> vec4f {
    let dice = random2(vec2u(u32(number + 1024.0), u32(now.seed.y * 65536.0)));
    let by = vec2f(cos(TAU * dice.x), sin(TAU * dice.x));
    let scale = 5.0 * scene.detail * exp2(-APPROACH * nearness);
    let q = turned(p * scale, by) + 8.0 * dice;
    let wide = clouds_at(0.25 * q + 0.013 * heard.low_mid_time_s);
    let blown = (wide.xy - 0.5) * (1.7 + 0.6 * now.swell);
    let here = density_at(q, blown);
    let slope = vec2f(density_at(q + vec2f(STEP, 0.0), blown), density_at(q + vec2f(0.0, STEP), blown)) - here;
    let seen = smoothstep(0.0, 0.3, nearness) * smoothstep(1.0, 0.7, nearness);
    // Large masses from the wide clouds, torn by the fine and the finest ones.
    let thick = 1.3 * (wide.x - 0.5) + 1.2 * (wide.w - 0.66) + 0.75 * here + 0.10 * (scene.dust - 1.0)
        + 0.55 * (clouds_at(3.3 * q + 1.2 * blown).x - 0.5);
    let there = smoothstep(0.0, 0.09, thick) * seen;
    // It grows thinner towards the core where it is lit, the more the nearer to its edge; its other side lies in its own shadow.
    let down = -turned(slope, vec2f(by.x, -by.y)) / STEP;
    let edge = exp(-5.0 * max(thick, 0.0));
    var light = ink(0.10 + 0.25 * saturate(here + 0.3)) * 0.10;
    for (var index = 0u; index < 2u; index++) {
        let core = cores[index];
        let way = core.place - p;
        let far = length(way) + 0.02;
        let rim = smoothstep(0.0, 1.8, dot(down, way / far));
        light += shed(core, far) * (rim * (0.10 + 0.9 * edge * rim) + 0.02 + 0.05 * edge * edge);
    }
    return vec4f(light * there, 1.0 - 0.93 * there);
}

// The gas, and how much of what lies behind it is seen.
@fragment fn glow(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv) * (1.0 - 0.06 * now.kick * moving());
    let state = journey[0];
    let cores = cores_now();
    var light = vec3f(0.0);
    var clear = 1.0;
    let passed = state.way * f32(SHEETS);
    // The nearest sheet first.
    for (var index = 0u; index < SHEETS; index++) {
        let nearness = 1.0 - (f32(index) + 1.0 - fract(passed)) / f32(SHEETS);
        let it = sheet(p, floor(passed) + f32(index), nearness, cores);
        light += clear * it.rgb;
        clear *= it.a;
    }
    light += clear * far_gas(p, state.way, cores);
    // The cores themselves.
    for (var index = 0u; index < 2u; index++) {
        let far = length(cores[index].place - p);
        light += mix(0.25, 1.0, clear)
            * (cores[index].colour * (0.0009 / (0.0004 + far * far)) + ink(1.0) * (0.0006 / (0.0002 + far * far)));
    }
    return vec4f(light, clear);
}

// The gas at full size, sharpened a little, and the faintest stars behind it.
@fragment fn spread(in: Corner) -> @location(0) vec4f {
    let d = 1.0 / vec2f(textureDimensions(gas));
    let here = textureSampleLevel(gas, clamped, in.uv, 0.0);
    let around = textureSampleLevel(gas, clamped, in.uv + d, 0.0) + textureSampleLevel(gas, clamped, in.uv - d, 0.0);
    return max(here + 1.6 * (here - 0.5 * around), vec4f(0.0));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let wave = waves_at(p);
    let at = in.uv + wave.xy / vec2f(now.aspect, 1.0);
    let behind = textureSampleLevel(sky, clamped, at, 0.0).rgb;
    // The front of a wave heats the gas it runs through.
    let hot = mix(ink(0.85), accent(0u), 0.35) * (luminance(behind) * 3.5 + 0.06);
    return vec4f(behind + hot * wave.z, 1.0);
}
