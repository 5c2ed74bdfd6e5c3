// Bodies: rocks from gravel to boulders, before the stars, and behind them the planet with its ring, which comes past again and again.

const FACES = 7u;
// Each face of a rock is a triangle at its top and two on its flank.
const ROCK_VERTICES = FACES * 9u;
// How far it is from one planet to the next.
const PLANET_EVERY = 60.0;
const RING_FROM = 1.35;
const RING_TO = 2.35;

struct RockCorner {
    @builtin(position) position: vec4f,
    // Stone, and how much of it there is.
    @location(0) @interpolate(flat) stone: vec4f,
    @location(1) @interpolate(flat) to_light: vec3f,
    @location(2) normal: vec3f,
    // Where on the stone; and 1 at the outline.
    @location(3) at: vec2f,
    @location(4) edge: f32,
}

// A corner of a rock: 0 is its top, 1 a shoulder, 2 the outline.
fn rock_place(index: u32, corner: u32, kind: u32) -> vec3f {
    let dice = random2(vec2u(index * FACES + corner % FACES, 17u + kind));
    let angle = TAU * (f32(corner % FACES) + 0.5 * dice.y) / f32(FACES);
    let reach = array<f32, 3>(0.1, 0.5, 0.75)[kind] + array<f32, 3>(0.1, 0.15, 0.4)[kind] * dice.x;
    return vec3f(reach * cos(angle), 0.8 * reach * sin(angle), array<f32, 3>(0.75, 0.55, 0.0)[kind] * (0.6 + 0.4 * dice.x));
}

@vertex fn rock_corner(@builtin(vertex_index) vertex: u32) -> RockCorner {
    let it = ship[0];
    let index = vertex / ROCK_VERTICES;
    let face = (vertex / 9u) % FACES;
    let part = (vertex / 3u) % 3u;
    let dice = random2(vec2u(index + 31u, u32(now.seed.x * 65536.0)));
    let more = random2(vec2u(index + 4001u, 9u));
    let bearing = TAU * dice.x;
    // Very few are large, and those stay further away.
    let size = (0.03 + 0.16 * pow(more.y, 5.0)) * (1.0 + 0.15 * hit());
    let aside = (0.75 + 1.7 * dice.y + 1.2 * size) * vec2f(cos(bearing), sin(bearing));
    let z = fract(more.x - it.way * (0.6 + 0.3 * more.y) / FARTHEST) * FARTHEST + 0.2;
    let tumble = (now.time_s * (more.y - 0.5) * 2.0 + 1.5 * (dice.x - 0.5) * heard.bass_time_s) * (1.0 - 0.8 * size);
    let by = vec2f(cos(tumble), sin(tumble));
    let kinds = array<vec3u, 3>(vec3u(0u, 1u, 1u), vec3u(1u, 2u, 2u), vec3u(1u, 2u, 1u))[part];
    let sides = array<vec3u, 3>(vec3u(0u, 0u, 1u), vec3u(0u, 0u, 1u), vec3u(0u, 1u, 1u))[part] + face;
    var corners: array<vec3f, 3>;
    for (var which = 0u; which < 3u; which++) {
        let local = rock_place(index, select(sides[which], 0u, kinds[which] == 0u), kinds[which]);
        corners[which] = vec3f(turned(local.xy, by), local.z);
    }
    let chosen = vertex % 3u;
    let place = seen(vec3f(aside + size * corners[chosen].xy, z), it);
    // Half round and half faceted, as broken stone is. What comes too near is gone before it is large.
    let across = cross(corners[1] - corners[0], corners[2] - corners[0]);
    let facet = normalize(across * select(-1.0, 1.0, across.z > 0.0));
    let outward = normalize(facet + normalize(corners[chosen] + vec3f(0.0, 0.0, 0.1)));
    let rolled = vec3f(turned(outward.xy, vec2f(cos(it.roll), sin(it.roll))), outward.z);
    let to_light = normalize(vec3f(goal() - seen(vec3f(aside, z), it), 0.12));
    let shown = smoothstep(FARTHEST, 0.5 * FARTHEST, z) * smoothstep(0.8, 1.3, z);
    let stone = mix(ink(0.45), accent(0u), 0.15 + 0.25 * dice.y) * ((0.9 + 0.8 * now.swell) / (1.0 + 0.3 * z));
    let at = rock_place(index, select(sides[chosen], 0u, kinds[chosen] == 0u), kinds[chosen]).xy + 7.0 * dice;
    return RockCorner(in_frame(place), vec4f(stone, shown), to_light, rolled, at, select(0.0, 1.0, kinds[chosen] == 2u));
}

// Pitted stone, dark but where the goal's light falls on it, with a rim of light.
@fragment fn rock(in: RockCorner) -> @location(0) vec4f {
    let pits = textureSampleLevel(grain, repeating, 0.22 * in.at, 0.0).xy - 0.5;
    let fine = textureSampleLevel(grain, repeating, 0.9 * in.at, 0.0).xy - 0.5;
    let normal = normalize(in.normal + vec3f(2.2 * pits + 1.4 * fine, 0.0));
    let lit = saturate(dot(normal, in.to_light));
    let rim = smoothstep(0.55, 1.0, in.edge) * saturate(dot(normalize(in.normal.xy + 1e-4), normalize(in.to_light.xy + 1e-4)));
    let light = in.stone.rgb * (lit * (0.7 + 1.6 * fine.x) + 0.03) + ink(0.92) * (1.5 * rim * rim * (0.4 + lit));
    let covered = in.stone.a * saturate((1.0 - in.edge) / max(fwidth(in.edge), 1e-3));
    return vec4f(max(light, vec3f(0.0)), 1.0) * covered;
}

