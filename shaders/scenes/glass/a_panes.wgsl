// The panes: Voronoi cells whose sites rest in a buffer, so that they can move and glow on from frame to frame. A site lies in
// each cell of a grid; the grid is the frame itself, or for a rose one wedge of it, by angle and logarithm of the radius.

struct Pane {
    // Its colour as light, and how brightly it is lit from behind.
    tint: vec4f,
    // Where in its cell its site is, 0 to 1, and how fast it moves.
    place: vec2f,
    speed: vec2f,
    // How the glass leans, and two numbers of its own.
    lean: vec2f,
    dice: vec2f,
}

// Which window: a rose of so many wedges and so many columns of panes in each half of one; 0 wedges is the free one.
struct Window {
    folds: f32,
    columns: f32,
    // The side of a cell: in frame heights, or in a rose as an angle.
    cell: f32,
}

// Cells in a row of the buffer, and rows; a window has so many of its own.
const SIDE = 32;
const FREE_CELL = 0.155;
// In the free window, and outwards from a rose's middle, cells are counted from here on, so that none is below 0.
const ORIGIN = 14.0;

fn window_of(which: i32) -> Window {
    let folds = array<f32, 4>(6.0, 8.0, 5.0, 12.0);
    let columns = array<f32, 4>(2.0, 1.0, 2.0, 1.0);
    let it = u32(which) & 3u;
    return Window(folds[it], columns[it], 0.5 * TAU / (folds[it] * columns[it]));
}

// The window after so many phrases; roses take turns with free ones.
fn window_after(phrase: i32) -> Window {
    let is_free = select(scene.window > 1.5, (phrase & 1) == 1, scene.window < 0.5);
    var it = window_of(phrase / 2 + i32(now.seed.x * 4.0));
    if is_free { it = Window(0.0, 0.0, FREE_CELL); }
    return it;
}

// Phrases as the window counts them: also a drop and a section begin one.
fn phrase_count() -> i32 {
    return i32(heard.phrase4_count) + i32(heard.drop_count) + i32(heard.section_change_count);
}

// A place in the window's own grid, and the way from there to the frame: how long a cell is in frame heights, which way its axes
// point.
struct Spot {
    at: vec2f,
    scale: f32,
    x_axis: vec2f,
    y_axis: vec2f,
}

fn spot_of(it: Window, p: vec2f) -> Spot {
    let far = max(length(p), 1e-4);
    let out = p / far;
    let wedge = TAU / max(it.folds, 1.0);
    let angle = atan2(p.y, p.x) + 0.06 * now.time_s + 0.25 * TAU;
    let folded = (fract(angle / wedge + 0.5) - 0.5) * wedge;
    let side = select(-1.0, 1.0, folded > 0.0);
    let rose_at = vec2f(abs(folded), log(far)) / it.cell + vec2f(0.0, ORIGIN);
    let rose = Spot(rose_at, it.cell * far, vec2f(-out.y, out.x) * side, out);
    var spot = Spot(p / FREE_CELL + ORIGIN, FREE_CELL, vec2f(1.0, 0.0), vec2f(0.0, 1.0));
    if it.folds > 0.5 { spot = rose; }
    return spot;
}

struct Site {
    at: vec2f,
    index: u32,
}

// The site in a cell; beyond the edges of a wedge it is that of its mirror image.
fn site_in(it: Window, cell: vec2i) -> Site {
    let columns = i32(it.columns);
    let is_rose = columns > 0;
    let is_left = is_rose & (cell.x < 0);
    let is_right = is_rose & (cell.x >= columns);
    let column = select(select(cell.x, -1 - cell.x, is_left), 2 * columns - 1 - cell.x, is_right);
    let own = vec2i(column, cell.y) & vec2i(SIDE - 1);
    let index = u32(own.x + own.y * SIDE + select(SIDE * SIDE, 0, is_rose));
    let place = panes[index].place;
    return Site(vec2f(cell) + vec2f(select(place.x, 1.0 - place.x, is_left | is_right), place.y), index);
}

// The pane at a place: which, how far its border is and which way, and the corner where a third one meets.
struct Found {
    index: u32,
    site: vec2f,
    border: f32,
    away: vec2f,
    corner: f32,
}

// Exact distances to Voronoi borders (after Inigo Quilez, "Voronoi edges", 2012): first the nearest site, then the nearest
// bisector.
fn pane_at(it: Window, at: vec2f) -> Found {
    let base = vec2i(floor(at));
    var best = 1e9;
    var own = Site(at, 0u);
    var own_cell = base;
    for (var k = 0; k < 9; k++) {
        let cell = base + vec2i(k % 3, k / 3) - 1;
        let site = site_in(it, cell);
        let d = dot(site.at - at, site.at - at);
        if d < best {
            best = d;
            own = site;
            own_cell = cell;
        }
    }
    // Some panes reach over the axis of their wedge; others end there.
    let joins = panes[own.index].dice.x > 0.4;
    var found = Found(own.index, own.at, 9.0, vec2f(0.0), 9.0);
    for (var k = 0; k < 25; k++) {
        let cell = own_cell + vec2i(k % 5, k / 5) - 2;
        let site = site_in(it, cell);
        let between = site.at - own.at;
        let long = length(between);
        if long < 1e-3 || (joins && site.index == own.index) { continue; }
        let d = dot(0.5 * (site.at + own.at) - at, between) / long;
        if d < found.border {
            found.corner = found.border;
            found.border = d;
            found.away = between / long;
        } else if d < found.corner {
            found.corner = d;
        }
    }
    return found;
}
