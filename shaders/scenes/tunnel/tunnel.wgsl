// Scene "tunnel": flight towards a light from which every sound comes. What is heard is recorded in a ring of columns, one for
// each step of the way, and stands there as rings in the wall until it has flown by.

// How far ahead the light is, in radii of the tunnel; and how many columns are recorded for one.
const AHEAD = 7.0;
const COLUMNS = 24.0;
// How large the tunnel looks, in frame heights, a radius away.
const LENS = 0.62;
// Steps towards the wall; more see sharper bends.
const STEPS = 8;
// How many strings run along the wall on either side.
const STRINGS = 26.0;
// Panels around the wall on either side, and how long one is, in radii.
const PANELS = 6.0;
const PANEL_LENGTH = 1.25;
// Lamps around the wall on either side.
const LAMPS = 6.0;

// How far the flight is, in radii: it only ever goes forward.
fn flown() -> f32 {
    return scene.speed * moving() * (0.5 * now.time_s + 0.5 * heard.all_time_s + 0.3 * heard.bass_time_s);
}

// What changes with the phrases: a number that is never the same twice in a row.
fn chapter() -> u32 {
    let changes = heard.phrase4_count + heard.section_change_count + heard.drop_count;
    return u32(changes + floor(heard.all_time_s / 24.0) + 8.0 * now.seed.x);
}

// How far the flight has come since the last kick, snare and other hit, in radii: kept in the first row of the record, and in the
// second how often each was heard.
fn since(fresh: bool) -> vec3f {
    let counts = vec3f(heard.kick_count, heard.snare_count, heard.onset_count) % 256.0;
    let was = textureLoad(heard_at, vec2u(0u), 0).xyz;
    let rate = scene.speed * moving() * (0.5 + 0.5 * heard.all_level + 0.3 * heard.bass_level);
    let begun = counts != textureLoad(heard_at, vec2u(0u, 1u), 0).xyz;
    return select(select(min(was + rate * now.dt_s, vec3f(60.0)), vec3f(0.0), begun), vec3f(9.0), vec3<bool>(fresh));
}

@fragment fn record(in: Corner) -> @location(0) vec4f {
    let is_first = canvas.anew > 0.5;
    let gone = since(is_first);
    if in.position.y < 1.0 { return vec4f(gone, 0.0); }
    if in.position.y < 2.0 { return vec4f(vec3f(heard.kick_count, heard.snare_count, heard.onset_count) % 256.0, 0.0); }
    let wide = f32(textureDimensions(heard_at).x);
    let newest = (flown() + AHEAD) * COLUMNS;
    // How many columns behind the newest one this is; the last few are written anew, so that none is left out in a slow frame.
    let behind = newest - in.position.x - wide * floor((newest - in.position.x) / wide);
    let fresh_columns = scene.speed * 1.6 * COLUMNS * min(now.dt_s, 0.1) + 1.0;
    let band = in.uv.y;
    // The spectrum between fast and slow.
    let pitch = 0.02 + 0.9 * band;
    let level = 0.5 * (spectrum_at(pitch) + textureSampleLevel(spectrum, clamped, vec2f(pitch, 0.375), 0.0).x);
    // Before anything is heard the way is full already, of made-up hits and swelling bands.
    let way = (newest - behind) / COLUMNS;
    let swells = 0.4 + 0.25 * sin(5.0 * way + 9.0 * band);
    let made_up = vec4f(swells, vec3f(4.0, 4.0, 2.0) * fract(vec3f(0.25, 0.25, 0.5) * way + vec3f(0.0, 0.5, 0.25)));
    if is_first { return made_up; }
    let before = textureLoad(heard_at, vec2u(in.position.xy), 0);
    if behind >= fresh_columns { return before; }
    // What was written before a hit stays as it is.
    let from_hit = gone - behind / COLUMNS;
    return vec4f(level, select(before.yzw, from_hit, from_hit >= vec3f(0.0)));
}

