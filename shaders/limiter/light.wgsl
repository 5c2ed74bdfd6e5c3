// What a place shows where it keeps a share of what was shown before.

// What is drawn stays as sharp as it is: only the soft light around a place is kept, `held` of the last frame in place of `sought` of
// the one that is wanted. It is added where there is too little; where there is too much the frame is darkened. `whole` says how much
// the last frame itself is kept instead, for what flashes in parts finer than that. The result is `rgb + frame * (1 - a)`.
fn kept_light(held: vec3f, sought: vec3f, last: vec3f, share: f32, whole: f32) -> vec4f {
    let darker = saturate(1.0 - held / max(sought, vec3f(1e-3)));
    let darkened = share * max(max(darker.r, darker.g), darker.b);
    let rgb = mix(share * held + (darkened - share) * sought, share * last, whole);
    // A processor blends by bytes: what they take away too much is given back.
    let wished = mix(darkened, share, whole);
    let alpha = round(255.0 * wished) / 255.0;
    return vec4f(max(rgb + (alpha - wished) * mix(sought, last, whole), vec3f(0.0)), alpha);
}
