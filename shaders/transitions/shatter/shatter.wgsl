// The old scene breaks like a pane: shards, the cells of scattered points, come loose from where it was struck, turn, and fall past the new one.

const SHARDS = 7.0;

// The nearest point and the next but one: its place, and how far the crack is.
struct Shard {
    place: vec2f,
    crack: f32,
    dice: vec2f,
}

fn shard_at(p: vec2f) -> Shard {
    let cell = floor(p * SHARDS);
    var best = Shard(vec2f(0.0), 0.0, vec2f(0.0));
    var nearest = 9.0;
    var second = 9.0;
    for (var y = -1; y <= 1; y++) {
        for (var x = -1; x <= 1; x++) {
            let there = cell + vec2f(f32(x), f32(y));
            let dice = random2(vec2u(vec2i(there + 512.0)));
            let place = (there + 0.1 + 0.8 * dice) / SHARDS;
            let far = distance(p, place);
            if far < nearest {
                second = nearest;
                nearest = far;
                best.place = place;
                best.dice = dice;
            } else {
                second = min(second, far);
            }
        }
    }
    best.crack = second - nearest;
    return best;
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let t = now.progress;
    let heart = (now.seed.xy - 0.5) * vec2f(now.aspect, 1.0) * 0.4;
    // Where the piece that is seen here was before it fell: looked for in two steps, since what falls is known only there.
    var from_p = p;
    var shard = shard_at(p);
    var fallen = 0.0;
    for (var i = 0; i < 3; i++) {
        shard = shard_at(from_p);
        let loose = saturate((t * 1.5 - 0.5 * length(shard.place - heart) - 0.1 * shard.dice.x) * 1.4);
        fallen = loose;
        let drop = vec2f((shard.place.x - heart.x) * 0.35, 0.9 * loose + 0.1) * loose * (0.6 + 0.8 * shard.dice.y);
        let spin = (shard.dice.x - 0.5) * 2.4 * loose * loose;
        from_p = shard.place + turned(p - drop - shard.place, vec2f(cos(spin), -sin(spin))) * (1.0 + 0.5 * loose);
    }
    let landed = shard_at(from_p);
    let same = distance(landed.place, shard.place) < 1e-4;
    let is_there = same && fallen < 0.999 && all(abs(from_p) < vec2f(0.5 * now.aspect, 0.5) + 0.02);
    let last = textureSampleLevel(leaving, clamped, within(from_p / vec2f(now.aspect, 1.0) + 0.5), 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, in.uv, 0.0).rgb;
    // Cracks shine before anything falls; loose shards catch the light on their edges.
    let began = smoothstep(0.0, 0.08, t) * smoothstep(0.0, 0.05, t * 1.5 - 0.5 * length(landed.place - heart) + 0.12);
    let edge = smoothstep(0.012, 0.002, landed.crack) * began;
    let pane = last * (1.0 - 0.4 * fallen) + (0.3 * last + 0.12) * edge;
    return vec4f(select(next, pane, is_there), 1.0);
}
