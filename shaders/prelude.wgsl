// Shared by every pass: the sampler, the full-frame triangle, and small tools. Before this stands what is generated: `now`, which is
// what the stage does in this frame (engine/src/stage/moment.rs), `knobs` (engine/src/knobs/table.rs) and `heard` (engine/src/hearing.rs).

@group(0) @binding(1) var clamped: sampler;

const TAU = 6.2831853;

struct Corner {
    @builtin(position) position: vec4f,
    // 0 to 1, y down.
    @location(0) uv: vec2f,
}

// One triangle that covers the frame.
@vertex fn cover(@builtin(vertex_index) index: u32) -> Corner {
    let x = f32(i32(index & 1u) * 4 - 1);
    let y = f32(i32(index >> 1u) * 4 - 1);
    return Corner(vec4f(x, y, 0.0, 1.0), vec2f(x, -y) * 0.5 + 0.5);
}

// Frame coordinates with the middle at 0 and the height being 1; y down.
fn centred(uv: vec2f) -> vec2f {
    return (uv - 0.5) * vec2f(now.aspect, 1.0);
}

// `p` turned by the angle whose cosine and sine `by` holds, and scaled by its length.
fn turned(p: vec2f, by: vec2f) -> vec2f {
    return vec2f(by.x * p.x - by.y * p.y, by.y * p.x + by.x * p.y);
}

// The picture goes on beyond its edges as in a mirror. By hand, since samplers that mirror cost a processor more.
fn within(at: vec2f) -> vec2f {
    return 1.0 - abs(1.0 - abs(at));
}

// A place in the picture, 0 to 1, for `q` from its middle, y down, in sides of the square that covers the frame. Pictures that are not
// square cover the frame too, unstretched.
fn unstretched(q: vec2f) -> vec2f {
    let aspect = now.picture_px.x * now.picture_px.w;
    let heights = max(now.aspect, 1.0) / max(now.aspect / aspect, 1.0);
    return 0.5 + q * vec2f(heights / aspect, heights);
}

// The camera's view of the picture: `p` in frame heights from the middle. The picture covers the frame; it sways
// by smooth polynomials, which cost less than sines.
fn viewed(p: vec2f) -> vec2f {
    let q = turned(p, now.camera) / max(now.aspect, 1.0);
    let bent = q + now.sway.xy * q.yx * 2.0 + now.sway.zw * (q.yx * q.yx - 0.08) * 4.0;
    return unstretched(bent + now.drift);
}

// Where the two pictures are read for a place in the one between them, and the newest's share: at either end of the way the picture is
// shown as it is. Where the ways do not fit, one picture takes over sooner than the other goes, so that edges are not doubled.
struct PicturePlaces {
    previous: vec2f,
    newest: vec2f,
    share: f32,
}

fn picture_places(motion: texture_2d<f32>, at: vec2f) -> PicturePlaces {
    let place = within(at);
    let way = textureSampleLevel(motion, clamped, place, 0.0);
    let share = saturate((now.tween - way.z) / max(1.0 - abs(2.0 * way.z - 1.0), 0.1) + 0.5);
    return PicturePlaces(within(place - now.tween * way.xy), within(place + (1.0 - now.tween) * way.xy), share);
}

fn tweened_texture(previous: texture_2d<f32>, newest: texture_2d<f32>, motion: texture_2d<f32>, at: vec2f) -> vec4f {
    let place = picture_places(motion, at);
    return mix(textureSampleLevel(previous, clamped, place.previous, 0.0),
        textureSampleLevel(newest, clamped, place.newest, 0.0), place.share);
}

// The same for pictures that hold square roots of light: light, and its height in alpha. Heights are mixed as those of the field are:
// the height of mixed light would stand above them.
fn tweened_pictures(previous: texture_2d<f32>, newest: texture_2d<f32>, motion: texture_2d<f32>, at: vec2f) -> vec4f {
    let place = picture_places(motion, at);
    let from_root = textureSampleLevel(previous, clamped, place.previous, 0.0).rgb;
    let to_root = textureSampleLevel(newest, clamped, place.newest, 0.0).rgb;
    let from_light = from_root * from_root;
    let to_light = to_root * to_root;
    let height = mix(sqrt(luminance(from_light)), sqrt(luminance(to_light)), place.share);
    return vec4f(mix(from_light, to_light, place.share), height);
}

