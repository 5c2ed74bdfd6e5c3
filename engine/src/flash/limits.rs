//! What a flash is: numbers that the judge and the stage's limiter share, each with where it stands.
//!
//! Relative luminance and chromaticity are WCAG's; luminance in cd/m2 is that of a display after ITU-R BT.1886 (gamma 2.4) with a
//! white of 200 cd/m2, as ITU-R BT.1702-3 takes it for standard dynamic range. Since 20 of 200 cd/m2 are 10 %, and 160 are 80 %,
//! both rules share their thresholds, and differ in the display's curve.

/// A change of luminance by this share of the maximum or more is a transition: WCAG 2.2, "general flash and red flash
/// thresholds", and 20 cd/m2 in ITU-R BT.1702-3, Annex 1, guideline 1.
pub const LUMINANCE_CHANGE: f32 = 0.1;

/// If the darker of the two is below this share of the maximum: as above, and 160 cd/m2.
pub const DARKER_BELOW: f32 = 0.8;

/// White on the display that ITU-R BT.1702-3 supposes, in cd/m2.
pub const WHITE_CD_M2: f32 = 200.0;

/// Exponent of that display: ITU-R BT.1886.
pub const DISPLAY_GAMMA: f32 = 2.4;

/// Red is saturated from this share of red in linear red, green and blue on: WCAG 2.2, after ISO 9241-391.
pub const RED_SHARE: f32 = 0.8;

/// A change to or from saturated red by more than this in the CIE 1976 UCS diagram (u', v') is a transition: as above.
pub const RED_CHANGE: f32 = 0.2;

/// Black has no chromaticity, and dark colours have none that is seen. The light of the room on the screen, about 1 cd/m2 of
/// white, is added to every colour, so that black lies at white, and red out of black is a change.
pub const ROOM_LIGHT: f32 = 0.005;

/// The longest time in which flashes are counted, in seconds.
pub const WINDOW_S: f64 = 1.0;

/// More transitions than this in one second are more than three flashes.
pub const MOST_TRANSITIONS: usize = 6;

/// Concurrent flashes may cover this share of a field: a quarter of any 10 degrees (WCAG 2.2) or of the picture
/// (ITU-R BT.1702-3).
pub const AREA: f64 = 0.25;

/// Ten degrees of the visual field, in pixels of a screen of [`SCREEN_PX`]: WCAG 2.2, note 1. A frame of another size is taken to
/// fill that screen as far as its shape allows, so that 10 degrees are a third of the width of a wide frame.
pub const TEN_DEGREES_PX: [f64; 2] = [341.0, 256.0];

/// See [`TEN_DEGREES_PX`].
pub const SCREEN_PX: [f64; 2] = [1024.0, 768.0];

/// Transitions that lie less than this apart, in seconds, come at once. Longer, and a texture that merely moves would count, as
/// each of its places changes at a time of its own.
pub const AT_ONCE_S: f64 = 1.0 / 30.0;

/// A transition of a place counts where at least this share of the ten degrees around it goes the same way at once: the area of
/// flashes that occur concurrently (WCAG 2.2, "general flash and red flash thresholds"), with a margin to [`AREA`]. Less is motion.
pub const JOINT: f64 = 0.6 * AREA;

/// From so many transitions in one second on, a sequence is at the limit: two flashes a second, as EA's IRIS and other tools for
/// broadcasters have it.
pub const MANY_TRANSITIONS: usize = 4;

/// A sequence that is at the limit for this long, in seconds...
pub const EXTENDED_S: f64 = 4.0;

/// ... of this long is an extended failure.
pub const EXTENDED_WINDOW_S: f64 = 5.0;

/// More light and dark pairs of stripes than this can do harm: ITU-R BT.1702-3, Annex 1, guideline 2.
pub const STRIPE_PAIRS: f64 = 5.0;

/// If the light stripes are brighter than this share of white, 50 cd/m2 (Wilkins, Emmett and Harding, "Characterizing the
/// patterned images that precipitate seizures", Epilepsia 46, 2005) ...
pub const STRIPE_LIGHT: f32 = 0.25;

/// ... and they are seen for longer than this, in seconds.
pub const STRIPE_S: f64 = 0.5;

/// Stripes that stand still, or drift in one direction, may cover this share of the picture; those that change their direction,
/// reverse or flash only [`AREA`]: ITU-R BT.1702-3, Annex 1, attachment 1, and the annex of Ofcom's guidance to section two.
/// (A smooth drift in one direction is not limited there at all.)
pub const STEADY_STRIPE_AREA: f64 = 0.4;

