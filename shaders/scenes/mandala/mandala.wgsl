// Scene "mandala": rings of ornaments around one middle, on a logarithmic scale of the radius, so that they can grow outwards for
// ever. Cloisonné: enamel between gold wires, on black.

// Thickness of a ring, as a logarithm of radii; each border lies off its place by up to so much of it.
const THICK = 0.40;
const STRAY = 0.27;
// Ornaments in a ring: a full turn over its thickness, about, and times and halves of it, so that rings fit each other.
const COUNTS = array<f32, 4>(16.0, 24.0, 20.0, 32.0);
const KINDS = 7u;
// The radius within which the jewel in the middle lies.
const JEWEL = 0.034;

fn own_seed() -> u32 {
    return u32(now.seed.z * 65536.0);
}

// The border below ring `index`, in rings.
fn border(index: f32) -> f32 {
    return index + STRAY * (random2(vec2u(bitcast<u32>(i32(index)), own_seed())).x * 2.0 - 1.0);
}

// 0 to 1 quickly at first, as something that was struck.
fn struck(x: f32) -> f32 {
    let left = 1.0 - saturate(x);
    return 1.0 - left * left * left;
}

// What is left of a hit, from 1 on, whatever its strength.
fn left(pulse: f32, strength: f32) -> f32 {
    return pulse / max(strength, 0.05) * moving();
}

// A front that runs outwards after a kick, at a place `far` from the middle: what is left of it tells how long it is ago.
fn front(far: f32) -> f32 {
    let ago = left(now.kick, heard.kick_strength);
    let off = (far + 0.34 * log(max(ago, 0.01))) / 0.16;
    return ago * mix(0.5, 1.0, heard.kick_strength) * exp(-off * off);
}

// Metal catches the light where it is turned to it: two bright and two dark sides, which wander, and a glint.
fn metal(angle: f32, lean: f32) -> vec3f {
    let gold = mix(ink(0.78), vec3f(1.0, 0.48, 0.07), scene.gilding);
    let sheen = 0.5 + 0.5 * cos(2.0 * angle + lean);
    let glint = pow(sheen, 12.0);
    return gold * (0.10 + 0.95 * sheen * sheen) + (gold + 0.35) * 0.9 * glint;
}

// Phrases as the layout counts them: also a drop and a section begin one.
fn phrase_count() -> i32 {
    return i32(heard.phrase4_count) + i32(heard.drop_count) + i32(heard.section_change_count) + i32(now.seed.x * 4.0);
}