// How loud a band was.
fn recorded(way: f32, band: f32) -> f32 {
    let wide = f32(textureDimensions(heard_at).x);
    return textureSampleLevel(heard_at, repeating, vec2f(way * COLUMNS / wide, clamp(band, 0.05, 0.99)), 0.0).x;
}

// How far behind the last kick, snare and other hit before it a place is, in radii. Not between two columns, but on from one: so a hit
// is a sharp edge however near it is.
fn from_hits(way: f32) -> vec3f {
    let size = textureDimensions(heard_at);
    let column = floor(way * COLUMNS);
    let at = u32(column - f32(size.x) * floor(column / f32(size.x)));
    return textureLoad(heard_at, vec2u(at, size.y / 2u), 0).yzw + (way * COLUMNS - column - 0.5) / COLUMNS;
}

// A stripe from 0 to `wide`, as sharp as pixels are.
fn stripe(x: f32, wide: f32, pixel: f32) -> f32 {
    return saturate(0.5 + (0.5 * wide - abs(x - 0.5 * wide)) / pixel) * min(1.0, wide / pixel);
}

// The middle of the tunnel so far along the way.
fn middle(way: f32) -> vec2f {
    return scene.bends * vec2f(0.9, 0.7) * sin(vec2f(0.43, 0.53) * way + vec2f(0.0, 2.0));
}

// How far from the middle a wall would be that passes through `q`: 1 at the wall. Round, or with four or six corners.
fn from_middle(q: vec2f, corners: f32, straight: f32) -> f32 {
    let a = abs(q);
    let cornered = mix(max(a.x, a.y), max(0.866 * a.x + 0.5 * a.y, a.y), corners);
    return mix(length(q), cornered * 1.08, straight);
}

