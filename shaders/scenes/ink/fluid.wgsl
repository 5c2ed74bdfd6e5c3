// Scene "ink": ink in water. The water is a fluid on a coarse grid (Stam, "Stable Fluids", 1999) whose small whirls are kept
// alive (Fedkiw, Stam and Jensen, "Visual Simulation of Smoke", 2001); it carries ink on a fine one. This file is the water.

// What shoots ink into the water: a place and a direction that change with each hit.
struct Jet {
    place: vec2f,
    way: vec2f,
}

fn jet_of(count: f32, salt: u32) -> Jet {
    let dice = random2(vec2u(u32(count), salt + u32(now.seed.x * 65536.0)));
    let more = random2(vec2u(u32(count), salt + 77u));
    let place = (dice - 0.5) * vec2f(0.8 * now.aspect, 0.75);
    // Roughly towards the middle, where there is room.
    let angle = atan2(-place.y, -place.x) + 2.2 * (more.x - 0.5);
    return Jet(place, vec2f(cos(angle), sin(angle)));
}

fn kick_jet() -> Jet { return jet_of(heard.kick_count, 1u); }
fn second_jet() -> Jet { return jet_of(heard.kick_count, 5u); }
fn snare_jet() -> Jet { return jet_of(heard.snare_count, 2u); }
fn note_jet() -> Jet { return jet_of(heard.other_count, 3u); }

fn kick_drive() -> f32 { return now.kick * (0.4 + 0.6 * now.kick); }
fn note_drive() -> f32 { return now.onset * (0.4 + 0.6 * now.onset) * (1.0 - now.kick); }

// 1 in the middle of a blot, falling to 0 around it. In narrow frames blots are smaller.
fn blot(p: vec2f, place: vec2f, radius: f32) -> f32 {
    let d = (p - place) / (radius * sqrt(min(now.aspect, 1.0)));
    return exp(-dot(d, d));
}

// The basin is wider than the frame, so that its walls are not seen.
const BASIN = 1.25;

// A cell of the grid in frame heights.
fn cell(size: vec2i) -> vec2f {
    return BASIN * vec2f(now.aspect, 1.0) / vec2f(size);
}

// A place in the basin for one in the frame, both from 0 to 1.
fn in_basin(uv: vec2f) -> vec2f {
    return 0.5 + (uv - 0.5) / BASIN;
}

fn flow_at(place: vec2i, size: vec2i) -> vec2f {
    return textureLoad(flow, clamp(place, vec2i(0), size - 1), 0).xy;
}

fn curl_at(place: vec2i, size: vec2i) -> f32 {
    let h = 2.0 * cell(size);
    let along_x = flow_at(place + vec2i(1, 0), size).y - flow_at(place - vec2i(1, 0), size).y;
    let along_y = flow_at(place + vec2i(0, 1), size).x - flow_at(place - vec2i(0, 1), size).x;
    return along_x / h.x - along_y / h.y;
}

// What keeps small whirls alive: a push around where it curls most.
fn confinement(here: vec2i, size: vec2i) -> vec2f {
    let rise = vec2f(abs(curl_at(here + vec2i(1, 0), size)) - abs(curl_at(here - vec2i(1, 0), size)),
        abs(curl_at(here + vec2i(0, 1), size)) - abs(curl_at(here - vec2i(0, 1), size)));
    let towards = rise / (length(rise) + 1e-3);
    return vec2f(towards.y, -towards.x) * curl_at(here, size) * cell(size).y;
}

// How a hit whirls the water around a place.
fn whirl(p: vec2f, place: vec2f, radius: f32) -> vec2f {
    let d = p - place;
    return vec2f(-d.y, d.x) / radius * blot(p, place, radius);
}

