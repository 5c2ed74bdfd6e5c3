// Scene "coral": a reef at night in three depths. Branches (`branches.wgsl`) are covered with ridges and pores that grow (`a_growth.wgsl`);
// light falls from above, their edges glow, and hits run up through them as living light.

// Where something is looked at: it wanders over the reef.
fn focus() -> vec2f {
    let t = 0.11 * now.time_s + 0.2 * heard.high_mid_time_s;
    return vec2f(0.22 * min(now.aspect, 1.6) * cos(t), 0.16 * sin(1.3 * t));
}

// A hit's front runs on from there: how strong it is at a place so far away.
fn front(pulse: f32, far: f32) -> f32 {
    let at = -0.40 * log(max(pulse, 0.01));
    let off = (far - at) / 0.10;
    return pulse * exp(-off * off);
}

// What the coral is at a place.
struct Surface {
    // Which way it leans, its roundness (1 in the middle, 0 at the edge), how far up, distance from its axis in radii, cover.
    lean: vec2f,
    upright: f32,
    up: f32,
    far: f32,
    cover: f32,
}

fn surface_of(sum: vec4f, swollen: f32) -> Surface {
    let weight = max(sum.w, 1e-5);
    let far = sqrt(max(-log(weight), 0.0) / 3.0) / swollen;
    // Where several run into each other nothing sticks out.
    let lean = sum.xy / weight / swollen;
    let length_of = max(length(lean), 1e-4);
    let held = min(far, 1.0);
    return Surface(lean / length_of * held * smoothstep(0.0, 0.25, length_of), sqrt(max(1.0 - held * held, 0.0)), sum.z / weight, far, 0.0);
}

// A triangle wave from 0 to 1: the texture goes to and fro.
fn to_and_fro(x: vec2f) -> vec2f {
    return abs(fract(0.5 * x) * 2.0 - 1.0);
}

// The growth as a skin: height, slope, hunger. It is laid round the branch, closer together towards its edges.
fn skin_at(p: vec2f, lean: vec2f, fine: f32) -> vec4f {
    let q = (p + lean * 0.030) * fine / vec2f(now.aspect, 1.0);
    let place = (to_and_fro(q + 0.5) - 0.5) * vec2f(now.aspect, 1.0);
    return textureSampleLevel(relief, clamped, square_of(place), 0.0);
}

// Ribs round a branch, as it has grown: 0 between them. They give way to an even tone before they are finer than pixels.
fn ribs(it: Surface, p: vec2f, count: f32) -> f32 {
    let wavers = sin(55.0 * p.x + 20.0 * p.y) + sin(48.0 * p.y - 30.0 * p.x);
    let x = count * it.up + 1.5 * it.upright + 0.35 * wavers;
    let fades = saturate(1.5 - 3.0 * fwidth(x));
    return mix(0.5, 0.5 + 0.5 * cos(TAU * x), fades);
}

// What is left of a hit, from 1 on, whatever its strength.
fn left(pulse: f32, strength: f32) -> f32 {
    return pulse / max(strength, 0.05);
}

fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength); }

// Light that runs up with kicks, at a place so far up a colony.
fn running(up: f32) -> f32 {
    let ago = left(now.kick, heard.kick_strength);
    let at = 0.12 + 0.95 * (1.0 - ago);
    let off = (up - at) / 0.075;
    return ago * mix(0.5, 1.0, heard.kick_strength) * exp(-off * off) * (0.4 + 0.6 * moving());
}

// What waves gather above falls down as a net of light.
fn caustic_at(p: vec2f) -> f32 {
    let q = p * 8.0 + vec2f(sin(p.y * 7.0 + now.time_s * 0.8), cos(p.x * 6.0 - now.time_s * 0.6)) * 1.3;
    let net = abs(sin(q.x + 0.7 * q.y + now.time_s * 0.5)) * abs(sin(q.y - 0.6 * q.x - now.time_s * 0.4));
    return pow(1.0 - net, 7.0);
}

