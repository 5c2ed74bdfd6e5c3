// Scene "picture": the picture itself as a lit, silken relief that drifts, breathes and is struck.

// Where in the picture a point of the frame looks. A kick pushes out from the middle, like a struck skin.
fn place(p: vec2f) -> vec2f {
    return viewed(p * (1.0 - 0.12 * now.kick * moving() / (1.0 + 4.0 * dot(p, p))));
}

fn material() -> Material {
    return Material(scene.brush, scene.folds, scene.fold_count, scene.gloss);
}

@fragment fn paint(in: Corner) -> Painted {
    let flat_place = place(centred(in.uv));
    let land = textureSampleLevel(field, clamped, within(flat_place), 0.0);
    // High ground stands nearer: it moves more when the bass swells.
    let near = land.x * (0.05 + moving() * (0.09 * now.swell + 0.05 * now.kick));
    let at = flat_place - (flat_place - 0.5) * near;
    let light = magnified(at).rgb;
    let strand = textureSampleLevel(strands, clamped, within(flat_place), 0.0).x;
    return painted_as(light, land.x, seen(land.yz, flat_place), land.w, strand, material());
}

@fragment fn weave(in: Corner) -> @location(0) vec4f {
    return vec4f(woven(strands, in), 0.0, 0.0, 1.0);
}

@fragment fn light(in: Corner) -> @location(0) vec4f {
    let painted = textureSampleLevel(ground, clamped, in.uv, 0.0);
    return lit(painted, textureSampleLevel(surface, clamped, in.uv, 0.0), material());
}
