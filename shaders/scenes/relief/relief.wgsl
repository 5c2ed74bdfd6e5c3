// Scene "relief": one mountain above calm lowland, engraved, under a low light. The picture's heights are its ridges; it stands on a map
// that is tilted a little, throws a hard shadow over the plain, and contour lines are drawn on it. What the bass plays runs down its
// flanks and out over the land as waves. Whatever needs many taps is done on a coarse grid that is kept smooth; each pixel reads a spline.

// How much more land there is than the frame shows.
const LAND = 1.34;
// How much rows shrink with distance, and how far heights rise in the frame: the tilt.
const FALLS_BACK = 0.42;
const TILT = 0.29;
// Height of the mountain over a frame height, and how steeply the light falls.
const TALL = 0.40;
const LIGHT_FALLS = 0.40;
// How fast waves run, in frame heights a second.
const WAVE_SPEED = 0.55;
const WAVE_RISE = 0.085;

fn land_uv(g: vec2f) -> vec2f {
    return g / (LAND * vec2f(now.aspect, 1.0)) + 0.5;
}

// Where on the plain a place in the frame lies: rows farther up lie farther away.
fn on_plain(q: vec2f) -> vec2f {
    return q * (1.0 - FALLS_BACK * q.y);
}

// How high heights are now. A kick throws the mountain up, the bass holds it there.
fn lift() -> f32 {
    return scene.folds * (0.82 + moving() * (0.30 * now.swell + 0.42 * now.kick + 0.10 * now.onset));
}

// A place in the frame, as if a kick had struck the skin of the map below the mountain.
fn struck(p: vec2f) -> vec2f {
    let away = p - summit();
    return p - away * (0.07 * now.kick * moving() / (1.0 + 6.0 * dot(away, away)));
}

// The mountain stands beside the middle, elsewhere with each section, and wanders a little.
fn summit() -> vec2f {
    let side = select(-1.0, 1.0, fract(0.5 * (heard.section_change_count + floor(8.0 * now.seed.x))) < 0.25);
    let t = 0.05 * now.time_s;
    return vec2f(side * 0.10 * max(now.aspect, 0.6) + 0.04 * sin(t), 0.10 + 0.03 * cos(1.3 * t));
}

// Where the light comes from: rather from the side than from behind, so that it rakes over the flank that we see.
fn sun() -> vec2f {
    return normalize(now.toward * vec2f(1.0, 0.2) + vec2f(1e-4, 0.0));
}

