// Scene "coral": two substances react and spread over the picture. Where the picture is high one of them finds more food, so what
// grows follows its shapes; kicks tear holes, which heal in the rhythm of the music.

// The two substances at a place of the simulation, around its edges.
fn grown_at(place: vec2i, size: vec2i) -> vec2f {
    return textureLoad(grown, (place + size) % size, 0).xy;
}

@compute @workgroup_size(8, 8) fn react(@builtin(global_invocation_id) id: vec3u) {
    let size = vec2i(textureDimensions(grown));
    let here = vec2i(id.xy);
    if any(here >= size) { return; }
    let uv = (vec2f(here) + 0.5) / vec2f(size);
    let old = grown_at(here, size);
    let spread = 0.2 * (grown_at(here + vec2i(1, 0), size) + grown_at(here - vec2i(1, 0), size)
        + grown_at(here + vec2i(0, 1), size) + grown_at(here - vec2i(0, 1), size))
        + 0.05 * (grown_at(here + vec2i(1, 1), size) + grown_at(here - vec2i(1, 1), size)
        + grown_at(here + vec2i(1, -1), size) + grown_at(here + vec2i(-1, 1), size)) - old;
    let land = textureSampleLevel(field, clamped, uv, 0.0).x;
    // Between spots and mazes, further along where the land is high.
    let where_to = saturate(scene.growth + 0.5 * (land - 0.5));
    let feed = mix(0.030, 0.046, where_to);
    let kill = mix(0.0605, 0.0625, where_to);
    let reaction = old.x * old.y * old.y;
    var next = old + vec2f(1.0, 0.5) * spread + vec2f(feed * (1.0 - old.x) - reaction, reaction - (feed + kill) * old.y);

    // A kick bites: at places that change from kick to kick.
    let mouth = floor(uv * vec2f(7.0, 7.0));
    let dice = random2(vec2u(mouth) + vec2u(u32(heard.kick_count) * 7u, u32(heard.kick_count) * 13u + 5u));
    let far = length(fract(uv * 7.0) - 0.3 - 0.4 * dice);
    if now.kick > 0.5 && dice.x < 0.22 * scene.bites && far < 0.30 {
        next = mix(next, vec2f(1.0, 0.0), 0.6);
    }
    // And something always comes back.
    let seedling = random2(vec2u(here / 6) + vec2u(u32(now.time_s * 3.0) * 17u, 3u));
    if seedling.x > 0.9993 - 0.0012 * now.energy {
        next.y = max(next.y, 0.4);
    }
    textureStore(grown_out, here, vec4f(clamp(next, vec2f(0.0), vec2f(1.0)), 0.0, 1.0));
}

// The beginning: food everywhere, and seeds where the picture is high.
@fragment fn hold(in: Corner) -> @location(0) vec4f {
    let cell = floor(in.position.xy / 6.0);
    let dice = random2(vec2u(cell) + vec2u(u32(now.seed.x * 65536.0), 1u));
    let land = textureSampleLevel(field, clamped, in.uv, 0.0).x;
    let is_seed = select(0.0, 1.0, dice.x < 0.08 + 0.25 * land);
    return vec4f(1.0 - 0.5 * is_seed, 0.35 * is_seed, 0.0, 1.0);
}

fn height_at(uv: vec2f) -> f32 {
    let two = textureSampleLevel(grown, clamped, uv, 0.0).xy;
    return smoothstep(0.08, 0.36, two.y);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let at = within(viewed(p * (1.0 - 0.05 * now.kick * moving() / (1.0 + 4.0 * dot(p, p)))));
    let d = 0.9 / vec2f(textureDimensions(grown));
    let here = height_at(at);
    let slope = vec2f(height_at(at + vec2f(d.x, 0.0)) - height_at(at - vec2f(d.x, 0.0)),
        height_at(at + vec2f(0.0, d.y)) - height_at(at - vec2f(0.0, d.y))) * scene.depth;
    let normal = normalize(vec3f(-slope * 1.6, 0.8));
    let key = normalize(vec3f(now.toward.x, now.toward.y, 0.75));
    let facing = saturate(dot(normal, key));
    let shine = pow(saturate(dot(reflect(-key, normal), vec3f(0.0, 0.0, 1.0))), 24.0);
    let rim = saturate(length(slope) * 1.8);

    let own = magnified(at).rgb;
    let around = textureSampleLevel(ambience, clamped, at, 0.0).rgb;
    // The body takes the picture's colour, the ground the opposite one, darkly.
    let opposite = max(vec3f(luminance(around)) * 1.4 - around * 0.7, vec3f(0.0));
    let ground = opposite * 0.05 + around * 0.015;
    let body = own * (0.25 + 1.15 * facing) + shine * (0.25 + 0.5 * own);
    var light = mix(ground, body, smoothstep(0.15, 0.75, here));
    // Edges glow with what hits.
    let hot = mix(own, vec3f(luminance(own)), 0.3) * 2.0 + around * 0.6;
    light += hot * rim * scene.glow * (0.10 + 0.9 * now.snare + 0.7 * now.hat + 0.25 * now.treble);
    // The waterline of the ground catches the bass.
    light += own * smoothstep(0.02, 0.12, here) * smoothstep(0.3, 0.12, here) * (0.15 + 0.8 * now.swell);
    return vec4f(light, 1.0);
}
