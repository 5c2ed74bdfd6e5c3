//! `klangbild pack new`: a pack from two ONNX files. The graphs say a lot; what they do not say is guessed, and the
//! guesses are named.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::PackError;
use super::files::{PackFiles, is_plain};
use super::graph::{Dim, Element, Graph, Port};
use super::load::{Weights, read_model};
use super::{Model, Pack};

/// What to make a pack from.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The encoder's ONNX file.
    pub encoder: PathBuf,
    /// The generator's ONNX file.
    pub generator: PathBuf,
    /// The folder to write.
    pub folder: PathBuf,
    /// Name of the pack; by default the folder's.
    pub name: Option<String>,
    /// The encoder's sample rate; by default 48 kHz if its window is then 5 or 10 s, else 16 kHz.
    pub sample_rate_hz: Option<u32>,
    /// The encoder's window where its graph leaves it open; by default 3 s.
    pub window_s: Option<f64>,
    /// Replace a pack that is there already.
    pub force: bool,
}

/// Writes the pack: a manifest, and copies of the ONNX files and of the files that they keep their weights in.
///
/// Returns what was guessed. The pack is not yet checked.
///
/// # Errors
/// Files that are missing or no ONNX models, a graph that has no input for audio or no output for an image, or a
/// pack that is there already and `force` is not set.
pub fn new(draft: &Draft) -> Result<Vec<String>, PackError> {
    let manifest_path = draft.folder.join("pack.toml");
    let encoder = open(&draft.encoder)?;
    let generator = open(&draft.generator)?;
    let mut guesses = Vec::new();
    let [encoder_file, generator_file] = file_names(draft, &encoder, &generator);
    let names = [encoder_file.as_str(), generator_file.as_str()];
    let text = manifest(draft, names, &encoder.graph, &generator.graph, &mut guesses)?;
    let mut files = Vec::new();
    for (file, model) in [(&encoder_file, &encoder), (&generator_file, &generator)] {
        files.push((file.clone(), &model.bytes));
        // Weights lie beside their model.
        let folder = file.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        files.extend(model.external.iter().map(|(name, bytes)| (format!("{folder}{name}"), bytes)));
    }
    let taken = files.iter().map(|(name, _)| draft.folder.join(name)).find(|path| path.exists());
    if !draft.force
        && let Some(taken) = Some(manifest_path.clone()).filter(|path| path.exists()).or(taken)
    {
        return Err(PackError::Exists(taken));
    }
    write_all(&draft.folder, &files)?;
    // Last, so that a folder with a manifest is whole.
    write_all(&draft.folder, &[("pack.toml".to_owned(), &text.into_bytes().into())])?;
    Ok(guesses)
}

/// What the two ONNX files are called in the pack. Exporters give all weights files one name: where two files would be one,
/// each model gets a folder, and keeps the name that it had beside its weights.
fn file_names(draft: &Draft, encoder: &Model, generator: &Model) -> [String; 2] {
    let plain = ["encoder.onnx".to_owned(), "generator.onnx".to_owned()];
    let ours = ["encoder.onnx", "generator.onnx", "pack.toml"];
    // Some systems take two names for one that differ in their case alone.
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let clash = |(name, bytes): &(String, std::sync::Arc<[u8]>)| {
        let twice = encoder
            .external
            .iter()
            .any(|(other, others)| same(name, other) && (name != other || bytes != others));
        twice || ours.iter().any(|ours| same(name, ours))
    };
    if !encoder.external.iter().chain(&generator.external).any(clash) {
        return plain;
    }
    [("encoder", &draft.encoder), ("generator", &draft.generator)].map(|(folder, path)| {
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| is_plain(name));
        format!("{folder}/{}", name.unwrap_or("model.onnx"))
    })
}

