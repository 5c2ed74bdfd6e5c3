//! The manifest against the graphs: every name, shape and range, settled before memory is taken or a graph runs.

use super::error::PackError;
use super::graph::{Dim, Element, Graph, Port};
use super::limits;
use super::manifest::{BridgeSpec, EncoderSpec, FORMAT, GeneratorSpec, Layout, Manifest, Part};

/// What the encoder takes and gives, with every dimension known.
#[derive(Clone, Debug, PartialEq)]
pub struct EncoderContract {
    /// Samples of one window.
    pub window_samples: usize,
    /// Shape of the audio input.
    pub input_shape: Vec<i64>,
    /// Length of the embedding.
    pub embedding_dim: usize,
    /// Shape of the embedding output.
    pub embedding_shape: Vec<i64>,
    /// Shape of the controls output, where there is one.
    pub controls_shape: Option<Vec<i64>>,
}

/// What the generator takes and gives, with every dimension known.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratorContract {
    /// The inputs that change with each picture.
    pub vectors: Vec<VectorInput>,
    /// The inputs that never change.
    pub constants: Vec<ConstantInput>,
    /// Length of the latent; 0 for a generator that takes none.
    pub latent_dim: usize,
    /// Length of the embedding that the graph takes; 0 for a generator that takes none.
    pub embedding_dim: usize,
    /// Shape of the image output.
    pub image_shape: Vec<i64>,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// 3 for colour, 1 for grey.
    pub colours: usize,
}

/// One input that changes with each picture.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorInput {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// What it is filled with, in order.
    pub parts: Vec<Part>,
}

/// One input that never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstantInput {
    /// Its name.
    pub name: String,
    /// Its element type.
    pub element: Element,
    /// Its shape.
    pub shape: Vec<i64>,
    /// Its values, row-major, one for each entry.
    pub values: Vec<f64>,
}

/// Builds one section's errors: they all name the manifest or graph, the field, and the cure.
struct Section<'a> {
    manifest: &'a str,
    graph: &'a str,
    name: &'static str,
}

#[allow(clippy::needless_pass_by_value, reason = "a message's parts are text or numbers, made on the spot")]
impl Section<'_> {
    fn field(
        &self,
        field: &str,
        expected: impl ToString,
        found: impl ToString,
        cure: impl ToString,
    ) -> PackError {
        let field = if self.name.is_empty() { field.to_owned() } else { format!("{}.{field}", self.name) };
        let file = self.manifest.to_owned();
        let (expected, found, cure) = (expected.to_string(), found.to_string(), cure.to_string());
        PackError::Mismatch { file, field, expected, found, cure }
    }

    fn port(&self, kind: &str, port: &Port, expected: impl ToString, cure: impl ToString) -> PackError {
        PackError::Mismatch {
            file: self.graph.to_owned(),
            field: format!("{kind} {:?}", port.name),
            expected: expected.to_string(),
            found: port.to_string(),
            cure: cure.to_string(),
        }
    }

    fn find<'g>(
        &self,
        field: &str,
        name: &str,
        kind: &str,
        ports: &'g [Port],
    ) -> Result<&'g Port, PackError> {
        ports.iter().find(|port| port.name == name).ok_or_else(|| {
            let names: Vec<_> = ports.iter().map(|port| format!("{:?} ({port})", port.name)).collect();
            let expected = format!("an {kind} of {}: {}", self.graph, names.join(" or "));
            self.field(field, expected, format!("{name:?}"), "correct the name")
        })
    }

    fn float<'g>(&self, kind: &str, port: &'g Port) -> Result<&'g Port, PackError> {
        if port.element == Some(Element::FLOAT32) {
            return Ok(port);
        }
        Err(self.port(kind, port, "float32", "export the model with float32 inputs and outputs"))
    }

    /// The shape of a port that must be one row of numbers, and its length.
    fn vector(
        &self,
        kind: &str,
        port: &Port,
        wanted: Option<usize>,
        dim_field: &str,
    ) -> Result<(Vec<i64>, usize), PackError> {
        let expected = match wanted {
            Some(length) => format!("float32 [1, {length}]"),
            None => "float32 [1, length]".to_owned(),
        };
        let open = vec![Dim::Open(String::new()); 2];
        let dims = port.shape.as_ref().unwrap_or(&open);
        let long = dims.iter().filter(|dim| !matches!(dim, Dim::Fixed(1) | Dim::Open(_))).count();
        if long > 1 {
            return Err(self.port(kind, port, expected, "it must be one row of numbers"));
        }
        let last_open = dims.iter().rposition(|dim| matches!(dim, Dim::Open(_)));
        let mut shape = vec![1i64; dims.len()];
        let mut length = 1u64;
        for (place, dim) in dims.iter().enumerate() {
            let this = match dim {
                Dim::Fixed(fixed) => *fixed,
                Dim::Open(_) if long == 0 && Some(place) == last_open => match wanted {
                    Some(wanted) => wanted as u64,
                    None => {
                        let cure =
                            format!("the graph leaves the length open: write {dim_field} in pack.toml");
                        return Err(self.port(kind, port, expected, cure));
                    }
                },
                Dim::Open(_) => 1,
            };
            shape[place] = i64::try_from(this).unwrap_or(i64::MAX);
            length = length.saturating_mul(this);
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length == 0 || wanted.is_some_and(|wanted| wanted != length) {
            let cure = format!("correct {dim_field} in pack.toml or export the model anew");
            return Err(self.port(kind, port, expected, cure));
        }
        Ok((shape, length))
    }

    fn bounded(&self, port: &Port, length: usize) -> Result<usize, PackError> {
        if length <= limits::VECTOR_DIM {
            return Ok(length);
        }
        Err(PackError::TooLarge {
            file: self.graph.to_owned(),
            what: format!("the length of {:?}", port.name),
            found: length.to_string(),
            limit: limits::VECTOR_DIM.to_string(),
        })
    }
}

