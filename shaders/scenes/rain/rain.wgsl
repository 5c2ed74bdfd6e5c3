// Scene "rain": a street at night, out of focus, and before it the wet window. A few large drops are lenses that show the street small
// and upside down; what runs draws a thin wet trail, leaves beads in it, and wipes the fogged glass clear.

// Large drops, and all that run; the others cling in clusters.
const HEROES = 5u;
const RUNNERS = 19u;
const CLUSTERS = 8u;
// How far up a trail is seen, in frame heights.
const TRAIL = 0.46;

struct Drop {
    // From the middle, in frame heights.
    place: vec2f,
    // Down the glass, and what it grows to.
    speed: f32,
    full: f32,
    radius: f32,
    swelling: f32,
    // The hit that it has seen last.
    seen: f32,
    // Where its way crosses the middle of the frame, and where it began.
    lane: f32,
    began: f32,
}

// The corner of a square of two triangles, from -1 to 1.
fn corner_of(vertex: u32) -> vec2f {
    let corners = array<vec2f, 6>(vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0),
        vec2f(1.0, -1.0), vec2f(1.0, 1.0), vec2f(-1.0, 1.0));
    return corners[vertex % 6u];
}

// A hit of any kind.
fn struck() -> f32 {
    return max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset);
}

fn half_frame() -> vec2f {
    return vec2f(0.5 * now.aspect, 0.5);
}

// The way a runner takes: a function of the height alone, so that its trail lies where it has been.
fn way(index: u32, lane: f32, y: f32) -> f32 {
    let dice = random2(vec2u(index, 61u));
    let wavers = 0.010 * sin(8.0 * y + TAU * dice.x) + 0.005 * sin(21.0 * y + TAU * dice.y);
    return lane + 0.35 * scene.wind * y + wavers;
}

fn fresh_drop(index: u32, again: u32) -> Drop {
    let own_seed = u32(now.seed.y * 65536.0);
    let dice = random2(vec2u(index, again * 977u + own_seed));
    let more = random2(vec2u(index + 7919u, again));
    let is_runner = index < RUNNERS;
    // Runners share the frame's width out, so that none runs in another's trail.
    let share = select(f32(index - HEROES) / f32(RUNNERS - HEROES), f32(index) / f32(HEROES), index < HEROES);
    let even = fract(share + 0.37 + 0.16 * dice.x) - 0.5;
    // The others sit around a few middles, close at them and thin further out.
    let cluster = random2(vec2u(index % CLUSTERS, own_seed + 77u)) * 2.0 - 1.0;
    let spread = (dice - 0.5) * 2.0;
    let about = cluster * half_frame() * 0.95 + spread * abs(spread) * vec2f(0.30, 0.24) * (0.4 + more.y);
    let hero = mix(0.042, 0.070, more.x);
    let runner = mix(0.010, 0.021, more.x * more.x);
    let small = mix(0.0024, 0.014, more.x * more.x * more.x);
    let full = select(small, select(runner, hero, index < HEROES), is_runner);
    let place = select(about, vec2f(even * now.aspect * 0.96, dice.y * 0.8 - 0.5), is_runner);
    return Drop(place, 0.0, full, 0.0, 0.0, 0.0, place.x, place.y - 0.3 * more.y);
}

