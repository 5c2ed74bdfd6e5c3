/*
name = "Trails"
about = "Lines of the spectrum that burn away."

[[control]]
id = "stay"
label = "Stay"
min = 0.1
max = 3.0
default = 0.8
curve = "log"
tip = "How long a line stays, in seconds."

[[control]]
id = "ink"
kind = "colour"
default = "#ffa040"

[[pass]]
entry = "burn"
writes = "trail"
persistent = true

[[pass]]
entry = "paint"
*/

// What was there rises a little and cools; a new line is drawn where the sound is. The brighter of the two stays: so it looks the
// same at any frame rate.
@fragment fn burn(in: Corner) -> @location(0) vec4f {
    let before = textureSampleLevel(trail, clamped, in.uv + vec2f(0.0, 0.12 * now.dt_s), 0.0).rgb;
    let height = 0.9 - 0.7 * spectrum_at(in.uv.x);
    let line = smoothstep(0.008, 0.0, abs(in.uv.y - height));
    let stays = before * exp(-now.dt_s / scene.stay) * (1.0 - canvas.anew);
    return vec4f(max(stays, scene.ink.rgb * line * (1.0 + 3.0 * now.kick)), 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let light = textureSampleLevel(trail, clamped, in.uv, 0.0).rgb;
    let behind = textureSampleLevel(ambience, clamped, in.uv, 0.0).rgb;
    return vec4f(light + 0.1 * behind, 1.0);
}
