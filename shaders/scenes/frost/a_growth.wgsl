// The growth: vapour spreads over a lattice of hexagons and freezes to what is frozen. The lattice lies skewed in a square
// texture: a step in x leads to the right, a step in y down and half a cell to the right. It goes round at the edges.
//
// What a cell holds: x is its water, as vapour or ice, below 0 where it is vapour that touches ice; y is 1 when it freezes and
// falls from there (e-fold in FRESH_S); z is what the music was like then; w is 1 if it is ice.

const FRESH_S = 5.0;
const ROW = 0.8660254;
// Steps a second of the automaton, as in the head.
const STEPS_HZ = 130.0;
// In the beginning there is about one seed in a block of so many cells.
const SEED_CELLS = 64.0;
// How quickly the air fills with vapour again, in shares a second.
const REFILL_HZ = 0.5;

// The side of a cell in frame heights: the frame has room in the square, however it lies, and a little more for what moves into
// it.
fn cell_side() -> f32 {
    return 1.14 * max(now.aspect, 1.0 / ROW) / f32(textureDimensions(ice).x);
}

// Where a cell lies in the frame, and which place of the texture (0 to 1, may lie outside) a place in the frame has.
fn frame_of(cell: vec2f, size: f32) -> vec2f {
    let row = cell.y - 0.5 * size;
    let column = fract((cell.x + 0.5 * row) / size) - 0.5;
    return vec2f(column * size, row * ROW) * cell_side();
}

fn lattice_of(p: vec2f) -> vec2f {
    let size = f32(textureDimensions(ice).x);
    let cells = p / cell_side();
    let row = cells.y / ROW;
    return (vec2f(cells.x - 0.5 * row, row) + 0.5 + vec2f(0.0, 0.5 * size)) / size + vec2f(0.5, 0.0);
}

// How much vapour the air holds: more where the picture is light, less far from the great crystal, so that dark is left around it.
fn vapour(p: vec2f) -> f32 {
    let land = textureSampleLevel(field, clamped, within(viewed(p)), 0.0).x;
    let dry = 0.24 * smoothstep(0.40, 0.62, distance(p, crystal_place()));
    return mix(0.42, 0.56, land) + 0.25 * scene.plates - dry;
}

// The beginning: moist air, and seeds, not too near each other, most of them where the picture is light.
@fragment fn cool(in: Corner) -> @location(0) vec4f {
    let cell = floor(in.position.xy);
    let block = floor(cell / SEED_CELLS);
    let dice = random2(vec2u(block) + vec2u(u32(now.seed.x * 65536.0), 5u));
    let moist = vapour(frame_of(cell, f32(textureDimensions(ice).x)));
    let place = frame_of(block * SEED_CELLS + SEED_CELLS * 0.5, f32(textureDimensions(ice).x));
    let is_chosen = fract(dice.x * 37.0) < 0.45 * smoothstep(0.43, 0.53, moist - 0.25 * scene.plates) && is_aside(place);
    let is_seed = is_chosen & all(floor(block * SEED_CELLS + SEED_CELLS * (0.15 + 0.7 * dice)) == cell);
    return select(vec4f(moist, 0.0, 0.0, 0.0), vec4f(1.0), is_seed || is_arm(frame_of(cell, f32(textureDimensions(ice).x))));
}

// Where the great crystal grows, off the middle; others begin only where they leave it room.
fn crystal_place() -> vec2f {
    return vec2f((now.seed.y - 0.5) * 0.30 * now.aspect, (now.seed.z - 0.5) * 0.16);
}

fn is_aside(p: vec2f) -> bool {
    return length((p - crystal_place()) / vec2f(max(now.aspect, 0.8), 1.35 / min(now.aspect, 1.0))) > 0.40;
}

// The six arms that the great crystal begins with.
fn is_arm(p: vec2f) -> bool {
    let out = p - crystal_place();
    let far = length(out);
    return far < 0.13 && abs(sin(3.0 * atan2(out.y, out.x)) / 3.0) * far < 0.7 * cell_side();
}

// How unevenly it melts: in frame heights, around 0.
fn ragged(p: vec2f) -> f32 {
    return 0.16 * gradient_noise(4.5 * p + 7.0 * now.seed.x) + 0.07 * gradient_noise(15.0 * p);
}

// Falls from 1 where a drop, another section or a phrase begins.
fn turning() -> f32 {
    return max(max(heard.drop, heard.section_change), heard.phrase4_hit);
}

