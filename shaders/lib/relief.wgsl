// A surface that lies in layers, with brush strokes along its contours, under one key light. A scene paints light and surface at its
// own size; `lit` lights them at the frame's.

// A slope in the picture seen from the frame: change of height per frame height, y down. `at` is the place in
// the picture that this fragment shows.
fn seen(slope: vec2f, at: vec2f) -> vec2f {
    return vec2f(dot(slope, dpdx(at)), dot(slope, dpdy(at))) * canvas.px.y;
}

// What a scene paints: light with the surface's height in alpha; and how much the surface faces the key light
// (-1 to 1), its steepness, and the brush stroke that lies on it (around 0).
struct Painted {
    @location(0) light: vec4f,
    @location(1) surface: vec4f,
}

// Light on a surface with this height, slope (per frame height) and bend, and a stroke.
fn painted_as(light: vec3f, height: f32, slope: vec2f, bend: f32, strand: f32) -> Painted {
    let steepness = length(slope);
    let facing = -dot(slope, now.toward) / (1.2 + steepness);
    // Ridges catch light, creases lose it.
    let crease = clamp(1.0 + 4.0 * bend * knobs.relief, 0.3, 2.0);
    // In bytes, which cost a processor half of what half floats do.
    let packed = vec3f(0.5 + 0.5 * facing, steepness / (2.0 + steepness), 0.5 + strand);
    return Painted(vec4f(light * crease, height), vec4f(packed, 1.0));
}

// How a scene's surface is lit.
struct Material {
    // Strength of the strokes.
    brush: f32,
    // Strength of the folds, and how many there are from black to white.
    folds: f32,
    fold_count: f32,
    gloss: f32,
}

// The light that comes from `ground` (light, and height in alpha) with this packed surface.
fn lit(ground: vec4f, packed: vec3f, material: Material) -> vec4f {
    let base = ground.rgb;
    let facing = 2.0 * packed.x - 1.0;
    let steepness = 2.0 * packed.y / max(1.0 - packed.y, 0.004);
    // What lies at rest is 127 or 128 of 255.
    let strand = packed.z - 0.5;
    let stroke = strand * (2.0 * material.brush * knobs.relief);
    let thread = max(strand - 0.15, 0.0) * 12.0;

    // Folds: the height lies in layers, each with a lit edge and a shadow under it. They fade where they would
    // be finer than pixels, and on flat land.
    let layer = ground.a * material.fold_count + now.creep + 0.07 * stroke;
    let f = fract(layer);
    let finesse = material.fold_count * steepness / canvas.px.y;
    let depth = material.folds * knobs.relief * saturate(1.6 - 5.0 * finesse) * saturate(steepness * 1.5);
    let soft = clamp(2.0 * finesse, 0.03, 0.5);
    let shadow = saturate((f - 0.35) / 0.65) * saturate((1.0 - f) / soft);
    let edge = saturate(1.0 - f / (2.0 * soft)) ;

    let shade = 0.92 + 0.95 * facing * knobs.relief + 0.28 * stroke
        - depth * shadow * shadow * (0.50 - 0.30 * facing);
    let gleam = saturate(0.50 + 0.85 * facing + 0.22 * stroke);
    let sheen = gleam * gleam * gleam * gleam;
    let crest = max(depth * edge * (0.25 + 0.75 * facing + 0.8 * now.snare), 0.0);

    var light = base * max(shade, 0.05);
    light += (base * 0.9 + 0.006) * (material.gloss * (sheen * (0.5 + 0.4 * now.brightness + 0.7 * now.snare) + crest));
    light += (base * 1.3 + 0.006) * (thread * sheen * (4.0 * now.hat + 1.5 * now.treble));

    return vec4f(light, 1.0);
}

// One round of strokes along the picture's contours: it carries them one texel on and lays fresh noise over them (van Wijk, "Image
// based flow visualization", 2002). Strokes lie around 0. The noise changes only as far as the music moves it, so at rest the
// strokes stand still.
fn woven(before: texture_2d<f32>, in: Corner) -> f32 {

    let slope = textureSampleLevel(field, clamped, in.uv, 0.0).yz;
    // Where the land is flat the strokes follow a wide arc of their own.
    let arc = (now.seed.xy - 0.5) * 1.5 + vec2f(in.uv.y - 0.5, 0.5 - in.uv.x) * 2.0;
    let along = vec2f(-slope.y, slope.x) + arc * 0.25;
    let direction = along * inverseSqrt(dot(along, along) + 1e-4);
    let texel = 1.0 / vec2f(textureDimensions(before));
    let carried = textureSampleLevel(before, clamped, within(in.uv - direction * texel * 1.25), 0.0).x;

    let noise = random2(vec2u(in.position.xy)).x;
    let wave = abs(fract(noise + now.shimmer) * 2.0 - 1.0) * 2.0 - 1.0;
    return mix(carried, wave, 0.10);
}
