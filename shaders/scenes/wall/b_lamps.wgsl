// The tiles as seen: turned in space, with the lamps on them, and once more upside down in the floor.

struct Shown {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) light: vec3f,
    @location(2) @interpolate(flat) body: vec3f,
    // Sign and size of the lamp, how bright it is here, and what glances off the tile.
    @location(3) @interpolate(flat) lamp: vec4f,
    // How its sign is turned.
    @location(4) @interpolate(flat) spun: vec2f,
}

fn in_room(p: vec3f) -> vec3f {
    let slow = 0.13 * now.time_s;
    let yaw = 0.13 * sin(slow) + 0.02 * sin(heard.low_mid_time_s);
    let lean = 0.04 * sin(0.8 * slow + 1.0);
    let a = turned(p.xz, vec2f(cos(yaw), sin(yaw)));
    let b = turned(vec2f(p.y, a.y), vec2f(cos(lean), sin(lean)));
    return vec3f(a.x, b.x, b.y);
}

const CORNERS = array<vec2f, 6>(
    vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0), vec2f(-1.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));

// A target keeps what was blended into it: tiles that move would leave slivers behind.
@fragment fn blank() -> @location(0) vec4f {
    return vec4f(0.0, 0.0, 0.0, 1.0);
}

@vertex fn laid(@builtin(vertex_index) vertex: u32) -> Shown {
    let at = CORNERS[vertex % 6u];
    let number = vertex / 6u;
    let is_mirrored = number < TILES;
    let index = number % TILES;
    let it = tiles[index];
    let count = grid();
    // Hits tilt every tile at once, and silence lets them sway; a wave tilts those that it lifts.
    let tilt = 0.5 * TAU * it.turned + 0.18 * kicked() * sin(7.0 * it.middle.x + 5.0 * it.middle.y)
        + 0.05 * sin(0.5 * now.time_s + 6.0 * it.middle.x + 4.0 * it.middle.y);
    let c = cos(tilt);
    let s = sin(tilt);
    let along = dot(at, it.axis);
    let across_axis = vec2f(-it.axis.y, it.axis.x);
    let across = dot(at, across_axis);
    let flat_at = (it.axis * along + across_axis * (across * c)) * 0.97;
    let out = normalize(cross(it.right, it.up));
    var place = it.middle + it.right * flat_at.x + it.up * flat_at.y + out * (across * s * length(it.right));
    // A snare lifts each second column.
    place.y -= f32(index % count.x & 1u) * 0.42 * pitch() * snared();
    place.y = select(place.y, 2.0 * FLOOR - place.y + 0.008, is_mirrored);
    let p = in_room(place);
    // Corners keep their depth, so that signs are not sheared.
    let push = 0.055 * kicked() + 0.12 * heard.drop * heard.drop * moving();
    let depth = (1.45 - push - p.z) / 1.45;
    let is_there = index < count.x * count.y;
    let position = vec4f(p.xy * vec2f(2.0 / now.aspect, -2.0), 0.0, select(1e9, depth, is_there));

    // A lamp above the viewer glances off the tile as it turns.
    let tangent = (it.right * across_axis.x + it.up * across_axis.y) / length(it.right);
    let normal = in_room(out * c - tangent * s);
    let shine = pow(abs(dot(normalize(normal), normalize(vec3f(0.25, -0.45, 0.85)))), 90.0);
    let body = ink(0.42) * 0.012 + ink(0.85) * (0.12 * shine);
    // The floor mirrors what is near it.
    let share = select(1.0, 0.42 * exp(-4.0 * (FLOOR - it.middle.y)), is_mirrored);
    // Each kick turns every sign by an eighth, and each snare those of each second column: upright crosses lie down, bars lean over.
    let kicks = stepped(heard.kick_count, heard.kick, heard.kick_strength);
    let snares = stepped(heard.snare_count, heard.snare, heard.snare_strength) * f32((index % count.x) & 1u);
    let angle = TAU * fract(0.125 * (kicks + snares) * moving());
    return Shown(position, at, it.light * share, body * share, vec4f(it.sign, it.size, share, shine), vec2f(cos(angle), sin(angle)));
}

