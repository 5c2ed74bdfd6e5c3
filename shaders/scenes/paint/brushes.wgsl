// Scene "paint": a few large strokes on black, which dry and go. This file decides which strokes are laid and where they go: in arcs
// round the middle of a gesture, which moves with the phrases, and along the picture's contours (as Hertzmann, "Painterly Rendering
// with Curved Brush Strokes of Multiple Sizes", 1998).

const STROKES = 40u;
// A stroke's path has so many places, and is drawn in so many pieces a frame: enough that one laid at once bends smoothly.
const PLACES = 10u;
const PIECES = 24u;

// What lays a stroke: a kick, a snare, a hat, another note, or the hand that draws lines meanwhile.
const KINDS = 5u;
const SNARE = 1u;
const HAT = 2u;
const FILL = 4u;

struct Stroke {
    // Frame heights from the middle, y down.
    path: array<vec2f, PLACES>,
    // Two paints on one brush.
    paint: vec3f,
    width: f32,
    second: vec3f,
    // How long it takes.
    pace_s: f32,
    // How far it is, 0 to 1 and on until the brush's rim is there too, and how far it was a frame ago.
    done: f32,
    before: f32,
    dice: f32,
    // Its length, in half widths.
    reach: f32,
}

struct Easel {
    // The next brush, and how many strokes of each kind begin in this frame.
    next: u32,
    begun: array<u32, KINDS>,
    // What had been heard a frame ago: kicks, snares, hats, notes; bars, drops, sections, and the strokes that the hand owes.
    hits: vec4f,
    forms: vec4f,
}

@compute @workgroup_size(1) fn plan(@builtin(global_invocation_id) id: vec3u) {
    if index_of(id) >= canvas.count { return; }
    let hits = vec4f(heard.kick_count, heard.snare_count, heard.hat_count, heard.other_count);
    let was = easel_rw[0];
    var begun = array(0u, 0u, 0u, 0u, 0u);
    for (var kind = 0u; kind < KINDS; kind++) {
        easel_rw[0].next = select((easel_rw[0].next + was.begun[kind]) % STROKES, 0u, canvas.anew > 0.5);
    }
    begun[0] = select(0u, 1u, hits.x != was.hits.x);
    begun[1] = select(0u, 2u, hits.y != was.hits.y);
    begun[2] = select(0u, 2u, hits.z != was.hits.z);
    begun[3] = select(0u, 1u, hits.w != was.hits.w);
    // A drop or a new section sweeps over the whole canvas; a bar begins with a broad stroke.
    let grand = heard.drop_count != was.forms.y || heard.section_change_count != was.forms.z;
    begun[0] += select(0u, 4u, grand) + select(0u, 1u, heard.bar_count != was.forms.x);
    let owed = was.forms.w + now.dt_s * scene.busy * (0.5 + 2.5 * now.energy) * moving();
    begun[FILL] = u32(min(owed, 12.0));
    if canvas.anew > 0.5 { begun = array(5u, 1u, 6u, 2u, 8u); }
    easel_rw[0].begun = begun;
    easel_rw[0].hits = hits;
    easel_rw[0].forms = vec4f(heard.bar_count, heard.drop_count, heard.section_change_count, fract(owed));
}

// What the gesture goes round: another place for each phrase, off the middle.
fn pivot() -> vec2f {
    let phrase = u32(heard.phrase4_count + heard.section_change_count + heard.drop_count);
    let dice = random2(vec2u(phrase, u32(now.seed.y * 65536.0)));
    return vec2f(select(-0.17, 0.17, dice.x > 0.5) * now.aspect, 0.24 * (dice.y - 0.5));
}

fn height_of(at: vec2f) -> f32 {
    return textureSampleLevel(ambience, clamped, within(at), 0.0).a;
}

// A new stroke, the first of those that begin now or one after it: strokes of one hit lie side by side.
fn begin(index: u32, kind: u32, rank: u32) -> Stroke {
    let when = u32(now.time_s * 240.0);
    let dice = random2(vec2u(index, when));
    let more = random2(vec2u(index + 991u, when));
    let hit = random2(vec2u(kind + 17u, when + u32(now.seed.w * 65536.0)));
    let is_free = kind == FILL || kind == HAT || canvas.anew > 0.5;
    // Broad strokes lie near the pivot, dabs and lines fly further; the rest of the canvas stays bare.
    let angle = TAU * select(hit.x + 0.12 * dice.x, dice.x, is_free);
    let far = select(0.18 + 0.30 * fract(sqrt(hit.y) + 0.38 * f32(rank)), 0.12 + 0.55 * dice.y * dice.y, is_free);
    let at = pivot() + vec2f(1.25 * cos(angle), 0.85 * sin(angle)) * far;
    var widths = array(0.085, 0.034, 0.010, 0.018, 0.004);
    var lengths = array(1.0, 0.8, 0.035, 0.6, 1.1);
    var paces = array(0.25, 0.20, 0.06, 0.30, 0.70);
    var it: Stroke;
    it.width = widths[kind] * scene.width * (0.6 + 0.8 * more.x);
    it.dice = more.y;
    it.pace_s = paces[kind] / moving();
    // The picture's hue without its white: paint from the tube.
    let seen = magnified(viewed(at)).rgb;
    it.paint = vivid(seen - 0.85 * min(min(seen.r, seen.g), seen.b), 1.3);
    // Each hit goes one way, and winds in or out. A hand follows large forms: the path swings with the picture's ambience.
    let side = select(-1.0, 1.0, hit.x > 0.5);
    let length_of = lengths[kind] * scene.length * (0.6 + 0.8 * dice.y);
    let turn = side * min(length_of / far, 0.8 * TAU);
    let winds = 0.7 * (fract(5.0 * hit.x) - 0.5);
    for (var place = 0u; place < PLACES; place++) {
        let share = f32(place) / f32(PLACES - 1u) - 0.3;
        let round = vec2f(1.25 * cos(angle + turn * share), 0.85 * sin(angle + turn * share));
        let out = far * (1.0 + winds * share);
        it.path[place] = pivot() + round * (out + 0.12 * (height_of(viewed(pivot() + round * out)) - 0.5));
    }
    it.reach = length_of / it.width;
    // Broad ones are laid one after the other: laid at once they would cut each other into pieces.
    it.done = select(0.0, -1.2 * f32(rank), kind == 0u);
    // All strokes of a hit are of one ink, or all of the picture's colours.
    let inked = select(step(hit.y, scene.inks), step(more.x, 0.35 * scene.inks), is_free);
    let shade = select(0.35 + 0.38 * fract(7.0 * hit.y), 0.55 + 0.45 * dice.x, is_free);
    it.paint = mix(it.paint * exp2(1.2 * (dice.x - 0.5)), ink(shade), inked);
    it.paint = select(it.paint, accent(0u), kind == SNARE);
    it.paint = select(it.paint, mix(ink(1.0), accent(1u), step(0.6, more.x)), kind == HAT);
    // Some of another paint is left on the brush.
    it.second = mix(it.paint, select(ink(0.0), ink(0.9), dice.y > 0.65), 0.35 + 0.5 * more.y);
    return it;
}

