// Where each piece wants to be, and the springs that bring it there.

const NOTHING = vec4f(0.0);

fn plane(index: u32, a: vec2f, b: vec2f) -> Goal {
    let place = on_grid((a - 0.5) * vec2f(1.6, 0.9), 0.15);
    let long = 0.35 + 0.75 * b.x;
    let wide = 0.06 + 0.2 * b.y * b.y;
    let turn = select(0.0, 0.25 * TAU, index % 2u == 1u);
    return Goal(vec4f(place, turn, 1.0), vec4f(long, wide, 0.0, 0.0), vec4f(role(2u + index % 3u), 0.92));
}

fn disc_radius(count: i32) -> f32 {
    return 0.19 + 0.10 * floor(2.9 * dice(DISC, count, 9u).x) * 0.5;
}

fn arc(index: u32, a: vec2f, b: vec2f) -> Goal {
    let ring = f32(index - FIRST_ARC);
    let radius = disc_radius(composition(DISC)) + 0.035 + 0.04 * ring;
    let widths = array<f32, 4>(0.0025, 0.014, 0.0025, 0.007);
    let sweep = mix(0.25, 2.6, a.x);
    let form = vec4f(radius, widths[(index + u32(b.y * 4.0)) % 4u], sweep, 0.0);
    return Goal(vec4f(0.0, 0.0, TAU * floor(a.y * 8.0) / 8.0, step(b.x, 0.85)), form, vec4f(role_by(b.y * 0.75), 1.0));
}

fn bar(a: vec2f, b: vec2f, c: vec2f) -> Goal {
    let place = on_grid((a - 0.5) * vec2f(1.7, 1.0), 0.05);
    let widths = array<f32, 4>(0.004, 0.011, 0.011, 0.032);
    let form = vec4f(0.08 + 0.42 * b.x * b.x, widths[u32(b.y * 3.99)], 0.0, 0.0);
    return Goal(vec4f(place, direction(c.x), 1.0), form, vec4f(role_by(c.y), 1.0));
}

fn table(index: u32, a: vec2f, b: vec2f, c: vec2f) -> Goal {
    let side = select(-1.0, 1.0, index % 2u == 0u);
    let place = on_grid(vec2f((a.x - 0.5) * 1.6, side * (0.16 + 0.34 * a.y)), 0.05);
    let kind = kind_of(index);
    let cells = array<vec2f, 4>(vec2f(1.0, 9.0), vec2f(8.0, 4.0), vec2f(9.0, 5.0), vec2f(7.0, 4.0));
    let count = cells[kind - RULES];
    let size = array<vec2f, 4>(vec2f(0.20, 0.10), vec2f(0.12, 0.06), vec2f(0.13, 0.07), vec2f(0.16, 0.05));
    let half = size[kind - RULES] * (0.8 + 0.5 * b.x);
    return Goal(vec4f(place, select(0.0, 0.25 * TAU, b.y > 0.75), 1.0), vec4f(half, count), vec4f(role_by(c.y * 0.8), 1.0));
}

fn small(index: u32, a: vec2f, b: vec2f, c: vec2f) -> Goal {
    let place = on_grid((a - 0.5) * vec2f(1.8, 1.1), 0.05);
    let sizes = array<f32, 4>(0.010, 0.018, 0.018, 0.045);
    let size = sizes[u32(b.x * 3.99)];
    // A disc is an arc as wide as its radius; some are halves, some rings.
    let half_disc = select(0.5 * TAU, 0.25 * TAU, b.y < 0.35);
    let is_ring = b.y > 0.75;
    let form = select(vec4f(0.5 * size, 0.5 * size, half_disc, 0.0), vec4f(size, 0.0035, 0.5 * TAU, 0.0), is_ring);
    let square = vec4f(size, size, 0.0, 0.0);
    return Goal(vec4f(place, direction(c.x), 1.0), select(form, square, index % 6u == 5u), vec4f(role_by(c.y), 1.0));
}

fn splinter(a: vec2f, b: vec2f, c: vec2f) -> Goal {
    let place = on_grid((a - 0.5) * vec2f(1.6, 0.9), 0.05);
    let turn = direction(c.x) + select(0.0, 0.5 * TAU, b.x > 0.5);
    return Goal(vec4f(place, turn, 1.0), vec4f(0.05 + 0.16 * b.y * b.y, 0.16 + 0.2 * b.x, 0.0, 0.0), vec4f(role_by(c.y), 1.0));
}

// Where the focus lies in the frame, and how the axis is turned: along one diagonal or the other, and with each bar a little
// more or less.
fn frame_goal() -> Goal {
    let d = dice(FRAME, composition(FRAME), 1u);
    let e = dice(FRAME, composition(FRAME), 2u);
    let diagonal = atan2(1.0, max(now.aspect, 0.7)) * mix(0.7, 1.35, e.x);
    let turn = select(-diagonal, diagonal, d.x > 0.5) + select(0.0, 0.5 * TAU, e.y > 0.5);
    let tilt = 0.12 * (dice(FRAME, beats() / 4, 3u).x - 0.5) * moving();
    return Goal(vec4f((d - 0.5) * vec2f(0.35 * now.aspect, 0.3), turn + tilt, 1.0), NOTHING, NOTHING);
}

// A disc about the focus is an arc as wide as its radius.
fn round_goal(radius: f32, colour: vec3f) -> Goal {
    return Goal(vec4f(0.0, 0.0, 0.0, 1.0), vec4f(0.5 * radius, 0.5 * radius, 0.5 * TAU, 0.0), vec4f(colour, 1.0));
}

