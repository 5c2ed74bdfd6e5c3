// Scene "nebula": one star in its cloud. Gas glows around it in filaments, dust lies before it in lanes, and a pillar stands dark against
// its light. First it is found where what is (`weigh`), on a coarse grid; then light goes from the star through it (`glow`), so that what
// is thick throws soft shadows outward. Kicks send broken shells through it (`journey.wgsl`), stars lie behind (`stars.wgsl`).

// Steps on light's way from the star.
const STEPS = 7;

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

// The star in its cloud, beside the middle; the pillar stands on its other side.
fn core_place() -> vec2f {
    let t = 0.07 * now.time_s + TAU * now.seed.z;
    let side = leaning();
    return vec2f(side * (0.13 * max(now.aspect, 0.7) + 0.03 * sin(t)), -0.07 + 0.025 * cos(1.3 * t));
}

fn leaning() -> f32 {
    return select(-1.0, 1.0, fract(0.5 * (heard.section_change_count + floor(8.0 * now.seed.y))) < 0.25);
}

// How brightly it shines: with the bass, and with each kick at once.
fn core_light() -> f32 {
    return scene.cores * (0.55 + 0.7 * heard.bass_level + 1.1 * max(now.kick, 0.6 * now.onset));
}

// The pillar, 0 to 1: it rises from below, leans towards the star and has a head; another, shorter, stands beside it. `torn` is noise
// around 0 that frays it. And how deep inside it a place is.
fn pillar_at(p: vec2f, torn: vec2f) -> vec2f {
    let side = leaning();
    let from_core = (p - core_place()) * vec2f(side, 1.0);
    var most = -1.0;
    for (var index = 0; index < 2; index++) {
        let is_small = f32(index);
        let top = mix(0.035, 0.24, is_small) + 0.05 * torn.y;
        let down = from_core.y - top;
        let axis = mix(-0.13, 0.10, is_small) - 0.34 * down * mix(1.0, -0.6, is_small) + 0.035 * sin(11.0 * down + 2.0 + is_small);
        let head = 0.036 * exp(-pow((down - 0.03) / 0.045, 2.0));
        let half = (0.022 + head + 0.40 * down * down + 0.09 * down) * mix(1.0, 0.6, is_small) * smoothstep(-0.02, 0.05, down);
        let inside = half - abs(from_core.x - axis + 0.09 * torn.x * (0.4 + 2.0 * max(down, 0.0))) + 0.05 * torn.y * smoothstep(0.0, 0.1, down);
        most = max(most, select(-1.0, inside, half > 0.001));
    }
    return vec2f(smoothstep(-0.003, 0.006, most) * min(scene.dust, 1.0), max(most, 0.0));
}

fn torn_at(p: vec2f) -> vec2f {
    return clouds_at(9.0 * scene.detail * (p - core_place()) + 3.7).xy - 0.5;
}

// What is where: gas, filaments in it, dust, and all that stops light.
@fragment fn weigh(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let from_core = p - core_place();
    let side = leaning();
    // It reaches far along one slope, and leaves the rest of the sky black.
    let along = turned(from_core - vec2f(-0.06 * side, 0.07), vec2f(0.83, 0.56 * side));
    let reach = vec2f(0.82, 0.46) * clamp(0.54 + 0.26 * now.aspect, 0.6, 1.0);
    let envelope = exp(-dot(along / reach, along / reach));
    let wide = clouds_at(1.5 * scene.detail * from_core + vec2f(0.02 * heard.low_mid_time_s, 1.0));
    let drawn = textureSampleLevel(field, clamped, within(viewed(p)), 0.0).x - textureSampleLevel(ambience, clamped, within(viewed(p)), 0.0).a;
    // Two sizes of the clouds by turns, each growing as we come nearer: a flight without an end.
    let blown = (1.3 + 0.5 * now.swell) * (wide.xy - 0.5);
    var fine = vec4f(0.0);
    var weights = 0.0;
    for (var index = 0; index < 2; index++) {
        let near = fract(journey[0].way + 0.5 * f32(index));
        let weight = 1.0 - abs(2.0 * near - 1.0);
        fine += weight * (clouds_at(7.5 * scene.detail * exp2(-1.2 * near) * from_core + blown + 2.6 * f32(index)) - vec4f(0.5, 0.5, 0.6, 0.6));
        weights += weight * weight;
    }
    fine *= inverseSqrt(weights);
    let gas = envelope * smoothstep(0.18, 0.80, 0.30 + 1.1 * (wide.x - 0.5) + 0.8 * fine.x + 0.9 * drawn + 0.35 * envelope);
    let thread = smoothstep(0.02, 0.44, fine.z + 0.25 * (wide.y - 0.5) + 0.25 * drawn);
    // Lanes of dust lie across, nearer than the gas.
    let lane_at = turned(p, vec2f(0.78, -0.62 * side)) * vec2f(1.3, 3.0) + 0.5 * blown + vec2f(1.1 * journey[0].way, 0.3);
    let lane = clouds_at(1.25 * scene.detail * lane_at);
    let dust = scene.dust * smoothstep(0.50, 0.92, lane.x + 0.45 * (lane.z - 0.6) + 0.30 * fine.y - 0.3 * drawn);
    let pillar = pillar_at(p, torn_at(p)).x;
    return vec4f(gas, thread, dust, 0.30 * gas + 1.2 * dust * envelope + 12.0 * pillar);
}

