// The last pass, at full resolution: light on the surface and its strokes, bloom, and development to sRGB.

@group(1) @binding(0) var painted: texture_2d<f32>;
@group(1) @binding(1) var surface: texture_2d<f32>;
@group(1) @binding(2) var bloom: texture_2d<f32>;

// Tone curve on the brightest channel alone, with the colour's ratios kept, as Lottes does it ("Advanced
// techniques and optimization of HDR color pipelines", 2016); the curve is Narkowicz's filmic fit (2016).
// Only what is far over white turns white.
fn developed(light: vec3f) -> vec3f {
    let peak = max(max(light.r, light.g), max(light.b, 1e-5));
    let x = peak * 0.66;
    let curve = clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
    let over = clamp((peak - 0.9) * 0.16, 0.0, 0.85);
    return mix(light / peak, vec3f(1.0), over * over) * curve;
}

// The sRGB curve; the power of 1 / 2.4 is fitted by roots, which cost a processor less; it is
// off by at most 1 / 2700, a tenth of what 8 bits can show.
fn srgb(light: vec3f) -> vec3f {
    let root = sqrt(light);
    let high = root * 0.83375143 + sqrt(root) * 0.29810975 - light * 0.05531654 - 0.07690398;
    return select(high, light * 12.92, light <= vec3f(0.0031308));
}

@fragment fn finish(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let ground = textureSampleLevel(painted, clamped, in.uv, 0.0);
    let base = ground.rgb;
    let relief = textureSampleLevel(surface, clamped, in.uv, 0.0).xyz;
    let facing = relief.x;
    let steepness = relief.y;
    let strand = relief.z;
    let stroke = strand * (2.0 * BRUSH * knobs.relief);
    let thread = max(strand - 0.15, 0.0) * 12.0;

    // Folds: the height lies in layers, each with a lit edge and a shadow under it. They fade where they would
    // be finer than pixels, and on flat land.
    let layer = ground.a * FOLD_COUNT + now.creep + 0.07 * stroke;
    let f = fract(layer);
    let finesse = FOLD_COUNT * steepness / now.frame_px.y;
    let depth = FOLDS * knobs.relief * saturate(1.6 - 5.0 * finesse) * saturate(steepness * 1.5);
    let soft = clamp(2.0 * finesse, 0.03, 0.5);
    let shadow = saturate((f - 0.35) / 0.65) * saturate((1.0 - f) / soft);
    let edge = saturate(1.0 - f / (2.0 * soft)) ;

    let shade = 0.92 + 0.95 * facing * knobs.relief + 0.28 * stroke
        - depth * shadow * shadow * (0.50 - 0.30 * facing);
    let gleam = saturate(0.50 + 0.85 * facing + 0.22 * stroke);
    let sheen = gleam * gleam * gleam * gleam;
    let crest = max(depth * edge * (0.25 + 0.75 * facing + 0.8 * now.snare), 0.0);

    var light = base * max(shade, 0.05);
    light += (base * 0.9 + 0.006) * (GLOSS * (sheen * (0.5 + 0.4 * now.brightness + 0.7 * now.snare) + crest));
    light += (base * 1.3 + 0.006) * (thread * sheen * (4.0 * now.hat + 1.5 * now.treble));

    light += textureSampleLevel(bloom, clamped, in.uv, 0.0).rgb * (0.06 * knobs.bloom);
    let corner = dot(p, p) / (0.25 * (1.0 + now.aspect * now.aspect));
    light *= now.exposure * (1.0 - 0.55 * knobs.vignette * corner * corner) * (1.0 + 0.5 * now.kick / (1.0 + 6.0 * corner));

    light = max(mix(vec3f(luminance(light)), light, 1.12), vec3f(0.0));
    var shown = srgb(developed(light));
    let dice = random2(vec2u(in.position.xy) ^ vec2u(now.grain_seed, now.grain_seed * 747796405u));
    let grain = (dice.x + dice.y - 1.0) * (0.018 - 0.012 * shown.g);
    shown += grain * knobs.grain + (dice.x - 0.5) / 255.0;
    return vec4f(saturate(shown), 1.0);
}
