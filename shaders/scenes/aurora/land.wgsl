// The land, which is shaped once: three ranges of mountains and a forest before them. Red is how much a face is lit, green how
// hazy it is, alpha where there is land.

const RANGES = 3u;

// Ridges along a line: peaks rather than waves.
fn ridges(x: f32, layers: u32) -> f32 {
    var sum = 0.0;
    var strength = 0.5;
    var place = x;
    for (var layer = 0u; layer < layers; layer++) {
        sum += strength * (1.0 - 2.0 * abs(gradient_noise(vec2f(place, 0.5 + f32(layer)))));
        place = place * 2.13 + 5.7;
        strength *= 0.47;
    }
    return sum;
}

// How high the trees stand at `x`: each a spire in its own cell.
fn trees(x: f32, each: f32) -> f32 {
    let cell = floor(x / each);
    var top = 0.0;
    for (var side = -1.0; side < 1.5; side += 1.0) {
        let dice = random2(bitcast<vec2u>(vec2i(i32(cell + side), 77)));
        let away = abs(x - (cell + side + 0.2 + 0.6 * dice.x) * each);
        let tall = each * (1.3 + 3.2 * dice.y);
        // Branches: the outline is notched.
        let notch = 0.25 * each * abs(fract(away / each * 9.0) - 0.5);
        top = max(top, tall - away * 4.2 - notch);
    }
    return top;
}

@fragment fn shape_land(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let up = HORIZON - p.y;
    let pixel = canvas.px.w;
    var found = vec4f(0.0);
    for (var range = 0u; range < RANGES; range++) {
        let near = f32(range) / f32(RANGES - 1u);
        let x = p.x * (2.4 + 1.2 * near) + 13.0 * now.seed.z + 7.0 * f32(range);
        let top = mix(0.15, 0.03, near) * (0.65 + 1.1 * ridges(x, 6u)) * (1.0 - 0.25 * near);
        // Faces: the ridge's own folds run down the slope.
        let below = max(top - up, 0.0);
        let fold = gradient_noise(vec2f(x * 11.0 + 16.0 * below, 40.0 * below))
            + 0.8 * gradient_noise(vec2f(x * 37.0 - 60.0 * below, 90.0 * below));
        // Snow lies in gullies, and light runs along the ridge.
        let snow = (0.35 * smoothstep(0.15, 0.7, fold) * exp(-22.0 * below) + 0.45 * exp(-130.0 * below)) * (1.0 - 0.8 * near);
        let covers = smoothstep(-pixel, pixel, top - up);
        let haze = (1.0 - near) * 0.26 + 0.20 * exp(-25.0 * max(up, 0.0));
        found = mix(found, vec4f(snow, haze, 0.0, 1.0), covers);
    }
    let shore = 0.010 + 0.012 * gradient_noise(vec2f(2.0 * p.x + 3.0 * now.seed.w, 0.3));
    let wood = shore + trees(p.x, 0.019) * smoothstep(-0.25, 0.35, gradient_noise(vec2f(1.7 * p.x + 9.0 * now.seed.w, 4.0)));
    let covers = smoothstep(-pixel, pixel, wood - up) * step(0.0, up + pixel);
    return mix(found, vec4f(0.0, 0.02, 0.0, 1.0), covers);
}
