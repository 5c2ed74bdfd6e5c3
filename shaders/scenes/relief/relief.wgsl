// Scene "relief": a mountain range, engraved, in low light, seen from near the ground. The picture's heights are its ridges; it throws hard
// shadows, and contour lines are drawn on it up to the horizon. What the bass plays runs away over the land as waves. The land is kept in
// a texture whose columns are lines of sight and whose rows are even in one over the distance, so it is as fine as the frame everywhere,
// and to look means to go up a column. Whatever needs many taps is done on coarse grids; each pixel reads a spline.

// Where the horizon lies, in frame heights below the middle, the eye's height over the plain, and the nearest and farthest land, as one
// over the distance.
const HORIZON = -0.20;
const EYE = 0.42;
const NEAREST = 2.0;
const FARTHEST = 0.14;
// How much wider the land is than the frame.
const LAND = 1.06;
// Height of the highest mountain, and how steeply the light falls.
const TALL = 0.66;
const LIGHT_FALLS = 0.42;
// How fast waves run, in frame heights a second.
const WAVE_SPEED = 1.6;
const WAVE_RISE = 0.05;
// Steps of a look, and of a closer one at an edge.
const STEPS = 20;
const CLOSER = 9;

// A place on the plain (to the right, away from the eye) and its place in the texture.
fn land_uv(g: vec2f) -> vec2f {
    let near = 1.0 / max(g.y, 0.05);
    return vec2f(g.x * near / (LAND * now.aspect) + 0.5, (near - FARTHEST) / (NEAREST - FARTHEST));
}

fn on_land(uv: vec2f) -> vec2f {
    let far = 1.0 / mix(FARTHEST, NEAREST, uv.y);
    return vec2f((uv.x - 0.5) * LAND * now.aspect * far, far);
}

// How high heights are now. A kick throws the mountains up, the bass holds them there.
fn lift() -> f32 {
    return scene.folds * (0.82 + moving() * (0.16 * now.swell + 0.34 * now.kick + 0.12 * now.snare));
}

// How far the eye has gone along the range: slowly, and with the music.
fn gone() -> vec2f {
    return vec2f(0.025 * now.time_s + 0.05 * heard.low_mid_time_s, 0.0) + 40.0 * now.seed.xy;
}

// Where the light comes from: from the side, so that it rakes over the flanks that we see.
fn sun() -> vec2f {
    return normalize(vec2f(select(-1.0, 1.0, now.seed.x > 0.5), -0.30 + 0.2 * sin(0.07 * now.time_s)));
}

fn in_picture(g: vec2f) -> vec2f {
    return within(viewed(vec2f(0.42 * g.x, 0.5 - 0.42 * g.y)));
}

// The gullies, once and for all, as they run down from a top: x goes around, y outward. Red is how deep, green how far they wind.
@fragment fn wash(in: Corner) -> @location(0) vec4f {
    let salt = now.seed.yz * 64.0;
    let r = 1.2 * in.uv.y;
    let around = vec2f(cos(TAU * in.uv.x), sin(TAU * in.uv.x));
    let bent = gradient_noise(1.5 * r * around + salt);
    let way = turned(around, vec2f(cos(1.2 * r + 0.5 * bent), sin(1.2 * r + 0.5 * bent)));
    let deep = 1.0 - 2.6 * abs(gradient_noise(2.3 * way + 0.9 * r + salt.yx));
    let finer = 1.0 - 2.6 * abs(gradient_noise(7.3 * way + 3.0 * r + salt));
    return vec4f(deep + 0.55 * finer * smoothstep(0.15, 0.6, r), bent, 0.0, 1.0);
}

