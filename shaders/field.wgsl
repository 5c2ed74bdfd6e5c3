// The picture as a landscape: smoothed height, slope, and bend (above 0 on ridges).

@group(1) @binding(0) var picture: texture_2d<f32>;

@fragment fn field(in: Corner) -> @location(0) vec4f {
    let size = vec2f(textureDimensions(picture));
    let d = 2.0 / size;
    var h: array<f32, 9>;
    for (var i = 0; i < 9; i++) {
        let offset = vec2f(f32(i % 3 - 1), f32(i / 3 - 1));
        h[i] = textureSampleLevel(picture, mirrored, in.uv + offset * d, 0.0).a;
    }
    let smoothed = h[4] * 0.25 + (h[1] + h[3] + h[5] + h[7]) * 0.125 + (h[0] + h[2] + h[6] + h[8]) * 0.0625;
    // Scharr's kernel: the slope's direction is what counts here.
    let slope = vec2f(
        3.0 * (h[2] + h[8] - h[0] - h[6]) + 10.0 * (h[5] - h[3]),
        3.0 * (h[6] + h[8] - h[0] - h[2]) + 10.0 * (h[7] - h[1])) / (32.0 * d);
    return vec4f(smoothed, slope, h[4] - smoothed);
}
