//! Macros, expanded within bounds.
//!
//! Method: each token carries the names of the macros that it came out of, and none of these is expanded in it again (D.
//! Prosser's algorithm, X3J11/86-196, which the C standard describes in words).

use std::{collections::HashMap, rc::Rc};

use super::{
    Fault,
    token::{Kind, Token},
};
use crate::isf::limits;

/// A definition.
#[derive(Debug)]
struct Macro {
    /// Names of the arguments; none for one without parentheses.
    parameters: Option<Vec<Rc<str>>>,
    body: Vec<Token>,
}

/// All definitions at one place of the text.
#[derive(Debug, Default)]
pub(super) struct Macros {
    known: HashMap<Rc<str>, Rc<Macro>>,
    spent: usize,
}

/// The macros that a token came out of, newest first.
#[derive(Debug)]
struct Origin {
    name: Rc<str>,
    before: Origins,
}

type Origins = Option<Rc<Origin>>;

#[derive(Clone, Debug)]
struct Item {
    token: Token,
    origins: Origins,
}

impl Macros {
    /// Takes what follows `#define`.
    pub fn define(&mut self, directive: &[Token], line: u32) -> Result<(), Fault> {
        let Some((name, mut rest)) = directive.split_first().filter(|(name, _)| name.kind == Kind::Word)
        else {
            return Err(Fault::new(line, "#define without a name"));
        };
        let mut parameters = None;
        if let Some((_, after)) = rest.split_first().filter(|(open, _)| open.is("(") && !open.spaced) {
            let end = after.iter().position(|token| token.is(")")).ok_or_else(|| {
                Fault::new(line, format!("the arguments of the macro {} do not end", name.text))
            })?;
            let (list, body) = after.split_at(end);
            parameters = Some(
                list.iter()
                    .filter(|token| token.kind == Kind::Word)
                    .map(|token| token.text.clone())
                    .collect(),
            );
            rest = body.get(1..).unwrap_or_default();
        }
        self.known.insert(name.text.clone(), Rc::new(Macro { parameters, body: rest.to_vec() }));
        Ok(())
    }

    /// Takes what follows `#undef`.
    pub fn undefine(&mut self, name: &str) {
        self.known.remove(name);
    }

    pub fn is_defined(&self, name: &str) -> bool {
        self.known.contains_key(name) || matches!(name, "__LINE__" | "__FILE__")
    }

    /// `tokens` with every macro expanded.
    pub fn expand(&mut self, tokens: &[Token]) -> Result<Vec<Token>, Fault> {
        let items = tokens.iter().map(|token| Item { token: token.clone(), origins: None }).collect();
        Ok(self.expand_items(items, 0)?.into_iter().map(|item| item.token).collect())
    }

    fn expand_items(&mut self, mut pending: Vec<Item>, depth: usize) -> Result<Vec<Item>, Fault> {
        pending.reverse();
        let mut out = Vec::new();
        while let Some(item) = pending.pop() {
            let line = item.token.line;
            self.spent += 1;
            if self.spent > limits::EXPANSIONS || out.len() > limits::TOKENS {
                return Err(Fault::new(line, "macros that grow without bound"));
            }
            if depth > limits::NESTING {
                return Err(Fault::new(line, "macros nest too deep"));
            }
            let known = (item.token.kind == Kind::Word && !item.came_from(&item.token.text))
                .then(|| self.known.get(&item.token.text).cloned())
                .flatten();
            let Some(definition) = known else {
                out.push(item.located());
                continue;
            };
            let origins =
                Some(Rc::new(Origin { name: item.token.text.clone(), before: item.origins.clone() }));
            let body = match &definition.parameters {
                None => {
                    definition.body.clone().into_iter().map(|token| Item { token, origins: None }).collect()
                }
                Some(_) if pending.last().is_none_or(|next| !next.token.is("(")) => {
                    out.push(item.located());
                    continue;
                }
                Some(parameters) => {
                    let arguments = arguments(&mut pending, &item.token)?;
                    let given = arguments.len();
                    let takes = parameters.len();
                    if given != takes && !(takes == 0 && arguments.first().is_none_or(Vec::is_empty)) {
                        let reason =
                            format!("the macro {} takes {takes} arguments, not {given}", item.token.text);
                        return Err(Fault::new(line, reason));
                    }
                    self.substitute(&definition, parameters, &arguments, depth)?
                }
            };
            let body = pasted(body);
            self.spent += body.len();
            pending.extend(body.into_iter().rev().map(|mut part| {
                part.token.line = line;
                part.origins = merged(part.origins, &origins);
                part
            }));
        }
        Ok(out)
    }

