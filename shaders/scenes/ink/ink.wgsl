// The ink that the water carries, and how it looks.

// 0 on dark ground, 1 on light: inks are chosen so that they stand out.
fn lightness() -> f32 {
    return select(smoothstep(0.48, 0.56, look.light), scene.paper - 1.0, scene.paper > 0.5);
}

// Ink with the light it lets through, times how much there is of it.
fn poured(colour: vec3f, amount: f32) -> vec4f {
    return vec4f(colour * amount, amount);
}

// How much of the sharpening there is: all of it would weave a pattern of its own.
const SHARPNESS = 0.75;

// Catmull-Rom in five bilinear taps, so that what is carried on stays sharp (after Jorge Jimenez, "Filmic SMAA", 2016: corners
// left out).
fn sharp(uv: vec2f) -> vec4f {
    let size = vec2f(textureDimensions(dye));
    let place = uv * size;
    let centre = floor(place - 0.5) + 0.5;
    let f = place - centre;
    let w0 = f * (-0.5 + f * (1.0 - 0.5 * f));
    let w1 = 1.0 + f * f * (-2.5 + 1.5 * f);
    let w2 = f * (0.5 + f * (2.0 - 1.5 * f));
    let w3 = f * f * (-0.5 + 0.5 * f);
    let w12 = w1 + w2;
    let at0 = (centre - 1.0) / size;
    let at3 = (centre + 2.0) / size;
    let at12 = (centre + w2 / w12) / size;
    let sum = textureSampleLevel(dye, clamped, vec2f(at12.x, at0.y), 0.0) * (w12.x * w0.y)
        + textureSampleLevel(dye, clamped, vec2f(at0.x, at12.y), 0.0) * (w0.x * w12.y)
        + textureSampleLevel(dye, clamped, at12, 0.0) * (w12.x * w12.y)
        + textureSampleLevel(dye, clamped, vec2f(at3.x, at12.y), 0.0) * (w3.x * w12.y)
        + textureSampleLevel(dye, clamped, vec2f(at12.x, at3.y), 0.0) * (w12.x * w3.y);
    let sharpest = sum / (w12.x * w0.y + w12.y * (w0.x + w12.x + w3.x) + w12.x * w3.y);
    // Never beyond what lies around, else edges would ring.
    let corner = vec2i(centre);
    let last = vec2i(size) - 1;
    let a = textureLoad(dye, clamp(corner, vec2i(0), last), 0);
    let b = textureLoad(dye, clamp(corner + vec2i(1, 0), vec2i(0), last), 0);
    let c = textureLoad(dye, clamp(corner + vec2i(0, 1), vec2i(0), last), 0);
    let d = textureLoad(dye, clamp(corner + 1, vec2i(0), last), 0);
    let bounded = clamp(sharpest, min(min(a, b), min(c, d)), max(max(a, b), max(c, d)));
    let plain = mix(mix(a, b, f.x), mix(c, d, f.x), f.y);
    return mix(plain, bounded, SHARPNESS);
}

// Where a hat's drops fall.
const DROPS = 3u;

fn drop_place(index: u32) -> vec2f {
    return jet_of(heard.hat_count, 11u + index).place;
}

@fragment fn carry(in: Corner) -> @location(0) vec4f {
    let dt_s = min(now.dt_s, 0.04);
    let p = centred(in.uv);
    // A kick lets everything spread a little, wherever it is.
    let spread = p * (0.5 * kick_drive() * moving());
    let v = textureSampleLevel(flow, clamped, in_basin(in.uv), 0.0).xy + spread;
    let from_uv = in.uv - v * dt_s / vec2f(now.aspect, 1.0);
    let inside = step(abs(from_uv.x - 0.5), 0.5) * step(abs(from_uv.y - 0.5), 0.5);
    let before = sharp(from_uv) * exp(-dt_s * (0.6 + 1.4 * now.energy) / scene.stay) * inside * (1.0 - canvas.anew);

    let is_light = lightness();
    let kick = kick_jet();
    let note = note_jet();
    let turn = fract(0.37 * heard.kick_count);
    let body = mix(ink(0.3 + 0.45 * turn), ink(0.35 * turn), is_light);
    let speck = mix(ink(0.92), ink(0.0), is_light);
    let soft = mix(ink(0.5), ink(0.5), is_light);
    var fresh = poured(body, 26.0 * kick_drive() * blot(p, kick.place, 0.065));
    fresh += poured(mix(soft, accent(1u), 0.5), 20.0 * kick_drive() * blot(p, second_jet().place, 0.045));
    fresh += poured(soft, 11.0 * note_drive() * blot(p, note.place, 0.04));
    fresh += poured(accent(0u), 16.0 * now.snare * blot(p, snare_jet().place + 0.06 * snare_jet().way, 0.06));
    // Hats spill a few drops.
    for (var index = 0u; index < DROPS; index++) {
        let place = drop_place(index);
        fresh += poured(select(speck, accent(1u), index == 0u), 30.0 * now.hat * blot(p, place, 0.011));
    }
    // Some always wells up in two places that wander: in silence, and where long notes have no hits, the basin is never empty.
    let first_well = vec2f(0.30 * now.aspect * cos(0.3 * now.time_s), 0.25 * sin(0.5 * now.time_s));
    let second_well = vec2f(0.26 * now.aspect * sin(0.23 * now.time_s + 2.0), 0.28 * cos(0.37 * now.time_s));
    fresh += poured(body, (1.8 + 2.5 * heard.all_level) * blot(p, first_well, 0.055));
    fresh += poured(mix(soft, accent(1u), 0.6), (1.2 + 2.0 * heard.low_mid_level) * blot(p, second_well, 0.045));
    // It begins with two blots.
    let first = poured(body, 2.0 * blot(p, kick.place, 0.12)) + poured(soft, 2.0 * blot(p, note.place, 0.09));
    return min(before + fresh * dt_s + first * canvas.anew, vec4f(24.0));
}

