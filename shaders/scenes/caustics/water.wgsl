// Scene "caustics": the surface of a pool. Ripples are a wave equation on a grid, the swell is a sum of waves; light.wgsl sends
// the sun through both.

// How fast a ripple runs, in frame heights a second, and how long it takes to fade.
const RIPPLE_SPEED = 0.5;
const RIPPLE_S = 0.8;
const FRICTION = 0.012;
// As often as the head says.
const STEPS_HZ = 160.0;
// The pool is wider than the frame.
const POOL = 1.3;

// A place in the pool for one in its textures, 0 to 1.
fn in_pool(uv: vec2f) -> vec2f {
    return POOL * centred(uv);
}

fn pool_uv(p: vec2f) -> vec2f {
    return p / (POOL * vec2f(now.aspect, 1.0)) + 0.5;
}

fn dice_of(count: f32, salt: u32) -> vec2f {
    return random2(vec2u(u32(count), salt + u32(now.seed.x * 65536.0)));
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving(); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving(); }

// Where a hat's drops fall.
const DROPS = 5u;

fn drop_at(index: u32) -> vec2f {
    return (dice_of(heard.hat_count, 21u + index) - 0.5) * vec2f(now.aspect, 1.0);
}

// A stone skips across the frame, anew in each bar.
fn stone() -> vec2f {
    let from_to = dice_of(heard.bar_count, 3u);
    let angle = TAU * from_to.x;
    let way = vec2f(cos(angle) * now.aspect, sin(angle));
    let jitter = dice_of(heard.kick_count, 5u) - 0.5;
    return way * (0.4 - 0.8 * heard.bar_phase) + 0.25 * jitter;
}

// The line that a snare draws: how far a place lies beside it.
fn beside_wake(p: vec2f) -> vec2f {
    let dice = dice_of(heard.snare_count, 11u);
    let across = vec2f(cos(TAU * dice.x), sin(TAU * dice.x));
    return across * (dot(p, across) - 0.4 * (dice.y - 0.5));
}

fn dent(p: vec2f, place: vec2f, radius: f32) -> f32 {
    let d = (p - place) / radius;
    return exp(-dot(d, d));
}

// Height, and how fast it rises.
fn water_at(place: vec2i, size: vec2i) -> vec2f {
    return textureLoad(water, clamp(place, vec2i(0), size - 1), 0).xy;
}

// One step of the wave equation. A little friction takes away what is as fine as the grid.
@compute @workgroup_size(8, 8) fn ripple(@builtin(global_invocation_id) id: vec3u) {
    let size = vec2i(textureDimensions(water));
    let here = vec2i(id.xy);
    if any(here >= size) { return; }
    let dt_s = 1.0 / STEPS_HZ;
    let old = textureLoad(water, here, 0).xy * (1.0 - canvas.anew);
    let cell = POOL * vec2f(now.aspect, 1.0) / vec2f(size);
    let reach = min(RIPPLE_SPEED * RIPPLE_SPEED / (cell * cell), vec2f(0.2 / (dt_s * dt_s)));
    let bend_x = water_at(here + vec2i(1, 0), size) + water_at(here - vec2i(1, 0), size) - 2.0 * old;
    let bend_y = water_at(here + vec2i(0, 1), size) + water_at(here - vec2i(0, 1), size) - 2.0 * old;
    let lift = reach.x * bend_x.x + reach.y * bend_y.x;
    let p = in_pool((vec2f(here) + 0.5) / vec2f(size));
    // What falls in pushes the water down where it falls.
    let hard = scene.splash * moving();
    var push = -14.0 * now.kick * now.kick * dent(p, stone(), 0.045);
    let frame = vec2f(now.aspect, 1.0);
    push -= 7.0 * heard.other * dent(p, (dice_of(heard.other_count, 7u) - 0.5) * frame, 0.035);
    push -= 8.0 * now.hat * dent(p, drop_at(0u), 0.018);
    push -= 16.0 * heard.drop * heard.drop * dent(p, vec2f(0.0), 0.12);
    // A snare draws a line, wide enough for the grid.
    let line = beside_wake(p) / 0.045;
    push -= 3.0 * now.snare * now.snare * exp(-dot(line, line));
    let rubbed = old.y + FRICTION * (bend_x.y + bend_y.y);
    let speed = (rubbed + (lift + hard * push) * dt_s) * exp(-dt_s / RIPPLE_S);
    let height = clamp(old.x + speed * dt_s, -0.1, 0.1) * exp(-0.3 * dt_s);
    textureStore(water_out, here, vec4f(height, clamp(speed, -4.0, 4.0), 0.0, 1.0));
}

// How the swell slopes: waves from all sides, each bent by those before it, so that nothing repeats.
fn swell_at(p: vec2f) -> vec2f {
    let t = 0.06 * now.time_s + 0.14 * heard.bass_time_s * moving();
    var sum = vec2f(0.0);
    var way = vec2f(cos(TAU * now.seed.y), sin(TAU * now.seed.y));
    var number = 7.0 / sqrt(min(now.aspect, 1.0));
    for (var wave = 0u; wave < 8u; wave++) {
        let phase = number * dot(p + 0.35 * sum, way) + t * sqrt(number) * 0.9 + 2.4 * f32(wave);
        // Curvature, and so how sharply light is gathered, is much the same for all: short waves are flat.
        sum += way * (cos(phase) / number);
        way = turned(way, vec2f(-0.7374, 0.6755));
        number *= 1.34;
    }
    return sum * scene.swell * (0.8 + 0.25 * now.swell + 0.35 * heard.build_up);
}

fn height_at(uv: vec2f) -> f32 {
    return textureSampleLevel(water, clamped, uv, 0.0).x;
}

@compute @workgroup_size(8, 8) fn tilt(@builtin(global_invocation_id) id: vec3u) {
    let size = vec2i(textureDimensions(slopes));
    let here = vec2i(id.xy);
    if any(here >= size) { return; }
    let uv = (vec2f(here) + 0.5) / vec2f(size);
    let d = 1.0 / vec2f(textureDimensions(water));
    let ripples = vec2f(height_at(uv + vec2f(d.x, 0.0)) - height_at(uv - vec2f(d.x, 0.0)),
        height_at(uv + vec2f(0.0, d.y)) - height_at(uv - vec2f(0.0, d.y)));
    let slope = ripples / (2.0 * d * POOL * vec2f(now.aspect, 1.0));
    textureStore(slopes_out, here, vec4f(swell_at(in_pool(uv)) + slope, 0.0, 1.0));
}
