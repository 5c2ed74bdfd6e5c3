// A picture in the light and shade of its own surroundings, once: square roots of light, since eight bits hold dark colours better so, and
// edges lie where eyes see them.

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var ambience: texture_2d<f32>;

fn shaded(uv: vec2f) -> vec3f {
    let light = textureSampleLevel(picture, clamped, uv, 0.0).rgb;
    // Valleys (brighter is higher) lie in the shade of their surroundings, and in their light.
    let height = sqrt(luminance(light));
    let air = textureSampleLevel(ambience, clamped, uv, 0.0);
    return light * saturate(1.0 + 0.9 * (height - air.a)) + air.rgb * (0.06 * (1.0 - height));
}

@fragment fn shade(in: Corner) -> @location(0) vec4f {
    return vec4f(sqrt(shaded(in.uv)), 1.0);
}

// With all hues turned by the knob. On its own: a processor would do this for every pixel, asked or not.
@fragment fn shade_turned(in: Corner) -> @location(0) vec4f {
    let angle = radians(knobs.hue);
    let lab = oklab(shaded(in.uv));
    let light = linear_from_oklab(vec3f(lab.x, turned(lab.yz, vec2f(cos(angle), sin(angle)))));
    return vec4f(sqrt(max(light, vec3f(0.0))), 1.0);
}