/// Checks the fields that need no graph.
pub fn check_manifest(file: &str, manifest: &Manifest) -> Result<(), PackError> {
    let top = Section { manifest: file, graph: "", name: "" };
    let name = &manifest.name;
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if i64::from(manifest.format) != FORMAT {
        return Err(top.field(
            "format",
            FORMAT,
            manifest.format,
            "this pack needs another version of Klangbild",
        ));
    }
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        let expected = "1 to 64 lower-case letters, digits and hyphens";
        return Err(top.field("name", expected, format!("{name:?}"), "rename the pack"));
    }
    for (field, text) in
        [("title", &manifest.title), ("version", &manifest.version), ("licence", &manifest.licence)]
    {
        if text.trim().is_empty() {
            return Err(top.field(field, "some text", "nothing", "fill it in"));
        }
    }
    let (encoder, generator) = (&manifest.encoder, &manifest.generator);
    let section = Section { manifest: file, graph: "", name: "encoder" };
    if !limits::SAMPLE_RATE_HZ.contains(&encoder.sample_rate_hz) {
        let range = limits::SAMPLE_RATE_HZ;
        let expected = format!("{} to {} Hz", range.start(), range.end());
        return Err(section.field("sample_rate_hz", expected, encoder.sample_rate_hz, "correct it"));
    }
    if !(encoder.window_s > 0.0 && encoder.window_s <= limits::WINDOW_S) {
        let expected = format!("over 0 and at most {} s", limits::WINDOW_S);
        return Err(section.field("window_s", expected, encoder.window_s, "correct it"));
    }
    let section = Section { manifest: file, graph: "", name: "generator" };
    let [black, white] = generator.range;
    if !(black.is_finite() && white.is_finite() && black < white) {
        let found = format!("[{black}, {white}]");
        return Err(section.field("range", "[black, white] with black < white", found, "correct it"));
    }
    for (field, value) in
        [("embedding_norm", generator.embedding_norm), ("latent_scale", generator.latent_scale)]
    {
        if !(value.is_finite() && value > 0.0) {
            return Err(section.field(field, "a number over 0", value, "correct it"));
        }
    }
    Ok(())
}

/// Settles the encoder's shapes.
pub fn encoder(
    manifest: &str,
    file: &str,
    spec: &EncoderSpec,
    graph: &Graph,
) -> Result<EncoderContract, PackError> {
    let section = Section { manifest, graph: file, name: "encoder" };
    let window_samples = (spec.window_s * f64::from(spec.sample_rate_hz)).round() as usize;
    if let Some(other) = graph.inputs.iter().find(|port| port.name != spec.input)
        && graph.input(&spec.input).is_some()
    {
        return Err(section.port(
            "input",
            other,
            "no input but the audio",
            "export the encoder with audio alone",
        ));
    }
    let input = section.float("input", section.find("input", &spec.input, "input", &graph.inputs)?)?;
    let (input_shape, _) =
        section.vector("input", input, Some(window_samples), "encoder.window_s x encoder.sample_rate_hz")?;
    let output = section.find("embedding", &spec.embedding, "output", &graph.outputs)?;
    let output = section.float("output", output)?;
    let (embedding_shape, embedding_dim) =
        section.vector("output", output, spec.embedding_dim, "encoder.embedding_dim")?;
    section.bounded(output, embedding_dim)?;
    let named = spec.control_names.len();
    let controls_shape = match &spec.controls {
        None if named > 0 => {
            let cure = "write controls = \"name of the output\" or remove control_names";
            return Err(section.field("controls", "the name of an output", "nothing", cure));
        }
        None => None,
        Some(name) => {
            let output =
                section.float("output", section.find("controls", name, "output", &graph.outputs)?)?;
            let (shape, _) = section.vector("output", output, Some(named), "encoder.control_names")?;
            Some(shape)
        }
    };
    Ok(EncoderContract { window_samples, input_shape, embedding_dim, embedding_shape, controls_shape })
}

