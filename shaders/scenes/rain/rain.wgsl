// Scene "rain": a city at night, out of focus, and before it the wet window. Each drop is a lens that shows the city
// small and upside down; where one has run the mist is wiped away until it settles again.

const LAMPS = 180u;
// Drops that run; the others cling.
const RUNNERS = 34u;

struct Drop {
    // From the middle, in frame heights.
    place: vec2f,
    speed: vec2f,
    // What it grows to, and what it is.
    full: f32,
    radius: f32,
    swelling: f32,
    // The hit that it has seen last.
    seen: f32,
}

// The corner of a square of two triangles, from -1 to 1.
fn corner_of(vertex: u32) -> vec2f {
    let corners = array<vec2f, 6>(vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0),
        vec2f(1.0, -1.0), vec2f(1.0, 1.0), vec2f(-1.0, 1.0));
    return corners[vertex % 6u];
}

// A hit of any kind.
fn struck() -> f32 {
    return max(now.kick, 0.8 * now.onset);
}

fn half_frame() -> vec2f {
    return vec2f(0.5 * now.aspect, 0.5);
}

fn fresh_drop(index: u32, again: u32) -> Drop {
    let dice = random2(vec2u(index, again * 977u + u32(now.seed.y * 65536.0)));
    let more = random2(vec2u(index + 7919u, again));
    let big = mix(0.016, 0.040, more.x * more.x);
    let small = mix(0.004, 0.013, more.x * more.x);
    return Drop((dice * 2.0 - 1.0) * half_frame() * 1.05, vec2f(0.0), select(small, big, index < RUNNERS), 0.0, 0.0, 0.0);
}

@compute @workgroup_size(64) fn fall(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    let hits = heard.onset_count + heard.kick_count;
    let fresh = fresh_drop(index, u32(hits) + u32(now.time_s * 2.0));
    let dice = random2(vec2u(index, u32(hits) * 31u + 7u));
    // A drop does not fall evenly: it clings, and lets go.
    let cling = random2(vec2u(index, u32(now.time_s * 3.0 + f32(index) * 0.37))).x;
    if index >= canvas.count { return; }
    var it = drops_rw[index];
    let dt_s = min(now.dt_s, 0.05);
    let is_runner = index < RUNNERS;
    let is_chosen = (it.seen != hits) & (dice.x < 0.06 * scene.rain * moving());
    let is_gone = it.place.y > 0.5 + 2.0 * it.full || abs(it.place.x) > half_frame().x + 0.1;
    if (canvas.anew > 0.5) | is_chosen | is_gone {
        it = fresh;
        it.radius = select(0.0, it.full, canvas.anew > 0.5);
    }
    it.seen = hits;
    // It springs to its size as it bursts on the glass, and quivers with the bass.
    let wanted = it.full * scene.size * (1.0 + 0.22 * now.swell * moving());
    it.swelling += ((wanted - it.radius) * 500.0 - it.swelling * 26.0) * dt_s;
    it.radius = max(it.radius + it.swelling * dt_s, 0.0);
    let slips = smoothstep(0.35, 0.8, cling) * (0.12 + 0.75 * heard.bass_level * moving());
    let pull = select(0.0, slips, is_runner) * it.full * 40.0;
    let gust = scene.wind * (0.05 + 0.5 * now.snare * moving()) * select(0.15, 1.0, is_runner);
    it.speed += (vec2f(gust, pull) - it.speed * 4.0) * dt_s;
    it.place += it.speed * dt_s;
    drops_rw[index] = it;
}

@fragment fn dry(in: Corner) -> @location(0) vec4f {
    let before = textureSampleLevel(trail, clamped, in.uv, 0.0).x;
    return vec4f(min(before, 1.0) * exp(-now.dt_s / 1.6) * (1.0 - canvas.anew), 0.0, 0.0, 1.0);
}

fn smear(index: u32) -> Point {
    let it = drops[index];
    let wet = saturate(length(it.speed) * 60.0 * now.dt_s / max(it.radius, 0.004) * 0.2);
    return Point(it.place, it.radius * 0.6, vec4f(wet));
}

struct Bead {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) radius_px: f32,
    @location(2) @interpolate(flat) wobble: vec2f,
}

