// What the brushes leave, and the light on it.

// How many bristles a broad brush has from its middle to its rim.
const BRISTLES = 12.0;
// How long paint stays wet, and how long it is there once it has dried: so there is always bare ground, and the newest stroke is the
// brightest.
const WET_S = 1.6;
const GOES_S = 0.4;

struct Laid {
    @location(0) layer: vec4f,
    // Height and wetness, multiplied by alpha.
    @location(1) body: vec4f,
}

@fragment fn lay(in: BrushCorner) -> Laid {
    let far = in.at.x * in.kind.y;
    let pixel = fwidth(in.at.y);
    // A thin brush has fewer bristles, which do not part.
    let broad = min(1.0, 14.0 / in.kind.y);
    let count = max(BRISTLES * broad, 1.5);
    let place = vec2f(in.at.y * count, 0.12 * far * broad) + 97.0 * in.kind.x;
    // Bristles that pixels cannot show run into one.
    let shown = smoothstep(0.8, 0.4, pixel * count);
    let bristle = 0.5 + 0.7 * shown * gradient_noise(place);
    let clump = 0.5 + 0.7 * gradient_noise(place * vec2f(0.35, 0.6) + 31.0);
    // The front of the brush is round, and bristly; it begins a little before it ended, so that no pixel is left out.
    let front = in.at.x + lag(in.kind.y) * (0.75 * in.at.y * in.at.y + 0.25 * saturate(bristle));
    if front < in.span.x - 0.1 * lag(in.kind.y) || front >= in.span.y { discard; }
    // The brush empties on its way, first at the bristles that hold less, so that it ends in streaks.
    let emptied = mix(-0.15, 0.9, pow(in.at.x, 3.0)) * smoothstep(0.2, 0.8, broad) - 0.1;
    let held = 0.5 * bristle + 0.5 * clump - emptied;
    // Both ends are round.
    let to_end = max(1.0 - min(far, in.kind.y - far), 0.0);
    let rim = 1.0 - length(vec2f(to_end, in.at.y)) - 0.12 * clump * broad;
    let covered = smoothstep(0.0, 0.12, held) * saturate(rim / max(1.2 * pixel, 0.05));
    // Paint is pushed to the rim, and lies in furrows.
    let height = (0.35 + 0.65 * bristle + 0.4 * smoothstep(0.3, 0.1, rim)) * covered;
    let paint = mix(in.paint, in.second, smoothstep(0.45, 0.75, 0.5 * bristle + 0.6 * clump - 0.05));
    return Laid(vec4f(paint * covered, covered), vec4f(height * covered, covered, 0.0, covered));
}

struct Kept {
    @location(0) layer: vec4f,
    @location(1) body: vec2f,
}

// The canvas as it is, a little dryer while there is music. What has dried goes: thin paint first, so that strokes part into bristles,
// and white first, so that what is old is deep, not grey. Paint dries more slowly in calm music, where little is laid.
@fragment fn dry(in: Corner) -> Kept {
    let old = textureLoad(layer, vec2u(in.position.xy), 0);
    let body_now = textureLoad(body, vec2u(in.position.xy), 0).xy;
    let ground = vec4f(0.0, 0.0, 0.0, 1.0);
    let time = now.dt_s * now.presence * mix(0.5, 1.0, now.energy);
    let dried = 1.0 - smoothstep(0.35, 0.6, body_now.y + 0.25 * body_now.x);
    let stays = exp(-time * dried / GOES_S);
    let white = vec3f(min(min(old.r, old.g), old.b) * (1.0 - stays));
    let kept = vec4f((old.rgb - white) * stays, 1.0);
    let body_kept = body_now * vec2f(stays, exp(-time / WET_S));
    return Kept(select(kept, ground, canvas.anew > 0.5), select(body_kept, vec2f(0.0), canvas.anew > 0.5));
}

fn height_at(uv: vec2f) -> f32 {
    return textureSampleLevel(body, clamped, uv, 0.0).x;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    // A hit brings the canvas nearer, as a whole: strokes keep their edges.
    let uv = 0.5 + (in.uv - 0.5) * (1.0 - 0.014 * max(now.kick, 0.6 * now.onset) * moving());
    let d = 1.0 / vec2f(textureDimensions(body));
    let slope = vec2f(height_at(uv + vec2f(d.x, 0.0)) - height_at(uv - vec2f(d.x, 0.0)),
        height_at(uv + vec2f(0.0, d.y)) - height_at(uv - vec2f(0.0, d.y))) * (0.5 * scene.impasto);
    // Raking light that goes round with the bars.
    let angle = 0.6 + 0.5 * sin(TAU * heard.phrase4_phase) + 0.1 * now.time_s;
    let raking = dot(slope, vec2f(cos(angle), sin(angle)));
    let colour = textureSampleLevel(layer, clamped, uv, 0.0).rgb;
    let wet = textureSampleLevel(body, clamped, uv, 0.0).y;
    // What is wet glows on a hit.
    let glow = 1.0 + 0.5 * wet * max(now.kick, 0.6 * now.onset);
    let lit = colour * (glow * clamp(1.0 + 1.5 * raking, 0.25, 2.2));
    let shine = smoothstep(0.16, 0.5, raking) * wet * (0.3 + 0.5 * now.treble);
    return vec4f(lit + shine, 1.0);
}
