// Scene "marbling": mathematical marbling, in which each drop of ink and each stroke of a comb is a formula that says where the
// ink was before it (Lu, Jaffer, Jin, Zhao and Mao, "Mathematical Marbling", 2012). A pixel is followed back through what was
// done last, and so nothing is ever blurred, at any size. This file keeps the list of what was done; paint.wgsl follows it
// back. What is done is done at once, with its hit; between hits the bath all but stands.

// How much is remembered. What is older was undone.
const DEEDS = 20u;
// The oldest of them are being undone, each further than the one after it, so that nothing is left of what is forgotten.
const UNDOING = 8u;

const DROP = 0u;
const STYLUS = 1u;
const WHIRL = 2u;
const COMB = 3u;

struct Deed {
    // On the plate, in frame heights.
    place: vec2f,
    // Where a stylus goes, of length 1.
    way: vec2f,
    // A drop's radius; how far the others draw the ink.
    size: f32,
    // How much of it is done, 0 to 1.
    done: f32,
    kind: u32,
    // Its own number, 0 to 1.
    dice: f32,
}

struct Plate {
    // The newest first.
    deeds: array<Deed, DEEDS>,
    // What had happened when it was looked at last: kicks, snares, hats, other hits; bars, drops, sections, and breaths of
    // silence.
    hits: vec4f,
    forms: vec4f,
    // How many deeds there were, and when the last sprinkle was.
    count: f32,
    sprinkled_s: f32,
}

fn dice2(number: f32, salt: u32) -> vec2f {
    return random2(vec2u(u32(number) * 31u + salt, u32(now.seed.x * 65536.0)));
}

// Where on the plate a place in the frame lies: the bath turns slowly, and a little further with each kick, at once: a kick's pulse
// falls from its strength.
fn on_plate(p: vec2f) -> vec2f {
    let left = saturate(heard.kick / max(heard.kick_strength, 0.01));
    let kicks = heard.kick_count - left * left * left * left;
    let angle = 0.01 * now.time_s + TAU * now.seed.z + TAU * fract(0.001 * kicks * moving());
    return turned(p, vec2f(cos(angle), sin(angle)));
}

// Three places at a time, which change with the bar: drops that follow each other there lie within each other, as in
// suminagashi.
fn station(number: f32) -> vec2f {
    let dice = dice2(3.0 * heard.bar_count + number % 3.0, 5u);
    let jitter = 0.05 * (dice2(number, 9u) - 0.5);
    return on_plate((dice - 0.5) * vec2f(0.8 * now.aspect, 0.75) + jitter);
}

fn drop_of(number: f32, size: f32) -> Deed {
    return Deed(station(number), vec2f(1.0, 0.0), size, 0.0, DROP, dice2(number, 3u).x);
}

fn sprinkle_of(number: f32) -> Deed {
    let at = (dice2(number, 21u) - 0.5) * vec2f(now.aspect, 1.0) * 0.9;
    // Beyond 1 the number says that it is gold.
    return Deed(on_plate(at), vec2f(1.0, 0.0), 0.006 + 0.016 * dice2(number, 22u).x, 0.0, DROP, 1.0 + dice2(number, 23u).x);
}

// A stylus that passes where ink lies, or turns there.
fn stroke_of(number: f32) -> Deed {
    let dice = dice2(number, 13u);
    let way = vec2f(cos(TAU * dice.x), sin(TAU * dice.x));
    let kind = select(STYLUS, WHIRL, dice.y > 0.5);
    let size = select(0.13, 0.8, kind == WHIRL) * select(-1.0, 1.0, dice.x > 0.5);
    return Deed(station(number), way, size * scene.combing, 0.0, kind, dice.y);
}

fn comb_of(number: f32) -> Deed {
    let angle = TAU * 0.25 * (number % 4.0) + 0.3 * (dice2(number, 17u).x - 0.5);
    return Deed(vec2f(0.0), on_plate(vec2f(cos(angle), sin(angle))), 0.05 * scene.combing, 0.0, COMB, dice2(number, 17u).y);
}