// Sheets of ink for each doubling of how much there is, and how much they differ.
const SHEETS = 11.0;
const SHEET_STRENGTH = 0.32;

fn ink_at(uv: vec2f) -> f32 {
    return textureSampleLevel(dye, clamped, uv, 0.0).a;
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving(); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving(); }

// How far a hit throws what lies around its place: at once, and back as it fades.
fn thrown(p: vec2f, place: vec2f, far: f32) -> vec2f {
    let d = p - place;
    let distance = length(d);
    return d / (distance + 0.12) * (far * exp(-1.6 * distance));
}

// How far a snare twists what lies around its place, the way its whirl turns.
fn twisted(p: vec2f, place: vec2f) -> vec2f {
    let d = p - place;
    let spin = select(-1.0, 1.0, heard.snare_count % 2.0 < 0.5);
    return vec2f(-d.y, d.x) * (spin * snared() * exp(-2.0 * dot(d, d)));
}

// How far the drops of a hat push aside what they fall on.
fn dripped(p: vec2f) -> vec2f {
    var sum = vec2f(0.0);
    for (var index = 0u; index < DROPS; index++) {
        let d = p - drop_place(index);
        sum += d * exp(-dot(d, d) / 0.03);
    }
    return sum * (0.5 * now.hat * moving());
}

// Lines of so many pixels where the phase is whole.
fn hairline(phase: f32, width_px: f32) -> f32 {
    let off = abs(fract(phase + 0.5) - 0.5);
    let slope = fwidth(phase);
    return (1.0 - smoothstep(0.5, 1.0, off / (slope * width_px))) * (1.0 - smoothstep(0.15, 0.3, slope));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let is_light = lightness();
    let thrust = thrown(p, 0.4 * kick_jet().place, 0.13 * kicked()) + 0.25 * twisted(p, 0.7 * snare_jet().place)
        + thrown(p, note_jet().place, 0.05 * heard.other * moving()) + dripped(p);
    let uv = in.uv - thrust / vec2f(now.aspect, 1.0);
    let wet = textureSampleLevel(dye, clamped, uv, 0.0);
    let d = 1.0 / vec2f(textureDimensions(dye));
    let slope = 0.5 / d.y * vec2f(ink_at(uv + vec2f(d.x, 0.0)) - ink_at(uv - vec2f(d.x, 0.0)),
        ink_at(uv + vec2f(0.0, d.y)) - ink_at(uv - vec2f(0.0, d.y)));
    // Where inks mix they stay pure.
    let mixed = wet.rgb / max(wet.a, 1e-3);
    let colour = max(mix(vec3f(luminance(mixed)), mixed, 1.5), vec3f(0.0));
    // Sheets of ink that are seen from their edge are denser.
    let rim = saturate(length(slope) * 0.05 / (0.25 + wet.a));
    // Thin ink is clear and thick ink is full, with a crisp way between.
    let density = wet.a * wet.a * (5.0 + 16.0 * rim) * (1.0 + 3.0 * is_light);
    let covered = density / (1.0 + density);
    let behind = magnified(viewed(p)).rgb;
    let ground = mix(behind * behind * scene.veil, mix(ink(1.0), behind + 0.3, 0.4 * scene.veil), is_light);
    // It lies in sheets, one over another, and they shift when something hits.
    let sheet = SHEETS * log2(wet.a + 0.02) + 1.5 * max(kicked(), snared());
    let edge = hairline(sheet / 6.2832, 1.3) * (0.35 + 0.9 * max(max(kicked(), snared()), now.hat));
    let lit = colour * (mix(0.6 + 1.3 * rim, 1.0 - 0.6 * rim, is_light) + SHEET_STRENGTH * sin(sheet)
        + mix(edge, -0.5 * edge, is_light));
    return vec4f(mix(ground, lit, covered), 1.0);
}