// A place from the middle of its mandala, and how much larger than usual that one is.
fn placed(p: vec2f, phrase: i32) -> vec3f {
    let dice = random2(vec2u(bitcast<u32>(phrase), own_seed() + 9u));
    let corner = (p - sign(dice - 0.5) * vec2f(0.36 * now.aspect, 0.30)) / 1.8;
    let aside = p - (dice - 0.5) * vec2f(0.4 * now.aspect, 0.3);
    let beside = vec2f(abs(p.x) - 0.27 * now.aspect, p.y);
    let stacked = vec2f(p.x, abs(p.y) - 0.27);
    let pair = select(beside, stacked, now.aspect < 1.0) / 0.8;
    let layouts = array<vec3f, 4>(vec3f(p, 1.0), vec3f(corner, 1.8), vec3f(aside, 1.0), vec3f(pair, 0.8));
    return layouts[select(phrase & 3, 0, scene.places > 0.5)];
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let in_frame = centred(in.uv);
    // A new layout spreads from the middle after a phrase begins, so that each place changes once, with a rim of gold ahead.
    let spread = 1.5 * (1.0 - pow(max(max(heard.phrase4_hit, heard.drop), heard.section_change), 0.7));
    let from_rim = length(in_frame) - spread;
    let place = placed(in_frame, phrase_count() - select(0, 1, from_rim > 0.0));
    let p = place.xy;
    let pixel = canvas.px.w / place.z;
    let kick = hit_shown(now.kick, heard.kick_strength) * moving();
    let snare = hit_shown(now.snare, heard.snare_strength) * moving();
    let far = length(p);
    let running = front(far);
    let angle = atan2(p.y, p.x);

    // Outwards with the sound; a kick pushes a wave through all of it; a drop twists and throws it.
    let push = 0.13 * scene.wave * (running + 0.4 * kick);
    let thrown = struck(1.0 - heard.drop) - 1.0;
    let flow = scene.bloom * (0.10 * heard.all_time_s + 0.08 * heard.bass_time_s + 0.02 * now.time_s) + 1.5 * thrown * moving();
    let deep = (log(max(far, 1e-4)) - push) / THICK - flow + 40.0;
    let whole = floor(deep);
    let index = whole + select(0.0, 1.0, deep > border(whole + 1.0)) - select(0.0, 1.0, deep < border(whole));
    let inner = border(index);
    let thick = (border(index + 1.0) - inner) * THICK;
    let u = (deep - inner) * THICK;
    let px = 1.15 * pixel / max(far, 1e-4);

    // Each bar a quarter of the rings is made anew, from the middle outwards and around, and blooms.
    let own = bitcast<u32>(i32(index));
    let turn = u32(index) % 4u;
    let begins = 0.12 * f32(turn) + 0.3 * fract(angle / TAU + 0.37 * f32(own & 7u));
    let bar = i32(heard.bar_count) - select(0, 1, heard.bar_phase < begins);
    let epoch = bitcast<u32>((bar + i32(turn)) / 4) + u32(heard.section_change_count) * 31u + u32(heard.drop_count) * 57u;
    let dice = random2(vec2u(own + own_seed(), epoch));
    let more = random2(vec2u(own * 3u + 1u, epoch + own_seed()));
    let is_new = (bar + i32(turn)) % 4 == 0;
    let grown = select(1.0, struck((heard.bar_phase - begins) * 3.0), is_new & (heard.bar_phase >= begins));

    // Each ring listens to its own range: it turns by it, and opens with it.
    let levels = array<f32, 4>(now.swell, heard.low_mid_level, heard.high_mid_level, heard.high_level);
    let hits = array<f32, 4>(kick, max(heard.low_mid_hit, 0.5 * kick), max(snare, 0.5 * kick), max(now.hat, 0.5 * kick));
    let times = array<f32, 4>(heard.bass_time_s, heard.low_mid_time_s, heard.high_mid_time_s, heard.high_time_s);
    let range = (own + epoch) % 4u;
    let side = select(-1.0, 1.0, (own & 1u) == 0u);
    let count = COUNTS[u32(more.x * 3.99)];
    // Every fourth ring is a ratchet: each beat turns it on by half an ornament, so that after two beats it is as it was.
    let steps = 0.5 * (f32(i32(heard.beat_count) & 1) + struck(heard.beat_phase * 1.2));
    let ratchet = steps * TAU / count * select(0.0, 1.0, more.y > 0.75);
    // A snare turns all of them against each other, and they spring back.
    let wheel = side * scene.turning * (moving() * (0.11 * times[range] + 0.03 * now.time_s + 0.02 * hits[range]) + 0.05 * snare);
    let twist = 0.9 * heard.drop * moving() * log(max(far, 0.02));
    let open = saturate(0.25 + 0.45 * levels[range] + 0.35 * hits[range] - 0.3 * heard.build_up) * grown;
    let ring = Ring(u, thick, angle + wheel + side * ratchet * moving() + twist, count, px, open, levels[range], now.hat, dice);

    // What lies behind: the picture, once, whatever the ring is.
    let at = viewed(in_frame * (1.0 - 0.5 * push));
    let light = magnified(at).rgb;
    let bright = sqrt(luminance(light));
    let ray = ring.angle - folded(ring.angle, 2.0 * count, 0.0);
    let loud = spectrum_at(0.08 + 0.8 * abs(folded(ray, 4.0, 0.0)) / (0.125 * TAU));

    let ground = Plate(select(0.01, 0.15, more.y > 0.6), select(0.0, 0.8, more.y > 0.75), 0.0, 0.0, 0.0);
    var plate = ground;
    // Neighbours are seldom alike.
    switch (2u * own + u32(dice.x * 2.99)) % KINDS {
        case 0u, 4u: { plate = petals(ring, ground); }
        case 1u: { plate = beads(ring, ground); }
        case 2u: { plate = guilloche(ring, ground); }
        case 3u: { plate = lace(ring, ground); }
        case 5u: { plate = engraved(ring, ground, bright); }
        default: { plate = rays(ring, ground, loud * grown); }
    }
    // Between two rings: a black groove with two wires and grains of gold.
    let edge = min(u, thick - u);
    let groove = filled(0.030 - edge, px);
    plate = laid(plate, Plate(0.0, 0.0, 0.0, 0.0, 0.0), groove);
    let grain = length(vec2f(edge - 0.004, folded(ring.angle, 4.0 * count, 0.0))) - 0.0085;
    plate.wire = max(plate.wire, max(wire(edge - 0.030, 0.004, px), filled(-grain, px)));

    // Enamel is glass: it shows the picture, deeper at its edges, and where the front runs it is lit from below.
    let enamel = ink(plate.tone) * (1.0 + 0.6 * running);
    let glass = light * light * (0.1 + 1.7 * plate.tone) * (1.0 + 0.5 * running);
    var colour = mix(enamel, glass, plate.picture * scene.enamel);
    colour = mix(colour, accent(0u) * (0.2 + 1.1 * plate.tone), saturate(plate.accent) * 0.85);
    colour = mix(colour, metal(angle, side * 0.7 * f32(turn) + 0.6 * now.time_s * side + 0.25 * hits[range]), plate.wire);
    colour += plate.glow * mix(vec3f(1.0), ink(0.9), 0.5);

    // The jewel, which the bass fills with light.
    let size = JEWEL * (1.0 + 0.3 * now.swell + 0.3 * kick);
    let facets = 0.75 + 0.25 * cos(12.0 * (angle - 0.3 * now.time_s)) * smoothstep(0.2, 0.9, far / size);
    let jewel = mix(ink(0.95) * 2.4, accent(0u) * 0.9, smoothstep(0.1, 0.95, far / size)) * facets;
    colour = mix(colour, metal(angle, now.time_s), filled(size * 1.18 - far, pixel));
    colour = mix(colour, jewel, filled(size - far, pixel));
    let rim = wire(from_rim, 0.006, canvas.px.w) * select(1.0, 0.0, scene.places > 0.5);
    colour = mix(colour, metal(atan2(in_frame.y, in_frame.x), now.time_s), rim);
    return vec4f(colour, 1.0);
}
