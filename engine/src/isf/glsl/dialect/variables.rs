//! Declares variables: uniforms, and what one stage hands to the next.

use super::apart::{Declared, declared};
use super::{Fault, Kind, PREFIX, Text, Token, Translator, Varying};

impl Translator<'_> {
    /// Uniforms that the format declares itself are left out; others are zero, as they are where nobody sets them.
    pub(super) fn uniforms(&mut self, declaration: &[Token]) -> Result<(), Fault> {
        let (kind, declared) = declared(declaration)?;
        for one in declared {
            if self.bound.contains(&*one.name.text) {
                continue;
            }
            if kind.is("texture2D") || kind.text.starts_with("sampler") {
                let reason = format!("no input, pass or imported image is called {}", one.name.text);
                return Err(Fault::new(one.name.line, reason));
            }
            self.moving.insert(one.name.text.to_string());
            self.declare(kind, &one, one.value.to_vec());
        }
        Ok(())
    }

    pub(super) fn stage_variables(
        &mut self,
        declaration: &[Token],
        takes: bool,
        gives: bool,
    ) -> Result<(), Fault> {
        let (kind, declared) = declared(declaration)?;
        for one in declared {
            let name = &*one.name.text;
            if matches!(name, "isf_FragNormCoord" | "kb_FragCoord" | "kb_FragColor")
                || self.bound.contains(name)
            {
                continue;
            }
            self.moving.insert(name.to_owned());
            let line = one.name.line;
            if self.text == Text::Fragment && gives {
                self.out.output.get_or_insert_with(|| name.to_owned());
                self.declare(kind, &one, Vec::new());
            } else if self.text == Text::Vertex && takes {
                let corner = Token::word(&format!("{PREFIX}attribute_{}", kind.text), line);
                self.declare(kind, &one, vec![corner]);
            } else {
                let length = match one.size {
                    [] => None,
                    [size] => Some(size.text.parse().map_err(|_| {
                        Fault::new(line, format!("the length of the varying {name} must be a plain number"))
                    })?),
                    _ => {
                        return Err(Fault::new(
                            line,
                            format!("the length of the varying {name} must be a plain number"),
                        ));
                    }
                };
                self.out.varyings.push(Varying {
                    name: name.to_owned(),
                    kind: kind.text.to_string(),
                    length,
                });
                // The vertex stage begins with nothing in it, the fragment stage with what the vertex stage has made.
                let given = self.text == Text::Fragment;
                let value = given.then(|| Token::word(&format!("{PREFIX}varying_{name}"), line));
                self.declare(kind, &one, value.into_iter().collect());
            }
        }
        Ok(())
    }

    /// Writes `kind name[size] = value;`.
    fn declare(&mut self, kind: &Token, one: &Declared<'_>, value: Vec<Token>) {
        let line = one.name.line;
        let out = &mut self.out.tokens;
        let mark = |text: &str| Token::new(Kind::Mark, text, line);
        out.extend([Token { line, ..kind.clone() }, one.name.clone()]);
        if !one.size.is_empty() {
            out.push(mark("["));
            out.extend_from_slice(one.size);
            out.push(mark("]"));
        }
        if !value.is_empty() {
            out.push(mark("="));
            out.extend(value);
        }
        out.push(mark(";"));
    }
}
