// What is not yet known of a probe's newest transitions: whether they count.
const LIGHT_IS_SURE = 1u;
const RED_IS_SURE = 2u;
const LIGHT_IS_ASKED = 4u;
const RED_IS_ASKED = 8u;

// A transition that too little of what is around has joined was motion, and does not count. Returns what was wanted and does.
fn settle(id: u32) -> vec2f {
    let at = vec2u(id % now.probes.x, id / now.probes.x) / SIDE;
    let tile = tiles[at.y * now.tiles.x + at.x];
    let shown = probes[id].shown;
    var sure = probes[id].sure;
    if (sure & LIGHT_IS_SURE) == 0u {
        if select(tile.went.y, tile.went.x, shown.towards > 0) >= CAREFUL_JOINT {
            sure |= LIGHT_IS_SURE;
        } else if now.before - probes[id].light[0] >= AT_ONCE {
            probes[id].light = pulled(probes[id].light);
            sure |= LIGHT_IS_SURE;
        }
    }
    if (sure & RED_IS_SURE) == 0u {
        if select(tile.went.w, tile.went.z, shown.red != 0u) >= CAREFUL_JOINT {
            sure |= RED_IS_SURE;
        } else if now.before - probes[id].reds[0] >= AT_ONCE {
            probes[id].reds = pulled(probes[id].reds);
            sure |= RED_IS_SURE;
        }
    }
    let asks = sure & (LIGHT_IS_ASKED | RED_IS_ASKED);
    var asked = vec2f(0.0);
    if asks != 0u {
        if max(tile.asked.x, tile.asked.y) >= CAREFUL_JOINT {
            asked = select(vec2f(0.0), vec2f(1.0), vec2u(asks) == vec2u(asks | LIGHT_IS_ASKED, asks | RED_IS_ASKED));
            probes[id].asked = probes[id].asks;
            sure &= ~asks;
        } else if now.before - probes[id].asks >= AT_ONCE {
            sure &= ~asks;
        }
    }
    probes[id].sure = sure;
    return asked;
}

// First: what every probe sees, has seen, and would see.
@compute @workgroup_size(64) fn look(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= now.probes.x * now.probes.y {
        return;
    }
    let at = place(vec2u(id.x % now.probes.x, id.x / now.probes.x));
    let next = light(textureSampleLevel(wanted, smoothed, at, 0.0).rgb);
    if now.anew != 0u {
        var fresh: Probe;
        fresh.shown = resting(next);
        fresh.wanted = resting(next);
        let never = now.time - 100u * SECOND;
        for (var index = 0u; index < MOST_TRANSITIONS; index++) {
            fresh.light[index] = never;
            fresh.reds[index] = never;
        }
        fresh.asked = never;
        fresh.asks = never;
        fresh.mean_time = never;
        fresh.sure = LIGHT_IS_SURE | RED_IS_SURE;
        probes[id.x] = fresh;
        return;
    }
    let counted = settle(id.x);
    let last = light(textureSampleLevel(before, smoothed, at, 0.0).rgb);
    let was = moves(probes[id.x].shown, last, 1.0);
    probes[id.x].shown = swung(probes[id.x].shown, last, was);
    if was.x != 0 {
        probes[id.x].light = pushed(probes[id.x].light, now.before);
        probes[id.x].sure &= ~LIGHT_IS_SURE;
    }
    if was.y != 0 {
        probes[id.x].reds = pushed(probes[id.x].reds, now.before);
        probes[id.x].sure &= ~RED_IS_SURE;
    }
    let asked = moves(probes[id.x].wanted, next, 1.0);
    let from_low = next.luminance - probes[id.x].wanted.low;
    let from_high = probes[id.x].wanted.high - next.luminance;
    probes[id.x].wanted = swung(probes[id.x].wanted, next, asked);

    let fading = exp(-now.dt_s);
    let rate = probes[id.x].rate * fading + counted;
    // Red in whole: chromaticity changes faster than the colours that are mixed.
    let size = select(0.0, max(from_low, from_high), asked.x != 0);
    probes[id.x].rate = rate;
    probes[id.x].swing = max(probes[id.x].swing * fading, select(size, 1.0, asked.y != 0));

    let counts = vec2i(recent(probes[id.x].light), recent(probes[id.x].reds));
    let many = select(vec2f(-now.dt_s), vec2f(now.dt_s), counts >= vec2i(MANY_TRANSITIONS));
    let lasting = max(probes[id.x].lasting + many, vec2f(0.0));
    probes[id.x].lasting = lasting;

    let goes = moves(probes[id.x].shown, next, CLAMP_CARE);
    var held = probes[id.x].held;
    var soothed = probes[id.x].soothed;
    let over = any((goes != vec2i(0)) & (counts >= vec2i(allowed(held, soothed))));
    if any(asked != vec2i(0)) {
        probes[id.x].asks = now.time;
        probes[id.x].sure |= select(0u, LIGHT_IS_ASKED, asked.x != 0) | select(0u, RED_IS_ASKED, asked.y != 0);
    }
    let calm = now.time - probes[id.x].asked > SECOND / 2u;
    let busy = select(max(rate.x, rate.y), 0.0, calm);
    if over && (held > 0.3 || soothed <= 0.3) {
        held = 1.0;
    } else if busy < 4.0 {
        held = max(held - 6.0 * now.dt_s, 0.0);
    }
    if max(lasting.x, lasting.y) > SOOTHED_AFTER_S {
        soothed = 1.0;
    } else if busy < 2.0 {
        soothed = max(soothed - now.dt_s, 0.0);
    }
    probes[id.x].held = held;
    probes[id.x].soothed = soothed;

    let towards = probes[id.x].shown.towards;
    let red = probes[id.x].shown.red != 0u;
    let fresh = now.before - probes[id.x].light[0] < AT_ONCE;
    let fresh_red = now.before - probes[id.x].reds[0] < AT_ONCE;
    let stays = now.time - probes[id.x].light[0] < AT_ONCE;
    var marks = select(0u, HELD, held > 0.0) | select(0u, SOOTHED, held > 0.0 || soothed > 0.0);
    marks |= select(0u, select(WENT_DOWN, WENT_UP, towards > 0), fresh);
    marks |= select(0u, select(RED_WENT_DOWN, RED_WENT_UP, red), fresh_red);
    marks |= select(0u, GOES_UP, any(goes > vec2i(0)) || (stays && towards > 0));
    marks |= select(0u, GOES_DOWN, any(goes < vec2i(0)) || (stays && towards < 0));
    if now.time - probes[id.x].asks < AT_ONCE {
        // Red either way: its changes come with those of light.
        let ups = probes[id.x].wanted.towards > 0;
        let reddens = (probes[id.x].sure & RED_IS_ASKED) != 0u;
        marks |= select(0u, ASKED_UP, ups || reddens) | select(0u, ASKED_DOWN, !ups || reddens);
    }
    marks |= select(0u, BEGINS_UP, any(goes > vec2i(0)));
    marks |= select(0u, BEGINS_DOWN, any(goes < vec2i(0)));
    probes[id.x].marks = marks;
}
