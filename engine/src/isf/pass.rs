//! How often a file is drawn for one frame, how large, and where to: `PASSES`, `PERSISTENT_BUFFERS` (ISF 1), `IMPORTED`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Expression, IsfError, limits, value};

/// One drawing of the whole file, with its own `PASSINDEX`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pass {
    /// The picture that it is drawn into, which every pass can read under this name. None: the frame itself.
    /// Whatever the last pass draws is the frame as well.
    pub target: Option<String>,
    /// Whether the target keeps what it holds until the next frame. A pass that reads its own target sees what was there
    /// before.
    pub persistent: bool,
    /// Whether the target holds floats, not 8 bits a channel from 0 to 1.
    pub float: bool,
    /// Width in pixels; none: the frame's.
    pub width: Option<Expression>,
    /// Height in pixels; none: the frame's.
    pub height: Option<Expression>,
}

/// A picture that comes with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The name that the shader reads it under.
    pub name: String,
    /// Where it lies, as the file says it: relative to the file's folder. Whoever opens it has to see that it stays inside.
    pub path: String,
}

impl Pass {
    /// Width and height of what it draws, in pixels, each from 1 to [`limits::SIDE_PX`], for a frame of `frame_px`; `value_of`
    /// gives the numeric inputs' values by name. What cannot be worked out takes the frame's size.
    pub fn size_px(&self, frame_px: [u32; 2], value_of: impl Fn(&str) -> Option<f32>) -> [u32; 2] {
        let known = |name: &str| match name {
            "WIDTH" => Some(f64::from(frame_px[0])),
            "HEIGHT" => Some(f64::from(frame_px[1])),
            name => value_of(name).map(f64::from),
        };
        let side = |expression: &Option<Expression>, frame_px: u32| {
            let size = expression.as_ref().and_then(|expression| expression.value(&known).ok());
            let size = size.filter(|size| size.is_finite()).unwrap_or(f64::from(frame_px));
            (size as u32).clamp(1, limits::SIDE_PX)
        };
        [side(&self.width, frame_px[0]), side(&self.height, frame_px[1])]
    }
}

/// Reads `PASSES`; without them the file is drawn once, into the frame.
pub(super) fn read(
    head: &Map<String, Value>,
    is_numeric: &dyn Fn(&str) -> bool,
) -> Result<Vec<Pass>, IsfError> {
    let list = value::list(head, "PASSES");
    if list.len() > limits::PASSES {
        let what = "the number of PASSES".to_owned();
        return Err(IsfError::TooLarge { what, found: list.len(), limit: limits::PASSES });
    }
    let buffers = persistent_buffers(head, is_numeric)?;
    let mut passes = Vec::new();
    for (at, entry) in list.iter().enumerate() {
        let key = format!("PASSES[{at}]");
        let Value::Object(entry) = entry else {
            return Err(IsfError::Head { key, reason: "expected an object".to_owned() });
        };
        let mut pass = sized(entry, &key, is_numeric)?;
        pass.target = value::name(entry, "TARGET", &key)?;
        if let Some(buffer) = pass.target.as_ref().and_then(|target| buffers.get(target)) {
            pass.persistent = true;
            pass.float |= buffer.float;
            pass.width = pass.width.or_else(|| buffer.width.clone());
            pass.height = pass.height.or_else(|| buffer.height.clone());
        }
        passes.push(pass);
    }
    if passes.is_empty() {
        passes.push(Pass::default());
    }
    Ok(passes)
}

/// ISF 1: a list of names, or an object of sizes by name.
fn persistent_buffers(
    head: &Map<String, Value>,
    is_numeric: &dyn Fn(&str) -> bool,
) -> Result<HashMap<String, Pass>, IsfError> {
    let mut buffers = HashMap::new();
    match head.get("PERSISTENT_BUFFERS") {
        Some(Value::Object(entries)) => {
            for (name, entry) in entries.iter().take(limits::PASSES) {
                let key = format!("PERSISTENT_BUFFERS.{name}");
                let pass = entry.as_object().map(|entry| sized(entry, &key, is_numeric)).transpose()?;
                buffers.insert(name.clone(), pass.unwrap_or_default());
            }
        }
        _ => {
            for entry in value::list(head, "PERSISTENT_BUFFERS").iter().take(limits::PASSES) {
                let name = value::words(entry)
                    .or_else(|| entry.as_object().and_then(|entry| value::text(entry, "NAME")));
                buffers.extend(name.map(|name| (name, Pass::default())));
            }
        }
    }
    Ok(buffers)
}

fn sized(entry: &Map<String, Value>, key: &str, is_numeric: &dyn Fn(&str) -> bool) -> Result<Pass, IsfError> {
    let side = |name: &str| -> Result<Option<Expression>, IsfError> {
        let expression = match entry.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Value::String(text)) => Expression::parse(text),
            Some(other) => {
                value::number(other).map(Expression::number).ok_or_else(|| "expected a number".to_owned())
            }
        };
        // Evaluated once, so that a name that nobody knows is told when the file is read.
        let known = |name: &str| (matches!(name, "WIDTH" | "HEIGHT") || is_numeric(name)).then_some(1.0);
        expression
            .and_then(|expression| expression.value(&known).map(|_| Some(expression)))
            .map_err(|reason| IsfError::Head { key: format!("{key}.{name}"), reason })
    };
    Ok(Pass {
        target: None,
        persistent: value::truth(entry, "PERSISTENT"),
        float: value::truth(entry, "FLOAT"),
        width: side("WIDTH")?,
        height: side("HEIGHT")?,
    })
}

/// Refuses cubes: six pictures under one name.
fn whole(name: &str, entry: &Map<String, Value>) -> Result<(), IsfError> {
    let is_cube = value::text(entry, "TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("cube"));
    if is_cube || entry.get("PATH").is_some_and(Value::is_array) {
        let reason = "cubes are not played; import one picture".to_owned();
        return Err(IsfError::Head { key: format!("IMPORTED.{name}"), reason });
    }
    Ok(())
}

/// Reads `IMPORTED`: an object of paths by name, or a list of objects with a `NAME`.
pub(super) fn imported(head: &Map<String, Value>) -> Result<Vec<Imported>, IsfError> {
    let mut found = Vec::new();
    match head.get("IMPORTED") {
        Some(Value::Object(entries)) => {
            for (name, entry) in entries {
                entry.as_object().map_or(Ok(()), |entry| whole(name, entry))?;
                let path = value::words(entry)
                    .or_else(|| entry.as_object().and_then(|entry| value::text(entry, "PATH")));
                found.push((name.clone(), path));
            }
        }
        _ => {
            for (at, entry) in value::list(head, "IMPORTED").iter().enumerate() {
                let key = format!("IMPORTED[{at}]");
                let Some(entry) = entry.as_object() else {
                    return Err(IsfError::Head { key, reason: "expected an object".to_owned() });
                };
                let name = value::name(entry, "NAME", &key)?.unwrap_or_default();
                whole(&name, entry)?;
                found.push((name, value::text(entry, "PATH")));
            }
        }
    }
    if found.len() > limits::IMPORTED {
        let what = "the number of IMPORTED images".to_owned();
        return Err(IsfError::TooLarge { what, found: found.len(), limit: limits::IMPORTED });
    }
    let checked = found.into_iter().map(|(name, path)| {
        let key = format!("IMPORTED.{name}");
        let name = value::checked_name(name, &key)?;
        let path = path.ok_or_else(|| IsfError::Head { key, reason: "it has no PATH".to_owned() })?;
        Ok(Imported { name, path })
    });
    checked.collect()
}
