//! The small language that the sizes of passes are written in: `max(floor($WIDTH * $scale), 16.0)`.

use std::fmt;

use super::limits;

/// A size as its author wrote it: a number, or arithmetic on `$WIDTH`, `$HEIGHT` and the values of numeric inputs.
///
/// Operators are `+ - * / % ^` (or `**`), comparisons, `&& || !` and `a ? b : c`; functions `abs floor ceil round trunc sqrt
/// exp log sin cos tan min max mod pow clamp`; numbers are 64-bit floats.
///
/// ```
/// use klangbild_engine::isf::Expression;
/// let half = Expression::parse("max($WIDTH / 2.0, 16)").unwrap();
/// assert_eq!(half.value(&|name| (name == "WIDTH").then_some(640.0)), Ok(320.0));
/// assert_eq!(half.value(&|_| Some(3.0)), Ok(16.0));
/// ```
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    root: Node,
}

#[derive(Clone, Debug)]
enum Node {
    Number(f64),
    Name(String),
    Call(Function, Vec<Node>),
}

/// Everything that is worked out, with how many arguments it takes.
#[derive(Clone, Copy, Debug)]
enum Function {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
    Three(fn(f64, f64, f64) -> f64),
    /// Of one argument or more.
    Fold(fn(f64, f64) -> f64),
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > limits::EXPRESSION_BYTES {
            return Err(format!("longer than {} bytes", limits::EXPRESSION_BYTES));
        }
        let mut parser = Parser { text, at: 0, depth: 0 };
        let root = parser.choice()?;
        match parser.rest() {
            "" => Ok(Self { text: text.to_owned(), root }),
            rest => Err(format!("cannot make sense of \"{rest}\"")),
        }
    }

    /// A number as an expression.
    pub fn number(value: f64) -> Self {
        Self { text: value.to_string(), root: Node::Number(value) }
    }

    /// What it comes to, where `value_of` knows what stands behind each name, without its `$`.
    ///
    /// # Errors
    /// The name that it does not know.
    pub fn value(&self, value_of: &dyn Fn(&str) -> Option<f64>) -> Result<f64, String> {
        self.root.value(value_of)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Node {
    fn value(&self, value_of: &dyn Fn(&str) -> Option<f64>) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Name(name) => value_of(name).ok_or_else(|| format!("nothing is called ${name}")),
            Self::Call(function, arguments) => {
                let values =
                    arguments.iter().map(|node| node.value(value_of)).collect::<Result<Vec<_>, _>>()?;
                Ok(match (function, values.as_slice()) {
                    (Function::One(f), [a]) => f(*a),
                    (Function::Two(f), [a, b]) => f(*a, *b),
                    (Function::Three(f), [a, b, c]) => f(*a, *b, *c),
                    (Function::Fold(f), [first, rest @ ..]) => rest.iter().fold(*first, |a, &b| f(a, b)),
                    // Not reached: the parser has counted.
                    _ => 0.0,
                })
            }
        }
    }
}

/// Recursive descent, one function for each rank of operators.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Step = Result<Node, String>;

/// Operators of one rank, longer ones before those that they begin with.
type Rank = &'static [(&'static str, fn(f64, f64) -> f64)];

/// From what binds least to what binds most.
const RANKS: [Rank; 6] = [
    &[("||", |a, b| truth(a != 0.0 || b != 0.0))],
    &[("&&", |a, b| truth(a != 0.0 && b != 0.0))],
    &[("==", |a, b| truth(a == b)), ("!=", |a, b| truth(a != b))],
    &[
        ("<=", |a, b| truth(a <= b)),
        (">=", |a, b| truth(a >= b)),
        ("<", |a, b| truth(a < b)),
        (">", |a, b| truth(a > b)),
    ],
    &[("+", |a, b| a + b), ("-", |a, b| a - b)],
    &[("*", |a, b| a * b), ("/", |a, b| a / b), ("%", modulo)],
];

fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// GLSL's `mod`: the result has the divisor's sign.
fn modulo(a: f64, b: f64) -> f64 {
    a - b * (a / b).floor()
}

