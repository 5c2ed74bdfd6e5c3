// The new scene spreads from a few drops as ink does in paper: ragged, with a dark rim, and the drops run together.

const DROPS = 7u;

fn grain(p: vec2f) -> f32 {
    return 0.6 * gradient_noise(p * 5.0) + 0.3 * gradient_noise(p * 13.0) + 0.15 * gradient_noise(p * 41.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let ragged = grain(p + 9.0 * now.seed.xy);
    // Nearness to the drops, each of which falls a little later than the one before; smooth where two meet.
    var near = 0.0;
    for (var i = 0u; i < DROPS; i++) {
        let dice = random2(vec2u(i, u32(now.seed.z * 65536.0)));
        let place = (dice - 0.5) * vec2f(now.aspect, 1.0) * 0.9;
        let age = max(now.progress - 0.08 * f32(i), 0.0) / (1.0 - 0.08 * f32(i));
        near += exp(-9.0 * (length(p - place) - 1.1 * sqrt(age) * age));
    }
    let front = log(max(near, 1e-6)) / 9.0 + 0.12 * ragged + 0.5 * smoothstep(0.8, 1.0, now.progress) - 0.05;
    let share = smoothstep(-0.006, 0.010, front) * smoothstep(0.0, 0.04, now.progress);
    let rim = exp(-500.0 * front * front) * smoothstep(0.0, 0.08, now.progress) * smoothstep(1.0, 0.9, now.progress);
    let last = textureSampleLevel(leaving, clamped, in.uv, 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, in.uv, 0.0).rgb;
    return vec4f(mix(last, next, share) * (1.0 - 0.85 * rim), 1.0);
}
