// The newest two pictures become one, ready to be magnified. Alpha is its height: brighter is higher.

@group(1) @binding(0) var previous: texture_2d<f32>;
@group(1) @binding(1) var newest: texture_2d<f32>;
@group(1) @binding(2) var ambience: texture_2d<f32>;

fn mixed(uv: vec2f) -> vec3f {
    return mix(textureSampleLevel(previous, clamped, uv, 0.0).rgb,
        textureSampleLevel(newest, clamped, uv, 0.0).rgb, now.tween);
}

@fragment fn tween(in: Corner) -> @location(0) vec4f {
    let step = fwidth(in.uv);
    let here = mixed(in.uv);
    let around = mixed(in.uv + vec2f(step.x, 0.0)) + mixed(in.uv - vec2f(step.x, 0.0))
        + mixed(in.uv + vec2f(0.0, step.y)) + mixed(in.uv - vec2f(0.0, step.y));
    // The spline that magnifies this smooths it too: sharpen by the first terms of the spline's inverse, so
    // that it passes through the picture's own values.
    var light = max(here * (5.0 / 3.0) - around * (1.0 / 6.0), vec3f(0.0));

    // Valleys lie in the shade of their surroundings, and in their light.
    let height = sqrt(luminance(here));
    let air = textureSampleLevel(ambience, clamped, in.uv, 0.0);
    light = light * saturate(1.0 + 0.9 * (height - air.a)) + air.rgb * (0.06 * (1.0 - height));

    let turns = knobs.hue / 360.0;
    if turns != 0.0 {
        let lab = oklab(light);
        let turn = vec2f(cos(TAU * turns), sin(TAU * turns));
        light = max(linear_from_oklab(vec3f(lab.x, turned(lab.yz, turn))), vec3f(0.0));
    }
    return vec4f(light, height);
}
