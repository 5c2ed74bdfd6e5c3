// Scene "slitscan": slit-scan, as Douglas Trumbull photographed the star gate of "2001: A Space Odyssey" (1968). A slit wanders
// over the picture; each step of the way its column is kept in `past`, with what was heard in `marks`, and the petals of a flower
// are what it saw, the newest in its heart. The picture's heights shift the time from which a place is taken.

// How far ahead the newest column is; how many columns there are in that unit; how many rays a petal has.
const AHEAD = 5.5;
const COLUMNS = 40.0;
const RAYS = 44.0;
// How many hairlines a sheet of the paper has, and how dark they are.
const HAIRLINES = 6.0;
const HAIR_STRENGTH = 0.9;
// Where a petal is 0 away, in frame heights, and how quickly it recedes from there: as a logarithm, so that what streams past is
// as fine near by as far away.
const NEAREST = 1.35;
const DEPTH = 1.5;

// How far the slit has come: it only ever goes forward, and slowly, since what streams by is of high contrast.
fn flown() -> f32 {
    return scene.speed * moving() * (0.09 * now.time_s + 0.20 * heard.all_time_s + 0.14 * heard.bass_time_s);
}

// What changes with the phrases, from 0: a number that is never the same twice in a row.
fn chapter() -> u32 {
    return u32(heard.phrase4_count + heard.section_change_count + heard.drop_count + floor(heard.all_time_s / 24.0));
}

// There and back between 0 and 1.
fn to_and_fro(x: f32) -> f32 {
    return abs(1.0 - 2.0 * fract(0.5 * x));
}

struct Scanned {
    // What the slit saw, and its height.
    @location(0) past: vec4f,
    // What was heard: the spectrum along the slit, kicks, snares.
    @location(1) marks: vec4f,
}

@fragment fn scan(in: Corner) -> Scanned {
    let wide = f32(textureDimensions(past).x);
    let newest = (flown() + AHEAD) * COLUMNS;
    // How many columns behind the newest one this is; the last few are written anew, so that none is left out in a slow frame.
    let behind = newest - in.position.x - wide * floor((newest - in.position.x) / wide);
    let is_fresh = (behind < scene.speed * 1.2 * COLUMNS * min(now.dt_s, 0.1) + 1.0) | (canvas.anew > 0.5);
    let way = (newest - behind) / COLUMNS;
    let at = vec2f(to_and_fro(0.13 * way), in.uv.y);
    // Heights from the landscape, which is smoother: so are its contours.
    let seen = vec4f(magnified(at).rgb, textureSampleLevel(field, clamped, at, 0.0).x);
    // The spectrum between fast and slow.
    let pitch = 0.03 + 0.85 * in.uv.y;
    let level = mix(spectrum_at(pitch), textureSampleLevel(spectrum, clamped, vec2f(pitch, 0.375), 0.0).x, 0.4);
    let sound = vec4f(level, now.kick, now.snare, 1.0) * (1.0 - canvas.anew);
    let here = vec2u(in.position.xy);
    return Scanned(select(textureLoad(past, here, 0), seen, is_fresh), select(textureLoad(marks, here, 0), sound, is_fresh));
}

fn kept_at(way: f32, along: f32) -> vec2f {
    return vec2f(way * COLUMNS / f32(textureDimensions(past).x), clamp(along, 0.005, 0.995));
}

// What was seen, magnified by a cubic B-spline in four bilinear reads: linear ones would leave a staircase in every contour.
// Sigg and Hadwiger, "Fast Third-Order Texture Filtering", GPU Gems 2, 2005.
fn past_at(at: vec2f) -> vec4f {
    let size = vec2f(textureDimensions(past));
    let texel = at * size - 0.5;
    let f = fract(texel);
    let w0 = (1.0 - f) * (1.0 - f) * (1.0 - f) / 6.0;
    let w3 = f * f * f / 6.0;
    let w1 = (4.0 - 6.0 * f * f + 3.0 * f * f * f) / 6.0;
    let left = w0 + w1;
    let low = (floor(texel) - 0.5 + w1 / left) / size;
    let high = (floor(texel) + 1.5 + w3 / (1.0 - left)) / size;
    let a = textureSampleLevel(past, repeating, low, 0.0);
    let b = textureSampleLevel(past, repeating, vec2f(high.x, low.y), 0.0);
    let c = textureSampleLevel(past, repeating, vec2f(low.x, high.y), 0.0);
    let d = textureSampleLevel(past, repeating, high, 0.0);
    return mix(mix(d, c, left.x), mix(b, a, left.x), left.y);
}

// How near a petal is to the eye, and how far across it, 0 to 1. A flower of six, a shaft of four walls, or a star of five: each
// half is its neighbour's mirror image, so that all edges join.
fn petals(p: vec2f, kind: u32) -> vec2f {
    let petal = TAU / array<f32, 3>(6.0, 4.0, 5.0)[kind];
    let angle = atan2(p.x, -p.y);
    let a = abs(angle - petal * round(angle / petal));
    let shape = array<f32, 3>(1.0 - 0.28 * cos(6.0 * a), cos(a), cos(a - 0.95))[kind];
    return vec2f(length(p) * shape, a / (0.5 * petal));
}

