// The last pass, at full resolution: light on the surface and its strokes, bloom, and development to sRGB.

@group(1) @binding(0) var painted: texture_2d<f32>;
@group(1) @binding(1) var surface: texture_2d<f32>;
@group(1) @binding(2) var weave: texture_2d<f32>;
@group(1) @binding(3) var bloom: texture_2d<f32>;

// Tone curve on the brightest channel alone, with the colour's ratios kept, as Lottes does it ("Advanced
// techniques and optimization of HDR color pipelines", 2016); the curve is Narkowicz's filmic fit (2016).
// Only what is far over white turns white.
fn developed(light: vec3f) -> vec3f {
    let peak = max(max(light.r, light.g), max(light.b, 1e-5));
    let x = peak * 0.72;
    let curve = clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
    let over = clamp((peak - 0.9) * 0.16, 0.0, 0.85);
    return mix(light / peak, vec3f(1.0), over * over) * curve;
}

fn srgb(light: vec3f) -> vec3f {
    let low = light * 12.92;
    let high = 1.055 * pow(max(light, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055;
    return select(high, low, light <= vec3f(0.0031308));
}

@fragment fn finish(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let base = textureSampleLevel(painted, clamped, in.uv, 0.0).rgb;
    let ground = textureSampleLevel(surface, clamped, in.uv, 0.0);
    let toward = vec2f(cos(now.light_rad), sin(now.light_rad));

    // Strokes: their own height towards the light, whatever mirrors lie between.
    let here = textureSampleLevel(weave, mirrored, place(p), 0.0).xy;
    let there = textureSampleLevel(weave, mirrored, place(p + toward * 0.0035), 0.0).x;
    let emboss = clamp((here.x - there) * 2.2, -0.6, 0.6) * BRUSH * now.relief;

    // Relief.
    let steep = ground.yz * (0.16 * now.relief);
    let tilt = steep / (1.0 + length(steep));
    let facing = -dot(tilt, toward) + emboss * 0.35;
    let shade = 1.0 + 0.55 * facing + 0.6 * here.x * BRUSH * 0.5 + 4.0 * ground.w;
    let sheen = pow(clamp(0.55 + facing, 0.0, 1.0), 6.0);

    var light = base * max(shade, 0.05);
    light += (base * 0.8 + 0.03) * sheen * GLOSS * (0.5 + 0.5 * now.brightness + now.snare);
    light += (base + 0.08) * here.y * (1.2 * now.hat + 0.4 * now.treble);

    light += textureSampleLevel(bloom, clamped, in.uv, 0.0).rgb * (0.05 * now.bloom);
    let corner = dot(p, p) / (0.25 * (1.0 + now.aspect * now.aspect));
    light *= now.exposure * (1.0 - 0.5 * now.vignette * corner * corner) * (1.0 + 0.5 * now.kick * exp2(-6.0 * corner));

    var shown = srgb(developed(max(light, vec3f(0.0))));
    let dice = random2(vec2u(in.position.xy) ^ vec2u(now.grain_seed, now.grain_seed * 747796405u));
    let grain = (dice.x + dice.y - 1.0);
    shown += grain * (0.022 * now.grain * (0.35 + 0.65 * (1.0 - luminance(shown)))) + (dice.x - 0.5) / 255.0;
    return vec4f(clamp(shown, vec3f(0.0), vec3f(1.0)), 1.0);
}
