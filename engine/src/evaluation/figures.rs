//! The table of figures: what is measured of a piece, what its column is called, and how means are taken.

use serde::Serialize;

/// A column of figures.
#[derive(Debug)]
pub struct Column {
    /// Its heading, at most 6 characters.
    pub heading: &'static str,
    /// Decimal places that are worth printing.
    pub places: usize,
}

/// Figures that stand beside each other. One is none where there is nothing to measure: no drum, no annotation.
pub trait Figures: Copy + Default {
    /// A column each, in the order of [`values`](Self::values).
    const COLUMNS: &'static [Column];

    /// The figures.
    fn values(&self) -> Vec<Option<f64>>;

    /// The mean of each figure over those that have it.
    fn mean(of: &[Self]) -> Self;
}

macro_rules! figures {
    ($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $figure:ident: $heading:literal, $places:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
        pub struct $name {
            $($(#[$what])* pub $figure: Option<f64>,)*
        }

        impl Figures for $name {
            const COLUMNS: &'static [Column] = &[$(Column { heading: $heading, places: $places },)*];

            fn values(&self) -> Vec<Option<f64>> {
                vec![$(self.$figure,)*]
            }

            fn mean(of: &[Self]) -> Self {
                Self { $($figure: mean(of.iter().filter_map(|figures| figures.$figure)),)* }
            }
        }
    };
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

figures! {
    /// Of beats, bars and tempo. Shares are 0 to 1.
    BeatFigures {
        /// F-measure of beats within 70 ms.
        f_70ms: "F 70", 2;
        /// The same within 50 ms.
        f_50ms: "F 50", 2;
        /// Cemgil's accuracy, which forgives an error with a Gaussian of 40 ms.
        cemgil: "Cemgil", 2;
        /// Share of beats that are right in the longest stretch, at the annotated level.
        cmlc: "CMLc", 2;
        /// Share of beats that are right in all stretches, at the annotated level.
        cmlt: "CMLt", 2;
        /// The longest stretch at the best level: off-beat, double and half count too.
        amlc: "AMLc", 2;
        /// All stretches at the best level.
        amlt: "AMLt", 2;
        /// How late right beats are shown, the median; negative if early.
        late_ms: "ms", 0;
        /// F-measure of downbeats within 70 ms; none for a tracker that tells no bars.
        downbeat_f_70ms: "down", 2;
        /// 1 where most bars have as many beats as annotated, else 0; none for a tracker that tells no bars.
        meter_right: "meter", 2;
        /// 1 where the median tempo is right within 4 %, else 0.
        tempo_accuracy_1: "tempo1", 2;
        /// The same, a third, half, double or triple being right as well.
        tempo_accuracy_2: "tempo2", 2;
        /// Share of beats at which the tempo told was right within 4 %; none for a tracker that tells beats only.
        tempo_share_right: "tempo", 2;
        /// Seconds from the first beat to the first of four that are right in a row.
        lock_s: "lock s", 1;
        /// Seconds from a jump of tempo to the first of four that are right in a row.
        relock_s: "relock", 1;
        /// Expected calibration error of the confidence at beats; in groups and overall, from all their beats together.
        calibration_error: "calib", 2;
        /// Beats a minute that are shown in music without a beat.
        idle_beats_per_min: "idle", 0;
        /// Those of them with a confidence of 0.5 and more.
        idle_sure_beats_per_min: "sure", 0;
    }
}

figures! {
    /// Of the hits of one drum, within 50 ms.
    HitFigures {
        /// F-measure.
        f: "F", 2;
        /// Share of hits that are right.
        precision: "prec", 2;
        /// Share of the truth that was heard.
        recall: "recall", 2;
        /// Hits a minute in pieces without this drum.
        false_per_min: "false", 1;
        /// How far after the truth the hit is said to have begun, the median; negative if before.
        late_ms: "ms", 0;
        /// How late the hit was shown, the median.
        shown_late_ms: "shown", 0;
    }
}

figures! {
    /// Of changes from section to section.
    SectionFigures {
        /// F-measure of boundaries within 3 s.
        f_3s: "F 3 s", 2;
        /// Share of changes that are right.
        precision: "prec", 2;
        /// Share of the boundaries that were heard.
        recall: "recall", 2;
        /// Changes a minute in pieces of one section.
        false_per_min: "false", 1;
    }
}
