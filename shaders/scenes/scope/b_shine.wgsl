// The beam as light on the phosphor, and the glass before it.

// What was there cools in its place, so that it stays crisp: the first and third number at once, the others slowly.
@fragment fn fade(in: Corner) -> @location(0) vec4f {
    let stays = exp(-now.dt_s / vec4f(0.03, 0.22 * scene.glow, 0.03, 0.22 * scene.glow));
    return min(textureLoad(phosphor, vec2i(in.position.xy), 0) * stays, vec4f(30.0)) * (1.0 - canvas.anew);
}

struct Stroke {
    @builtin(position) position: vec4f,
    // Along and across the segment, in widths of the beam.
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) length: f32,
    @location(2) @interpolate(flat) light: vec4f,
}

// The corners of a segment's two triangles: x from its beginning to its end, y across.
const CORNERS = array<vec2f, 6>(
    vec2f(0.0, -1.0), vec2f(1.0, -1.0), vec2f(0.0, 1.0), vec2f(0.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));

@vertex fn segment(@builtin(vertex_index) vertex: u32) -> Stroke {
    let corner = CORNERS[vertex % 6u];
    let which = vertex / 6u;
    let strand = which / SPOTS % STRANDS;
    let copy = which / (SPOTS * STRANDS);
    let spot = min(which % SPOTS, SPOTS - 2u) + strand * SPOTS;
    let copies = max(state[0].copies, 1.0);
    let angle = TAU * f32(copy) / copies;
    let around = vec2f(cos(angle), sin(angle));
    let from_spot = beam[spot];
    // Where the frame is wide or high, so is the figure.
    let wide = mix(vec2f(1.0), vec2f(max(now.aspect, 1.0), max(1.0 / now.aspect, 1.0)), 0.4);
    let a = wide * turned(from_spot.place, around);
    let b = wide * turned(beam[spot + 1u].place, around);
    let width = max(0.0019 * scene.focus * (0.6 + 0.5 * from_spot.near), 0.8 * canvas.px.w);
    let far = length(b - a);
    let along = select(vec2f(1.0, 0.0), (b - a) / far, far > 1e-6);
    let reach = 3.0 * width;
    let is_drawn = f32(copy) < copies;
    let place = a + along * (corner.x * (far + 2.0 * reach) - reach) + vec2f(-along.y, along.x) * (corner.y * reach);
    let shown = select(vec2f(9.0), place, is_drawn);
    // As much light for each moment, however far the beam runs in it, and for a beam of any width.
    let is_accent = strand == STRANDS - 1u;
    let strength = exp2(-0.9 * f32(strand)) + select(0.0, 0.5, is_accent);
    // The beam is stronger while anything sounds anew.
    let driven = 0.75 + 0.9 * now.onset;
    let light = 0.0075 / width * driven * strength * from_spot.near * (1.0 + 9.0 * from_spot.spark) / sqrt(copies) * (now.dt_s * 60.0);
    // A hit burns the figure in, so that it glows on as it was then.
    let burnt = max(kicked(), struck());
    let after = (0.07 + 0.5 * burnt * burnt * burnt) * light / sqrt(copies);
    let share = select(vec4f(light, after, 0.0, 0.0), vec4f(0.0, 0.0, light, after), is_accent);
    let at = vec2f(corner.x * (far / width + 6.0) - 3.0, corner.y * 3.0);
    return Stroke(vec4f(shown * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0), at, far / width, share);
}

// The integral of a bell up to x (a logistic curve comes within 0.01 of it: Bowling and others, 2009).
fn bell_until(x: f32) -> f32 {
    return 1.0 / (1.0 + exp(-1.702 * x));
}

// A round spot that runs along a segment leaves the integral of its bell (m1el, "How to draw oscilloscope lines", 2015).
@fragment fn shine(in: Stroke) -> @location(0) vec4f {
    let along = (bell_until(in.at.x) - bell_until(in.at.x - in.length)) / max(in.length, 0.05);
    return in.light * (along * exp(-0.5 * in.at.y * in.at.y));
}

// A line at a distance, a pixel wide.
fn hairline(far: f32) -> f32 {
    return saturate(1.0 - abs(far) / canvas.px.w);
}

// What is engraved in the glass: divisions of dots, a cross with ticks, and along the lower edge and the upper one a scale on
// which the spectrum stands.
fn engraved(p: vec2f) -> f32 {
    let division = 0.125;
    let cell = (fract(p / division + 0.5) - 0.5) * division;
    let fifth = (fract(5.0 * p / division + 0.5) - 0.5) * (0.2 * division);
    let dots = max(hairline(cell.x) * step(abs(fifth.y), 0.003), hairline(cell.y) * step(abs(fifth.x), 0.003));
    let cross = max(hairline(p.x), hairline(p.y));
    let ticks = max(hairline(fifth.x) * step(abs(p.y), 0.006), hairline(fifth.y) * step(abs(p.x), 0.006));
    // The bass stands in the middle, the highest towards both sides.
    let column = floor(abs(p.x) / 0.02);
    let band = spectrum_at((column + 0.5) * 0.04 / max(now.aspect, 0.1));
    let edge = 0.5 - abs(p.y);
    let high = step(edge, 0.010 + 0.08 * band * band * moving());
    let bars = high * saturate((0.0016 - abs(fract(abs(p.x) / 0.02) - 0.5) * 0.02) / canvas.px.w + 0.5);
    return 0.8 * dots + 0.35 * max(cross, ticks) + 0.9 * bars;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let glow = textureSampleLevel(phosphor, clamped, in.uv, 0.0);
    // A kick makes the glass bulge.
    let kick = kicked();
    let glass = p * (1.0 - 0.06 * kick * (0.25 - p.y * p.y));
    // A kick sends a ring over the graticule: its place follows from how far the pulse has fallen.
    let ring = hairline(0.5 * (length(p) - 0.12 - 0.7 * (1.0 - saturate(heard.kick / max(heard.kick_strength, 0.02))))) * kick;
    let lines = (engraved(glass) + 1.5 * ring) * scene.graticule;
    // The beam is white where it is hot; its glow cools down through the inks.
    let hot = mix(ink(0.58), ink(1.0), saturate(0.45 * glow.x)) * glow.x;
    let after = ink(0.30 + 0.30 * saturate(glow.y)) * glow.y * 1.2;
    let beside = accent(0u) * (0.9 * glow.z + 0.6 * glow.w);
    return vec4f(hot + after + beside + ink(0.5) * (0.35 * lines), 1.0);
}