// What melts then: all that a front meets which runs outwards as the pulse falls.
fn melting(p: vec2f, uneven: f32) -> bool {
    let pulse = turning();
    return (abs(length(p) + uneven - 1.3 * (1.0 - pulse)) < 0.06) & (pulse > 0.04);
}

@fragment fn disturb(in: Corner) -> @location(0) vec4f {
    let size = f32(textureDimensions(ice).x);
    var it = textureLoad(ice, vec2i(in.position.xy), 0);
    let p = frame_of(floor(in.position.xy), size);
    let uneven = ragged(p);

    // A kick beside the great crystal melts some of the ice, unevenly, and plants a seed; the great one always has its own.
    let dice = random2(vec2u(u32(heard.kick_count), 77u + u32(now.seed.x * 65536.0)));
    let heart = (dice - 0.5) * vec2f(now.aspect, 1.0) * 0.9;
    // The pulse falls from its strength: only the first frames after a kick count.
    let is_kick = heard.kick > max(0.82 * heard.kick_strength, 0.1);
    let is_hole = is_kick & is_aside(heart) & (distance(p, heart) + 1.6 * uneven < (0.02 + 0.07 * fract(dice.x * 31.0) + 0.07 * heard.kick_strength) * moving());
    let reach = 1.3 * cell_side();
    let is_seed = (is_kick & is_aside(heart) & (distance(p, heart) < reach)) | (distance(p, crystal_place()) < reach) | ((turning() > 0.2) & (turning() < 0.5) & is_arm(p));

    // What has become old melts, and everything where a front runs; behind it the great crystal begins anew.
    let is_old = (it.w > 0.5) & (it.y < exp(-scene.life_s * (1.15 + 4.0 * uneven) / FRESH_S));
    let melts = is_old | is_hole | melting(p, uneven);
    let moist = vapour(p);
    it = select(it, vec4f(moist, 0.0, 0.0, 0.0), melts);
    let is_air = (it.w < 0.5) & (it.x > 0.0);
    it.x += select(0.0, (moist - it.x) * min(REFILL_HZ * now.dt_s, 1.0), is_air);
    return select(it, vec4f(1.0), is_seed & (it.w < 0.5));
}

@fragment fn freeze(in: Corner) -> @location(0) vec4f {
    let size = vec2i(textureDimensions(ice));
    let here = vec2i(in.position.xy);
    var it = textureLoad(ice, here, 0);
    let p = frame_of(vec2f(here), f32(size.x));
    // Old ice loses its freshness whether anything grows or not.
    it.y *= exp(-1.0 / (STEPS_HZ * FRESH_S));
    // The louder, the more of the rounds count; a hit lets all of them.
    let pace = scene.growth * (0.30 + 0.5 * now.energy + 0.8 * max(max(now.kick, 0.9 * now.snare), 0.5 * now.onset) * moving());
    let is_still = (f32(canvas.round) + 0.5 > pace * f32(canvas.rounds)) & (canvas.anew < 0.5);
    let steps = array<vec2i, 6>(vec2i(1, 0), vec2i(-1, 0), vec2i(0, 1), vec2i(0, -1), vec2i(1, -1), vec2i(-1, 1));
    var around = 0.0;
    var frozen = 0.0;
    for (var k = 0; k < 6; k++) {
        let other = textureLoad(ice, (here + steps[k] + size) % size, 0);
        // Only vapour that does not touch ice spreads.
        around += select(max(other.x, 0.0), 0.0, other.w > 0.5);
        frozen += other.w;
    }
    let was = abs(it.x);
    let touches = (frozen > 0.5) | (it.w > 0.5);
    let spreads = select(was, 0.0, touches);
    let stays = was - spreads;
    // Branches take little from the air, plates much.
    let taken = select(0.0, mix(0.0012, 0.012, scene.plates * scene.plates) + 0.004 * now.swell * scene.plates, touches);
    let water = min(stays + taken + spreads + (around - 6.0 * spreads) / 12.0, 4.0);
    let freezes = touches & (it.w < 0.5) & (water >= 1.0);
    let next = vec4f(select(water, -water, touches & (water < 1.0)), it.yzw);
    let note = saturate(0.6 * now.brightness + 0.5 * max(now.kick, now.onset));
    let rests = is_still || any(abs(p) > vec2f(0.5 * now.aspect, 0.5) + 0.06);
    return select(select(next, vec4f(water, 1.0, note, 1.0), freezes), it, rests);
}
