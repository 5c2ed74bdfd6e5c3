// The tiles as seen: turned in space, with the lamps on them.

struct Shown {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) light: vec3f,
    @location(2) @interpolate(flat) body: vec3f,
    // Sign and size, and the tile's own proportions: signs are not stretched with it.
    @location(3) @interpolate(flat) lamp: vec4f,
    // How its sign is turned.
    @location(4) @interpolate(flat) spun: vec2f,
}

fn in_room(p: vec3f) -> vec3f {
    let slow = 0.13 * now.time_s;
    let yaw = 0.10 * sin(slow) + 0.02 * sin(heard.low_mid_time_s);
    let pitch = 0.07 * sin(0.8 * slow + 1.0);
    let a = turned(p.xz, vec2f(cos(yaw), sin(yaw)));
    let b = turned(vec2f(p.y, a.y), vec2f(cos(pitch), sin(pitch)));
    return vec3f(a.x, b.x, b.y);
}

const CORNERS = array<vec2f, 6>(
    vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0), vec2f(-1.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));

@vertex fn laid(@builtin(vertex_index) vertex: u32) -> Shown {
    let at = CORNERS[vertex % 6u];
    let it = tiles[min(vertex / 6u, TILES - 1u)];
    // Hits tilt every tile at once, away from the middle; silence lets them sway.
    let tilt = 0.5 * TAU * it.turned + 0.08 * hit() + 0.05 * sin(0.5 * now.time_s + 6.0 * it.middle.x + 4.0 * it.middle.y);
    let c = cos(tilt);
    let s = sin(tilt);
    let along = dot(at, it.axis);
    let across_axis = vec2f(-it.axis.y, it.axis.x);
    let across = dot(at, across_axis);
    let flat_at = it.axis * along + across_axis * (across * c);
    let out = normalize(cross(it.right, it.up));
    let p = in_room(it.middle + it.right * flat_at.x + it.up * flat_at.y + out * (across * s * length(it.right)));
    let near = 1.0 / (1.35 - state[0].push.x - p.z);
    let place = p.xy * near * 1.35;

    // A lamp above the viewer glances off the tile as it turns.
    let tangent = (it.right * across_axis.x + it.up * across_axis.y) / length(it.right);
    let normal = in_room(out * c - tangent * s);
    let shine = pow(abs(dot(normalize(normal), normalize(vec3f(0.25, -0.45, 0.85)))), 110.0);
    let depth = smoothstep(0.5, 0.95, near);
    let body = (ink(0.3) * 0.15 + vec3f(0.010) + ink(0.85) * (0.22 * shine)) * (0.25 + 0.75 * depth);
    let position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    let half = vec2f(length(it.right), length(it.up));
    let long = half / min(half.x, half.y);
    // Each kick turns every sign by an eighth, and each snare those of each second column: upright crosses lie down, bars lean over.
    let index = vertex / 6u;
    let kicks = stepped(heard.kick_count, heard.kick, heard.kick_strength);
    let snares = stepped(heard.snare_count, heard.snare, heard.snare_strength) * f32(index & 1u);
    let angle = TAU * fract(0.125 * (kicks + snares) * moving());
    let spun = vec2f(cos(angle), sin(angle));
    return Shown(position, at * long, it.light * (0.25 + 0.75 * depth), body, vec4f(it.sign, it.size, long), spun);
}

fn square_distance(p: vec2f, half: vec2f) -> f32 {
    let d = abs(p) - half;
    return length(max(d, vec2f(0.0))) + min(max(d.x, d.y), 0.0);
}

// Signs: 0 and 1 a disc, 2 a ring, 3 a cross, 4 a diamond, 5 a bar.
fn sign_distance(p: vec2f, sign: f32, size: f32) -> f32 {
    let disc = length(p) - size;
    let ring = abs(length(p) - 0.78 * size) - 0.22 * size;
    let cross = min(square_distance(p, vec2f(size, 0.28 * size)), square_distance(p, vec2f(0.28 * size, size)));
    let diamond = (abs(p.x) + abs(p.y) - 1.2 * size) * 0.7071;
    let bar = square_distance(p, vec2f(0.34 * size, size));
    return select(select(select(select(disc, ring, sign == 2.0), cross, sign == 3.0), diamond, sign == 4.0), bar, sign == 5.0);
}

@fragment fn lit(in: Shown) -> @location(0) vec4f {
    let distance = sign_distance(turned(in.at, in.spun), in.lamp.x, in.lamp.y * scene.lamp * (1.0 + 0.10 * hit()));
    let tile = square_distance(in.at, in.lamp.zw - 0.26) - 0.16;
    let pixel = max(fwidth(in.at.x), fwidth(in.at.y)) + 1e-4;
    // Signs too small to be read give way to an even light, before they are moire.
    let fine = smoothstep(0.25, 0.6, pixel);
    let lamp = mix(saturate(0.5 - distance / pixel), 0.5 * in.lamp.y * in.lamp.y, fine);
    let body = saturate(0.5 - tile / pixel);
    // Around the lamp its light falls on the tile, and its middle is the hottest.
    let spill = 0.10 * exp(-5.0 * max(distance, 0.0));
    let core = smoothstep(-0.05, -0.6, distance);
    let hot = in.light * (0.8 + 0.5 * core) + vec3f(0.30 * core * core * luminance(in.light));
    return vec4f(mix(in.body + in.light * spill, hot, lamp) * body, body);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    return vec4f(textureSampleLevel(wall, clamped, in.uv, 0.0).rgb, 1.0);
}
