//! The table. A new row goes to the end of its part: hosts number parameters by their order.

use super::kind::{act, beats, choice, degrees, factor, percent, scene, stops, switch, whole};
use super::{BeatDivision, ColourVision, Group, KeyColour, Knob, Transition, TransitionOn};
use crate::scene::Scene;

knobs! {
    // What frames depend on, and so what `Controls` holds.
    turned {
        // row              field in Controls           key          label                 group    what it can be                          what it does
        Scene,             scene: Scene,               "scene",     "Scene",              Look,    scene(),                                "How the pictures are shown.";
        Intensity,         intensity: f32,             "intensity", "Intensity",          Look,    percent(0.0, 2.0, 1.0),                 "How strongly the sound moves the picture.";
        Speed,             speed: f32,                 "speed",     "Speed",              Motion,  percent(0.0, 4.0, 1.0),                 "How fast the pictures change.";
        Morph,             morph: f32,                 "morph",     "Morph",              Motion,  percent(0.0, 2.0, 1.0),                 "How far a hit pushes, and how readily a picture becomes another.";
        Complexity,        complexity: f32,            "complexity", "Complexity",        Motion,  percent(0.3, 1.5, 1.0),                 "From plain, calm pictures to strange ones.";
        Smoothing,         smoothing: f32,             "smoothing", "Smoothing",          Motion,  percent(0.0, 4.0, 1.0),                 "How slowly the picture follows the music.";
        BeatSync,          beat_sync: bool,            "beatsync",  "Beat Sync",          Motion,  switch(true),                           "Steps fall on the beat of the host, or on the one that is heard.";
        BeatDivision,      beat_division: BeatDivision, "beatdiv",  "Beat Division",      Motion,  choice::<BeatDivision>(2),              "How many beats lie between two steps.";
        Hue,               hue: f32,                   "hue",       "Hue Shift",          Look,    degrees(-180.0, 180.0, 0.0),            "Turns all colours around the colour circle.";
        Zoom,              zoom: f32,                  "zoom",      "Zoom",               Look,    factor(0.5, 4.0, 1.0),                  "Magnifies the picture; 1 x fills the frame.";
        Feedback,          feedback: f32,              "feedback",  "Feedback",           Look,    percent(0.0, 1.0, 0.5),                 "How long trails last.";
        Relief,            relief: f32,                "relief",    "Relief",             Look,    percent(0.0, 2.0, 1.0),                 "How deep the picture looks where light falls on it.";
        Bloom,             bloom: f32,                 "bloom",     "Bloom",              Look,    percent(0.0, 3.0, 1.0),                 "Light that bright places shed around them.";
        Grain,             grain: f32,                 "grain",     "Grain",              Look,    percent(0.0, 3.0, 1.0),                 "Film grain.";
        Vignette,          vignette: f32,              "vignette",  "Vignette",           Look,    percent(0.0, 2.0, 1.0),                 "How dark the corners are.";
        Exposure,          exposure: f32,              "exposure",  "Exposure",           Look,    stops(-3.0, 3.0, 0.0),                  "How bright the picture is, in stops: one more is twice the light.";
        Sensitivity,       sensitivity: f32,           "sens",      "Sensitivity",        Hearing, percent(0.0, 4.0, 1.0).bearing(10.0),   "How much all of the sound counts.";
        BassSensitivity,   bass_sensitivity: f32,      "sensbass",  "Bass Sensitivity",   Hearing, percent(0.0, 4.0, 1.0).bearing(10.0),   "How much the bass counts: below 150 Hz, and kick drums.";
        MidSensitivity,    mid_sensitivity: f32,       "sensmid",   "Mid Sensitivity",    Hearing, percent(0.0, 4.0, 1.0).bearing(10.0),   "How much the middle counts: 150 Hz to 2 kHz, and snares.";
        TrebleSensitivity, treble_sensitivity: f32,    "senstreb",  "Treble Sensitivity", Hearing, percent(0.0, 4.0, 1.0).bearing(10.0),   "How much the treble counts: above 2 kHz, and hats.";
        Seed,              seed: u64,                  "seed",      "Seed",               Output,  whole(0, 9999, 1).bearing(u64::MAX),    "The same seed and the same music make the same pictures.";
        Freeze,            freeze: bool,               "freeze",    "Freeze",             Motion,  switch(false),                          "The picture stands still; the stage still moves with the sound.";
        Scene1,            scene_1: f32,              "scene1",    "Scene 1",            Scene,   percent(0.0, 1.0, 0.5),                 "The first of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene2,            scene_2: f32,              "scene2",    "Scene 2",            Scene,   percent(0.0, 1.0, 0.5),                 "The second of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene3,            scene_3: f32,              "scene3",    "Scene 3",            Scene,   percent(0.0, 1.0, 0.5),                 "The third of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene4,            scene_4: f32,              "scene4",    "Scene 4",            Scene,   percent(0.0, 1.0, 0.5),                 "The fourth of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene5,            scene_5: f32,              "scene5",    "Scene 5",            Scene,   percent(0.0, 1.0, 0.5),                 "The fifth of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene6,            scene_6: f32,              "scene6",    "Scene 6",            Scene,   percent(0.0, 1.0, 0.5),                 "The sixth of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene7,            scene_7: f32,              "scene7",    "Scene 7",            Scene,   percent(0.0, 1.0, 0.5),                 "The seventh of the scene's own knobs; in the middle it is as the scene was meant.";
        Scene8,            scene_8: f32,              "scene8",    "Scene 8",            Scene,   percent(0.0, 1.0, 0.5),                 "The eighth of the scene's own knobs; in the middle it is as the scene was meant.";
        Transition,        transition: Transition,     "trans",     "Transition",         Motion,  choice::<Transition>(1),                "How one scene becomes the next.";
        TransitionBeats,   transition_beats: f32,      "transbeats", "Transition Beats",  Motion,  beats(0.25, 32.0, 4.0),                 "How long that takes.";
        TransitionOn,      transition_on: TransitionOn, "transon",  "Transition Start",   Motion,  choice::<TransitionOn>(0),              "When a change of scene begins.";
        Halation,          halation: f32,              "halation",  "Halation",           Look,    percent(0.0, 2.0, 0.0),                 "A red glow around what is brightest, as on film.";
        Aberration,        aberration: f32,            "aberration", "Aberration",        Look,    percent(0.0, 2.0, 0.0),                 "Colours that part towards the corners, as behind a lens.";
        Contrast,          contrast: f32,              "contrast",  "Contrast",           Look,    percent(-1.0, 1.0, 0.0),                "Harder or softer light and shade.";
        Saturation,        saturation: f32,            "saturation", "Saturation",        Look,    percent(0.0, 2.0, 1.0),                 "From grey to vivid.";
        MetronomeLock,     metronome_lock: bool,      "metrolock", "Metronome Lock",     Hearing, switch(false),                          "Tempo and place of the beat stay as they are and run on, whatever the ear says.";
        KeyColour,         key_colour: KeyColour,      "keycolour", "Key Colour",        Look,    choice::<KeyColour>(2),                 "How far colours follow the key of the music: so each song gets a hue of its own.";
        Director,          director: bool,             "director",  "Director",          Look,    switch(false),                          "Scenes change by themselves, with the sections and phrases of the song.";
        WordsAmount,       words_amount: f32,          "wordsamount", "Words Amount",     Words,   percent(0.0, 1.0, 0.0),                 "How far the pictures follow what was said; the rest is the music's.";
        WordsMorph,        words_morph: f32,           "wordsmorph", "Words Morph",       Words,   percent(0.0, 1.0, 0.0),                 "From the first phrase to the last; with bars to a phrase, where they begin.";
        WordsBars,         words_bars: u64,            "wordsbars", "Words Bars",         Words,   whole(0, 64, 8),                        "How many bars a phrase stays before the next one; with 0, Words Morph alone says which it is.";
    }
    // What is done: parameters of the plugin, which counts or follows them.
    done {
        NextPicture, "next",    "Next Picture",      Motion, "Leaves this picture for another one.";
        Capture,     "capture", "Capture",           Output, "Writes the picture of this moment as a PNG, finely drawn.";
        Record,      "record",  "Record Video",      Output, "Records picture and sound as a video, for as long as it is on.";
        Bounce,      "bounce",  "Bounce Video",      Output, "While this is on, an offline bounce of the host writes a video too: no frame is dropped.";
        Bypass,      "bypass",  "Bypass",            Output, "The picture rests. The sound is the same either way.";
        TapTempo,    "tap",     "Tap Tempo",         Hearing, "A beat falls now; two and more taps say the tempo, one alone only where the beat is.";
        HalfTempo,   "half",    "Half Tempo",        Hearing, "The beat that is heard or tapped is half as fast, until the music ends.";
        DoubleTempo, "double",  "Double Tempo",      Hearing, "The beat that is heard or tapped is twice as fast, until the music ends.";
        NudgeEarlier, "earlier", "Nudge Earlier",    Hearing, "The beat falls 10 ms earlier.";
        NudgeLater,  "later",   "Nudge Later",       Hearing, "The beat falls 10 ms later.";
        ThisIsOne,   "one",     "This Is One",       Hearing, "The nearest beat is the first of its bar, until the music ends.";
    }
    // What suits whoever watches, and is decided knowingly: no parameters of hosts, which automate them, recall and throw dice for all
    // of them, and no part of presets, which would bring flashes or motion back with a look. Projects remember them; flags turn them.
    viewer {
        // row              field in Controls            key          label                 group    what it can be                          what it does
        LimitFlashes,      limit_flashes: bool,         "flashlimit", "Limit Flashes",      Viewer,  switch(true),                           "Keeps light from flashing so that it could cause seizures; files that are made without it say so.";
        ReducedMotion,     reduced_motion: bool,        "calm",      "Reduced Motion",     Viewer,  switch(false),                          "The camera and what the sound pushes move little: for whom motion makes ill.";
        ColourVision,      colour_vision: ColourVision, "vision",    "Colour Vision",      Viewer,  choice::<ColourVision>(0),              "Moves colours apart that colour-blind eyes cannot tell from each other.";
    }
}

/// What lies first under the hands of someone who plays a controller with eight knobs.
pub const PLAYED: [KnobId; 8] = [
    KnobId::Scene,
    KnobId::Intensity,
    KnobId::Speed,
    KnobId::Morph,
    KnobId::Hue,
    KnobId::Zoom,
    KnobId::Freeze,
    KnobId::NextPicture,
];
