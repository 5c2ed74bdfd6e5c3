//! How like two providers' outputs are.

/// How far a provider's numbers may be from the processor's: the root mean square of the difference, as a share of the
/// processor's spread (its standard deviation). Other orders of summing, and TF32, stay below a hundredth of this; a kernel that
/// is wrong is far above.
pub const TOLERANCE: f64 = 0.02;

/// The largest [deviation] of any output.
pub fn deviation_of_all(expected: &[Vec<f32>], found: &[Vec<f32>]) -> f64 {
    if expected.len() != found.len() {
        return f64::INFINITY;
    }
    expected.iter().zip(found).map(|(expected, found)| deviation(expected, found)).fold(0.0, f64::max)
}

/// How far two pictures are apart on average, in steps of 255 between the values that mean black and full white; what is beyond them
/// is cut off, as it is when it is shown. Infinite where they are no two pictures of one size, or not of finite numbers.
pub fn picture_error(expected: &[f32], found: &[f32], [black, white]: [f32; 2]) -> f64 {
    if expected.len() != found.len() || expected.is_empty() || found.iter().any(|value| !value.is_finite()) {
        return f64::INFINITY;
    }
    let shown = |value: f32| f64::from(value.clamp(black, white));
    let apart: f64 = expected.iter().zip(found).map(|(a, b)| (shown(*a) - shown(*b)).abs()).sum();
    255.0 * apart / (f64::from(white - black) * expected.len() as f64)
}

/// The root mean square of the difference over the standard deviation of what is expected. Where that hardly varies, its size
/// stands in.
fn deviation(expected: &[f32], found: &[f32]) -> f64 {
    if expected.len() != found.len() {
        return f64::INFINITY;
    }
    let mean_of = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / expected.len().max(1) as f64;
    let wide = || expected.iter().map(|value| f64::from(*value));
    let mean = mean_of(&mut wide());
    let variance = mean_of(&mut wide().map(|value| (value - mean).powi(2)));
    let size = mean_of(&mut wide().map(|value| value.powi(2))).sqrt();
    let apart = expected.iter().zip(found).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
    let apart = mean_of(&mut { apart }).sqrt();
    let spread = variance.sqrt().max(size * 1e-2).max(1e-6);
    if apart.is_finite() { apart / spread } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_like_and_a_wrong_half_is_not() {
        let expected: Vec<f32> = (0..1000).map(|place| (place as f32 * 0.37).sin()).collect();
        let rounded: Vec<f32> = expected.iter().map(|value| (value * 4096.0).round() / 4096.0).collect();
        let half: Vec<f32> = expected
            .iter()
            .enumerate()
            .map(|(place, value)| if place < 500 { *value } else { 0.0 })
            .collect();
        let all = |found: &[f32]| deviation_of_all(std::slice::from_ref(&expected), &[found.to_vec()]);
        assert_eq!(all(&expected), 0.0);
        assert!(all(&rounded) < TOLERANCE / 10.0, "{}", all(&rounded));
        assert!(all(&half) > 10.0 * TOLERANCE, "{}", all(&half));
        assert_eq!(all(&expected[1..]), f64::INFINITY);
        assert_eq!(all(&vec![f32::NAN; 1000]), f64::INFINITY);
    }

    #[test]
    fn pictures_are_told_apart_in_steps_of_what_is_shown() {
        let (expected, lighter) = (vec![-1.0, 0.0, 0.5, 1.0], vec![-1.0, 0.0, 0.5 + 8.0 / 255.0, 1.5]);
        // A fourth of the values is four steps off; that the last is whiter than white is not seen.
        assert!((picture_error(&expected, &lighter, [-1.0, 1.0]) - 1.0).abs() < 1e-5);
        assert_eq!(picture_error(&expected, &[-1.0, 0.0, 0.5, f32::NAN], [-1.0, 1.0]), f64::INFINITY);
        assert_eq!(picture_error(&expected, &expected[1..], [-1.0, 1.0]), f64::INFINITY);
    }

    #[test]
    fn a_constant_is_measured_by_its_size() {
        let (expected, near, far) = (vec![0.5; 9], vec![0.500_01; 9], vec![0.6; 9]);
        assert!(deviation(&expected, &near) < TOLERANCE);
        assert!(deviation(&expected, &far) > TOLERANCE);
    }
}