    /// The body of a macro with its arguments in place. Beside `##` an argument stands as it was written.
    fn substitute(
        &mut self,
        definition: &Macro,
        parameters: &[Rc<str>],
        arguments: &[Vec<Item>],
        depth: usize,
    ) -> Result<Vec<Item>, Fault> {
        let mut expanded: Vec<Option<Vec<Item>>> = vec![None; parameters.len()];
        let mut out = Vec::new();
        let pastes = |at: usize| definition.body.get(at).is_some_and(|token| token.is("##"));
        for (at, token) in definition.body.iter().enumerate() {
            let Some(index) = parameters.iter().position(|name| *name == token.text) else {
                out.push(Item { token: token.clone(), origins: None });
                continue;
            };
            let argument = arguments.get(index).map(Vec::as_slice).unwrap_or_default();
            if pastes(at + 1) || (at > 0 && pastes(at - 1)) {
                out.extend_from_slice(argument);
                continue;
            }
            let slot = expanded.get_mut(index).filter(|slot| slot.is_none());
            if let Some(slot) = slot {
                *slot = Some(self.expand_items(argument.to_vec(), depth + 1)?);
            }
            out.extend(expanded.get(index).and_then(Option::as_ref).into_iter().flatten().cloned());
            if out.len() > limits::TOKENS {
                return Err(Fault::new(token.line, "macros that grow without bound"));
            }
        }
        Ok(out)
    }
}

impl Item {
    fn came_from(&self, name: &str) -> bool {
        let mut origin = &self.origins;
        while let Some(here) = origin {
            if *here.name == *name {
                return true;
            }
            origin = &here.before;
        }
        false
    }

    fn located(mut self) -> Self {
        if self.token.is("__LINE__") {
            self.token = Token::new(Kind::Number, &self.token.line.to_string(), self.token.line);
        } else if self.token.is("__FILE__") {
            self.token = Token::new(Kind::Number, "0", self.token.line);
        }
        self
    }
}

/// What an argument came out of, and the macro that it is put into.
fn merged(own: Origins, of_macro: &Origins) -> Origins {
    match (&own, of_macro) {
        (None, _) => of_macro.clone(),
        (Some(_), Some(origin)) => Some(Rc::new(Origin { name: origin.name.clone(), before: own })),
        (Some(_), None) => own,
    }
}

/// Takes the arguments of the macro `name` off what is pending: from the opening parenthesis to its closing one.
fn arguments(pending: &mut Vec<Item>, name: &Token) -> Result<Vec<Vec<Item>>, Fault> {
    pending.pop();
    let mut arguments = vec![Vec::new()];
    let mut depth = 0_usize;
    while let Some(item) = pending.pop() {
        match &*item.token.text {
            ")" if depth == 0 => return Ok(arguments),
            "," if depth == 0 => {
                arguments.push(Vec::new());
                continue;
            }
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(last) = arguments.last_mut() {
            last.push(item);
        }
    }
    Err(Fault::new(name.line, format!("the arguments of the macro {} do not end", name.text)))
}

/// Joins what stands on both sides of `##` into one word.
fn pasted(body: Vec<Item>) -> Vec<Item> {
    if !body.iter().any(|item| item.token.is("##")) {
        return body;
    }
    let mut out: Vec<Item> = Vec::new();
    let mut joins = false;
    for item in body {
        if item.token.is("##") {
            joins = true;
        } else if std::mem::take(&mut joins) && out.last().is_some() {
            if let Some(last) = out.last_mut() {
                last.token.text = format!("{}{}", last.token.text, item.token.text).into();
            }
        } else {
            out.push(item);
        }
    }
    out
}
