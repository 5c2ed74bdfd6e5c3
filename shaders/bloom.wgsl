// Bloom: a chain of halvings, and the way back up, each level adding to the next larger one
// (Jimenez, "Next generation post processing in Call of Duty", 2014, with fewer taps).

@group(1) @binding(0) var source: texture_2d<f32>;
@group(1) @binding(1) var smaller: texture_2d<f32>;

fn sourced(uv: vec2f, roots: bool) -> vec3f {
    let found = textureSampleLevel(source, clamped, uv, 0.0).rgb;
    if roots {
        return unrooted(found);
    }
    return found;
}

// From what is four times as large.
fn quartered(uv: vec2f, roots: bool) -> vec4f {
    let d = 1.0 / vec2f(textureDimensions(source));
    let sum = sourced(uv + vec2f(-d.x, -d.y), roots) + sourced(uv + vec2f(d.x, -d.y), roots)
        + sourced(uv + vec2f(-d.x, d.y), roots) + sourced(uv + vec2f(d.x, d.y), roots);
    return vec4f(sum * 0.25, 1.0);
}

@fragment fn down(in: Corner) -> @location(0) vec4f {
    return quartered(in.uv, false);
}

@fragment fn down_rooted(in: Corner) -> @location(0) vec4f {
    return quartered(in.uv, true);
}

// From what is twice as large: between four pixels one tap is their mean.
@fragment fn halve(in: Corner) -> @location(0) vec4f {
    return vec4f(sourced(in.uv, false), 1.0);
}

@fragment fn halve_rooted(in: Corner) -> @location(0) vec4f {
    return vec4f(sourced(in.uv, true), 1.0);
}

fn risen(image: texture_2d<f32>, uv: vec2f) -> vec4f {
    let d = 0.5 / vec2f(textureDimensions(image));
    let sum = textureSampleLevel(image, clamped, uv + vec2f(d.x, -d.y), 0.0)
        + textureSampleLevel(image, clamped, uv + vec2f(-d.x, d.y), 0.0);
    return sum * 0.5;
}

@fragment fn up(in: Corner) -> @location(0) vec4f {
    return risen(source, in.uv);
}

// The last step up, into bytes: it is faint and soft where it is laid over a frame, and every pixel of the frame reads it.
@fragment fn shed(in: Corner) -> @location(0) vec4f {
    let own = textureSampleLevel(source, clamped, in.uv, 0.0).rgb;
    return vec4f(sqrt((own + risen(smaller, in.uv).rgb) / MOST_SHED), 1.0);
}
