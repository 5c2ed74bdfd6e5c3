// The pieces as printed: each is two triangles around a signed distance.

const SIDES = array<vec2f, 6>(
    vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0), vec2f(-1.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));

struct Printed {
    @builtin(position) position: vec4f,
    // From the piece's own middle, turned with it, in frame heights.
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) form: vec4f,
    @location(2) @interpolate(flat) colour: vec4f,
    @location(3) @interpolate(flat) kind: u32,
    @location(4) @interpolate(flat) index: u32,
    // From the frame's middle, and the new sheet's edge as a circle: its middle, and its radius.
    @location(5) place: vec2f,
    @location(6) @interpolate(flat) edge: vec3f,
    // Whether it lies on the sheet before.
    @location(7) @interpolate(flat) is_old: u32,
}

// The new sheet spreads as a disc around its focus, or slides in with an edge, which is a very large circle.
const NEARLY_STRAIGHT = 40.0;

fn sheet_edge() -> vec3f {
    let lies = pieces[SHEET].sheet;
    let d = dice(SHEET, i32(lies.x), 4u);
    let reach = 0.55 * length(vec2f(now.aspect, 1.0));
    let way = TAU * floor(8.0 * d.y) / 8.0 + pieces[FRAME].pose.z;
    let slid = vec3f(vec2f(cos(way), sin(way)) * NEARLY_STRAIGHT, NEARLY_STRAIGHT + reach * (2.0 * lies.y - 1.0));
    return select(slid, vec3f(pieces[FRAME].pose.xy, 2.0 * reach * lies.y), d.x < 0.5);
}

// How much of a pixel lies on the sheet that a piece lies on.
fn on_sheet(in: Printed) -> f32 {
    let outside = saturate(0.5 + (length(in.place - in.edge.xy) - in.edge.z) / canvas.px.w);
    return select(1.0 - outside, outside, in.is_old == 1u);
}

fn hit() -> f32 {
    return max(max(now.kick, 0.9 * now.snare), 0.45 * now.onset) * scene.kick * moving();
}

// What a hit does to a piece at once, in the axis' frame: the wedge drives in, the disc gives way, bars slide along themselves
// (across it their edges would only flicker), and what is small jumps outwards, each its own way. Grids stay.
fn thrown(index: u32, pose: vec4f) -> vec2f {
    let d = dice(index, 0, 6u);
    let outwards = pose.xy / (length(pose.xy) + 0.15);
    let jump = outwards * (0.03 + 0.07 * d.x) + (d - 0.5) * 0.05;
    let slide = vec2f(cos(pose.z), sin(pose.z)) * sign(d.x - 0.5) * (0.03 + 0.10 * d.y);
    let is_core = (index == DISC) | (index == HUB) | is_arc(index);
    let slides = (index < DISC) | (index == SPINE) | ((index >= FIRST_BAR) & (index < FIRST_GRID));
    let own = select(select(jump, slide, slides), vec2f(-0.05, 0.0), is_core);
    return select(select(own, vec2f(-0.15, 0.0), index == WEDGE_PIECE), vec2f(0.0), is_grid(index)) * hit();
}

// And to its form: bars stretch, the disc breathes with the bass, the arcs open with the band that is theirs.
fn struck(index: u32, form: vec4f) -> vec4f {
    let kind = kind_of(index);
    let level = slow_spectrum(fract(f32(index) * 0.379));
    let longer = vec4f(form.x * (0.75 + 0.5 * level + 0.15 * hit()), form.yzw);
    let wider = vec4f(form.xy * (1.0 + 0.12 * now.swell + 0.08 * hit()), form.z, form.w);
    let opened = vec4f(form.x + 0.02 * hit(), form.y * (0.7 + 0.8 * level), min(form.z * (0.6 + 0.8 * level), 0.5 * TAU), form.w);
    let bent = select(select(form, wider, (index == DISC) | (index == HUB)), opened, is_arc(index));
    return select(bent, longer, (kind == BOX) & (index >= FIRST_BAR));
}

