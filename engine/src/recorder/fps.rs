//! Frame rates, exactly.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Frames per second as a fraction, so that 30000/1001 stays exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fps {
    /// Frames ...
    pub num: u32,
    /// ... in this many seconds.
    pub den: u32,
}

impl Fps {
    /// The rates of film, television and screens, which nearly every player and editor takes.
    pub const USUAL: [Self; 8] = [
        Self { num: 24_000, den: 1001 },
        Self { num: 24, den: 1 },
        Self { num: 25, den: 1 },
        Self { num: 30_000, den: 1001 },
        Self { num: 30, den: 1 },
        Self { num: 50, den: 1 },
        Self { num: 60_000, den: 1001 },
        Self { num: 60, den: 1 },
    ];

    /// As people say it: `30`, `29.97`, `23.976`.
    pub fn in_words(self) -> String {
        let thousandths = (self.per_s() * 1e3).round() / 1e3;
        format!("{thousandths}")
    }

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

/// A whole rate is written as a number, any other as its fraction: `30`, `"30000/1001"`.
impl Serialize for Fps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.den {
            1 => serializer.serialize_u32(self.num),
            _ => serializer.collect_str(self),
        }
    }
}

/// From a number or from any text that [`FromStr`] reads.
impl<'de> Deserialize<'de> for Fps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl de::Visitor<'_> for Reader {
            type Value = Fps;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a frame rate such as 30, 29.97 or \"30000/1001\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Fps, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, per_s: f64) -> Result<Fps, E> {
                self.visit_str(&per_s.to_string())
            }
            fn visit_u64<E: de::Error>(self, per_s: u64) -> Result<Fps, E> {
                self.visit_str(&per_s.to_string())
            }
            fn visit_i64<E: de::Error>(self, per_s: i64) -> Result<Fps, E> {
                self.visit_str(&per_s.to_string())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_told_and_kept_as_they_are_usual() {
        let said: Vec<_> = Fps::USUAL.iter().map(|fps| fps.in_words()).collect();
        assert_eq!(said, ["23.976", "24", "25", "29.97", "30", "50", "59.94", "60"]);
        for fps in Fps::USUAL {
            assert_eq!(fps.in_words().parse(), Ok(fps));
            let kept = serde_json::to_string(&fps).unwrap();
            assert_eq!(serde_json::from_str::<Fps>(&kept).unwrap(), fps, "{kept}");
        }
        assert_eq!(serde_json::to_string(&Fps { num: 25, den: 1 }).unwrap(), "25");
        assert_eq!(serde_json::from_str::<Fps>("29.97").unwrap(), Fps { num: 30_000, den: 1001 });
        assert!(
            ["0", "-3", "null", "[]", "1e99", "\"x\""]
                .iter()
                .all(|text| serde_json::from_str::<Fps>(text).is_err())
        );
    }

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
