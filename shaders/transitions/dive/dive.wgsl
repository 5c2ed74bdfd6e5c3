// Through the old scene into the new one, which comes from far behind.

fn deep(image: texture_2d<f32>, p: vec2f, far: f32) -> vec3f {
    // Some steps along the way, as an open shutter sees them.
    var sum = vec3f(0.0);
    for (var i = 0; i < 6; i++) {
        let scale = far * (1.0 + 0.05 * f32(i) * abs(1.0 - far));
        sum += textureSampleLevel(image, clamped, within(0.5 + p * scale / vec2f(now.aspect, 1.0)), 0.0).rgb;
    }
    return sum / 6.0;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let t = now.progress;
    let last = deep(leaving, p, exp2(-3.0 * t * t));
    let next = deep(arriving, p, exp2(2.0 * (1.0 - t) * (1.0 - t)));
    return vec4f(mix(last, next, smoothstep(0.3, 0.8, t + 0.15 * (0.5 - length(p)))), 1.0);
}
