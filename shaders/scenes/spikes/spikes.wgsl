// Scene "spikes": ferrofluid. Each spike is a surface of revolution on a quad that covers it, drawn from the farthest to the
// nearest; its outline and its normal are known exactly, so that it is sharp at any size.

const COUNT = 150u;
// Spikes lie like the seeds of a sunflower (Vogel, "A better way to construct the sunflower head", 1979).
const GOLDEN_ANGLE = 2.39996;
// The pool: its radius, and how much it bulges in the middle, in frame heights.
const POOL = 0.40;
const BULGE = 0.10;
// Middle of the pool in the frame.
const MIDDLE = vec2f(0.0, 0.17);
// Cosine and sine of the camera's elevation.
const ELEVATION = vec2f(0.86, 0.51);
// How stiff a spike is, and how soon it comes to rest.
const STIFF = 260.0;
const DRAG = 15.0;

struct Spike {
    // Of its foot: to the right, up, and towards the viewer.
    foot: vec3f,
    length: f32,
    axis: vec3f,
    speed: f32,
}

// What moves everything at once follows kicks, and other hits less: bright edges that leap more often than thrice a second
// would be held back as flashes.
fn leap() -> f32 {
    return max(max(now.kick, 0.8 * now.snare), 0.35 * now.onset) * moving();
}

// A hit of any kind.
fn struck() -> f32 {
    return max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset) * moving();
}

// Frame heights that a unit has: less in narrow frames.
fn unit() -> f32 {
    return min(1.0, 0.98 * now.aspect);
}

@compute @workgroup_size(64) fn grow(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    let share = sqrt((f32(index) + 0.5) / f32(COUNT));
    let angle = f32(index) * GOLDEN_ANGLE + scene.turn * (0.07 * now.time_s + 0.22 * heard.low_mid_time_s);
    let swell = 1.0 + 0.05 * leap() + 0.05 * now.swell * moving();
    let out = vec2f(cos(angle), sin(angle));
    let flat_foot = out * (share * POOL * swell);
    // Bass in the middle, treble outside; the sound runs outward, and each spike has its own band.
    let band = saturate(0.02 + 0.93 * share + 0.04 * sin(f32(index) * 7.7));
    let past = textureSampleLevel(history, clamped, vec2f(share * 0.35 / 8.0, 1.0 - band), 0.0).x;
    let fine = textureSampleLevel(spectrum, clamped, vec2f(band, 0.375), 0.0).x;
    let side = 0.75 + 0.25 * sin(3.0 * angle - 2.0 * heard.bass_time_s);
    let level = mix(past, fine, 0.25);
    let wave = sin(9.0 * share - 1.1 * now.time_s + 2.0 * angle);
    let wanted = scene.length * (0.05 + 0.012 * wave + 0.44 * level * sqrt(level) * side * (1.1 - 0.35 * share) * moving()
        + 0.07 * leap() * (1.0 - share) * moving());
    if index >= canvas.count { return; }
    var it = spikes_rw[index];
    let dt_s = min(now.dt_s, 0.033);
    // A spring that overshoots, in two steps so that it stays calm at low frame rates.
    for (var step = 0; step < 2; step++) {
        it.speed += ((wanted - it.length) * STIFF - it.speed * DRAG) * (0.5 * dt_s);
        it.length += it.speed * (0.5 * dt_s);
    }
    it.length = max(select(it.length, wanted, canvas.anew > 0.5), 0.02);
    it.speed = select(it.speed, 0.0, canvas.anew > 0.5);
    it.foot = vec3f(flat_foot.x, BULGE * (1.0 - share * share), flat_foot.y);
    let lean = scene.spread * (1.0 + 0.25 * leap()) * share * share * 1.5;
    // Those in front lean less: nobody wants to look down on a tip.
    it.axis = normalize(vec3f(out.x * lean, 1.0, out.y * lean * select(0.8, 0.35, out.y > 0.0)));
    spikes_rw[index] = it;
}

// Its rank is how many lie farther away.
@compute @workgroup_size(64) fn sort(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= COUNT { return; }
    let own = spikes[index].foot.z;
    var rank = 0u;
    for (var other = 0u; other < COUNT; other++) {
        let depth = spikes[other].foot.z;
        rank += select(0u, 1u, depth < own || (depth == own && other < index));
    }
    order_rw[rank] = index;
}

// A direction of the world as the camera sees it: to the right, down, towards the viewer.
fn seen(way: vec3f) -> vec3f {
    return vec3f(way.x, way.z * ELEVATION.y - way.y * ELEVATION.x, way.y * ELEVATION.y + way.z * ELEVATION.x);
}

struct Stand {
    @builtin(position) position: vec4f,
    // Along the spike, 0 its foot and 1 its tip; and across, in radii of the foot.
    @location(0) at: vec2f,
    // Its axis as it is seen; its radius at the foot over its length in the frame.
    @location(1) @interpolate(flat) axis: vec4f,
    // How long it is, and how far out it stands; pixels of a radius.
    @location(2) @interpolate(flat) kind: vec3f,
}

