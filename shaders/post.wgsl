// What comes after every scene, at full resolution: bloom, halation, exposure, grade, tone curve, grain, sRGB and dither. Each part
// has its knob, and what suits the scene multiplies it (engine/src/stage/graph/post.rs).

struct Post {
    // What multiplies the light.
    exposure: f32,
    // What share of the light the bloom takes, of each level of its chain: what it adds it takes from elsewhere.
    bloom: f32,
    grain: f32,
    vignette: f32,
    halation: f32,
    aberration: f32,
    contrast: f32,
    saturation: f32,
    // How strongly a kick lightens the middle.
    punch: f32,
    // Levels of the bloom's chain.
    levels: f32,
    // How much of the tone curve there is: 0 shows light as it is.
    tone: f32,
    // Whether `vision` changes anything.
    recolours: f32,
    // What becomes of colours so that the viewer's eyes tell them apart.
    vision: mat3x3f,
}

@group(2) @binding(2) var<uniform> post: Post;

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

// Light, developed to what is shown at this place.
fn develop(painted: vec4f, in: Corner) -> vec4f {
    let p = centred(in.uv);
    var light = max(painted.rgb, vec3f(0.0));
    let shed = textureSampleLevel(bloom, clamped, in.uv, 0.0).rgb;
    light = mix(light, shed / post.levels, post.bloom);
    // Film's red layer lies deepest: what passes through it comes back as a red glow.
    light += max(shed / post.levels - 0.35, vec3f(0.0)) * vec3f(1.0, 0.22, 0.06) * (0.8 * post.halation);
    let corner = dot(p, p) / (0.25 * (1.0 + now.aspect * now.aspect));
    light *= post.exposure * (1.0 - 0.55 * post.vignette * corner * corner) * (1.0 + post.punch / (1.0 + 6.0 * corner));
    // Contrast around middle grey.
    if post.contrast != 0.0 {
        light = 0.18 * pow(light / 0.18, vec3f(exp2(post.contrast)));
    }
    light = max(mix(vec3f(luminance(light)), light, select(1.0, 1.12, post.tone > 0.0) * post.saturation), vec3f(0.0));
    var film = developed(light);
    if post.tone < 1.0 {
        film = mix(saturate(light), film, post.tone);
    }
    if post.recolours > 0.0 {
        film = saturate(post.vision * film);
    }
    var shown = srgb(film);
    let dice = random2(vec2u(in.position.xy) ^ vec2u(now.grain_seed, now.grain_seed * 747796405u));
    let grain = (dice.x + dice.y - 1.0) * (0.018 - 0.012 * shown.g);
    shown += grain * post.grain + (dice.x - 0.5) / 255.0;
    return vec4f(saturate(shown), 1.0);
}