// The wedge, whose point stands in the disc, and which is always the accent's.
fn wedge_goal(radius: f32, a: vec2f) -> Goal {
    return Goal(vec4f(0.3 * radius, 0.0, 0.0, 1.0), vec4f(0.75 + 0.3 * a.x, 0.14 + 0.18 * a.y, 0.0, 0.0), vec4f(role(1u), 1.0));
}

// The long bar that crosses everything, on one side of the focus.
fn spine_goal(radius: f32, a: vec2f) -> Goal {
    let aside = 0.5 * radius * select(-1.0, 1.0, a.x > 0.5);
    return Goal(vec4f(0.0, aside, 0.0, 1.0), vec4f(1.4, 0.012 + 0.02 * a.y, 0.0, 0.0), vec4f(role(0u), 1.0));
}

fn goal(index: u32) -> Goal {
    let count = composition(index);
    let a = dice(index, count, 1u);
    let b = dice(index, count, 2u);
    let c = dice(index, count, 3u);
    let radius = disc_radius(composition(DISC));
    var to = bar(a, b, c);
    if index == SHEET { to = Goal(NOTHING, NOTHING, vec4f(paper_light(paper()), 1.0)); }
    if index == FRAME { to = frame_goal(); }
    if (index >= FIRST_PLANE) & (index < DISC) { to = plane(index, a, b); }
    if index == DISC { to = round_goal(radius, role(u32(2.9 * b.x))); }
    if is_arc(index) { to = arc(index, a, b); }
    if is_grid(index) { to = table(index, a, b, c); }
    if (index >= FIRST_SMALL) & (index < FIRST_SPLINTER) { to = small(index, a, b, c); }
    if (index >= FIRST_SPLINTER) & (index < WEDGE_PIECE) { to = splinter(a, b, c); }
    if index == WEDGE_PIECE { to = wedge_goal(radius, a); }
    if index == HUB { to = round_goal(0.044, role(0u)); }
    if index == SPINE { to = spine_goal(radius, a); }
    return to;
}

// The short way around from one turn to another.
fn nearest_turn(to: f32, from_turn: f32) -> f32 {
    return from_turn + (fract((to - from_turn) / TAU + 0.5) - 0.5) * TAU;
}

// What hits do to a piece's speed: a drop throws everything outwards, snares turn the arcs, hats make small ones hop.
fn pushed(index: u32, it: Piece, d: vec2f) -> vec4f {
    let outwards = it.pose.xy / (length(it.pose.xy) + 0.1);
    let is_small = (index >= FIRST_SMALL) & (index < FIRST_SPLINTER);
    let hops = is_small & (fract(d.x + 0.37 * heard.hat_count) < 0.4);
    let blast = outwards * (7.0 * heard.drop * heard.drop);
    let hop = vec2f(0.0, select(0.0, -9.0 * now.hat * now.hat, hops));
    let spin = select(0.0, 14.0 * now.snare * now.snare * sign(d.y - 0.5), is_arc(index));
    return vec4f(blast + hop, spin, 0.0) * moving();
}

// Springs that swing past their goal once, as if a piece were thrown there. Solved as of the step's end they are stable.
fn sprung(index: u32, before: Piece, to: Goal, dt_s: f32) -> Piece {
    var it = before;
    let d = dice(index, 0, 5u);
    let stiff = scene.swing * scene.swing * mix(500.0, 900.0, d.x) * select(1.0, 0.2, index == FRAME);
    let damp = 1.15 * sqrt(stiff);
    let ease = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let pose_to = vec4f(to.pose.xy, nearest_turn(to.pose.z, it.pose.z), to.pose.w);
    let push = pushed(index, it, d) * 30.0;
    it.pose_speed += ease * (stiff * (pose_to - it.pose - dt_s * it.pose_speed) - damp * it.pose_speed + push);
    it.form_speed += ease * (stiff * (to.form - it.form - dt_s * it.form_speed) - damp * it.form_speed);
    it.pose += dt_s * it.pose_speed;
    it.form += dt_s * it.form_speed;
    it.colour = mix(it.colour, to.colour, 1.0 - exp(-10.0 * dt_s));
    return it;
}

// Grids do not fly, their many cells would only flicker: they are taken up cell by cell and set again elsewhere. `pose.w` is how
// much of one lies there.
fn reset(before: Piece, to: Goal, dt_s: f32) -> Piece {
    var it = before;
    let stays = all(it.pose.xyz == to.pose.xyz);
    it.pose.w = saturate(it.pose.w + select(-3.0, 3.0, stays) * dt_s);
    if !stays && it.pose.w == 0.0 {
        it.pose = vec4f(to.pose.xyz, 0.0);
        it.form = to.form;
        it.colour = to.colour;
    }
    return it;
}

// With each phrase a new sheet covers the one before, and all that lies there: so each place changes only once. Its pieces come
// from a little further out.
@compute @workgroup_size(64) fn compose(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= CAST { return; }
    let before = pieces_rw[index];
    let to = goal(index);
    let dt_s = min(now.dt_s, 0.05);
    let number = f32(phrase());
    let covers = before.sheet.y + dt_s * (0.25 + 3.5 * before.sheet.y);
    var it = before;
    it.sheet.y = min(covers, 1.0);
    if canvas.anew > 0.5 || before.sheet.x != number {
        pieces_rw[index + CAST] = before;
        it = Piece(to.pose, NOTHING, to.form, NOTHING, to.colour, vec2f(number, step(0.5, canvas.anew)));
        let further = select(1.2, 1.0, is_grid(index) || index == FRAME);
        it.pose *= vec4f(further, further, 1.0, 1.0);
    } else if is_grid(index) {
        it = reset(it, to, dt_s);
    } else {
        it = sprung(index, it, to, dt_s);
    }
    pieces_rw[index] = it;
}
