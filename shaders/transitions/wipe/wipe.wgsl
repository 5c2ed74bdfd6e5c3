// The new scene rises in the picture's landscape like water in valleys; its shore is lit.

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let height = textureSampleLevel(field, clamped, within(viewed(centred(in.uv))), 0.0).x;
    let far = length(centred(in.uv)) / length(vec2f(now.aspect, 1.0));
    let level = 1.4 * now.progress - 0.2 - (0.75 * height + 0.5 * far);
    let share = smoothstep(-0.01, 0.01, level);
    let shore = exp(-600.0 * level * level) * smoothstep(0.0, 0.1, now.progress) * smoothstep(1.0, 0.9, now.progress);
    let last = textureSampleLevel(leaving, clamped, in.uv, 0.0).rgb;
    // Below the surface the new one is seen as through water: bent near the shore.
    let bend = 0.03 * exp(-40.0 * max(level, 0.0)) * (1.0 - now.progress);
    let next = textureSampleLevel(arriving, clamped, within(in.uv + bend * vec2f(height - 0.5, 0.5 - height)), 0.0).rgb;
    return vec4f(mix(last, next, share) + max(last, next) * shore, 1.0);
}