fn in_picture(g: vec2f) -> vec2f {
    return within(viewed(0.8 * g));
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

// The land as it lies, without the music's push: heights from 0 to 1. It follows the picture slowly, so ridges grow and shrink.
@fragment fn shape(in: Corner) -> @location(0) vec4f {
    let g = (in.uv - 0.5) * LAND * vec2f(now.aspect, 1.0);
    let at = in_picture(g);
    let around = textureSampleLevel(ambience, clamped, at, 0.0).a;
    var sum = 0.0;
    for (var i = 0; i < 5; i++) {
        let to = vec2f(f32(i & 1) * 2.0 - 1.0, f32(i >> 1u) * 2.0 - 1.0) * select(0.015, 0.0, i == 4);
        sum += textureSampleLevel(field, clamped, within(at + to), 0.0).x;
    }
    // Told from their surroundings, so that bright pictures have valleys too.
    let drawn = clamp(0.5 + 1.5 * (0.2 * sum - around), 0.0, 1.0);
    let away = g - summit();
    let broad = 0.52 * sqrt(min(now.aspect, 1.0)) * scene.peak;
    let far = length(away) / broad;
    let washed = textureSampleLevel(gullies, repeating, vec2f(atan2(away.y, away.x) / TAU, min(far / 1.2, 0.99)), 0.0).xy;
    let r = far * (1.0 + 0.17 * washed.y + 0.30 * (0.5 - drawn));
    let cone = saturate(1.0 - r);
    let mass = cone * cone * (2.2 - 1.2 * cone);
    let flank = smoothstep(0.02, 0.35, cone) * smoothstep(0.98, 0.72, cone);
    let bowl = smoothstep(0.17, 0.05, r);
    let high = 0.06 + 0.86 * mass + flank * (0.075 * washed.x + 0.22 * (drawn - 0.5)) - 0.26 * bowl
        + (1.0 - smoothstep(0.0, 0.3, cone)) * 0.11 * drawn * drawn;
    let kept = textureSampleLevel(form, clamped, in.uv, 0.0).x;
    return vec4f(mix(max(high, 0.0), kept, exp(-now.dt_s / 0.35) * (1.0 - canvas.anew)), 0.0, 0.0, 1.0);
}

fn form_at(g: vec2f) -> f32 {
    return textureSampleLevel(form, clamped, land_uv(g), 0.0).x;
}

// What the bass played runs outward from the summit: a second ago is half a frame away.
fn wave_at(g: vec2f) -> f32 {
    let r = length(g - summit());
    let bass = textureSampleLevel(history, clamped, vec2f(r / (8.0 * WAVE_SPEED), 0.93), 0.0).x;
    return bass * bass * exp(-2.6 * r) * scene.waves * moving();
}

// What each place in the frame shows: height, the height of the shadow over it, how deep it lies among its neighbours, the wave;
// and the slope of the land.
struct Grid {
    @location(0) ground: vec4f,
    @location(1) slopes: vec4f,
}

@fragment fn survey(in: Corner) -> Grid {
    let p = struck(centred(in.uv));
    let up = lift();
    // What stands high hides what lies behind it: found by steps, which suffice while the tilt is slight.
    var h = 0.3;
    for (var i = 0; i < 4; i++) {
        h = mix(h, form_at(on_plain(p + vec2f(0.0, TILT * up * h))), 0.75);
    }
    let g = on_plain(p + vec2f(0.0, TILT * up * h));
    let wave = wave_at(g);
    let here = form_at(g);
    // The shadow's roof: it falls away from whatever stands towards the light.
    let towards = sun();
    var roof = -1.0;
    for (var i = 1; i <= 13; i++) {
        let t = f32(i) / 13.0;
        let far = 0.75 * t * (0.30 + 0.70 * t);
        roof = max(roof, form_at(g + towards * far) - far * LIGHT_FALLS / (TALL * up));
    }
    const NEAR = 0.010;
    const WIDE = 0.055;
    let outward = g - summit();
    let way = outward / max(length(outward), 1e-3);
    let swells = way * (WAVE_RISE * (wave_at(g + NEAR * way) - wave) / NEAR);
    let slope = vec2f(form_at(g + vec2f(NEAR, 0.0)) - form_at(g - vec2f(NEAR, 0.0)),
        form_at(g + vec2f(0.0, NEAR)) - form_at(g - vec2f(0.0, NEAR))) / (2.0 * NEAR) + swells;
    // The drawing of the picture is cut into the stone.
    let cut = textureSampleLevel(field, clamped, in_picture(g), 0.0).yz;
    let carved = cut * (0.055 * scene.brush * knobs.relief / (1.0 + 0.12 * length(cut))) * (0.25 + smoothstep(0.06, 0.3, here));
    let around = form_at(g + vec2f(WIDE, 0.0)) + form_at(g - vec2f(WIDE, 0.0)) + form_at(g + vec2f(0.0, WIDE)) + form_at(g - vec2f(0.0, WIDE));
    return Grid(vec4f(here + WAVE_RISE * wave, roof, 0.25 * around - here, wave), vec4f(slope * (TALL * up) + carved, 0.0, 1.0));
}

// A line of so many pixels around `d` = 0, in pixels; thinner than one it dims.
fn hairline(d: f32, wide: f32) -> f32 {
    return saturate(0.5 + 0.5 * wide - abs(d)) * min(wide, 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = struck(centred(in.uv));
    let it = spline(ground, in.uv);
    let high = saturate(it.x);

    // Edges of the shadow are as sharp as pixels, and softer where it falls far.
    let over = it.x - it.y;
    let lit = saturate(0.5 + over / max(1.5 * fwidth(over), 0.004));

    let slope = textureSampleLevel(slopes, clamped, in.uv, 0.0).xy;
    let normal = normalize(vec3f(-slope, 1.0));
    let to_light = vec3f(sun() * 0.88, 0.48);
    let facing = max(dot(normal, to_light), 0.0);
    // Valleys are dark, whatever the light.
    let open = saturate(1.0 - 5.0 * max(it.z, 0.0));
    let key = facing * (0.3 + 0.7 * facing) * lit * open;

    // Contours, evenly stepped, every fifth bolder; where they would be closer than pixels they fade.
    let level = it.x * 5.0 * scene.fold_count;
    let width = max(length(vec2f(dpdx(level), dpdy(level))), 1e-4);
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

    // Where nothing is drawn and no light falls there is nothing to do: half of the frame.
    if key < 0.002 && drawn < 0.01 { return vec4f(0.0, 0.0, 0.0, 1.0); }

    // Black ground, one hue on the slopes, lighter the higher.
    let rises = smoothstep(0.05, 0.80, high);
    let tone = key * (0.20 + 0.80 * rises) * stepped;
    var light = ink(0.10 + 0.66 * tone) * (1.5 * tone * (0.85 + 0.5 * now.level));
    // Ridges gleam: snares polish them, hats glint in what is engraved.
    let halfway = normalize(to_light + vec3f(0.0, 0.25, 1.0));
    let polish = max(dot(normal, halfway), 0.0);
    let p4 = polish * polish * polish * polish;
    let p16 = p4 * p4 * p4 * p4;
    let sheen = p16 * p16 * saturate(-12.0 * it.z - 0.06);
    let shines = lit * rises * rises * scene.gloss;
    light += mix(ink(0.92), accent(1u), 0.2) * (sheen * shines * stepped * (0.5 + 2.6 * now.snare));
    light += ink(1.0) * (p16 * drawn * shines * (0.4 * now.treble + 4.0 * now.hat));

    // They are lighter towards the summit, where they take the accent, and almost gone in the shadow; a wave lights them as it passes.
    let at_top = smoothstep(0.62, 0.80, high);
    let shade = mix(0.10, 1.0, lit * saturate(0.35 + 1.2 * facing));
    let passing = it.w * it.w;
    let own = mix(ink(0.45 + 0.45 * high), accent(0u) * 1.5, at_top);
    light += own * (drawn * (0.55 + 0.45 * fifth) * (1.6 * shade * (0.10 + 0.9 * high) * (0.8 + 0.5 * now.beat * at_top) + 1.1 * passing * (0.3 + 0.7 * fifth)));

    // The light lies on the mountain; the plain loses itself.
    let away = p - summit();
    return vec4f(light * (1.25 / (1.0 + 1.6 * dot(away, away))), 1.0);
}
