// Where the ink came from, and which it is.

// How far around a stylus, a whirl and a tooth of the comb ink is drawn along, in frame heights.
const STYLUS_REACH = 0.06;
const WHIRL_REACH = 0.16;
const TOOTH_REACH = 0.022;
const TEETH_APART = 0.16;
// The line around a drop and a vein of gold, in frame heights, and the least in pixels.
const LINE = 0.0016;
const LEAST_LINE_PX = 0.7;
// Hairlines in a band, and how strong they are.
const HAIRLINES = 6.0;
const HAIR_STRENGTH = 0.75;
const LN2 = 0.6931;

// A place on the plate, and how it changes from pixel to pixel, to the right and down: so each edge is smooth, however far it
// is drawn.
struct Place {
    p: vec2f,
    pixel: mat2x2f,
}

// Each hit shoves the tray: the whole plate comes nearer at once, and eases back.
fn shoved(p: vec2f) -> vec2f {
    return p * (1.0 - 0.015 * max(now.kick, now.onset) * moving());
}

// The bath sways, carried on by the bass.
fn swaying(p: vec2f) -> vec2f {
    let t = 0.03 * now.time_s + 0.07 * heard.bass_time_s * moving();
    let first = p + 0.06 * scene.swaying * sin(3.1 * p.yx + vec2f(t, 1.3 * t + 2.0) + TAU * now.seed.xy);
    return first + 0.025 * scene.swaying * sin(7.3 * first.yx + vec2f(1.9 - 1.7 * t, t));
}

// Columns of `v` times each of two numbers.
fn outer(v: vec2f, by: vec2f) -> mat2x2f {
    return mat2x2f(v * by.x, v * by.y);
}

// Where ink was before it was drawn along `way`, by less the further away it lay.
fn before_line(at: Place, way: vec2f, far: f32, across: f32, reach: f32) -> Place {
    let drawn = far * exp2(-abs(across) / reach);
    let steeper = drawn * sign(across) * LN2 / reach;
    return Place(at.p - way * drawn, at.pixel + outer(way * steeper, vec2f(-way.y, way.x) * at.pixel));
}

fn before_whirl(at: Place, place: vec2f, far: f32) -> Place {
    let d = at.p - place;
    let angle = far * exp2(-dot(d, d) / (WHIRL_REACH * WHIRL_REACH));
    let by = vec2f(cos(angle), sin(angle));
    let to = turned(d, by);
    let steeper = -2.0 * LN2 / (WHIRL_REACH * WHIRL_REACH) * angle;
    let pixel = mat2x2f(turned(at.pixel[0], by), turned(at.pixel[1], by));
    return Place(place + to, pixel + outer(vec2f(-to.y, to.x) * steeper, d * at.pixel));
}

fn before_stroke(at: Place, deed: vec4f, more: vec4f) -> Place {
    if u32(deed.w) == WHIRL { return before_whirl(at, deed.xy, deed.z); }
    let across = dot(at.p - deed.xy, vec2f(-more.y, more.x));
    if u32(deed.w) == STYLUS { return before_line(at, more.xy, deed.z, across, STYLUS_REACH); }
    let tooth = (fract(across / TEETH_APART + more.z) - 0.5) * TEETH_APART;
    return before_line(at, more.xy, deed.z, tooth, TOOTH_REACH);
}

// The ground that the first drops fell on: bands as in agate, along the picture's heights; and what they change by in a pixel.
fn ground(at: Place) -> vec2f {
    var q = 1.6 * at.p + 3.0 * now.seed.zw;
    var dx = 1.6 * at.pixel[0];
    var dy = 1.6 * at.pixel[1];
    for (var round = 0u; round < 3u; round++) {
        let phase = 1.7 * q.yx + vec2f(0.0, 2.1) + 0.015 * now.time_s;
        q += 0.55 * sin(phase);
        let slope = 0.55 * 1.7 * cos(phase);
        dx += slope * dx.yx;
        dy += slope * dy.yx;
    }
    let land = textureSampleLevel(field, clamped, within(viewed(at.p)), 0.0);
    let here = 4.2 * q.x + sin(1.3 * q.y) + 1.4 * land.x;
    let slope = vec2f(4.2, 1.3 * cos(1.3 * q.y));
    let by_land = 1.4 / max(now.aspect, 1.0) * land.yz;
    return vec2f(here, length(vec2f(dot(slope, dx), dot(slope, dy)) + by_land * at.pixel));
}

