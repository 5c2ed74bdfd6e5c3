//! Knobs that are one of a few.

/// One of a few, for a row of the table.
pub trait Choice: Copy + PartialEq + Send + Sync + 'static {
    /// All of them, in the order in which they are offered.
    const ALL: &'static [Self];
    /// By which names projects and command lines know them: never change.
    const KEYS: &'static [&'static str];
    /// What people see.
    const NAMES: &'static [&'static str];

    /// Its place.
    fn index(self) -> usize {
        Self::ALL.iter().position(|choice| *choice == self).unwrap_or_default()
    }

    /// Its name in projects and on command lines.
    fn key(self) -> &'static str {
        Self::KEYS.get(self.index()).copied().unwrap_or_default()
    }

    /// The one at this place, or the first.
    fn of_index(index: usize) -> Self {
        Self::ALL.get(index).copied().unwrap_or(Self::ALL[0])
    }
}

/// How many beats lie between two steps of the motion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BeatDivision {
    /// Four steps a beat.
    Quarter,
    /// Two steps a beat.
    Half,
    /// A step a beat.
    #[default]
    One,
    /// A step every two beats.
    Two,
    /// A step every four beats: mostly a bar.
    Four,
    /// A step every eight beats.
    Eight,
}

impl Choice for BeatDivision {
    const ALL: &'static [Self] = &[Self::Quarter, Self::Half, Self::One, Self::Two, Self::Four, Self::Eight];
    const KEYS: &'static [&'static str] = &["quarter", "half", "one", "two", "four", "eight"];
    const NAMES: &'static [&'static str] =
        &["1/4 beat", "1/2 beat", "1 beat", "2 beats", "4 beats", "8 beats"];
}

impl BeatDivision {
    /// Beats from one step to the next.
    pub fn beats(self) -> f32 {
        match self {
            Self::Quarter => 0.25,
            Self::Half => 0.5,
            Self::One => 1.0,
            Self::Two => 2.0,
            Self::Four => 4.0,
            Self::Eight => 8.0,
        }
    }
}

/// How one scene becomes the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Transition {
    /// At once.
    Cut,
    /// One fades into the other, in light.
    #[default]
    Dissolve,
    /// What is bright in the old one goes last, what is dark first.
    Burn,
    /// Through the old one into the new one.
    Dive,
    /// The new one runs down over the old one like paint.
    Pour,
    /// One of the user's own, counted from 1 by the names of their files.
    Own(u8),
    /// The old one runs off while the new one comes up beneath.
    Melt,
    /// Along the heights of the picture.
    Wipe,
    /// The new one pushes the old one out.
    Push,
    /// Tiles turn over, one after the other.
    Flip,
    /// Bands slip, colours part, and it is another one.
    Glitch,
    /// A round opening.
    Iris,
    /// The old one breaks like a pane, and falls.
    Shatter,
    /// The new one spreads as ink does in paper.
    Blot,
}

impl Choice for Transition {
    const ALL: &'static [Self] = &[
        Self::Cut,
        Self::Dissolve,
        Self::Burn,
        Self::Dive,
        Self::Pour,
        Self::Own(1),
        Self::Own(2),
        Self::Own(3),
        Self::Own(4),
        Self::Own(5),
        Self::Own(6),
        Self::Own(7),
        Self::Own(8),
        Self::Melt,
        Self::Wipe,
        Self::Push,
        Self::Flip,
        Self::Glitch,
        Self::Iris,
        Self::Shatter,
        Self::Blot,
    ];
    const KEYS: &'static [&'static str] = &[
        "cut", "dissolve", "burn", "dive", "pour", "own-1", "own-2", "own-3", "own-4", "own-5", "own-6",
        "own-7", "own-8", "melt", "wipe", "push", "flip", "glitch", "iris", "shatter", "blot",
    ];
    const NAMES: &'static [&'static str] = &[
        "Cut", "Dissolve", "Burn", "Dive", "Pour", "Own 1", "Own 2", "Own 3", "Own 4", "Own 5", "Own 6",
        "Own 7", "Own 8", "Melt", "Wipe", "Push", "Flip", "Glitch", "Iris", "Shatter", "Blot",
    ];
}

impl Transition {
    /// Those that hit.
    pub const HARD: [Self; 5] = [Self::Push, Self::Glitch, Self::Shatter, Self::Dive, Self::Flip];
    /// Those that flow.
    pub const SOFT: [Self; 6] = [Self::Dissolve, Self::Burn, Self::Pour, Self::Melt, Self::Wipe, Self::Blot];
    /// All that are built in, a cut apart.
    pub const ALL_BUT_CUT: [Self; 12] = [
        Self::Dissolve,
        Self::Burn,
        Self::Dive,
        Self::Pour,
        Self::Melt,
        Self::Wipe,
        Self::Push,
        Self::Flip,
        Self::Glitch,
        Self::Iris,
        Self::Shatter,
        Self::Blot,
    ];
}

/// When a change of scene begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TransitionOn {
    /// At once.
    #[default]
    Once,
    /// On the next beat.
    Beat,
    /// On the next bar.
    Bar,
}

impl Choice for TransitionOn {
    const ALL: &'static [Self] = &[Self::Once, Self::Beat, Self::Bar];
    const KEYS: &'static [&'static str] = &["once", "beat", "bar"];
    const NAMES: &'static [&'static str] = &["At once", "On the beat", "On the bar"];
}

/// How far colours follow the key of the music.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyColour {
    /// Not at all: pictures have the colours that they were painted with.
    Off,
    /// Within a third of the colour circle.
    Gentle,
    /// All around the colour circle.
    #[default]
    Strong,
}

impl Choice for KeyColour {
    const ALL: &'static [Self] = &[Self::Off, Self::Gentle, Self::Strong];
    const KEYS: &'static [&'static str] = &["off", "gentle", "strong"];
    const NAMES: &'static [&'static str] = &["Off", "Gentle", "Strong"];
}

impl KeyColour {
    /// How much of the turn that a key stands for is made.
    pub fn share(self) -> f32 {
        match self {
            Self::Off => 0.0,
            Self::Gentle => 1.0 / 3.0,
            Self::Strong => 1.0,
        }
    }
}

/// For whose eyes colours are meant: the three kinds of dichromacy, where one of the three cones is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColourVision {
    /// For eyes that see all colours.
    #[default]
    Full,
    /// Without cones for long waves: red is dark, and hard to tell from green.
    Protanopia,
    /// Without cones for middle waves: red is hard to tell from green.
    Deuteranopia,
    /// Without cones for short waves: blue is hard to tell from green, and yellow from violet.
    Tritanopia,
}

impl Choice for ColourVision {
    const ALL: &'static [Self] = &[Self::Full, Self::Protanopia, Self::Deuteranopia, Self::Tritanopia];
    const KEYS: &'static [&'static str] = &["full", "protanopia", "deuteranopia", "tritanopia"];
    const NAMES: &'static [&'static str] = &["Full", "Protanopia", "Deuteranopia", "Tritanopia"];
}