@vertex fn bead(@builtin(vertex_index) vertex: u32) -> Bead {
    let index = vertex / 6u;
    let corner = corner_of(vertex);
    let it = drops[index];
    // What runs is drawn out.
    let long = 1.0 + min(3.0 * abs(it.speed.y), 0.6);
    let place = it.place + corner * it.radius * vec2f(1.25, 1.4 * long);
    let dice = random2(vec2u(index, 5u));
    var out: Bead;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = corner * vec2f(1.25, 1.4);
    out.radius_px = it.radius * canvas.px.y;
    out.wobble = (dice - 0.5) * 0.7;
    return out;
}

@fragment fn dome(in: Bead) -> @location(0) vec4f {
    // Narrower above, and no two alike.
    let q = vec2f(in.at.x * (1.0 - 0.22 * in.at.y * step(in.at.y, 0.0) - 0.1 * in.at.y), in.at.y);
    let bent = q + 0.12 * sin(q.yx * 3.0 + in.wobble * 9.0) * in.wobble.xy * 2.0;
    let far = length(bent);
    let inside = saturate((1.0 - far) * in.radius_px * 0.8 + 0.5);
    let high = sqrt(saturate(1.0 - far * far));
    return vec4f(bent * inside, high * inside, inside);
}

// Fine mist: a bead to a cell. How it leans, and where it is.
fn mist_at(p: vec2f) -> vec3f {
    // A lattice that lies askew shows no rows.
    let at = turned(p, vec2f(0.83, 0.56)) * 95.0;
    let cell = floor(at);
    let dice = random2(vec2u(vec2i(cell) + 4096));
    let more = random2(vec2u(vec2i(cell) + 9000));
    let radius = 0.12 + 0.3 * more.x * more.x;
    let q = (at - cell - mix(vec2f(radius), vec2f(1.0 - radius), dice)) / radius;
    let inside = saturate((1.0 - length(q)) * radius * now.frame_px.y / 95.0 + 0.3) * step(more.y, 0.7);
    return vec3f(q, inside);
}

// The city through water that leans so: a drop shows it small and upside down.
fn through(uv: vec2f, lean: vec2f, bends: f32) -> vec3f {
    let at = uv - lean * bends / vec2f(now.aspect, 1.0);
    return textureSampleLevel(city, clamped, within(at), 0.0).rgb;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // The pane shivers with each hit.
    let bends = 1.0 + 0.35 * struck() * moving();
    let step = 2.0 / vec2f(textureDimensions(trail));
    let wet = textureSampleLevel(trail, clamped, in.uv, 0.0).x;
    let wet_x = textureSampleLevel(trail, clamped, in.uv + vec2f(step.x, 0.0), 0.0).x;
    let wet_y = textureSampleLevel(trail, clamped, in.uv + vec2f(0.0, step.y), 0.0).x;
    let run = saturate(wet * 1.6);
    let tilt = vec2f(wet_x - wet, wet_y - wet) * 0.35;

    let mist = mist_at(p);
    let misty = mist.z * (1.0 - smoothstep(0.05, 0.25, wet)) * scene.mist;
    let behind = through(in.uv, tilt, 0.35 * bends);
    // Mist scatters the lights into grey; where it is wiped off the night is deep.
    let hazy = behind * mix(0.75, 1.15, run) + ink(0.35) * (0.035 * scene.mist * (1.0 - run));
    let glint = ink(0.9) * (smoothstep(0.5, 0.2, length(mist.xy + 0.4)) * (0.05 + 0.3 * now.hat));
    let tiny = through(in.uv, mist.xy, 0.10 * bends) * 1.9 + glint;
    let pane = mix(hazy, tiny, misty * 0.8);
    let water = textureSampleLevel(water, nearest, in.uv, 0.0);
    if water.w <= 0.0 { return vec4f(pane, 1.0); }
    let lean = water.xy / water.w;

    let all = magnified(unstretched(-lean * 0.42 + now.drift)).rgb;
    let far = dot(lean, lean);
    let lights = through(in.uv, lean * (0.35 + 0.65 * far), 0.42 * bends) * 2.0;
    let inside = lights + all * all * (0.16 + 0.2 * smoothstep(-0.3, 0.8, -lean.y));
    let rim = smoothstep(0.45, 1.0, far);
    let shine = smoothstep(0.30, 0.12, length(lean - vec2f(-0.42, -0.48)));
    let below = smoothstep(0.55, 0.9, lean.y) * smoothstep(1.05, 0.8, far);
    let drop = inside * (1.0 - 0.85 * rim) + ink(1.0) * (0.9 * shine) + accent(0u) * (below * (0.3 + 0.4 * now.snare));
    return vec4f(mix(pane, drop, water.w), 1.0);
}
