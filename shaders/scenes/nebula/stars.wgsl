// The stars: points in clusters, and three that shine with the spikes of a telescope's mirror, each of another size.

const BRIGHT = 3u;
const CLUSTERS = 14u;

struct StarCorner {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) colour: vec3f,
    // Radius of its disc and share of the spikes.
    @location(2) @interpolate(flat) shape: vec2f,
    @location(3) uv: vec2f,
}

@vertex fn star_corner(@builtin(vertex_index) vertex: u32) -> StarCorner {
    let index = vertex / 6u;
    // Two triangles.
    let which = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u)[vertex % 6u];
    let at = vec2f(f32(which & 1u), f32(which >> 1u)) * 2.0 - 1.0;
    let is_bright = index < BRIGHT;
    let dice = random2(vec2u(index, u32(now.seed.x * 65536.0)));
    let more = random2(vec2u(index + 7919u, 3u));
    // They come nearer, and begin anew far away.
    let depth = fract(dice.x - journey[0].way * (0.35 + 0.4 * more.y));
    // Two thirds stand in clusters, thick in the middle; the others are strewn.
    let wide = vec2f(max(now.aspect, 1.0), max(1.0, 1.0 / now.aspect)) * 0.75;
    let own_place = random2(vec2u(index, 977u)) * 2.0 - 1.0;
    let cluster = random2(vec2u(index % CLUSTERS, 1301u)) * 2.0 - 1.0;
    let is_clustered = dice.y < 0.66 && !is_bright;
    let place = select(own_place * wide * select(1.0, 0.5, is_bright), cluster * wide + own_place * own_place * own_place * 0.42, is_clustered);
    let seen = smoothstep(0.0, 0.2, depth) * smoothstep(1.0, 0.8, depth);
    let nearness = 1.0 / (0.25 + 1.2 * depth);
    // A hat makes some of them flare, each time others; a beat makes all bright ones grow.
    let flares = select(0.0, 1.0, fract(more.x * 57.0 + heard.hat_count * 0.381) < 0.22) * now.hat;
    let rank = select(pow(more.x, 6.0), 1.0 - 0.3 * f32(index), is_bright);
    let own = (0.14 + 1.3 * rank) * (1.0 + 0.5 * now.onset * moving()) + 2.6 * flares * (0.3 + 0.7 * more.y);
    let spiked = own * (0.35 + 0.5 * now.treble + 0.5 * now.beat * moving());
    let reach = select(0.005, (0.04 + 0.11 * min(spiked, 1.5)) * (1.0 - 0.3 * f32(index)), is_bright);
    let tint = mix(ink(0.72), ink(1.0), 0.3 + 0.7 * more.y);
    let colour = tint * own * seen * scene.stars * select(1.2, 2.2, is_bright);
    let p = place * nearness;
    let shown = (p + at * reach) * vec2f(2.0 / now.aspect, -2.0);
    let disc = max(select(0.0010, 0.0026, is_bright) * (0.7 + 0.5 * min(own, 1.5)), 0.7 * canvas.px.w) / reach;
    return StarCorner(vec4f(shown, 0.0, 1.0), at, colour, vec2f(disc, select(0.0, 1.0, is_bright)),
        vec2f(0.5 + 0.5 * shown.x, 0.5 - 0.5 * shown.y));
}

@fragment fn star(in: StarCorner) -> @location(0) vec4f {
    let a = abs(in.at);
    let r2 = dot(in.at, in.at);
    let fades = saturate(1.0 - r2);
    let disc = exp(-r2 / (in.shape.x * in.shape.x));
    let halo = 0.06 * fades * fades * fades / (1.0 + 60.0 * r2);
    // Four long spikes, thinner outward.
    let thin = 0.35 * in.shape.x;
    let spikes = (exp(-a.x / thin) * saturate(1.0 - a.y) + exp(-a.y / thin) * saturate(1.0 - a.x)) * fades * fades;
    let hidden = textureSampleLevel(clear, clamped, in.uv, 0.0).r;
    return vec4f(in.colour * (disc * 2.0 + (0.5 * spikes + halo) * in.shape.y) * mix(hidden, 1.0, 0.3 * in.shape.y), 0.0);
}
