// Lays the last light over this frame, as strongly as the limiter has decided; where it has nothing to do, nothing is drawn.

struct Now {
    probes: vec2f,
    tiles: vec2u,
    dice: u32,
}

@group(0) @binding(0) var<uniform> now: Now;
@group(0) @binding(1) var before: texture_2d<f32>;
@group(0) @binding(2) var smoothed: sampler;
@group(0) @binding(3) var strengths: texture_2d<f32>;
@group(0) @binding(4) var tile_strengths: texture_2d<f32>;
@group(0) @binding(5) var sought: texture_2d<f32>;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) uv: vec2f,
}

@vertex fn tile(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Corner {
    let tile = vec2u(instance % now.tiles.x, instance / now.tiles.x);
    if textureLoad(tile_strengths, tile, 0).x <= 0.0 {
        // All corners in one place: no pixel.
        return Corner(vec4f(0.0, 0.0, 0.0, 1.0), vec2f(0.0));
    }
    let corner = vec2f(vec2u(vertex & 1u, vertex >> 1u));
    let uv = min((vec2f(tile) + corner) * 4.0 / now.probes, vec2f(1.0));
    return Corner(vec4f(uv.x * 2.0 - 1.0, 1.0 - uv.y * 2.0, 0.0, 1.0), uv);
}

@fragment fn lay(in: Corner) -> @location(0) vec4f {
    let held = textureSampleLevel(strengths, smoothed, in.uv, 0.0);
    let now_sought = textureSampleLevel(sought, smoothed, in.uv, 0.0);
    let share = held.a;
    let last = textureLoad(before, vec2u(in.position.xy), 0).rgb;
    // Dithered: what is added in a frame is less than 8 bits can say, and would be lost in each of them.
    var dice = (u32(in.position.x) * 1973u + u32(in.position.y) * 9277u) ^ now.dice;
    dice = (dice ^ (dice >> 16u)) * 0x7feb352du;
    dice = (dice ^ (dice >> 15u)) * 0x846ca68bu;
    let noise = f32((dice ^ (dice >> 16u)) & 65535u) / 65536.0 - 0.5;
    let kept = kept_light(held.rgb, now_sought.rgb, last, share, now_sought.a);
    return vec4f(kept.rgb + share * noise / 255.0, kept.a);
}
