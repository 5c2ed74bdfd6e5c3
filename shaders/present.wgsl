// Lays the finished frame into a window of another size, and the panel over it.

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var smoothed: sampler;
// As large as the window, its colours multiplied by their alpha; or a single clear texel.
@group(0) @binding(2) var panel: texture_2d<f32>;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) uv: vec2f,
}

@vertex fn cover(@builtin(vertex_index) index: u32) -> Corner {
    let x = f32(i32(index & 1u) * 4 - 1);
    let y = f32(i32(index >> 1u) * 4 - 1);
    return Corner(vec4f(x, y, 0.0, 1.0), vec2f(x, -y) * 0.5 + 0.5);
}

// A window with an alpha channel is really translucent on some desktops: always opaque.
@fragment fn present(in: Corner) -> @location(0) vec4f {
    return vec4f(textureSampleLevel(frame, smoothed, in.uv, 0.0).rgb, 1.0);
}

@fragment fn present_under_panel(in: Corner) -> @location(0) vec4f {
    let picture = textureSampleLevel(frame, smoothed, in.uv, 0.0).rgb;
    let over = textureLoad(panel, vec2u(in.position.xy), 0);
    return vec4f(picture * (1.0 - over.a) + over.rgb, 1.0);
}
