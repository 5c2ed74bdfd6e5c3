// Around a file in the Interactive Shader Format: what its inputs read, and how what it has drawn is shown. The format's colours are
// sRGB as it is stored; everything else here is light.

// The sRGB curve (IEC 61966-2-1) exactly: what goes through a file and comes back is what it was.
fn stored(light: vec3f) -> vec3f {
    let high = 1.055 * pow(max(light, vec3f(0.0)), vec3f(1.0 / 2.4)) - 0.055;
    return saturate(select(high, light * 12.92, light <= vec3f(0.0031308)));
}

fn light_of(colour: vec3f) -> vec3f {
    let high = pow((colour + 0.055) / 1.055, vec3f(2.4));
    return select(high, colour / 12.92, colour <= vec3f(0.04045));
}

// The picture as it comes, over the whole frame.
@fragment fn image(in: Corner) -> @location(0) vec4f {
    let at = unstretched(centred(in.uv) / max(now.aspect, 1.0));
    return vec4f(stored(magnified(at).rgb), 1.0);
}

// The scene that goes, and the one that comes, as they would be shown.
@fragment fn start(in: Corner) -> @location(0) vec4f {
    return vec4f(stored(textureSampleLevel(leaving, clamped, in.uv, 0.0).rgb), 1.0);
}

@fragment fn end(in: Corner) -> @location(0) vec4f {
    return vec4f(stored(textureSampleLevel(arriving, clamped, in.uv, 0.0).rgb), 1.0);
}

// The newest samples, a row for each channel from the bottom up; 0.5 is silence.
@fragment fn wave(in: Corner) -> @location(0) vec4f {
    let channels = textureSampleLevel(waveform, clamped, vec2f(in.uv.x, 0.5), 0.0).xy;
    let sample = select(channels.x, channels.y, in.uv.y < 0.5);
    return vec4f(vec3f(saturate(0.5 + 0.5 * sample)), 1.0);
}

// The spectrum from 0 Hz to the highest, evenly. The texture holds decibels over a range of 84; files are used to amplitudes, of which
// this is the root.
@fragment fn bins(in: Corner) -> @location(0) vec4f {
    // A bin shows the loudest of what lies in it, however few there are.
    let widest = f32(textureDimensions(spectrum).x);
    let first = floor((in.position.x - 0.5) * widest * canvas.px.z);
    let end = min(ceil((in.position.x + 0.5) * widest * canvas.px.z), widest);
    var level = textureSampleLevel(spectrum, clamped, vec2f(in.uv.x, 0.625), 0.0).x;
    for (var at = first; at < end && canvas.px.x < widest; at += 1.0) {
        level = max(level, textureLoad(spectrum, vec2i(i32(at), 2), 0).x);
    }
    let root = select(0.0, exp2((level - 1.0) * 6.976), level > 0.0);
    return vec4f(vec3f(root), 1.0);
}

// What the file has drawn, over black.
@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let drawn = textureSampleLevel(isf_drawn, clamped, in.uv, 0.0);
    return vec4f(light_of(saturate(drawn.rgb)) * saturate(drawn.a), 1.0);
}
