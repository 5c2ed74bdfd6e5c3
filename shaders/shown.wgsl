// Light that was painted into a texture as large as the frame.

@fragment fn show(in: Corner) -> @location(0) vec4f {
    return textureLoad(before, vec2u(in.position.xy), 0);
}

// Red and blue part towards the corners, as behind a simple lens. On its own: a processor would read all three, asked or not.
@fragment fn show_parted(in: Corner) -> @location(0) vec4f {
    let out = (in.uv - 0.5) * (0.012 * post.aberration * dot(centred(in.uv), centred(in.uv)));
    let here = textureLoad(before, vec2u(in.position.xy), 0);
    let red = textureSampleLevel(before, clamped, in.uv + out, 0.0).r;
    let blue = textureSampleLevel(before, clamped, in.uv - out, 0.0).b;
    return vec4f(red, here.g, blue, here.a);
}
