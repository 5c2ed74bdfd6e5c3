// Scene "flow": lacquer poured in thin layers, black in its valleys, as an agate is cut. What flows is a smooth height in a feedback of
// earlier frames; the edges are cut from it anew in each frame, so that they stay sharp however long it has flowed.

// The paint flows in steps of this, whatever the frame rate is: each step blurs it a little. In seconds.
const STEP_S = 1.0 / 60.0;
// How wide a gilt edge is, in frame heights.
const GILT = 0.0042;

// A place that a hit chooses, in frame heights from the middle.
fn struck(count: f32, salt: u32) -> vec2f {
    let dice = random2(vec2u(u32(count + 4096.0), salt + u32(now.seed.x * 65536.0)));
    return (dice - 0.5) * vec2f(0.62 * now.aspect, 0.56);
}

// How far a kick's pool reaches: each fourth one is large and leads, the others are small.
fn reach(count: f32) -> f32 {
    return select(0.11 + 0.06 * random2(vec2u(u32(count + 4096.0), 17u)).x, 0.30, count % 4.0 == 1.0);
}

// How near a place is to a palette knife's stroke: above 0 within it. Its two sides are straight, its ends are ragged.
fn knife(p: vec2f, count: f32) -> f32 {
    let dice = random2(vec2u(u32(count + 4096.0), 31u));
    let q = turned(p - struck(count, 3u), vec2f(cos(TAU * dice.x), sin(TAU * dice.x)));
    return 1.0 - max(abs(q.x + 0.6 * q.y * q.y) / 0.32, abs(q.y + 0.5 * q.x * q.x) / 0.045);
}

// Where the paint goes, in frame heights a second: along the picture's contours, round two slow whirls, and away
// from where a kick pours.
fn current_at(p: vec2f, slope: vec2f) -> vec2f {
    let along = vec2f(-slope.y, slope.x) / (0.6 + length(slope));
    let left = p - vec2f(-0.28 * now.aspect, 0.16 * sin(0.23 * now.time_s));
    let right = p - vec2f(0.24 * now.aspect, 0.18 * cos(0.19 * now.time_s));
    let whirls = vec2f(-left.y, left.x) * exp(-5.0 * dot(left, left)) - vec2f(-right.y, right.x) * exp(-7.0 * dot(right, right));
    let away = p - struck(heard.kick_count, 1u);
    let pour = away / (dot(away, away) + 0.02) * (0.08 * now.kick * now.kick);
    let spin = 0.15 + 0.5 * now.energy + 0.7 * now.snare;
    return along * (0.01 + 0.09 * now.energy) + whirls * spin + pour;
}

// Height of the paint, and how much of it is the accent's.
@fragment fn carry(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let at = viewed(p);
    let slope = seen(textureSampleLevel(field, clamped, within(at), 0.0).yz, at);
    let from_uv = in.uv - current_at(p, slope) * (moving() * STEP_S) / vec2f(now.aspect, 1.0);
    let carried = textureSampleLevel(flowing, clamped, from_uv, 0.0).xy;

    // How much lighter the picture is here than around, so that pale pictures have valleys too.
    let around = sqrt(luminance(textureSampleLevel(ambience, clamped, within(at), 0.0).rgb));
    let clouds = 0.34 * value_noise(vec2f(3.2, 4.0) * p + 40.0 * now.seed.xy + 0.15 * heard.bass_time_s);
    let fresh = saturate(0.48 + 1.5 * (sqrt(luminance(magnified(at).rgb)) - around) + 0.2 * (around - 0.5) + clouds);
    let share = max(1.0 - exp(-STEP_S * mix(1.2, 0.12, knobs.feedback)), canvas.anew);
    var height = mix(carried.x, fresh, share);
    // A kick pours a pool in rings, some in the accent's paint; a snare draws the knife, whose paint is the accent's too.
    let far = distance(p, struck(heard.kick_count, 1u));
    let size = reach(heard.kick_count);
    let pool = smoothstep(size, 0.8 * size, far);
    let level = 0.5 + select(-0.45, 0.45, heard.kick_count % 2.0 < 0.5) * cos(TAU * far / (0.62 * size));
    height = mix(height, level, pool * (1.0 - exp(-14.0 * now.kick * STEP_S)));
    let drawn = smoothstep(0.0, 0.3, knife(p, heard.snare_count)) * (1.0 - exp(-24.0 * now.snare * STEP_S));
    height += drawn * (0.8 - height) * 0.5;
    let splash = select(0.0, pool * 20.0 * now.kick * STEP_S, heard.kick_count % 4.0 == 1.0);
    let accented = mix(carried.y * exp(-STEP_S / 4.0) * (1.0 - canvas.anew), 1.0, saturate(drawn + splash));
    return vec4f(height, accented, 0.0, 1.0);
}

@fragment fn weave(in: Corner) -> @location(0) vec4f {
    return vec4f(woven(strands, in), 0.0, 0.0, 1.0);
}

fn height_at(uv: vec2f) -> f32 {
    return textureSampleLevel(flowing, clamped, uv, 0.0).x;
}

// Layers are not equally thick: the stack is wound back and forth a little, never so far that it turns.
fn wound(stack: f32) -> f32 {
    return stack + 0.42 * sin(1.7 * stack);
}

// Half of the layers are black.
fn is_black(number: i32) -> bool {
    return (number & 1) == 0;
}

