// Scene "kaleidoscope": glass chips behind turning mirrors, like a rose window. A chip has one colour, the picture's where it lies,
// and is cut in steps as gems are. The chips drift, and the mirrors make stars and kites of them.

// Chips in a frame height.
const CHIPS = 6.4;

// `p` on the near side of the mirror with this normal.
fn mirrored_in(p: vec2f, normal: vec2f) -> vec2f {
    return p - normal * (2.0 * max(dot(p, normal), 0.0));
}

// What is left of a hit, from 1 on, whatever its strength.
fn left(pulse: f32, strength: f32) -> f32 {
    return pulse / max(strength, 0.05);
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength); }

// A place in the frame as the mirrors show it: a kick brings it nearer, and a snare turns it, one way and the other by turns.
fn behind_mirrors(p: vec2f) -> vec2f {
    let turn = 0.05 * snared() * moving() * select(-1.0, 1.0, u32(heard.snare_count) % 2u == 0u);
    var q = turned(turned(p, now.spin), vec2f(cos(turn), sin(turn))) * (1.0 - 0.06 * kicked() * moving() / (1.0 + 3.0 * dot(p, p)));
    q = mirrored_in(q, vec2f(0.0, -1.0));
    q = mirrored_in(q, now.mirror_a);
    q = mirrored_in(q, now.mirror_b);
    q = mirrored_in(q, now.mirror_c);
    // Another mirror inside the wedge makes petals.
    return mirrored_in(q - vec2f(0.40, 0.0), vec2f(0.940, 0.342)) + vec2f(0.40, 0.0);
}

// How far the chips have drifted, in chips.
fn drifted() -> vec2f {
    let way = 0.07 * now.time_s + moving() * (0.16 * heard.all_time_s + 0.10 * heard.bass_time_s);
    return vec2f(0.8 * way, 0.6 * way) + 16.0 * now.seed.xy;
}

fn site_in(cell: vec2f) -> vec2f {
    return cell + 0.14 + 0.72 * random2(bitcast<vec2u>(vec2i(cell)));
}

struct Chip {
    site: vec2f,
    cell: vec2f,
    // How far its border is, in chips, and which way.
    border: f32,
    away: vec2f,
}

// After Inigo Quilez, "Voronoi edges", 2012: first the nearest site, then the nearest bisector.
fn chip_at(at: vec2f) -> Chip {
    var chip = Chip(at, floor(at), 9.0, vec2f(0.0));
    var best = 9.0;
    for (var k = 0; k < 9; k++) {
        let cell = floor(at) + vec2f(f32(k % 3), f32(k / 3)) - 1.0;
        let site = site_in(cell);
        let d = dot(site - at, site - at);
        if d < best {
            best = d;
            chip.site = site;
            chip.cell = cell;
        }
    }
    for (var k = 0; k < 9; k++) {
        let between = site_in(chip.cell + vec2f(f32(k % 3), f32(k / 3)) - 1.0) - chip.site;
        let way = between * inverseSqrt(dot(between, between) + 1e-6);
        let d = dot(chip.site + 0.5 * between - at, way);
        if k != 4 && d < chip.border {
            chip.border = d;
            chip.away = way;
        }
    }
    return chip;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let far = length(p);
    let drift = drifted();
    let q = behind_mirrors(p);
    let chip = chip_at(q * CHIPS + drift);
    let key = bitcast<vec2u>(vec2i(chip.cell));
    let dice = random2(key + 71u);
    let more = random2(key + 1931u);
    let px = CHIPS * now.frame_px.w;

    // The picture's hue without its white, a jewel of the inks, or seldom what stands out. Where the picture is dark its hue still counts.
    let at = turned((chip.site - drift) * (1.5 / CHIPS), now.camera) + 2.0 * now.drift;
    let raw = magnified(unstretched(at)).rgb;
    let seen = vivid(raw - 0.6 * min(min(raw.r, raw.g), raw.b), 1.4);
    let most = max(max(seen.r, seen.g), seen.b);
    let pure = mix(ink(0.5), seen * ((0.25 + 0.6 * most) / max(most, 1e-3)), smoothstep(0.0, 0.02, most));
    var tint = mix(pure, ink(0.30 + 0.40 * more.x), step(0.55, dice.x));
    tint = mix(tint, accent(0u), step(0.90, dice.x));
    // From black to white in so many tones.
    let tone = floor(more.y * scene.fold_count + 0.5) / scene.fold_count;
    tint *= 0.03 + 1.0 * tone * tone;
    tint = mix(tint, ink(1.0), step(0.95, dice.y));

    // Each hears a band of its own, slowly: large chips must not flash. A hit's front runs outwards.
    let level = textureSampleLevel(spectrum, clamped, vec2f(fract(dice.y * 7.3), 0.375), 0.0).x;
    let ago = left(now.kick, heard.kick_strength);
    let off = (far + 0.36 * log(max(ago, 0.01))) / 0.13;
    let front = ago * mix(0.5, 1.0, heard.kick_strength) * exp(-off * off);
    let lamp = 1.2 * exp(-2.6 * far * far) + 0.10 + 0.25 * now.swell * exp(-6.0 * far * far);
    let lit = lamp * (0.50 + 0.45 * level + 0.08 * kicked()) + 0.18 * front;

    // Cut in steps: each side of a step is flat, and lit by where it faces.
    let steps = chip.border * scene.fold_count * 0.85;
    let side = dot(chip.away, now.toward);
    let table = step(3.0, steps);
    let slope = (1.0 - table) * scene.folds * knobs.relief * (0.9 - 0.2 * floor(steps));
    let shade = max(1.0 + slope * (0.8 * side - 0.25), 0.05);
    let ridge = saturate(1.2 - abs(fract(steps + 0.5) - 0.5) / (scene.fold_count * 0.85 * px)) * step(steps, 3.3);
    let gleam = scene.gloss * (max(side, 0.0) * ridge * (0.5 + 0.9 * snared()) + 0.8 * now.hat * table * step(0.8, fract(more.x + 0.381 * heard.hat_count)));

    // Strokes of the brush, on some tables.
    let across = dot(q * CHIPS + drift, vec2f(cos(TAU * dice.y), sin(TAU * dice.y))) * 15.0;
    let stroke = saturate(0.5 + (abs(fract(across) - 0.5) - 0.30) / (15.0 * px)) * step(0.55, more.x) * table;

    var light = tint * (lit * shade * (1.0 - min(0.6 * scene.brush, 0.9) * stroke)) + (tint + 0.16 * ink(0.9)) * (gleam * lit);
    // Black lead between the chips.
    let lead = 0.028 * (0.4 + 0.6 * scene.folds);
    light *= saturate((chip.border - lead) / px + 0.5);

    // A star of light in the middle, where all mirrors meet, and its black rim.
    let star = (max(q.x, step(0.2, far)) + 1.5 * q.y) / (0.042 + 0.018 * now.swell + 0.016 * kicked());
    let star_px = 50.0 * now.frame_px.w;
    light *= saturate((star - 1.35) / star_px + 0.5);
    light += mix(ink(1.0) * 1.5, accent(1u), saturate(star)) * saturate((1.0 - star) / star_px + 0.5);
    return vec4f(light, 1.0);
}
