/*
name = "Smoke"
about = "Smoke in the picture's colours that rises and curls."
use = ["noise"]

[[control]]
id = "curl"
label = "Curl"
max = 1.0
default = 0.4
tip = "How much it curls on its way."

[[control]]
id = "stay"
label = "Stay"
min = 0.2
max = 5.0
default = 1.2
curve = "log"
tip = "How long it stays, in seconds."

[[pass]]
entry = "rise"
writes = "smoke"
persistent = true
size = 0.5

[[pass]]
entry = "paint"
*/

// What was there goes on upwards, and to a side that the noise tells; new smoke comes where it is thick, and more of it on a kick.
@fragment fn rise(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let side = fbm(3.0 * p + vec2f(0.0, 0.3 * now.time_s), 3u);
    let before = earlier(smoke, in.uv, 0.15, 0.02, vec2f(scene.curl * side, -0.25) * moving(), scene.stay);
    let thick = smoothstep(0.1, 0.5, fbm(5.0 * p + vec2f(0.4 * now.time_s, now.time_s), 4u));
    let ember = smoothstep(0.3, 0.0, abs(p.y - 0.35)) * thick;
    let colour = vivid_colour(0.5 + 0.5 * value_noise(4.0 * p + now.time_s), 0.15);
    return vec4f(max(before, colour * ember * (now.energy + 2.0 * now.kick)), 1.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    return vec4f(textureSampleLevel(smoke, clamped, in.uv, 0.0).rgb, 1.0);
}
