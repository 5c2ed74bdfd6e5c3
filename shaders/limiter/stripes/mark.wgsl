// Third, where there is anything: what is striped of each place, and how it moves.

var<workgroup> sums: array<vec3f, 64>;

@compute @workgroup_size(64) fn mark(
    @builtin(workgroup_id) id: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let line = id.x;
    let axis = course(line).axis;
    let along = now.cells[axis];
    let here = now.places[axis];
    let which = newest();
    var found = vec4f(0.0);
    var sum = vec3f(0.0);
    if index < here {
        let first = index * along / here;
        let last = max((index + 1u) * along / here, first + 1u);
        for (var run = 0u; run < lines[line].run_count; run++) {
            let stretch = lines[line].runs[run];
            let begin = max(first, u32(stretch.x));
            let end = min(last, u32(stretch.y));
            if begin >= end {
                continue;
            }
            var light = vec2f(0.0, 1.0);
            // A little more than one stripe of each kind lies so near.
            let reach = i32(ceil(0.75 * stretch.z));
            let until = min(i32(end) + reach, i32(stretch.y));
            for (var at = max(i32(begin) - reach, i32(stretch.x)); at < until; at++) {
                let value = lines[line].cells[which][at];
                light = vec2f(max(light.x, value), min(light.y, value));
            }
            found = max(found, vec4f(f32(end - begin) / f32(last - first), light, stretch.z));
            for (var at = max(begin, 1u); at < min(end, along - 1u); at++) {
                let value = lines[line].cells[which][at];
                let before = lines[line].cells[1u - which][at];
                let slope = 0.5 * (lines[line].cells[1u - which][at + 1u] - lines[line].cells[1u - which][at - 1u]);
                sum += vec3f((value - before) * slope, slope * slope,
                    (value - stretch.w) * (before - stretch.w));
            }
        }
        lines[line].found[index] = found;
    }
    sums[index] = sum;
    workgroupBarrier();
    if index == 0u {
        var motion = vec3f(0.0);
        for (var at = 0u; at < 64u; at++) {
            motion += sums[at];
        }
        lines[line].motion = motion;
    }
}
