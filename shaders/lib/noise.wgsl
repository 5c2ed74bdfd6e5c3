// Noise that goes on for ever: smooth in space, the same in each frame, from -1 to 1. A head asks for it by `use = ["noise"]`.

// The corners of a lattice have numbers; between them they run into each other.
fn lattice(corner: vec2f) -> vec2f {
    return random2(bitcast<vec2u>(vec2i(corner))) * 2.0 - 1.0;
}

// From 0 to 1 with slope and bend of 0 at both ends (Perlin, "Improving noise", 2002).
fn eased(f: vec2f) -> vec2f {
    return f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
}

// A number at each whole place: blotches, and the cheapest.
fn value_noise(p: vec2f) -> f32 {
    let corner = floor(p);
    let f = eased(p - corner);
    let top = mix(lattice(corner).x, lattice(corner + vec2f(1.0, 0.0)).x, f.x);
    let bottom = mix(lattice(corner + vec2f(0.0, 1.0)).x, lattice(corner + vec2f(1.0, 1.0)).x, f.x);
    return mix(top, bottom, f.y);
}

// A slope at each whole place (Perlin, "An image synthesizer", 1985): rounder, and without squares.
fn gradient_noise(p: vec2f) -> f32 {
    let corner = floor(p);
    let at = p - corner;
    let f = eased(at);
    var ends: array<f32, 4>;
    for (var index = 0u; index < 4u; index++) {
        let step = vec2f(vec2u(index & 1u, index >> 1u));
        ends[index] = dot(lattice(corner + step), at - step);
    }
    return 1.4 * mix(mix(ends[0], ends[1], f.x), mix(ends[2], ends[3], f.x), f.y);
}

// Layers of it, each twice as fine and half as strong, and turned so that their lattices do not meet: clouds, smoke, rock. Four layers
// are enough for most; each costs as much as the first.
fn fbm(p: vec2f, layers: u32) -> f32 {
    var place = p;
    var sum = 0.0;
    var strength = 0.5;
    for (var layer = 0u; layer < layers; layer++) {
        sum += strength * gradient_noise(place);
        place = turned(place, vec2f(1.6, 1.2)) + 17.3;
        strength *= 0.5;
    }
    return sum;
}
