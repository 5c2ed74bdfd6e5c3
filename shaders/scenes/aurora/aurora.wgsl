// Scene "aurora": curtains of northern light above a lake. The curtains are drawn as they hang (`curtains.wgsl`), the land stands
// still (`land.wgsl`), and the lake mirrors both.

// Where the lake begins, in frame heights below the middle.
const HORIZON = 0.24;
const FRONTS = 6u;

struct Memory {
    onsets: f32,
    snares: f32,
    // Of the last meteor: age in seconds and where it began.
    meteor_age: f32,
    meteor_x: f32,
    // Fronts that run along the curtains: where they began, age in seconds, strength, curtain.
    fronts: array<vec4f, FRONTS>,
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving(); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving(); }

@compute @workgroup_size(1) fn remember(@builtin(global_invocation_id) id: vec3u) {
    if id.x > 0u { return; }
    var it = memory_rw[0];
    let is_first = canvas.anew > 0.5;
    it.meteor_age = select(it.meteor_age + now.dt_s, 99.0, is_first);
    for (var index = 0u; index < FRONTS; index++) {
        it.fronts[index] = select(it.fronts[index] + vec4f(0.0, now.dt_s, 0.0, 0.0), vec4f(0.0, 99.0, 0.0, 0.0), is_first);
    }
    let dice = random2(vec2u(u32(heard.onset_count), u32(now.seed.x * 65536.0)));
    if heard.onset_count != it.onsets && !is_first {
        let which = u32(heard.onset_count) % FRONTS;
        it.fronts[which] = vec4f(0.15 + 0.7 * dice.x, 0.0, 0.35 + 0.65 * heard.onset_strength, floor(3.0 * dice.y));
    }
    // Every seventh snare lets a meteor fall.
    if heard.snare_count != it.snares && u32(heard.snare_count) % 7u == 0u && !is_first {
        it.meteor_age = 0.0;
        it.meteor_x = (dice.y - 0.5) * now.aspect;
    }
    it.onsets = heard.onset_count;
    it.snares = heard.snare_count;
    memory_rw[0] = it;
}

// The night behind: black above, and a band of dusk over the mountains.
@fragment fn dusk(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let up = HORIZON - p.y;
    let band = exp(-7.0 * max(up, 0.0));
    return vec4f(ink(0.10 + 0.25 * band) * (0.12 + 0.55 * band * (0.6 + 0.6 * now.swell)), 1.0);
}

fn star(index: u32) -> Point {
    let place = random2(vec2u(index, u32(now.seed.y * 65536.0)));
    let dice = random2(vec2u(index + 4001u, 11u));
    // Each hat makes others twinkle.
    let twinkles = select(0.0, 1.0, fract(dice.x * 57.0 + heard.hat_count * 0.381) < 0.15) * now.hat;
    let own = 0.05 + pow(dice.x, 9.0) * 2.0 + 1.3 * twinkles;
    let at = (place - 0.5) * vec2f(now.aspect, 1.0) + vec2f(0.0, -0.14);
    let colour = mix(ink(0.95), accent(1u), 0.35 * step(0.8, dice.y));
    return Point(at, 0.0014 + 0.0018 * sqrt(own), vec4f(colour * own * 1.4, 1.0));
}

// A meteor: a bright head with a tail that stays a moment.
fn meteor(p: vec2f) -> f32 {
    let age = memory[0].meteor_age;
    let along = vec2f(0.82, 0.57);
    let q = p - vec2f(memory[0].meteor_x - 0.4, -0.5);
    let head = age * 1.5;
    let back = head - dot(q, along);
    let aside = abs(dot(q, vec2f(-along.y, along.x)));
    let width = 0.0022 * exp(-2.0 * max(back, 0.0));
    return select(0.0, exp(-3.5 * back) * exp(-aside / max(width, 0.7 * canvas.px.w)), back > 0.0) * saturate(1.3 - age);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // A kick lifts the view a little.
    let horizon = HORIZON + 0.012 * kicked();
    let depth = p.y - horizon;
    let is_lake = depth > 0.0;
    // Ripples lie flatter the farther away they are.
    let far = 1.0 / (0.04 + max(depth, 0.0));
    var wave = 0.0;
    if is_lake {
        wave = value_noise(vec2f(p.x * far * 0.8, far * 2.2 + 0.5 * now.time_s))
            + 0.6 * value_noise(vec2f(p.x * far * 2.1 + 0.3 * now.time_s, far * 5.0 - 0.7 * now.time_s));
    }
    let rough = scene.ripples * (0.35 + 0.8 * now.swell + 0.9 * max(kicked(), snared())) * (0.015 + 0.10 * depth);
    let seen = select(vec2f(p.x, p.y), vec2f(p.x + 0.25 * wave * rough, horizon - 1.7 * depth + wave * rough), is_lake);
    let uv = seen / vec2f(now.aspect, 1.0) + 0.5;
    let above = textureSampleLevel(sky, clamped, uv, 0.0).rgb + ink(1.0) * (3.0 * meteor(seen));
    let ground = textureSampleLevel(land, clamped, uv - vec2f(0.0, horizon - HORIZON), 0.0);
    // The snow catches the light that hangs above it.
    let lit = mix(ink(0.62), accent(1u), 0.2) * (0.15 + 0.5 * now.level + 0.25 * kicked());
    let rock = ink(0.25) * (0.015 + 0.42 * ground.g) + lit * (0.06 * ground.g) + lit * 0.8 * ground.r;
    var light = mix(above, rock, ground.a);
    light *= select(1.0, 0.85 - 0.7 * depth, is_lake);
    // The shore: a line of mist.
    let mist = exp(-abs(depth) * 120.0) * 0.05 + exp(-abs(depth) * 22.0) * 0.04;
    return vec4f(light + ink(0.6) * mist * (0.5 + now.swell), 1.0);
}
