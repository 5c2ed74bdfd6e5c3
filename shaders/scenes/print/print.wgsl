// Scene "print": the picture in three plates, as a risograph prints it. Each plate is a screen of round dots, turned by an angle
// of its own so that the screens make rosettes and no stripes (as in colour printing since the 1890s), each a little off. Each hit
// pulls a new print: between hits, what is printed stands.

// Where a plate lies: a spring that hits push.
struct Plate {
    place: vec2f,
    speed: vec2f,
}

// The main colour, the accent, and black (on black paper: white). The fourth is the sun's place.
const MAIN = 0u;
const ACCENT = 1u;
const KEY = 2u;
const SUN = 3u;

// Bars, or seconds where there is no tempo.
fn bars() -> i32 {
    return select(i32(heard.bar_count), i32(now.time_s / 6.0), heard.tempo_bpm < 1.0);
}

fn is_black() -> bool {
    let turns = i32(heard.phrase8_count) + i32(heard.drop_count) + i32(heard.section_change_count) + i32(now.seed.x * 2.0);
    return select(scene.paper > 1.5, (turns & 1) == 1, scene.paper < 0.5);
}

// Where a plate is off: each kick lays it elsewhere, and any hit the accent's.
fn away(index: u32) -> vec2f {
    let count = select(heard.kick_count, heard.onset_count, index == ACCENT);
    let angle = TAU * fract(f32(index) / 3.0 + now.seed.y + 0.37 * count);
    return vec2f(cos(angle), sin(angle));
}

@compute @workgroup_size(64) fn pull(@builtin(global_invocation_id) id: vec3u) {
    let index = index_of(id);
    if index >= canvas.count { return; }
    let it = plates_rw[index];
    // The sun has another place in each bar.
    let dice = random2(vec2u(u32(bars() + 4096), u32(now.seed.z * 65536.0)));
    let is_sun = index == SUN;
    // Plates hop and stay: were they to come back, each hit would be a flash at every edge.
    let off = away(index) * (select(0.006, 0.004 + 0.006 * heard.onset_strength, index == ACCENT) * scene.misfit * moving());
    let to = select(off, (dice - 0.5) * vec2f(0.7 * now.aspect, 0.6), is_sun);
    let dt_s = min(now.dt_s, 0.05);
    let stiff = 900.0;
    let damp = 1.6 * sqrt(stiff);
    let ease = dt_s / (1.0 + damp * dt_s + stiff * dt_s * dt_s);
    let speed = it.speed + ease * (stiff * (to - it.place - dt_s * it.speed) - damp * it.speed);
    let next = Plate(it.place + dt_s * speed, speed);
    let first = Plate(to, vec2f(0.0));
    // The sun is elsewhere at once: its dots shrink here and grow there, as each new print is pulled.
    if is_sun | (canvas.anew > 0.5) { plates_rw[index] = first; } else { plates_rw[index] = next; }
}

// How loud a band (0 bass to 1 treble) was when the wave that is here now left the sun.
fn wave(far: f32, band: f32) -> f32 {
    return textureSampleLevel(history, clamped, vec2f(0.02 + 0.10 * far, 1.0 - band), 0.0).x;
}

