// Stars, drawn out along the way, and the gates.

// How far ahead the first star is seen.
const FARTHEST = 14.0;
const GATES = 14u;
const SEGMENTS = 96u;
// Distance between two gates, and how far away the last one is.
const APART = 0.85;
const FARTHEST_GATE = 12.0;

struct LightCorner {
    @builtin(position) position: vec4f,
    // Across from -1 to 1; along from 0, the tail, to 1.
    @location(0) at: vec2f,
    @location(1) colour: vec3f,
    // One over the depth, which runs evenly in the frame; and how sharp a gate's tube is.
    @location(2) nearness: f32,
    @location(3) sharp: f32,
}

fn in_frame(p: vec2f) -> vec4f {
    return vec4f(p * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
}

@vertex fn streak_corner(@builtin(vertex_index) vertex: u32) -> LightCorner {
    let it = ship[0];
    let which = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u)[vertex % 6u];
    let index = vertex / 6u;
    let dice = random2(vec2u(index, u32(now.seed.z * 65536.0)));
    let more = random2(vec2u(index + 7919u, 5u));
    let angle = TAU * dice.x;
    // A few lie inside the gates, most outside.
    let aside = (0.35 + 3.4 * dice.y * dice.y) * vec2f(cos(angle), sin(angle));
    let z = fract(more.x - it.way / FARTHEST) * FARTHEST + 0.16;
    // The farther out the longer: a tail reaches back a good part of the way to the core.
    let tail_z = z * (1.0 + scene.streaks * (0.14 + 0.50 * min(it.speed, 4.0) * (0.3 + 0.7 * more.y))) + 0.05;
    let head = seen(vec3f(aside, z), it);
    let tail = seen(vec3f(aside, tail_z), it);
    let way = normalize(head - tail + vec2f(1e-6, 0.0));
    let flashes = select(0.0, 1.0, fract(more.y * 57.0 + heard.hat_count * 0.381) < 0.10) * now.hat;
    let end = f32(which >> 1u);
    let across = f32(which & 1u) * 2.0 - 1.0;
    // Thin where they come from, wide where they pass us; thinner than a pixel they dim instead.
    let out = length(head - it.goal);
    let wanted = 0.0015 * (0.30 + 1.1 * more.y * more.y + 0.9 * flashes) / mix(tail_z, z, end);
    let width = max(wanted, 0.75 * canvas.px.w);
    let place = mix(tail, head + way * width, end) + vec2f(-way.y, way.x) * across * width;
    let shown = smoothstep(FARTHEST, 0.4 * FARTHEST, z) * smoothstep(0.16, 0.30, z);
    let own = mix(ink(0.45), ink(0.86), end * end * end);
    let grows = smoothstep(0.05, 0.65, out);
    let bright = (0.20 + 1.5 * more.y * more.y * more.y + 2.2 * flashes) * (0.06 + 1.9 * grows) * (0.35 + 0.25 * now.treble + 1.5 * hit());
    return LightCorner(in_frame(place), vec2f(across, end), own * (shown * bright * sqrt(wanted / width)), 1.0 / mix(tail_z, z, end), 0.0);
}

@fragment fn streak(in: LightCorner) -> @location(0) vec4f {
    let soft = saturate(1.0 - in.at.x * in.at.x);
    let along = in.at.y * in.at.y * (1.0 - 0.6 * smoothstep(0.97, 1.0, in.at.y));
    // Where it passes through a gate, the gate shines on it.
    let z = 1.0 / max(in.nearness, 0.05);
    let from_gate = (fract((z + GATE_NEAR) / APART + gates_passed(ship[0])) - 0.5) * 2.0;
    let lit = saturate(1.0 - 9.0 * (1.0 - abs(from_gate)));
    return vec4f(in.colour * (soft * along * (1.5 + 3.0 * lit * scene.gates)), 0.0);
}

// The nearest gate is so much nearer than one distance.
const GATE_NEAR = 0.45;