// How dense the ring is at a distance: ringlets, and gaps between them.
fn ring_at(r: f32) -> f32 {
    let ringlets = textureSampleLevel(grain, repeating, vec2f(r * 2.3 + now.seed.x, 0.3), 0.0).y;
    let ends = smoothstep(RING_FROM, RING_FROM + 0.05, r) * smoothstep(RING_TO, RING_TO - 0.05, r);
    return ends * (0.12 + 0.88 * smoothstep(0.5, 0.9, ringlets)) * (1.0 - 0.9 * smoothstep(0.06, 0.03, abs(r - 1.95)));
}

// The planet, which comes near from afar, and past: a gas giant with storms, lit from the goal, with its ring, each in the
// other's shadow.
fn with_planet(behind: vec3f, p: vec2f) -> vec3f {
    let it = ship[0];
    let dice = random2(vec2u(u32(floor(it.planets)), u32(now.seed.w * 65536.0)));
    // Slow and far at first, then past, out of the frame before it fills it. It goes round as the ship rolls, though less.
    let left = 1.0 - fract(it.planets);
    let z = 1.4 * pow(left, 1.2) + 0.8;
    let bearing = TAU * it.bearing + 0.4 * it.roll;
    let middle = vec2f(0.95 * cos(bearing), 0.60 * sin(bearing)) * (pow(z, -0.6) + 3.0 * smoothstep(0.2, 0.0, left)) + it.bend * z * 0.5;
    let size = (0.30 + 0.14 * dice.x) / z;
    let q = (p - middle) / size;
    let shown = smoothstep(2.2, 2.1, z);
    let r2 = dot(q, q);
    if r2 > RING_TO * RING_TO { return behind; }

    let pixel = 1.5 * canvas.px.w / size;
    let to_light = normalize(vec3f(goal() - middle, 0.12 * length(goal() - middle) + 0.05));
    let tilt = 0.5 + 2.0 * dice.y + 7.0 * it.bend.x;
    let axis = normalize(vec3f(cos(tilt), sin(tilt), 0.36));
    let disc = smoothstep(1.0 + pixel, 1.0 - pixel, sqrt(r2)) * shown;
    let normal = vec3f(q, sqrt(max(1.0 - r2, 0.0)));
    // Its air goes around in bands, which the bass drives, and storms curl where they meet.
    let latitude = dot(normal, axis);
    let meridian = normalize(cross(axis, vec3f(0.0, 0.0, 1.0)));
    let turned_by = 0.01 * now.time_s + 0.03 * heard.bass_time_s;
    let longitude = atan2(dot(normal, meridian), dot(normal, cross(meridian, axis))) / TAU + turned_by;
    let storm = textureSampleLevel(grain, repeating, vec2f(2.0 * longitude, latitude), 0.0);
    let band = textureSampleLevel(grain, repeating, vec2f(longitude + 0.05 * storm.x, 1.3 * latitude + 0.06 * storm.y), 0.0);
    let fine = textureSampleLevel(grain, repeating, vec2f(3.0 * longitude + 0.1 * band.y, 7.0 * latitude + 0.2 * storm.x), 0.0);
    let tone = saturate(0.40 + 2.2 * (band.x - 0.5) + 0.8 * (fine.x - 0.5));
    let is_storm = smoothstep(0.80, 0.95, band.y + 0.5 * (storm.x - 0.5));
    let earth = mix(mix(ink(0.12), ink(1.0), tone), accent(0u), 0.8 * is_storm * tone);
    // The ring's shadow lies on it.
    let way = -latitude / dot(to_light, axis);
    let shaded = 1.0 - 0.8 * ring_at(length(normal + way * to_light)) * step(0.0, way);
    let day = smoothstep(-0.06, 0.95, dot(normal, to_light));
    let limb = pow(1.0 - normal.z, 3.0);
    let ground = earth * (1.05 * day * shaded) + ink(0.1) * 0.4
        + mix(accent(1u), ink(0.9), 0.4) * (limb * (0.08 + 0.6 * day));
    let sunny = saturate(dot(normalize(q + 1e-5), normalize(to_light.xy)) + 0.25);
    let air = mix(accent(1u), ink(0.8), 0.4) * exp(-14.0 * abs(sqrt(r2) - 1.0)) * sunny * shown;

    // The ring: the far half behind the planet, and where its shadow falls it is dark. A hit runs out over it as light.
    let at = vec3f(q, -dot(q, axis.xy) / axis.z);
    let ring_r = length(at);
    let along = dot(at, to_light);
    let in_shadow = smoothstep(1.03, 0.97, length(at - along * to_light)) * step(along, 0.0);
    let wave = (ring_r - mix(RING_TO, RING_FROM, hit())) / 0.12;
    let ring_light = mix(ink(0.85), accent(0u), 0.25 + 0.25 * sin(9.0 * ring_r)) * (0.75 - 0.7 * in_shadow)
        + ink(1.0) * (0.8 * hit() * exp(-wave * wave));
    let is_front = select(0.0, 1.0, at.z > 0.0);
    let ring = ring_at(ring_r) * shown * max(is_front, 1.0 - disc);
    let with_disc = mix(behind, ground, disc) + air * 0.5;
    return mix(with_disc, ring_light, 0.85 * ring);
}
