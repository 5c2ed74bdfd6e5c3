// The sun through the water: each ray bends at the surface and lands on the floor as a patch of light. Where the surface gathers light
// its patches are small and bright, and they add up where the net folds over itself (after Evan Wallace, "Rendering Realtime Caustics
// in WebGL", 2016, but with patches instead of a mesh: those are never thinner than a pixel, so that no thread breaks into beads).

// How far a slope carries a ray aside, in frame heights, in a pool of depth 1.
const BENT = 0.30;
// How thin a patch of light may get, in pixels: half of what it covers.
const THINNEST = 1.0;

// How deep it is: a kick draws all nets together, a little.
fn depth() -> f32 {
    return scene.depth * BENT * (1.0 + 0.15 * kicked());
}

// Each drop of a hat is a lens for a moment.
fn dripped(p: vec2f) -> vec2f {
    var sum = vec2f(0.0);
    for (var index = 0u; index < DROPS; index++) {
        let away = p - drop_at(index);
        sum += away * exp(-dot(away, away) / 0.02);
    }
    return sum * (0.45 * now.hat * moving());
}

// Where the eye looks: a kick pushes all of it outwards, a snare lets it part along its wake; at once, and it eases back.
fn pushed(p: vec2f) -> vec2f {
    let beside = beside_wake(p);
    let far = length(beside);
    let parted = beside / (far + 0.05) * exp(-3.0 * far);
    return p * (1.0 - 0.045 * kicked()) - parted * (0.06 * snared()) - dripped(p);
}

struct RayCorner {
    @builtin(position) position: vec4f,
    // Where in its patch, -1 to 1.
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) bright: f32,
}

// There are as many columns and rows of rays as the vertices are enough for.
@vertex fn ray(@builtin(vertex_index) vertex: u32) -> RayCorner {
    let rows = u32(sqrt(f32(canvas.count / 6u) / 1.6));
    let columns = canvas.count / 6u / rows;
    let index = vertex / 6u;
    var corners = array(vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0), vec2f(1.0, 1.0));
    let corner = corners[vertex % 6u];
    let uv = (vec2f(vec2u(index % columns, index / columns)) + 0.5) / vec2f(vec2u(columns, rows));
    let cell = POOL * vec2f(now.aspect, 1.0) / vec2f(vec2u(columns, rows));

    // How the surface slopes here, and how its slope changes from ray to ray.
    let d = 1.0 / vec2f(vec2u(columns, rows));
    let right = textureSampleLevel(slopes, clamped, uv + vec2f(d.x, 0.0), 0.0).xy;
    let left = textureSampleLevel(slopes, clamped, uv - vec2f(d.x, 0.0), 0.0).xy;
    let down = textureSampleLevel(slopes, clamped, uv + vec2f(0.0, d.y), 0.0).xy;
    let up = textureSampleLevel(slopes, clamped, uv - vec2f(0.0, d.y), 0.0).xy;
    let middle = in_pool(uv) - depth() * 0.25 * (right + left + down + up);
    let x = vec2f(cell.x, 0.0) - depth() * (right - left) / 2.0;
    let y = vec2f(0.0, cell.y) - depth() * (down - up) / 2.0;

    // The patch is a parallelogram with sides x and y. As turn, stretch and turn it can be widened to a pixel where it is thinner,
    // and its light goes with its size.
    let even = 0.5 * vec2f(x.x + y.y, x.y - y.x);
    let odd = 0.5 * vec2f(x.x - y.y, x.y + y.x);
    let long = length(even) + length(odd);
    let short = length(even) - length(odd);
    let sum = atan2(even.y, even.x);
    let difference = atan2(odd.y, odd.x);
    let before = 0.5 * (sum - difference);
    let after = 0.5 * (sum + difference);
    let least = THINNEST * canvas.px.w;
    let size = vec2f(max(long, least), max(abs(short), least));
    let stretched = turned(corner, vec2f(cos(before), sin(before))) * vec2f(size.x, select(-size.y, size.y, short > 0.0));
    let place = (middle + turned(stretched, vec2f(cos(after), sin(after)))) * vec2f(2.0 / now.aspect, -2.0);
    let bright = cell.x * cell.y / (size.x * size.y);
    // Those that the count is not enough for land nowhere.
    return RayCorner(vec4f(place, select(0.0, 2.0, index >= columns * rows), 1.0), corner, bright);
}

