// Bloom: a chain of halvings, and the way back up, each level adding to the next larger one
// (Jimenez, "Next generation post processing in Call of Duty", 2014, with fewer taps).

@group(1) @binding(0) var source: texture_2d<f32>;

@fragment fn down(in: Corner) -> @location(0) vec4f {
    let d = 1.0 / vec2f(textureDimensions(source));
    var sum = vec3f(0.0);
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, -d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(d.x, -d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(d.x, d.y), 0.0).rgb;
    return vec4f(sum * 0.25, 1.0);
}

@fragment fn up(in: Corner) -> @location(0) vec4f {
    let d = 0.75 / vec2f(textureDimensions(source));
    var sum = vec3f(0.0);
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, -d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(d.x, -d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(-d.x, d.y), 0.0).rgb;
    sum += textureSampleLevel(source, clamped, in.uv + vec2f(d.x, d.y), 0.0).rgb;
    return vec4f(sum * 0.25, 1.0);
}
