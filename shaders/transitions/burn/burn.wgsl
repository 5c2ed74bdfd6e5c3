// What is dark in the old scene burns away first; the edge glows in the new scene's colour.

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let last = textureSampleLevel(leaving, clamped, in.uv, 0.0);
    let next = textureSampleLevel(arriving, clamped, in.uv, 0.0);
    // The height of the picture tells where it burns: no noise of our own beside it.
    let height = 0.7 * sqrt(saturate(luminance(last.rgb))) + 0.3 * textureSampleLevel(field, clamped, within(in.uv), 0.0).x;
    let front = now.progress * 1.3 - 0.15 - height;
    let share = smoothstep(-0.05, 0.05, front);
    let edge = exp(-400.0 * front * front) * smoothstep(0.0, 0.1, now.progress) * smoothstep(1.0, 0.9, now.progress);
    let ember = max(next.rgb, last.rgb) * vec3f(1.6, 1.0, 0.7) + vec3f(0.10, 0.04, 0.01);
    return vec4f(mix(last.rgb, next.rgb, share) + ember * (1.4 * edge), 1.0);
}