fn open(path: &Path) -> Result<Model, PackError> {
    let shown = path.display().to_string();
    let missing =
        || PackError::Missing { file: shown.clone(), cure: "give the path of an ONNX file".to_owned() };
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(missing)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !path.is_file() {
        return Err(missing());
    }
    // A link to a model is fine here: the user named it.
    match path.canonicalize() {
        Ok(real) if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) => open(&real),
        _ => read_model(&PackFiles::Folder(folder.to_owned()), name, &mut Weights::default()),
    }
}

fn write_all(folder: &Path, files: &[(String, &std::sync::Arc<[u8]>)]) -> Result<(), PackError> {
    for (name, bytes) in files {
        let path = folder.join(name);
        let io = |action| {
            let file = path.display().to_string();
            move |source| PackError::Io { file, action, source }
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(io("making its folder"))?;
        }
        fs::write(&path, bytes).map_err(io("writing it"))?;
    }
    Ok(())
}

fn manifest(
    draft: &Draft,
    [encoder_file, generator_file]: [&str; 2],
    encoder: &Graph,
    generator: &Graph,
    guesses: &mut Vec<String>,
) -> Result<String, PackError> {
    let name = name(draft);
    let mut text = String::new();
    let mut line = |key: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = if key.is_empty() { writeln!(text, "{value}") } else { writeln!(text, "{key} = {value}") };
    };
    line(
        "",
        "# Written by `klangbild pack new`. Check the guesses, then run `klangbild pack check` on this folder.",
    );
    line("format", "1");
    line("name", &quote(&name));
    line("title", &quote(&name));
    line("version", &quote("0.1.0"));
    line("authors", "[]");
    line("licence", &quote("unknown"));
    line("description", &quote(""));
    line("", "\n[encoder]");
    line("file", &quote(encoder_file));
    let dim = encoder_lines(draft, encoder, guesses, &mut line)?;
    line("", "\n[generator]");
    line("file", &quote(generator_file));
    generator_lines(draft, generator, dim, guesses, &mut line)?;
    guesses.push("licence is \"unknown\": write the licence of the weights".to_owned());
    Ok(text)
}

fn name(draft: &Draft) -> String {
    let folder = draft.folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let wanted = draft.name.clone().or(folder).unwrap_or_default().to_lowercase();
    let fits = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = wanted.chars().map(fits).take(64).collect();
    if name.trim_matches('-').is_empty() { "pack".to_owned() } else { name.trim_matches('-').to_owned() }
}

fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Length of a port that is one row of numbers, if the graph says it.
fn length(port: &Port) -> Option<u64> {
    let long: Vec<_> = port.shape.iter().flatten().filter(|dim| **dim != Dim::Fixed(1)).collect();
    match long.as_slice() {
        [] => Some(1),
        [Dim::Fixed(length)] => Some(*length),
        // An open batch.
        [Dim::Open(_), Dim::Fixed(length)] => Some(*length),
        _ => None,
    }
}

fn sounds_like(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    words.iter().any(|word| name == *word || (word.len() > 2 && name.contains(word)))
}

fn unusable(path: &Path, field: &str, expected: &str, ports: &[Port]) -> PackError {
    let found: Vec<_> = ports.iter().map(|port| format!("{:?} ({port})", port.name)).collect();
    PackError::Mismatch {
        file: path.display().to_string(),
        field: field.to_owned(),
        expected: expected.to_owned(),
        found: if found.is_empty() { "none".to_owned() } else { found.join(", ") },
        cure: "export the model so, or pass the two files in the order ENCODER GENERATOR".to_owned(),
    }
}

