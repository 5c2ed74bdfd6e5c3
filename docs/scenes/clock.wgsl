/*
name = "Clock"
about = "Bars, harmony and sections, as a clock."
*/

// A line at this distance, so wide.
fn line(far: f32, width: f32) -> f32 {
    return smoothstep(width, 0.0, abs(far));
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let far = length(p);
    // Twelve petals, one for each pitch class, as long as it sounds. The bass turns them: its time never runs back.
    let turn = fract(atan2(p.y, p.x) / TAU + 0.03 * heard.bass_time_s);
    let pitch = u32(turn * 12.0);
    let reach = 0.12 + 0.16 * heard_chroma(pitch) + 0.05 * heard.bass_hit;
    let petal = smoothstep(0.5, 0.4, abs(fract(turn * 12.0) - 0.5)) * smoothstep(reach, reach - 0.02, far);
    // The tonic is brighter, as far as there is one.
    let tonic = select(0.0, 2.0 * heard.key_confidence, pitch == u32(heard.key));
    // A ring that breathes over two bars, and one whose width is another in each half of a bar.
    let breath = line(far - 0.36 - 0.04 * lfo_sine(2.0), 0.012 + 0.02 * lfo_random(0.5));
    // A hand that goes around in four bars, and a mark that swings in a quarter of one.
    let hand = line(fract(turn - lfo_ramp(4.0) + 0.5) - 0.5, 0.02) * step(far, 0.36);
    let mark = line(far - 0.44 - 0.03 * lfo_triangle(0.25), 0.006);
    // The spectrum along the lower edge; what is struck makes it brighter.
    let bars = step(1.0 - in.uv.y, 0.12 * heard_band(u32(in.uv.x * 24.0))) * (0.3 + heard.percussive);
    // Each section has a colour of the picture's own; a drop floods all of it.
    let colour = palette.colours[u32(heard.section_change_count) % 5u].rgb;
    let light = petal * (0.6 + tonic + 2.0 * heard.beat_hit) + breath + hand + mark + bars;
    let behind = magnified(in.uv).rgb * (0.15 + 0.5 * heard.build_up + heard.drop + 0.6 * now.kick);
    return vec4f(colour * light * 2.0 + behind, 1.0);
}
