// Scene "picture": the picture itself, as a painting under a lamp. Its own colours, a deep foot to its tones, laid in dabs of a loaded brush
// that follow its forms, a key light that rakes over its heights, and night around the lamp. The camera drifts; each hit is a stone that is
// thrown into it, and its wave runs through the whole frame; kicks turn all dabs one way and snares the other; the bass brings heights
// nearer; ridges glint with the hats.

// How fast a wave runs, in frame heights a second, and how long it is, in frame heights.
const WAVE_SPEED = 1.9;
const WAVE_LENGTH = 0.22;

// Rows of dabs in a picture's height.
const DABS = 42.0;

// One touch of the brush, as a point sees it.
struct Dab {
    // Where in the picture it took its colour.
    from_place: vec2f,
    // From its middle to here, along the brush and across it, in rows of dabs.
    here: vec2f,
    // How far to its edge, 0 there.
    inside: f32,
    dice: vec2f,
}

// How the picture's large forms rise from a place, to the right and downward.
fn rise_at(at: vec2f) -> vec2f {
    let right = textureSampleLevel(ambience, clamped, within(at + vec2f(0.02, 0.0)), 0.0).a;
    let below = textureSampleLevel(ambience, clamped, within(at + vec2f(0.0, 0.02 * now.aspect)), 0.0).a;
    return vec2f(right, below) - textureSampleLevel(ambience, clamped, within(at), 0.0).a;
}

// Which way the brush goes: along the picture's large forms, which rise by `rise`, and in long arcs where it has none. Each hit turns it.
fn brush_at(p: vec2f, rise: vec2f) -> vec2f {
    let arc = 2.1 * sin(0.050 * p.x + TAU * now.seed.x) + 1.9 * sin(0.063 * p.y + 0.02 * p.x + TAU * now.seed.y);
    let free = vec2f(cos(arc), sin(arc));
    let form = vec2f(-rise.y, rise.x) * 30.0;
    let drawn = free + select(form, -form, dot(form, free) < 0.0);
    let angle = moving() * (0.9 * now.kick - 0.9 * now.snare);
    return turned(normalize(drawn), vec2f(cos(angle), sin(angle)));
}

// The dab that lies uppermost at a place of the picture.
fn dab_at(at: vec2f, rise: vec2f) -> Dab {
    let shape = vec2f(now.picture_px.x * now.picture_px.w, 1.0) * DABS;
    let p = at * shape;
    let brush = brush_at(p, rise);
    var dab: Dab;
    var nearest = 9.0;
    var next = 9.0;
    for (var index = 0; index < 9; index++) {
        let cell = floor(p) + vec2f(f32(index % 3), f32(index / 3)) - 1.0;
        let dice = random2(vec2u(vec2i(cell) + 4096));
        let middle = cell + 0.1 + 0.8 * dice;
        let here = turned(p - middle, vec2f(brush.x, -brush.y));
        let far = length(here * vec2f(0.55, 1.5)) + 0.3 * dice.y;
        next = min(next, max(far, nearest));
        if far < nearest {
            nearest = far;
            dab = Dab(middle / shape, here, 0.0, dice);
        }
    }
    dab.inside = next - nearest;
    return dab;
}

// How a ring from a hit that was `age_s` ago pushes a point that is `far` from where it fell: outward, in frame heights.
fn wave(far: f32, age_s: f32, strength: f32) -> f32 {
    let behind = (WAVE_SPEED * age_s - far) / WAVE_LENGTH;
    let ring = exp(-behind * behind) * sin(0.5 * TAU * saturate(0.5 * behind + 0.5));
    return 0.024 * strength * ring * exp(-2.2 * age_s);
}

// A pulse falls from 1 by e-fold in its time constant: so its age is in it.
fn age_s(pulse: f32, decay_s: f32) -> f32 {
    return -decay_s * log(clamp(pulse, 1e-4, 1.0));
}

