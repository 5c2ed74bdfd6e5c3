//! Text from outside, made fit to go out again: into a video's tags, a picture, a window's title, a line on a terminal.

/// Longer than any title, and than the command that makes a video again; what is cut off ends in an ellipsis.
const LONGEST_CHARACTERS: usize = 1000;

/// `text` in one line that any program takes: control characters (a zero byte ends the text in C, an escape drives the
/// terminal) and line breaks become blanks, runs of blanks one blank; marks that turn the direction of what follows, and
/// those that are not to be seen at all, are taken out; no more than 1000 characters stay.
///
/// ```
/// use klangbild_engine::text::plain;
/// assert_eq!(plain("Moon\0"), "Moon");
/// assert_eq!(plain("  Moon\r\n\u{202e}Sun "), "Moon Sun");
/// ```
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut blank = false;
    for character in text.chars().filter(|&character| !is_unseen(character)) {
        if character.is_control() || character.is_whitespace() {
            blank = !out.is_empty();
            continue;
        }
        if count + usize::from(blank) + 1 > LONGEST_CHARACTERS {
            if count == LONGEST_CHARACTERS {
                out.pop();
            }
            out.push('…');
            break;
        }
        if std::mem::take(&mut blank) {
            out.push(' ');
            count += 1;
        }
        out.push(character);
        count += 1;
    }
    out
}

/// Marks of direction (Unicode Standard Annex 9), byte order marks, and what is no character at all.
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_seen_stays() {
        for (text, expected) in [
            ("Moon", "Moon"),
            ("M\0onX", "M onX"),
            ("\u{feff}Moon\u{0}\u{0}", "Moon"),
            ("a\u{1b}[31mred", "a [31mred"),
            ("one\u{2028}two\u{85}three", "one two three"),
            ("\u{202e}gpj.evil\u{202c}", "gpj.evil"),
            ("\u{2067}שיר\u{2069}", "שיר"),
            ("Möwe 🎵 e\u{301}", "Möwe 🎵 e\u{301}"),
            ("👩\u{200d}🎤", "👩\u{200d}🎤"),
            (" \t\n", ""),
            ("x\u{ffff}y", "xy"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn absurd_lengths_are_cut() {
        let long = plain(&"ä ".repeat(100_000));
        assert_eq!(long.chars().count(), LONGEST_CHARACTERS);
        assert!(long.ends_with('…'));
        let exact = "x".repeat(LONGEST_CHARACTERS);
        assert_eq!(plain(&exact), exact);
    }
}
