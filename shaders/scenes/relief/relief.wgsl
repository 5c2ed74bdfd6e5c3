// Scene "relief": a block of dark, engraved layers. The picture's broad shapes are cut into terraces; one low key light rakes over them,
// so that each layer throws a hard shadow on the next and only its rim catches light. The bass lifts the layers, kicks strike them like a
// skin, snares run along their rims and hats glint in the engraving.

// How far a layer throws its shadow at rest, in frame heights.
const THROW = 0.026;

// Where in the picture a point of the frame looks. A kick pushes out from the middle, like a struck skin.
fn place(p: vec2f) -> vec2f {
    return viewed(p * (1.0 - 0.10 * now.kick * moving() / (1.0 + 4.0 * dot(p, p))));
}

// The form that is cut, and its slope: the picture's heights, smoothed wider than texels and told from their surroundings, so that bright
// pictures have deep places too. It follows the picture slowly: layers grow and shrink, they do not jump.
@fragment fn shape(in: Corner) -> @location(0) vec4f {
    let around = textureSampleLevel(ambience, clamped, in.uv, 0.0).a;
    const APART = 0.014;
    var sum = 0.0;
    var slope = vec2f(0.0);
    for (var i = 0; i < 9; i++) {
        let to = vec2f(f32(i % 3), f32(i / 3)) - 1.0;
        let height = textureSampleLevel(field, clamped, within(in.uv + to * APART), 0.0).x;
        sum += height;
        slope += to * height;
    }
    let aim = vec3f(0.33 - 0.88 * around + 1.3 * sum / 9.0, slope * (1.3 / (6.0 * APART)));
    let kept = textureSampleLevel(form, clamped, in.uv, 0.0).xyz;
    return vec4f(mix(aim, kept, exp(-now.dt_s / 0.35) * (1.0 - canvas.anew)), 1.0);
}

// Where on the way from the ground up, in layers, a height lies.
fn layers_of(height: f32) -> f32 {
    return saturate(height) * scene.fold_count + now.creep;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let at = place(p);
    let across = dpdx(at);
    let down = dpdy(at);
    let cut = textureSampleLevel(form, clamped, within(at), 0.0);
    let level = layers_of(cut.x);
    let layer = floor(level);
    let inside = level - layer;
    // Rise in the frame: heights per frame height, and layers per pixel.
    let rise = vec2f(dot(cut.yz, across), dot(cut.yz, down)) * now.frame_px.y;
    let steepness = length(rise);
    let width = max(steepness * scene.fold_count * now.frame_px.w, 0.004);
    let facing = -dot(rise, now.toward) / (0.8 + steepness);

    // Towards the light, at growing distances, higher layers stand in its way. Far shadows are softer.
    let lift = THROW * scene.folds * (1.0 + moving() * (0.8 * now.swell + 0.5 * now.kick));
    let step = (across * now.toward.x + down * now.toward.y) * (lift * now.frame_px.y);
    var dark = 0.0;
    for (var i = 1; i <= 4; i++) {
        let far = 0.5 * f32(i);
        let over = layers_of(textureSampleLevel(form, clamped, within(at + step * far), 0.0).x) - layer - ceil(far);
        dark = max(dark, saturate(over / (width * (1.0 + 1.5 * far))) * (1.0 - 0.1 * far));
    }
    let free = 1.0 - 0.94 * dark;

    // Engraving: strokes along the contour, left out where they would be finer than pixels.
    let stroke = abs(fract(6.0 * level) - 0.5) * 4.0 - 1.0;
    let engraved = stroke * scene.brush * saturate(1.5 - 20.0 * width) * smoothstep(0.4, 1.2, steepness);
    // The rim of each layer, and the slope behind it that is worn round.
    let rim = max(saturate(1.6 - inside / width), saturate(1.0 - (1.0 - inside) / width)) * saturate(1.3 - 3.0 * width)
        * smoothstep(0.25, 0.9, steepness);
    // Close under a rim it is dark, whatever the light.
    let nook = saturate(1.0 - (1.0 - inside) / max(5.0 * width, 0.12));
    let worn = saturate(1.0 - inside / max(6.0 * width, 0.1));

    let x = saturate((layer - now.creep) / scene.fold_count);
    let seen_from = p + 0.35 * now.toward;
    let spot = 1.7 / (1.0 + 1.8 * dot(seen_from, seen_from));
    let key = max(0.42 + (facing + 0.12 * engraved) * knobs.relief, 0.01) + 0.5 * worn * max(facing, 0.0);
    var colour = ink(0.04 + 0.86 * x * x * (1.5 - 0.5 * x)) * (key * free * (1.0 - 0.6 * nook * nook));
    // From behind the block comes a little of the accent: it is all that reaches the far sides.
    let far_side = max(-facing, 0.0);
    colour += accent(0u) * (x * far_side * (0.03 + rim * (0.5 + 0.7 * now.kick)) * knobs.relief);
    let polish = scene.gloss * (0.4 + 0.5 * now.brightness + 2.0 * now.snare);
    let gleam = rim * (0.6 + 1.6 * polish) + scene.gloss * max(engraved, 0.0) * (0.15 * now.treble + 0.6 * now.hat);
    colour += mix(ink(0.95), accent(1u), 0.2) * (gleam * max(facing, 0.0) * free * (0.2 + x) * knobs.relief);
    return vec4f(colour * spot, 1.0);
}