// Layers of the picture as cut paper: two of five are black, the others have a full ink of their own, far from their neighbours', or an
// accent. Lighter inks have less colour, and are left to lines.
fn paper(layer: f32) -> vec3f {
    let dice = fract(0.618 * layer + 0.2);
    let full = mix(ink(0.28 + 0.42 * fract(5.0 * dice)), accent(u32(2.0 * fract(9.0 * dice))) * 0.7, step(0.80, dice));
    return full * step(0.4, dice);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let hit = max(now.kick, 0.35 * now.onset) * moving();
    let side = select(-1.0, 1.0, u32(heard.snare_count) % 2u == 0u);
    let lean = scene.roll * (0.35 * sin(0.09 * flown()) + 0.05 * now.snare * moving() * side);
    let p = turned(centred(in.uv), vec2f(cos(lean), sin(lean))) * (1.0 - 0.03 * hit);
    let kind = select(u32(scene.corridor) - 1u, chapter() % 3u, scene.corridor < 0.5);
    let petal = petals(p, kind);
    // The moving map that shifts time, alike in each petal, and a kick that jolts it.
    let folded = petal.x * vec2f(1.0, petal.y);
    let land = textureSampleLevel(field, clamped, within(viewed(folded)), 0.0);
    let far = DEPTH * log(NEAREST / max(petal.x, 1e-3));
    let way = flown() + far + scene.shift * ((0.5 - land.x) * (0.5 + 0.12 * now.swell) + 0.025 * hit * cos(TAU * petal.y));
    let along = 0.32 * petal.y + 0.11 * sin(0.21 * way);
    let lit = smoothstep(AHEAD, 0.6 * AHEAD, far) * smoothstep(-0.1, 1.9, far);

    let seen = past_at(kept_at(way, to_and_fro(along + 0.5)));
    let layers = seen.w * 6.0 + 0.6 * petal.y;
    // Neighbours across a petal's edge are alike: there a difference says too little.
    let least = now.frame_px.w / max(length(p), 1e-3);
    let across = max(fwidth(layers), 0.8 * least);
    // Between two layers lies one pixel of both.
    let over = saturate(0.5 + (fract(layers) - 0.5) / across);
    // Each sheet is black at its one edge and full at its other.
    let slope = saturate(fract(layers) + vec2f(0.5, -0.5));
    let shade = slope * slope * 1.5;
    var light = mix(paper(floor(layers)) * shade.x, paper(floor(layers) + 1.0) * shade.y, over);
    light = mix(light, seen.rgb * seen.rgb * mix(slope.x, slope.y, over), 0.08) * scene.walls;
    // Hairlines follow the edges, as in the rings of agate; where they would lie closer than some pixels there are none.
    let hair = saturate(1.3 - abs(fract(HAIRLINES * layers) - 0.5) / (HAIRLINES * across)) * saturate(2.2 - 6.0 * HAIRLINES * across);
    light *= 1.0 - HAIR_STRENGTH * hair;
    // One in three contours of what was seen, as sharp as pixels allow.
    let drawn = step(2.0, floor(layers) - 3.0 * floor(floor(layers) / 3.0));
    let contour = drawn * saturate(1.2 - abs(fract(layers) - 0.5) / across) * saturate(0.30 / across - 0.5);
    light += ink(0.9) * (1.2 * contour * scene.walls);

    // Rays along the way, each as broad and bright as its band was loud.
    let ray = (along + 8.0) * RAYS;
    let ray_width = max(fwidth(ray), 0.45 * RAYS * least);
    let middle = (floor(ray) + 0.5) / RAYS - 8.0;
    let sound = textureSampleLevel(marks, repeating, kept_at(way, to_and_fro(middle + 0.5)), 0.0);
    let dice = random2(vec2u(u32(ray), 4u));
    let loud = smoothstep(0.25, 0.85, sound.x);
    let line = saturate(0.5 + (0.30 * loud * dice.x - abs(fract(ray) - 0.5)) / ray_width) * saturate(1.5 - ray_width);
    light = mix(light, ink(0.35 + 0.65 * loud) * (0.4 + 1.2 * loud), line * scene.rays);
    // Kicks stand across the way, snares as rungs. Where they fly by they fade: what is large and fast there would be a flash.
    let stays = smoothstep(0.5, 1.8, far);
    let kick = saturate(0.5 + (sound.y - 0.6) / max(fwidth(sound.y), 0.08));
    let rung = saturate(0.5 + (sound.z - 0.7) / max(fwidth(sound.z), 0.08)) * step(0.6, dice.y);
    light = mix(light, accent(0u) * 1.3, kick * stays);
    light = mix(light, ink(1.0) * 1.4, rung * stays);
    light *= lit * 1.75;

    // The heart that all comes from swells with the bass.
    let heart = petal.x / (0.025 + 0.025 * now.swell + 0.02 * hit);
    let fire = mix(accent(0u), ink(1.0), exp(-heart)) * (1.6 * exp(-heart * heart));
    return vec4f(light + fire, 1.0);
}
