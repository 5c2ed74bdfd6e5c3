// Makes a picture twice as large, along its edges: the idea of AMD's FidelityFX Super Resolution 1.0 (EASU, described in its public
// documentation, 2021). Twelve taps are weighed by a kernel that is turned and stretched along the edge, narrow across it, and the
// result stays between its four nearest neighbours, so nothing rings. Here the four new pixels between four old ones are made at once:
// they share taps and direction. Kernel and slope of edges were chosen by measure, on drawings made small and large again.

@group(0) @binding(0) var small: texture_2d<f32>;
@group(0) @binding(1) var large: texture_storage_2d<rgba8unorm, write>;

// How far the kernel reaches on flat land, and along an edge: its window is one over the root of this. How much it is stretched along edges.
const REACH_FLAT = 0.40;
const REACH_EDGE = 0.15;
const STRETCH = 0.5;
// How much edges are steepened, 0 to 1.
const STEEPEN = 0.5;

struct Sum {
    // The four new pixels: two above, two below.
    a: vec3f,
    b: vec3f,
    c: vec3f,
    d: vec3f,
    weights: vec4f,
}

struct Kernel {
    across: vec2f,
    along: vec2f,
    reach: f32,
}

// Where the four new pixels lie, from the middle between the old ones.
const X = vec4f(-0.25, 0.25, -0.25, 0.25);
const Y = vec4f(-0.25, -0.25, 0.25, 0.25);

fn weigh(sum: ptr<function, Sum>, kernel: Kernel, at: vec2f, tap: vec3f) {
    let x = at.x - X;
    let y = at.y - Y;
    let across = x * kernel.across.x + y * kernel.across.y;
    let along = x * kernel.along.x + y * kernel.along.y;
    let far = min(across * across + along * along, vec4f(1.0 / kernel.reach));
    // Lanczos's kernel without sine or root: a parabola for its lobe, times a window.
    let lobe = 0.4 * far - 1.0;
    let window = kernel.reach * far - 1.0;
    let weights = (1.5625 * lobe * lobe - 0.5625) * window * window;
    (*sum).a += tap * weights.x;
    (*sum).b += tap * weights.y;
    (*sum).c += tap * weights.z;
    (*sum).d += tap * weights.w;
    (*sum).weights += weights;
}

fn brightness(c: vec3f) -> f32 {
    return 0.5 * (c.r + c.b) + c.g;
}

// Slope at the middle of three in a row, and how much of an edge that is: 1 for one step, 0 for a line or noise.
fn edge(before: f32, here: f32, after: f32) -> vec2f {
    let slope = after - before;
    let steepest = max(abs(after - here), abs(here - before));
    let part = saturate(abs(slope) / max(steepest, 1e-5));
    return vec2f(slope, part * part);
}

fn kept(value: vec3f, low: vec3f, high: vec3f, steepen: f32) -> vec4f {
    let span = max(high - low, vec3f(1e-5));
    let part = saturate((value - low) / span);
    return vec4f(low + span * mix(part, part * part * (3.0 - 2.0 * part), steepen), 1.0);
}

@compute @workgroup_size(8, 8) fn magnify(@builtin(global_invocation_id) id: vec3u) {
    let last = vec2i(textureDimensions(small)) - 1;
    // The old pixel above and left of the four new ones; half of those at an edge fall outside, where nothing is stored.
    let corner = vec2i(id.xy) - 1;
    if any(corner > last) {
        return;
    }
    let x = clamp(vec4i(-1, 0, 1, 2) + corner.x, vec4i(0), vec4i(last.x));
    let y = clamp(vec4i(-1, 0, 1, 2) + corner.y, vec4i(0), vec4i(last.y));
    //   . b c .
    //   e f g h
    //   i j k l
    //   . n o .
    let b = textureLoad(small, vec2i(x.y, y.x), 0).rgb;
    let c = textureLoad(small, vec2i(x.z, y.x), 0).rgb;
    let e = textureLoad(small, vec2i(x.x, y.y), 0).rgb;
    let f = textureLoad(small, vec2i(x.y, y.y), 0).rgb;
    let g = textureLoad(small, vec2i(x.z, y.y), 0).rgb;
    let h = textureLoad(small, vec2i(x.w, y.y), 0).rgb;
    let i = textureLoad(small, vec2i(x.x, y.z), 0).rgb;
    let j = textureLoad(small, vec2i(x.y, y.z), 0).rgb;
    let k = textureLoad(small, vec2i(x.z, y.z), 0).rgb;
    let l = textureLoad(small, vec2i(x.w, y.z), 0).rgb;
    let n = textureLoad(small, vec2i(x.y, y.w), 0).rgb;
    let o = textureLoad(small, vec2i(x.z, y.w), 0).rgb;

    let lf = brightness(f);
    let lg = brightness(g);
    let lj = brightness(j);
    let lk = brightness(k);
    let across = edge(brightness(e), lf, lg) + edge(lf, lg, brightness(h))
        + edge(brightness(i), lj, lk) + edge(lj, lk, brightness(l));
    let down = edge(brightness(b), lf, lj) + edge(brightness(c), lg, lk)
        + edge(lf, lj, brightness(n)) + edge(lg, lk, brightness(o));
    let slope = vec2f(across.x, down.x);
    let steepness = length(slope);
    let direction = select(vec2f(1.0, 0.0), slope / max(steepness, 1e-6), steepness > 1e-4);
    let share = 0.125 * (across.y + down.y);
    let sure = share * share;

    var kernel: Kernel;
    // A diagonal step is as wide as a straight one.
    let diagonal = 1.0 / max(abs(direction.x), abs(direction.y));
    kernel.across = direction * mix(1.0, diagonal, sure);
    kernel.along = vec2f(-direction.y, direction.x) * (1.0 - STRETCH * sure);
    kernel.reach = mix(REACH_FLAT, REACH_EDGE, sure);

    var sum = Sum(vec3f(0.0), vec3f(0.0), vec3f(0.0), vec3f(0.0), vec4f(0.0));
    weigh(&sum, kernel, vec2f(-0.5, -1.5), b);
    weigh(&sum, kernel, vec2f(0.5, -1.5), c);
    weigh(&sum, kernel, vec2f(-1.5, -0.5), e);
    weigh(&sum, kernel, vec2f(-0.5, -0.5), f);
    weigh(&sum, kernel, vec2f(0.5, -0.5), g);
    weigh(&sum, kernel, vec2f(1.5, -0.5), h);
    weigh(&sum, kernel, vec2f(-1.5, 0.5), i);
    weigh(&sum, kernel, vec2f(-0.5, 0.5), j);
    weigh(&sum, kernel, vec2f(0.5, 0.5), k);
    weigh(&sum, kernel, vec2f(1.5, 0.5), l);
    weigh(&sum, kernel, vec2f(-0.5, 1.5), n);
    weigh(&sum, kernel, vec2f(0.5, 1.5), o);

    let low = min(min(f, g), min(j, k));
    let high = max(max(f, g), max(j, k));
    let scale = 1.0 / sum.weights;
    let steepen = STEEPEN * sure;
    let to = 2 * corner + 1;
    textureStore(large, to, kept(sum.a * scale.x, low, high, steepen));
    textureStore(large, to + vec2i(1, 0), kept(sum.b * scale.y, low, high, steepen));
    textureStore(large, to + vec2i(0, 1), kept(sum.c * scale.z, low, high, steepen));
    textureStore(large, to + vec2i(1, 1), kept(sum.d * scale.w, low, high, steepen));
}
