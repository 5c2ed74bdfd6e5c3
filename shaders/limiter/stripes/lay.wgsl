// Mixes the local mean into what is striped; where there is nothing to do, nothing is drawn.

struct Lay {
    places: vec2f,
    tiles: vec2u,
    dice: u32,
}

@group(0) @binding(0) var<uniform> now: Lay;
@group(0) @binding(1) var smoothed: sampler;
@group(0) @binding(2) var field: texture_2d<f32>;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) uv: vec2f,
}

@vertex fn tile(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Corner {
    let tile = vec2u(instance % now.tiles.x, instance / now.tiles.x);
    var most = 0.0;
    // With its neighbours, between which shares run out.
    for (var at = 0; at < 36; at++) {
        let place = vec2i(tile * 4u) + vec2i(at % 6, at / 6) - 1;
        most = max(most, textureLoad(field, clamp(place, vec2i(0), vec2i(now.places) - 1), 0).a);
    }
    if most <= 0.0 {
        // All corners in one place: no pixel.
        return Corner(vec4f(0.0, 0.0, 0.0, 1.0), vec2f(0.0));
    }
    let corner = vec2f(vec2u(vertex & 1u, vertex >> 1u));
    let uv = min((vec2f(tile) + corner) * 4.0 / now.places, vec2f(1.0));
    return Corner(vec4f(uv.x * 2.0 - 1.0, 1.0 - uv.y * 2.0, 0.0, 1.0), uv);
}

@fragment fn lay(in: Corner) -> @location(0) vec4f {
    let mean = textureSampleLevel(field, smoothed, in.uv, 0.0);
    // A processor blends by bytes.
    let share = round(255.0 * mean.a) / 255.0;
    // Dithered: a soft mean would have steps.
    var dice = (u32(in.position.x) * 1973u + u32(in.position.y) * 9277u) ^ now.dice;
    dice = (dice ^ (dice >> 16u)) * 0x7feb352du;
    dice = (dice ^ (dice >> 15u)) * 0x846ca68bu;
    let noise = f32((dice ^ (dice >> 16u)) & 65535u) / 65536.0 - 0.5;
    return vec4f(max(share * (mean.rgb + noise / 255.0), vec3f(0.0)), share);
}