// The gas as it is lit, and how much of what lies behind it is seen.
@fragment fn glow(in: Corner) -> @location(0) vec4f {
    // A kick pushes the cloud outward, and any other hit a little.
    let centre = core_place();
    let p = centre + (centred(in.uv) - centre) * (1.0 - (0.11 * now.kick + 0.05 * now.onset) * moving());
    let uv = p / vec2f(now.aspect, 1.0) + 0.5;
    let it = textureSampleLevel(mass, clamped, uv, 0.0);
    let away = p - centre;
    let far = length(away);
    // How much of the star's light comes through to here.
    var thick = 0.0;
    for (var i = 0; i < STEPS; i++) {
        let t = (f32(i) + 0.6) / f32(STEPS);
        thick += textureSampleLevel(mass, clamped, (p - away * t) / vec2f(now.aspect, 1.0) + 0.5, 0.0).a;
    }
    let through = exp(-thick * far * (7.0 / f32(STEPS)) - 0.7 * far);
    // What the bass played runs outward through the gas, as an echo of light does.
    let echo = textureSampleLevel(history, clamped, vec2f(far / (8.0 * 1.1), 0.93), 0.0).x;
    let falls = 1.0 / (0.20 + 1.8 * far * far + 0.5 * far);
    let lit = through * falls * (0.5 * core_light() + 0.9 * echo * echo * moving() * scene.cores);
    let fine = clouds_at(13.0 * scene.detail * away + 1.4 * it.xy).z;
    let ridge = smoothstep(0.50, 0.92, fine);
    let thread = it.y * (0.10 + 0.95 * ridge + 1.1 * ridge * ridge * ridge);
    let emits = it.x * (0.012 + 0.13 * it.x * it.x + 0.95 * thread * thread * (0.6 + 0.5 * heard.high_mid_level + 1.0 * now.snare));
    let raw = emits * lit;
    // Dark where little falls: what is lit stands out of the rest.
    let bright = 0.85 * raw * raw / ((0.24 + raw) * (1.0 + 0.60 * raw));
    // One hue, from deep to light as it is lit; warm near the star only.
    let warmth = exp(-110.0 * far * far);
    var light = mix(ink(0.12 + 0.86 * saturate(0.62 * sqrt(bright))), mix(accent(0u), ink(0.9), 0.15), 0.8 * warmth) * bright * 0.75;
    // Dust before it: dark, with a soft edge that catches some light.
    let clear = exp(-2.9 * it.z);
    light = light * clear + ink(0.34) * (0.05 * it.z * clear * lit);
    // The pillar is black; where it faces the star its skin boils off and shines.
    let stands = pillar_at(p, torn_at(p));
    let pillar = stands.x;
    let skin = pillar * exp(-190.0 * stands.y) * through * falls * (0.25 + 0.35 * core_light() + 0.9 * now.snare);
    light = light * (1.0 - 0.985 * pillar) + mix(ink(0.80), accent(0u), 0.4) * (1.3 * skin / (0.6 + skin));
    // The star itself: small and nearly white.
    let size = 0.00014 * (0.6 + core_light());
    let star = size / (0.5 * size + far * far) * exp(-7.0 * far);
    light += (ink(1.0) * star + mix(accent(0u), ink(0.9), 0.2) * (0.16 * core_light() * exp(-26.0 * far))) * (1.0 - 0.98 * pillar) * (0.3 + 0.7 * clear);
    return vec4f(light, clear * (1.0 - pillar) * exp(-1.6 * it.x));
}

// The gas at full size.
@fragment fn spread(in: Corner) -> @location(0) vec4f {
    return textureSampleLevel(gas, clamped, in.uv, 0.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let wave = waves_at(p);
    let at = in.uv + wave.xy / vec2f(now.aspect, 1.0);
    let behind = textureSampleLevel(sky, clamped, at, 0.0).rgb;
    // The shell heats the gas it runs through.
    return vec4f(behind * (1.0 + 1.6 * wave.w) + mix(ink(0.70), ink(0.95), wave.z) * (0.55 * wave.z), 1.0);
}
