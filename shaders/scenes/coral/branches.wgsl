// The branches: each colony is a tree that forks at every level, drawn segment by segment. A segment adds exp(-3 d^2), d being the distance
// from its axis in radii: the logarithm of the sum is a soft union, so that forks run into each other without a seam.

const LEVELS = 6u;
const SEGMENTS = 63u;
// Segments reach so many radii: beyond, nothing is left of them.
const REACH = 1.7;

struct Branch {
    a: vec2f,
    b: vec2f,
    // Radius at both ends.
    thick: vec2f,
    // How far up its colony it is at both ends, 0 at the root and 1 at the tips.
    up: vec2f,
}

struct Twig {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) ends: vec4f,
    @location(2) @interpolate(flat) kind: vec4f,
}

// The corner of a square of two triangles, from -1 to 1.
fn corner_of(vertex: u32) -> vec2f {
    let corners = array<vec2f, 6>(vec2f(-1.0, -1.0), vec2f(1.0, -1.0), vec2f(-1.0, 1.0),
        vec2f(1.0, -1.0), vec2f(1.0, 1.0), vec2f(-1.0, 1.0));
    return corners[vertex % 6u];
}

// One segment of a colony: where it is after all forks below it have bent.
fn branch(colony: u32, segment: u32, root: vec2f, heading: f32, long: f32, thick: f32) -> Branch {
    let own = colony * 131u + u32(now.seed.y * 4096.0);
    let number = segment + 1u;
    let level = firstLeadingBit(number);
    var angle = heading;
    var a = root;
    var length_here = long;
    var radius = thick;
    let t = 0.45 * now.time_s + 1.3 * f32(colony);
    // The sea sways all of it, a snare whips it, and thin branches go further.
    let whip = scene.swelling * moving() * 0.028 * snared() * select(-1.0, 1.0, u32(heard.snare_count) % 2u == 0u);
    for (var l = 0u; l < LEVELS; l++) {
        let prefix = number >> (level - min(l, level));
        let dice = random2(vec2u(prefix, own));
        let more = random2(vec2u(prefix + 311u, own));
        if l > 0u {
            let side = select(-1.0, 1.0, (prefix & 1u) == 1u);
            angle += side * (0.22 + 0.40 * dice.x);
            length_here *= 0.78 + 0.16 * dice.y;
            radius *= 0.745;
        }
        // They bend up towards the light.
        angle += 0.10 * sin(angle) + (more.x - 0.5) * 0.22;
        angle += (0.016 + 0.010 * f32(l)) * sin(t - 0.5 * f32(l)) + whip * (0.4 + 0.3 * f32(l));
        let b = a + length_here * vec2f(-sin(angle), -cos(angle));
        if l == level {
            let up = vec2f(f32(l), f32(l) + 1.0) / f32(LEVELS);
            // The last ones end in a knob.
            return Branch(a, b, radius * vec2f(1.0, select(0.745, 0.95, l + 1u == LEVELS)), up);
        }
        a = b;
    }
    return Branch(a, a, vec2f(0.0), vec2f(0.0));
}

fn twig(vertex: u32, it: Branch) -> Twig {
    let corner = corner_of(vertex);
    let wide = REACH * max(it.thick.x, it.thick.y);
    let way = it.b - it.a;
    let along = way / max(length(way), 1e-5);
    let aside = vec2f(-along.y, along.x);
    let place = select(it.a - along * wide, it.b + along * wide, corner.x > 0.0) + aside * (corner.y * wide);
    var out: Twig;
    out.position = vec4f(place * vec2f(2.0 / now.aspect, -2.0), 0.0, 1.0);
    out.at = place;
    out.ends = vec4f(it.a, it.b);
    out.kind = vec4f(it.thick, it.up);
    return out;
}

// Upright frames have smaller reefs.
fn scale() -> f32 {
    return min(0.68 + 0.22 * now.aspect, 1.0);
}

// In front: one from below at one side, that is giant, and one from the other.
@vertex fn front_twig(@builtin(vertex_index) vertex: u32) -> Twig {
    let segment = (vertex / 6u) % SEGMENTS;
    let colony = vertex / (6u * SEGMENTS);
    // Each seed may have it the other way round.
    let side = select(1.0, -1.0, now.seed.x > 0.5);
    let root = select(vec2f(0.43 * side * now.aspect, 0.60), vec2f(-0.40 * side * now.aspect, 0.66), colony == 0u);
    let it = branch(colony, segment, root, side * select(0.30, -0.42, colony == 0u), select(0.165, 0.255, colony == 0u) * scale(),
        select(0.050, 0.082, colony == 0u) * scale());
    return twig(vertex, it);
}

@vertex fn middle_twig(@builtin(vertex_index) vertex: u32) -> Twig {
    let segment = (vertex / 6u) % SEGMENTS;
    let colony = vertex / (6u * SEGMENTS);
    let dice = random2(vec2u(colony, 91u));
    let x = (f32(colony) - 1.0) * 0.30 + 0.10 * (dice.x - 0.5) + 0.06;
    let it = branch(colony + 7u, segment, vec2f(x * now.aspect, 0.56), 0.3 * (dice.y - 0.5), (0.095 + 0.03 * dice.x) * scale(), 0.026 * scale());
    return twig(vertex, it);
}

@vertex fn far_twig(@builtin(vertex_index) vertex: u32) -> Twig {
    let segment = (vertex / 6u) % SEGMENTS;
    let colony = vertex / (6u * SEGMENTS);
    let dice = random2(vec2u(colony, 191u));
    let x = (f32(colony) + 0.2 + 0.6 * dice.x) / 6.0 - 0.5;
    let it = branch(colony + 23u, segment, vec2f(x * now.aspect, 0.46 + 0.03 * dice.y), 0.4 * (dice.y - 0.5), (0.045 + 0.03 * dice.y) * scale(),
        0.0105 * scale());
    return twig(vertex, it);
}

// Which way the surface leans, how far up it is, and how much of it there is: all by weight.
@fragment fn grow(in: Twig) -> @location(0) vec4f {
    let way = in.ends.zw - in.ends.xy;
    let from_a = in.at - in.ends.xy;
    let t = saturate(dot(from_a, way) / max(dot(way, way), 1e-8));
    let radius = mix(in.kind.x, in.kind.y, t);
    let off = (from_a - way * t) / max(radius, 1e-4);
    let squared = dot(off, off);
    let weight = exp(-3.0 * squared) * smoothstep(REACH * REACH, 0.75 * REACH * REACH, squared);
    return vec4f(off, mix(in.kind.z, in.kind.w, t), 1.0) * weight;
}

// Targets keep what was blended into them.
@fragment fn clear_front() -> @location(0) vec4f {
    return vec4f(0.0);
}

@fragment fn clear_middle() -> @location(0) vec4f {
    return vec4f(0.0);
}

@fragment fn clear_far() -> @location(0) vec4f {
    return vec4f(0.0);
}
