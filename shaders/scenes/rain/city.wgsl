// The street of "rain", behind the window: towers before the glow of the night, lamps near and far, and the wet ground that draws
// all of them out.

// Where the ground begins, in frame heights below the middle.
const HORIZON = 0.10;
// Lamps: a few that are near and large, a row of small ones along the horizon, and what drives by.
const NEAR = 3u;
const ROW = 30u;

fn rides() -> f32 {
    return scene.ride * (0.010 * now.time_s + 0.06 * heard.bass_time_s * moving());
}

// How much of a tower is at a place: columns of differing height, with edges as soft as what is out of focus.
fn tower(x: f32, up: f32, broad: f32, tall: f32, salt: u32) -> f32 {
    let column = floor(x / broad);
    let dice = random2(vec2u(bitcast<u32>(i32(column)), salt));
    let off = abs(fract(x / broad) - 0.5);
    let high = tall * (0.25 + 0.75 * dice.x * dice.x);
    return smoothstep(0.5, 0.36, off) * smoothstep(high + 0.02, high - 0.02, up) * step(0.25, dice.y);
}

// The glow over the roofs and the towers before it; the picture hangs between them as lit fronts. The ground shows it upside down.
@fragment fn night(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let below = p.y - HORIZON;
    let is_ground = below > 0.0;
    // A wet street draws what it mirrors out.
    let up = select(-below, 0.72 * below, is_ground);
    let far = tower(p.x + 0.35 * rides() + 9.0 * now.seed.x, up, 0.085, 0.20, 5u);
    let close = tower(p.x + 0.7 * rides() + 7.0 * now.seed.y, up, 0.21, 0.33, 9u);
    let glow = ink(0.34) * (0.30 * exp(-11.0 * up) * (0.55 + 0.6 * now.swell));
    let front = magnified(viewed(vec2f(p.x, 0.5 - 2.2 * up))).rgb;
    let faces = front * front * (0.30 * far + 0.16 * close) * exp(-9.0 * up);
    let light = glow * (1.0 - 0.75 * far) * (1.0 - 0.85 * close) + faces;
    return vec4f(light * select(1.0, 0.5 * exp(-3.0 * below), is_ground), 1.0);
}

struct Lamp {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) colour: vec3f,
    // Radius in pixels, how soft, how far it is smeared, and a number of its own.
    @location(2) @interpolate(flat) kind: vec4f,
}

// Each lamp has its own band; what is nearer passes by faster. Every second quad is a lamp's image in the wet ground.
@vertex fn lamp(@builtin(vertex_index) vertex: u32) -> Lamp {
    let index = vertex / 12u;
    let is_mirrored = (vertex / 6u) % 2u == 1u;
    let corner = corner_of(vertex);
    let own = random2(vec2u(index, 23u + u32(now.seed.z * 999.0)));
    let more = random2(vec2u(index, 41u));
    let is_near = index < NEAR;
    let is_row = index >= NEAR && index < NEAR + ROW;
    // Where they stand: evenly, so that none hides another, but not in step.
    let place_in_row = (f32(index - NEAR) + 2.6 * own.x) / f32(ROW);
    let place_near = (f32(index) + 0.2 + 0.6 * own.x) / f32(NEAR);
    let driven = own.x - select(1.0, -1.0, (index & 1u) == 0u) * (0.03 + 0.05 * own.y) * (now.time_s + 3.0 * heard.bass_time_s * moving());
    let start = select(select(driven, place_in_row, is_row), place_near, is_near);
    let speed = select(select(1.0, 0.35, is_row), 1.1, is_near);
    let margin = select(0.15, 0.55, is_near);
    let x = (fract(start - speed * rides() / (now.aspect + margin)) - 0.5) * (now.aspect + margin);

    let level = heard_band(select(u32(own.y * 20.0) + 4u, index * 2u, is_near));
    let hit = struck();
    let twinkle = now.hat * select(0.0, 1.0, is_row && fract(more.x * 9.0 + 0.381 * heard.hat_count) < 0.25);
    let height = select(select(-0.012, 0.07 * own.y * own.y * own.y, is_row), 0.10 + 0.17 * more.y, is_near);
    let size = select(select(0.010, 0.005 + 0.024 * more.x * more.x * more.x, is_row), 0.13 + 0.05 * own.y, is_near);
    let breath = 1.0 + (0.25 * level + select(0.15 * hit, 0.20 * now.swell + 0.14 * now.kick, is_near)) * moving();
    let radius = size * scene.bokeh * breath;

    // Two hues, and the accent seldom.
    var colour = ink(0.52 + 0.25 * more.y);
    colour = select(colour, mix(accent(1u), ink(0.6), 0.45), (index % 3u == 1u));
    colour = select(colour, accent(0u), (index % 14u == 6u) || (!is_near && !is_row && own.y > 0.6));
    let strength = select(0.5 + 1.5 * level * level + 1.2 * twinkle, 0.10 + 0.24 * level * level + 0.10 * hit, is_near);
    let smear = select(0.0, select(0.09 + 2.0 * radius, 0.26, is_near) * (1.0 + 0.4 * now.swell), is_mirrored);
    let wide = radius * select(1.0, 0.55, is_mirrored && is_near);
    let y = select(HORIZON - height, HORIZON + 0.75 * height + 0.7 * smear, is_mirrored);
    let place = vec2f(x, y) + corner * vec2f(wide, select(wide, smear, is_mirrored)) * 1.1;
    var out: Lamp;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = corner * 1.1;
    out.colour = colour * (scene.lights * strength * select(1.0, select(0.55, 0.8, is_near), is_mirrored));
    out.kind = vec4f(radius * canvas.px.y, select(0.0, 1.0, is_near), select(0.0, 1.0, is_mirrored), own.x);
    return out;
}

// A near lamp is all softness, with a hot heart; a far one is a small disc; on the ground both are streaks that ripples break.
@fragment fn disc(in: Lamp) -> @location(0) vec4f {
    let far = length(in.at);
    if in.kind.z > 0.5 {
        let shift = 0.25 * sin(in.at.y * 23.0 + 9.0 * in.kind.w + 2.0 * now.time_s) * (0.5 + 0.5 * now.treble);
        let ripples = sin(in.at.y * 27.0 - 2.0 * now.time_s + 20.0 * in.kind.w) + sin(in.at.y * 43.0 + 3.1 * now.time_s);
        let dashes = 0.75 + (0.10 + 0.15 * now.treble) * ripples;
        let x = in.at.x + shift * (0.3 + 0.3 * in.at.y);
        let streak = pow(saturate(1.0 - x * x), 3.0) * pow(saturate(1.0 - in.at.y * in.at.y), 2.0) * saturate(0.55 - 0.45 * in.at.y);
        return vec4f(in.colour * (streak * dashes), 0.0);
    }
    let soft = saturate(1.0 - far * far);
    let halo = soft * soft * soft * soft;
    let heart = pow(soft, 16.0);
    let glow = in.colour * (0.10 * soft * soft + 0.35 * halo + 1.6 * heart) + vec3f(luminance(in.colour)) * (2.2 * heart);
    let inside = saturate((1.0 - far) * max(0.6 * in.kind.x, 1.0) + 0.3);
    let spot = in.colour * (inside * 1.3) + vec3f(luminance(in.colour)) * (0.7 * soft * inside);
    return vec4f(mix(spot, glow, in.kind.y), 0.0);
}
