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
    // One over the levels of the bloom's chain.
    level: f32,
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
    let peak = max(max(light.r, light.g), light.b);
    let x = peak * 0.66;
    // The curve, over the peak: what it brings over white is cut off in the end.
    let share = (1.6566 * x + 0.0198) / (x * (2.43 * x + 0.59) + 0.14);
    let over = clamp((peak - 0.9) * 0.16, 0.0, 0.85);
    return mix(light, vec3f(peak), over * over) * share;
}

// The sRGB curve; the power of 1 / 2.4 is fitted by a polynomial in the root, which costs a processor less; it is
// off by at most 1 / 1300, a fifth of what 8 bits can show.
fn srgb(light: vec3f) -> vec3f {
    let root = sqrt(light);
    let high = (((root * -0.3095810 + 0.8428011) * root - 0.9448611) * root + 1.4478977) * root - 0.0370044;
    return select(high, light * 12.92, light <= vec3f(0.0031308));
}

// Light, developed to what is shown at this place.
fn develop(painted: vec4f, in: Corner) -> vec4f {
    return finished(painted, in, true);
}

// The same where nothing is graded. On its own: a processor would work out both sides of every branch, pixel by pixel.
fn develop_ungraded(painted: vec4f, in: Corner) -> vec4f {
    return finished(painted, in, false);
}

fn finished(painted: vec4f, in: Corner, graded: bool) -> vec4f {
    let p = centred(in.uv);
    var light = max(painted.rgb, vec3f(0.0));
    let shed_root = textureSampleLevel(bloom, clamped, in.uv, 0.0).rgb;
    let shed = shed_root * shed_root * (MOST_SHED * post.level);
    light = mix(light, shed, post.bloom);
    if graded {
        // Film's red layer lies deepest: what passes through it comes back as a red glow.
        light += max(shed - 0.35, vec3f(0.0)) * vec3f(1.0, 0.22, 0.06) * (0.8 * post.halation);
    }
    let corner = dot(p, p) / (0.25 * (1.0 + now.aspect * now.aspect));
    light *= post.exposure * (1.0 - 0.55 * post.vignette * corner * corner) * (1.0 + post.punch / (1.0 + 6.0 * corner));
    if graded && post.contrast != 0.0 {
        // Around middle grey.
        light = 0.18 * pow(light / 0.18, vec3f(exp2(post.contrast)));
    }
    light = max(mix(vec3f(luminance(light)), light, post.saturation), vec3f(0.0));
    var film = developed(light);
    if graded {
        film = mix(saturate(light), film, post.tone);
        if post.recolours > 0.0 {
            film = saturate(post.vision * film);
        }
    }
    var shown = srgb(saturate(film));
    let dice = random2(vec2u(in.position.xy) ^ vec2u(now.grain_seed, now.grain_seed * 747796405u));
    let grain = (dice.x + dice.y - 1.0) * (0.018 - 0.012 * shown.g);
    shown += grain * post.grain + (dice.x - 0.5) / 255.0;
    return vec4f(saturate(shown), 1.0);
}
