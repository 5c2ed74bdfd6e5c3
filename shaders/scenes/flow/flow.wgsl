// Scene "flow": lacquer that streams across the frame in long ribbons and winds into whirls. The ribbons are the lines of a potential
// flow: a stream, and whirls that are logarithmic spirals (Milne-Thomson, "Theoretical Hydrodynamics"). So they never tear, and stay
// sharp however long they flow.

const WHIRLS = 3u;
// How far a spiral turns while it grows e-fold, in radians: whole, so that what lies along a ribbon meets itself after a turn.
const WOUND = 3.0;

// Where a place lies in the current.
struct Current {
    // Across the ribbons, each being 1 wide, and along them in the same measure.
    across: f32,
    along: f32,
    // How fast `across` changes, a frame height.
    slope: vec2f,
    // Nearness to the whirls, 0 to 1, and how much of an eye is here.
    near: f32,
    eye: f32,
}

fn hit() -> f32 {
    return max(now.kick, 0.8 * now.onset) * moving();
}

// Where the stream goes: along the frame's longer diagonal, upwards.
fn stream() -> vec2f {
    let t = 0.05 * now.time_s + TAU * now.seed.y;
    return normalize(vec2f(max(now.aspect, 0.35), -0.62 - 0.10 * sin(t)));
}

// Ribbons from one that is black to the next: as many arms has each whirl.
fn arms() -> f32 {
    return max(round(0.36 * scene.fold_count), 3.0);
}

// A place that a hit chooses, in frame heights from the middle.
fn struck(count: f32, salt: u32) -> vec2f {
    let dice = random2(vec2u(u32(count + 4096.0), salt + u32(now.seed.x * 65536.0)));
    return (dice - 0.5) * vec2f(0.62 * now.aspect, 0.56);
}

// How far a hit shoves everything: a little from the middle, and most where a ring runs out from the place that the kick struck.
fn shoved(p: vec2f) -> vec2f {
    let away = p - struck(heard.kick_count, 1u);
    let far = length(away) + 0.01;
    let ring = (far - 1.0 * (1.0 - now.kick)) / 0.15;
    let pushed = away / far * (0.040 * now.kick * exp(-ring * ring));
    return (pushed + p * (0.022 * max(now.kick, 0.6 * now.onset))) * moving();
}

fn whirl(index: u32) -> vec4f {
    let way = stream();
    let side = vec2f(-way.y, way.x);
    let reach = 0.5 * length(vec2f(now.aspect, 1.0));
    let t = 0.06 * now.time_s + 0.05 * heard.bass_time_s * moving();
    let places = array<vec3f, WHIRLS>(vec3f(-0.26, 0.20, -1.0), vec3f(0.16, -0.20, 1.0), vec3f(0.66, 0.20, -1.0));
    let it = places[index];
    let strays = vec2f(sin(t * 1.3 + 2.1 * f32(index)), cos(t + 1.7 * f32(index))) * 0.05;
    return vec4f(way * (it.x * reach) + side * it.y + strays, it.z, select(1.0, 0.55, index == 2u));
}

fn current_at(p: vec2f) -> Current {
    let way = stream();
    let side = vec2f(-way.y, way.x);
    let per_height = 0.50 * scene.fold_count;
    let count = arms();
    var it = Current(per_height * dot(p, side), per_height * dot(p, way), per_height * side, 0.0, 0.0);
    for (var index = 0u; index < WHIRLS; index++) {
        let place = whirl(index);
        let off = p - place.xy;
        let squared = dot(off, off) + 1e-5;
        let angle = atan2(off.y, off.x) / TAU;
        let grown = 0.5 * log(squared);
        let a = place.z * WOUND * count / TAU;
        let b = count;
        it.across += a * grown + b * angle;
        it.along += -a * TAU * angle + b / TAU * grown;
        it.slope += (a * off + b / TAU * vec2f(-off.y, off.x)) / squared;
        // A snare winds the whirls up, the bass a little.
        let within_reach = exp(-squared / (0.05 * place.w));
        it.across += place.z * within_reach * (0.75 * now.snare + 0.35 * now.swell + 0.5 * now.kick) * moving();
        it.near = max(it.near, exp(-squared / (0.075 * place.w)));
        it.eye = max(it.eye, 1.0 - smoothstep(0.010, 0.03 * place.w + 0.012, sqrt(squared)));
    }
    return it;
}

