// Scene "metal": drops of liquid metal that flow into each other, as one field of forces (Blinn, "A generalization of algebraic
// surface drawing", 1982), seen from above as a smooth relief whose slope is known exactly: no marching, and sharp at any size.

// One in the middle, six around it, and six further out.
const DROPS = 13u;
const RING = 6.0;
// How hard a drop is drawn home, and how soon it comes to rest.
const PULL = 22.0;
const DRAG = 4.0;
// No drop is drawn harder than from so far: into another order they glide.
const FARTHEST_PULL = 0.06;

struct Drop {
    // From the middle, in frame heights.
    place: vec2f,
    speed: vec2f,
    radius: f32,
    spare: f32,
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength); }
fn struck() -> f32 { return max(kicked(), 0.9 * snared()); }

// Snares turn one way and the other by turns.
fn whirl() -> f32 {
    return select(-1.0, 1.0, fract(heard.snare_count * 0.5) < 0.25);
}

// How the frame is longer than high, or the other way round; orders stretch half as far as it does.
fn stretch() -> vec2f {
    return vec2f(sqrt(max(now.aspect, 1.0)), sqrt(max(1.0 / now.aspect, 1.0))) * min(now.aspect, 1.0);
}

fn direction(angle: f32) -> vec2f {
    return vec2f(cos(angle), sin(angle));
}

// Where a drop wants to be. Each phrase has another order, all of them symmetric: a flower, a star, a loop, two worlds.
fn home(index: u32) -> vec2f {
    let i = f32(index);
    let time = 0.05 * now.time_s + 0.22 * heard.low_mid_time_s;
    let is_outer = index > 6u;
    let part = TAU * (i - 1.0) / RING;
    let flower = select(direction(part + time) * 0.25, direction(part + 0.5 - 0.7 * time) * 0.49, is_outer);
    let reach = select(0.17, 0.33, (index & 1u) == 0u) + 0.03 * sin(2.0 * time);
    let star = select(direction(part - time) * reach, direction(part + 0.5 * time) * 0.52, is_outer);
    let along = TAU * i / f32(DROPS) + 0.8 * time;
    let loop_place = vec2f(0.58 * sin(along), 0.36 * sin(2.0 * along));
    let side = select(-1.0, 1.0, (index & 1u) == 0u);
    let turn = TAU * floor(0.5 * (i - 1.0)) / RING + 1.5 * time;
    let worlds = vec2f(0.36 * side, 0.0) + vec2f(side * cos(turn), sin(turn)) * vec2f(0.20, 0.27);
    let order = (u32(heard.phrase4_count) + u32(heard.section_change_count) + u32(now.seed.x * 4.0)) % 4u;
    var place = select(flower, star, order == 1u);
    place = select(place, worlds, order == 3u);
    // In the loop there is no middle, everywhere else the first drop is it.
    place = select(select(place, vec2f(0.0), index == 0u), loop_place, order == 2u);
    // Everything is drawn together before the beat, and let go on it.
    let breath = 0.96 + moving() * (0.09 * beat_pulse() - 0.3 * heard.build_up + 0.3 * heard.drop);
    return place * stretch() * breath;
}

@compute @workgroup_size(16) fn fly(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    let wanted = home(index);
    let against = whirl() * select(-1.0, 1.0, index > 6u);
    if index >= canvas.count { return; }
    var it = drops_rw[index];
    // Opposite drops hear the same band, and every other hit is theirs.
    let band = heard_band(((index + 2u) % 3u) * 7u + 1u);
    let answers = select(0.0, 1.0, (index + u32(heard.other_count)) % 3u == 0u) * heard.other;
    let base = select(select(0.145, 0.105, index > 6u), 0.18, index == 0u) * scene.size * sqrt(min(now.aspect, 1.0));
    // A kick splits the metal: drops go apart and draw together each for itself, until they flow into one again.
    let radius = base * (0.9 + 0.22 * band + moving() * (0.08 * answers - 0.12 * now.kick));
    if canvas.anew > 0.5 {
        it = Drop(wanted, vec2f(0.0), radius, 0.0);
    }
    let dt_s = min(now.dt_s, 0.05);
    // A kick throws all of them outward, another hit a few of them, a snare turns the rings against each other.
    let out = wanted / (length(wanted) + 0.05);
    let push = out * (9.0 * now.kick * now.kick * now.kick * now.kick + 1.2 * answers * answers)
        + vec2f(-out.y, out.x) * (against * 2.0 * now.snare * now.snare);
    let away = wanted - it.place;
    let drawn = away * min(1.0, FARTHEST_PULL / (length(away) + 1e-6));
    it.speed += (drawn * PULL - it.speed * DRAG + push * scene.burst * moving()) * dt_s;
    it.place += it.speed * dt_s;
    it.radius = mix(radius, it.radius, exp(-dt_s / 0.04));
    drops_rw[index] = it;
}