fn encoder_lines(
    draft: &Draft,
    graph: &Graph,
    guesses: &mut Vec<String>,
    line: &mut impl FnMut(&str, &str),
) -> Result<Option<u64>, PackError> {
    let [input] = graph.inputs.as_slice() else {
        return Err(unusable(&draft.encoder, "its inputs", "one, for mono audio", &graph.inputs));
    };
    let samples = length(input).filter(|&samples| samples > 1);
    let rate = draft.sample_rate_hz.unwrap_or_else(|| {
        let rate = if matches!(samples, Some(240_000 | 480_000)) { 48_000 } else { 16_000 };
        guesses.push(format!("encoder.sample_rate_hz = {rate} (the graph does not say; see --sample-rate)"));
        rate
    });
    let window_s = match samples {
        Some(samples) => samples as f64 / f64::from(rate),
        None => draft.window_s.unwrap_or_else(|| {
            guesses.push("encoder.window_s = 3.0 (the graph takes any length; see --window)".to_owned());
            3.0
        }),
    };
    line("sample_rate_hz", &rate.to_string());
    line("window_s", &toml::Value::Float(window_s).to_string());
    line("input", &quote(&input.name));
    let is_control = |port: &&Port| sounds_like(&port.name, &["control"]);
    let vectors: Vec<_> =
        graph.outputs.iter().filter(|port| port.element == Some(Element::FLOAT32)).collect();
    let named = vectors.iter().find(|port| sounds_like(&port.name, &["embed"]));
    let output = named.or_else(|| vectors.iter().find(|port| !is_control(port)));
    let output = output
        .ok_or_else(|| unusable(&draft.encoder, "its outputs", "a float32 embedding", &graph.outputs))?;
    line("embedding", &quote(&output.name));
    if named.is_none() && vectors.len() > 1 {
        guesses.push(format!("encoder.embedding = {:?} (one of {} outputs)", output.name, vectors.len()));
    }
    let controls = vectors.iter().find(|port| is_control(port) && port.name != output.name);
    if let Some((controls, count)) = controls.and_then(|port| Some((port, length(port)?))) {
        let names: Vec<_> = (1..=count.min(1000)).map(|place| quote(&format!("control {place}"))).collect();
        line("controls", &quote(&controls.name));
        line("control_names", &format!("[{}]", names.join(", ")));
        guesses.push("encoder.control_names are numbers: name what each control means".to_owned());
    }
    Ok(length(output))
}

fn generator_lines(
    draft: &Draft,
    graph: &Graph,
    embedding_dim: Option<u64>,
    guesses: &mut Vec<String>,
    line: &mut impl FnMut(&str, &str),
) -> Result<(), PackError> {
    // A generator that was trained without labels still has an input for them, of length 0.
    let empty = |port: &Port| port.shape.iter().flatten().any(|dim| *dim == Dim::Fixed(0));
    let float =
        |port: &&Port| port.element == Some(Element::FLOAT32) && length(port) != Some(1) && !empty(port);
    let inputs: Vec<_> = graph.inputs.iter().filter(float).collect();
    let embedding_words = ["embedding", "embed", "cond", "clip", "text", "audio", "c", "y"];
    let by_name = |words: &[&str]| inputs.iter().copied().find(|port| sounds_like(&port.name, words));
    let same_length = || {
        let fits = |port: &&&Port| length(port).is_some() && length(port) == embedding_dim;
        inputs.iter().find(fits).copied()
    };
    let embedding = by_name(&embedding_words).or_else(same_length);
    let latent = by_name(&["latent", "latents", "noise", "z"]);
    let latent = latent.or_else(|| inputs.first().copied()).filter(|port| Some(*port) != embedding);
    let latent = latent.or_else(|| inputs.iter().copied().find(|port| Some(*port) != embedding));
    match (latent, embedding) {
        (None, None) => {
            return Err(unusable(&draft.generator, "its inputs", "a float32 latent", &graph.inputs));
        }
        (Some(only), None)
            if length(only) > embedding_dim && embedding_dim.is_some() && inputs.len() == 1 =>
        {
            let (all, part) = (length(only).unwrap_or(0), embedding_dim.unwrap_or(0));
            let latent_dim = all - part;
            if sounds_like(&only.name, &["latent", "latents", "noise", "z"]) {
                line("latent", &quote(&only.name));
                guesses
                    .push(format!("generator.latent = {:?}: the embedding will move the latent", only.name));
            } else {
                line("latent_dim", &latent_dim.to_string());
                let order = "[\"latent\", \"embedding\"]";
                line("joined", &format!("{{ input = {}, order = {order} }}", quote(&only.name)));
                guesses.push(format!(
                    "generator.joined: {:?} of {all} takes {latent_dim} latent entries, then the embedding's {part}",
                    only.name
                ));
            }
        }
        _ => {
            for (key, port) in [("latent", latent), ("embedding", embedding)] {
                if let Some(port) = port {
                    line(key, &quote(&port.name));
                    guesses.push(format!("generator.{key} = {:?} ({port})", port.name));
                }
            }
        }
    }
    if latent.is_some() {
        line("distribution", &quote("normal"));
    }
    let left: Vec<_> = graph.inputs.iter().filter(|p| Some(*p) != latent && Some(*p) != embedding).collect();
    if !left.is_empty() {
        let value = |port: &Port| match port {
            port if empty(port) => "",
            port if sounds_like(&port.name, &["trunc", "psi"]) => "0.7",
            _ => "1.0",
        };
        let constants: Vec<_> = left
            .iter()
            .map(|port| format!("{{ input = {}, values = [{}] }}", quote(&port.name), value(port)))
            .collect();
        line("constants", &format!("[{}]", constants.join(", ")));
        guesses.push("generator.constants: inputs of unknown meaning; correct their values".to_owned());
    }
    image_lines(draft, graph, guesses, line)
}

