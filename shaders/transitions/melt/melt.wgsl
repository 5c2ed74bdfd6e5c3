// The old scene melts: what is bright in it is thin and runs first, in threads that stretch what they carry; the new one stands beneath.

// How fast the paint runs at a place across, from 0.4 to 1: threads of different width.
fn thread(x: f32) -> f32 {
    let lane = x * 26.0 + 16.0 * now.seed.y;
    let wide = x * 7.0 + 16.0 * now.seed.z;
    let fine = mix(random2(vec2u(u32(lane), 3u)).x, random2(vec2u(u32(lane) + 1u, 3u)).x, smoothstep(0.0, 1.0, fract(lane)));
    let broad = mix(random2(vec2u(u32(wide), 5u)).x, random2(vec2u(u32(wide) + 1u, 5u)).x, smoothstep(0.0, 1.0, fract(wide)));
    return 0.4 + 0.35 * fine + 0.25 * broad;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let t = now.progress;
    let run = thread(in.uv.x * now.aspect) * t * t * 2.8;
    // Where the paint that is here now came from: the farther down, the farther it has run.
    let from_y = in.uv.y - run * (0.25 + in.uv.y);
    let last = textureSampleLevel(leaving, clamped, vec2f(in.uv.x, max(from_y, 0.0)), 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, in.uv, 0.0).rgb;
    // The film tears where it has run dry, and its rim is thick and catches light.
    let film = from_y - 0.06 * sqrt(saturate(luminance(last))) * t;
    let share = smoothstep(0.012, -0.004, film) * smoothstep(0.0, 0.03, t);
    let rim = exp(-1500.0 * film * film) * smoothstep(0.0, 0.15, t) * smoothstep(1.0, 0.85, t);
    return vec4f(mix(last, next, share) + last * rim, 1.0);
}