// The panel at a place on the wall: dark, with its share of the picture as grain and a line of light at its far edge. `shone` is what
// falls on it from the hit before it.
fn panel(way: f32, mirrored: f32, sound: f32, shone: vec3f) -> vec3f {
    let at = vec2f(way / PANEL_LENGTH, mirrored * PANELS);
    let dice = random2(vec2u(vec2i(floor(at)) + 4096));
    let pixel = max(fwidth(at), vec2f(1e-3));
    let edge = (0.5 - abs(fract(at) - 0.5)) / pixel;
    let frame = saturate(edge.x - 0.5) * saturate(edge.y - 0.5);
    let grain = sqrt(luminance(magnified(fract(at) * 0.5 + 0.5 * dice).rgb));
    let rough = mix(0.6, smoothstep(0.2, 0.8, grain), saturate(0.75 * scene.walls));
    let stone = ink(0.15 + 0.5 * rough) * (0.01 + 0.07 * rough * rough);
    let tint = mix(ink(0.65), mix(accent(1u), accent(0u), step(0.5, dice.x)), step(0.8, dice.y));
    // Few panels are lit, from their far edge, and all by their band.
    let beam = pow(fract(at.x), 5.0) * (0.08 + 0.6 * step(0.7, dice.x) + 0.9 * sound * sound);
    return frame * (stone + (0.5 + 0.5 * rough) * (tint * beam * 0.45 + shone));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let hit = max(max(now.kick, 0.8 * now.snare), 0.35 * now.onset) * moving();
    let p = centred(in.uv) / (LENS * (1.0 + 0.06 * hit));
    let here = flown();
    // The eye looks along the way.
    let look_at = (middle(here + 1.5) - middle(here)) / 1.5;
    let side = select(-1.0, 1.0, u32(heard.snare_count) % 2u == 0u);
    let turn = scene.roll * (0.6 * sin(0.11 * here) + 0.08 * now.snare * moving() * side);
    let ray = turned(p, vec2f(cos(turn), sin(turn))) + look_at * 0.8;
    let corners = f32(chapter() % 2u);
    let straight = scene.corners * (0.5 + 0.5 * sin(0.23 * here));
    var far = 0.25;
    var q = vec2f(0.0);
    let start = middle(here);
    for (var step = 0; step < STEPS; step++) {
        q = ray * far - middle(here + far) + start;
        let room = 1.0 - from_middle(q, corners, straight);
        far = min(far + room * min(0.9 / (length(ray - look_at) + 0.12), 1.6), AHEAD);
    }
    let way = here + far;
    let round = atan2(q.x, -q.y) / TAU;
    let mirrored = abs(round) * 2.0;
    let is_wall = 1.0 - smoothstep(AHEAD - 0.08, AHEAD - 0.01, far);
    // Darker far away, where rings crowd, and dark again where it flies by: what is large and fast there would be a flash.
    let lit = 1.4 * exp(-0.3 * far) * smoothstep(0.3, 2.4, far) * is_wall;

    // Strings run along the wall, each as broad as its band was loud when what is there left the light.
    let lane = mirrored * STRINGS;
    let lane_width = max(fwidth(lane), 1e-3);
    let loud = smoothstep(0.35, 1.0, recorded(way, (floor(lane) + 0.5) / STRINGS));
    let string = saturate(0.5 + (0.14 * loud - abs(fract(lane) - 0.5)) / lane_width) * saturate(1.5 - lane_width);
    // What crosses the wall goes out as it comes near, and shines on what is behind it. Far away it is dim: many rings at once would be
    // a pattern that the stage softens.
    let stays = smoothstep(1.5, 2.6, far) * mix(0.25, 1.0, smoothstep(4.8, 3.0, far));
    let hits = from_hits(way);
    let shone = exp(-4.0 * max(hits.xy, vec2f(0.0))) * stays;
    // In calm music the panels' own light carries the picture.
    let calm = mix(1.7, 1.0, smoothstep(0.1, 0.6, now.energy));
    let shine = (accent(0u) * (0.3 * scene.gates * shone.x) + ink(0.85) * (0.30 * scene.gates * shone.y));
    var light = panel(way, mirrored, recorded(way, (floor(mirrored * PANELS) + 0.5) / PANELS), shine) * calm;
    light = mix(light, ink(0.45 + 0.5 * loud) * (0.3 + 1.0 * loud), string * (0.2 + 0.6 * stays));

    // Gates of kicks, rings of lamps for snares, thin rings of other hits.
    let pixel = clamp(fwidth(far), 1e-3, 0.2);
    let gate = stripe(hits.x - 0.06, 0.07, pixel);
    let core = stripe(hits.x - 0.085, 0.02, pixel);
    let thin = stripe(hits.z - 0.06, 0.02, pixel) * step(0.2, min(hits.x, hits.y));
    let lamp = length(vec2f(hits.y - 0.14, (fract(LAMPS * mirrored) - 0.5) * (0.5 * TAU / LAMPS)));
    let bulb = saturate(0.5 + (0.055 - lamp) / pixel);
    light += ink(0.8) * (0.5 * thin * stays);
    light = mix(light, accent(0u) * (1.5 * scene.gates), gate * stays);
    light += ink(1.0) * (1.2 * scene.gates * core * stays);
    light += (ink(1.0) * (2.4 * bulb) + accent(1u) * (0.7 * exp(-90.0 * lamp * lamp))) * (scene.gates * stays);
    light *= lit * 1.8;

    // The exit: a white heart in rays of the spectrum, and its glow in the air, which swells with the bass.
    let swell = now.swell * moving();
    let rays = 0.5 + 0.9 * spectrum_at(0.03 + 0.8 * mirrored);
    let heart = exp(-2.5 * dot(q, q) / (rays * rays));
    let end = mix(accent(0u), ink(1.0), heart) * (0.3 + 2.2 * heart);
    let aside = length(ray - (middle(here + AHEAD) - start) / AHEAD) / (0.10 + 0.18 * swell + 0.06 * hit);
    let glow = mix(accent(0u), ink(0.8), 0.4) * (0.25 * far / AHEAD / (1.0 + aside * aside * aside));
    return vec4f(mix(end, light, is_wall) + glow, 1.0);
}
