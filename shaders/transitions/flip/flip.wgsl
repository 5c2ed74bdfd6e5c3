// Square tiles turn over about their upright axes in a wave, and the new scene is on their backs; between them it is dark.

const TILES = 6.0;
// How many tiles turn at once: the length of the wave in frame heights.
const WAVE = 0.8;

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let cell = floor(p * TILES) + 0.5;
    let heart = (now.seed.xy - 0.5) * vec2f(now.aspect, 1.0) * 0.6;
    let reach = 0.5 * length(vec2f(now.aspect, 1.0)) + 0.6;
    let dice = random2(vec2u(vec2i(cell + 512.0))).x;
    let begun = (now.progress * (reach + WAVE) - length(cell / TILES - heart) - 0.15 * dice) / WAVE;
    let turn = smoothstep(0.0, 1.0, begun) * 0.5 * TAU;
    // A point of the frame on the turned tile: narrower by the cosine, and nearer on one side.
    let inside = p * TILES - cell;
    let narrow = cos(turn);
    let near = 1.0 + 0.35 * sin(turn) * sign(narrow) * inside.x;
    let on_tile = vec2f(inside.x / max(abs(narrow), 1e-3), inside.y) * near;
    let is_tile = all(abs(on_tile) < vec2f(0.5));
    let is_back = narrow < 0.0;
    let at = within((cell + on_tile) / TILES / vec2f(now.aspect, 1.0) + 0.5);
    let last = textureSampleLevel(leaving, clamped, at, 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, at, 0.0).rgb;
    // Turned away from the viewer it is darker; for a moment it mirrors the light.
    let shade = 0.35 + 0.65 * abs(narrow);
    let glint = 0.25 * pow(abs(sin(turn)), 12.0);
    let colour = select(last, next, is_back) * (shade + glint);
    return vec4f(select(vec3f(0.0), colour, is_tile), 1.0);
}