// The field at a place. `near` is 0 in the middle of a drop and 1 on its edge, as a distance over a radius would be, and goes on
// outside; then its slope, and the radius of the drops around.
struct Metal {
    near: f32,
    slope: vec2f,
    radius: f32,
}

// Forces fall with the sixth power of the distance: drops stay round, and join by short necks.
fn metal_at(p: vec2f) -> Metal {
    var sum = 1e-9;
    var slope = vec2f(0.0);
    var radius = 0.0;
    for (var index = 0u; index < DROPS; index++) {
        let away = p - drops[index].place;
        let inverse = 1.0 / (dot(away, away) + 1e-4);
        let own = drops[index].radius * drops[index].radius * inverse;
        let force = own * own * own;
        sum += force;
        slope += away * (force * inverse);
        radius += force * drops[index].radius;
    }
    let near = pow(sum, -1.0 / 6.0);
    return Metal(near, slope * (near / sum), radius / sum);
}

// Small waves on the metal: slow ones always, finer ones with the treble and each hat.
fn ripples(p: vec2f) -> vec2f {
    let flow = 0.4 * now.time_s + 0.3 * heard.high_mid_time_s;
    let bent = p + 0.05 * sin(p.yx * 9.0 + vec2f(0.7, 1.1) * flow);
    let long = vec2f(cos(dot(bent, vec2f(11.0, 7.0)) + flow), cos(dot(bent, vec2f(-8.0, 12.0)) - 1.3 * flow));
    let short = vec2f(cos(dot(bent, vec2f(47.0, 21.0)) - 2.0 * flow), cos(dot(bent, vec2f(-25.0, 41.0)) + 2.3 * flow));
    let ring = 26.0 * length(p) - 2.0 * now.time_s - 1.5 * heard.bass_time_s;
    let out = p / (length(p) + 0.1) * sin(ring) * struck() * moving();
    return scene.ripples * (0.13 * long + short * (0.015 + 0.05 * now.treble + 0.10 * now.hat * moving()) + 0.2 * out);
}

// A lamp that is bent around the scene: an arc of light `far` from a middle, brightest towards one side, with clean edges.
fn strip_light(lean: vec2f, far: f32, toward: vec2f, half_width: f32) -> f32 {
    let across = abs(length(lean) - far);
    let along = dot(lean, toward) / (length(lean) + 1e-4);
    return smoothstep(half_width + 0.02, half_width - 0.02, across) * smoothstep(0.62, 0.92, along);
}

// What a mirror sees that leans by `lean` (the normal's part in the frame): a sky that pales towards the horizon, with the
// picture as its clouds, dark hills, a warm plain below, and lamps.
fn room(lean: vec2f) -> vec3f {
    let cloud = vivid_light(magnified(unstretched(lean * 0.42 + now.drift)).rgb);
    let hills = 0.035 * sin(7.0 * lean.x + 0.2 * now.time_s) + 0.02 * sin(17.0 * lean.x - 0.1 * now.time_s);
    let height = 0.10 - 0.15 * lean.x * lean.x - lean.y;
    let sky = ink(1.0) * exp(-9.0 * max(height, 0.0)) * 1.2 + mix(ink(0.72), ink(0.22), smoothstep(0.0, 0.75, height));
    let dusk = accent(0u) * exp(-5.0 * max(height, 0.0)) * smoothstep(-0.7, 0.7, lean.x);
    let over = mix(sky + dusk, cloud, 0.75 * scene.mirror * smoothstep(0.08, 0.4, height) * smoothstep(1.0, 0.6, height));
    let plain = mix(accent(0u) * 0.6, accent(0u) * 0.3 + ink(0.9), smoothstep(-0.35, -0.75, height));
    let under = plain * smoothstep(-0.04, -0.5, height);
    // The dark line of the horizon makes it chrome.
    let chrome = mix(under, over, smoothstep(-0.01, 0.02, height - 0.06 - hills));
    let lamps = strip_light(lean - vec2f(0.06, 0.08), 0.66, vec2f(-0.56, -0.83), 0.055)
        + 0.6 * strip_light(lean, 0.80, vec2f(0.94, -0.34), 0.025);
    return chrome + ink(1.0) * (1.9 * lamps);
}

