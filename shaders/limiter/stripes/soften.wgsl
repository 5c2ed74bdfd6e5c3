// Fifth: the local mean of what is striped, and how much of it is just enough.

@group(1) @binding(0) var<storage, read_write> places: array<Place>;
@group(1) @binding(1) var field: texture_storage_2d<rgba16float, write>;

// Taps along a side of two places.
const TAPS = 6u;

fn place_of(index: u32) -> vec2u {
    return vec2u(index % now.places.x, index / now.places.x);
}

fn index_of(place: vec2i) -> u32 {
    let inside = vec2u(clamp(place, vec2i(0), vec2i(now.places) - 1));
    return inside.y * now.places.x + inside.x;
}

fn found(axis: u32, place: vec2i) -> vec4f {
    let inside = vec2u(clamp(place, vec2i(0), vec2i(now.places) - 1));
    if axis == 0u {
        return lines[inside.y / PITCH].found[inside.x];
    }
    return lines[line_counts().x + inside.x / PITCH].found[inside.y];
}

@compute @workgroup_size(64) fn average(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.places.x * now.places.y {
        return;
    }
    // Weighted by a tent as wide as two places, so that no wave is left of stripes that lie between them.
    var sum = vec4f(0.0);
    for (var tap = 0u; tap < TAPS * TAPS; tap++) {
        let step = (vec2f(vec2u(tap % TAPS, tap / TAPS)) + 0.5) * 2.0 / f32(TAPS) - 1.0;
        let weight = (1.0 - abs(step.x)) * (1.0 - abs(step.y));
        let at = (vec2f(place_of(id.x)) + 0.5 + step) / vec2f(now.places);
        sum += weight * vec4f(textureSampleLevel(wanted, smoothed, at, 0.0).rgb, 1.0);
    }
    places[id.x].mean = sum.rgb / sum.a;
}

// How far the mean goes along an axis, in places: a Gaussian of half a stripe's distance leaves less than a hundredth of stripes.
fn softness(axis: u32, place: vec2i) -> f32 {
    let along = select(vec2i(0, 1), vec2i(1, 0), axis == 0u);
    var most = 0.0;
    for (var at = 0; at < 15; at++) {
        most = max(most, found(axis, place + along * (at % 5 - 2) + along.yx * 2 * (at / 5 - 1)).w);
    }
    let distance = most * f32(now.places[axis]) / f32(now.cells[axis]);
    return select(1.0, clamp(0.55 * distance, 1.6, 10.0), most > 0.0);
}

// The mean around a place, along an axis.
fn blurred(axis: u32, place: vec2i) -> vec3f {
    let sigma = softness(axis, place);
    let reach = i32(ceil(2.5 * sigma));
    let along = select(vec2i(0, 1), vec2i(1, 0), axis == 0u);
    // Not too near to the frame's edge, beyond which no stripe weighs against the last.
    let edge = i32(round(select(0.0, 2.0 * sigma, sigma > 1.0)));
    let last = i32(now.places[axis]) - 1;
    let middle = clamp(place[axis], min(edge, last / 2), max(last - edge, last / 2));
    let from_here = place + along * (middle - place[axis]);
    var sum = vec4f(0.0);
    for (var at = -reach; at <= reach; at++) {
        let far = f32(at) / sigma;
        let there = places[index_of(from_here + along * at)];
        sum += exp(-0.5 * far * far) * vec4f(select(there.across, there.mean, axis == 0u), 1.0);
    }
    return sum.rgb / sum.a;
}

@compute @workgroup_size(64) fn blur_rows(@builtin(global_invocation_id) id: vec3u) {
    if id.x < now.places.x * now.places.y {
        places[id.x].across = blurred(0u, vec2i(place_of(id.x)));
    }
}

@compute @workgroup_size(64) fn blur_columns(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.places.x * now.places.y {
        return;
    }
    let place = vec2i(place_of(id.x));
    let mean = blurred(1u, place);
    places[id.x].soft = mean;
    let grey = pow(dot(pow(mean, vec3f(2.4)), vec3f(0.2126, 0.7152, 0.0722)), 1.0 / 2.4);
    places[id.x].need = max(enough(grey, found(0u, place)), enough(grey, found(1u, place)));
}

// The least share of the mean that takes the harm out of stripes: by their contrast, or by how light they are.
fn enough(mean: f32, found: vec4f) -> f32 {
    if found.x <= 0.0 {
        return 0.0;
    }
    let ends = pow(found.yz, vec2f(1.0 / 2.4));
    var low = 0.0;
    var high = 1.0;
    for (var step = 0; step < 8; step++) {
        let left = 0.5 * (low + high);
        let light = pow(saturate(mean + (ends - mean) * left), vec2f(2.4));
        if light.x - light.y <= STRIPE_LEFT_OVER || light.x <= STRIPE_DIM {
            low = left;
        } else {
            high = left;
        }
    }
    return 1.0 - low;
}

// Neighbours are softened as much, and those farther off less and less; and in time it comes and goes within a moment.
@compute @workgroup_size(64) fn spread(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.places.x * now.places.y {
        return;
    }
    let place = vec2i(place_of(id.x));
    var most = 0.0;
    for (var at = 0; at < 81; at++) {
        let step = vec2i(at % 9, at / 9) - 4;
        let near = place + step;
        if all(near >= vec2i(0)) && all(near < vec2i(now.places)) {
            let falls = saturate(1.25 - 0.25 * length(vec2f(step)));
            most = max(most, falls * places[index_of(near)].need);
        }
    }
    let aim = most * strength();
    let was = places[id.x].share;
    let share = clamp(aim, was - 5.0 * now.dt_s, was + 8.0 * now.dt_s);
    places[id.x].share = share;
    textureStore(field, vec2u(place), vec4f(places[id.x].soft, share));
}
