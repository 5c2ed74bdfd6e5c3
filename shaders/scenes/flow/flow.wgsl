// Scene "flow": the picture's light, carried along its own contours in a feedback of earlier frames.

fn place(p: vec2f) -> vec2f {
    return viewed(p);
}

fn material() -> Material {
    return Material(scene.brush, scene.folds, scene.fold_count, scene.gloss);
}

// The surface, and the light that the next frame carries on, with its height.
struct Flowing {
    @location(0) ground: vec4f,
    @location(1) surface: vec4f,
    @location(2) flowing: vec4f,
}

@fragment fn paint(in: Corner) -> Flowing {
    let p = centred(in.uv);
    let at = place(p);
    let land = textureSampleLevel(field, clamped, within(at), 0.0);
    let slope = seen(land.yz, at);
    // Along the contours, outward from the middle, and a kick blows everything out.
    let curl = vec2f(-slope.y, slope.x) / (0.6 + length(slope));
    let speed = 0.01 + 0.24 * now.energy + 0.3 * now.kick;
    let velocity = (curl * speed + p * (0.02 * now.energy + 0.45 * now.kick)) * moving();
    let from_uv = in.uv - velocity * now.dt_s / vec2f(now.aspect, 1.0);
    let carried = textureSampleLevel(flowing, clamped, from_uv, 0.0);

    // The picture feeds the flow through its strokes: much where one lies, little between them.
    let fresh = magnified(at).rgb;
    let strand = textureSampleLevel(strands, clamped, within(at), 0.0).x;
    let ink = saturate(strand * 4.0);
    let rate = (0.45 + 3.0 * ink * ink) * mix(1.8, 0.3, knobs.feedback);
    let share = max(1.0 - exp(-rate * now.dt_s), canvas.anew);
    let light = clamp(mix(carried.rgb, fresh, share), vec3f(0.0), vec3f(16.0));

    // The surface is the flowing light's own.
    let d = 1.5 * canvas.px.zw;
    let e = textureSampleLevel(flowing, clamped, from_uv + vec2f(d.x, 0.0), 0.0).a;
    let w = textureSampleLevel(flowing, clamped, from_uv - vec2f(d.x, 0.0), 0.0).a;
    let s = textureSampleLevel(flowing, clamped, from_uv + vec2f(0.0, d.y), 0.0).a;
    let n = textureSampleLevel(flowing, clamped, from_uv - vec2f(0.0, d.y), 0.0).a;
    let height = mix(sqrt(luminance(light)), land.x, 0.4);
    let tilt = vec2f(e - w, s - n) * (canvas.px.y / 3.0) * 0.30 + slope * 0.5;
    // What flows has no bend: that of the picture lies elsewhere by now.
    let painted = painted_as(light, height, tilt, 0.0, strand, material());
    return Flowing(painted.ground, painted.surface, vec4f(light, height));
}

@fragment fn weave(in: Corner) -> @location(0) vec4f {
    return vec4f(woven(strands, in), 0.0, 0.0, 1.0);
}

@fragment fn light(in: Corner) -> @location(0) vec4f {
    let painted = textureSampleLevel(ground, clamped, in.uv, 0.0);
    return lit(painted, textureSampleLevel(surface, clamped, in.uv, 0.0), material());
}
