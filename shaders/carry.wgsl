// Carries what a scene remembers over to a canvas of another size.

@group(1) @binding(0) var before: texture_2d<f32>;

@fragment fn carry(in: Corner) -> @location(0) vec4f {
    return textureSampleLevel(before, clamped, in.uv, 0.0);
}