// What is left of motion: less where it is reduced. Whatever pushes, zooms or turns by the sound is multiplied by it.
fn moving() -> f32 {
    return 1.0 - 0.8 * knobs.reduced_motion;
}

// Light in bytes: square roots hold dark colours better, and twice white is the most.
fn rooted(light: vec3f) -> vec3f {
    return sqrt(light * 0.5);
}

fn unrooted(root: vec3f) -> vec3f {
    return root * root * 2.0;
}

// The most light that bloom sheds.
const MOST_SHED = 8.0;

fn luminance(c: vec3f) -> f32 {
    return dot(c, vec3f(0.2126, 0.7152, 0.0722));
}

// PCG hash of two numbers (Jarzynski and Olano, "Hash functions for GPU rendering", 2020).
fn scattered(v: vec2u) -> vec2u {
    var x = v * 1664525u + 1013904223u;
    x.x += x.y * 1664525u;
    x.y += x.x * 1664525u;
    x = x ^ (x >> vec2u(16u));
    x.x += x.y * 1664525u;
    x.y += x.x * 1664525u;
    return x ^ (x >> vec2u(16u));
}

// Two numbers from 0 to 1.
fn random2(v: vec2u) -> vec2f {
    return vec2f(scattered(v) >> vec2u(8u)) * (1.0 / 16777216.0);
}

// OKLab (Björn Ottosson, 2020) from linear Rec. 709, and back.
fn oklab(c: vec3f) -> vec3f {
    let lms = vec3f(
        dot(c, vec3f(0.4122214708, 0.5363325363, 0.0514459929)),
        dot(c, vec3f(0.2119034982, 0.6806995451, 0.1073969566)),
        dot(c, vec3f(0.0883024619, 0.2817188376, 0.6299787005)));
    let r = pow(max(lms, vec3f(0.0)), vec3f(1.0 / 3.0));
    return vec3f(
        dot(r, vec3f(0.2104542553, 0.7936177850, -0.0040720468)),
        dot(r, vec3f(1.9779984951, -2.4285922050, 0.4505937099)),
        dot(r, vec3f(0.0259040371, 0.7827717662, -0.8086757660)));
}

fn linear_from_oklab(c: vec3f) -> vec3f {
    let r = vec3f(
        dot(c, vec3f(1.0, 0.3963377774, 0.2158037573)),
        dot(c, vec3f(1.0, -0.1055613458, -0.0638541728)),
        dot(c, vec3f(1.0, -0.0894841775, -1.2914855480)));
    let lms = r * r * r;
    return vec3f(
        dot(lms, vec3f(4.0767416621, -3.3077115913, 0.2309699292)),
        dot(lms, vec3f(-1.2684380046, 2.6097574011, -0.3413193965)),
        dot(lms, vec3f(-0.0041960863, -0.7034186147, 1.7076147010)));
}

// Uniform cubic B-spline in four bilinear taps, so that a magnified picture shows no texels
// (Sigg and Hadwiger, "Fast third-order texture filtering", GPU Gems 2, 2005).
fn spline(image: texture_2d<f32>, uv: vec2f) -> vec4f {
    let size = vec2f(textureDimensions(image));
    let place = uv * size - 0.5;
    let corner = floor(place);
    let f = place - corner;
    let g = 1.0 - f;
    let w0 = g * g * g * (1.0 / 6.0);
    let w1 = 2.0 / 3.0 - 0.5 * f * f * (2.0 - f);
    let w3 = f * f * f * (1.0 / 6.0);
    let low = w0 + w1;
    let high = 1.0 - low;
    let a = (corner - 0.5 + w1 / low) / size;
    let b = (corner + 1.5 + w3 / high) / size;
    let top = textureSampleLevel(image, clamped, a, 0.0) * low.x
        + textureSampleLevel(image, clamped, vec2f(b.x, a.y), 0.0) * high.x;
    let bottom = textureSampleLevel(image, clamped, vec2f(a.x, b.y), 0.0) * low.x
        + textureSampleLevel(image, clamped, b, 0.0) * high.x;
    return top * low.y + bottom * high.y;
}
