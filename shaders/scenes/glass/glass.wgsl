// Scene "glass": a leaded window. The panes move and glow in a buffer (`fit`), the window is drawn from them (`glaze`), and its
// light streams towards the viewer (`stream`).

// The radius of the roundel in a rose's middle.
const EYE = 0.06;
// Free windows that take turns with roses have a small one set in.
const MEDALLION = 0.38;
// A rose has a ring after so many cells.
const BAND = 3.0;

// What is left of a hit, from 1 on, whatever its strength.
fn left(pulse: f32, strength: f32) -> f32 {
    return pulse / max(strength, 0.05);
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving(); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving(); }

// A kick's front runs out over the frame: how strong it is at a place so far from the middle.
fn front(far: f32) -> f32 {
    let ago = left(now.kick, heard.kick_strength);
    let off = (far + 0.36 * log(max(ago, 0.01))) / 0.15;
    return ago * mix(0.5, 1.0, heard.kick_strength) * exp(-off * off);
}

// Where a pane is in the frame.
fn middle_of(it: Window, cell: vec2f) -> vec2f {
    if it.folds < 0.5 { return (cell - ORIGIN) * FREE_CELL; }
    let angle = cell.x * it.cell - 0.06 * now.time_s - 0.25 * TAU;
    return vec2f(cos(angle), sin(angle)) * exp((cell.y - ORIGIN) * it.cell);
}

@compute @workgroup_size(64) fn fit(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    let is_free = index >= u32(SIDE * SIDE);
    let cell = vec2f(vec2u(index, index / u32(SIDE)) % vec2u(u32(SIDE)));
    var it = panes_rw[index];
    let own = random2(vec2u(index, u32(now.seed.y * 65536.0)));
    let more = random2(vec2u(index + 4096u, u32(now.seed.y * 65536.0)));

    // Each beat a third of the panes finds another place, and springs to it; without beats, each kick.
    let moves = select(u32(i32(heard.beat_count)), u32(heard.kick_count), heard.tempo_bpm < 1.0);
    let turn = (moves + index * 7u) / 3u;
    let goal = 0.5 + (random2(vec2u(index, turn)) - 0.5) * min(0.45 + 0.4 * scene.shift * moving(), 0.86);
    let dt_s = min(now.dt_s, 0.05);
    it.speed += ((goal - it.place) * 90.0 - it.speed * 13.0) * dt_s;
    it.place = clamp(it.place + it.speed * dt_s, vec2f(0.04), vec2f(0.96));
    if canvas.anew > 0.5 {
        it.place = goal;
        it.speed = vec2f(0.0);
        it.tint.w = 0.0;
    }
    it.dice = own;
    it.lean = more * 2.0 - 1.0;

    // Colour: the picture's at its place, a jewel of the inks, or seldom the accent.
    let rose = window_after(phrase_count() & ~1);
    let free = Window(0.0, 0.0, FREE_CELL);
    let middle = middle_of(rose, cell + 0.5);
    let at = select(middle, (cell + 0.5 - ORIGIN) * free.cell, is_free);
    let seen = magnified(viewed(at)).rgb;
    let jewel = mix(ink(0.20 + 0.64 * more.x), accent(1u), step(0.80, own.y));
    // Glass has its colour also where the picture is dark: its hue counts, and little of its lightness.
    let strong = vivid(seen, 1.6);
    let most = max(max(strong.r, strong.g), strong.b);
    let least = min(min(strong.r, strong.g), strong.b);
    let has_hue = smoothstep(0.0, 0.02, most) * smoothstep(0.3, 0.7, 1.0 - least / max(most, 1e-3));
    let pure = mix(ink(0.5), strong * ((0.30 + 0.6 * most) / max(most, 1e-3)), has_hue);
    it.tint = vec4f(mix(pure, jewel, step(own.x, scene.jewels)), it.tint.w);
    it.tint = vec4f(mix(it.tint.rgb, accent(0u), step(0.90, own.y)), it.tint.w);
    it.tint = vec4f(mix(it.tint.rgb, ink(0.86), step(0.96, more.y)), it.tint.w);

    // Its light: a band, low ones in the middle, one of the twelve notes, and whether somebody behind it holds a lamp up, which changes
    // when the pane moves. It comes quickly and goes slowly.
    let far = length(at);
    let band = u32(clamp(far * 22.0 + 5.0 * (more.x - 0.5), 0.0, 23.0));
    let note = pow(heard_chroma(index * 5u), 4.0) * now.level;
    let held = 0.7 * step(0.74, random2(vec2u(index + 8192u, turn)).x) * now.presence;
    let wanted = min(0.5 * heard_band(band) + 0.7 * note + held, 1.3);
    let rate = select(2.5, 12.0, wanted > it.tint.w);
    it.tint.w += (wanted - it.tint.w) * (1.0 - exp(-rate * dt_s));
    // A hat lights a few at once, others each time.
    it.tint.w = max(it.tint.w, min(now.hat, 1.0) * step(0.90, fract(more.x + 0.381 * heard.hat_count)));
    panes_rw[index] = it;
}

