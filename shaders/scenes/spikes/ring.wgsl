// What lies behind the spikes of "spikes", and below them.

// How the waveform bends the ring: the left channel on the left, and without its finest jags, which would only flicker. By
// itself, since a ring has fewer places than a frame has pixels.
@fragment fn tune(in: Corner) -> @location(0) vec4f {
    let angle = in.uv.x - 0.5;
    let along = abs(angle);
    var sum = vec2f(0.0);
    for (var tap = 0; tap < 16; tap++) {
        sum += textureSampleLevel(waveform, clamped, vec2f(along * 0.8 + (f32(tap) - 7.5) * 0.002, 0.5), 0.0).xy;
    }
    let fade = smoothstep(0.0, 0.06, along) * smoothstep(0.5, 0.42, along);
    return vec4f(select(sum.y, sum.x, angle < 0.0) * (0.004 * fade * moving()), 0.0, 0.0, 1.0);
}

// Behind: a ring that the waveform bends. Below: a black floor with the ring's image, and waves that hits send out.
@fragment fn backdrop(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv) / unit();
    let pixel = now.frame_px.w / unit();
    let q = p - vec2f(0.0, -0.04);
    let angle = atan2(q.x, -q.y) / TAU;
    let bend = textureSampleLevel(tuned, clamped, vec2f(angle + 0.5, 0.5), 0.0).x;
    let far = length(q) - (0.40 + 0.04 * leap()) - bend;
    let floor_at = smoothstep(0.18, 0.30, p.y);
    let line = smoothstep(2.2 * pixel, 0.4 * pixel, abs(far)) * (1.0 - floor_at);
    let halo = exp(-26.0 * abs(far)) * 0.35 + exp(-6.0 * abs(far)) * 0.12;

    let ground = (p - MIDDLE) / vec2f(1.0, ELEVATION.y);
    let out = length(ground) - POOL;
    let at = 9.0 * out - 1.5 * heard.bass_time_s - 0.2 * now.time_s;
    let thin = fwidth(at);
    let ripple = smoothstep(1.5 * thin, 0.3 * thin, abs(fract(at) - 0.5)) * exp(-5.0 * max(out, 0.0)) * smoothstep(0.0, 0.03, out)
        * saturate(0.3 + p.y * 2.0);
    let colour = mix(accent(0u), ink(0.6), smoothstep(-0.3, 0.3, q.x));
    let light = colour * ((line * 2.2 + halo * (0.6 + 0.5 * now.level)) * scene.ring * (1.0 - 0.75 * floor_at))
        + ink(0.55) * (ripple * (0.2 + 0.9 * struck()));
    let pool = smoothstep(0.02, -0.01, length(ground) - POOL * 1.08);
    return vec4f(light * (1.0 - pool), 1.0);
}