fn lay(deed: Deed) {
    for (var index = DEEDS - 1u; index > 0u; index--) {
        plate_rw[0].deeds[index] = plate_rw[0].deeds[index - 1u];
    }
    plate_rw[0].deeds[0] = deed;
    plate_rw[0].count += 1.0;
}

// A plate that was worked on before the music began.
fn begin() {
    plate_rw[0].count = floor(now.seed.y * 900.0);
    plate_rw[0].sprinkled_s = now.time_s;
    for (var index = 0u; index < DEEDS; index++) {
        let number = plate_rw[0].count;
        let at = on_plate((dice2(number, 41u) - 0.5) * vec2f(now.aspect, 1.0));
        var deed = drop_of(number, scene.drops * (0.08 + 0.14 * dice2(number, 43u).x));
        deed.place = at;
        if index % 3u == 2u { deed = stroke_of(number); deed.place = at; }
        if index % 11u == 10u { deed = comb_of(number); }
        deed.done = 1.0;
        lay(deed);
    }
}

@compute @workgroup_size(1) fn work(@builtin(global_invocation_id) id: vec3u) {
    if index_of(id) >= canvas.count { return; }
    let hits = vec4f(heard.kick_count, heard.snare_count, heard.hat_count, heard.other_count);
    // In silence a drop falls every few seconds.
    let forms = vec4f(heard.bar_count, heard.drop_count, heard.section_change_count, floor(now.time_s * 0.3));
    if canvas.anew > 0.5 {
        begin();
    } else {
        let hit = hits != plate_rw[0].hits;
        let form = forms != plate_rw[0].forms;
        let number = plate_rw[0].count;
        if hit.x { lay(drop_of(number, scene.drops * (0.07 + 0.07 * heard.kick_strength))); }
        if hit.y { lay(stroke_of(number)); }
        // Faint ones are left out: each deed undoes old ones, and too many are unrest.
        if hit.w && heard.other_strength > 0.2 { lay(drop_of(number, scene.drops * (0.03 + 0.07 * heard.other_strength))); }
        if hit.z && now.time_s > plate_rw[0].sprinkled_s + 0.45 {
            lay(sprinkle_of(number));
            plate_rw[0].sprinkled_s = now.time_s;
        }
        if form.x && heard.bar_count % 2.0 < 0.5 { lay(comb_of(number)); }
        if form.y || form.z { lay(Deed(on_plate(vec2f(0.0)), vec2f(1.0, 0.0), 0.30, 0.0, DROP, dice2(number, 3u).x)); }
        if form.w && now.presence < 0.2 { lay(drop_of(number, 0.12)); }
    }
    plate_rw[0].hits = hits;
    plate_rw[0].forms = forms;
    for (var index = 0u; index < DEEDS; index++) {
        // Ink spreads at once and then slower, large drops later; strokes take a little longer, then the undoing, and the comb longest.
        let done = plate_rw[0].deeds[index].done;
        let kind = plate_rw[0].deeds[index].kind;
        let size = plate_rw[0].deeds[index].size;
        let wanted = saturate(f32(DEEDS - 1u - index) / f32(UNDOING));
        let working_s = array(0.05 + 2.5 * size * size, 0.14, 0.18, 0.7);
        let within_s = select(working_s[kind], 0.32, wanted < 1.0) / moving();
        plate_rw[0].deeds[index].done = mix(wanted, done, exp(-now.dt_s / within_s));
    }
}

// Each deed as two texels: its place, how far it goes now, and its kind; then its way, its number, and its size.
@compute @workgroup_size(8, 2) fn publish(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= DEEDS || id.y >= 2u { return; }
    let deed = plate[0].deeds[id.x];
    let far = select(deed.size * deed.done, max(deed.size * sqrt(deed.done), 1e-4), deed.kind == DROP);
    let first = vec4f(deed.place, far, f32(deed.kind));
    textureStore(deeds_out, id.xy, select(first, vec4f(deed.way, deed.dice, deed.size), id.y == 1u));
}
