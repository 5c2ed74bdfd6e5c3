// Scene "terrain": ridges one behind the other, each a spectrum, drawn from the farthest to the nearest as strips that hide what
// lies behind them (the floating horizon of Williamson, "Hidden-line plotting program", 1972, by overpainting).

// Ridges in sight, and the points along each.
const ROWS = 40;
const COLUMNS = 97;
// Rows and bins of the ring of spectra.
const KEPT = 64;
const BINS = 128.0;
// The camera: focal length in frame heights, height over the plain, distance of the nearest ridge and between two.
const FOCAL = 0.6;
const EYE = 1.0;
const NEAREST = 1.0;
const APART = 0.42;
// Width of half the spectrum across the world; beyond it the mountains are mirrored.
const MASSIF = 5.0;
// How long a hit runs to the horizon.
const RUN_S = 1.1;
// How much wider than the frame ridges are, so that it may bank.
const WIDER = 1.25;
// How far a strip goes on beyond its line, in pixels, so that edges are smooth.
const MARGIN_PX = 2.5;

// How many ridges have been flown over.
fn flown() -> f32 {
    return scene.speed * (0.16 * now.time_s + 0.8 * heard.all_time_s) + 64.0;
}

// The ground leaps with kicks alone: lines that leap more often than thrice a second would be held back as flashes.
fn kicked() -> f32 { return hit_shown(now.kick, heard.kick_strength) * moving(); }
fn snared() -> f32 { return hit_shown(now.snare, heard.snare_strength) * moving(); }
fn struck() -> f32 { return max(kicked(), 0.9 * snared()); }

fn horizon() -> f32 {
    return 0.02 - 0.06 * heard.build_up;
}

// What ridge lies in a row of the ring now: the newest whose number falls on it.
fn ridge_in(slot: i32) -> i32 {
    let newest = i32(floor(flown()));
    return newest - (newest - slot + 16 * KEPT) % KEPT;
}

@fragment fn recall(in: Corner) -> @location(0) vec4f {
    let here = vec2i(in.position.xy);
    let x = in.position.x / BINS;
    let ridge = ridge_in(here.y);
    let ago = i32(floor(flown())) - ridge;
    let kept = textureLoad(ring, here, 0).xy;
    // Half floats hold whole numbers up to 2048.
    let number = f32(ridge % 1024);
    let heard_now = spectrum_at(x);
    let heard_before = textureSampleLevel(history, clamped, vec2f(f32(ago) / f32(KEPT), 1.0 - x), 0.0).x;
    let is_same = kept.y == number;
    let fresh = select(heard_now, heard_before, canvas.anew > 0.5);
    let growing = select(kept.x, max(kept.x, heard_now), ago == 0);
    return vec4f(select(fresh, growing, is_same & (canvas.anew < 0.5)), number, 0.0, 1.0);
}

// Distance of a row before the camera.
fn depth_of(row: f32) -> f32 {
    return NEAREST + APART * (row + 1.0 - fract(flown()));
}

// Where the valley that is flown through lies, at a ridge.
fn valley(ridge: f32) -> f32 {
    return 1.1 * sin(ridge * 0.061) + 0.5 * sin(ridge * 0.137 + 2.0);
}

