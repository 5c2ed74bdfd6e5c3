// Scene "nebula": gas that fills the sky in three hues around one star, and cliffs of dust that stand before it. First it is found what is
// where (`weigh`), on a coarse grid; then light goes from the star through it (`glow`), so that gas glows, dust throws soft shadows outward,
// and its edges shine where they face the star. Kicks send fronts through it (`journey.wgsl`), stars lie behind (`stars.wgsl`).

// Steps on light's way from the star.
const STEPS = 8;

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

// The same for a flight without an end: two sizes of the clouds by turns, each growing as we come nearer. Around 0.
fn flown_clouds(q: vec2f) -> vec4f {
    var sum = vec4f(0.0);
    var weights = 0.0;
    for (var index = 0; index < 2; index++) {
        let near = fract(journey[0].way + 0.5 * f32(index));
        let weight = 1.0 - abs(2.0 * near - 1.0);
        sum += weight * (clouds_at(exp2(0.6 - 1.2 * near) * q + 2.6 * f32(index)) - vec4f(0.5, 0.5, 0.75, 0.75));
        weights += weight * weight;
    }
    return sum * inverseSqrt(weights);
}

// The star in its cloud, above and beside the middle; the cliffs rise on its other side.
fn core_place() -> vec2f {
    let t = 0.07 * now.time_s + TAU * now.seed.z;
    let side = leaning();
    return vec2f(side * (0.19 * max(now.aspect, 0.7) + 0.03 * sin(t)), -0.16 + 0.025 * cos(1.3 * t));
}

fn leaning() -> f32 {
    return select(-1.0, 1.0, fract(0.5 * (heard.section_change_count + floor(8.0 * now.seed.y))) < 0.25);
}

// The hit that is heard now.
fn struck() -> f32 {
    return max(now.kick, 0.75 * now.onset);
}

// How brightly it shines: with the bass, and with each hit at once. Only near it, so that not the whole sky flashes.
fn core_light(far: f32) -> f32 {
    return scene.cores * (0.5 + 0.3 * heard.bass_level + 2.2 * struck() * exp(-14.0 * far * far));
}

// How far inside the cliffs a place is, below 0 outside. Light has carved columns into them, which point to the star.
fn cliff_at(q: vec2f, wide: vec4f, torn: vec4f) -> f32 {
    let side = leaning();
    let columns = clouds_at(vec2f(2.1 * atan2(q.x, q.y), 0.55 * length(q) + 0.3 * journey[0].way) + 0.25 * torn.xy).x - 0.5;
    let down = dot(q, vec2f(-0.34 * side, 0.94)) - 0.40;
    return down + 0.40 * columns + 0.42 * wide.y + 0.13 * torn.x + 0.10 * torn.z;
}

// What is where: gas, which of the hues it has (around 0), dust, and the filaments in the gas.
@fragment fn weigh(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let q = p - core_place();
    let side = leaning();
    let wide = flown_clouds(1.35 * scene.detail * q + vec2f(0.02 * heard.low_mid_time_s, 1.0));
    let drawn = textureSampleLevel(field, clamped, within(viewed(p)), 0.0).x - textureSampleLevel(ambience, clamped, within(viewed(p)), 0.0).a;
    let blown = (0.75 + 0.35 * now.swell) * wide.xy + 0.12 * drawn;
    let torn = flown_clouds(4.2 * scene.detail * q + 1.6 * blown);
    // A band of it lies across the sky.
    let across = dot(q - vec2f(-0.12 * side, 0.04), vec2f(0.55 * side, 0.83));
    let density = 0.15 + 2.1 * exp(-across * across / 0.16) + 4.6 * wide.x + 2.4 * torn.x + 1.2 * drawn - 1.1 * length(q);
    let gas = 1.0 / (1.0 + exp(-1.7 * (density - 0.7)));
    let filament = exp(-22.0 * pow(torn.x + 0.4 * torn.y, 2.0)) * smoothstep(-0.20, 0.25, wide.y + 0.5 * wide.x);
    // Lanes of dust run along the band, nearer than the gas.
    let lane = wide.z + 0.8 * torn.z + 0.35 * torn.y - 0.3 * drawn;
    let lanes = 0.85 * smoothstep(0.15, 0.42, lane) * smoothstep(0.10, 0.34, length(q));
    let cliffs = smoothstep(0.0, 0.16, cliff_at(q, wide, torn));
    return vec4f(gas, wide.y - 0.5 * wide.x + 0.25 * torn.y, scene.dust * max(lanes, cliffs), filament);
}

