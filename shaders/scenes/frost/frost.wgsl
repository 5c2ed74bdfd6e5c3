// Scene "frost": what `a_growth.wgsl` freezes, as ice on dark glass, with light that breaks at its edges.

// Side of the grid in which glitter lies, and of the shards that a drop breaks the ice into.
const GLITTER = 0.021;
const SHARD = 0.16;

// The ice at a place, smooth: a cubic spline as the prelude's, but round the edges.
fn ice_at(p: vec2f) -> vec4f {
    let size = f32(textureDimensions(ice).x);
    let place = lattice_of(p) * size - 0.5;
    let corner = floor(place);
    let f = place - corner;
    let g = 1.0 - f;
    let w0 = g * g * g * (1.0 / 6.0);
    let w1 = 2.0 / 3.0 - 0.5 * f * f * (2.0 - f);
    let w3 = f * f * f * (1.0 / 6.0);
    let low = w0 + w1;
    let high = 1.0 - low;
    let a = (corner - 0.5 + w1 / low) / size;
    let b = (corner + 1.5 + w3 / high) / size;
    let top = textureSampleLevel(ice, repeating, a, 0.0) * low.x
        + textureSampleLevel(ice, repeating, vec2f(b.x, a.y), 0.0) * high.x;
    let bottom = textureSampleLevel(ice, repeating, vec2f(a.x, b.y), 0.0) * low.x
        + textureSampleLevel(ice, repeating, b, 0.0) * high.x;
    return top * low.y + bottom * high.y;
}

// How high it is, without smoothing: crystals have facets.
fn height_at(p: vec2f) -> f32 {
    let it = textureSampleLevel(ice, repeating, lattice_of(p), 0.0);
    return abs(it.x) * 0.5 + it.w;
}

fn front(pulse: f32, far: f32) -> f32 {
    let at = -0.34 * log(max(pulse, 0.01));
    let off = (far - at) / 0.13;
    return pulse * exp(-off * off);
}

// Light of a phase, as thin ice splits it: between the music's light, and the accents.
fn split(phase: f32) -> vec3f {
    let three = 0.5 + 0.5 * cos(TAU * (vec3f(phase) + vec3f(0.0, 0.33, 0.67)));
    let weights = three * three * three;
    return weights.x * ink(0.66) + weights.y * accent(0u) + weights.z * accent(1u);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let far = length(p);
    let hit = max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset);
    let wave = front(hit, far);
    // Hits push what is seen outwards; a drop throws its shards, each its own way.
    let shard = floor(turned(p, vec2f(0.8, 0.6)) / SHARD);
    let dice = random2(bitcast<vec2u>(vec2i(shard)) + vec2u(u32(heard.drop_count), 9u));
    let thrown = (dice - 0.5) * 0.22 * max(heard.drop, 0.6 * heard.section_change);
    let sway = 0.02 * vec2f(sin(0.21 * now.time_s), cos(0.17 * now.time_s));
    let seen_at = p * (1.0 - (0.045 * hit + 0.06 * wave) * moving()) - (thrown + sway) * moving();

    let side = cell_side();
    let here = ice_at(seen_at);
    let rough = height_at(seen_at);
    let tilt = vec2f(height_at(seen_at + vec2f(side, 0.0)), height_at(seen_at + vec2f(0.0, side))) - rough;
    let mask = here.w;
    let px = canvas.px.w / side * 0.5;
    let is_ice = saturate((mask - 0.42) / max(px, 0.08) + 0.5);
    let inside = max(mask, 0.2);
    let fresh = here.y / inside;
    let note = here.z / inside;
    let age_s = -FRESH_S * log(clamp(fresh, 0.003, 1.0));

    // Its surface: ridges in the middle of the branches, where most water is.
    let normal = normalize(vec3f(-tilt * 1.6, 0.7));
    let key = normalize(vec3f(now.toward.x, now.toward.y, 0.6));
    let facing = saturate(dot(normal, key));
    let shine = pow(saturate(dot(reflect(-key, normal), vec3f(0.0, 0.0, 1.0))), 24.0);

    // Through the ice the picture is seen bent and bright, beside it there is mist, which the ice drinks up.
    let picture_now = magnified(viewed(p - normal.xy * 0.05)).rgb;
    let mist = smoothstep(0.15, 0.7, abs(here.x)) * (1.0 - mask);
    let from_heart = p - crystal_place();
    let near_crystal = exp(-2.6 * dot(from_heart, from_heart));
    let dark = (picture_now * picture_now * 0.02 * scene.behind + ink(0.25) * 0.16 * near_crystal) * mist;

    // Its body: bands of age, as thin ice has them, each as bright as the music was when it froze.
    let band = split(0.20 * age_s + 0.35 * note + 0.15 * here.x);
    let rings = smoothstep(0.25, 0.5, abs(fract(2.0 * age_s) - 0.5));
    var body = mix(ink(0.30 + 0.45 * note), vivid(picture_now, 1.4) * 1.2, scene.behind * 0.35);
    let young = 0.42 + 1.0 * fresh * fresh;
    body *= (0.02 + 0.42 * facing * facing) * (0.55 + 0.45 * rings) * young;
    body += band * (0.01 + 0.16 * fresh * fresh) * scene.prism;
    body += ink(0.97) * shine * (0.35 + 0.5 * near_crystal);

    // Edges split the light; tips that have just frozen glow, all the more on a hit.
    let rim = is_ice * (1.0 - smoothstep(0.42, 0.85, mask));
    let tip = smoothstep(0.75, 1.0, fresh);
    let edge = split(0.16 * age_s + 1.3 * far + 0.12 * tilt.y * inverseSqrt(dot(tilt, tilt) + 1e-4));
    body += edge * rim * scene.prism * (0.35 + 1.3 * fresh + 0.4 * now.snare + 0.9 * wave);
    body += (ink(0.95) * 0.8 + accent(0u) * 0.5) * tip * tip * (0.18 + 0.8 * hit);

    // Glitter: little stars on the ice, some with each hat.
    let grid = seen_at / GLITTER;
    let lot = random2(bitcast<vec2u>(vec2i(floor(grid))) + vec2u(u32(heard.hat_count) * 7u, 3u));
    let off = abs(fract(grid) - 0.5 - 0.4 * (lot - 0.5));
    let star = max(0.0, 1.0 - 9.0 * min(off.x, off.y) - 2.6 * max(off.x, off.y));
    let glitter = star * step(0.90, lot.x) * (now.hat * 2.5 + 0.15) * scene.glitter;
    // Its heart glows through it with the bass.
    body += ink(0.85) * (facing * facing * facing * facing * exp(-9.0 * dot(from_heart, from_heart)) * (0.08 + 0.50 * now.swell + 0.30 * hit));
    // The great crystal is lit; what grows far from it stays in the dark.
    body *= 0.30 + 1.40 * near_crystal;
    let light = mix(dark, body, is_ice) + ink(0.98) * glitter * is_ice;
    return vec4f(light, 1.0);
}
