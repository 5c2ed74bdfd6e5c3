//! Colours for eyes that miss one of the three kinds of cones.
//!
//! What such eyes lose of a colour is what a simulation of them takes away; that is given to the channels that they see (the idea of
//! daltonisation: Fidaner, Lin and Ozguven, "Analysis of color blindness", 2005). Both steps are linear, and so one matrix. The
//! simulation is the one of Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
//! deficiency", 2009, for its full severity. Greys stay as they are.

use crate::knobs::ColourVision;

type Matrix = [[f32; 3]; 3];

const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// What linear red, green and blue become to such eyes, by rows.
fn seen(vision: ColourVision) -> Matrix {
    match vision {
        ColourVision::Full => IDENTITY,
        ColourVision::Protanopia => [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        ColourVision::Deuteranopia => [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        ColourVision::Tritanopia => [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    }
}

/// Where what is lost goes: red and green into blue and lightness, blue into red and green.
fn given(vision: ColourVision) -> Matrix {
    match vision {
        ColourVision::Full => [[0.0; 3]; 3],
        ColourVision::Protanopia | ColourVision::Deuteranopia => {
            [[0.0, 0.0, 0.0], [0.7, 1.0, 0.0], [0.7, 0.0, 1.0]]
        }
        ColourVision::Tritanopia => [[1.0, 0.0, 0.7], [0.0, 1.0, 0.7], [0.0, 0.0, 0.0]],
    }
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|row| std::array::from_fn(|column| (0..3).map(|at| a[row][at] * b[at][column]).sum()))
}

/// What is shown for linear red, green and blue, by rows.
fn told_apart(vision: ColourVision) -> Matrix {
    let (seen, given) = (seen(vision), given(vision));
    let lost =
        std::array::from_fn(|row| std::array::from_fn(|column| IDENTITY[row][column] - seen[row][column]));
    let added = product(&given, &lost);
    std::array::from_fn(|row| std::array::from_fn(|column| IDENTITY[row][column] + added[row][column]))
}

/// The same by columns, each as long as a shader wants it.
pub(super) fn columns(vision: ColourVision) -> [[f32; 4]; 3] {
    let rows = told_apart(vision);
    std::array::from_fn(|column| [rows[0][column], rows[1][column], rows[2][column], 0.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::oklab;

    fn applied(matrix: &Matrix, colour: [f32; 3]) -> [f32; 3] {
        matrix.map(|row| {
            let sum: f32 = row.iter().zip(colour).map(|(share, part)| share * part).sum();
            sum.clamp(0.0, 1.0)
        })
    }

    fn apart(vision: ColourVision, a: [f32; 3], b: [f32; 3]) -> f32 {
        let [a, b] = [a, b].map(|colour| oklab(applied(&seen(vision), colour)));
        a.iter().zip(b).take(3).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
    }

    #[test]
    fn colours_that_such_eyes_confuse_come_apart_and_greys_stay() {
        // Pairs that they see as nearly the same.
        let pairs = [
            (ColourVision::Protanopia, [0.30, 0.05, 0.05], [0.01, 0.08, 0.03]),
            (ColourVision::Deuteranopia, [0.30, 0.05, 0.05], [0.01, 0.20, 0.03]),
            (ColourVision::Tritanopia, [0.15, 0.30, 0.10], [0.20, 0.23, 0.50]),
        ];
        for (vision, a, b) in pairs {
            let matrix = told_apart(vision);
            let (before, after) =
                (apart(vision, a, b), apart(vision, applied(&matrix, a), applied(&matrix, b)));
            assert!(before < 0.05 && after > 2.0 * before, "{vision:?}: {before} became {after}");
            for grey in [0.1, 0.5, 1.0] {
                for part in applied(&matrix, [grey; 3]) {
                    assert!((part - grey).abs() < 1e-3, "{vision:?} makes {part} of {grey}");
                }
            }
        }
        assert_eq!(told_apart(ColourVision::Full), IDENTITY);
    }
}