// A mountain of the range: one stands in each field of a lattice, somewhere. Its height at a place, with gullies that run down from its top.
fn mountain_at(g: vec2f, field_at: vec2f, drawn: f32) -> f32 {
    let dice = random2(vec2u(vec2i(field_at) + 4096));
    let more = random2(vec2u(vec2i(field_at) + 9000));
    let away = g - (field_at + 0.5 + 0.7 * (dice - 0.5)) * field_size();
    let broad = (0.42 + 0.34 * more.x) * scene.peak;
    let far = length(away) / broad;
    if far > 1.25 { return 0.0; }
    let washed = textureSampleLevel(gullies, repeating, vec2f(atan2(away.y, away.x) / TAU + more.y, min(far / 1.2, 0.99)), 0.0).xy;
    let r = far * (1.0 + 0.17 * washed.y + 0.30 * (0.5 - drawn));
    let cone = saturate(1.0 - r);
    let flank = smoothstep(0.02, 0.35, cone) * smoothstep(0.98, 0.72, cone);
    // Some are volcanoes.
    let bowl = smoothstep(0.17, 0.05, r) * step(0.65, more.y);
    return (0.45 + 0.55 * more.x) * (cone * cone * (2.1 - 1.1 * cone) + 0.10 * flank * washed.x - 0.26 * bowl);
}

fn field_size() -> vec2f {
    return vec2f(0.86, 0.78) * scene.peak;
}

// The land as it lies, without the music's push: heights from 0 to 1.
@fragment fn shape(in: Corner) -> @location(0) vec4f {
    let seen = on_land(in.uv);
    let at = in_picture(seen);
    let around = textureSampleLevel(ambience, clamped, at, 0.0).a;
    // Told from their surroundings, so that bright pictures have valleys too.
    let drawn = clamp(0.5 + 1.5 * (textureSampleLevel(field, clamped, at, 0.0).x - around), 0.0, 1.0);
    let g = seen + gone();
    let middle = floor(g / field_size());
    var high = 0.0;
    for (var i = 0; i < 9; i++) {
        let one = mountain_at(g, middle + vec2f(f32(i % 3) - 1.0, f32(i / 3) - 1.0), drawn);
        // Where two meet they grow into each other.
        high = max(high, one) + 0.35 * min(high, one);
    }
    high += 0.20 * drawn * drawn * (1.0 - smoothstep(0.0, 0.3, high)) + 0.16 * (drawn - 0.5) * smoothstep(0.05, 0.4, high);
    // None stands before the eye.
    return vec4f(max(high, 0.0) * smoothstep(0.50, 1.25, seen.y), 0.0, 0.0, 1.0);
}

fn form_at(g: vec2f) -> f32 {
    return textureSampleLevel(form, clamped, land_uv(g), 0.0).x;
}

// What the bass played runs away from the eye.
fn wave_at(g: vec2f) -> f32 {
    let r = length(g) - 0.6;
    let bass = textureSampleLevel(history, clamped, vec2f(r / (8.0 * WAVE_SPEED), 0.93), 0.0).x;
    return bass * bass * exp(-0.35 * r) * scene.waves * moving();
}

// What each place of the land has: height, the height of the shadow over it, how deep it lies among its neighbours, the wave; and its
// slope.
struct Grid {
    @location(0) ground: vec4f,
    @location(1) slopes: vec4f,
}

@fragment fn survey(in: Corner) -> Grid {
    let g = on_land(in.uv);
    let up = lift();
    let wave = wave_at(g);
    let here = form_at(g);
    // The shadow's roof: it falls away from whatever stands towards the light.
    let towards = sun();
    var roof = -1.0;
    for (var i = 1; i <= 13; i++) {
        let t = f32(i) / 13.0;
        let far = 1.1 * t * (0.25 + 0.75 * t);
        roof = max(roof, form_at(g + towards * far) - far * LIGHT_FALLS / (TALL * up));
    }
    // As wide as the land's texture can tell.
    let near = 0.009 * g.y;
    let wide = 0.05 * g.y;
    let swells = WAVE_RISE * (wave_at(g + vec2f(0.0, near)) - wave) / near;
    let slope = vec2f(form_at(g + vec2f(near, 0.0)) - form_at(g - vec2f(near, 0.0)),
        form_at(g + vec2f(0.0, 2.0 * near)) - form_at(g - vec2f(0.0, 2.0 * near))) / vec2f(2.0 * near, 4.0 * near) + vec2f(0.0, swells);
    // The drawing of the picture is cut into the stone.
    let cut = textureSampleLevel(field, clamped, in_picture(g), 0.0).yz;
    let carved = cut * (0.055 * scene.brush * knobs.relief / (1.0 + 0.12 * length(cut))) * (0.25 + smoothstep(0.06, 0.3, here));
    let around = form_at(g + vec2f(wide, 0.0)) + form_at(g - vec2f(wide, 0.0)) + form_at(g + vec2f(0.0, wide)) + form_at(g - vec2f(0.0, wide));
    return Grid(vec4f(here + WAVE_RISE * wave, roof, 0.25 * around - here, wave), vec4f(slope * (TALL * up) + carved, 0.0, 1.0));
}

