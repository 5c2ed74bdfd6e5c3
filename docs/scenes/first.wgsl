/*
name = "First"
about = "Rings that the music pushes."
[[control]]
id = "rings"
min = 2.0
max = 40.0
default = 12.0
*/
@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let far = length(p) * scene.rings - 4.0 * now.kick;
    let line = smoothstep(0.35, 0.0, abs(fract(far - now.time_s * now.energy) - 0.5));
    return vec4f(textureSample(picture, clamped, in.uv).rgb * line * 2.0, 1.0);
}
