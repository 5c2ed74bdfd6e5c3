// The ornaments of the rings, all in one conformal map: u is the logarithm of the radius from the ring's inner edge on, v the
// angle. In it a circle stays a circle, and one length serves for both directions: the pixel's size is its size in the frame over
// the radius.

// What a ring is made of, as seen from one pixel.
struct Ring {
    // From the inner edge, its whole thickness, and the angle from the middle of the ornament that is nearest.
    u: f32,
    thick: f32,
    angle: f32,
    // How many ornaments go round, and how large a pixel is.
    count: f32,
    px: f32,
    // What the music does with it: how far it has opened, its loudness, and the glitter of hats.
    open: f32,
    loud: f32,
    glitter: f32,
    // Two numbers of its own, 0 to 1.
    dice: vec2f,
}

// What lies on the ring: enamel of a tone (a place along the inks) with its relief, wire over it, and light of its own.
struct Plate {
    tone: f32,
    // Share of the picture, and of the accent colour.
    picture: f32,
    accent: f32,
    wire: f32,
    glow: f32,
}

fn filled(d: f32, px: f32) -> f32 {
    return saturate(d / px + 0.5);
}

// A wire around `d` = 0; thinner than a pixel it dims instead of breaking up.
fn wire(d: f32, width: f32, px: f32) -> f32 {
    let wide = max(width, 0.55 * px);
    return filled(wide - abs(d), px) * min(width / wide * 1.3, 1.0);
}

// The angle from the middle of the nearest of so many, the first being shifted by a share of one.
fn folded(angle: f32, count: f32, shift: f32) -> f32 {
    let each = TAU / count;
    return (fract(angle / each + shift + 0.5) - 0.5) * each;
}

fn laid(below: Plate, above: Plate, inside: f32) -> Plate {
    return Plate(mix(below.tone, above.tone, inside), mix(below.picture, above.picture, inside),
        mix(below.accent, above.accent, inside), mix(below.wire, above.wire, inside), mix(below.glow, above.glow, inside));
}

// Petals, every second one behind its neighbours, with a wire around each and engraved veins that repeat its outline.
fn petals(ring: Ring, ground: Plate) -> Plate {
    var plate = ground;
    let reach = ring.thick * (0.62 + 0.36 * ring.open);
    let x = saturate(ring.u / reach);
    let widest = TAU / ring.count * (0.40 + 0.18 * ring.dice.x);
    let profile = widest * pow(max(sin(0.5 * TAU * pow(x, 0.8 + 0.7 * ring.dice.y)), 0.0), 0.6 + 0.8 * ring.dice.x);
    for (var layer = 0; layer < 2; layer++) {
        let front = f32(layer);
        let v = abs(folded(ring.angle, ring.count, 0.5 * (1.0 - front)));
        let d = min((profile - v) * 0.8, reach - ring.u);
        let inside = filled(d, ring.px) * step(0.0, ring.u);
        let vein = fract(d / (0.16 * widest) + 0.5) - 0.5;
        let veins = wire(vein * 0.16 * widest, 0.0022, ring.px) * scene.engraving * front * step(0.1 * widest, d);
        let keel = wire(v, 0.0025 * x, ring.px) * front;
        let tone = 0.10 + 0.16 * front + 0.34 * x * x * x * (0.5 + 0.5 * ring.loud) - 0.16 * smoothstep(0.0, widest, d) * front;
        let body = Plate(tone, 0.6 * front, ring.dice.y * smoothstep(0.7, 1.0, x) * front, max(0.65 * veins, keel), 0.0);
        plate = laid(plate, body, inside);
        plate.wire = max(plate.wire, wire(d, 0.0045, ring.px) * (0.55 + 0.45 * front) * step(0.001, profile));
    }
    return plate;
}

// A pearl: a dome with a light on it that sits up and to the side, as seen from the middle.
fn pearl(at: vec2f, size: f32, px: f32, ground: Plate, accent: f32, shine: f32) -> Plate {
    let far = length(at) / size;
    let dome = sqrt(saturate(1.0 - far * far));
    let spot = saturate(1.0 - length(at / size - vec2f(0.32, -0.3)) * 2.2);
    let body = Plate(0.10 + 0.55 * dome * dome, 0.0, accent, 0.0, spot * spot * shine);
    var plate = laid(ground, body, filled(size - length(at), px));
    plate.wire = max(plate.wire, wire(length(at) - size * 1.12, 0.0032, px));
    return plate;
}

// A string of pearls, large and small by turns, that swell with the ring's loudness.
fn beads(ring: Ring, ground: Plate) -> Plate {
    let middle = ring.u - 0.5 * ring.thick;
    let room = min(0.36 * TAU / ring.count, 0.34 * ring.thick);
    let size = room * (0.62 + 0.38 * ring.open);
    var plate = ground;
    // A cord that passes behind them, twisted.
    let cord = 0.3 * room * cos(ring.angle * ring.count);
    plate.wire = max(plate.wire, max(wire(middle - cord, 0.003, ring.px), wire(middle + cord, 0.003, ring.px)));
    plate = pearl(vec2f(middle, folded(ring.angle, ring.count, 0.5)), 0.28 * room, ring.px, plate, 0.0, 1.0 + 1.5 * ring.glitter);
    return pearl(vec2f(middle, folded(ring.angle, ring.count, 0.0)), size, ring.px, plate, step(0.45, ring.dice.x),
        1.2 + 1.2 * ring.glitter);
}