fn square_distance(p: vec2f, half: vec2f) -> f32 {
    let d = abs(p) - half;
    return length(max(d, vec2f(0.0))) + min(max(d.x, d.y), 0.0);
}

// Signs: 0 a disc, 1 a ring, 2 a cross, 3 a diamond, 4 a bar. All of the wall shows one at a time.
fn sign_distance(p: vec2f, sign: f32, size: f32) -> f32 {
    let disc = length(p) - size;
    let ring = abs(length(p) - 0.74 * size) - 0.26 * size;
    let cross = min(square_distance(p, vec2f(size, 0.32 * size)), square_distance(p, vec2f(0.32 * size, size)));
    let diamond = (abs(p.x) + abs(p.y) - 1.15 * size) * 0.7071;
    let bar = square_distance(p, vec2f(0.36 * size, size));
    let own = select(select(select(select(disc, ring, sign == 1.0), cross, sign == 2.0), diamond, sign == 3.0), bar, sign == 4.0);
    return mix(disc, own, saturate(scene.glyphs));
}

@fragment fn lit(in: Shown) -> @location(0) vec4f {
    // Larger ones grow less, so that no knob makes them all alike.
    let size = 0.95 * (1.0 - exp(-1.15 * in.lamp.y * scene.lamp * (1.0 + 0.04 * kicked())));
    let distance = sign_distance(turned(in.at, in.spun), in.lamp.x, size);
    let tile = square_distance(in.at, vec2f(0.86)) - 0.09;
    let pixel = max(fwidth(in.at.x), fwidth(in.at.y)) + 1e-4;
    // Signs too small to be read give way to an even light, before they are moire.
    let fine = smoothstep(0.3, 0.7, pixel);
    let lamp = mix(saturate(0.5 - distance / pixel), 0.5 * size * size, fine) * smoothstep(0.0, 0.03, size);
    let body = saturate(0.5 - tile / pixel);
    // Around the lamp its light falls on the tile, its middle is the hottest, and the tile's edge catches a little.
    let spill = 0.07 * exp(-4.5 * max(distance, 0.0)) + 0.05 * smoothstep(0.10, 0.0, abs(tile + 0.05));
    let depth = saturate(-distance / max(0.4 * size, 0.05));
    let heat = luminance(in.light);
    let hot = in.light * (0.85 + 0.5 * depth) + mix(in.light, vec3f(heat), 0.8) * (5.0 * depth * depth * smoothstep(0.08, 0.9, heat));
    let bevel = smoothstep(0.07, 0.0, abs(tile + 0.03)) * saturate(0.3 - 0.9 * in.at.y);
    return vec4f(mix(in.body * (0.5 + 3.5 * bevel) + in.light * spill, hot, lamp) * body, body);
}

// Its light hangs before the wall as a halo, and lies blurred on the floor.
@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let floor_share = smoothstep(0.0, 0.05, p.y - FLOOR - 0.02);
    let ripple = 0.0016 * sin(210.0 * p.y + 3.0 * sin(9.0 * p.x + 0.4 * now.time_s)) * floor_share;
    let level = 2.0 * floor_share + 4.0 * floor_share * (p.y - FLOOR);
    let own = textureSampleLevel(wall, clamped, in.uv + vec2f(ripple, 0.0), level).rgb;
    let halo = textureSampleLevel(wall, clamped, in.uv, 4.0).rgb;
    let wide = textureSampleLevel(wall, clamped, in.uv, 5.5).rgb;
    let spilt = scene.halo * (0.10 + 0.01 * kicked()) * (0.7 * halo + 0.5 * wide);
    return vec4f(own + spilt * (1.0 - 0.4 * floor_share), 1.0);
}
