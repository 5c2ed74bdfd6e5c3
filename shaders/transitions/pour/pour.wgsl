// The new scene runs down over the old one like paint: in streams of different speed, with a lit rim.

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let lane = in.uv.x * now.aspect * 7.0 + 8.0 * now.seed.x;
    let cell = floor(lane);
    let along = fract(lane);
    let here = random2(vec2u(u32(cell + 64.0), 7u)).x;
    let beside = random2(vec2u(u32(cell + 65.0), 7u)).x;
    let speed = mix(here, beside, smoothstep(0.0, 1.0, along));
    let front = now.progress * (1.5 + 0.8 * speed) - 0.25 * speed - in.uv.y - 0.12;
    let share = smoothstep(0.0, 0.006, front);
    // The stream is thick at its end, and bends what it covers.
    let bulge = exp(-30.0 * abs(front - 0.03));
    let bend = vec2f((along - 0.5) * 0.03, 0.04) * bulge;
    let last = textureSampleLevel(leaving, clamped, in.uv, 0.0).rgb * (1.0 - 0.5 * bulge * (1.0 - share));
    let next = textureSampleLevel(arriving, clamped, within(in.uv - bend), 0.0).rgb * (1.0 + 0.6 * bulge);
    return vec4f(mix(last, next, share), 1.0);
}