fn column_of(p: vec2f) -> f32 {
    return p.x / (LAND * now.aspect) + 0.5;
}

// How far the land at a place of a column stands over the line of sight of `p`.
fn over_sight(p: vec2f, row: f32) -> f32 {
    let near = mix(FARTHEST, NEAREST, row);
    return TALL * lift() * textureSampleLevel(ground, clamped, vec2f(column_of(p), row), 0.0).x - EYE + (p.y - HORIZON) / near;
}

// The first land on a line of sight between two rows, from the nearer: its row, or -1 if there is none. Steps are smaller far away, where
// mountains are thin.
fn first_land(p: vec2f, from_row: f32, to_row: f32, steps: i32) -> f32 {
    var before = over_sight(p, from_row);
    if before >= 0.0 { return from_row; }
    var last = from_row;
    for (var i = 1; i <= steps; i++) {
        let left = 1.0 - f32(i) / f32(steps);
        let row = mix(to_row, from_row, left * left);
        let over = over_sight(p, row);
        if over >= 0.0 { return row + (last - row) * over / (over - before); }
        before = over;
        last = row;
    }
    return -1.0;
}

@fragment fn look_at(in: Corner) -> @location(0) vec4f {
    // A little lower than it is, so that no crest is overlooked.
    let p = centred(in.uv) + vec2f(0.0, 0.8 * canvas.px.w);
    let below = p.y - HORIZON;
    // Nearer than where the highest could be, and farther than the plain, there is nothing.
    let room = EYE - 1.2 * TALL * lift();
    let from_row = (select(NEAREST, min(below / max(room, 1e-3), NEAREST), room > 0.0 && below > 0.0) - FARTHEST) / (NEAREST - FARTHEST);
    let to_row = max(below / EYE - FARTHEST, 0.0) / (NEAREST - FARTHEST) - 0.002;
    return vec4f(first_land(p, max(from_row, to_row), to_row, STEPS), 0.0, 0.0, 1.0);
}

// The row of land that a pixel sees, or -1: from the coarse look, closer.
fn row_at(p: vec2f, uv: vec2f) -> f32 {
    let rows = textureGather(0, sight, clamped, uv);
    let most = max(max(rows.x, rows.y), max(rows.z, rows.w));
    let least = min(min(rows.x, rows.y), min(rows.z, rows.w));
    if most < -0.5 { return -1.0; }
    if least < -0.5 || most - least > 0.05 {
        // At an edge: what stands nearer, or what lies behind it.
        let span = 0.20 * most + 0.006;
        let nearer = first_land(p, most + 0.3 * span, most - 0.7 * span, CLOSER);
        if nearer >= 0.0 { return nearer; }
        return first_land(p, most - 0.7 * span, max(least, 0.0) - 0.01, CLOSER);
    }
    // Two steps of the secant.
    var row = textureSampleLevel(sight, clamped, uv, 0.0).x;
    var before = over_sight(p, row + 0.006);
    var last = row + 0.006;
    for (var i = 0; i < 2; i++) {
        let over = over_sight(p, row);
        let next = row - clamp(over * (row - last) / select(over - before, 1e-5, abs(over - before) < 1e-5), -0.012, 0.012);
        last = row;
        before = over;
        row = next;
    }
    return row;
}

// A line of so many pixels around `d` = 0, in pixels; thinner than one it dims.
fn hairline(d: f32, wide: f32) -> f32 {
    return saturate(0.5 + 0.5 * wide - abs(d)) * min(wide, 1.0);
}