@vertex fn nowhere(@builtin(vertex_index) vertex: u32) -> RayCorner {
    return RayCorner(vec4f(f32(vertex), 0.0, 2.0, 1.0), vec2f(0.0), 0.0);
}

// Neighbouring patches lie over each other by half, and their weights add up to 1.
@fragment fn net(in: RayCorner) -> @location(0) vec4f {
    let t = 1.0 - abs(in.at);
    let weight = t * t * (3.0 - 2.0 * t);
    return vec4f(in.bright * weight.x * weight.y, 0.0, 0.0, 1.0);
}

fn lit_at(p: vec2f) -> f32 {
    return textureSampleLevel(light, clamped, p / vec2f(now.aspect, 1.0) + 0.5, 0.0).x;
}

// Where light is gathered: only threads and folds are bright, or the cells between them would be milk.
fn thread_of(sun: f32) -> f32 {
    let gathered = max(sun - 1.3, 0.0);
    return gathered * gathered / (gathered + 2.0);
}

// How much brighter it is here than two pixels away: the cores of the threads, as lines. Faint ones have none, since there the
// patches would show.
fn core_at(p: vec2f, thread: f32) -> f32 {
    let d = 2.0 * canvas.px.w;
    let around = lit_at(p + vec2f(d, 0.0)) + lit_at(p - vec2f(d, 0.0)) + lit_at(p + vec2f(0.0, d)) + lit_at(p - vec2f(0.0, d));
    return max(thread - thread_of(0.25 * around), 0.0) * smoothstep(0.3, 1.5, thread);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = pushed(centred(in.uv));
    let slope = textureSampleLevel(slopes, clamped, pool_uv(p), 0.0).xy;
    // The floor is seen through the same water, and gives light its colour. Blurred, it is a gradient: a sharp picture under the net
    // would take the eye from the threads.
    let seen = p + 0.10 * slope;
    let floor_light = textureSampleLevel(ambience, clamped, within(viewed(seen)), 0.0).rgb;
    // Where the picture is grey the light has the music's own colour: grey light is milk.
    let own = vivid(floor_light, 1.8);
    let most = max(own.r, max(own.g, own.b)) + 1e-3;
    let least = min(own.r, min(own.g, own.b));
    let body = ink(0.62);
    let colourful = smoothstep(0.25, 0.7, 1.0 - least / most) * smoothstep(0.0, 0.03, most);
    let hue = mix(body / max(body.r, max(body.g, body.b)), own / most, 0.75 * colourful);

    // Colours are bent by different angles.
    let apart = slope * (0.03 * scene.fringe);
    let sun = vec3f(lit_at(seen - apart), lit_at(seen), lit_at(seen + apart));
    let thread = vec3f(thread_of(sun.x), thread_of(sun.y), thread_of(sun.z));
    // What the water's surface throws back lies behind it: a wider and softer net in the other colour.
    let back = turned(seen, vec2f(-0.56, 0.46)) + 0.12 * now.sway.xy;
    let echo = thread_of(lit_at(back));

    // Deep water: light from where the sun stands, black far from it.
    let well = p - 0.26 * vec2f(cos(0.09 * now.time_s + TAU * now.seed.x), 0.7 * sin(0.07 * now.time_s));
    let near = exp(-3.0 * dot(well, well) / max(now.aspect, 1.0));
    let shadow = mix(0.4, 0.03, scene.shade);
    var light = hue * hue * (shadow * (0.04 + 1.2 * near * near) * min(sun.y, 1.5));
    // A hit brightens the threads alone, which are thin.
    let spark = 1.0 + 0.45 * max(kicked(), snared());
    light += hue * thread * ((0.20 + 0.65 * near) * spark);
    light += ink(0.97) * (1.6 * core_at(seen, thread.y) * (0.08 + near));
    light += accent(1u) * (0.10 * echo * (0.2 + 1.1 * near) * spark);
    light += accent(0u) * (0.12 * max(thread.x - thread.z, 0.0)) + accent(1u) * (0.12 * max(thread.z - thread.x, 0.0));
    // The sun on the surface itself: glints where it faces it, more with the treble.
    let facing = length(slope - vec2f(0.30, -0.24));
    light += ink(1.0) * (smoothstep(0.018, 0.006, facing) * (0.5 + 2.0 * now.hat + 1.0 * now.treble));
    return vec4f(min(light, vec3f(12.0)), 1.0);
}
