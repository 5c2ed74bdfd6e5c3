//! Names for files that the user did not name.

use jiff::ZonedDateTime;

/// `Klangbild still 2026-11-25 20-31-07`, in local time.
pub fn at_this_time(what: &str) -> String {
    named(what, &ZonedDateTime::now())
}

fn named(what: &str, now: &ZonedDateTime) -> String {
    format!("Klangbild {what} {}", now.strftime("%Y-%m-%d %H-%M-%S"))
}

/// Whether Windows keeps this name for a device, with any extension (Microsoft, "Naming Files, Paths, and Namespaces").
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_digit = |rest: &str| rest.chars().count() == 1 && rest.contains(|c| "123456789¹²³".contains(c));
    let numbered = ["COM", "LPT"].iter().any(|device| stem.strip_prefix(device).is_some_and(is_digit));
    numbered || ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_local_time() {
        let at = |time: jiff::civil::DateTime, east_h| {
            named(
                "still",
                &time.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(east_h))).unwrap(),
            )
        };
        let new_year = jiff::civil::date(2026, 12, 31).at(23, 59, 59, 999_999_999);
        assert_eq!(at(new_year, 13), "Klangbild still 2026-12-31 23-59-59");
        assert_eq!(
            at(jiff::civil::date(2000, 2, 29).at(1, 2, 3, 0), -8),
            "Klangbild still 2000-02-29 01-02-03"
        );
    }

    #[test]
    fn names_of_devices_are_known() {
        assert!(["con", "Nul", "COM1", "lpt9", "aux.toml", "com²"].iter().all(|name| is_reserved(name)));
        assert!(["Console", "COM", "COM10", "Silk", "", "nullen"].iter().all(|name| !is_reserved(name)));
    }
}
