//! Frame rates, exactly.

use std::fmt;
use std::str::FromStr;

/// Frames per second as a fraction, so that 30000/1001 stays exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fps {
    /// Frames ...
    pub num: u32,
    /// ... in this many seconds.
    pub den: u32,
}

impl Fps {
    /// As one number.
    pub fn per_s(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// Start of frame `index` in nanoseconds, rounded.
    pub(super) fn start_ns(self, index: u64) -> u64 {
        let ns = u128::from(index) * u128::from(self.den) * 1_000_000_000;
        ((ns + u128::from(self.num) / 2) / u128::from(self.num)) as u64
    }

    /// Start of frame `index` in samples, rounded.
    pub(super) fn start_samples(self, index: u64, sample_rate_hz: u32) -> u64 {
        let samples = u128::from(index) * u128::from(self.den) * u128::from(sample_rate_hz);
        ((samples + u128::from(self.num) / 2) / u128::from(self.num)) as u64
    }
}

/// Why a text is no frame rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no frame rate; write 30, 29.97 or 30000/1001")]
pub struct NoFrameRate(String);

impl FromStr for Fps {
    type Err = NoFrameRate;

    /// Reads `30`, `30000/1001`, or a decimal. The usual decimals of television (23.976, 29.97, 59.94, 119.88) mean the
    /// exact fraction over 1001; any other is taken to a thousandth.
    fn from_str(text: &str) -> Result<Self, NoFrameRate> {
        let unreadable = || NoFrameRate(text.to_owned());
        if let Some((num, den)) = text.split_once('/') {
            let part = |part: &str| part.trim().parse::<u32>().map_err(|_| unreadable());
            return match (part(num)?, part(den)?) {
                (0, _) | (_, 0) => Err(unreadable()),
                (num, den) => Ok(Self { num, den }),
            };
        }
        let per_s: f64 = text.trim().parse().map_err(|_| unreadable())?;
        if !(0.001..=1e6).contains(&per_s) {
            return Err(unreadable());
        }
        let whole = per_s.round();
        if (per_s - whole).abs() < 1e-9 {
            return Ok(Self { num: whole as u32, den: 1 });
        }
        let television = (per_s * 1.001).round();
        if (per_s - television / 1.001).abs() < 0.005 && television > 20.0 {
            return Ok(Self { num: television as u32 * 1000, den: 1001 });
        }
        Ok(Self { num: (per_s * 1000.0).round() as u32, den: 1000 })
    }
}

impl fmt::Display for Fps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.den {
            1 => write!(f, "{}", self.num),
            den => write!(f, "{}/{den}", self.num),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_they_are_meant() {
        for (text, num, den) in [
            ("30", 30, 1),
            ("29.97", 30000, 1001),
            ("23.976", 24000, 1001),
            ("30000/1001", 30000, 1001),
            ("12.5", 12500, 1000),
        ] {
            assert_eq!(text.parse(), Ok(Fps { num, den }), "{text}");
        }
        for text in ["", "0", "-1", "x", "30/0", "0/1", "NaN", "inf", "1/2/3"] {
            assert!(text.parse::<Fps>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for fps in [Fps { num: 30, den: 1 }, Fps { num: 30000, den: 1001 }] {
            assert_eq!(fps.to_string().parse(), Ok(fps));
        }
    }
}
