// Scene "mosaic": rings of tiles around a middle. The rings bend with the picture's light as rows of an opus follow a figure
// (the andamento of Roman mosaics), each tile remembers the colour of the picture that was there when it last turned over. Hits turn
// the rings on, as in a clock, and the light with them; between hits they all but stand.

// Height of a row in frame heights; and how many rows, the last a narrow fillet, repeat, and how high that is in rows.
const ROW = 0.042;
const ROWS = 6.0;
const FILLET = 0.5;
const CYCLE = 5.5;
// Most tiles in a ring.
const MOST = 256.0;
// Seconds that a tile takes to turn over, and that a hit takes to run a frame height.
const FLIP_S = 0.45;
const RUN_S = 0.5;

// A count that goes on at once with each hit, and then stands: by how a pulse falls from its strength.
fn stepped(count: f32, pulse: f32, strength: f32) -> f32 {
    let left = saturate(pulse / max(strength, 0.01));
    return count - left * left * left * left;
}

// The same for each second kick, the even ones or (1) the odd ones.
fn kicks(odd: f32) -> f32 {
    let half = 0.5 * (heard.kick_count + odd);
    let is_its = fract(half) < 0.25;
    return select(floor(half), stepped(half, heard.kick, heard.kick_strength), is_its);
}

// What is added to the distance from the middle at a place, in frame heights: by the blurred picture, since rows that follow each
// small shape look like rubber, and without its camera, which would move them all the time.
fn bend_at(p: vec2f) -> f32 {
    let at = within(unstretched(p / max(now.aspect, 1.0)));
    return 0.16 * scene.bend * (sqrt(luminance(textureSampleLevel(ambience, clamped, at, 0.0).rgb)) - 0.5);
}

fn middle() -> vec2f {
    return 0.12 * vec2f(sin(0.11 * now.time_s + TAU * now.seed.x), cos(0.07 * now.time_s));
}

// A ring: which row it is, how far out its middle and how high it is, and how many tiles it has.
struct Ring {
    row: f32,
    far: f32,
    high: f32,
    count: f32,
    is_fillet: bool,
}

fn ring_of(row: f32) -> Ring {
    let size = ROW * scene.tile;
    let cycle = floor(row / ROWS);
    let place = row - cycle * ROWS;
    let is_fillet = place == ROWS - 1.0;
    let far = (cycle * CYCLE + select(place + 0.5, CYCLE - 0.5 * FILLET, is_fillet)) * size;
    let high = size * select(1.0, FILLET, is_fillet);
    let long = select(mix(0.9, 1.7, random2(vec2u(u32(row), 3u)).x), 1.0, is_fillet) * high;
    return Ring(row, far, high, clamp(round(TAU * far / long), 3.0, MOST), is_fillet);
}

fn ring_at(far: f32) -> Ring {
    let rows = max(far, 0.0) / (ROW * scene.tile);
    let cycle = floor(rows / CYCLE);
    return ring_of(cycle * ROWS + min(floor(rows - cycle * CYCLE), ROWS - 1.0));
}

// How far a ring is turned, in turns: the rings between two fillets together, with each second kick, and their neighbours the other
// way with the next one; the fillets with every hit. Were all to turn with each kick, light and dark would flash.
fn turn_of(row: f32) -> f32 {
    let group = floor(row / ROWS);
    let side = select(-1.0, 1.0, (u32(group) & 1u) == 0u);
    let slow = 1.0 / (1.0 + group);
    let hits = stepped(heard.onset_count, heard.onset, heard.onset_strength);
    let by = select(0.018 * kicks(fract(0.5 * group) * 2.0), -0.006 * hits, row - group * ROWS == ROWS - 1.0);
    return scene.turn * side * slow * (0.003 * now.time_s + by * moving()) + 0.37 * row;
}

