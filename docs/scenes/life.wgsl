/*
name = "Life"
about = "Conway's game, sown by the snare and lit by the picture."

[[control]]
id = "seeds"
max = 1.0
default = 0.5

[[pass]]
entry = "sow"
writes = "cells"
size = { square = 0.25, least = 64, most = 256 }
persistent = true
once = true

[[pass]]
entry = "live"
kind = "compute"
over = "cells"
rate_hz = 12

[[pass]]
entry = "paint"
*/

// The first generation.
@fragment fn sow(in: Corner) -> @location(0) vec4f {
    return vec4f(step(random2(vec2u(in.position.xy)).x, 0.3));
}

fn cell(place: vec2i, size: vec2i) -> f32 {
    return step(0.9, textureLoad(cells, (place + size) % size, 0).x);
}

// One generation: `cells` is what was, `cells_out` what comes.
@compute @workgroup_size(8, 8) fn live(@builtin(global_invocation_id) id: vec3u) {
    let size = vec2i(textureDimensions(cells));
    let here = vec2i(id.xy);
    if any(here >= size) { return; }
    var around = 0.0;
    for (var y = -1; y <= 1; y++) {
        for (var x = -1; x <= 1; x++) {
            around += cell(here + vec2i(x, y), size);
        }
    }
    let alive = cell(here, size);
    around -= alive;
    var next = select(0.0, 1.0, around == 3.0 || (around == 2.0 && alive > 0.5));
    // A snare sows.
    let dice = random2(vec2u(id.xy) + vec2u(u32(heard.snare_count) * 31u));
    if now.snare > 0.3 && dice.x < 0.06 * scene.seeds {
        next = 1.0;
    }
    // Who has died glows on for a while.
    let glow = max(textureLoad(cells, here, 0).x * 0.85, next);
    textureStore(cells_out, here, vec4f(select(min(glow, 0.8), 1.0, next > 0.5)));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let own = textureSampleLevel(picture, clamped, within(viewed(centred(in.uv))), 0.0).rgb;
    let size = vec2f(textureDimensions(cells));
    let life = textureLoad(cells, vec2i(in.uv * size), 0).x;
    let gap = smoothstep(0.5, 0.38, length(fract(in.uv * size) - 0.5));
    return vec4f(own * life * life * gap * (1.5 + 2.0 * now.kick) + own * 0.03, 1.0);
}
