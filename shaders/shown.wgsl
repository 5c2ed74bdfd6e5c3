
@fragment fn show(in: Corner) -> @location(0) vec4f {
    let here = textureSampleLevel(before, clamped, in.uv, 0.0);
    if post.aberration == 0.0 {
        return here;
    }
    // Red and blue part towards the corners, as behind a simple lens.
    let out = (in.uv - 0.5) * (0.012 * post.aberration * dot(centred(in.uv), centred(in.uv)));
    let red = textureSampleLevel(before, clamped, in.uv + out, 0.0).r;
    let blue = textureSampleLevel(before, clamped, in.uv - out, 0.0).b;
    return vec4f(red, here.g, blue, here.a);
}
