// Scene "swarm": sparks that ride the picture's contours, with trails that a feedback carries on.

struct Spark {
    // From the middle, in frame heights.
    place: vec2f,
    speed: vec2f,
    // Its own number, 0 to 1, and what is left of its life in seconds.
    kind: f32,
    left_s: f32,
}

fn reach() -> vec2f {
    return vec2f(0.56 * now.aspect, 0.56);
}

fn born(index: u32, again: u32) -> Spark {
    let dice = random2(vec2u(index, again * 977u + u32(now.seed.y * 65536.0)));
    let more = random2(vec2u(index + 7919u, again));
    let place = (dice * 2.0 - 1.0) * reach();
    return Spark(place, vec2f(0.0), more.x, 2.0 + 9.0 * more.y);
}

@compute @workgroup_size(64) fn fly(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    var it = sparks_rw[index];
    let is_first = canvas.anew > 0.5;
    // Born in any case, and taken where it is due: Mesa 22.3 crashes on the call within the branch.
    let fresh = born(index, select(u32(now.time_s * 60.0), 0u, is_first));
    if is_first | (it.left_s <= 0.0) {
        it = fresh;
    }
    let dt_s = min(now.dt_s, 0.05);
    let at = within(viewed(it.place));
    let land = textureSampleLevel(field, clamped, at, 0.0);
    // Along the contours; each spark a little its own way.
    let along = vec2f(-land.z, land.y) / (0.4 + length(land.yz));
    let side = select(-1.0, 1.0, it.kind > 0.12);
    let drift = turned(vec2f(0.15, 0.0), vec2f(cos(TAU * it.kind), sin(TAU * it.kind)));
    let wanted = (along * side * (0.3 + 1.3 * scene.order) + drift * (1.2 - scene.order)) * (0.06 + 0.55 * now.energy + 0.3 * now.swell);
    // Down the slope they gather in the valleys of the picture, up it on a loud bass.
    let fall = land.yz * (0.02 * scene.order) * (1.0 - 3.0 * now.swell);
    // A kick blows them out from a place that wanders.
    let heart = 0.35 * now.drift * vec2f(6.0, 4.0);
    let away = it.place - heart;
    let far = length(away) + 0.05;
    let blast = away / far * (now.kick * now.kick * scene.blast * 4.5 * exp(-3.0 * far));
    let whirl = vec2f(-away.y, away.x) / far * (now.snare * 1.2 * exp(-2.0 * far));
    it.speed += ((wanted - fall - it.speed) * 3.2 + blast + whirl) * dt_s;
    it.place += moving() * it.speed * dt_s;
    it.left_s -= dt_s * (0.6 + 1.4 * now.energy);
    // Who leaves comes in on the other side.
    let edge = reach();
    if any(abs(it.place) > edge) {
        it.place = clamp(-it.place, -edge, edge) * 0.995;
    }
    sparks_rw[index] = it;
}

@fragment fn fade(in: Corner) -> @location(0) vec4f {
    // What was there moves slowly outward, and cools.
    let p = centred(in.uv);
    let zoom = 1.0 - now.dt_s * (0.02 + moving() * (0.10 * now.energy + 0.5 * now.kick));
    // Turned a little, and between texels to and fro: else the axes, where nothing moves, stay sharp and show as a cross.
    let turn = 0.25 * now.dt_s * (0.3 + now.energy);
    let fro = select(-0.35, 0.35, (now.grain_seed & 1u) == 1u) * canvas.px.zw;
    let from_uv = 0.5 + turned(p * zoom, vec2f(1.0, turn)) / vec2f(now.aspect, 1.0) + fro;
    let before = textureSampleLevel(trail, clamped, from_uv, 0.0);
    let keep_s = mix(0.05, 1.6, scene.trails * scene.trails);
    return vec4f(min(before.rgb * exp(-now.dt_s / keep_s), vec3f(32.0)), 1.0) * (1.0 - canvas.anew);
}

fn spark(index: u32) -> Point {
    let it = sparks[index];
    let at = within(viewed(it.place));
    let light = magnified(at).rgb;
    let around = textureSampleLevel(ambience, clamped, at, 0.0).rgb;
    let fast = length(it.speed);
    // Colour from the picture, purer than it is there; some in the colour of the surroundings turned around.
    let grey = vec3f(luminance(light));
    let vivid = max(mix(grey, light, 1.7), vec3f(0.0)) + 0.03;
    let other = max(vec3f(luminance(around) * 2.0) - around, vec3f(0.02));
    var colour = mix(vivid, other, select(0.0, 0.8, it.kind > 0.86));
    // Hats make a few flash.
    let flash = select(0.0, 6.0 * now.hat, fract(it.kind * 57.0 + heard.hat_count * 0.37) < 0.06);
    // As much light for few sparks as for many.
    let share = sqrt(100000.0 / f32(max(canvas.count, 1u)));
    colour *= (0.10 + 0.55 * fast + flash) * saturate(it.left_s) * (0.7 + 0.6 * now.level) * share;
    let size = 0.0011 * scene.size * (0.7 + 0.8 * it.kind + 0.25 * flash) * sqrt(share);
    return Point(it.place, size, vec4f(colour, 1.0));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let sparks_light = textureSampleLevel(trail, clamped, in.uv, 0.0).rgb;
    let behind = magnified(viewed(p)).rgb;
    let dark = behind * behind * (0.5 * scene.veil) * (0.4 + 0.6 * now.swell);
    return vec4f(dark + sparks_light, 1.0);
}
