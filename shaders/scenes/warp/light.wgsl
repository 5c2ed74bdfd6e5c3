// Stars, drawn out along the way, and the gates.

// How far ahead the first star is seen.
const FARTHEST = 14.0;
const GATES = 4u;
const SEGMENTS = 96u;
// Distance between two gates.
const APART = 2.4;

struct LightCorner {
    @builtin(position) position: vec4f,
    // Across from -1 to 1; along from 0, the tail, to 1.
    @location(0) at: vec2f,
    @location(1) colour: vec3f,
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
    // None near the way: before the goal they would crowd, and flicker.
    let aside = (0.80 + 3.4 * pow(dice.y, 1.4)) * vec2f(cos(angle), sin(angle)) * vec2f(max(now.aspect, 1.0), 1.0);
    let z = fract(more.x - it.way / FARTHEST) * FARTHEST + 0.12;
    let tail_z = z + scene.streaks * (0.06 + 0.17 * it.speed * (0.4 + 0.6 * more.y));
    let head = seen(vec3f(aside, z), it);
    let tail = seen(vec3f(aside, tail_z), it);
    let way = normalize(head - tail + vec2f(1e-6, 0.0));
    let flashes = select(0.0, 1.0, fract(more.y * 57.0 + heard.hat_count * 0.381) < 0.09) * now.hat;
    let end = f32(which >> 1u);
    let across = f32(which & 1u) * 2.0 - 1.0;
    let width = max(0.0019 * (0.5 + more.y + 1.0 * flashes) / mix(tail_z, z, end), 0.8 * canvas.px.w);
    let place = mix(tail - way * width, head + way * width, end) + vec2f(-way.y, way.x) * across * width;
    let shown = smoothstep(0.9 * FARTHEST, 0.25 * FARTHEST, z) * smoothstep(0.2, 0.9, z);
    // Ahead of us light is bluer than behind: the head shines in the light ink, the tail in the body.
    let kind = fract(more.y * 13.0);
    let own = mix(mix(ink(0.55), ink(0.95), end), mix(accent(0u), accent(1u), step(0.5, fract(kind * 7.0))), step(0.78, kind));
    let colour = own * shown * (0.22 + 1.0 * more.y * more.y * more.y + 1.8 * flashes);
    return LightCorner(in_frame(place), vec2f(across, end), colour);
}

@fragment fn streak(in: LightCorner) -> @location(0) vec4f {
    let soft = saturate(1.0 - in.at.x * in.at.x);
    return vec4f(in.colour * soft * in.at.y * in.at.y * 1.7, 0.0);
}

// How far from its middle a gate's frame is in direction `angle`: a polygon of so many sides, or a circle.
fn polygon(angle: f32, sides: f32) -> f32 {
    let part = TAU / max(sides, 3.0);
    let within_part = abs(fract(angle / part) - 0.5) * part;
    return select(cos(0.5 * part) / cos(0.5 * part - within_part) * 1.15, 1.0, sides < 2.5);
}

fn sides_of(number: f32) -> f32 {
    let dice = random2(vec2u(u32(heard.phrase4_count) + 16u * u32(heard.section_change_count), u32(now.seed.w * 65536.0)));
    let chosen = select(u32(scene.sides), 1u + u32(dice.x * 3.99), scene.sides < 0.5);
    return array<f32, 5>(0.0, 0.0, 3.0, 4.0, 6.0)[min(chosen, 4u)];
}

@vertex fn gate_corner(@builtin(vertex_index) vertex: u32) -> LightCorner {
    let it = ship[0];
    let which = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u)[vertex % 6u];
    let segment = vertex / 6u;
    let slot = f32(segment / SEGMENTS);
    // A gate passes on every second beat.
    let passed = 0.5 * it.beats;
    let number = floor(passed) + slot;
    let z = (slot + 1.0 - fract(passed)) * APART - 0.75 * APART;
    let part = f32(segment % SEGMENTS + (which & 1u)) / f32(SEGMENTS);
    let angle = TAU * part;
    let is_bar = fract((number + 0.5) / 4.0) < 0.25;
    let side = select(-1.0, 1.0, fract(number * 0.5) < 0.25);
    let spin = side * (0.25 * now.time_s + 0.3 * hit()) + 0.3 * number;
    let band = f32(which >> 1u) * 2.0 - 1.0;
    // Each gate stands for a part of the spectrum.
    let tone = heard_band(u32(fract(number * 0.381) * 20.0));
    let radius = polygon(angle, sides_of(number)) * select(1.15, 1.4, is_bar) * (1.0 + 0.10 * hit());
    // A thin tube in a wide halo, and never thinner than a pixel.
    let thick = max(select(0.10, 0.15, is_bar) * (1.0 + 0.5 * tone), 6.0 * canvas.px.w * z / FOCUS);
    let place = (radius + band * thick) * vec2f(cos(angle + spin), sin(angle + spin));
    // Gates fade before they fill the frame: bright ones that rush past would flash.
    let shown = smoothstep(0.55, 2.4, z) * smoothstep(f32(GATES) * APART, 0.3 * f32(GATES) * APART, z);
    let usual = mix(ink(0.72), accent(1u), step(0.5, fract(number * 0.5 + 0.1)) * 0.6);
    let colour = select(usual, accent(0u) * 1.3, is_bar);
    let lit = colour * shown * scene.gates * (0.8 + 1.2 * tone);
    return LightCorner(in_frame(seen(vec3f(place, max(z, 0.1)), it)), vec2f(band, part), lit * step(0.12, z));
}

// A tube of light, white inside, and its halo.
@fragment fn gate(in: LightCorner) -> @location(0) vec4f {
    let across2 = in.at.x * in.at.x;
    let tube = exp(-60.0 * across2);
    let halo = (1.0 - across2) * (1.0 - across2) * exp(-6.0 * across2);
    return vec4f(in.colour * (0.16 * halo + 0.9 * tube) + ink(1.0) * (luminance(in.colour) * 1.2 * tube * tube), 0.0);
}
