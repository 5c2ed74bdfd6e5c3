//! JSON as people write it: comments, trailing or forgotten commas, tabs and line breaks inside of texts, numbers such as
//! `.5` and `+1.`. It is rewritten line by line into strict JSON, so that the reader's messages keep their lines.

use serde_json::Value;

use super::{IsfError, limits};

/// The value in `text`, whose first line is line `first_line` of the file.
///
/// # Errors
/// [`IsfError::Json`] with the line; nesting deeper than [`limits::DEPTH`].
pub(super) fn parse(text: &str, first_line: usize) -> Result<Value, IsfError> {
    let strict = Rewriter::new(text, first_line).run()?;
    serde_json::from_str(&strict).map_err(|error| IsfError::Json {
        line: first_line + error.line().saturating_sub(1),
        // The parser's own place counts in the rewritten text, whose columns are others.
        reason: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    })
}

struct Rewriter<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    out: String,
    line: usize,
    depth: usize,
    /// Whether a value has just ended, so that another may follow only after a comma.
    ended: bool,
    /// Where in `out` the last comma stands, while nothing but blanks has followed it.
    comma: Option<usize>,
}

impl<'a> Rewriter<'a> {
    fn new(text: &'a str, line: usize) -> Self {
        Self {
            rest: text.chars().peekable(),
            out: String::with_capacity(text.len()),
            line,
            depth: 0,
            ended: false,
            comma: None,
        }
    }

    fn run(mut self) -> Result<String, IsfError> {
        while let Some(next) = self.rest.next() {
            match next {
                '\n' => self.line_break(),
                _ if next.is_whitespace() || next == '\u{feff}' => self.out.push(' '),
                '/' => self.comment()?,
                '"' => {
                    self.begin_value();
                    self.text()?;
                }
                '{' | '[' => {
                    self.begin_value();
                    self.ended = false;
                    self.depth += 1;
                    if self.depth > limits::DEPTH {
                        return Err(self.error("objects and lists nest too deep"));
                    }
                    self.out.push(next);
                }
                '}' | ']' => {
                    if let Some(at) = self.comma.take() {
                        self.out.replace_range(at..=at, " ");
                    }
                    self.depth = self.depth.saturating_sub(1);
                    self.ended = true;
                    self.out.push(next);
                }
                ',' => {
                    // Of several commas in a row the first is enough.
                    if self.comma.is_none() {
                        self.comma = Some(self.out.len());
                        self.out.push(',');
                    }
                    self.ended = false;
                }
                ':' => {
                    self.ended = false;
                    self.comma = None;
                    self.out.push(':');
                }
                _ => {
                    self.begin_value();
                    self.word(next)?;
                }
            }
        }
        Ok(self.out)
    }

    fn line_break(&mut self) {
        self.line += 1;
        self.out.push('\n');
    }

    fn begin_value(&mut self) {
        if self.ended {
            self.out.push(',');
        }
        self.ended = true;
        self.comma = None;
    }

    fn comment(&mut self) -> Result<(), IsfError> {
        match self.rest.next() {
            Some('/') => {
                while self.rest.next_if(|&next| next != '\n').is_some() {}
                Ok(())
            }
            // A block would have ended the head.
            _ => Err(self.error("a lone '/'")),
        }
    }

    /// What follows an opening quotation mark.
    fn text(&mut self) -> Result<(), IsfError> {
        self.out.push('"');
        let mut breaks = 0;
        loop {
            match self.rest.next() {
                None => return Err(self.error("a text without its closing quotation mark")),
                Some('"') => break,
                Some('\\') => match self.rest.next() {
                    Some(escaped @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                        self.out.extend(['\\', escaped]);
                    }
                    // An escape that JSON does not know stands for itself.
                    Some(other) if !other.is_control() => self.out.extend(['\\', '\\', other]),
                    _ => breaks += 1,
                },
                Some('\n') => {
                    self.out.push_str("\\n");
                    breaks += 1;
                }
                Some('\t') => self.out.push_str("\\t"),
                Some(control) if control.is_control() => {}
                Some(other) => self.out.push(other),
            }
        }
        self.out.push('"');
        for _ in 0..breaks {
            self.line_break();
        }
        Ok(())
    }

    /// A number, or one of the words that JSON knows, in any case.
    fn word(&mut self, first: char) -> Result<(), IsfError> {
        let mut word = String::from(first);
        while let Some(next) =
            self.rest.next_if(|next| next.is_ascii_alphanumeric() || matches!(next, '.' | '+' | '-' | '_'))
        {
            word.push(next);
        }
        match word.to_ascii_lowercase().as_str() {
            known @ ("true" | "false" | "null") => self.out.push_str(known),
            lower => match lower.trim_end_matches('f').parse::<f64>() {
                Ok(number) if number.is_finite() => self.out.push_str(&number.to_string()),
                _ => {
                    return Err(
                        self.error(&format!("\"{word}\" is neither a number nor a word that JSON knows"))
                    );
                }
            },
        }
        Ok(())
    }

    fn error(&self, reason: &str) -> IsfError {
        IsfError::Json { line: self.line, reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (text, expected) in [
            (r#"{"a": 1}"#, json!({"a": 1.0})),
            ("{\"a\": [1, 2,],\n}", json!({"a": [1.0, 2.0]})),
            ("{\"a\": 1 // one\n, \"b\": True}", json!({"a": 1.0, "b": true})),
            ("{\"a\": \"x\ty\nz\"}", json!({"a": "x\ty\nz"})),
            (
                r#"{"a": .5, "b": -.25, "c": 5., "d": +1, "e": 1e3}"#,
                json!({"a": 0.5, "b": -0.25, "c": 5.0, "d": 1.0, "e": 1000.0}),
            ),
            ("{\"a\": 1\n\"b\": [{}{}]}", json!({"a": 1.0, "b": [{}, {}]})),
            ("\u{feff} {\"a\": \"C:\\d\"}", json!({"a": "C:\\d"})),
            ("{\"a\": 1,, \"b\": 2}", json!({"a": 1.0, "b": 2.0})),
        ] {
            let read = parse(text, 1).unwrap();
            assert_eq!(normal(&read), normal(&expected), "{text}");
        }
    }

    /// Numbers as floats, so that `1` is `1.0`.
    fn normal(value: &Value) -> Value {
        match value {
            Value::Number(number) => json!(number.as_f64()),
            Value::Array(list) => list.iter().map(normal).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), normal(value))).collect(),
            other => other.clone(),
        }
    }

    #[test]
    fn errors_name_the_line() {
        for (text, line) in
            [("{\n\"a\": what\n}", 8), ("{\n\n\"a\" 1 2: }", 9), ("{\"a\": \"\n\n", 7), ("{\n", 8)]
        {
            match parse(text, 7) {
                Err(IsfError::Json { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(parse(&"[".repeat(100_000), 1).is_err());
        assert!(parse(&"{\"a\":".repeat(100_000), 1).is_err());
    }
}