// What is above the mountains: dusk, as bright as the bass is held.
fn sky_at(p: vec2f) -> vec3f {
    let up = max(HORIZON - p.y, 0.0);
    return ink(0.42) * (0.34 * exp(-13.0 * up) * (0.4 + 0.9 * now.swell));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let row = row_at(p, in.uv);
    let at = vec2f(column_of(p), max(row, 0.0));
    let it = spline(ground, at);
    let high = saturate(it.x);

    // Edges of the shadow are as sharp as pixels, and softer where it falls far.
    let over = it.x - it.y;
    let lit = saturate(0.5 + over / max(1.5 * fwidth(over), 0.004));

    let slope = textureSampleLevel(slopes, clamped, at, 0.0).xy;
    let normal = normalize(vec3f(-slope, 1.0));
    let to_light = vec3f(sun() * 0.88, 0.48);
    let facing = max(dot(normal, to_light), 0.0);
    // Valleys are dark, whatever the light.
    let open = saturate(1.0 - 5.0 * max(it.z, 0.0));
    let key = facing * (0.3 + 0.7 * facing) * lit * open;

    // Contours, evenly stepped, every fifth bolder; where they would be closer than pixels they fade.
    let level = it.x * 5.0 * scene.fold_count;
    let width = max(length(vec2f(dpdx(level), dpdy(level))), 1e-4);
    if row < 0.0 { return vec4f(sky_at(p), 1.0); }
    let fine = max(1.0, now.frame_px.y / 900.0);
    let px = 1.0 / (width * fine);
    let nearest_line = floor(level + 0.5);
    let fifth = select(0.0, 1.0, abs(fract(nearest_line / 5.0 + 0.5) - 0.5) < 0.05);
    let drawn = hairline((level - nearest_line) * px, mix(0.75, 1.35, fifth)) * mix(saturate(0.45 * px - 0.9), saturate(1.6 * px - 1.2), fifth)
        * smoothstep(0.0, 0.10, width * 540.0 * now.frame_px.w * 4.0);
    // Each step is darkest at its foot, as layers are that lie over each other.
    let inside = fract(level);
    let step = inside * saturate((1.0 - inside) * px * 0.7);
    let stepped = mix(1.0, 0.35 + 1.35 * step, saturate(0.30 * px - 0.5));

    // Black ground, one hue on the slopes, lighter the higher, and the accent on the summits.
    let rises = smoothstep(0.05, 0.70, high);
    let tone = key * (0.20 + 0.80 * rises) * stepped;
    let at_top = smoothstep(0.42, 0.62, high);
    var light = mix(ink(0.10 + 0.66 * tone), accent(0u), 0.6 * at_top * at_top) * (1.5 * tone * (0.85 + 0.5 * now.level));
    // Ridges gleam: snares polish them, hats glint in what is engraved.
    let halfway = normalize(to_light + vec3f(0.0, 0.25, 1.0));
    let polish = max(dot(normal, halfway), 0.0);
    let p4 = polish * polish * polish * polish;
    let p16 = p4 * p4 * p4 * p4;
    let sheen = p16 * p16 * saturate(-12.0 * it.z - 0.06);
    let shines = lit * rises * rises * scene.gloss;
    light += mix(ink(0.92), accent(1u), 0.2) * (sheen * shines * stepped * (0.5 + 2.6 * now.snare));
    light += ink(1.0) * (p16 * drawn * shines * (0.4 * now.treble + 4.0 * now.hat));

    // The lines are lighter towards the summits, where they take the accent, and dimmer in the shadow; a wave lights them as it passes.
    let shade = mix(0.40, 1.0, lit * saturate(0.35 + 1.2 * facing));
    let passing = it.w * it.w;
    let own = mix(ink(0.45 + 0.45 * high), accent(0u) * 1.5, at_top);
    light += own * (drawn * (0.55 + 0.45 * fifth) * (1.6 * shade * (0.60 + 0.7 * high) * (0.75 + 0.5 * now.beat * at_top + 0.5 * max(now.kick, now.snare)) + 1.1 * passing * (0.3 + 0.7 * fifth)));
    return vec4f(1.4 * light, 1.0);
}
