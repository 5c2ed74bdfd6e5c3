// The city of "rain", behind the window.

// The night behind the lights: the picture, blurred, dark above and glimmering at the horizon.
@fragment fn night(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let all = spline(ambience, in.uv).rgb;
    let band = exp(-14.0 * (p.y - 0.08) * (p.y - 0.08));
    return vec4f(all * all * (0.03 + 0.14 * band) + ink(0.25) * (0.25 * band), 1.0);
}

struct Lamp {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) colour: vec3f,
    @location(2) @interpolate(flat) radius_px: f32,
}

// Lamps stand in towers and along the streets; each has its own band, and the nearer ones pass by faster.
@vertex fn lamp(@builtin(vertex_index) vertex: u32) -> Lamp {
    let index = vertex / 6u;
    let corner = corner_of(vertex);
    let tower = random2(vec2u(index / 6u, 11u));
    let own = random2(vec2u(index, 23u));
    let more = random2(vec2u(index, 41u));
    let is_street = index % 3u == 0u;
    let near = select(0.35 + 0.4 * tower.y, 0.6 + 0.9 * own.y, is_street);
    let width = now.aspect + 0.4;
    let rides = scene.ride * near * (0.012 * now.time_s + 0.07 * heard.bass_time_s * moving());
    let start = select(tower.x + 0.05 * (own.x - 0.5), own.x, is_street);
    let x = (fract(start - rides) - 0.5) * width;
    let y = select(0.10 - 0.5 * tower.y * own.y, 0.10 + 0.28 * near * own.y, is_street);
    let level = heard_band(u32(more.x * 24.0));
    let flare = level * level * (0.5 + 0.45 * struck());
    let radius = 0.042 * near * scene.bokeh * (0.8 + 0.7 * more.y) * (1.0 + 0.35 * level * struck() * moving());
    var colour = ink(0.45 + 0.45 * own.y);
    colour = select(colour, accent(0u), more.y > 0.68);
    colour = select(colour, accent(1u), more.y > 0.88);
    let place = vec2f(x, y) + corner * radius * 1.1;
    var out: Lamp;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = corner * 1.1;
    out.colour = colour * (scene.lights * (0.16 + 0.9 * flare) * (0.5 + 0.5 * own.x));
    out.radius_px = radius * canvas.px.y;
    return out;
}

// A lamp out of focus: an even disc with a brighter rim.
@fragment fn disc(in: Lamp) -> @location(0) vec4f {
    let far = length(in.at);
    let inside = saturate((1.0 - far) * in.radius_px + 0.5);
    return vec4f(in.colour * (inside * (0.5 + 0.7 * smoothstep(0.7, 1.0, far))), 0.0);
}