/// Settles the generator's shapes. `embedding_dim` is what the encoder gives, before a bridge.
pub fn generator(
    manifest: &str,
    file: &str,
    spec: &GeneratorSpec,
    graph: &Graph,
    bridge: Option<&BridgeSpec>,
    encoder_dim: Option<usize>,
) -> Result<GeneratorContract, PackError> {
    let section = Section { manifest, graph: file, name: "generator" };
    let given_dim = bridge.map(|bridge| bridge.to).or(encoder_dim);
    let (mut vectors, mut latent_dim, mut embedding_dim) = (Vec::new(), 0, 0);
    if let Some(joined) = &spec.joined {
        let cure = "a joined input replaces both: remove joined, or embedding and latent";
        if spec.embedding.is_some() || spec.latent.is_some() {
            return Err(section.field("joined", "no embedding or latent beside it", "both", cure));
        }
        if joined.order[0] == joined.order[1] {
            let expected = "[\"latent\", \"embedding\"] or the other way round";
            return Err(section.field("joined.order", expected, "the same twice", "correct it"));
        }
        let input = section.find("joined.input", &joined.input, "input", &graph.inputs)?;
        let input = section.float("input", input)?;
        embedding_dim = spec.embedding_dim.or(given_dim).unwrap_or(0);
        let wanted = spec.latent_dim.map(|latent| latent.saturating_add(embedding_dim));
        let (shape, length) = section.vector("input", input, wanted, "generator.latent_dim")?;
        section.bounded(input, length)?;
        latent_dim = length.saturating_sub(embedding_dim);
        if latent_dim == 0 {
            let expected = format!("more than the embedding's {embedding_dim} entries");
            return Err(section.port("input", input, expected, "use embedding in place of joined"));
        }
        vectors.push(VectorInput { name: joined.input.clone(), shape, parts: joined.order.to_vec() });
    }
    for (field, name, wanted, part) in [
        ("latent", &spec.latent, spec.latent_dim, Part::Latent),
        ("embedding", &spec.embedding, spec.embedding_dim, Part::Embedding),
    ] {
        let Some(name) = name else { continue };
        let input = section.float("input", section.find(field, name, "input", &graph.inputs)?)?;
        let (shape, length) = section.vector("input", input, wanted, &format!("generator.{field}_dim"))?;
        section.bounded(input, length)?;
        match part {
            Part::Latent => latent_dim = length,
            Part::Embedding => embedding_dim = length,
        }
        vectors.push(VectorInput { name: name.clone(), shape, parts: vec![part] });
    }
    if vectors.is_empty() {
        let cure = "name the input that the latent, the embedding or both go into";
        return Err(section.field("latent", "latent, embedding or joined", "none of them", cure));
    }
    if let Some(given) = given_dim
        && embedding_dim > 0
        && given != embedding_dim
    {
        let cure =
            format!("add a [bridge] with from = {} and to = {embedding_dim}", encoder_dim.unwrap_or(given));
        let found = format!("{given} from the {}", if bridge.is_some() { "bridge" } else { "encoder" });
        return Err(section.field("embedding", format!("{embedding_dim} entries"), found, cure));
    }
    let constants = constants(&section, spec, graph)?;
    let named = |port: &Port| {
        vectors.iter().any(|vector| vector.name == port.name)
            || constants.iter().any(|constant| constant.name == port.name)
    };
    if let Some(left) = graph.inputs.iter().find(|port| !named(port)) {
        let cure = "name it as latent or embedding, or give it a value in generator.constants";
        return Err(section.port("input", left, "to be named in pack.toml", cure));
    }
    let (image_shape, width_px, height_px, colours) = image(&section, spec, graph)?;
    Ok(GeneratorContract {
        vectors,
        constants,
        latent_dim,
        embedding_dim,
        image_shape,
        width_px,
        height_px,
        colours,
    })
}

