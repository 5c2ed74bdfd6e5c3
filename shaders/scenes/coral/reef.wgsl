// Scene "reef": what `a_growth.wgsl` grows, as coral in the deep: lit from above, with growth lines and polyps, seen through
// a lens that wanders, over a second reef further down.

// Side of the grid that polyps sit in, and how far they are carried before others take their place.
const POLYP = 0.0155;
const POLYP_WAY = 0.10;

// Where we look through the lens: it wanders over the reef.
fn focus() -> vec2f {
    let t = 0.11 * now.time_s + 0.2 * heard.high_mid_time_s;
    return vec2f(0.22 * min(now.aspect, 1.6) * cos(t), 0.16 * sin(1.3 * t));
}

// A hit's front runs out over the reef: how strong it is at a place so far from the focus.
fn front(pulse: f32, far: f32) -> f32 {
    let at = -0.40 * log(max(pulse, 0.01));
    let off = (far - at) / 0.10;
    return pulse * exp(-off * off);
}

// Now and then, for a phrase, it is day: the ground is a warm, bright sand, and the reef stands dark on it.
fn daylight() -> f32 {
    let is_day = fract((heard.phrase4_count + floor(3.0 * now.seed.x) + 0.5) / 3.0) < 0.33;
    return select(0.0, smoothstep(0.0, 0.3, heard.phrase4_phase) * smoothstep(1.0, 0.8, heard.phrase4_phase), is_day);
}

