// The new scene pushes the old one out of the frame, fast at first and braking at the end, as a shutter that is open for a while sees it.

const EXPOSURES = 7;

// `way` is how far it has come, 0 to 1; `to_left` is 1 or -1.
fn slid(uv: vec2f, way: f32, to_left: f32) -> vec3f {
    let at = uv.x + to_left * way;
    let last = textureSampleLevel(leaving, clamped, vec2f(at, uv.y), 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, vec2f(at - to_left, uv.y), 0.0).rgb;
    return select(last, next, abs(at - 0.5) > 0.5);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    // To the left or to the right, by the seed.
    let to_left = select(1.0, -1.0, now.seed.w > 0.5);
    let left = 1.0 - now.progress;
    let way = 1.0 - left * left * left;
    let speed = 3.0 * left * left * 0.05 * moving();
    var sum = vec3f(0.0);
    for (var i = 0; i < EXPOSURES; i++) {
        sum += slid(in.uv, way - speed * f32(i) / f32(EXPOSURES), to_left);
    }
    return vec4f(sum / f32(EXPOSURES), 1.0);
}