@compute @workgroup_size(64) fn fall(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    let hits = heard.onset_count + heard.kick_count;
    let fresh = fresh_drop(index, u32(hits) + u32(now.time_s * 2.0));
    let dice = random2(vec2u(index, u32(hits) * 31u + 7u));
    // A drop does not fall evenly: it clings, and lets go.
    let cling = random2(vec2u(index, u32(now.time_s * 2.0 + f32(index) * 0.37))).x;
    if index >= canvas.count { return; }
    var it = drops_rw[index];
    let dt_s = min(now.dt_s, 0.05);
    let is_runner = index < RUNNERS;
    let is_hero = index < HEROES;
    let is_hit = it.seen != hits;
    let is_chosen = is_hit & !is_runner & (dice.x < 0.09 * scene.rain * moving());
    let is_gone = it.place.y > 0.5 + TRAIL;
    if (canvas.anew > 0.5) | is_chosen | is_gone {
        it = fresh;
        it.radius = select(0.0, it.full, canvas.anew > 0.5);
        if is_runner & (canvas.anew < 0.5) {
            it.place.y = -0.5 - 2.0 * it.full;
            it.began = it.place.y;
        }
    }
    it.seen = hits;
    // It springs to its size as it bursts on the glass, and swells with the bass.
    let wanted = it.full * scene.size * (1.0 + 0.10 * now.swell * moving());
    it.swelling += ((wanted - it.radius) * 500.0 - it.swelling * 26.0) * dt_s;
    it.radius = max(it.radius + it.swelling * dt_s, 0.0);
    if is_runner {
        // A hit shakes some of them loose: those jump at once. A drop in the music lets the large ones go.
        let is_loose = is_hit & (dice.y < select(0.30, 0.22, is_hero) * scene.rain);
        it.speed += select(0.0, select(0.75, 0.30, is_hero) * max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset) * moving(), is_loose);
        it.speed = max(it.speed, select(0.0, 0.5 * heard.drop * moving(), is_hero));
        let slips = smoothstep(0.45, 0.9, cling) * (0.05 + 0.5 * heard.bass_level * moving());
        let leaves = select(0.0, 1.5, it.place.y > 0.5);
        it.speed += (slips * select(0.6, 0.16, is_hero) + leaves - it.speed * 3.2) * dt_s;
        it.place.y += it.speed * dt_s;
        it.place.x = way(index, it.lane, it.place.y);
    }
    drops_rw[index] = it;
}

// What has been wiped clear; it fogs up again.
@fragment fn fog_up(in: Corner) -> @location(0) vec4f {
    let before = textureSampleLevel(wiped, clamped, in.uv, 0.0).x;
    return vec4f(min(before, 1.0) * exp(-now.dt_s / 5.0) * (1.0 - canvas.anew), 0.0, 0.0, 1.0);
}

fn wipe(index: u32) -> Point {
    let it = drops[index];
    return Point(it.place, it.radius * 1.15, vec4f(saturate(20.0 * now.dt_s)));
}

// A target keeps what was blended into it: without this each drop would leave copies of itself behind.
@fragment fn blank() -> @location(0) vec4f {
    return vec4f(0.0);
}

struct Bead {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) radius_px: f32,
    @location(2) @interpolate(flat) wobble: vec2f,
    // Its place and radius, and for a trail where its drop began; and which it is.
    @location(3) @interpolate(flat) from_drop: vec4f,
    @location(4) @interpolate(flat) index: u32,
}

@vertex fn streak(@builtin(vertex_index) vertex: u32) -> Bead {
    let index = min(vertex / 6u, RUNNERS - 1u);
    let corner = corner_of(vertex);
    let it = drops[index];
    let long = min(TRAIL, max(it.place.y - it.began, 0.0));
    let up = 0.5 - 0.5 * corner.y;
    let y = it.place.y - up * long;
    let place = vec2f(it.lane + 0.35 * scene.wind * y + corner.x * (0.018 + 0.9 * it.radius), y);
    var out: Bead;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = place;
    out.radius_px = it.radius * canvas.px.y;
    out.wobble = vec2f(it.lane, long);
    out.from_drop = vec4f(it.place, it.radius, it.began);
    out.index = index;
    return out;
}