// Petals, each cycle of rings its own number of them: 1 inside one, 0 on the dark ground around it. They turn with their rings.
fn petal_at(ring: Ring, number: f32) -> f32 {
    let cycle = floor(ring.row / ROWS);
    let place = (ring.row - cycle * ROWS) / (ROWS - 1.0);
    let petals = 5.0 + 3.0 * cycle;
    let across = abs(fract(((number + 0.5) / ring.count - 0.37 * ring.row) * petals + 0.5 * cycle) - 0.5) * 2.0;
    return step(across, 1.05 - place * place * 1.1);
}

// What hits are just now running over a place that is so far out.
fn wave_at(far: f32) -> f32 {
    let ago = (far * RUN_S) / 8.0;
    let bass = textureSampleLevel(history, clamped, vec2f(ago, 0.95), 0.0).x;
    let before = textureSampleLevel(history, clamped, vec2f(ago + 0.10 / 8.0, 0.95), 0.0).x;
    return saturate((bass - before) * 3.0);
}

@fragment fn flip(in: Corner) -> @location(0) vec4f {
    let here = vec2u(in.position.xy);
    let ring = ring_of(f32(here.y));
    if f32(here.x) >= ring.count { return vec4f(0.0); }
    let angle = TAU * ((f32(here.x) + 0.5) / ring.count - turn_of(ring.row));
    let way = vec2f(cos(angle), sin(angle));
    var far = ring.far;
    for (var step = 0; step < 2; step++) {
        far = ring.far - bend_at(middle() + way * far);
    }
    let colour = magnified(within(viewed(middle() + way * max(far, 0.0)))).rgb;
    let old = textureLoad(tiles, here, 0);
    let dice = random2(here * 13u + vec2u(u32(heard.onset_count) * 7u, u32(now.time_s * 60.0) * 31u));
    let slow = random2(here + vec2u(u32(now.time_s * 60.0) * 17u, 5u));
    // Waves from the middle for kicks, which turn most as the next hit comes; wedges for snares, everything after a drop, and
    // always a few.
    let wedge = smoothstep(0.5, 1.0, cos(angle * 2.0 + 2.4 * heard.snare_count)) * now.snare;
    let by_hits = (0.5 + 2.5 * now.onset) * wave_at(ring.far) + 2.0 * wedge;
    let chance = scene.flips * now.dt_s * (by_hits + 6.0 * heard.drop + 2.0 * heard.section_change);
    let starts = (dice.x < chance) | (slow.x < 0.08 * now.dt_s);
    var turned_by = select(0.0, old.a + now.dt_s / FLIP_S, old.a > 0.0);
    turned_by = select(turned_by, 0.001, (old.a == 0.0) & starts);
    let is_over = (old.a < 0.5) & (turned_by >= 0.5);
    turned_by = select(turned_by, 0.0, turned_by >= 1.0);
    let is_new = is_over | (canvas.anew > 0.5);
    return vec4f(select(old.rgb, colour, is_new), turned_by);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    // A hit pushes the middle towards the viewer, and a soft kick hardly less than a hard one.
    let p = centred(in.uv);
    let flat_q = p - middle();
    let left = saturate(heard.kick / max(0.7 * heard.kick_strength, 0.01));
    let hit = max(left, 0.8 * now.onset);
    let q = flat_q * (1.0 - 0.014 * hit * hit * hit * moving() * exp(-2.0 * dot(flat_q, flat_q)));
    let pixel = now.frame_px.w;
    let bent = length(q) + bend_at(middle() + q);
    let steep = max(length(vec2f(dpdx(bent), dpdy(bent))) / pixel, 0.3);
    let ring = ring_at(bent);
    let around = (atan2(q.y, q.x) / TAU + turn_of(ring.row) + 8.0) * ring.count;
    let number = floor(around) - ring.count * floor(floor(around) / ring.count);
    let id = vec2u(u32(number), u32(ring.row));
    let tile = textureLoad(tiles, id, 0);
    let dice = random2(id + 77u);
    let more = random2(id + 991u);

    // From the tile's middle, in frame heights: along the ring, and outward; and half its size.
    let half = vec2f(0.5 * TAU * length(q) / ring.count, 0.5 * ring.high / steep);
    let at = vec2f((fract(around) - 0.5) * 2.0 * half.x, (bent - ring.far) / steep);
    let wave = wave_at(ring.far);
    let flip = cos(3.14159 * tile.a);
    // As it turns over it is seen from its side; a wave lifts it.
    let gap = 0.0016 + 0.0012 * dice.x + 0.0006 * wave * moving();
    let room = max(half - gap, vec2f(0.0004)) * vec2f(1.0, max(abs(flip), 0.08));
    let corner = min(0.35 * min(room.x, room.y), 0.006);
    let outside = abs(at) - room + corner;
    let edge = length(max(outside, vec2f(0.0))) + min(max(outside.x, outside.y), 0.0) - corner;
    let covers = saturate(0.5 - edge / pixel);

    // Each is set by hand, a little askew; its edges are ground.
    let bevel = smoothstep(-0.0045, -0.0005, edge);
    let to_edge = select(vec2f(0.0, sign(at.y)), vec2f(sign(at.x), 0.0), outside.x > outside.y);
    let askew = (dice - 0.5) * 0.9 + vec2f(0.0, sin(3.14159 * tile.a) * 1.2) + wave * vec2f(0.0, 0.2);
    let lean = askew + to_edge * bevel * 0.9;
    let out = q / max(length(q), 1e-4);
    let across = vec2f(-out.y, out.x);
    let normal = normalize(vec3f(across * lean.x + out * lean.y, 1.0));
    let sweep = 0.1 * now.time_s + TAU * fract(0.03 * (kicks(0.0) + kicks(1.0)) * moving());
    let key = normalize(vec3f(now.toward * 0.6 + 0.35 * vec2f(cos(sweep), sin(sweep)), 0.8));
    let facing = saturate(dot(normal, key));
    let shine = saturate(reflect(-key, normal).z);

    let glitter = fract(more.y + 0.37 * heard.hat_count) < 0.25;
    let petal = petal_at(ring, number);
    let is_gold = (ring.row == 0.0) | (more.x < 0.05 * scene.gold) | (ring.is_fillet & (more.x < 0.85 * scene.gold));
    // Light petals on a dark ground of one ink, and among the stones of both some of the other.
    let shade = abs(petal - step(more.y, 0.05));
    let tone = mix(0.10 + 0.12 * dice.y, 0.6 + 0.6 * dice.y, shade);
    let lit = facing * facing * facing;
    let pure = max(mix(vec3f(luminance(tile.rgb)), tile.rgb, 1.4), vec3f(0.0));
    let stone = mix(0.5 * (ink(0.4) + tile.rgb), pure, shade) * (tone * (0.08 + 1.5 * lit)) * (1.0 + 0.2 * wave)
        + pow(shine, 60.0) * tone * (0.3 + 0.7 * tile.rgb);
    // Gold leaf is gold, with a breath of the accent.
    let leaf = mix(vec3f(0.95, 0.56, 0.13), accent(0u), 0.2);
    let gold = leaf * (0.04 + 0.75 * lit + 2.4 * pow(shine, 16.0) + select(0.0, 2.0 * now.hat, glitter))
        + ink(1.0) * (2.5 * pow(shine, 70.0));
    // The grain lies on the tile and turns with it.
    let grain = textureSampleLevel(noise, repeating, at / (64.0 * pixel) + dice, 0.0).x;
    // A lamp hangs over the middle: the rim lies in the dark.
    let lamp = 0.22 + 1.25 * exp(-3.2 * dot(q, q) / max(now.aspect, 1.0));
    let light = select(stone, gold, is_gold) * ((0.78 + 0.44 * grain) * lamp);
    // Light comes up through the grout where a wave passes.
    let depth = smoothstep(0.0, 0.006, edge + 0.002);
    let under = select(vec3f(0.0), tile.rgb * 0.06, tile.a > 0.0);
    let joint = ink(0.08) * (0.1 + 0.3 * grain) + under
        + accent(0u) * (0.75 * scene.grout * wave * lamp * (0.05 + 0.4 * depth));
    return vec4f(mix(joint, light, covers), 1.0);
}