@fragment fn glaze(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let far = length(p);
    // A new window spreads from the middle after a phrase begins.
    let spread = 1.5 * (1.0 - pow(max(max(heard.phrase4_hit, heard.drop), heard.section_change), 0.7));
    let changes = scene.window < 0.5;
    let is_new = far < spread || !changes;
    let phrase = phrase_count() - select(1, 0, is_new);
    let whole = window_after(phrase);
    // Kicks push the whole window outwards, and their front bends the lead where it passes; snares turn it, one way and the other.
    let wave = front(far) * moving();
    let turn = 0.03 * scene.shift * snared() * select(-1.0, 1.0, u32(heard.snare_count) % 2u == 0u);
    let bent = turned(p, vec2f(cos(turn), sin(turn))) * (1.0 - (0.03 * kicked() + 0.05 * wave) * scene.shift);
    let is_set = changes & (whole.folds < 0.5);
    let setting = length(bent) - MEDALLION;
    var it = whole;
    if is_set & (setting < 0.0) { it = window_after(phrase & ~1); }
    let is_rose = it.folds > 0.5;
    let spot = spot_of(it, bent);
    let found = pane_at(it, spot.at);
    let pane = panes[found.index];
    let px = canvas.px.w / spot.scale;
    // From its cell's middle, not its site: what is cut into it stays where it is when its borders move.
    let local = spot.at - floor(found.site) - 0.5;

    // Some panes have a border of their own, some are cut into diamonds, both by thin lead: not where it would be a mesh of pixels.
    let is_large = px < 0.025;
    let is_bordered = is_large & (pane.dice.y < 0.25);
    let is_cut = is_large & (pane.dice.y > 0.86);
    let along = vec2f(local.x + 0.6 * local.y, local.x - 0.6 * local.y) / 0.42;
    let cuts = (0.5 - abs(fract(along) - 0.5)) * 0.36;
    let thin = select(select(9.0, min(cuts.x, cuts.y), is_cut), abs(found.border - 0.12), is_bordered);
    let piece = select(select(0.0, 1.0, is_bordered & (found.border < 0.12)), dot(floor(along), vec2f(0.37, 0.61)), is_cut);

    // Blown glass is flat, but uneven: what lies behind is seen shifted, most along its edges.
    let streak = dot(local, pane.lean) * 7.0 + 1.6 * sin(dot(local, pane.lean.yx * vec2f(-1.0, 1.0)) * 5.0 + 20.0 * pane.dice.x);
    let tilt = found.away * (0.6 * smoothstep(0.16, 0.0, found.border)) + pane.lean * (0.7 + 0.16 * sin(streak));
    let shift = (spot.x_axis * tilt.x + spot.y_axis * tilt.y) * (0.075 + 0.05 * max(kicked(), snared())) * scene.bevel;
    let behind = luminance(magnified(viewed(p + shift)).rgb);

    // The stone of a rose: rings, and in each band petals, which stand on the gaps of the band within.
    let row = (spot.at.y - ORIGIN) / BAND + 0.31;
    let in_band = fract(row);
    let across = saturate(spot.at.x / max(it.columns, 1.0));
    let side = select(across, 1.0 - across, (i32(floor(row)) & 1) == 1);
    let off = in_band - (1.0 - side * side);
    let petal = abs(off) / length(vec2f(1.0 / BAND, 2.0 * side / max(it.columns, 1.0)));
    let ring = (0.5 - abs(in_band - 0.5)) * BAND;
    let stone = select(9.0, min(ring, petal), is_rose);

    // The sun stands behind the middle. Most panes are dark until they hear something or a hit's front passes; between a rose's petals
    // it is darker, and so is all glass towards the lead, where dirt lies.
    let sun = exp(-far * 3.0) * (0.35 + 0.6 * now.swell);
    let lit = pane.tint.w * pane.tint.w;
    let clear = fract(pane.dice.x * 9.7);
    let lamp = 0.02 + 0.07 * clear * clear + 0.9 * sun + 1.9 * lit * (0.35 + 0.65 * exp(-far * 1.1)) + 0.35 * wave * clear;
    let gap = select(1.0, 0.22, is_rose & (off > 0.0));
    let odd = fract(piece * 7.31) - 0.5;
    let dirt = mix(0.3, 1.0, smoothstep(0.0, 0.14, min(found.border, stone)));
    let blown = 1.0 + 0.22 * sin(streak) + 0.7 * odd;
    let glow = lamp * gap * dirt * blown * (0.55 + 1.1 * behind);
    // Thin glass with much light behind it turns paler.
    var light = pane.tint.rgb * glow + ink(0.9) * (0.10 * glow * glow * clear);

    // A rose has a roundel in its middle, where the sun stands.
    let roundel = far - EYE * (1.0 + 0.25 * now.swell);
    let is_eye = is_rose & (roundel < 0.0);
    let eye = mix(ink(0.97) * 1.9, accent(0u), smoothstep(-EYE, 0.0, roundel)) * (0.5 + 0.5 * now.swell)
        * (0.8 + 0.2 * cos(it.folds * atan2(p.y, p.x)));
    light = select(light, eye, is_eye);
    let hoop = min(select(9.0, abs(roundel) / spot.scale, is_rose), select(9.0, abs(setting) / spot.scale, is_set));

    // Lead is round: black with a faint light on its back, and thicker where strips meet.
    let solder = 0.018 * smoothstep(0.16, 0.0, found.corner);
    let wide = max((0.034 + solder) * scene.lead, 0.9 * px);
    let cames = select(max(wide - found.border, max(0.4 * wide - thin, 2.0 * wide - stone)), -9.0, is_eye);
    // And one of lead runs ahead of a new window.
    let rim = select(9.0, abs(far - spread) / spot.scale, changes);
    let strip = max(max(cames, 3.0 * wide - hoop), 3.0 * wide - rim);
    let lead = saturate(strip / px + 0.5);
    let back = smoothstep(0.3, 1.0, strip / wide) * (0.004 + 0.04 * wave + 0.008 * sun);
    light = mix(light, ink(0.7) * back, lead);
    return vec4f(light, 1.0);
}

// Light that leaves the bright panes away from the sun, seen in the dust: a walk towards the middle (Mitchell, "Volumetric light
// scattering as a post-process", GPU Gems 3, 2007).
@fragment fn stream(in: Corner) -> @location(0) vec4f {
    let steps = 14;
    var sum = vec3f(0.0);
    for (var k = 0; k < steps; k++) {
        let way = (f32(k) + 0.5) / f32(steps);
        let at = 0.5 + (in.uv - 0.5) * (1.0 - 0.45 * way);
        let light = textureSampleLevel(window, clamped, at, 0.0).rgb;
        sum += light * smoothstep(0.6, 1.6, luminance(light)) * (1.0 - way);
    }
    return vec4f(sum / f32(steps), 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let light = textureSampleLevel(window, clamped, in.uv, 0.0).rgb;
    let dust = textureSampleLevel(shaft, clamped, in.uv, 0.0).rgb;
    return vec4f(light + dust * scene.shafts * (0.15 + 0.4 * now.swell), 1.0);
}
