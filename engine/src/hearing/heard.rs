//! What a row of the table of features can hold, and what becomes of it.

use serde::Serialize;

/// Number of logarithmic frequency bands in [`Heard::bands`](super::Heard::bands).
pub const BANDS: usize = 24;

/// One kind of drum hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Drum {
    /// Jumps to the hit's strength at an onset, then decays exponentially; 0 to 1.
    pub pulse: f32,
    /// Strength of the latest hit against the strong ones of this recording, 0 to 1.
    pub strength: f32,
    /// Hits since the start. Snapshots are latest-wins: compare counts to see that a hit happened.
    pub count: u32,
    /// When the latest hit began, in seconds of audio; negative before the first. Hits are reported 15 to 40 ms
    /// after they began, so this lies before the [`Heard::time_s`](super::Heard::time_s) of the snapshot that first shows it.
    pub time_s: f64,
}

/// A row of the table: something that is heard.
#[derive(Debug)]
pub struct Feature {
    /// Its name in [`Heard`](super::Heard), in `hear --json`, and in WGSL.
    pub name: &'static str,
    /// Its unit; empty for what is normalised.
    pub unit: &'static str,
    /// The least and the most; infinite where nothing bounds it.
    pub range: (f32, f32),
    /// How quickly it moves, or where it comes from.
    pub source: &'static str,
    /// Its heading in the table that `klangbild hear` prints; empty where it has no column.
    pub column: &'static str,
    /// What it is, in one line.
    pub help: &'static str,
    pub(super) members: fn(&str, usize) -> Vec<(String, String)>,
}

impl Feature {
    /// What it is called in shaders, as members of the block `heard`: name and WGSL type.
    pub fn wgsl(&self) -> Vec<(String, String)> {
        (self.members)(self.name, 0)
    }
}

/// A type that a feature may have.
pub(crate) trait Feeling: Copy {
    /// Its numbers, as shaders read them.
    fn push(self, out: &mut Vec<f32>);
    /// Its members of the block `heard`, beginning after `at` numbers: name and WGSL type.
    fn members(name: &str, at: usize) -> Vec<(String, String)>;
    /// The one number that a table shows, if it is one.
    fn number(self) -> Option<f32> {
        None
    }
    /// The drum that it is, if it is one.
    fn drum(self) -> Option<Drum> {
        None
    }
    /// The same, to be written.
    fn drum_mut(&mut self) -> Option<&mut Drum> {
        None
    }
}

impl Feeling for f32 {
    fn push(self, out: &mut Vec<f32>) {
        out.push(self);
    }

    fn members(name: &str, _: usize) -> Vec<(String, String)> {
        vec![(name.to_owned(), "f32".to_owned())]
    }

    fn number(self) -> Option<f32> {
        Some(self)
    }
}

impl Feeling for u32 {
    fn push(self, out: &mut Vec<f32>) {
        out.push(self as f32);
    }

    fn members(name: &str, at: usize) -> Vec<(String, String)> {
        f32::members(name, at)
    }

    fn number(self) -> Option<f32> {
        Some(self as f32)
    }
}

impl Feeling for Drum {
    fn push(self, out: &mut Vec<f32>) {
        out.extend([self.pulse, self.strength, self.count as f32]);
    }

    fn members(name: &str, _: usize) -> Vec<(String, String)> {
        let parts = [name.to_owned(), format!("{name}_strength"), format!("{name}_count")];
        parts.map(|part| (part, "f32".to_owned())).to_vec()
    }

    fn drum(self) -> Option<Drum> {
        Some(self)
    }

    fn drum_mut(&mut self) -> Option<&mut Drum> {
        Some(self)
    }
}

/// Four in a vector, from a multiple of 16 bytes on, as uniform blocks want arrays: `heard.bands[i / 4][i % 4]`.
impl<const N: usize> Feeling for [f32; N] {
    fn push(self, out: &mut Vec<f32>) {
        out.resize(out.len().next_multiple_of(4), 0.0);
        out.extend(self);
        out.resize(out.len().next_multiple_of(4), 0.0);
    }

    fn members(name: &str, at: usize) -> Vec<(String, String)> {
        let spare = (at..at.next_multiple_of(4)).map(|place| (format!("spare_{place}"), "f32".to_owned()));
        let vectors = format!("array<vec4f, {}>", N.div_ceil(4));
        spare.chain([(name.to_owned(), vectors)]).collect()
    }
}

/// Makes [`Heard`](super::Heard) and `FEATURES` of the table's rows.
macro_rules! features {
    ($($name:ident: $type:ty, $unit:literal, $least:expr, $most:expr, $source:literal, $column:literal, $help:literal;)*) => {
        /// What was heard up to [`time_s`](Self::time_s), and nothing after it.
        ///
        /// What is said to go from 0 to 1 is normalised the same way for every song: 0 is silence or the absence of the
        /// thing, 1 is the most that this recording has done lately, after slow automatic gain.
        #[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
        pub struct Heard {
            /// End of the newest hop, in seconds of audio.
            pub time_s: f64,
            $(#[doc = $help] #[doc = ""] #[doc = $source] pub $name: $type,)*
        }

        /// All that is heard.
        pub static FEATURES: &[Feature] = &[$(Feature {
            name: stringify!($name),
            unit: $unit,
            range: ($least, $most),
            source: $source,
            column: $column,
            help: $help,
            members: <$type as Feeling>::members,
        },)*];

        impl Heard {
            /// The features that are one number, each with it.
            pub fn numbers(&self) -> impl Iterator<Item = (&'static Feature, f32)> {
                let numbers = [$(Feeling::number(self.$name),)*];
                FEATURES.iter().zip(numbers).filter_map(|(feature, number)| Some((feature, number?)))
            }

            /// The features that are drums, each with it.
            pub fn drums(&self) -> impl Iterator<Item = (&'static Feature, Drum)> {
                let drums = [$(Feeling::drum(self.$name),)*];
                FEATURES.iter().zip(drums).filter_map(|(feature, drum)| Some((feature, drum?)))
            }

            /// The drums, to be written.
            fn drums_mut(&mut self) -> impl Iterator<Item = &mut Drum> {
                let drums = [$(Feeling::drum_mut(&mut self.$name),)*];
                drums.into_iter().flatten()
            }

            /// The numbers of the block `heard` that shaders read, in the order of [`members`](Self::members).
            pub(crate) fn uniforms(&self) -> Vec<f32> {
                let mut out = Vec::new();
                $(Feeling::push(self.$name, &mut out);)*
                out
            }

            /// The members of that block: name and WGSL type.
            pub(crate) fn members() -> Vec<(String, String)> {
                let (mut members, mut sizes) = (Vec::new(), Vec::new());
                $(
                    members.extend(<$type as Feeling>::members(stringify!($name), sizes.len()));
                    Feeling::push(<$type>::default(), &mut sizes);
                )*
                members
            }
        }
    };
}