@fragment fn raise(in: Corner) -> @location(0) vec4f {
    let row = floor(in.position.y);
    let ridge = floor(flown()) - f32(ROWS - 1) + row;
    let depth = depth_of(row);
    let screen_x = (floor(in.position.x) / f32(COLUMNS - 1) - 0.5) * now.aspect * WIDER;
    let world_x = screen_x * depth / FOCAL + valley(flown() - f32(ROWS - 1));
    let off = abs(world_x - valley(ridge));
    // Bass at the foot of the valley's walls, treble where the mountains end.
    let along = abs(fract(off / (2.0 * MASSIF) + 0.5) * 2.0 - 1.0);
    let band = 0.95 * (1.0 - along) + 0.03;
    let slot = (f32((i32(ridge) + 16 * KEPT) % KEPT) + 0.5) / f32(KEPT);
    let past = textureSampleLevel(ring, clamped, vec2f(band, slot), 0.0).x;
    // What sounds now runs over the ridges to the horizon: the bass lifts all of them, and a little each its own band.
    let ago = RUN_S / 8.0 * row / f32(ROWS);
    let bass = textureSampleLevel(history, clamped, vec2f(ago, 0.95), 0.0).x;
    let own = textureSampleLevel(history, clamped, vec2f(ago, 1.0 - band), 0.0).x;
    let surge = mix(bass, own, 0.15);
    let place = vec2f(world_x * 1.3, ridge * 0.41) + now.seed.xy * 64.0;
    let rough = fbm(place, 2u);
    let massif = smoothstep(0.25, 2.2, off) * (1.15 + 0.8 * gradient_noise(place * 0.23 + 9.0));
    let tone = past * sqrt(past) * (0.7 + 0.9 * band);
    let quiet = 0.25 + 0.55 * massif * (1.0 + 1.4 * rough);
    let jump = surge * surge * surge * scene.surge * moving() * exp(-2.0 * row / f32(ROWS));
    let height = quiet * (0.35 + 0.65 * massif) + (1.5 * massif + 0.12) * tone * (0.75 + 0.7 * rough)
        + jump * (0.10 + 0.24 * massif) * (0.7 + 0.5 * rough);
    let eye = EYE * (1.0 + 0.11 * kicked());
    let lifted = height * scene.height * (1.0 + 0.11 * kicked());
    return vec4f(horizon() + (eye - lifted) * FOCAL / depth, lifted, jump, bank());
}

// The angle of the bank: with the valley, and a little with each snare.
fn bank() -> f32 {
    let turn = valley(flown() - 40.0) - valley(flown() - 56.0);
    let side = select(-1.0, 1.0, fract(heard.snare_count * 0.5) < 0.25);
    return 0.05 * turn + 0.04 * side * snared();
}

// How steeply the crest falls in the frame, around a place in the relief.
fn crest_slope(column: i32, row: i32) -> f32 {
    let left = textureLoad(relief, vec2i(max(column - 1, 0), row), 0).x;
    let right = textureLoad(relief, vec2i(min(column + 1, COLUMNS - 1), row), 0).x;
    return (right - left) * f32(COLUMNS - 1) / (2.0 * now.aspect * WIDER);
}

// Light of the crests and of the slopes below them. By itself, since each place is read by six corners.
struct Tints {
    @location(0) crest: vec4f,
    @location(1) body: vec4f,
}

@fragment fn tint(in: Corner) -> Tints {
    let place = vec2i(in.position.xy);
    let here = textureLoad(relief, place, 0);
    let fall = crest_slope(place.x, place.y);
    let far = far_of(in.position.y - 0.5);
    let high = saturate(here.y);
    let fresh = here.z;
    // Lit from the moon's side.
    let lit = saturate(0.5 - 0.55 * fall * select(-1.0, 1.0, moon_at().x > 0.0));
    let tone = ink(0.42 + 0.22 * here.y + 0.2 * fresh) * (0.35 + 0.5 * high + 0.6 * lit * lit);
    let crest = tone + accent(0u) * (1.6 * fresh * fresh) + ink(1.0) * (0.7 * now.snare * fresh);
    // A hat lights each third slope.
    let ridge = i32(floor(flown())) + i32(place.y);
    let glint = select(0.0, 1.2 * now.hat, (ridge + i32(heard.hat_count)) % 3 == 0);
    let body = (1.0 + glint) * ink(0.22 + 0.3 * lit) * (0.35 + 0.5 * high) * (0.10 + 0.9 * lit * lit);
    return Tints(vec4f(crest * mix(1.0, 0.5, far), fall), vec4f(body, far));
}

// How far away a row is, from 0 to 1.
fn far_of(row: f32) -> f32 {
    return saturate((row + 1.0 - fract(flown())) / f32(ROWS));
}

