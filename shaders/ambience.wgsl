// A picture blurred almost to its palette: what surroundings are lit by. Alpha is the mean height.

@group(1) @binding(0) var picture: texture_2d<f32>;

@fragment fn ambience(in: Corner) -> @location(0) vec4f {
    var sum = vec4f(0.0);
    for (var i = 0; i < 16; i++) {
        let at = within(in.uv + (vec2f(f32(i % 4), f32(i / 4)) - 1.5) * (0.5 / 16.0));
        let light = textureSampleLevel(picture, clamped, at, 0.0).rgb;
        sum += vec4f(light, sqrt(luminance(light)));
    }
    return sum / 16.0;
}