// The water carries itself on, and the music pushes it.
@fragment fn stir(in: Corner) -> @location(0) vec4f {
    let size = vec2i(textureDimensions(flow));
    let here = vec2i(in.position.xy);
    let dt_s = min(now.dt_s, 0.04);
    let uv = in.uv;
    let p = BASIN * centred(uv);
    let from_uv = uv - flow_at(here, size) * dt_s / (BASIN * vec2f(now.aspect, 1.0));
    var v = textureSampleLevel(flow, clamped, from_uv, 0.0).xy * exp(-dt_s / 1.6);
    let kick = kick_jet();
    let second = second_jet();
    let note = note_jet();
    let spin = select(-1.0, 1.0, heard.snare_count % 2.0 < 0.5);
    var push = kick.way * (blot(p, kick.place, 0.075) * kick_drive() * 34.0 * scene.jets);
    push += second.way * (blot(p, second.place, 0.055) * kick_drive() * 26.0 * scene.jets);
    push += note.way * (blot(p, note.place, 0.05) * note_drive() * 16.0 * scene.jets);
    push += whirl(p, snare_jet().place, 0.14) * (spin * now.snare * now.snare * 26.0);
    // A slow current that the bass carries round, and one along the picture's contours.
    let angle = 0.07 * now.time_s + 0.8 * heard.bass_time_s + 6.0 * p.x + 4.5 * p.y;
    push += vec2f(cos(angle), sin(1.3 * angle)) * (0.10 + 0.5 * now.energy);
    let land = textureSampleLevel(field, clamped, within(viewed(p)), 0.0);
    push += vec2f(-land.z, land.y) / (0.5 + length(land.yz)) * (0.05 + 0.35 * heard.high_mid_level);
    push += confinement(here, size) * (scene.curls * (5.0 + 5.0 * beat_pulse()));
    v += push * (dt_s * moving());
    // Nothing flows through the walls.
    let wall = min(uv, 1.0 - uv);
    v *= smoothstep(vec2f(0.0), vec2f(0.04), wall);
    return vec4f(clamp(v, vec2f(-3.0), vec2f(3.0)) * (1.0 - canvas.anew), 0.0, 1.0);
}

// How much each place gains; the pressure starts as it was.
@fragment fn measure(in: Corner) -> @location(0) vec4f {
    let size = vec2i(textureDimensions(pressure));
    let here = vec2i(in.position.xy);
    let h = 2.0 * cell(size);
    let gain = (flow_at(here + vec2i(1, 0), size).x - flow_at(here - vec2i(1, 0), size).x) / h.x
        + (flow_at(here + vec2i(0, 1), size).y - flow_at(here - vec2i(0, 1), size).y) / h.y;
    let before = textureLoad(pressure, here, 0).x * (1.0 - canvas.anew);
    return vec4f(before, gain, 0.0, 1.0);
}

fn pressure_at(place: vec2i, size: vec2i) -> f32 {
    return textureLoad(pressure, clamp(place, vec2i(0), size - 1), 0).x;
}

// One round (Jacobi) towards the pressure that lets nothing gain.
@fragment fn press(in: Corner) -> @location(0) vec4f {
    let size = vec2i(textureDimensions(pressure));
    let here = vec2i(in.position.xy);
    let w = 1.0 / (cell(size) * cell(size));
    let gain = textureLoad(pressure, here, 0).y;
    let sides = w.x * (pressure_at(here + vec2i(1, 0), size) + pressure_at(here - vec2i(1, 0), size))
        + w.y * (pressure_at(here + vec2i(0, 1), size) + pressure_at(here - vec2i(0, 1), size));
    return vec4f((sides - gain) / (2.0 * (w.x + w.y)), gain, 0.0, 1.0);
}

@fragment fn settle(in: Corner) -> @location(0) vec4f {
    let size = vec2i(textureDimensions(flow));
    let here = vec2i(in.position.xy);
    let slope = vec2f(pressure_at(here + vec2i(1, 0), size) - pressure_at(here - vec2i(1, 0), size),
        pressure_at(here + vec2i(0, 1), size) - pressure_at(here - vec2i(0, 1), size)) / (2.0 * cell(size));
    return vec4f(flow_at(here, size) - slope, 0.0, 1.0);
}