// How far the rim of a brush stays behind its middle at most, as a share of the stroke: 1.6 half widths.
fn lag(reach: f32) -> f32 {
    return 1.6 / max(reach, 1.6);
}

@compute @workgroup_size(64) fn guide(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    let turn = (index + STROKES - easel[0].next) % STROKES;
    var kind = KINDS;
    var rank = 0u;
    var sum = 0u;
    for (var each = 0u; each < KINDS; each++) {
        let is_this = turn >= sum && turn < sum + easel[0].begun[each];
        kind = select(kind, each, is_this);
        rank = select(rank, turn - sum, is_this);
        sum += easel[0].begun[each];
    }
    var it = strokes_rw[index];
    let fresh = begin(index, min(kind, FILL), rank);
    if kind < KINDS { it = fresh; }
    it.before = max(it.done, 0.0);
    // A hand is quick at first.
    let pace = mix(2.2, 0.5, saturate(it.done)) / max(it.pace_s, 0.01);
    it.done = min(select(it.done + now.dt_s * pace, 2.0, canvas.anew > 0.5), 1.0 + lag(it.reach));
    strokes_rw[index] = it;
}

struct BrushCorner {
    @builtin(position) position: vec4f,
    // Along the stroke from 0 to 1, and across it from -1 to 1.
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) paint: vec3f,
    @location(2) @interpolate(flat) second: vec3f,
    // Its number, and its length in half widths.
    @location(3) @interpolate(flat) kind: vec2f,
    // From where to where it is laid in this frame.
    @location(4) @interpolate(flat) span: vec2f,
}

// A place on a stroke, and its direction (Catmull and Rom's spline).
fn on_path(index: u32, along: f32) -> vec4f {
    let x = clamp(along, 0.0, 1.0) * f32(PLACES - 1u);
    let first = min(u32(x), PLACES - 2u);
    let f = x - f32(first);
    let a = strokes[index].path[max(first, 1u) - 1u];
    let b = strokes[index].path[first];
    let c = strokes[index].path[first + 1u];
    let d = strokes[index].path[min(first + 2u, PLACES - 1u)];
    let place = b + 0.5 * f * (c - a + f * (2.0 * a - 5.0 * b + 4.0 * c - d + f * (3.0 * (b - c) + d - a)));
    return vec4f(place, mix(c - a, d - b, f));
}

// The piece of each stroke that is laid in this frame.
@vertex fn brush(@builtin(vertex_index) vertex: u32) -> BrushCorner {
    let index = vertex / (PIECES * 6u) % STROKES;
    let piece = vertex / 6u % PIECES;
    var corners = array(vec2f(0.0, -1.0), vec2f(1.0, -1.0), vec2f(0.0, 1.0),
        vec2f(0.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));
    let corner = corners[vertex % 6u];
    let span = vec2f(strokes[index].before, strokes[index].done);
    let from_here = select(span.x - 1.1 * lag(strokes[index].reach), span.y, span.x == span.y);
    let along = saturate(mix(from_here, span.y, (f32(piece) + corner.x) / f32(PIECES)));
    let place = on_path(index, along);
    // The brush is pressed down, and lifted again; a line is never thinner than pixels can show.
    let pressed = mix(0.6, 1.0, smoothstep(0.0, 0.2, along)) * mix(0.3, 1.0, smoothstep(1.0, 0.5, along));
    let wide = max(strokes[index].width * pressed, 1.3 * canvas.px.w);
    let across = normalize(vec2f(-place.w, place.z) + 1e-6) * wide;
    let p = (place.xy + across * corner.y) * vec2f(2.0 / now.aspect, -2.0);
    return BrushCorner(vec4f(p, 0.0, 1.0), vec2f(along, corner.y), strokes[index].paint, strokes[index].second,
        vec2f(strokes[index].dice, strokes[index].reach), span);
}