// More contrast: what is mirrored in metal is darker, and its lights stay.
fn vivid_light(c: vec3f) -> vec3f {
    let grey = luminance(c);
    return max(mix(vec3f(grey), c, 1.4), vec3f(0.0)) * (0.15 + 1.5 * grey);
}

// What the drops lie on: a lit ground that turns from cold to warm, in terraces along the lines of force, with their shadow.
fn ground(p: vec2f, here: Metal) -> vec3f {
    let outside = max(log(here.near), 0.0);
    let terrace = 5.0 * outside - 0.15 * now.time_s - 0.5 * heard.bass_time_s;
    let width = 5.0 * length(here.slope) / here.near * canvas.px.w;
    let line = smoothstep(1.6 * width, 0.4 * width, abs(fract(terrace) - 0.5))
        * (0.4 + 0.5 * struck() + 0.6 * now.hat) * exp(-0.8 * outside);
    let warmth = smoothstep(-0.7, 0.6, dot(p, vec2f(0.5, 0.9)) + 0.25 * sin(0.13 * now.time_s + TAU * now.seed.y));
    let cloth = mix(mix(ink(0.30), accent(1u) * 0.2, 0.25), accent(0u) * 0.28, warmth) * (0.65 + 0.35 * now.level)
        * exp(-1.6 * outside) * 0.7;
    let step_at = 0.55 + 0.9 * fract(terrace + 0.5);
    let toward = dot(normalize(here.slope + vec2f(1e-6, 0.0)), now.toward);
    let shadow = (0.75 - 0.25 * toward) * exp(-5.0 * outside);
    let glow = accent(0u) * (0.5 * now.swell * exp(-12.0 * outside));
    return cloth * step_at * (1.0 - shadow) + glow + mix(ink(0.75), accent(1u), 0.3) * (0.5 * line * scene.lines);
}

// The camera comes near and goes away, and looks about. A kick brings it nearer, and a snare twists what it sees, most in the middle.
fn filmed(p: vec2f) -> vec2f {
    let time = 0.11 * now.time_s + 0.2 * heard.all_time_s;
    let near = 1.05 + 0.2 * sin(time) + 0.10 * kicked() * moving();
    let twist = 0.16 * whirl() * snared() * moving() * exp(-2.0 * dot(p, p));
    return (turned(p, vec2f(cos(twist), sin(twist))) + vec2f(0.10 * cos(0.7 * time), 0.06 * sin(0.9 * time))) / near;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = filmed(centred(in.uv));
    let here = metal_at(p);
    let steep = length(here.slope);
    let inside = smoothstep(0.75, -0.75, (here.near - 1.0) / max(steep * canvas.px.w, 1e-5));
    let behind = ground(p, here);
    if here.near > 1.1 { return vec4f(behind, 1.0); }

    // A dome over the drop: its slope follows from that of the field.
    let up = sqrt(saturate(1.0 - here.near * here.near)) + 0.03;
    let normal = normalize(vec3f(here.slope * here.radius * here.near + ripples(p) * up, up));
    let lean = normal.xy;
    // What else of the metal stands in the way of the mirrored ray is seen in it, darkly.
    let other = metal_at(p + lean * (0.10 + 0.12 * up));
    let hides = 0.8 * smoothstep(1.04, 0.96, other.near) * smoothstep(0.35, 0.8, length(lean));
    let dim = ink(0.12 - 0.1 * other.slope.y * other.radius);
    // From where it lies each drop sees the room a little differently.
    let seen = mix(room(lean + 0.22 * p), dim, hides);
    let edge = smoothstep(0.75, 0.99, here.near);
    let rim = edge * edge * saturate(0.3 + dot(lean, now.toward));
    let metal = seen * (1.0 - 0.35 * edge) + mix(accent(1u), ink(0.9), 0.4) * (rim * scene.rim * (0.6 + 0.7 * snared()));
    return vec4f(mix(behind, metal, inside), 1.0);
}