// A thin film that narrows upwards, and beads that have stayed behind in it. Lean in x and y, 0 for film and 1 for a bead, cover.
@fragment fn film(in: Bead) -> @location(0) vec4f {
    let radius = in.from_drop.z;
    let pixel = canvas.px.w;
    let above = in.from_drop.y - in.at.y;
    let long = max(in.wobble.y, 1e-3);
    let t = saturate(above / long);
    let left = 1.0 - t;
    let off = in.at.x - way(in.index, in.wobble.x, in.at.y);
    let uneven = 1.0 + 0.22 * sin(37.0 * in.at.y + 5.0 * f32(in.index)) + 0.12 * sin(83.0 * in.at.y);
    let wide = min(0.34 * radius, 0.0085) * pow(left, 0.8) * uneven + 0.66 * radius * exp(-above / (0.8 * radius)) + 0.0005;
    let cover = saturate((wide - abs(off)) / pixel + 0.5) * min(wide / pixel, 1.0) * smoothstep(0.0, 0.75, left);
    let lean = clamp(off / wide, -1.0, 1.0);

    let cell_size = max(0.8 * radius, 0.021);
    let row = floor(in.at.y / cell_size);
    let dice = random2(vec2u(bitcast<u32>(i32(row)), in.index * 13u + 5u));
    let more = random2(vec2u(bitcast<u32>(i32(row)) + 99u, in.index));
    let size = min((0.05 + 0.20 * dice.x * dice.x) * radius + 0.0012 + 0.002 * dice.x, 0.42 * cell_size) * (0.4 + 0.6 * left);
    let y = (row + 0.5) * cell_size + (dice.y - 0.5) * (cell_size - 2.0 * size);
    let x = way(in.index, in.wobble.x, y) + (more.x - 0.5) * 0.5 * min(radius, 0.02);
    let q = (in.at - vec2f(x, y)) / size;
    let stays = step(more.y, 0.5) * smoothstep(1.2, 2.0, above / radius) * smoothstep(0.0, 0.15, left);
    let bead = saturate((1.0 - length(q)) * size / pixel + 0.5) * stays;
    return mix(vec4f(lean * cover, 0.0, 0.0, cover), vec4f(q, 1.0, 1.0), bead);
}

@vertex fn bead(@builtin(vertex_index) vertex: u32) -> Bead {
    let index = vertex / 6u;
    let corner = corner_of(vertex);
    let it = drops[index];
    let is_runner = index < RUNNERS;
    // What runs is drawn out; a kick flattens it, a snare leans it over.
    let long = 1.0 + min(2.0 * it.speed, 0.5);
    let flat_by = vec2f(1.0 + 0.16 * now.kick * moving(), (1.0 - 0.11 * now.kick * moving()) * long);
    let dice = random2(vec2u(index, 5u));
    let lean = (0.30 * now.snare * moving() + 0.04 * sin(1.3 * now.time_s + 9.0 * dice.x)) * sign(scene.wind + 1e-3);
    let at = corner * vec2f(1.25, 1.35);
    let bent = vec2f(at.x * flat_by.x - lean * at.y, at.y * flat_by.y);
    let place = it.place + bent * it.radius;
    var out: Bead;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = at;
    out.radius_px = it.radius * canvas.px.y;
    out.wobble = dice - 0.5;
    out.from_drop = vec4f(it.place, it.radius, select(0.0, 1.0, is_runner));
    out.index = index;
    return out;
}

@fragment fn dome(in: Bead) -> @location(0) vec4f {
    // Narrower above, and no two alike.
    let hangs = in.from_drop.w;
    let q = vec2f(in.at.x * (1.0 - hangs * (0.24 * in.at.y * step(in.at.y, 0.0) + 0.07 * in.at.y)), in.at.y);
    let bent = q * (1.0 + 0.05 * sin(2.0 * atan2(q.y, q.x) + 9.0 * in.wobble.x) + 0.025 * sin(3.0 * atan2(q.y, q.x) + 30.0 * in.wobble.y));
    let inside = saturate((1.0 - length(bent)) * in.radius_px * 0.85 + 0.5);
    return vec4f(bent, 1.0, 1.0) * inside;
}

