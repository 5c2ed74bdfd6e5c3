// The sky of "terrain": stars, dusk, and the moon that wears the picture.

fn moon_radius() -> f32 {
    return min(scene.moon, 0.38 * now.aspect);
}

fn moon_at() -> vec2f {
    let room = max(0.5 * now.aspect - 1.2 * moon_radius(), 0.0);
    return vec2f((now.seed.z - 0.5) * room + 0.3 * room * sin(0.05 * now.time_s), horizon() - 0.24 - 0.1 * heard.build_up);
}

// One star to a cell, some of them.
fn stars(p: vec2f) -> f32 {
    let at = p * 34.0;
    let dice = random2(vec2u(vec2i(floor(at)) + 4096));
    let more = random2(vec2u(vec2i(floor(at)) + 9000));
    let far = length(fract(at) - 0.2 - 0.6 * dice) * now.frame_px.y / 34.0;
    let is_there = select(0.0, 1.0, more.x > 0.72);
    // Some twinkle with each hat.
    let twinkle = 1.0 + 5.0 * now.hat * select(0.0, 1.0, fract(more.y + 0.37 * heard.hat_count) < 0.3);
    return is_there * (0.06 + pow(more.y, 6.0)) * twinkle * saturate(1.4 - far);
}

@fragment fn sky(in: Corner) -> @location(0) vec4f {
    let angle = textureLoad(relief, vec2i(0), 0).w;
    let p = turned(centred(in.uv), vec2f(cos(angle), -sin(angle)));
    let up = horizon() - p.y;
    // Mountains hide what is below.
    if up < -0.1 { return vec4f(0.0, 0.0, 0.0, 1.0); }
    let q = p - moon_at();
    let radius = moon_radius() * (1.0 + 0.16 * struck());
    let far = length(q);
    let pixel = now.frame_px.w;
    // A ring leaves it with each hit.
    let out = (far - radius * (1.0 + 1.6 * (1.0 - struck()))) / pixel;
    let ring = smoothstep(1.8, 0.2, abs(out)) * struck();
    let glow = accent(0u) * (0.10 * exp(-7.0 * max(far - radius, 0.0)));
    let dusk = ink(0.32) * (0.9 * exp(-9.0 * max(up, 0.0))) + accent(1u) * (0.25 * exp(-26.0 * max(up, 0.0)) * (0.4 + now.swell));
    let heaven = dusk + glow + ink(0.9) * stars(p) * (1.0 - exp(-10.0 * max(up, 0.0))) + ink(0.8) * ring;
    if far > radius + pixel { return vec4f(heaven, 1.0); }
    // The moon is a ball that wears the picture.
    let on = q / max(radius, 1e-3);
    let inside = saturate(1.0 - dot(on, on));
    let bulge = on * (0.55 / (0.6 + sqrt(inside)));
    let skin = magnified(within(unstretched(bulge * 0.42 + now.drift))).rgb;
    let disc = smoothstep(radius + pixel, radius - pixel, far);
    let dark_side = 0.25 + 0.75 * smoothstep(-0.9, 0.5, dot(on, vec2f(-0.5, -0.8)));
    let rim = accent(0u) * (0.5 * smoothstep(0.12, 0.0, inside));
    let moon = (skin * 1.3 + accent(0u) * 0.45) * dark_side * (0.45 + 0.55 * sqrt(inside)) + rim;
    return vec4f(mix(heaven, moon, disc), 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    return textureSampleLevel(view, clamped, in.uv, 0.0);
}