// A colony lit: `haze` is how much water is before it.
fn coral(it: Surface, skin: vec4f, rib: f32, p: vec2f, haze: f32, seen: vec3f) -> vec3f {
    let ridge = mix(0.45 * rib * rib, 1.0, smoothstep(0.06, 0.30, skin.x));
    let bump = clamp(skin.yz * 0.045 * scene.depth, vec2f(-0.7), vec2f(0.7));
    let normal = normalize(vec3f(it.lean - bump * (0.3 + 0.7 * it.upright), it.upright + 0.12));
    let key = normalize(vec3f(0.45 * now.toward.x, -1.0, 0.42));
    let facing = saturate(dot(normal, key));
    let caustic = caustic_at(p) * (0.15 + 0.75 * now.treble);

    // A dark core, its colour on the lit side, and pale ridges; the picture tints it.
    let tone = 0.10 + 0.46 * facing + 0.12 * ridge;
    let own = mix(ink(tone), vivid(seen, 1.4), 0.22);
    let valley = mix(0.16, 1.15, ridge);
    var light = own * (valley * (0.06 + 1.35 * facing * facing * (1.0 + 1.3 * caustic)));
    let shine = pow(saturate(dot(reflect(-key, normal), vec3f(0.0, 0.0, 1.0))), 24.0);
    light += ink(0.92) * (0.45 * shine * ridge);
    // Thin flesh at the edge lets light through, most on the side from where it falls.
    let edge = smoothstep(0.55, 1.0, it.far);
    let through = edge * edge * (0.16 + 0.95 * saturate(dot(it.lean, key.xy) + 0.25));
    light += mix(ink(0.62), ink(0.9), through) * (0.85 * through * (0.6 + 0.4 * it.up));

    // Living light: tips glow by themselves, hats kindle pores, and hits run up.
    let tip = smoothstep(0.88, 1.0, it.up) * smoothstep(0.88, 1.0, it.up);
    let young = smoothstep(0.45, 0.95, it.up);
    let run = running(it.up);
    let pores = smoothstep(0.30, 0.38, skin.x) * scene.polyps * (0.2 + 0.8 * it.upright);
    let glow = accent(0u) * (tip * (0.30 + 0.4 * now.level + 1.1 * now.hat) * (0.25 + 0.5 * it.upright * it.upright + 0.7 * edge) * (0.45 + 0.55 * ridge)
        + pores * young * (0.10 + 1.5 * now.hat + 1.6 * run) + run * (0.04 + 0.9 * edge + 0.30 * ridge));
    let hot = vec3f(luminance(accent(0u)) + 0.1) * (1.1 * tip * tip * tip * it.upright * it.upright * (0.5 + now.hat) + 0.9 * run * ridge * edge);
    light += (glow + hot) * scene.light;
    return light * exp(-2.2 * haze) + ink(0.30) * (0.030 * haze);
}

// Pin-points of plankton: one to a cell, drifting; each hat kindles others.
fn plankton(p: vec2f, fine: f32) -> f32 {
    let at = (turned(p, vec2f(0.86, 0.5)) + vec2f(0.012, -0.008) * now.time_s) * fine;
    let cell = floor(at);
    let dice = random2(bitcast<vec2u>(vec2i(cell)) + vec2u(70u, 9u));
    let off = length(fract(at) - 0.2 - 0.6 * dice) / fine;
    let size = mix(0.0007, 0.0020, fract(17.0 * dice.x) * fract(17.0 * dice.x));
    let kindled = select(0.0, now.hat, fract(29.0 * dice.y + 0.381 * heard.hat_count) < 0.2);
    let spot = saturate((size - off) * canvas.px.y + 0.5);
    return spot * step(fract(7.0 * dice.x + 3.0 * dice.y), 0.4) * (0.12 + 1.6 * kindled);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // A kick pushes the water outwards, nearer things further; the swell moves it.
    let push = p * (0.034 * kicked() * scene.swelling * moving());
    let shift = (push + 0.0025 * vec2f(sin(9.0 * p.y + 1.1 * now.time_s), 0.0)) / vec2f(now.aspect, 1.0);
    let seen = magnified(viewed(p)).rgb;

    // Water: a little light from above, in slow shafts, and black below.
    let above = p.y + 0.5;
    let slant = (p.x + 0.35 * above) / (0.55 + 0.5 * above);
    let shafts = 0.5 + 0.5 * value_noise(vec2f(6.0 * slant + 0.10 * now.time_s, 0.13 * now.time_s + 9.0 * now.seed.x));
    var light = ink(0.36) * ((0.05 + 0.10 * now.swell) * shafts * shafts * exp(-3.2 * above));
    light += mix(ink(0.85), accent(0u), 0.4) * plankton(p, 17.0) * smoothstep(0.2, 0.9, shafts);

    let swollen = 1.0 + scene.swelling * moving() * (0.10 * now.swell + 0.06 * kicked());
    let back = surface_of(textureSampleLevel(far_form, clamped, in.uv - 0.4 * shift, 0.0), swollen);
    let back_cover = saturate((1.0 - back.far) / max(fwidth(back.far), 0.02) + 0.5);
    if back_cover > 0.0 {
        light = mix(light, coral(back, vec4f(0.2, 0.0, 0.0, 0.5), 0.5, p, 0.85, seen), back_cover);
    }
    let middle = surface_of(textureSampleLevel(middle_form, clamped, in.uv - 0.7 * shift, 0.0), swollen);
    let middle_cover = saturate((1.0 - middle.far) / max(fwidth(middle.far), 0.02) + 0.5);
    let middle_ribs = ribs(middle, p, 110.0);
    if middle_cover > 0.0 {
        light = mix(light, coral(middle, skin_at(p, middle.lean, 5.2), middle_ribs, p, 0.42, seen), middle_cover);
    }
    let run_here = textureSampleLevel(front_form, clamped, in.uv - shift, 0.0);
    var near = surface_of(run_here, swollen);
    near.far /= 1.0 + 0.09 * running(near.up) * scene.swelling;
    let near_cover = saturate((1.0 - near.far) / max(fwidth(near.far), 0.01) + 0.5);
    let near_ribs = ribs(near, p, 130.0);
    // What is in front throws its shade on what is behind.
    light *= 1.0 - 0.7 * smoothstep(1.7, 1.0, near.far);
    if near_cover > 0.0 {
        light = mix(light, coral(near, skin_at(p, near.lean, 3.1), near_ribs, p, 0.0, seen), near_cover);
    }
    return vec4f(light, 1.0);
}