impl<'a> Parser<'a> {
    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn require(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            Ok(())
        } else {
            Err(format!("expected \"{token}\" before \"{}\"", self.rest()))
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > limits::DEPTH {
            return Err("nests too deep".to_owned());
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn choice(&mut self) -> Step {
        self.deeper(|parser| {
            let condition = parser.ranked(&RANKS)?;
            if !parser.take("?") {
                return Ok(condition);
            }
            let yes = parser.choice()?;
            parser.require(":")?;
            let no = parser.choice()?;
            let choose = Function::Three(|condition, yes, no| if condition != 0.0 { yes } else { no });
            Ok(Node::Call(choose, vec![condition, yes, no]))
        })
    }

    fn ranked(&mut self, ranks: &[Rank]) -> Step {
        let Some((rank, higher)) = ranks.split_first() else { return self.unary() };
        let mut left = self.ranked(higher)?;
        let mut length = 0;
        // `**` is a power, not a product.
        while let Some((token, f)) = rank
            .iter()
            .find(|(token, _)| !(*token == "*" && self.rest().starts_with("**")) && self.take(token))
        {
            length += 1;
            if length > limits::DEPTH {
                return Err(format!("more than {} \"{token}\" in a row", limits::DEPTH));
            }
            let right = self.ranked(higher)?;
            left = Node::Call(Function::Two(*f), vec![left, right]);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Step {
        self.deeper(|parser| {
            if parser.take("-") {
                Ok(Node::Call(Function::One(|a| -a), vec![parser.unary()?]))
            } else if parser.take("+") {
                parser.unary()
            } else if parser.take("!") {
                Ok(Node::Call(Function::One(|a| truth(a == 0.0)), vec![parser.unary()?]))
            } else {
                let base = parser.atom()?;
                if parser.take("**") || parser.take("^") {
                    return Ok(Node::Call(Function::Two(f64::powf), vec![base, parser.unary()?]));
                }
                Ok(base)
            }
        })
    }

    fn atom(&mut self) -> Step {
        if self.take("(") {
            let inner = self.choice()?;
            self.require(")")?;
            return Ok(inner);
        }
        if self.take("$") {
            let name = self.word();
            return if name.is_empty() {
                Err("a lone \"$\"".to_owned())
            } else {
                Ok(Node::Name(name.to_owned()))
            };
        }
        let rest = self.rest();
        if rest.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return self.literal();
        }
        let name = self.word();
        if name.is_empty() {
            return Err(match rest {
                "" => "ends too early".to_owned(),
                rest => format!("cannot make sense of \"{rest}\""),
            });
        }
        if self.take("(") {
            return self.call(name);
        }
        match name.to_ascii_lowercase().as_str() {
            "pi" => Ok(Node::Number(std::f64::consts::PI)),
            // Some write the names of inputs without the `$`.
            _ => Ok(Node::Name(name.to_owned())),
        }
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn literal(&mut self) -> Step {
        let rest = self.rest();
        let digits = rest.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(rest.len());
        let mut end = digits;
        let exponent = rest.get(digits..).unwrap_or_default();
        if let Some(power) = exponent.strip_prefix(['e', 'E']) {
            let unsigned = power.trim_start_matches(['+', '-']);
            let length = unsigned.find(|next: char| !next.is_ascii_digit()).unwrap_or(unsigned.len());
            if length > 0 {
                end += 1 + power.len() - unsigned.len() + length;
            }
        }
        let number = rest.get(..end).unwrap_or_default();
        self.at += end;
        // GLSL's mark of a float.
        let _ = self.rest().starts_with('f') && self.take("f");
        number.parse().map(Node::Number).map_err(|_| format!("\"{number}\" is not a number"))
    }

    fn call(&mut self, name: &str) -> Step {
        let mut arguments = Vec::new();
        while !self.take(")") {
            if !arguments.is_empty() {
                self.require(",")?;
            }
            arguments.push(self.choice()?);
        }
        let function = match name.to_ascii_lowercase().as_str() {
            "abs" => Function::One(f64::abs),
            "floor" => Function::One(f64::floor),
            "ceil" => Function::One(f64::ceil),
            "round" => Function::One(f64::round),
            "trunc" | "int" => Function::One(f64::trunc),
            "float" => Function::One(|a| a),
            "sqrt" => Function::One(f64::sqrt),
            "exp" => Function::One(f64::exp),
            "log" | "ln" => Function::One(f64::ln),
            "sin" => Function::One(f64::sin),
            "cos" => Function::One(f64::cos),
            "tan" => Function::One(f64::tan),
            "mod" | "fmod" => Function::Two(modulo),
            "pow" => Function::Two(f64::powf),
            "clamp" => Function::Three(|a, low, high| a.max(low).min(high)),
            "min" => Function::Fold(f64::min),
            "max" => Function::Fold(f64::max),
            _ => return Err(format!("there is no function \"{name}\"")),
        };
        let fits = match function {
            Function::One(_) => arguments.len() == 1,
            Function::Two(_) => arguments.len() == 2,
            Function::Three(_) => arguments.len() == 3,
            Function::Fold(_) => !arguments.is_empty(),
        };
        if fits {
            Ok(Node::Call(function, arguments))
        } else {
            Err(format!("{name} does not take {} arguments", arguments.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Result<f64, String> {
        Expression::parse(text)?.value(&|name| match name {
            "WIDTH" => Some(1280.0),
            "HEIGHT" => Some(720.0),
            "scale" => Some(0.1),
            _ => None,
        })
    }

    #[test]
    fn sizes_are_worked_out() {
        for (text, expected) in [
            ("16", 16.0),
            ("$WIDTH", 1280.0),
            (" $WIDTH/2.0 ", 640.0),
            ("floor($HEIGHT*min((0.2),1.0))", 144.0),
            ("max(8.0,floor($WIDTH*$scale))", 128.0),
            ("$WIDTH * 0.5 + $HEIGHT * 0.5 - 1", 999.0),
            ("100 - 10 - 1", 89.0),
            ("2 + 3 * 4 ^ 2", 50.0),
            ("2 ** 3 ** 2", 512.0),
            ("-2 ^ 2", -4.0),
            ("ceil(1.2) + round(2.5) + floor(-0.5)", 4.0),
            ("mod(7, 4) + 7 % 4", 6.0),
            ("$WIDTH > $HEIGHT ? $HEIGHT : $WIDTH", 720.0),
            ("min($WIDTH, $HEIGHT, 512)", 512.0),
            ("pow(2, 1e1)", 1024.0),
            ("WIDTH / 4.0f", 320.0),
            ("clamp($WIDTH, 1, 100)", 100.0),
            ("!0 && 1 || 0", 1.0),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "$",
            "1 +",
            "(1",
            "1)",
            "nope(1)",
            "max()",
            "floor(1, 2)",
            "1 2",
            "a b",
            "é",
            "1..2",
            "$WIDTH $HEIGHT",
        ] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
        assert_eq!(value("$nobody"), Err("nothing is called $nobody".to_owned()));
        for text in [
            "(".repeat(1000),
            "-".repeat(1000),
            "1+".repeat(500),
            "2^".repeat(500),
            "1?".repeat(500),
            "1".repeat(100_000),
        ] {
            assert!(Expression::parse(&text).is_err());
        }
    }
}
