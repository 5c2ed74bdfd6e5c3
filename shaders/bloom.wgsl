// Bloom: a chain of halvings, and the way back up, each level adding to the next larger one
// (Jimenez, "Next generation post processing in Call of Duty", 2014, with fewer taps).

@group(1) @binding(0) var source: texture_2d<f32>;

// From what is four times as large.
@fragment fn down(in: Corner) -> @location(0) vec4f {
    let d = 1.0 / vec2f(textureDimensions(source));
    var sum = vec3f(0.0);
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, -d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(d.x, -d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(d.x, d.y), 0.0).rgb;
    return vec4f(sum * 0.25, 1.0);
}

// From what is twice as large: between four pixels one tap is their mean.
@fragment fn halve(in: Corner) -> @location(0) vec4f {
    return textureSampleLevel(source, clamped, in.uv, 0.0);
}

@fragment fn up(in: Corner) -> @location(0) vec4f {
    let d = 0.5 / vec2f(textureDimensions(source));
    let sum = textureSampleLevel(source, clamped, in.uv + vec2f(d.x, -d.y), 0.0)
        + textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, d.y), 0.0);
    return sum * 0.5;
}
