// The sparks as light: each a streak as long as it flies in a moment, and a short trail of what was there.

@fragment fn fade(in: Corner) -> @location(0) vec4f {
    // What was there cools in its place, so that it stays sharp.
    let before = textureLoad(trail, vec2i(in.position.xy), 0).rgb;
    let keep_s = mix(0.015, 0.5, scene.trails * scene.trails);
    return vec4f(min(before * exp(-now.dt_s / keep_s), vec3f(24.0)), 1.0) * (1.0 - canvas.anew);
}

struct Streak {
    @builtin(position) position: vec4f,
    // From the streak's middle, in half widths.
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) half_length: f32,
    @location(2) @interpolate(flat) light: vec3f,
}

// How long a moment is that a streak shows, in seconds.
const MOMENT_S = 0.028;

@vertex fn streak(@builtin(vertex_index) vertex: u32) -> Streak {
    var corners = array(vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0),
        vec2f(-1.0, 1.0), vec2f(1.0, -1.0), vec2f(1.0, 1.0));
    let corner = corners[vertex % 6u];
    let it = sparks[vertex / 6u];
    // Thinner than a pixel it keeps its light, not its width.
    let width = max(it.width, 0.6 * canvas.px.w);
    let fast = length(it.speed);
    let along = select(vec2f(1.0, 0.0), it.speed / fast, fast > 1e-4);
    let half_length = width + 0.5 * MOMENT_S * fast;
    let place = it.place + along * (corner.x * half_length) + vec2f(-along.y, along.x) * (corner.y * width);
    let light = it.light * (it.width / width * pow(half_length / width, -0.75));
    return Streak(vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0), corner * vec2f(half_length / width, 1.0),
        half_length / width, light);
}

@fragment fn shine(in: Streak) -> @location(0) vec4f {
    let beyond = vec2f(max(abs(in.at.x) - in.half_length + 1.0, 0.0), in.at.y);
    let soft = saturate(1.0 - dot(beyond, beyond));
    return vec4f(in.light * soft, 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let sparks_light = textureSampleLevel(trail, clamped, in.uv, 0.0).rgb;
    let behind = magnified(viewed(centred(in.uv))).rgb;
    let dark = behind * behind * (0.2 * scene.veil * scene.veil) * (0.4 + 0.6 * now.swell);
    return vec4f(dark + sparks_light, 1.0);
}
