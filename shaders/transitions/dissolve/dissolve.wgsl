// One scene fades into the other. In light, so that the middle is no darker than the ends.

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let share = smoothstep(0.0, 1.0, now.progress);
    return mix(textureSampleLevel(leaving, clamped, in.uv, 0.0), textureSampleLevel(arriving, clamped, in.uv, 0.0), share);
}
