//! Texts to tokens as BERT does it (Devlin et al. 2018): lower case, accents off, the longest pieces of a vocabulary that fit.
//!
//! The training does the same in Python (`models/training/words/word_piece.py`); a fixture holds the two together.

use std::collections::HashMap;

/// A longer word is unknown.
const LONGEST_WORD: usize = 64;

/// A vocabulary: one piece a line; pieces that go on a word begin with `##`.
#[derive(Clone, Debug)]
pub struct WordPiece {
    numbers: HashMap<Box<str>, u32>,
}

impl WordPiece {
    /// The vocabulary of a text.
    pub fn of(pieces: &str) -> Self {
        let number = |(at, piece): (usize, &str)| (piece.into(), at as u32);
        Self { numbers: pieces.lines().enumerate().map(number).collect() }
    }

    /// Pieces that it knows.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The numbers of a text's pieces; words that have none are left out, and so are marks without one.
    pub fn numbers(&self, text: &str) -> Vec<u32> {
        split(text).iter().filter_map(|word| self.word(word)).flatten().collect()
    }

    /// The numbers of a word's pieces, the longest first each time; `None` where the vocabulary has no such pieces.
    fn word(&self, word: &[char]) -> Option<Vec<u32>> {
        if word.len() > LONGEST_WORD {
            return None;
        }
        let (mut found, mut start) = (Vec::new(), 0);
        while start < word.len() {
            let piece = (start + 1..=word.len()).rev().find_map(|end| {
                let lead = if start > 0 { "##" } else { "" };
                let piece: String = lead.chars().chain(word[start..end].iter().copied()).collect();
                Some((end, *self.numbers.get(piece.as_str())?))
            });
            let (end, number) = piece?;
            found.push(number);
            start = end;
        }
        Some(found)
    }
}

/// Words and marks, in lower case without accents. What is neither letter nor digit stands alone.
fn split(text: &str) -> Vec<Vec<char>> {
    let (mut words, mut word) = (Vec::new(), Vec::new());
    for letter in text.chars().flat_map(char::to_lowercase).filter(|letter| !is_accent(*letter)) {
        if letter.is_alphanumeric() {
            word.extend(bare(letter));
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if !letter.is_whitespace() && !letter.is_control() {
            words.push(vec![letter]);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// An accent that stands behind its letter.
fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A Latin letter without its accent. Letters of other scripts stay: the vocabulary has few words of theirs.
fn bare(letter: char) -> Option<char> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' => 's',
        'ţ' | 'ť' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        split(text).iter().map(|word| word.iter().collect()).collect()
    }

    #[test]
    fn words_lose_case_and_accents_and_marks_stand_alone() {
        assert_eq!(words("A  Café,\tÅngström’s x2!"), ["a", "cafe", ",", "angstrom", "’", "s", "x2", "!"]);
        assert_eq!(words("e\u{301}te\u{301} \u{7}"), ["ete"]);
        assert!(words(" \n ").is_empty());
    }

    #[test]
    fn the_longest_pieces_come_first_and_words_without_any_are_left_out() {
        let tokens = WordPiece::of("storm\nsto\n##rm\n##y\nsea\n,");
        assert_eq!(tokens.numbers("Stormy, SEA"), [0, 3, 5, 4]);
        assert_eq!(tokens.numbers("stormq sea"), [4]);
        assert!(tokens.numbers("storm".repeat(40).as_str()).is_empty());
        assert_eq!(tokens.numbers("日本 sea"), [4]);
    }
}