// How much of the star's light comes through to a place that lies `away` from it. Steps are small near the place, where edges are.
fn light_through(p: vec2f, away: vec2f) -> f32 {
    var thick = 0.0;
    for (var i = 0; i < STEPS; i++) {
        let t = (f32(i) + 0.6) / f32(STEPS);
        let it = textureSampleLevel(mass, clamped, (p - away * t * t) / vec2f(now.aspect, 1.0) + 0.5, 0.0);
        thick += (0.50 * it.x + 6.5 * it.z) * 2.0 * t;
    }
    return exp(-thick * length(away) / f32(STEPS));
}

struct Lit {
    @location(0) light: vec4f,
    // How much of what lies behind is seen.
    @location(1) clear: vec4f,
}

// The gas as it is lit.
@fragment fn glow(in: Corner) -> Lit {
    // A kick pushes the cloud outward, a snare less.
    let centre = core_place();
    let p = centre + (centred(in.uv) - centre) * (1.0 - (0.13 * now.kick + 0.07 * now.snare + 0.02 * now.onset) * moving());
    let it = textureSampleLevel(mass, clamped, p / vec2f(now.aspect, 1.0) + 0.5, 0.0);
    let away = p - centre;
    let far = length(away);
    let through = light_through(p, away);
    // What the bass played runs outward through the gas, as an echo of light does.
    let echo = textureSampleLevel(history, clamped, vec2f(far / (8.0 * 1.1), 0.93), 0.0).x;
    let falls = 1.0 / (0.46 + 1.1 * far * far + 0.3 * far);
    let shines = 0.5 * core_light(far) + 0.35 * echo * echo * moving() * scene.cores;
    // Some light comes round by other ways.
    let lit = (through + 0.035) * falls * shines;
    // Fine gas, and whether it faces the star.
    let at = 9.0 * scene.detail * away + 1.5 * it.yw;
    let fine = flown_clouds(at);
    let before = flown_clouds(at - 0.13 * away / (far + 0.02));
    let finest = clouds_at(24.0 * scene.detail * away + 3.0 * fine.xy + 2.0 * it.yw).z - 0.75;
    let facing = clamp(4.5 * (fine.x - before.x) + 2.0 * (fine.z - before.z), -1.0, 1.0);
    let ridge = smoothstep(-0.10, 0.24, fine.z + 0.9 * finest);
    let snare = 0.55 + 0.5 * heard.high_mid_level + 1.1 * now.snare;
    // Gas glows by itself a little, and where it is lit; filaments more.
    let body = it.x * (0.45 + 0.55 * it.x) * (0.62 + 1.5 * fine.x + 0.75 * facing + 1.7 * finest);
    let threads = it.x * it.w * (0.25 + 1.2 * ridge) * snare;
    let raw = max(body, 0.0) * (0.055 + 0.30 * lit) + threads * (0.05 + 0.42 * lit);
    // Dark where little falls: what is lit stands out of the rest.
    let bright = raw * raw / ((0.12 + raw) * (1.0 + 0.5 * raw));
    // Three hues: the inks' own, one beside it by places, the one across where filaments shine and near the star.
    let beside = smoothstep(-0.16, 0.22, it.y);
    let warm = saturate(exp(-140.0 * far * far) + 0.75 * it.w * smoothstep(0.05, -0.20, it.y) + 0.25 * ridge * it.w);
    var hue = mix(ink(0.18 + 0.80 * saturate(0.75 * sqrt(bright))), accent(1u), 0.65 * beside);
    hue = mix(hue, accent(0u), 0.8 * warm);
    var light = hue * bright * 1.5;
    // Dust before it is black, and shines where it faces the star: its skin boils off.
    let solid = 1.0 - exp(-4.0 * it.z);
    let skin = max(solid * lit * (0.25 + 0.9 * ridge + 0.7 * facing) * (0.30 + 0.7 * snare), 0.0);
    light = light * (1.0 - 0.97 * solid) + mix(accent(0u) * accent(0u), mix(accent(0u), ink(0.95), saturate(0.4 * skin - 0.3)), saturate(0.25 + 0.9 * skin)) * (0.62 * skin * skin / ((0.22 + skin) * (0.6 + skin)));
    // The star itself: small and nearly white.
    let size = 0.00016 * (0.6 + core_light(0.0));
    let star = size / (0.5 * size + far * far) * exp(-7.0 * far);
    light += ink(1.0) * star + mix(accent(0u), ink(0.95), 0.45) * (0.10 * core_light(far) * exp(-24.0 * far));
    return Lit(vec4f(light, 1.0), vec4f((1.0 - solid) * exp(-0.9 * it.x), 0.0, 0.0, 1.0));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let wave = waves_at(p);
    let at = in.uv + wave.xy / vec2f(now.aspect, 1.0);
    let behind = textureSampleLevel(sky, clamped, at, 0.0).rgb;
    // A front heats what it runs through.
    return vec4f(behind * (1.0 + 0.8 * wave.z), 1.0);
}