// What lies along the ribbons: it goes on without a seam where a ribbon has come round a whirl.
fn strands(x: f32, y: f32, round_x: f32, round_y: f32) -> f32 {
    let corner = floor(vec2f(x, y));
    let f = eased(vec2f(x, y) - corner);
    let round_both = vec2f(round_x, round_y);
    let low = corner - round_both * floor(corner / round_both);
    let next = corner + 1.0;
    let high = next - round_both * floor(next / round_both);
    let top = mix(lattice(low).x, lattice(vec2f(high.x, low.y)).x, f.x);
    let bottom = mix(lattice(vec2f(low.x, high.y)).x, lattice(high).x, f.x);
    return mix(top, bottom, f.y);
}

@fragment fn light(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let from_here = p - shoved(p);
    let at = viewed(p);
    let land = textureSampleLevel(field, clamped, within(at), 0.0).x;
    let way = stream();
    let side = vec2f(-way.y, way.x);
    // Slow swells of the whole stream.
    let down = dot(from_here, way);
    let bent = from_here + side * (0.045 * sin(3.1 * down - 0.25 * now.time_s + TAU * now.seed.z) + 0.02 * sin(7.3 * down + 0.4 * now.time_s));
    let here = current_at(bent);
    let count = arms();
    let turn_s = 0.09 * now.time_s + 0.22 * heard.all_time_s * moving();
    let steep = length(here.slope) + 1e-3;
    // Bright parts of the picture lift the stream out of its way.
    let across = here.across + 0.18 * (land - 0.5) * saturate(steep / 7.0) + 0.6 * turn_s;
    let px = steep * now.frame_px.w;
    let around = WOUND * count;
    let flows = 5.0 * turn_s + 1.6 * heard.bass_time_s * moving();
    let along = here.along - flows;

    let number = floor(across);
    let which = number - count * floor(number / count);
    let dice = random2(vec2u(u32(which), 77u + u32(now.seed.w * 65536.0)));
    // Wide in the stream and round the whirls, thin at its shores, and each swells and thins on its way.
    let shore = abs(dot(bent, side) + 0.05 * sin(2.0 * down));
    let full = max(smoothstep(0.46, 0.20, shore), here.near);
    let swells = 0.80 + 0.22 * sin(TAU * (2.0 * along / around + dice.x)) + 0.16 * sin(TAU * (5.0 * along / around + dice.y));
    let is_hero = which == 0.0;
    let is_gap = (which == 2.0) || (which == 4.0) || (which == 7.0);
    let body_width = select(select(0.36 + 0.10 * dice.y, 0.50, is_hero), 0.0, is_gap);
    let half = body_width * swells * (0.12 + 0.88 * full) * (1.0 + (0.22 * now.swell + 0.12 * hit()) * moving()) * (1.0 - here.eye);
    let middle = 0.5 + 0.05 * (dice.x - 0.5);
    let off = across - number - middle;
    let s = off / max(half, 1e-3);
    let cover = saturate((half - abs(off)) / px + 0.5) * smoothstep(0.0, 1.5 * px, half) * saturate(1.6 - 2.2 * px) * smoothstep(0.6, 2.6, steep);

    // Fine strands along the ribbon, never finer than pixels.
    let y_coarse = 10.0;
    let y_fine = 36.0;
    let coarse = strands(along / 3.0, across * y_coarse, count, count * y_coarse);
    let fine = strands(along / 1.5 + 5.0, across * y_fine, 2.0 * count, count * y_fine) * saturate(1.4 - 1.6 * y_fine * px);
    let strand = (0.65 * coarse + 0.75 * fine) * scene.brush;

    // A liquid volume: round across, lit from one side and a little from the front.
    let bulge = clamp(s + 0.20 * strand * (1.0 - s * s), -1.0, 1.0);
    let upright = sqrt(max(1.0 - bulge * bulge, 0.0));
    let depth = scene.folds * knobs.relief * 1.3;
    let normal = normalize(vec3f(here.slope / steep * bulge * depth, upright + 0.12));
    let lamp_way = normalize(vec3f(normalize(now.toward + vec2f(1e-4)), 0.55));
    let facing = saturate(dot(normal, lamp_way));
    let half_way = normalize(lamp_way + vec3f(0.0, 0.0, 1.0));
    let sheen = saturate(dot(normal, half_way));
    let root = smoothstep(0.0, 0.5, upright);

    let seen = magnified(at).rgb;
    let tone = 0.08 + 0.56 * facing * facing + 0.10 * strand;
    let paint = mix(ink(tone), vivid(seen, 1.5), 0.16 * facing);
    let strength = select(0.28 + 0.55 * dice.x * dice.x, 1.0, is_hero) * (0.30 + 0.70 * full);
    let body = paint * (root * (0.05 + 1.35 * facing * facing) * max(1.0 + 0.75 * strand, 0.15));
    let ridge = pow(sheen, 30.0) * (0.5 + 0.8 * strength) * max(1.0 + 1.1 * strand, 0.0);
    let glitter = pow(sheen, 90.0) * (0.9 * now.treble + 1.6 * now.hat + 0.9 * hit()) * (0.6 + 0.8 * max(strand, 0.0));
    // Light runs down the stream with the bass, and hits flare where their ring is.
    let runs = 0.5 + 0.5 * sin(TAU * (along / around * 1.0 + dice.y));
    let carried = 0.62 + 0.6 * runs * runs + 0.25 * now.level;
    var lit = (body * 1.25 + mix(ink(0.82), ink(1.0), sheen) * (scene.gloss * (0.75 * ridge + glitter) * root)) * (strength * carried);
    // One family of lines: the crest of the brightest ribbon.
    let to_light = clamp(1.6 * dot(here.slope, lamp_way.xy) / steep, -1.0, 1.0);
    let crest = saturate((0.0016 * steep - abs(off - 0.30 * half * to_light)) / px + 0.5);
    lit += select(vec3f(0.0), ink(1.0) * (crest * full * (0.35 + 0.9 * runs * runs + 0.8 * hit()) * saturate(1.0 - 1.6 * px)) * smoothstep(2.0, 4.0, steep), is_hero);
    // What is under a ribbon's edge is in its shadow; deep between them it is black.
    var light = lit * cover;

    // The accent: a filament drawn out along the current in the dark beside the brightest ribbon, with knots of light that hits send.
    let to_thread = across - count * floor(across / count) - 2.5 - 0.13 * sin(TAU * 2.0 * along / around);
    let thread_width = 0.0017 * scene.thread * steep * (0.7 + 0.5 * swells);
    let thread = saturate((thread_width - abs(to_thread)) / px + 0.5) * min(thread_width / px, 1.0);
    let knots = fract(along / around * 2.0 + 0.13 * heard.kick_count);
    let knot = exp(-7.0 * knots) + exp(-22.0 * (1.0 - knots));
    let aura = exp(-abs(to_thread) / (0.011 * steep));
    let drawn = (0.30 + 1.9 * knot * (0.6 + 1.2 * now.kick + 0.6 * now.snare)) * (0.25 + 0.75 * full) * (1.0 - here.eye) * saturate(1.5 - 2.0 * px);
    light += (accent(0u) * (thread * 1.6 + 0.16 * aura) + vec3f(luminance(accent(0u))) * (1.2 * thread * knot)) * (drawn * min(scene.thread, 1.0));
    return vec4f(light, 1.0);
}
