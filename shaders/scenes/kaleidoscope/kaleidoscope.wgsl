// Scene "kaleidoscope": the picture behind turning mirrors, like a rose window.

// `p` on the near side of the mirror with this normal; without a crease.
fn mirrored_in(p: vec2f, normal: vec2f) -> vec2f {
    let d = dot(p, normal);
    return p - normal * (d + sqrt(d * d + 1e-5));
}

fn place(p: vec2f) -> vec2f {
    var q = turned(p, now.spin) * (1.0 - 0.16 * now.kick * moving() / (1.0 + 3.0 * dot(p, p)));
    q = mirrored_in(q, vec2f(0.0, -1.0));
    q = mirrored_in(q, now.mirror_a);
    q = mirrored_in(q, now.mirror_b);
    q = mirrored_in(q, now.mirror_c);
    // Two more mirrors inside the wedge make petals.
    q = mirrored_in(q - vec2f(0.40, 0.0), vec2f(0.940, 0.342)) + vec2f(0.40, 0.0);
    q = mirrored_in(q - vec2f(0.17, 0.0), vec2f(-0.766, 0.643)) + vec2f(0.17, 0.0);
    return unstretched(turned((q - vec2f(0.24, 0.06)) * 1.5, now.camera) + 2.0 * now.drift);
}

fn material() -> Material {
    return Material(scene.brush, scene.folds, scene.fold_count, scene.gloss);
}

@fragment fn paint(in: Corner) -> Painted {
    let p = centred(in.uv);
    let at = place(p);
    let land = textureSampleLevel(field, clamped, within(at), 0.0);
    let light = magnified(at).rgb;
    let strand = textureSampleLevel(strands, clamped, within(at), 0.0).x;
    return painted_as(light, land.x, seen(land.yz, at), land.w, strand, material());
}

@fragment fn weave(in: Corner) -> @location(0) vec4f {
    return vec4f(woven(strands, in), 0.0, 0.0, 1.0);
}

@fragment fn light(in: Corner) -> @location(0) vec4f {
    let painted = textureSampleLevel(ground, clamped, in.uv, 0.0);
    return lit(painted, textureSampleLevel(surface, clamped, in.uv, 0.0), material());
}
