// Scene "picture": the picture itself, printed hard: its contrast is raised against its own surroundings, its edges are drawn together,
// its flat land is grained with the picture in small, and a pool of light wanders over it. The camera drifts; each hit is a stone that is
// thrown into it, and its wave runs through the whole frame; the bass brings heights nearer; contours on its slopes glint with the hats.

// How fast a wave runs, in frame heights a second, and how long it is, in frame heights.
const WAVE_SPEED = 1.9;
const WAVE_LENGTH = 0.22;

// How a ring from a hit that was `age_s` ago pushes a point that is `far` from where it fell: outward, in frame heights.
fn wave(far: f32, age_s: f32, strength: f32) -> f32 {
    let behind = (WAVE_SPEED * age_s - far) / WAVE_LENGTH;
    let ring = exp(-behind * behind) * sin(0.5 * TAU * saturate(0.5 * behind + 0.5));
    return 0.024 * strength * ring * exp(-2.2 * age_s);
}

// A pulse falls from 1 by e-fold in its time constant: so its age is in it.
fn age_s(pulse: f32, decay_s: f32) -> f32 {
    return -decay_s * log(clamp(pulse, 1e-4, 1.0));
}

// The picture as its own grain: how much smaller it is, and turned, so that its mirrors' axes do not show.
const GRAIN = vec2f(3.1, 2.4);

// Mirrored at every whole number.
fn folded(at: vec2f) -> vec2f {
    return abs(fract(0.5 * at + 0.5) * 2.0 - 1.0);
}

// Where in the picture a point of the frame looks.
fn place(p: vec2f) -> vec2f {
    // Stones fall where a slow wanderer and the number of the hit say.
    let dice = random2(vec2u(u32(heard.onset_count), u32(now.seed.x * 65536.0))) - 0.5;
    let struck = dice * vec2f(0.8 * now.aspect, 0.8);
    let kick = wave(length(p), age_s(now.kick, 0.18), 1.6) * p / (length(p) + 0.06);
    let onset = wave(distance(p, struck), age_s(now.onset, 0.12), 1.0) * (p - struck) / (distance(p, struck) + 0.06);
    let blow = 0.05 * max(now.kick, 0.6 * now.onset) / (1.0 + 3.0 * dot(p, p));
    let roll = 0.025 * now.snare * select(-1.0, 1.0, fract(0.5 * heard.snare_count) > 0.25);
    let q = turned(p, vec2f(cos(roll * moving()), sin(roll * moving())));
    return viewed(q * (1.0 - blow * moving()) - (kick + onset) * scene.ripple * moving());
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let flat_place = place(centred(in.uv));
    // What is high stands nearer the camera. The surroundings' height moves it: what is read after that fits together at every edge.
    let around = textureSampleLevel(ambience, clamped, within(flat_place), 0.0);
    let near = around.a * scene.depth * (0.05 + moving() * (0.10 * now.swell + 0.04 * now.kick));
    let at = flat_place - (flat_place - 0.5) * near;
    let land = textureSampleLevel(field, clamped, within(at), 0.0);
    let steepness = length(land.yz);
    // Either side of an edge looks away from it, so that a soft edge becomes a hard one.
    let seen = magnified(at + land.yz * clamp(0.006 * land.w, -0.0004, 0.0004));
    let light = seen.rgb;
    let height = seen.a;
    // Grain: the picture in small, folded over itself, gives flat land a texture that is its own.
    let wide = vec2f(now.picture_px.x * now.picture_px.w, 1.0);
    let small = folded(0.5 + turned((at - 0.5) * wide, GRAIN) / wide);
    let rough = magnified(small).a - textureSampleLevel(ambience, clamped, small, 0.0).a;
    let grain = rough / (0.35 + abs(rough)) * smoothstep(5.0, 0.5, steepness);

    // Bands: where the land rises, each begins with a hard edge and fades towards the next. Flat land stays plain.
    let level = land.x * scene.line_count - 0.25 * heard.all_time_s;
    let width = max(fwidth(level), 1e-4);
    let cut = fract(level);
    let slope = smoothstep(1.0, 5.0, steepness) * saturate(1.5 - 4.0 * width);
    let band = slope * (min(cut, (1.0 - cut) / max(1.5 * width, 0.02)) - 0.5);
    let line = slope * saturate(1.5 - abs(cut - 1.0 + width) / width);

    // Clarity: heights are told from their surroundings, whose own are drawn to a dark middle, so that no large area is pale or blown out.
    let deep = 0.6 * scene.shadow;
    let tone = 0.17 + 0.46 * around.a - 0.2 * deep + (1.1 + deep) * (land.x - around.a) + 2.7 * (height - land.x)
        + 0.2 * scene.lines * band + 0.4 * scene.texture * grain;
    // The foot of the curve is black; its shoulder keeps lights below white.
    let foot = max(tone, 0.0);
    let shown = foot * foot * (1.0 + foot) / (0.10 + 0.55 * foot + foot * foot);
    // A pool of light wanders over it, and opens with the hits; what lies beyond it is night.
    let way = vec2f(0.21, 0.34) * heard.all_time_s + TAU * now.seed.xy;
    let off = distance(centred(in.uv), vec2f(0.3 * now.aspect, 0.22) * sin(way)) - 0.1 * max(now.kick, 0.7 * now.onset);
    let night = max(1.35 - 1.6 * scene.shadow * smoothstep(0.15, 0.95, off), 0.0);
    // What is dull gains more colour; what is all but white takes the music's inks, which are full where it is: never grey.
    let pale = min(min(light.r, light.g), light.b) / max(max(max(light.r, light.g), light.b), 0.01);
    let pure = vivid(light, 1.0 + scene.colour * (0.6 + pale)) * (shown * shown / max(height * height, 0.004));
    var colour = mix(pure, ink(0.1 + 0.8 * shown), saturate(scene.colour) * smoothstep(0.58, 0.8, pale)) * night;

    let glint = 0.25 + 0.4 * now.treble + 0.8 * now.hat + 0.3 * now.snare;
    let edge = mix(ink(0.85), accent(0u), saturate(scene.colour * land.x));
    colour += edge * (line * scene.lines * glint * (0.15 + shown));
    return vec4f(colour, 1.0);
}
