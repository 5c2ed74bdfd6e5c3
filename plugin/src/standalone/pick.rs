//! One of a list, by its number or by a part of its name.

/// The index of what `wanted` names: a number from 1, a name, or a part of one. Of several that hold it, the first.
///
/// # Errors
/// There is none; the message lists what there is.
pub fn pick(what: &str, names: &[String], wanted: &str) -> Result<usize, String> {
    let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    if let Some(index) = number.filter(|index| *index < names.len()) {
        return Ok(index);
    }
    let lower = wanted.to_lowercase();
    let whole = names.iter().position(|name| name.to_lowercase() == lower);
    let part = || names.iter().position(|name| !lower.is_empty() && name.to_lowercase().contains(&lower));
    whole.or_else(part).ok_or_else(|| {
        let listed: Vec<_> =
            names.iter().enumerate().map(|(index, name)| format!("{} {name}", index + 1)).collect();
        let there = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
        format!("there is no {what} {wanted:?}; there are: {there}")
    })
}

#[cfg(test)]
mod tests {
    use super::pick;

    #[test]
    fn by_number_by_name_and_by_a_part_of_it() {
        let names = ["HDMI-1 left".to_owned(), "HDMI-1".to_owned(), "DP-2".to_owned()];
        assert_eq!(pick("monitor", &names, "3"), Ok(2));
        assert_eq!(pick("monitor", &names, "hdmi-1"), Ok(1));
        assert_eq!(pick("monitor", &names, "dp"), Ok(2));
        assert_eq!(pick("monitor", &names, "2"), Ok(1));
        let error = pick("monitor", &names, "VGA").unwrap_err();
        assert!(error.contains("\"VGA\"") && error.contains("3 DP-2"), "{error}");
        assert!(pick("monitor", &[], "0").unwrap_err().contains("none"));
    }
}
