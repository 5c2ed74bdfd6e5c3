// An iris of curved blades opens on the new scene; the blades carry the old one, and each lies in the shade of the next.

const BLADES = 9.0;

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let heart = (now.seed.zw - 0.5) * vec2f(now.aspect, 1.0) * 0.25;
    let p = centred(in.uv) - heart;
    let reach = 0.5 * length(vec2f(now.aspect, 1.0)) + 0.35;
    let eased = now.progress * now.progress * (3.0 - 2.0 * now.progress);
    let open = reach * eased;
    let sector = TAU / BLADES;
    let turn = 0.9 * eased + TAU * now.seed.x;
    let angle = atan2(p.y, p.x) + turn;
    let within_sector = angle - sector * floor(angle / sector) - 0.5 * sector;
    // The opening is a polygon whose sides are the blades' straight edges.
    let edge = length(p) * cos(within_sector) - open * cos(0.5 * sector);
    let share = smoothstep(0.003, -0.003, edge);
    let swung = turned(p, vec2f(cos(0.4 * eased), sin(0.4 * eased)));
    let last = textureSampleLevel(leaving, clamped, within((swung + heart) / vec2f(now.aspect, 1.0) + 0.5), 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, in.uv, 0.0).rgb;
    // Shade where a blade comes out from below its neighbour, and along the opening.
    let overlap = smoothstep(-0.5, 0.5, within_sector / sector);
    let shade = mix(1.0, 0.45 + 0.55 * overlap, smoothstep(0.0, 0.1, eased)) * (0.55 + 0.45 * smoothstep(0.0, 0.12, edge));
    let rim = exp(-9000.0 * edge * edge) * smoothstep(0.0, 0.1, eased);
    return vec4f(mix(last * shade, next, share) + (next + 0.05) * rim, 1.0);
}
