// A surface that lies in layers, with brush strokes along its contours, under one key light. A scene paints light and surface at its
// own size; `lit` lights them at the frame's.

// A slope in the picture seen from the frame: change of height per frame height, y down. `at` is the place in
// the picture that this fragment shows.
fn seen(slope: vec2f, at: vec2f) -> vec2f {
    return vec2f(dot(slope, dpdx(at)), dot(slope, dpdy(at))) * canvas.px.y;
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

// What a scene paints, in bytes, which cost a processor half of what half floats do: roots of light, and the surface's shade; and where
// between two folds a place lies (see `turned_to`), the root of how many folds there are in a pixel, and the root of its gloss.
struct Painted {
    @location(0) ground: vec4f,
    @location(1) surface: vec4f,
}

// A place between two folds, 0 to 1, as a place on a square that stands on its corner: unlike the number itself this can be mixed
// with a neighbour's across a fold.
fn turned_to(fold: f32) -> vec2f {
    let x = abs(4.0 * fold - 2.0) - 1.0;
    return vec2f(x, (1.0 - abs(x)) * select(-1.0, 1.0, fold < 0.5));
}

// The most that bytes hold.
const MOST_SHADE = 2.4;
const MOST_GLOSS = 4.0;
// Folds in a pixel, from which on none is seen.
const MOST_FINESSE = 0.32;
// What is neither lit nor shaded.
const PLAIN_SHADE = 0.92;

// Light on a surface with this height, slope (per frame height) and bend, and a stroke.
fn painted_as(light: vec3f, height: f32, slope: vec2f, bend: f32, strand: f32, material: Material) -> Painted {
    let steepness = length(slope);
    let facing = -dot(slope, now.toward) / (1.2 + steepness);
    // Ridges catch light, creases lose it.
    let crease = clamp(1.0 + 4.0 * bend * knobs.relief, 0.3, 2.0);
    let stroke = strand * (2.0 * material.brush * knobs.relief);
    let shade = PLAIN_SHADE + 0.95 * facing * knobs.relief + 0.28 * stroke;
    let gleam = saturate(0.50 + 0.85 * facing + 0.22 * stroke);
    let sheen = gleam * gleam * gleam * gleam;
    let thread = max(strand - 0.15, 0.0) * (70.0 * now.hat + 26.0 * now.treble);
    let gloss = sheen * (material.gloss * (0.5 + 0.4 * now.brightness + 0.7 * now.snare) + thread);
    let finesse = material.fold_count * steepness * now.frame_px.w;
    let fold = turned_to(fract(height * material.fold_count + 0.07 * stroke + now.creep));
    let ground = vec4f(rooted(light * crease), shade / MOST_SHADE);
    return Painted(ground, vec4f(0.5 + 0.5 * fold, sqrt(vec2f(finesse / MOST_FINESSE, gloss / MOST_GLOSS))));
}

// The light that comes from what was painted.
fn lit(ground: vec4f, surface: vec4f, material: Material) -> vec4f {
    let base = unrooted(ground.rgb);
    let shade = MOST_SHADE * ground.a;
    let gloss = MOST_GLOSS * surface.w * surface.w;
    let finesse = MOST_FINESSE * surface.z * surface.z;
    let sharp = 2.0 / clamp(4.0 * finesse, 0.06, 1.0);

    // Folds: the height lies in layers, each with a lit edge and a shadow under it.
    let fold = surface.xy * 2.0 - 1.0;
    let half_turn = 0.25 + 0.25 * fold.x / max(abs(fold.x) + abs(fold.y), 0.01);
    let f = 0.5 + select(half_turn, -half_turn, fold.y >= 0.0);
    // They fade where they would be finer than pixels, and on flat land.
    let steepness = finesse * now.frame_px.y / material.fold_count;
    let depth = saturate(1.6 - 5.0 * finesse) * saturate(steepness * 1.5) * (material.folds * knobs.relief);
    let shadow = saturate(f * (1.0 / 0.65) - 0.35 / 0.65) * saturate((1.0 - f) * sharp);
    let edge = saturate(1.0 - 0.5 * f * sharp);
    let lift = shade - PLAIN_SHADE;
    let shaded = depth * shadow * shadow * (0.50 - 0.32 * lift);
    let crest = max(depth * edge * (0.25 + 0.79 * lift + 0.8 * now.snare), 0.0);
    return vec4f(base * max(shade - shaded, 0.05) + (base * 0.9 + 0.006) * (gloss + material.gloss * crest), 1.0);
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
    let carried = textureSampleLevel(before, clamped, within(in.uv - direction * texel * 1.6), 0.0).x;

    let noise = random2(vec2u(in.position.xy)).x;
    let wave = abs(fract(noise + now.shimmer) * 2.0 - 1.0) * 2.0 - 1.0;
    return mix(carried, wave, 0.14);
}
