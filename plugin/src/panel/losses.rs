//! Samples that were not heard: told while it happens, and for a while after.

/// The words stay for so long after the last loss, in seconds.
const STAYS_S: f64 = 10.0;

/// What is known of losses.
#[derive(Debug, Default)]
pub struct Losses {
    /// All samples that were lost until the last look; `None` before the first.
    total: Option<u64>,
    /// What that was before the losses that are told.
    before: u64,
    /// When the last one was noticed, in seconds.
    last_s: Option<f64>,
}

impl Losses {
    /// Looks at the count, at a time in seconds; what is lost already when a window opens is past.
    pub fn look(&mut self, total: u64, now_s: f64) {
        let before = self.total.replace(total).unwrap_or(total);
        if total > before {
            if self.told(now_s).is_none() {
                self.before = before;
            }
            self.last_s = Some(now_s);
        } else if total < before {
            // The count has begun again.
            *self = Self { total: Some(total), ..Self::default() };
        }
    }

    /// How many samples are to be told, if any.
    pub fn told(&self, now_s: f64) -> Option<u64> {
        self.last_s.filter(|last_s| now_s - last_s < STAYS_S)?;
        Some(self.total?.saturating_sub(self.before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_told_until_ten_seconds_after_the_last() {
        let mut losses = Losses::default();
        losses.look(100, 0.0);
        assert_eq!(losses.told(0.0), None, "what was lost before the window opened is past");
        losses.look(164, 1.0);
        losses.look(164, 5.0);
        losses.look(228, 9.0);
        assert_eq!(losses.told(18.9), Some(128));
        assert_eq!(losses.told(19.1), None);
        losses.look(230, 30.0);
        assert_eq!(losses.told(30.0), Some(2));
        losses.look(0, 31.0);
        assert_eq!(losses.told(31.0), None);
    }
}
