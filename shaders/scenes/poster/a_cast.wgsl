// Scene "poster": a constructivist sheet (after El Lissitzky, "Beat the Whites with the Red Wedge", 1919, and the Bauhaus) whose
// pieces are springs. This file is the cast: which piece is what, how often it is set anew, and in which colours.

struct Piece {
    // Along and across the axis from the focus, in units; turn; and how far it is shown.
    pose: vec4f,
    pose_speed: vec4f,
    // What the numbers mean depends on the kind.
    form: vec4f,
    form_speed: vec4f,
    // Light, and how much of it covers what lies below.
    colour: vec4f,
    // The number of the sheet that it lies on, and how far that one covers the sheet before, 0 to 1.
    sheet: vec2f,
}

// What a piece moves towards.
struct Goal {
    pose: vec4f,
    form: vec4f,
    colour: vec4f,
}

// Half length, half width.
const BOX = 0u;
// Radius of the line's middle, half of the line's width, half of its sweep.
const ARC = 1u;
// Length, half of its opening.
const WEDGE = 2u;
// Half length, half width, columns, rows: rules whose lengths are the spectrum.
const RULES = 3u;
// The same: a board of squares, a field of dots, lines of words without letters.
const BOARD = 4u;
const DOTS = 5u;
const WORDS = 6u;

// The cast in the order of printing: the sheet, planes, the disc with its arcs, bars, grids, what is small, and the wedge on top.
const SHEET = 0u;
const FIRST_PLANE = 1u;
const DISC = 5u;
const FIRST_ARC = 6u;
const FIRST_BAR = 12u;
const FIRST_GRID = 24u;
const FIRST_SMALL = 32u;
const FIRST_SPLINTER = 50u;
const WEDGE_PIECE = 60u;
const HUB = 61u;
const SPINE = 62u;
// Not a piece: where the focus is, and how the axis is turned.
const FRAME = 63u;
// Behind them in the buffer lies the same cast as it was on the sheet before, until that is covered.
const CAST = 64u;

fn is_arc(index: u32) -> bool {
    return (index >= FIRST_ARC) & (index < FIRST_BAR);
}

fn is_grid(index: u32) -> bool {
    return (index >= FIRST_GRID) & (index < FIRST_SMALL);
}

fn kind_of(index: u32) -> u32 {
    if (index == SHEET) | (index == DISC) | (index == HUB) { return ARC; }
    if is_arc(index) { return ARC; }
    if is_grid(index) { return RULES + index % 4u; }
    if (index >= FIRST_SMALL) & (index < FIRST_SPLINTER) { return select(ARC, BOX, index % 6u == 5u); }
    if (index >= FIRST_SPLINTER) & (index <= WEDGE_PIECE) { return WEDGE; }
    return BOX;
}

// Lengths are in units: a frame height, less in a frame that is narrow.
fn unit() -> f32 {
    return min(1.0, 0.25 + 0.75 * now.aspect);
}

fn dice(index: u32, count: i32, salt: u32) -> vec2f {
    return random2(vec2u(index * 131u + salt, u32(count * 7 + 4096) + u32(now.seed.x * 65536.0)));
}

// Beats and bars, or seconds where there is no tempo: then it still sets itself anew, slowly.
fn beats() -> i32 {
    return select(i32(heard.beat_count), i32(now.time_s * 0.5), heard.tempo_bpm < 1.0);
}

fn phrase() -> i32 {
    let counted = select(i32(heard.phrase4_count), i32(now.time_s / 16.0), heard.tempo_bpm < 1.0);
    return counted + i32(heard.drop_count + heard.section_change_count);
}

// A composition holds for a bar, and each piece enters it on a beat of its own. What is large holds for longer: were all to fly
// at once, the eye would see nothing but flicker. The frame turns only with the sheet.
fn composition(index: u32) -> i32 {
    let is_large = (index < FIRST_SMALL) | (index >= WEDGE_PIECE);
    let held = (beats() + i32(index * 5u % 16u)) / select(4, 8, is_large);
    return select(held, 0, index == FRAME) + phrase();
}

// Which paper: 0 white, 1 black, 2 a colour.
fn paper() -> u32 {
    let by_music = u32(abs(phrase() + i32(now.seed.y * 8.0))) % 4u;
    let order = array<u32, 4>(0u, 1u, 2u, 1u);
    return select(u32(max(scene.paper - 1.0, 0.0)), order[by_music], scene.paper < 0.5);
}

fn paper_light(which: u32) -> vec3f {
    let white = mix(vec3f(0.83, 0.81, 0.76), ink(0.95), 0.35);
    return select(select(ink(0.50), vec3f(0.0012), which == 1u), white, which == 0u);
}

// The colours of a sheet: what lies furthest from the paper, an accent, a body and a middle tone.
fn role(which: u32) -> vec3f {
    let on = paper();
    let strong = select(vec3f(0.0015), vec3f(0.90, 0.89, 0.86), on == 1u);
    let weak = select(ink(0.30), vec3f(0.88, 0.87, 0.84), on == 2u);
    let body = select(ink(0.56), ink(0.22), on == 2u);
    let colours = array<vec3f, 6>(strong, accent(0u), body, weak, ink(0.74), accent(1u));
    return colours[min(which, 5u)];
}

// Mostly strong and body; the accent is rare.
fn role_by(chance: f32) -> vec3f {
    let bounds = array<f32, 5>(0.38, 0.52, 0.70, 0.80, 0.91);
    var which = 0u;
    for (var at = 0u; at < 5u; at++) {
        which += select(0u, 1u, chance > bounds[at]);
    }
    return role(which);
}

// One of three directions: along the axis, across it, and halfway.
fn direction(chance: f32) -> f32 {
    return select(select(0.125 * TAU, 0.25 * TAU, chance < 0.85), 0.0, chance < 0.55);
}

// On a grid, so that pieces line up with each other.
fn on_grid(at: vec2f, raster: f32) -> vec2f {
    return round(at / raster) * raster;
}