// The ink of a band: dark and light take turns, so that each edge is crisp; a few are of another colour. White is rare: where
// it comes and goes beside black, the stage would soften it as flashes.
fn ink_of(band: f32, dice: f32) -> vec3f {
    let number = random2(vec2u(u32(band + 64.0), u32(dice * 4096.0)));
    let is_light = fract(0.5 * band + 0.5 * step(0.5, dice)) > 0.25;
    let dark = select(0.3 * number.x, 0.0, number.y < 0.5);
    let bright = select(0.4 + 0.42 * number.x, 0.97, number.y < 0.15);
    return select(ink(select(dark, bright, is_light)), accent(1u), number.y > 0.86);
}

// Bands of ink that do not mix: `x` counts them, `edge` is what x changes by in a pixel. Gold runs between some.
fn banded(x: f32, edge: f32, dice: f32) -> vec3f {
    let band = floor(x);
    let part = x - band;
    let side = select(1.0, -1.0, part < 0.5);
    let from_edge = min(part, 1.0 - part) / max(edge, 1e-5);
    let own = mix(ink_of(band + side, dice), ink_of(band, dice), saturate(0.5 + from_edge));
    // Hairlines within a band, as the rings in agate.
    let hair = abs(fract(HAIRLINES * x) - 0.5) / max(HAIRLINES * edge, 1e-5);
    let hairs = HAIR_STRENGTH * saturate(1.25 - hair) * saturate(2.0 - 6.0 * HAIRLINES * edge);
    let lined = mix(own, ink(select(0.66, 0.0, luminance(own) > 0.08)), hairs);
    let seam = band + max(side, 0.0);
    let chance = random2(vec2u(u32(seam + 64.0), u32(dice * 4096.0) + 77u));
    let wide = max(LINE * now.frame_px.y, LEAST_LINE_PX) * (0.6 + 1.2 * chance.y);
    let is_gold = select(0.0, 1.0, chance.x < 0.25 * scene.veins);
    let gold = saturate(wide + 0.5 - from_edge) * is_gold * saturate(1.2 - 2.0 * edge);
    return mix(lined, accent(0u) * (1.0 + 2.5 * now.hat * step(0.5, chance.y)), gold);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let pixel = now.frame_px.w;
    var at = Place(swaying(on_plate(shoved(centred(in.uv)))), mat2x2f(pixel, 0.0, 0.0, pixel));
    let wide = max(LINE * now.frame_px.y, LEAST_LINE_PX);
    // The drop that this pixel lies in, its place there from 0 to 1, what that changes by in a pixel, and the line around
    // drops. Its rings lie still while it grows over them: were they to spread with it, they would flicker.
    var drop = DEEDS;
    var ring = 0.0;
    var ring_edge = 0.0;
    var line = 0.0;
    // The cheaper tier remembers less.
    let remembered = select(DEEDS, DEEDS - 8u, canvas.tier > 0u);
    for (var index = 0u; index < remembered; index++) {
        let deed = textureLoad(deeds, vec2u(index, 0u), 0);
        if u32(deed.w) != DROP {
            at = before_stroke(at, deed, textureLoad(deeds, vec2u(index, 1u), 0));
            continue;
        }
        let d = at.p - deed.xy;
        let radius = deed.z;
        let far = max(length(d), 1e-5);
        let steep = d * at.pixel;
        let edge = max(length(steep) / (far * radius), 1e-5);
        line = max(line, saturate(wide + 0.5 - abs(far / radius - 1.0) / edge));
        if far < radius {
            drop = index;
            let whole = max(textureLoad(deeds, vec2u(index, 1u), 0).w, radius);
            ring = far / whole;
            ring_edge = edge * radius / whole;
            break;
        }
        // Outside it made room: areas stay what they are.
        let share = radius * radius / (far * far);
        let closer = sqrt(max(1.0 - share, 1e-6));
        at = Place(deed.xy + d * closer, at.pixel * closer + outer(d * (share / (far * far * closer)), steep));
    }
    let dice = textureLoad(deeds, vec2u(min(drop, DEEDS - 1u), 1u), 0).z;
    let is_ground = drop == DEEDS;
    let is_gold = !is_ground && dice >= 1.0;
    let stone = ground(at);
    let rings = floor(1.5 + scene.rings * (0.4 + 1.2 * fract(7.0 * dice)));
    let uneven = ring * rings + 0.2 * sin(2.0 * rings * ring + 9.0 * dice);
    let x = select(uneven, stone.x, is_ground);
    let edge = select(ring_edge * rings, stone.y, is_ground);
    let inks = banded(x, edge, select(fract(dice), now.seed.x, is_ground));
    return vec4f(mix(select(inks, 1.3 * accent(0u), is_gold), ink(0.0), line), 1.0);
}