@vertex fn stand(@builtin(vertex_index) vertex: u32) -> Stand {
    let index = order[vertex / 6u];
    let it = spikes[index];
    let corners = array<vec2f, 6>(vec2f(-1.0, 0.0), vec2f(1.0, 0.0), vec2f(-1.0, 1.0),
        vec2f(1.0, 0.0), vec2f(1.0, 1.0), vec2f(-1.0, 1.0));
    let corner = corners[vertex % 6u];
    let axis = seen(it.axis);
    let foot = seen(it.foot).xy;
    let radius = POOL / sqrt(f32(COUNT)) * 1.75 * scene.thick;
    let size = max(length(axis.xy), 0.12);
    let along = axis.xy / max(length(axis.xy), 1e-3);
    let long = it.length * size;
    // Below the foot its round rim, above the tip a pixel.
    let t = mix(-radius / long, 1.0 + 2.0 * now.frame_px.w / long, corner.y);
    // The profile is hollow, so that a trapezium holds it.
    let across = corner.x * (mix(1.2, 0.05, corner.y) + 2.0 * now.frame_px.w / radius);
    let place = MIDDLE + (foot + along * (t * long) + vec2f(-along.y, along.x) * (across * radius)) * unit();
    var out: Stand;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = vec2f(t, across);
    out.axis = vec4f(axis, radius / long);
    out.kind = vec3f(it.length, length(it.foot.xz) / POOL, radius * unit() * now.frame_px.y);
    return out;
}

// The radius of a spike, from its foot to its tip.
fn profile(t: f32) -> f32 {
    let down = saturate(1.0 - t);
    return down * down * (0.45 + 0.55 * down) + 0.012;
}

// What is seen in the black gloss: lamps, the ring, and darkly the picture.
fn lamps(normal: vec3f) -> vec3f {
    let way = reflect(vec3f(0.0, 0.0, -1.0), normal);
    let key = smoothstep(0.935, 0.985, dot(way, normalize(vec3f(-0.5, -0.75, 0.42))));
    let strip = smoothstep(0.10, 0.04, abs(way.x - 0.72)) * smoothstep(-0.1, 0.3, way.z + 0.5);
    let back = smoothstep(0.75, 0.1, normal.z);
    let left = accent(0u) * (back * smoothstep(0.0, 0.8, -normal.x) * 1.9);
    let right = ink(0.62) * (back * smoothstep(0.0, 0.8, normal.x) * 2.2);
    let all = magnified(unstretched(normal.xy * 0.45 + now.drift)).rgb;
    let sheen = all * all * (0.10 + 0.5 * smoothstep(0.1, -0.9, normal.y));
    return sheen + left + right + ink(0.9) * (1.7 * key) + accent(1u) * (0.35 * strip);
}

@fragment fn skin(in: Stand) -> @location(0) vec4f {
    // Its front is no wider than the spike is here.
    if abs(in.at.y) > profile(in.at.x) + 1.5 / in.kind.z { return vec4f(0.0); }
    let round = in.axis.w * max(in.axis.z, 0.0);
    // The front of the spike at this place lies lower on the axis than its middle: found in a few rounds.
    var t = in.at.x;
    for (var step = 0; step < 3; step++) {
        let r = profile(t);
        let u = saturate(abs(in.at.y) / r);
        t = mix(t, in.at.x + round * r * sqrt(1.0 - u * u), 0.7);
    }
    t = clamp(t, 0.0, 1.0);
    let r = profile(t);
    let u = in.at.y / r;
    // A tip is never thinner than a line, or it would be dotted.
    let ends = smoothstep(0.0, 0.06, t) * smoothstep(1.02, 0.99, in.at.x);
    let covers = saturate(max(r * in.kind.z, 0.55) - abs(in.at.y) * in.kind.z + 0.5) * ends;
    if covers <= 0.0 { return vec4f(0.0); }
    let across = clamp(u, -1.0, 1.0);
    let slope = (profile(t - 0.02) - profile(t + 0.02)) / 0.04 * in.axis.w * max(length(in.axis.xy), 0.12);
    let axis = normalize(in.axis.xyz);
    let side = vec3f(normalize(vec2f(-axis.y, axis.x)), 0.0);
    let facing = cross(side, axis);
    let front = facing * sign(facing.z);
    let normal = normalize(side * across + front * sqrt(1.0 - across * across) + axis * slope);
    // Between the feet it is dark.
    let open = smoothstep(0.02, 0.45, t);
    let tip = smoothstep(0.55, 1.0, t) * saturate(in.kind.x * 6.0 - 0.7);
    let hit = mix(0.8 * now.kick, 0.9 * now.snare, in.kind.y);
    let hot = mix(accent(0u), ink(0.85), in.kind.y) * (tip * (0.2 + hit));
    let light = lamps(normal) * (open * scene.gloss) + hot;
    return vec4f(light * covers, covers);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    return textureSampleLevel(view, clamped, in.uv, 0.0);
}