// How much of each plate a place wants. Sound runs outwards from the sun through the dots.
@fragment fn separate(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    // Each other kick lays the sheet a little nearer.
    let is_near = fract(0.5 * heard.kick_count) > 0.25;
    let nearer = select(0.0, 0.04 * moving(), is_near);
    let at = viewed(p * (1.0 - nearer / (1.0 + 2.0 * dot(p, p))));
    let lightness = oklab(magnified(at).rgb).x;
    let land = textureSampleLevel(field, clamped, within(at), 0.0);
    let light = smoothstep(0.18, 0.88, lightness);
    let dark = 1.0 - light;
    let slope = saturate(0.5 * dot(land.yz, now.toward));
    let from_sun = p - plates[SUN].place;
    let far = length(from_sun);
    let waves = scene.swell * moving() * (vec2f(wave(far, 0.06), wave(far, 0.6)).xyy - 0.35);
    // A disc that thins out downwards, as skies on posters do; the other plates leave room for it.
    let radius = scene.sun * (0.22 + 0.07 * now.swell + select(0.0, 0.04 * moving(), is_near));
    let inside = smoothstep(radius, radius - 0.004, far);
    let disc = inside * saturate(0.62 - 0.8 * from_sun.y / max(radius, 0.01));
    let room = 1.0 - vec3f(0.6, 0.0, 0.9) * disc;
    let on_white = vec3f(smoothstep(0.0, 0.60, dark), max(disc, 0.75 * slope), smoothstep(0.42, 0.88, dark));
    let on_black = vec3f(smoothstep(0.10, 0.85, light), max(disc, 0.75 * slope), smoothstep(0.62, 1.0, light));
    let tone = select(on_white, on_black, is_black());
    let wanted = tone * room * (1.0 + vec3f(0.4, 0.5, 0.4) * waves) + 0.06 * waves * vec3f(1.0, 0.4, 0.0);
    // A kick prints it all, a snare the more of it the stronger it is; other hits little, since what changes more often flashes.
    // Without hits it comes slowly.
    let old = textureLoad(tones, vec2u(in.position.xy), 0);
    let kicked = saturate(heard.kick / max(heard.kick_strength, 0.01));
    let news = 2.5 + 5.0 * now.onset * now.onset + 40.0 * max(kicked * kicked * kicked, now.snare * now.snare * now.snare);
    let by = saturate(wanted) - old.rgb;
    let most = max(abs(by) * (1.0 - exp(-now.dt_s * news)), vec3f(0.12 * now.dt_s));
    let paper = select(0.0, 1.0, is_black());
    let is_first = (canvas.anew > 0.5) | (abs(old.a - paper) > 0.5);
    return vec4f(select(old.rgb + clamp(by, -most, most), wanted, is_first), paper);
}

// How much of a pixel a screen's dots cover: dots up to half of the paper, and from there on holes between them.
fn screened(place: vec2f, tone: f32, rows: f32) -> f32 {
    let cover = saturate(tone);
    let from_dot = length(fract(place) - 0.5);
    let from_hole = length(fract(place + 0.5) - 0.5);
    let dot = from_dot - sqrt(cover / 3.14159);
    let hole = sqrt((1.0 - cover) / 3.14159) - from_hole;
    let distance = select(dot, hole, cover > 0.5) / (rows * canvas.px.w);
    return saturate(0.5 - distance) * smoothstep(0.012, 0.03, cover);
}

// Rows of dots in the frame's height: each phrase has another screen. None is coarse: large dots in even rows are a pattern, which the
// stage would soften to mist.
fn rows() -> f32 {
    let shares = array<f32, 4>(1.0, 1.25, 1.1, 1.5);
    return scene.dots * shares[(u32(heard.phrase4_count + 4096.0) + u32(heard.drop_count)) % 4u];
}

// How much of each plate is wanted at a place, the plate being pushed. The screen itself stands still: were its dots to move,
// each place would flash as they pass. So hits move what is printed, and make dots swell.
fn tone_at(plate: u32, p: vec2f) -> vec4f {
    return textureSampleLevel(tones, clamped, (p - plates[plate].place) / vec2f(now.aspect, 1.0) + 0.5, 0.0);
}

@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let p = centred(in.uv);
    let blue = textureSampleLevel(noise, repeating, in.position.xy / 64.0, 0.0).x;
    // The drum gives less ink here and there, and the tooth of the paper takes less.
    let streaks = textureSampleLevel(noise, repeating, p * vec2f(0.03, 0.7), 0.0).x;
    let worn = 1.0 - scene.wear * saturate(0.10 * streaks + 0.22 * smoothstep(0.72, 1.0, blue));
    let count = rows();
    // Screens at 15, 75 and 45 degrees.
    let main = worn * screened(turned(p, vec2f(0.9659, 0.2588)) * count, tone_at(MAIN, p).r, count);
    let other = worn * screened(turned(p, vec2f(0.2588, 0.9659)) * count, tone_at(ACCENT, p).g, count);
    let key = worn * screened(turned(p, vec2f(0.7071, 0.7071)) * count, tone_at(KEY, p).b, count);
    // On white, inks are glass over each other; on black they cover.
    let tooth = 1.0 + scene.wear * 0.08 * (blue - 0.5);
    let white = vec3f(0.90, 0.885, 0.84) * tooth;
    let glass = mix(vec3f(1.0), ink(0.55), main) * mix(vec3f(1.0), accent(0u), other) * mix(vec3f(1.0), vec3f(0.002), key);
    let opaque = mix(mix(mix(vec3f(0.0012), ink(0.52), main), accent(0u), other), vec3f(0.93, 0.92, 0.88), key);
    return vec4f(select(white * glass, opaque * tooth, is_black()), 1.0);
}