struct Ridge {
    @builtin(position) position: vec4f,
    // Pixels below the crest, and how far down to the next ridge, 0 to 1.
    @location(0) below_px: f32,
    @location(1) down: f32,
    // Along the ridge, in the world.
    @location(2) along: f32,
    // Light of the crest, and how steep it is; light of the slope, and how far away it is.
    @location(3) crest: vec4f,
    @location(4) body: vec4f,
}

@vertex fn ridge(@builtin(vertex_index) index: u32) -> Ridge {
    let strip = i32(index / 6u);
    let corners = array<vec2i, 6>(vec2i(0, 0), vec2i(1, 0), vec2i(0, 1), vec2i(1, 0), vec2i(1, 1), vec2i(0, 1));
    let corner = corners[index % 6u];
    let row = ROWS - 1 - strip / (COLUMNS - 1);
    let column = strip % (COLUMNS - 1) + corner.x;
    let here = textureLoad(relief, vec2i(column, row), 0);
    let nearer = textureLoad(relief, vec2i(column, max(row - 1, 0)), 0).x;
    let crest_tint = textureLoad(crest, vec2i(column, row), 0);

    let x = (f32(column) / f32(COLUMNS - 1) - 0.5) * now.aspect * WIDER;
    let top = here.x;
    let next = select(nearer, 1.0, row == 0);
    let margin = MARGIN_PX * now.frame_px.w * scene.line * fineness();
    let bottom = max(top, next) + margin;
    let up = margin * sqrt(1.0 + crest_tint.w * crest_tint.w);
    let y = select(top - up, bottom, corner.y == 1);

    var out: Ridge;
    out.position = vec4f(turned(vec2f(x, y), vec2f(cos(here.w), sin(here.w))) * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.below_px = (y - top) * now.frame_px.y;
    out.down = (y - top) / max(bottom - top, 1e-4);
    out.along = x * depth_of(f32(row)) / FOCAL + valley(flown() - f32(ROWS - 1));
    out.crest = crest_tint;
    out.body = textureLoad(body, vec2i(column, row), 0);
    return out;
}

// How many pixels a line of one pixel has in a fine frame.
fn fineness() -> f32 {
    return max(1.0, now.frame_px.y / 720.0);
}

// Lines of about the same distance in the frame wherever they are: where they would part too far, new ones grow between them.
fn hatching(along: f32, step: f32, deep: f32) -> f32 {
    let level = log2(5.0 * step);
    let at = along * exp2(-floor(level));
    let soft = step * exp2(-floor(level));
    let old = smoothstep(0.34 * deep + soft, 0.34 * deep - soft, abs(fract(0.5 * at) - 0.5) * 2.0);
    let young = smoothstep(0.34 * deep + soft, 0.34 * deep - soft, abs(fract(0.5 * at + 0.5) - 0.5) * 2.0);
    return max(old, young * (1.0 - fract(level)));
}

@fragment fn slope(in: Ridge) -> @location(0) vec4f {
    let far = in.body.w;
    let steep = inverseSqrt(1.0 + in.crest.w * in.crest.w);
    // The farthest ridge rises out of the haze.
    let seen = smoothstep(1.0, 0.9, far);
    let thick = scene.line * fineness() * mix(0.8, 0.4, far);
    let line = smoothstep(thick + 0.75, thick - 0.75, abs(in.below_px) * steep);
    let covers = smoothstep(-0.75, 0.25, in.below_px * steep);
    let deep = (1.0 - in.down) * (1.0 - in.down);
    let hatch = hatching(in.along + 0.1 * in.crest.w * in.down, fwidth(in.along) * max(1.0, 720.0 * now.frame_px.w), deep);
    let haze = look.inks[1].rgb * (far * far * 0.7);
    let face = in.body.rgb * (mix(0.35, hatch, scene.engraving) * deep) + haze;
    return vec4f((face * covers + in.crest.rgb * line) * seen, max(covers, line) * seen);
}
