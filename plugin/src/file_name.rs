//! Names for files that the user did not name.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `Klangbild still 2026-11-25 20-31-07`, in universal time: no library here knows the local one without asking the system
/// for its zones.
pub fn at_this_time(what: &str) -> String {
    named(what, SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO))
}

fn named(what: &str, since_1970: Duration) -> String {
    let seconds = since_1970.as_secs();
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(day as i64);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("Klangbild {what} {year}-{month:02}-{day:02} {hour:02}-{minute:02}-{second:02}")
}

/// Days since 1970 to the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_days_and_new_years() {
        let at = |seconds| named("still", Duration::from_secs(seconds));
        assert_eq!(at(0), "Klangbild still 1970-01-01 00-00-00");
        assert_eq!(at(951_827_696), "Klangbild still 2000-02-29 12-34-56");
        assert_eq!(at(1_798_761_599), "Klangbild still 2026-12-31 23-59-59");
    }
}
