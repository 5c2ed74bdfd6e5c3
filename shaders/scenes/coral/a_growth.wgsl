// The growth: Gray-Scott in a square that covers the frame, of which only what is seen is computed. x is food, y is what eats it,
// z and w are the rates at which the one comes and the other dies there.

// From a place in the frame (heights from the middle) to the square, and back.
fn square_of(p: vec2f) -> vec2f {
    return p / max(now.aspect, 1.0) + 0.5;
}

fn frame_of(at: vec2f) -> vec2f {
    return (at - 0.5) * max(now.aspect, 1.0);
}

// Speed at which everything moves outwards, in e-folds a second.
fn current() -> f32 {
    return scene.current * moving() * (0.004 + 0.018 * heard.all_level + 0.012 * heard.bass_level);
}

// A number for what happened so often: places of colonies, and the kind of reef.
fn dice_of(count: f32, salt: u32) -> vec2f {
    return random2(vec2u(bitcast<u32>(i32(count)), salt + u32(now.seed.x * 65536.0)));
}

// The beginning: a maze as fine as the ridges will be, so that there is a reef from the first frame on.
@fragment fn settle(in: Corner) -> @location(0) vec4f {
    let maze = gradient_noise(in.uv * 38.0 + now.seed.xy * 50.0) + 0.25 * gradient_noise(in.uv * 7.0);
    let is_ridge = smoothstep(-0.12, 0.22, maze);
    return vec4f(mix(0.72, 0.45, is_ridge), 0.30 * is_ridge, 0.037, 0.060);
}

// What grows at a place between texels, by Catmull and Rom's cubic in nine taps: what is moved by less than a texel comes out as fine as
// it was.
fn sharp(uv: vec2f) -> vec2f {
    let size = vec2f(textureDimensions(grown));
    let place = uv * size - 0.5;
    let f = fract(place);
    let w0 = f * (f * (1.0 - 0.5 * f) - 0.5);
    let w3 = f * f * (0.5 * f - 0.5);
    let w1 = 1.0 + f * f * (1.5 * f - 2.5);
    let middle = 1.0 - w0 - w3;
    let texel = floor(place) + 0.5;
    let xs = array<vec2f, 3>(texel - 1.0, texel + 1.0 - w1 / middle, texel + 2.0);
    let ws = array<vec2f, 3>(w0, middle, w3);
    var sum = vec2f(0.0);
    for (var y = 0; y < 3; y++) {
        for (var x = 0; x < 3; x++) {
            let at = vec2f(xs[x].x, xs[y].y) / size;
            sum += ws[x].x * ws[y].y * textureSampleLevel(grown, clamped, at, 0.0).xy;
        }
    }
    return sum;
}

@fragment fn carry(in: Corner) -> @location(0) vec4f {
    let p = frame_of(in.uv);
    let far = length(p);
    // Outwards, with a slow swirl, and around what stands high in the picture.
    let land = textureSampleLevel(field, clamped, within(viewed(p)), 0.0);
    let eddy = vec2f(-land.z, land.y) / (0.5 + length(land.yz)) * 0.025 * now.energy * moving();
    let rate = current();
    let from_here = p - (p * rate + vec2f(-p.y, p.x) * rate * 0.35 + eddy) * now.dt_s;
    // Sharply: a blur in each frame would starve it, and more so the more frames there are.
    var two = saturate(sharp(square_of(from_here)));

    // A kick plants a colony, a little star that grows, somewhere else each time. Its pulse falls from its strength: only the
    // first frames after it count.
    let dice = dice_of(heard.kick_count, 11u);
    let way = p - (dice - 0.5) * vec2f(now.aspect, 1.0) * 0.8;
    let arms = 3.0 + floor(dice.x * 4.0);
    let star = length(way) * (1.0 + 0.35 * cos(arms * atan2(way.y, way.x) + TAU * dice.y));
    let plants = step(max(0.82 * heard.kick_strength, 0.1), heard.kick) * moving();
    two = mix(two, vec2f(0.5, 0.34), plants * smoothstep(0.03, 0.02, star));
    // And from where we look it runs out as a wave: what it meets divides.
    let hit = max(now.kick, 0.9 * now.snare);
    let wave = front(hit, length(p - focus()) / 0.6);
    two.y *= 1.0 - 1.4 * now.dt_s * wave * moving();

    // A drop or another section tears it open along rays from the middle, and what is left grows together again.
    let torn = max(heard.drop, heard.section_change);
    let lot = dice_of(heard.drop_count + heard.section_change_count, 23u);
    let rays = cos((7.0 + floor(6.0 * lot.x)) * atan2(p.y, p.x) + 9.0 * far + TAU * lot.y);
    let front = smoothstep(0.10, 0.0, abs(far - 1.4 * (1.0 - torn))) * step(0.02, torn) * smoothstep(-0.3, 0.2, rays);
    two = mix(two, vec2f(1.0, 0.0), 0.7 * front);
    // Each phrase is of another kind: cells, branches, a maze, a fabric with holes.
    let kind = (u32(scene.growth * 3.99) + u32(heard.phrase4_count) + u32(heard.section_change_count)) % 4u;
    let rates = array<vec2f, 4>(vec2f(0.0300, 0.0590), vec2f(0.0545, 0.0620), vec2f(0.0300, 0.0565), vec2f(0.0400, 0.0585))[kind];
    return vec4f(two, rates);
}