// How far from its middle a gate's frame is in direction `angle`: a polygon of so many sides, or a circle.
fn polygon(angle: f32, sides: f32) -> f32 {
    let part = TAU / max(sides, 3.0);
    let within_part = abs(fract(angle / part) - 0.5) * part;
    return select(cos(0.5 * part) / cos(0.5 * part - within_part) * 1.15, 1.0, sides < 2.5);
}

fn sides_of() -> f32 {
    let dice = random2(vec2u(u32(heard.phrase4_count) + 16u * u32(heard.section_change_count), u32(now.seed.w * 65536.0)));
    let chosen = select(u32(scene.sides), 1u + u32(dice.x * 3.99), scene.sides < 0.5);
    return array<f32, 5>(0.0, 0.0, 3.0, 4.0, 6.0)[min(chosen, 4u)];
}

@vertex fn gate_corner(@builtin(vertex_index) vertex: u32) -> LightCorner {
    let it = ship[0];
    let which = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u)[vertex % 6u];
    let segment = vertex / 6u;
    let slot = f32(segment / SEGMENTS);
    let passed = gates_passed(it);
    let number = floor(passed) + slot;
    let z = max((slot + 1.0 - fract(passed)) * APART - GATE_NEAR, 0.1);
    let part = f32(segment % SEGMENTS + (which & 1u)) / f32(SEGMENTS);
    let angle = TAU * part;
    let is_bar = fract((number + 0.5) / 4.0) < 0.25;
    // Each is turned a little against the next: a long screw.
    let spin = 0.09 * (number % 1024.0) + 0.10 * leap();
    let band = f32(which >> 1u) * 2.0 - 1.0;
    // Each gate stands for a part of the spectrum.
    let tone = heard_band(u32(fract(number * 0.381) * 20.0));
    let pulse = pulse_at(z);
    let radius = polygon(angle, sides_of()) * 0.80 * (1.0 + 0.08 * leap() + 0.04 * pulse);
    // A thin tube in a halo; far ones are as thin as a pixel and dim.
    let tube = select(0.010, 0.015, is_bar) * (1.0 + 0.6 * tone + 0.9 * pulse);
    let pixel = canvas.px.w * z / (FOCUS * 0.8);
    let thin = max(tube, 1.1 * pixel);
    let thick = max(5.0 * thin, 3.0 * pixel);
    let place = radius * (1.0 + band * thick) * vec2f(cos(angle + spin), sin(angle + spin));
    // They fade before they fill the frame: bright ones that rush past would flash.
    let shown = smoothstep(0.42, 1.25, z) * smoothstep(FARTHEST_GATE, 0.25 * FARTHEST_GATE, z);
    let usual = ink(0.62 + 0.2 * pulse);
    let colour = select(usual, mix(accent(0u), ink(0.9), 0.35), is_bar);
    let far_dims = 1.0 / (1.0 + 0.06 * z * z);
    let lit = colour * (shown * far_dims * scene.gates * (0.40 + 0.6 * tone + 1.0 * pulse) * min(tube / thin, 1.0));
    return LightCorner(in_frame(seen(vec3f(place, z), it)), vec2f(band, part), lit * step(0.11, z), 1.0 / z, thick / thin);
}

// A tube of light, white inside, and its halo.
@fragment fn gate(in: LightCorner) -> @location(0) vec4f {
    let across = abs(in.at.x);
    let px = fwidth(in.at.x);
    let tube = saturate((1.0 / in.sharp - across) / max(px, 1e-3) + 0.5);
    let inner = exp(-7.0 * across * across * in.sharp * in.sharp);
    let left = 1.0 - across;
    let halo = left * left * left;
    return vec4f(in.colour * (0.06 * halo + 0.45 * tube) + mix(in.colour, ink(1.0) * luminance(in.colour), 0.7) * (2.0 * inner), 0.0);
}