// Half the size of the box around a piece, and how far its middle lies from its origin.
fn bounds(kind: u32, form: vec4f) -> vec4f {
    let round = vec4f(vec2f(form.x + form.y), 0.0, 0.0);
    let wedge = vec4f(0.5 * form.x, form.x * tan(form.y), 0.5 * form.x, 0.0);
    return select(select(vec4f(form.xy, 0.0, 0.0), wedge, kind == WEDGE), round, kind == ARC);
}

// In three passes, so that only grids pay for their cells; each lays first the pieces of this sheet, then those of the one
// before.
@vertex fn laid_below(@builtin(vertex_index) vertex: u32) -> Printed {
    return laid(vertex, SHEET, FIRST_GRID);
}

@vertex fn laid_grids(@builtin(vertex_index) vertex: u32) -> Printed {
    return laid(vertex, FIRST_GRID, FIRST_SMALL - FIRST_GRID);
}

@vertex fn laid_above(@builtin(vertex_index) vertex: u32) -> Printed {
    return laid(vertex, FIRST_SMALL, FRAME - FIRST_SMALL);
}

fn laid(vertex: u32, first: u32, count: u32) -> Printed {
    let index = first + vertex / 6u % count;
    let side = SIDES[vertex % 6u];
    let is_old = vertex / 6u >= count;
    let half = select(0u, CAST, is_old);
    let it = pieces[index + half];
    let frame = pieces[FRAME + half];
    let kind = kind_of(index);
    let lengths = select(vec4f(unit()), vec4f(unit(), unit(), 1.0, 1.0), kind == ARC);
    let scaled = struck(index, it.form) * select(lengths, vec4f(unit(), 1.0, 1.0, 1.0), kind == WEDGE);
    let form = select(scaled, vec4f(scaled.xy, it.form.zw), kind >= RULES);
    let box = bounds(kind, form);
    let margin = 2.0 * canvas.px.w;
    let at = side * (box.xy + margin) + box.zw;

    // The axis sways slowly even where nothing is heard.
    let axis = frame.pose.z + 0.05 * sin(0.23 * now.time_s);
    let turn = it.pose.z + select(0.0, 0.15 * now.time_s * (f32(index % 3u) - 1.0), is_arc(index));
    let local = turned(at, vec2f(cos(turn), sin(turn))) + unit() * (it.pose.xy + thrown(index, it.pose));
    let place = frame.pose.xy + turned(local, vec2f(cos(axis), sin(axis)));

    let shown = select(0.0, it.pose.w, (dice(index, 0, 8u).x < scene.pieces) | (index < FIRST_ARC) | (index >= WEDGE_PIECE));
    let is_covered = is_old & (pieces[SHEET].sheet.y >= 1.0);
    // The sheet itself covers everything.
    let corner = select(place, side * vec2f(0.5 * now.aspect, 0.5), index == SHEET);
    let out = select(vec2f(9.0), corner, ((shown > 0.05) | (index == SHEET)) & !is_covered);
    // Of a grid that is being set, as many cells are shown as lie there.
    let colour = vec4f(it.colour.rgb, select(it.colour.a, shown, is_grid(index)));
    return Printed(vec4f(out * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0), at, form, colour, kind, index, out, sheet_edge(),
        select(0u, 1u, is_old));
}

fn box_distance(p: vec2f, half: vec2f) -> f32 {
    let d = abs(p) - half;
    return max(d.x, d.y);
}

fn arc_distance(p: vec2f, form: vec4f) -> f32 {
    let r = length(p);
    let across = abs(r - form.x) - form.y;
    // Where it goes all around there are no ends.
    let ends = select(abs(p.y) * cos(form.z) - p.x * sin(form.z), -1.0, form.z > 3.1);
    return max(across, ends);
}