fn image_lines(
    draft: &Draft,
    graph: &Graph,
    guesses: &mut Vec<String>,
    line: &mut impl FnMut(&str, &str),
) -> Result<(), PackError> {
    let rank = |port: &Port| port.shape.as_ref().map(Vec::len);
    let is_image = |port: &&(usize, &Port)| matches!(rank(port.1), Some(3 | 4) | None);
    let outputs: Vec<_> = graph.outputs.iter().enumerate().collect();
    let named = outputs.iter().filter(is_image).find(|(_, port)| sounds_like(&port.name, &["image", "img"]));
    let found = named.or_else(|| outputs.iter().find(is_image));
    let &(place, port) = found
        .ok_or_else(|| unusable(&draft.generator, "its outputs", "an image [1, 3, h, w]", &graph.outputs))?;
    line("image", &quote(&port.name));
    let dims = port.shape.clone().unwrap_or_default();
    let colours = |dim: Option<&Dim>| matches!(dim, Some(Dim::Fixed(1 | 3)));
    let last = dims.len() >= 3 && !colours(dims.get(dims.len() - 3)) && colours(dims.last());
    if last {
        line("layout", &quote("nhwc"));
    }
    // The graph may say them too; but a list of packs reads no graphs.
    let start = dims.len().saturating_sub(if last { 3 } else { 2 });
    let sides = [dims.get(start + 1), dims.get(start)];
    for (key, side) in ["width_px", "height_px"].into_iter().zip(sides) {
        let side = match side {
            Some(Dim::Fixed(side)) if dims.len() >= 3 => *side,
            _ => {
                guesses.push(format!("generator.{key} = 256 (the graph leaves it open)"));
                256
            }
        };
        line(key, &side.to_string());
    }
    let operator = graph.output_operators.get(place).map_or("", String::as_str);
    let (range, why) = match operator {
        "Tanh" => ("[-1.0, 1.0]", "it ends in Tanh"),
        "Sigmoid" => ("[0.0, 1.0]", "it ends in Sigmoid"),
        _ => ("[-1.0, 1.0]", "the graph does not say; `pack check` measures it"),
    };
    line("range", range);
    guesses.push(format!("generator.range = {range} ({why})"));
    Ok(())
}

impl Draft {
    /// Loads the pack that was written.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn load(&self) -> Result<Pack, PackError> {
        Pack::from_files(&PackFiles::open(&self.folder)?)
    }
}