// Light of the polyps at `p`: little flowers, carried by the current from where they open to where they close. x is light, y who.
fn polyps(p: vec2f, turn: f32, hits: f32) -> vec2f {
    let way = fract(travelled() / POLYP_WAY + turn);
    let age = way * POLYP_WAY;
    let at = turned(p, vec2f(cos(0.35 * age), -sin(0.35 * age)) * exp(-age)) / POLYP + 40.0 * turn;
    let cell = floor(at);
    let dice = random2(bitcast<vec2u>(vec2i(cell)) + vec2u(u32(100.0 * turn), u32(floor(travelled() / POLYP_WAY + turn))));
    let off = fract(at) - 0.5 - 0.3 * (dice - 0.5);
    let open = (0.5 - abs(way - 0.5)) * 2.0 * (0.55 + 0.45 * hits);
    let petals = 1.0 + 0.28 * cos(6.0 * atan2(off.y, off.x) + TAU * dice.x + 0.5 * now.time_s);
    let edge = 0.30 * sqrt(open) * petals - length(off);
    let soft = 1.2 * canvas.px.w / POLYP;
    return vec2f(saturate(edge / soft + 0.5) * step(dice.y, 0.55 * scene.polyps), dice.x);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let from_focus = p - focus();
    let far = length(from_focus);
    let hit = max(now.kick, 0.8 * now.onset);
    let wave = front(hit, far);
    // The sea sways it, a hit's front pushes it outwards.
    let sway = 0.006 * vec2f(sin(5.0 * p.y + 0.9 * now.time_s), sin(4.0 * p.x - 0.7 * now.time_s));
    let push = from_focus * (0.02 * hit + 0.035 * wave / max(far, 0.15)) * scene.swelling * moving();
    // A lens: a few cells are huge in it, and those far around are small.
    let lens = mix(0.24, 1.0, smoothstep(0.0, 0.95, far));
    let px = canvas.px.w * lens;
    let bent = focus() + (from_focus + sway - push) * lens;
    let land = spline(relief, square_of(bent));

    // Bass and hits swell the ridges: the height from which there is coral goes down.
    let swell = (0.05 * now.swell + 0.03 * hit + 0.05 * wave) * scene.swelling * moving();
    let low = max(0.125 - swell, 0.06);
    let steep = land.yz;
    let height = smoothstep(low, 0.36 - 0.5 * swell, land.x);
    let pixel = max(length(steep) * px, 1e-4);
    let is_coral = saturate((land.x - low) / pixel + 0.5);

    // Two lights: one from above at the side, and the glow of what runs through.
    let normal = normalize(vec3f(-steep * 0.13 * scene.depth, 1.0));
    let key = normalize(vec3f(now.toward.x, now.toward.y, 0.55));
    let facing = saturate(dot(normal, key));
    let shine = pow(saturate(dot(reflect(-key, normal), vec3f(0.0, 0.0, 1.0))), 40.0);
    let hollow = smoothstep(0.75, 0.25, land.w);

    let at = viewed(bent);
    let seen = magnified(at).rgb;
    let bright = sqrt(luminance(seen));

    // Light that the waves gather on the ground, and that wanders.
    let q = bent * 9.0 + vec2f(sin(bent.y * 7.0 + now.time_s * 0.8), cos(bent.x * 6.0 - now.time_s * 0.6)) * 1.3;
    let net = abs(sin(q.x + 0.7 * q.y + now.time_s * 0.5)) * abs(sin(q.y - 0.6 * q.x - now.time_s * 0.4));
    let caustic = pow(1.0 - net, 6.0) * (0.25 + 0.6 * now.treble);

    // Coral: dark at its foot, its own colour on the flanks, pale on the backs, with lines of growth.
    let lines = fract(land.x * 24.0 - 0.6 * travelled() * 10.0);
    let line = saturate((abs(lines - 0.5) - 0.5) / (24.0 * pixel) + 1.35) * (1.0 - smoothstep(0.4, 0.9, height));
    let tone = 0.14 + 0.5 * height + 0.22 * (bright - 0.4);
    let own = mix(ink(tone), vivid(seen, 1.5) * (0.35 + 1.4 * height * height), 0.5);
    // What grew at other times has another colour; it is carried outwards in broad zones.
    let zone = 0.5 + 0.5 * sin(4.0 * (log(far * lens + 0.04) - travelled()) + 2.0 * atan2(p.y, p.x) + TAU * now.seed.w);
    let foreign = mix(accent(1u), accent(0u), smoothstep(0.75, 0.95, bright)) * (0.12 + 0.9 * height * height);
    let skin = mix(own, foreign, 0.75 * smoothstep(0.55, 0.9, zone));
    // In the large cells their inside is seen: a fine maze of its own, the dark of the body between membrane and kernel.
    let inside = spline(relief, within(square_of(turned(bent, vec2f(1.9, 2.3))))).x;
    let near = smoothstep(0.75, 0.3, lens);
    let organs = mix(1.0, 0.12 + 2.0 * smoothstep(0.10, 0.24, inside), near * smoothstep(0.3, 0.6, height));
    let kernel = near * smoothstep(0.80, 1.0, height) * smoothstep(0.30, 0.12, inside);
    let flesh = skin * organs + accent(0u) * (0.5 * kernel);
    var coral = flesh * (0.10 + 1.15 * facing) * (1.0 - 0.45 * line) * mix(0.55, 1.0, hollow);
    coral += ink(0.92) * (0.8 * shine + 0.35 * wave * height + 0.35 * caustic * height * facing);

    // The ground, far below: a second reef, tiny and dim, in the shade of the first.
    let below = textureSampleLevel(relief, clamped, within(square_of(turned(p, vec2f(1.7, 0.9)) * (1.0 + 0.02 * hit))), 0.0);
    let shade = textureSampleLevel(relief, clamped, square_of(bent + key.xy * 0.012), 0.0).x;
    let speck = smoothstep(0.12, 0.32, below.x);
    let night = ink(0.02 + 0.36 * speck) * (0.3 + 0.5 * caustic);
    let sand = vivid(mix(ink(1.0), accent(0u), 0.60 + 0.3 * speck), 1.3) * (0.7 + 0.5 * caustic);
    let deep = mix(night, sand, daylight()) * (1.0 - 0.8 * smoothstep(0.05, 0.25, shade));
    var light = mix(deep, coral, is_coral);

    // Living light: along the rims as the front passes and with the snare, in the accent colour.
    let rim = exp(-abs(land.x - low) / (length(steep) * 0.0024 + 1e-4)) * smoothstep(1.0, 4.0, length(steep));
    light += accent(0u) * rim * scene.light * (0.12 + 1.0 * wave + 0.25 * now.snare);

    // Polyps on the backs; hats open some of them, a front all that it meets.
    let one = polyps(bent, 0.0, max(now.hat, wave));
    let two = polyps(bent, 0.5, max(now.hat, wave));
    let flower = max(one.x, two.x) * smoothstep(0.45, 0.8, height);
    let who = select(two.y, one.y, one.x > two.x);
    let lit = 0.35 + 1.6 * heard_band(u32(who * 23.9)) + 2.2 * now.hat * step(0.8, who) + 3.0 * wave;
    let colour = mix(mix(ink(0.88), accent(1u), step(0.55, who)), accent(0u), step(0.82, who));
    light = mix(light, colour * lit * 0.8, flower * 0.85);
    return vec4f(light, 1.0);
}
