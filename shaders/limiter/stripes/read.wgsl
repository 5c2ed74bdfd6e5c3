// First: the cells of every line.

// Luminance on the broadcasters' display. The polynomial is its power of 2.4 to within 0.012.
fn luminance(px: vec2u) -> f32 {
    let c = textureLoad(wanted, px, 0).rgb;
    return dot(c * c * (0.6 + 0.4 * c), vec3f(0.2126, 0.7152, 0.0722));
}

// The mean of a cell along its line. One line of pixels stands for the cell's height.
fn cell(axis: u32, across_px: u32, at: u32) -> f32 {
    let side = f32(now.frame_px[axis]);
    let each = side / f32(now.cells[axis]);
    let taps = u32(clamp(floor(each), 1.0, 8.0));
    var sum = 0.0;
    for (var tap = 0u; tap < taps; tap++) {
        let along_px = u32(min((f32(at) + (f32(tap) + 0.5) / f32(taps)) * each, side - 1.0));
        sum += luminance(select(vec2u(across_px, along_px), vec2u(along_px, across_px), axis == 0u));
    }
    return sum / f32(taps);
}

@compute @workgroup_size(256) fn read_line(
    @builtin(workgroup_id) id: vec3u,
    @builtin(local_invocation_index) at: u32,
) {
    let line = id.x;
    let here = course(line);
    if at >= now.cells[here.axis] {
        return;
    }
    // Not at even distances, so that no pattern lies between all of them.
    let within = 0.1 + 0.8 * fract(f32(line) * 0.618034);
    let side_px = now.frame_px[1u - here.axis];
    let across = (f32(here.number) + within) / f32(line_counts()[here.axis]) * f32(side_px);
    lines[line].cells[newest()][at] = cell(here.axis, min(u32(across), side_px - 1u), at);
}
