// A picture as a landscape: smoothed height, slope, and bend (above 0 on ridges). Brighter is higher.

@group(1) @binding(0) var picture: texture_2d<f32>;

fn height(at: vec2f) -> f32 {
    return sqrt(luminance(textureSampleLevel(picture, clamped, at, 0.0).rgb));
}

@fragment fn field(in: Corner) -> @location(0) vec4f {
    // Four taps between texels, far enough apart to smooth what a generator leaves of its own grid.
    let d = 2.5 / vec2f(textureDimensions(picture));
    let nw = height(within(in.uv - d));
    let ne = height(within(in.uv + vec2f(d.x, -d.y)));
    let sw = height(within(in.uv + vec2f(-d.x, d.y)));
    let se = height(within(in.uv + d));
    let here = height(in.uv);
    let around = 0.25 * (nw + ne + sw + se);
    let slope = vec2f(ne + se - nw - sw, sw + se - nw - ne) / (4.0 * d);
    return vec4f(mix(around, here, 0.3), slope, 0.6 * (here - around));
}
