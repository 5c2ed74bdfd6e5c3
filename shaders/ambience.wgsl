// The picture blurred almost to its palette: what its surroundings are lit by.

@group(1) @binding(0) var picture: texture_2d<f32>;

@fragment fn ambience(in: Corner) -> @location(0) vec4f {
    var sum = vec4f(0.0);
    for (var i = 0; i < 16; i++) {
        let offset = (vec2f(f32(i % 4), f32(i / 4)) - 1.5) * (0.5 / 16.0);
        sum += textureSampleLevel(picture, mirrored, in.uv + offset, 0.0);
    }
    return sum / 16.0;
}
