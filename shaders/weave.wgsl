// Brush strokes along the picture's contours: each round (as many a second at every frame rate) carries the strokes one texel on and lays fresh
// noise over them (van Wijk, "Image based flow visualization", 2002). Strokes lie around 0.
// The noise changes only as far as the music moves it, so at rest the strokes stand still.

@group(1) @binding(0) var before: texture_2d<f32>;
@group(1) @binding(1) var field: texture_2d<f32>;

@fragment fn weave(in: Corner) -> @location(0) vec4f {
    let slope = textureSampleLevel(field, clamped, in.uv, 0.0).yz;
    // Where the land is flat the strokes follow a wide arc of their own.
    let arc = (now.seed.xy - 0.5) * 1.5 + vec2f(in.uv.y - 0.5, 0.5 - in.uv.x) * 2.0;
    let along = vec2f(-slope.y, slope.x) + arc * 0.25;
    let direction = along * inverseSqrt(dot(along, along) + 1e-4);
    let texel = 1.0 / vec2f(textureDimensions(before));
    let carried = textureSampleLevel(before, clamped, within(in.uv - direction * texel * 1.25), 0.0).x;

    let noise = random2(vec2u(in.position.xy)).x;
    let wave = abs(fract(noise + now.shimmer) * 2.0 - 1.0) * 2.0 - 1.0;
    return vec4f(mix(carried, wave, 0.10), 0.0, 0.0, 1.0);
}
