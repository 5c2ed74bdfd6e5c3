// Finds regular patterns and softens them (engine/src/stage/limiter/stripes.rs says how). Before this stands what is generated: the
// limits themselves (engine/src/flash/limits.rs).

struct Now {
    // The judge's cells, along both axes; and places, each of which has a row and a column of cells that is looked at.
    cells: vec2u,
    places: vec2u,
    frame_px: vec2u,
    // Time of this frame in ticks, and how many were looked at before it; `dt_s` is the time since the last of them.
    time: u32,
    frame: u32,
    dt_s: f32,
    // 1 where what is remembered counts for nothing.
    anew: u32,
    spare: vec2u,
}

const MOST_CELLS = 256u;
const MOST_PLACES = 64u;
const MOST_RUNS = 16u;
// Places that share a line.
const PITCH = 2u;

// A row of cells through two rows of places, or a column.
struct Line {
    // Luminance of its cells when it was looked at last, and before that, in turn.
    cells: array<array<f32, MOST_CELLS>, 2>,
    // Cells at which light turns to dark and back.
    turns: array<u32, MOST_CELLS>,
    // What is striped: from a cell to another, cells from one stripe to the next, and the mean.
    runs: array<vec4f, MOST_RUNS>,
    // For each place: the share of it that is striped, luminance of the light stripes and the dark ones, and cells from one to the next.
    found: array<vec4f, MOST_PLACES>,
    // How what is striped has moved: sums of change by slope, of slopes, of likeness.
    motion: vec3f,
    run_count: u32,
}

struct Place {
    mean: vec3f,
    // How much of the local mean is mixed in.
    share: f32,
    across: vec3f,
    // How much of it were enough.
    need: f32,
    soft: vec3f,
    spare: f32,
}

struct State {
    // For how long there has been too much of it, in seconds; less what time has passed without.
    exposure_s: f32,
    // Whether anything is softened: until when there is something to do.
    until: u32,
    // The area before, and the way in which stripes went last along rows and columns.
    area: f32,
    // 1 where shares of places are left over from another time.
    stale: u32,
    way: vec2i,
    // The last two turns along rows and columns, reversals, and appearances; the newest first.
    changes: array<vec2u, 4>,
    // Whether any line was striped.
    striped: u32,
    spare: u32,
}

@group(0) @binding(0) var<uniform> now: Now;
@group(0) @binding(1) var wanted: texture_2d<f32>;
@group(0) @binding(2) var smoothed: sampler;
@group(0) @binding(3) var<storage, read_write> lines: array<Line>;
@group(0) @binding(4) var<storage, read_write> state: State;

const SECOND = u32(TICKS_PER_S);

// How strongly stripes are softened: not before they have been there for a moment, and wholly before they do harm.
fn strength() -> f32 {
    return smoothstep(0.1, 0.3, state.exposure_s);
}

// Rows that are looked at, and columns.
fn line_counts() -> vec2u {
    return (now.places.yx + PITCH - 1u) / PITCH;
}

struct Course {
    axis: u32,
    // Which one along the other axis.
    number: u32,
}

fn course(line: u32) -> Course {
    let rows = line_counts().x;
    return Course(u32(line >= rows), select(line, line - rows, line >= rows));
}

fn line_count() -> u32 {
    let counts = line_counts();
    return counts.x + counts.y;
}

// Which of its two memories of cells a line writes in this frame.
fn newest() -> u32 {
    return now.frame & 1u;
}
