// Bands slip sideways and colours part, more and more, until it is the other scene. Which ones slip changes sixteen times on the way: with
// four beats that is four times a beat, and never a flash.

const STEPS = 16.0;

fn shown(at: vec2f, share: f32) -> vec3f {
    let last = textureSampleLevel(leaving, clamped, within(at), 0.0).rgb;
    let next = textureSampleLevel(arriving, clamped, within(at), 0.0).rgb;
    return mix(last, next, share);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let step = u32(now.progress * STEPS);
    // Bands of different height: a fine cut within a coarse one.
    let coarse = u32(in.uv.y * 9.0 + 3.0 * f32(step % 5u));
    let dice = random2(vec2u(coarse, step + 31u));
    let fine = random2(vec2u(u32(in.uv.y * mix(20.0, 70.0, dice.y)), step + 57u));
    let amount = sin(0.5 * TAU * now.progress);
    let slips = select(0.0, 1.0, dice.x < 0.75 * amount);
    let slip = slips * (fine.x - 0.5) * 0.35 * amount * moving();
    let parted = vec2f(0.012 * amount * (0.3 + slips), 0.0) * moving();
    // A band shows the new scene for good from its own moment on.
    let moment = random2(vec2u(coarse * 7u + u32(in.uv.x * 5.0), 91u)).x;
    let share = step_to(now.progress, 0.15 + 0.7 * moment);
    let at = in.uv + vec2f(slip, 0.0);
    let red = shown(at - parted, share).r;
    let middle = shown(at, share).g;
    let blue = shown(at + parted, share).b;
    return vec4f(red, middle, blue, 1.0);
}

fn step_to(t: f32, moment: f32) -> f32 {
    return smoothstep(moment - 0.02, moment + 0.02, t);
}