fn grown_at(place: vec2i, size: vec2i) -> vec2f {
    return textureLoad(grown, clamp(place, vec2i(0), size - 1), 0).xy;
}

@compute @workgroup_size(8, 8) fn react(@builtin(global_invocation_id) id: vec3u) {
    let size = vec2i(textureDimensions(grown));
    let here = vec2i(id.xy);
    if any(here >= size) { return; }
    let was = textureLoad(grown, here, 0);
    let old = was.xy;
    let rates = was.zw;
    let uv = (vec2f(here) + 0.5) / vec2f(size);
    let p = frame_of(uv);
    let off = p - focus();
    // What nobody sees does not grow.
    let is_seen = all(abs(p) < vec2f(0.5 * now.aspect, 0.5) + 0.03);
    let around = 0.2 * (grown_at(here + vec2i(1, 0), size) + grown_at(here - vec2i(1, 0), size)
        + grown_at(here + vec2i(0, 1), size) + grown_at(here - vec2i(0, 1), size))
        + 0.05 * (grown_at(here + vec2i(1, 1), size) + grown_at(here - vec2i(1, 1), size)
        + grown_at(here + vec2i(1, -1), size) + grown_at(here + vec2i(-1, 1), size)) - old;
    // As many ridges on a coarse grid as on a fine one.
    let fine = f32(size.x) / 560.0;
    let spread = vec2f(1.0, 0.5) * clamp(fine * fine, 0.3, 1.0);
    let eaten = old.x * old.y * old.y;
    let next = old + spread * around + vec2f(rates.x * (1.0 - old.x) - eaten, eaten - (rates.x + rates.y) * old.y);
    // Where it has died out, something always comes back, and most where we look.
    let seedling = random2(vec2u(here / 5) + vec2u(u32(now.time_s * 4.0) * 17u, 3u)).x;
    let sprouts = select(0.0, 0.35, (seedling > 0.998 - 0.02 * exp(-60.0 * dot(off, off))) & (next.x > 0.85));
    let grows = vec4f(saturate(vec2f(next.x, max(next.y, sprouts))), rates);
    textureStore(grown_out, here, select(was, grows, is_seen));
}

// How high the ridges are, with the slope in frame heights, and how much food is left: valleys between ridges are hungry.
@fragment fn rise(in: Corner) -> @location(0) vec4f {
    let size = vec2i(textureDimensions(grown));
    let here = vec2i(in.position.xy);
    let old = grown_at(here, size);
    let e = grown_at(here + vec2i(1, 0), size).y - grown_at(here - vec2i(1, 0), size).y;
    let s = grown_at(here + vec2i(0, 1), size).y - grown_at(here - vec2i(0, 1), size).y;
    return vec4f(old.y, vec2f(e, s) * 0.5 * f32(size.x) / max(now.aspect, 1.0), old.x);
}