fn wedge_distance(p: vec2f, form: vec4f) -> f32 {
    return max(abs(p.y) * cos(form.y) - p.x * sin(form.y), p.x - form.x);
}

fn slow_spectrum(x: f32) -> f32 {
    return textureSampleLevel(spectrum, clamped, vec2f(x, 0.375), 0.0).x;
}

// Cells in columns and rows, each as large as its part of the music.
fn cells_distance(p: vec2f, form: vec4f, kind: u32, index: u32, shown: f32) -> f32 {
    let cell = 2.0 * form.xy / form.zw;
    let place = clamp(floor((p + form.xy) / cell), vec2f(0.0), form.zw - 1.0);
    let middle = p + form.xy - (place + 0.5) * cell;
    let d = random2(vec2u(place) + vec2u(index * 17u, index + u32(beats())));
    // Of the slow spectrum: small cells that follow the fast one only flicker.
    let band = slow_spectrum(fract((place.x + 2.0 * place.y) / 24.0));
    let row = slow_spectrum(0.08 + 0.09 * place.y);
    let half = 0.5 * cell;
    // Rules are flush left and as long as their band is loud.
    let long = half.x * clamp(1.3 * row, 0.06, 1.0);
    let rule = box_distance(middle + vec2f(half.x - long, 0.0), vec2f(long, 0.24 * half.y));
    let odd = (u32(place.x + place.y) & 1u) == 1u;
    let square = box_distance(middle, half * select(0.0, 0.35 + 0.65 * saturate(1.4 * band), odd)) + select(1.0, 0.0, odd);
    let dot = length(middle) - min(half.x, half.y) * (0.18 + 0.7 * saturate(1.3 * band));
    let word = box_distance(middle, vec2f(half.x * (0.35 + 0.55 * d.x), 0.3 * half.y)) + select(0.0, 1.0, d.y < 0.16);
    let lies = saturate(shown * (form.z + form.w) - place.x - place.y);
    let cell_distance = select(select(select(word, dot, kind == DOTS), square, kind == BOARD), rule, kind == RULES);
    return cell_distance + (1.0 - lies) * min(half.x, half.y);
}

@fragment fn printed(in: Printed) -> @location(0) vec4f {
    var distance = box_distance(in.at, in.form.xy);
    if in.kind == ARC { distance = arc_distance(in.at, in.form); }
    if in.kind == WEDGE { distance = wedge_distance(in.at, in.form); }
    // The sheet covers what is left of the last frame, also under the sheet before.
    let cover = select(saturate(0.5 - distance / canvas.px.w), 1.0, in.index == SHEET) * in.colour.a;
    let alpha = cover * select(on_sheet(in), 1.0, (in.index == SHEET) & (in.is_old == 0u));
    return vec4f(rooted(in.colour.rgb) * alpha, alpha);
}

@fragment fn celled(in: Printed) -> @location(0) vec4f {
    let distance = cells_distance(in.at, in.form, in.kind, in.index, in.colour.a);
    let cover = saturate(0.5 - distance / canvas.px.w) * on_sheet(in);
    return vec4f(rooted(in.colour.rgb) * cover, cover);
}

// The tooth of the paper, and ink that it has not taken everywhere.
@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let light = unrooted(textureSampleLevel(page, clamped, in.uv, 0.0).rgb);
    let p = centred(in.uv);
    let blue = textureSampleLevel(noise, repeating, in.position.xy / 64.0, 0.0).x;
    let blotch = textureSampleLevel(noise, repeating, turned(p, vec2f(3.7, 1.3)), 0.0).x;
    let worn = smoothstep(0.66, 0.86, 0.7 * blotch + 0.3 * blue) * scene.wear;
    let tooth = 1.0 + scene.wear * (0.10 * (blue - 0.5) + 0.12 * (blotch - 0.5));
    // Where ink is missing it is lighter in the dark, and darker in the light.
    return vec4f(mix(light, vec3f(0.35), 0.1 * worn) * tooth, 1.0);
}