// The colour of a layer at this height, 0 to 1: only the summits are pale.
fn paint_of(number: i32, tone: f32, accented: f32) -> vec3f {
    let body = ink(0.16 + 0.56 * tone + 0.3 * smoothstep(0.78, 0.9, tone));
    let own = select(body, ink(0.10 * tone), is_black(number));
    let bright = select(accent(0u), ink(0.02), is_black(number));
    return mix(own, bright, smoothstep(0.43, 0.47, accented));
}

// How far a hit shoves the relief: all of it a little, and most where a ring runs out from the place that the kick struck.
fn shoved(p: vec2f) -> vec2f {
    let away = p - struck(heard.kick_count, 1u);
    let far = length(away) + 0.01;
    let ring = (far - 1.1 * (1.0 - now.kick)) / 0.13;
    let pushed = away / far * (0.026 * now.kick * exp(-ring * ring));
    return (pushed + p * (0.020 * max(now.kick, 0.6 * now.onset))) * moving();
}

@fragment fn light(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let uv = in.uv - shoved(p) / vec2f(now.aspect, 1.0);
    let strand = textureSampleLevel(strands, clamped, within(viewed(p)), 0.0).x;
    let here = textureSampleLevel(flowing, clamped, uv, 0.0).xy;
    let d = 1.5 * vec2f(1.0 / now.aspect, 1.0) / 360.0;
    let tilt = vec2f(height_at(uv + vec2f(d.x, 0.0)) - height_at(uv - vec2f(d.x, 0.0)),
        height_at(uv + vec2f(0.0, d.y)) - height_at(uv - vec2f(0.0, d.y))) / (2.0 * d.y);
    let steep = length(tilt) + 1e-4;
    let count = scene.fold_count;
    let ragged = 0.10 * strand * scene.brush + now.creep;
    let plain = here.x * count + ragged;
    let stack = wound(plain);
    let layer = floor(stack);
    let number = i32(layer);
    let f = stack - layer;

    // From the layer's own edge (0) inwards, and from the next one's foot, in frame heights.
    let per_height = steep * count * (1.0 + 0.714 * cos(1.7 * plain)) + 0.02;
    let inwards = f / per_height;
    let foot = (1.0 - f) / per_height;
    let pixel = now.frame_px.w;
    let tone = saturate(here.x);
    let accented = here.y + 0.12 * strand;
    // Some layers have a gilt edge.
    let gilt = saturate((GILT - inwards) / pixel + 0.5) * select(0.0, 1.0, number % 4 == 0);
    let colour = mix(paint_of(number - 1, tone, accented), paint_of(number, tone, accented), saturate(0.5 + inwards / pixel));

    // Paint is thickest at a layer's edge and thins out behind it. Hairlines run through the layers that are wide: light ones through
    // the black, dark ones through the others.
    let spaced = 1.0 / (4.0 * per_height);
    let line = abs(fract(4.0 * f + 0.5) - 0.5) * spaced;
    let hair = saturate((0.001 - line) / pixel + 0.5) * smoothstep(4.0, 12.0, spaced / pixel) * step(abs(f - 0.5), 0.4);
    let thinned = colour * (mix(0.2, 1.2, exp(-inwards / 0.024)) * (1.0 - 0.6 * hair));
    let own = thinned + ink(0.7) * select(0.0, 0.35 * hair, is_black(number));

    // Raking light over a lacquered surface that is rounded at its layers' edges. Those that stand between a place and the light
    // throw a thin shadow on it.
    let toward = now.toward;
    let depth = scene.folds * knobs.relief;
    let there = wound(height_at(uv + toward * 0.008 / vec2f(now.aspect, 1.0)) * count + ragged);
    let shadow = saturate((there - layer - 1.0) * 4.0) * saturate(depth);
    let lip = exp(-inwards / 0.0035);
    let groove = strand * scene.brush * knobs.relief;
    let leaning = tilt / (1.0 + 0.25 * steep) * (depth * (0.16 + 0.55 * lip)) + vec2f(0.10 * groove);
    let normal = normalize(vec3f(-leaning, 1.0));
    let lamp_way = normalize(vec3f(toward, 0.9));
    let facing = max(dot(normal, lamp_way), 0.0);
    let half_way = normalize(lamp_way + vec3f(0.0, 0.0, 1.0));
    let sheen = pow(max(dot(normal, half_way), 0.0), 140.0) * (1.0 - shadow);
    let contact = 1.0 - saturate(0.8 * depth * exp(-foot / 0.004));
    let shade = (0.18 + 1.05 * facing) * (1.0 - 0.75 * shadow) * contact;
    let hit = max(now.kick, 0.8 * now.onset);
    let shine = scene.gloss * sheen * (0.7 + 0.4 * now.treble + 0.4 * now.hat + 1.2 * hit);
    // Valleys lie deep in the dark, and each hit is a flicker of the lamp.
    let deep = 0.15 + 0.85 * smoothstep(0.08, 0.42, tone + 0.4 * smoothstep(0.3, 0.5, accented));
    let lamp = deep * (1.0 + 0.16 * hit);
    let metal = accent(1u) * (gilt * (0.35 + 2.2 * sheen + 0.5 * facing));
    return vec4f((own * (shade * (1.0 - gilt)) + metal + mix(ink(0.6), ink(1.0), sheen) * shine) * lamp, 1.0);
}
