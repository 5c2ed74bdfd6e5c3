// The newest two pictures, and what is derived from them, become one: each is moved along the way between them.

@group(1) @binding(0) var previous: texture_2d<f32>;
@group(1) @binding(1) var newest: texture_2d<f32>;
@group(1) @binding(2) var motion: texture_2d<f32>;

// Where the frame shows this place of a picture of another shape; usually the place itself.
fn reshaped(uv: vec2f) -> vec2f {
    return 0.5 + (uv - 0.5) * now.refit;
}

// Numbers that mix as they are.
@fragment fn tween(in: Corner) -> @location(0) vec4f {
    return tweened_texture(previous, newest, motion, reshaped(in.uv));
}

@fragment fn tween_field(in: Corner) -> @location(0) vec4f {
    let land = tweened_texture(previous, newest, motion, reshaped(in.uv));
    return vec4f(land.x, land.yz * now.refit, land.w);
}

// The pictures' light, which is kept as its square root: as it is, with its height in alpha; and kept the same way.
@fragment fn tween_light(in: Corner) -> @location(0) vec4f {
    return tweened_pictures(previous, newest, motion, reshaped(in.uv));
}

@fragment fn tween_root(in: Corner) -> @location(0) vec4f {
    let light = tweened_pictures(previous, newest, motion, reshaped(in.uv));
    return vec4f(sqrt(light.rgb), 1.0);
}