// Where in the picture a point of the frame looks.
fn place(p: vec2f) -> vec2f {
    // Stones fall where a slow wanderer and the number of the hit say.
    let dice = random2(vec2u(u32(heard.onset_count), u32(now.seed.x * 65536.0))) - 0.5;
    let struck = dice * vec2f(0.8 * now.aspect, 0.8);
    let kick = wave(length(p), age_s(now.kick, 0.18), 1.6) * p / (length(p) + 0.06);
    let onset = wave(distance(p, struck), age_s(now.onset, 0.12), 1.0) * (p - struck) / (distance(p, struck) + 0.06);
    let blow = 0.05 * max(now.kick, 0.6 * now.onset) / (1.0 + 3.0 * dot(p, p));
    let roll = 0.025 * now.snare * select(-1.0, 1.0, fract(0.5 * heard.snare_count) > 0.25);
    let q = turned(p, vec2f(cos(roll * moving()), sin(roll * moving())));
    return viewed(q * (1.0 - blow * moving()) - (kick + onset) * scene.ripple * moving());
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let flat_place = place(p);
    // What is high stands nearer the camera. The surroundings' height moves it: what is read after that fits together at every edge.
    let around = textureSampleLevel(ambience, clamped, within(flat_place), 0.0);
    let near = around.a * scene.depth * (0.05 + moving() * (0.10 * now.swell + 0.04 * now.kick));
    let at = flat_place - (flat_place - 0.5) * near;
    let land = textureSampleLevel(field, clamped, within(at), 0.0);
    let steepness = length(land.yz);
    // Each dab has the colour of its middle, and so what is soft gets the hard edges of a brush.
    let dab = dab_at(at, rise_at(at));
    let seen = magnified(mix(at, dab.from_place, saturate(0.9 * scene.texture)));
    let light = seen.rgb;
    let height = seen.a;

    // Hairs of the brush along it, paint that is thick where it ends, and no two dabs are mixed alike.
    let hairs = textureSampleLevel(noise, repeating, vec2f(0.24 * dab.here.y + dab.dice.x, 0.03 * dab.here.x + dab.dice.y), 0.0).x - 0.5;
    let edge = smoothstep(0.22, 0.0, dab.inside);
    let thick = edge * dot(normalize(dab.here + 1e-4), now.toward);
    let pigment = 1.0 + scene.texture * (0.34 * hairs + 0.16 * thick - 0.10 * edge + 0.22 * (dab.dice.x - 0.5));

    // Clarity: heights are told from their surroundings as well as from black, and fine forms stand out. The foot of the curve is black, its
    // shoulder keeps lights below white.
    let deep = 0.5 + scene.shadow;
    let tone = height + 0.35 * (land.x - around.a) + 1.2 * (height - land.x) - 0.10 * deep - 0.16 * deep * around.a;
    let foot = max(tone, 0.0) * pigment;
    let shown = foot * foot * (1.0 + 1.25 * foot) / (0.11 + 0.42 * foot + foot * foot);

    // A key light from the side, so that what is steep has a lit and a dark face; ridges catch it in a thin line.
    let facing = dot(land.yz, now.toward) / (1.2 + steepness);
    let key = max(1.0 - 0.55 * knobs.relief * facing, 0.05);
    // A lamp wanders over it, and opens with the hits; what lies beyond it is night.
    let way = vec2f(0.15, 0.24) * heard.all_time_s + TAU * now.seed.xy;
    let off = distance(p, vec2f(0.3 * now.aspect, 0.22) * sin(way)) - 0.12 * max(now.kick, 0.7 * now.onset);
    let lamp = mix(1.0, 2.0 / (1.0 + 6.0 * max(off, 0.0) * max(off, 0.0)) - 0.15, saturate(1.1 * scene.shadow));

    // Its own colours, fuller; in the night they sink into the music's darkest ink.
    let own = vivid(light, 1.0 + 0.45 * scene.colour) * (shown / max(height, 0.03)) * (shown / max(height, 0.03));
    var colour = own * (key * max(lamp, 0.04));
    let glint = 0.12 + 0.3 * now.treble + 0.9 * now.hat + 0.35 * now.snare;
    let ridge = saturate(9.0 * land.w) * saturate(0.25 * steepness) * max(-facing, 0.0);
    colour += mix(light, ink(0.95), 0.6) * (ridge * glint * scene.gleam * max(lamp, 0.0));
    // Contours, as on a map, where the land rises: hairlines that climb slowly.
    let level = land.x * scene.line_count - 0.25 * heard.all_time_s;
    let width = max(fwidth(level), 1e-4);
    let slope = smoothstep(1.0, 5.0, steepness) * saturate(1.5 - 4.0 * width);
    let line = slope * saturate(1.5 - abs(fract(level) - 1.0 + width) / width);
    colour += mix(ink(0.85), accent(0u), saturate(scene.colour * land.x)) * (line * scene.lines * (0.1 + glint) * (0.1 + shown));
    return vec4f(colour, 1.0);
}