// Fine mist: a bead to a cell. How it leans, and where it is.
fn mist_at(p: vec2f, fine: f32) -> vec3f {
    // A lattice that lies askew shows no rows.
    let at = turned(p, vec2f(0.83, 0.56)) * fine;
    let cell = floor(at);
    let dice = random2(vec2u(vec2i(cell) + 4096));
    let more = random2(vec2u(vec2i(cell) + 9000));
    let radius = 0.08 + 0.26 * more.x * more.x * more.x;
    let q = (at - cell - mix(vec2f(radius), vec2f(1.0 - radius), dice)) / radius;
    let inside = saturate((1.0 - length(q)) * radius * now.frame_px.y / fine + 0.3) * step(more.y, 0.6);
    return vec3f(q, inside);
}

fn street(at: vec2f, level: f32) -> vec3f {
    return textureSampleLevel(city, clamped, within(at), level).rgb;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // The pane shivers with each hit.
    let shiver = 1.0 + 0.30 * struck() * moving();
    let wet = smoothstep(0.08, 0.55, textureSampleLevel(wiped, clamped, in.uv, 0.0).x);
    let water = textureSampleLevel(water, nearest, in.uv, 0.0);

    // Fog lies in banks, and softens and greys what is behind it; where it is wiped off the night is deep and its lights are clear.
    let banks = 1.2 * value_noise(p * vec2f(2.9, 3.9) + 9.0 * now.seed.zw);
    let fog = saturate(scene.mist * (0.34 + 0.60 * smoothstep(-0.5, 0.7, banks + 0.6 * p.y)) * (1.0 - wet));
    let clear = street(in.uv, 0.0);
    let around = street(in.uv, 3.5);
    var pane = mix(clear, mix(clear, around, 0.8) * 0.72 + ink(0.38) * (0.035 + 0.45 * luminance(around)), fog);
    // Micro drops, only in the thick of the banks.
    let thick = smoothstep(0.15, 0.55, banks) * (1.0 - wet) * saturate(scene.mist);
    if thick > 0.0 {
        let mist = mist_at(p, 78.0);
        let glint = ink(0.92) * (smoothstep(0.45, 0.15, length(mist.xy + 0.4)) * (0.03 + 0.55 * now.hat));
        let tiny = street(in.uv - mist.xy * (0.10 * shiver), 1.0) * 1.5 * saturate(1.2 - dot(mist.xy, mist.xy)) + glint;
        pane = mix(pane, tiny, mist.z * thick);
    }
    if water.w <= 0.004 { return vec4f(pane, 1.0); }
    let lean = water.xy / water.w;
    let kind = saturate(water.z / water.w);
    let far = dot(lean, lean);

    // A film bends what is behind it a little, and one of its edges catches the light that is around it.
    let bent = street(in.uv - vec2f(lean.x * 0.035 * shiver, 0.02), 0.5);
    let edge = smoothstep(0.35, 0.95, lean.x);
    let film = bent * (1.0 - 0.8 * smoothstep(0.3, 1.0, -lean.x)) + (around * 1.8 + ink(0.75) * 0.07) * edge;

    // A drop is a lens: the whole street, small and upside down, the dark rim, and one small light.
    let middle = mix(vec2f(0.5, 0.5 + HORIZON), in.uv, 0.35);
    let at = middle - lean * (0.30 + 0.16 * far) * shiver * vec2f(min(1.0 / now.aspect, 1.0), 1.0);
    let inverted = street(at, 1.2) * 1.9 + ink(0.4) * (0.03 * smoothstep(0.2, 0.9, -lean.y) * (1.0 - far));
    let rim = smoothstep(0.55, 0.96, far);
    let lit_below = smoothstep(0.45, 0.85, lean.y) * smoothstep(1.0, 0.75, far);
    let shine = smoothstep(0.17, 0.07, length(lean - vec2f(-0.38, -0.46)));
    let lens = inverted * (1.0 - 0.93 * rim) + around * (0.5 * lit_below)
        + mix(ink(0.95), accent(0u), 0.2) * (shine * (0.75 + 0.8 * now.snare));
    return vec4f(mix(pane, mix(film, lens, kind), water.w), 1.0);
}
