// The picture as a landscape: smoothed height, slope, and bend (above 0 on ridges).

@group(1) @binding(0) var picture: texture_2d<f32>;

@fragment fn field(in: Corner) -> @location(0) vec4f {
    // Four taps between texels, far enough apart to smooth what a generator leaves of its own grid.
    let d = 2.5 / vec2f(textureDimensions(picture));
    let nw = textureSampleLevel(picture, clamped, within(in.uv - d), 0.0).a;
    let ne = textureSampleLevel(picture, clamped, within(in.uv + vec2f(d.x, -d.y)), 0.0).a;
    let sw = textureSampleLevel(picture, clamped, within(in.uv + vec2f(-d.x, d.y)), 0.0).a;
    let se = textureSampleLevel(picture, clamped, within(in.uv + d), 0.0).a;
    let here = textureSampleLevel(picture, clamped, in.uv, 0.0).a;
    let around = 0.25 * (nw + ne + sw + se);
    let slope = vec2f(ne + se - nw - sw, sw + se - nw - ne) / (4.0 * d);
    return vec4f(mix(around, here, 0.3), slope, 0.6 * (here - around));
}
