// Scene "picture": the picture itself as a lit, silken relief that drifts, breathes and is struck.

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var field: texture_2d<f32>;
@group(1) @binding(2) var strands: texture_2d<f32>;

// Strength of the strokes, of the folds, and how many folds there are from black to white.
const BRUSH = 1.0;
const FOLDS = 1.0;
const FOLD_COUNT = 13.0;
const GLOSS = 1.0;

// Where in the picture a point of the frame looks. A kick pushes out from the middle, like a struck skin.
fn place(p: vec2f) -> vec2f {
    return viewed(p * (1.0 - 0.12 * now.kick / (1.0 + 4.0 * dot(p, p))));
}

@fragment fn paint(in: Corner) -> Painted {
    let flat_place = place(centred(in.uv));
    let land = textureSampleLevel(field, clamped, within(flat_place), 0.0);
    // High ground stands nearer: it moves more when the bass swells.
    let near = land.x * (0.05 + 0.09 * now.swell + 0.05 * now.kick);
    let at = flat_place - (flat_place - 0.5) * near;
    let light = spline(picture, within(at)).rgb;
    let strand = textureSampleLevel(strands, clamped, within(flat_place), 0.0).x;
    return painted_as(light, land.x, seen(land.yz, flat_place), land.w, strand);
}