/// Distances from one stripe to the next may differ by this part from what they are in the mean.
pub const STRIPE_UNEVEN: f32 = 0.25;

/// Stripes nearer to each other than this, in cells of the judge, are too fine to be told from grain.
pub const STRIPE_NEAREST: f32 = 3.0;

/// Slower than this, in cells a frame, stripes stand.
pub const STRIPE_STANDS: f32 = 0.05;

/// Turns, reversals or appearances in a second that make a pattern one that changes.
pub const STRIPE_CHANGES: usize = 2;

/// Times are counted in these, so that a frame rate's rounding moves no transition over the end of a second.
pub(crate) const TICKS_PER_S: f64 = 10_000.0;
/// Rounding of two times.
const SLACK_TICKS: u32 = 2;

/// Seconds from the first frame, in ticks.
pub(super) fn ticks(time_s: f64) -> u32 {
    (time_s * TICKS_PER_S).round() as u32
}

/// Seconds.
pub(super) fn seconds(ticks: u32) -> f64 {
    f64::from(ticks) / TICKS_PER_S
}

/// Whether `then` lies less than `span_s` before `now`.
pub(super) fn within(now: u32, then: u32, span_s: f64) -> bool {
    now.saturating_sub(then) + SLACK_TICKS < (span_s * TICKS_PER_S) as u32
}

/// The limits as WGSL, for the stage's limiter. It counts on the safe side, since it looks at fewer places than the judge does: its
/// own thresholds are `CAREFUL_`.
pub(crate) fn declarations() -> String {
    format!(
        "const TICKS_PER_S = {TICKS_PER_S:?};\n\
         const AT_ONCE_S = {AT_ONCE_S:?};\n\
         const ROOM_LIGHT = {ROOM_LIGHT:?};\n\
         const LUMINANCE_CHANGE = {LUMINANCE_CHANGE:?};\n\
         const CAREFUL_LUMINANCE_CHANGE = {:?};\n\
         const CAREFUL_DARKER_BELOW = {:?};\n\
         const CAREFUL_RED_CHANGE = {:?};\n\
         const CAREFUL_RED_SHARE = {:?};\n\
         const CAREFUL_JOINT = {:?};\n\
         const CLAMP_CARE = 0.65;\n\
         const LEFT_OVER = 0.8;\n\
         const MOST_TRANSITIONS = {MOST_TRANSITIONS}u;\n\
         const MOST_TRANSITIONS_I = {MOST_TRANSITIONS};\n\
         const MANY_TRANSITIONS = {MANY_TRANSITIONS};\n\
         const FEW_TRANSITIONS = {};\n\
         const SOOTHED_AFTER_S = {:?};\n",
        0.85 * LUMINANCE_CHANGE,
        DARKER_BELOW + 0.02,
        0.85 * RED_CHANGE,
        RED_SHARE - 0.05,
        0.8 * JOINT,
        MANY_TRANSITIONS - 1,
        EXTENDED_S - (EXTENDED_WINDOW_S - EXTENDED_S) - 1.1,
    )
}

/// The same for stripes. What is left of the contrast of stripes lies well below the threshold, since their mean is not known
/// exactly.
pub(crate) fn stripe_declarations() -> String {
    // The shader remembers so many times of changes.
    const { assert!(STRIPE_CHANGES == 2) };
    format!(
        "const TICKS_PER_S = {TICKS_PER_S:?};\n\
         const DARKER_BELOW = {:?};\n\
         const STRIPE_CHANGE = {:?};\n\
         const STRIPE_LEFT_OVER = {:?};\n\
         const STRIPE_LIGHT = {:?};\n\
         const STRIPE_DIM = {:?};\n\
         const STRIPE_PAIRS = {STRIPE_PAIRS:?};\n\
         const STRIPE_UNEVEN = {:?};\n\
         const STRIPE_NEAREST = {:?};\n\
         const STRIPE_STANDS = {STRIPE_STANDS:?};\n\
         const CHANGING_AREA = {:?};\n\
         const STEADY_AREA = {:?};\n",
        DARKER_BELOW + 0.02,
        0.93 * LUMINANCE_CHANGE,
        0.65 * LUMINANCE_CHANGE,
        0.94 * STRIPE_LIGHT,
        0.85 * STRIPE_LIGHT,
        STRIPE_UNEVEN + 0.02,
        STRIPE_NEAREST - 0.2,
        0.94 * AREA,
        0.95 * STEADY_STRIPE_AREA,
    )
}
