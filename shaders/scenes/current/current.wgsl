// Scene "current": strands of dye in a flow. Not the dye is carried along but where it came from: `dye` holds in red and green
// how far each place has been carried, and the strands are drawn anew from that in each frame, so that they stay as fine as
// hair however often they are folded. Blue is how fresh they are stirred, alpha the accent. (Flow maps are an old craft; the
// flow is curl noise, after Bridson, Hourihan and Nordenstam, "Curl-noise for procedural fluid flow", 2007.)

// How far the whirl of a kick reaches, in frame heights.
const WHIRL = 0.34;

// What changes with the phrases: a number that is never the same twice in a row.
fn chapter() -> u32 {
    let changes = heard.phrase4_count + heard.section_change_count + heard.drop_count;
    return u32(changes + floor(heard.all_time_s / 24.0) + 8.0 * now.seed.x);
}

// Where the last kick stirs, in frame heights from the middle.
fn stirred_at() -> vec2f {
    let dice = random2(vec2u(u32(heard.kick_count), 3u)) - 0.5;
    return dice * vec2f(0.8 * now.aspect, 0.7);
}

fn stream(p: vec2f) -> f32 {
    let dice = random2(vec2u(chapter(), 21u));
    let q = p * (0.9 + 1.3 * dice.x) + 40.0 * dice;
    let slow = gradient_noise(q + vec2f(0.0, 0.21 * now.time_s));
    return slow + 0.3 * gradient_noise(q * 2.3 - vec2f(0.3 * heard.bass_time_s, 0.0));
}

// The flow, in frame heights a second: the curl of noise, the picture's contours, and what the hits stir.
@fragment fn blow(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let step = 0.01;
    let here = stream(p);
    let slope = vec2f(stream(p + vec2f(step, 0.0)) - here, stream(p + vec2f(0.0, step)) - here) / step;
    var wind = vec2f(slope.y, -slope.x) * (0.04 + 0.10 * now.energy);
    let land = textureSampleLevel(field, clamped, within(viewed(p)), 0.0);
    wind += vec2f(-land.z, land.y) / (0.5 + length(land.yz)) * (0.05 * now.swell);
    let q = p - stirred_at();
    let side = select(-1.0, 1.0, u32(heard.kick_count) % 2u == 0u);
    let near = exp(-dot(q, q) / (WHIRL * WHIRL));
    wind += vec2f(-q.y, q.x) * (side * near * scene.whirls * 3.2 * now.kick);
    // A snare pinches the whole current, a drop blows it apart.
    wind += vec2f(p.x, -p.y) * (0.4 * now.snare) + p * (1.2 * heard.drop);
    return vec4f(wind * (scene.speed * moving()), near * max(now.kick, 0.8 * now.onset), near);
}

@fragment fn carry(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let blown = textureSampleLevel(wind, clamped, in.uv, 0.0);
    let aspect = vec2f(now.aspect, 1.0);
    let source = p - blown.xy * min(now.dt_s, 0.05);
    let before = textureSampleLevel(dye, clamped, within(source / aspect + 0.5), 0.0) * (1.0 - canvas.anew);
    // Carried on by this step, and slowly combed straight again.
    let carried = (before.xy + source - p) * exp(-now.dt_s * 0.6 / scene.memory);
    // The waveform stands on a line across the strands that wanders, and bends what passes.
    let front = p.x - 0.3 * now.aspect * sin(0.37 * now.time_s);
    let heard_there = textureSampleLevel(waveform, clamped, vec2f(0.1 * (p.y + 1.0), 0.5), 0.0).xy;
    let bend = dot(heard_there, vec2f(0.5)) * exp(-front * front * 30.0) * moving();
    let fresh = max(before.z * exp(-now.dt_s * 0.9), blown.z);
    let mark = max(before.w * exp(-now.dt_s * 0.6), blown.w * smoothstep(0.5, 0.9, now.kick));
    return vec4f(carried + vec2f(0.0, bend * scene.wave * 1.3 * now.dt_s), fresh, mark);
}

// How bright a strand is, and its own number: each has a band of its own. `place` is where it lies, the same float whatever the
// scale.
fn strand_light(place: f32) -> vec2f {
    let dice = random2(vec2u(bitcast<u32>(place), 9u));
    let level = textureSampleLevel(spectrum, clamped, vec2f(0.05 + 0.8 * dice.x, 0.3), 0.0).x;
    return vec2f(0.06 + 1.2 * level * level, dice.y);
}

// Strands at the whole numbers of `count * scale`, so broad as a share of the way from one to the next.
fn layer(count: f32, scale: f32, gradient: f32, share: f32) -> vec2f {
    let far = abs(fract(count * scale + 0.5) - 0.5);
    let body = saturate(0.5 + (0.5 * share - far) / max(gradient * scale, 1e-4)) * saturate(1.6 - 1.6 * gradient * scale);
    let strand = strand_light(round(count * scale) / scale + 64.0);
    return vec2f(body * strand.x, strand.y);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let push = textureSampleLevel(wind, clamped, in.uv, 0.0).xy * (0.02 * max(now.kick, 0.8 * now.onset) * moving());
    let it = spline(dye, in.uv - push / vec2f(now.aspect, 1.0));
    let came = centred(in.uv) - push + it.xy;
    let count = came.y + 0.05 * sin(4.0 * came.x + TAU * now.seed.z);
    let slope = vec2f(dpdx(count), dpdy(count));
    let gradient = length(slope);
    // As many strands as there is room for: between two, another one comes in as they are drawn apart.
    let octave = log2(scene.strands / (9.0 * max(gradient, 1e-5) * max(canvas.px.y / 400.0, 0.6)));
    let scale = exp2(floor(octave));
    let grown = fract(octave);
    let coarse = layer(count, scale, gradient, mix(0.28, 0.14, grown));
    let fine = layer(count, 2.0 * scale, gradient, 0.28);
    let strand = select(coarse, fine * vec2f(smoothstep(0.0, 1.0, grown), 1.0), fine.x * grown > coarse.x);
    // Hair shines where it lies across the light (Kajiya and Kay, "Rendering fur with three dimensional textures", 1989).
    let along = normalize(vec2f(-slope.y, slope.x) + 1e-9);
    let cosine = dot(along, normalize(now.toward.xy + vec2f(1e-3)));
    let sheen = pow(1.0 - cosine * cosine, 5.0) * scene.sheen;
    let bright = strand.x * (0.45 + 1.3 * sheen + 1.2 * it.z);
    let is_accent = max(step(0.94, strand.y), smoothstep(0.2, 0.6, it.w) * step(0.55, strand.y));
    let colour = mix(ink(0.2 + 0.5 * strand.y + 0.4 * saturate(bright - 0.2)), accent(0u) * 1.3, is_accent);
    return vec4f(colour * saturate(bright * 2.2), 1.0);
}