// Guilloche: waves that run through each other, as engraved on banknotes; the loudness is their height, a little: so many lines
// that went far would only flicker.
fn guilloche(ring: Ring, ground: Plate) -> Plate {
    var plate = ground;
    let middle = ring.u - 0.5 * ring.thick;
    let reach = 0.46 * ring.thick * (0.72 + 0.28 * ring.open);
    let waves = 0.5 * ring.count;
    var lines = 0.0;
    for (var k = 0; k < 10; k++) {
        let side = select(-1.0, 1.0, (k & 1) == 0);
        let phase = ring.angle * waves * side + TAU * f32(k / 2) / 5.0;
        let swing = cos(phase) + 0.28 * cos(3.0 * phase + ring.dice.x * TAU);
        let slope = sin(phase) + 0.84 * sin(3.0 * phase + ring.dice.x * TAU);
        let steep = reach * 0.78 * waves * slope;
        lines = max(lines, wire((middle - reach * 0.78 * swing) * inverseSqrt(1.0 + steep * steep), 0.0034, ring.px));
    }
    plate.wire = max(plate.wire, 0.75 * lines);
    plate.tone += 0.10 * smoothstep(reach, 0.0, abs(middle));
    return plate;
}

// Lace: rows of arcs that overlap like scales, each with a dot in it; the row at the rim opens.
fn lace(ring: Ring, ground: Plate) -> Plate {
    var plate = ground;
    for (var row = 3; row >= 0; row--) {
        let foot = ring.thick * (0.02 + 0.20 * f32(row)) * (0.75 + 0.25 * ring.open);
        let v = folded(ring.angle, ring.count, 0.5 * f32(row & 1));
        let half = 0.5 * TAU / ring.count;
        let size = min(1.06 * half, 0.40 * ring.thick);
        let at = vec2f((ring.u - foot) * (0.9 + 0.3 * ring.dice.y), v * size / half / 1.06);
        let d = size - length(at);
        let inside = filled(d, ring.px);
        let tone = 0.07 + 0.07 * f32(row) + 0.12 * smoothstep(size, 0.0, d);
        let arcs = wire(fract(d / (0.22 * size)) * 0.22 * size - 0.11 * size, 0.002, ring.px) * scene.engraving;
        let dot = filled(0.16 * size - length(at - vec2f(0.5 * size, 0.0)), ring.px);
        plate = laid(plate, Plate(tone, 0.5, 0.0, 0.5 * arcs, 0.0), inside);
        plate = laid(plate, Plate(0.8, 0.0, step(0.6, ring.dice.x), 0.0, 1.2 * ring.glitter), dot * inside);
        plate.wire = max(plate.wire, wire(d, 0.004, ring.px));
    }
    return plate;
}

// Engraving: lines along the ring, as wide as the picture is light, that waver round it.
fn engraved(ring: Ring, ground: Plate, light: f32) -> Plate {
    var plate = ground;
    let gap = max(ring.thick / 11.0, 4.0 * ring.px);
    let middle = ring.u / ring.thick - 0.5;
    let swing = 0.34 * (0.3 + 0.7 * ring.open) * cos(ring.angle * 0.5 * ring.count) * (1.0 - 4.0 * middle * middle);
    // Steeper lines lie closer together: as wide as they are apart.
    let steep = 0.34 * ring.thick * 0.5 * ring.count * sin(ring.angle * 0.5 * ring.count) * (1.0 - 4.0 * middle * middle);
    let row = (fract((ring.u + swing * ring.thick) / gap) - 0.5) * gap * inverseSqrt(1.0 + steep * steep);
    let wide = gap * (0.03 + 0.24 * saturate(light)) * inverseSqrt(1.0 + steep * steep);
    plate.wire = max(plate.wire, filled(wide - abs(row), ring.px));
    return plate;
}

// Rays as long as the spectrum is loud, one band beside the other and mirrored.
fn rays(ring: Ring, ground: Plate, loud: f32) -> Plate {
    var plate = ground;
    let v = abs(folded(ring.angle, ring.count * 2.0, 0.0));
    let tall = ring.thick * (0.12 + 0.84 * loud);
    let half = 0.5 * TAU / (ring.count * 2.0);
    let taper = half * 0.62 * (1.0 - 0.75 * saturate(ring.u / tall));
    let d = min(taper - v, tall - ring.u);
    let inside = filled(d, ring.px);
    plate = laid(plate, Plate(0.18 + 0.5 * saturate(ring.u / ring.thick), 0.2, 0.0, 0.0, 0.0), inside);
    plate.wire = max(plate.wire, wire(d, 0.003, ring.px));
    let tip = length(vec2f(ring.u - tall - 0.05 * ring.thick, v));
    return laid(plate, Plate(0.9, 0.0, 1.0, 0.0, 0.6 + 1.0 * ring.glitter), filled(0.28 * half - tip, ring.px));
}
