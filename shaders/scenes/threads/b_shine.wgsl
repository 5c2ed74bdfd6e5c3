// The strings as they swing, and as light.

// How far the waves of the last hits lift a place: each runs outwards as a ring.
fn lifted(p: vec2f) -> f32 {
    var sum = 0.0;
    for (var at = 0u; at < WAVES; at++) {
        let wave = state[0].waves[at];
        let ring = (distance(p, wave.xy) - 1.5 * wave.z) / 0.16;
        sum += wave.w * exp(-ring * ring - 4.5 * wave.z);
    }
    return sum * scene.pluck * moving();
}

@compute @workgroup_size(64) fn pull(@builtin(global_invocation_id) id: vec3u) {
    let number = index_of(id);
    if number >= canvas.count { return; }
    let index = number / SPOTS;
    let u = f32(number % SPOTS) / f32(SPOTS - 1u);
    let it = state[0];
    let old = nails(it.before, index);
    let next = nails(it.due, index);
    let share = smoothstep(0.0, 1.0, it.share);
    let a = mix(old.a, next.a, share);
    let b = mix(old.b, next.b, share);
    let straight = mix(a, b, u);

    // The bass has the first strings, the treble the last; of what they play the newest is in the middle of the string.
    let v = f32(index) / f32(STRINGS);
    let band = abs(2.0 * v - 1.0);
    let ago = abs(2.0 * u - 1.0) * 0.16;
    let level = textureSampleLevel(history, clamped, vec2f(ago, 1.0 - band), 0.0).x;
    let chroma = heard_chroma(index % 12u);
    let held = sin(0.5 * TAU * u);
    // Each string swings as strings do, in one, two or three waves; neighbours swing almost alike, so that the weave stays whole.
    let loud = textureSampleLevel(spectrum, clamped, vec2f(band, 0.375), 0.0).x;
    let waves = 1.0 + f32(u32(heard.bar_count) % 3u);
    let swing = sin(0.5 * TAU * waves * u) * sin(TAU * (0.13 * now.time_s + 2.0 * v));
    let shiver = held * sin(TAU * (3.0 * u + 2.0 * v)) * 0.05 * snared();
    let lift = lifted(straight.xy);
    let aside = normalize(vec3f(-(b.y - a.y), b.x - a.x, 0.3));
    let bent = swing * (0.012 + moving() * scene.bands * 0.07 * loud * loud + 0.12 * kicked()) + shiver;
    let p = straight + aside * bent + held * (vec3f(0.0, 0.0, 0.20 * lift) + straight * (0.22 * lift));

    // Turned in space, but never so far that it is only seen from its edge.
    let slow = scene.turning * (now.time_s * 0.10 + 0.25 * heard.bass_time_s);
    let yaw = 0.75 * sin(slow);
    let pitch = 0.45 * sin(0.7 * slow + 1.0);
    let by_yaw = turned(p.xz, vec2f(cos(yaw), sin(yaw)));
    let by_pitch = turned(vec2f(p.y, by_yaw.y), vec2f(cos(pitch), sin(pitch)));
    let near = 1.0 / (1.5 - by_pitch.y);
    let roll = it.turn.x * scene.turning;
    let narrow = min(1.0, 0.35 + 0.65 * now.aspect);
    let flat_place = turned(vec2f(by_yaw.x, by_pitch.x), vec2f(cos(roll), sin(roll)));
    let wide = mix(vec2f(1.0), vec2f(max(now.aspect, 1.0), max(1.0 / now.aspect, 1.0)), 0.45);
    let nail = smoothstep(0.03, 0.0, min(u, 1.0 - u));
    let played = 0.75 * level * level * level * held + 0.55 * chroma * chroma * chroma;
    let light = 0.07 + played + 1.1 * lift + nail * (0.6 + 3.0 * now.hat);
    spots_rw[number] = Spot(flat_place * wide * (1.30 * near * narrow * (it.size.x + 0.36 * kicked())), near, light);
}

struct Stroke {
    @builtin(position) position: vec4f,
    // Across the string, in widths.
    @location(0) across: f32,
    @location(1) light: vec3f,
}

// Each string's colour: inks from shadow to light across the weave, every sixth in the accent's.
fn colour_of(index: u32, strength: f32) -> vec3f {
    let v = f32(index) / f32(STRINGS);
    let own = ink(0.46 + 0.26 * sin(TAU * (2.0 * v + 0.05 * now.time_s)) + 0.16 * saturate(strength - 0.6));
    let beside = accent(select(1u, 0u, index % 12u == 0u));
    return mix(select(own, beside, index % 6u == 0u), ink(1.0), 0.7 * smoothstep(1.2, 3.2, strength));
}

// The corners of a segment's two triangles: x from its beginning to its end, y across.
const CORNERS = array<vec2f, 6>(
    vec2f(0.0, -1.0), vec2f(1.0, -1.0), vec2f(0.0, 1.0), vec2f(0.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));

@vertex fn segment(@builtin(vertex_index) vertex: u32) -> Stroke {
    let corner = CORNERS[vertex % 6u];
    let which = vertex / 6u;
    let index = min(which / (SPOTS - 1u), STRINGS - 1u);
    let first = index * SPOTS + which % (SPOTS - 1u);
    let a = spots[first];
    let b = spots[first + 1u];
    let way = b.place - a.place;
    let far = length(way);
    let along = select(vec2f(1.0, 0.0), way / far, far > 1e-6);
    let is_end = corner.x > 0.5;
    let near = select(a.near, b.near, is_end);
    let strength = select(a.light, b.light, is_end);
    // Thinner than a pixel it keeps its light, not its width.
    let wanted = 0.0016 * scene.width * near;
    let width = max(wanted, 0.55 * canvas.px.w);
    let place = select(a.place, b.place, is_end) + vec2f(-along.y, along.x) * (corner.y * 2.2 * width);
    let depth = smoothstep(0.45, 0.95, near);
    let light = colour_of(index, strength) * (strength * wanted / width * (0.25 + 1.3 * depth));
    return Stroke(vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0), corner.y * 2.2, light);
}

// A string leaves a short afterglow in its place.
@fragment fn fade(in: Corner) -> @location(0) vec4f {
    return textureLoad(light, vec2i(in.position.xy), 0) * (exp(-now.dt_s / 0.05) * (1.0 - canvas.anew));
}

@fragment fn shine(in: Stroke) -> @location(0) vec4f {
    return vec4f(in.light * exp(-in.across * in.across), 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    return vec4f(1.6 * textureSampleLevel(light, clamped, in.uv, 0.0).rgb, 1.0);
}