fn constants(
    section: &Section<'_>,
    spec: &GeneratorSpec,
    graph: &Graph,
) -> Result<Vec<ConstantInput>, PackError> {
    let mut constants = Vec::new();
    for constant in &spec.constants {
        let port = section.find("constants", &constant.input, "input", &graph.inputs)?;
        let allowed = [Element::FLOAT32, Element::INT32, Element::INT64, Element::BOOL];
        let Some(element) = port.element.filter(|element| allowed.contains(element)) else {
            return Err(section.port("input", port, "float32, int32, int64 or bool", "export the model so"));
        };
        let open = vec![Dim::Fixed(constant.values.len() as u64)];
        let dims = port.shape.as_ref().unwrap_or(&open);
        let lengths = dims.iter().map(|dim| match dim {
            Dim::Fixed(length) => *length,
            Dim::Open(_) => 1,
        });
        let entries = lengths.clone().try_fold(1u64, u64::checked_mul);
        let Some(entries) = entries.filter(|&entries| entries <= limits::CONSTANT_ENTRIES) else {
            return Err(section.port("input", port, "at most a million entries", "build it into the graph"));
        };
        let values = match constant.values.as_slice() {
            [value] => vec![*value; entries as usize],
            values if values.len() as u64 == entries => values.to_vec(),
            values => {
                let field = format!("constants, {:?}, values", constant.input);
                let expected = format!("1 or {entries} values for {port}");
                return Err(section.field(&field, expected, values.len(), "correct them"));
            }
        };
        let shape = lengths.map(|length| i64::try_from(length).unwrap_or(i64::MAX)).collect();
        constants.push(ConstantInput { name: constant.input.clone(), element, shape, values });
    }
    Ok(constants)
}

fn image(
    section: &Section<'_>,
    spec: &GeneratorSpec,
    graph: &Graph,
) -> Result<(Vec<i64>, u32, u32, usize), PackError> {
    let port = section.float("output", section.find("image", &spec.image, "output", &graph.outputs)?)?;
    let open = vec![Dim::Open(String::new()); 4];
    let dims = port.shape.as_ref().unwrap_or(&open);
    let (expected, places) = match spec.layout {
        Layout::Nchw => ("float32 [1, 3, height, width] or [1, 1, height, width]", [0, 1, 2]),
        Layout::Nhwc => ("float32 [1, height, width, 3] or [1, height, width, 1]", [2, 0, 1]),
    };
    let wrong = |cure: &str| section.port("output", port, expected, cure);
    let inner = match dims.as_slice() {
        [Dim::Fixed(1) | Dim::Open(_), inner @ ..] if inner.len() == 3 => inner,
        inner if inner.len() == 3 => inner,
        _ => return Err(wrong("export the model for one picture (batch 1), or set generator.layout")),
    };
    let colours = match &inner[places[0]] {
        Dim::Fixed(1) => 1,
        Dim::Fixed(3) | Dim::Open(_) => 3,
        Dim::Fixed(_) => return Err(wrong("set generator.layout, or export the model with 1 or 3 channels")),
    };
    let side = |field: &str, place: usize, said: Option<u32>| {
        let cure = format!("correct generator.{field} in pack.toml");
        let side = match (&inner[place], said) {
            (Dim::Fixed(side), None) => u32::try_from(*side).unwrap_or(u32::MAX),
            (Dim::Fixed(side), Some(said)) if *side == u64::from(said) => said,
            (Dim::Fixed(side), Some(said)) => {
                let expected = format!("{side}, as {} says", section.graph);
                return Err(section.field(field, expected, said, "correct or remove it"));
            }
            (Dim::Open(_), Some(said)) => said,
            (Dim::Open(_), None) => {
                let expected = "a number of pixels, as the graph leaves it open";
                return Err(section.field(field, expected, "nothing", "write it into pack.toml"));
            }
        };
        if (1..=limits::IMAGE_SIDE_PX).contains(&side) {
            return Ok(side);
        }
        Err(section.field(field, format!("1 to {} px", limits::IMAGE_SIDE_PX), side, cure))
    };
    let height_px = side("height_px", places[1], spec.height_px)?;
    let width_px = side("width_px", places[2], spec.width_px)?;
    let mut shape = vec![1i64; dims.len()];
    let offset = dims.len() - 3;
    shape[offset + places[0]] = colours as i64;
    shape[offset + places[1]] = i64::from(height_px);
    shape[offset + places[2]] = i64::from(width_px);
    Ok((shape, width_px, height_px, colours))
}
