//! From files to a [`Pack`], gathering everything that is wrong on the way.

use std::collections::HashMap;
use std::sync::Arc;

use super::bridge::Matrix;
use super::contract::{self, GeneratorContract};
use super::error::PackError;
use super::files::PackFiles;
use super::graph::{Element, Graph};
use super::limits;
use super::manifest::{GeneratorSpec, Manifest, PictureTowerSpec};
use super::sizes::{self, Given};
use super::{Half, Model, Pack, Painter, PictureTower, Words};
use crate::look::Look;
use crate::words::Table;

/// All that was found out about a pack.
#[derive(Debug, Default)]
pub struct Examination {
    /// The manifest, if it could be read.
    pub manifest: Option<Manifest>,
    /// The pack, if nothing was wrong.
    pub pack: Option<Pack>,
    /// What is wrong.
    pub errors: Vec<PackError>,
    /// What is odd but works.
    pub warnings: Vec<String>,
    /// What is right, with its file, in words.
    pub good: Vec<(String, String)>,
}

impl Examination {
    fn keep<T>(&mut self, result: Result<T, PackError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }
}

/// Reads and checks the pack in `files`.
pub fn examine(files: &PackFiles) -> Examination {
    let mut found = Examination::default();
    if let Some(manifest) = found.keep(Manifest::read(files)) {
        found.manifest = Some(manifest.clone());
        found.pack = models(files, manifest, &mut found);
    }
    found
}

fn models(files: &PackFiles, manifest: Manifest, found: &mut Examination) -> Option<Pack> {
    let file = files.display("pack.toml");
    if found.keep(manifest.check(&file)).is_some() {
        found.good.push((file.clone(), format!("format 1, {} {}", manifest.name, manifest.version)));
    }
    let mut weights = Weights::default();
    let encoder = found.keep(read_model(files, &manifest.encoder.file, &mut weights));
    found.good.extend(encoder.as_ref().map(|model| (model.file.clone(), describe(model))));
    let encoder_contract = encoder
        .as_ref()
        .and_then(|model| found.keep(contract::encoder(&file, &model.file, &manifest.encoder, &model.graph)));
    let encoder_dim = encoder_contract.as_ref().map(|contract| contract.embedding_dim);
    if let (Some(model), Some(contract)) = (&encoder, &encoder_contract) {
        found.keep(sizes::check(&model.file, &model.bytes, &contract.given(&manifest.encoder)));
    }
    let mut painters = Painters { files, manifest: &manifest, file: &file, encoder_dim, weights };
    let painter = painters.read(&manifest.generator, found);
    let others = manifest.generator.sizes.iter().filter_map(|size| {
        let other = painters.read(&manifest.generator.at(size), found)?;
        found.keep(check_size(&file, &other, painter.as_ref()?)).map(|()| other)
    });
    let others: Arc<[Painter]> = others.collect();
    let generator_contract = painter.as_ref().map(|painter| painter.contract.clone());
    let bridge = match &manifest.bridge {
        Some(spec) => found.keep(files.read(&spec.file, limits::FILE_BYTES).and_then(|bytes| {
            let bridge = Matrix::read(&file, &files.display(&spec.file), spec, &bytes)?;
            check_bridge(&file, &bridge, encoder_dim)?;
            Ok(bridge)
        })),
        None => None,
    };
    if let (Some(contract), Some(encoder_dim)) = (&generator_contract, encoder_dim)
        && contract.embedding_dim == 0
        && contract.latent_dim.saturating_mul(bridge.as_ref().map_or(encoder_dim, Matrix::rows))
            > limits::PROJECTION_ENTRIES
    {
        found.errors.push(PackError::TooLarge {
            file: file.clone(),
            what: "the map from the embedding to a latent".to_owned(),
            found: format!("{encoder_dim} x {} entries", contract.latent_dim),
            limit: limits::PROJECTION_ENTRIES.to_string(),
        });
    }
    let thumbnail = manifest.thumbnail.as_ref().and_then(|name| found.keep(read_thumbnail(files, name)));
    let mut weights = painters.weights;
    let words = understood(files, &file, &manifest, encoder_dim, &mut weights, found);
    note_oddities(&file, &manifest, found);
    let pack = Pack {
        manifest,
        encoder: encoder?,
        encoder_contract: encoder_contract?,
        generator_contract: generator_contract?,
        generator_work: painter.as_ref()?.work,
        generator: painter?.model,
        others,
        bridge,
        words,
        thumbnail,
        warnings: found.warnings.clone(),
    };
    if found.errors.is_empty() { Some(pack) } else { None }
}

/// What the graphs of a generator are read and checked with.
struct Painters<'p> {
    files: &'p PackFiles,
    manifest: &'p Manifest,
    /// How messages name the manifest.
    file: &'p str,
    encoder_dim: Option<usize>,
    weights: Weights,
}

impl Painters<'_> {
    /// The graph of one size, what the processor runs in its place, and the same in half precision.
    fn read(&mut self, spec: &GeneratorSpec, found: &mut Examination) -> Option<Painter> {
        let Self { files, manifest, file, encoder_dim, weights } = self;
        let model = found.keep(read_model(files, &spec.file, weights));
        let mut read = |name: &Option<String>| {
            name.as_ref().and_then(|name| found.keep(read_model(files, name, weights)))
        };
        let (twin, half) = (read(&spec.on_processor), read(&spec.half));
        for model in model.iter().chain(&twin).chain(&half) {
            found.good.push((model.file.clone(), describe(model)));
        }
        let contract_of = |model: &Model| {
            let spec = (spec, manifest.look.as_ref());
            contract::generator(file, &model.file, spec, &model.graph, manifest.bridge.as_ref(), *encoder_dim)
        };
        let model = model?;
        let contract = found.keep(contract_of(&model))?;
        for (field, twin) in [("on_processor", &twin), ("half", &half)] {
            let Some(twin) = twin else { continue };
            let of_twin = contract_of(twin);
            found.keep(of_twin.and_then(|of_twin| check_twin(file, field, twin, &of_twin, &contract)));
            found.keep(sizes::check(&twin.file, &twin.bytes, &contract.given()));
        }
        let work = found.keep(sizes::check(&model.file, &model.bytes, &contract.given()))?.work;
        let half = half.map(|model| Half { model: Arc::new(model), range: spec.range });
        let model = Model { on_processor: twin.map(Arc::new), half, ..model };
        Some(Painter { model, contract, work })
    }
}

/// Whether another size differs in nothing but its size.
fn check_size(file: &str, other: &Painter, usual: &Painter) -> Result<(), PackError> {
    let GeneratorContract { image_shape, width_px, height_px, colours, .. } = other.contract.clone();
    let expected = GeneratorContract { image_shape, width_px, height_px, colours, ..usual.contract.clone() };
    if other.contract == expected {
        return Ok(());
    }
    Err(PackError::Mismatch {
        file: file.to_owned(),
        field: format!("generator.size, {}", other.model.file),
        expected: "the inputs and outputs of generator.file, in the same order, and another picture size"
            .to_owned(),
        found: "others".to_owned(),
        cure: "export it from the same generator, or take the size out".to_owned(),
    })
}

/// What the pack understands besides music.
fn understood(
    files: &PackFiles,
    file: &str,
    manifest: &Manifest,
    encoder_dim: Option<usize>,
    weights: &mut Weights,
    found: &mut Examination,
) -> Option<Words> {
    let Some(spec) = &manifest.words else {
        if manifest.picture_tower.is_some() {
            found.errors.push(PackError::Mismatch {
                file: file.to_owned(),
                field: "picture_tower".to_owned(),
                expected: "a [words] beside it".to_owned(),
                found: "none".to_owned(),
                cure: "add the table that says how pictures and music lie to each other, or take it out"
                    .to_owned(),
            });
        }
        return None;
    };
    let embedding_dim = encoder_dim?;
    let shown = files.display(&spec.file);
    let table = files
        .read(&spec.file, limits::WORDS_BYTES)
        .and_then(|bytes| Table::read(&shown, &bytes, embedding_dim));
    let table = found.keep(table).map(Arc::new);
    if let Some(table) = &table {
        found.good.push((shown, format!("reads phrases, {} pieces of words", table.count())));
    }
    let tower = manifest.picture_tower.as_ref().and_then(|spec| {
        let tower = read_tower(files, file, spec, embedding_dim, weights);
        let tower = found.keep(tower)?;
        found.good.push((tower.model.file.clone(), describe(&tower.model)));
        Some(Arc::new(tower))
    });
    if let (Some(table), Some(_)) = (&table, &tower)
        && !table.knows_pictures()
    {
        found.errors.push(PackError::Mismatch {
            file: file.to_owned(),
            field: "words.file".to_owned(),
            expected: "a table with the tensor `pictures`".to_owned(),
            found: "none".to_owned(),
            cure: "make the table with the mean of the tower's embeddings, or take [picture_tower] out"
                .to_owned(),
        });
    }
    Some(Words { table: table?, tower })
}

fn read_tower(
    files: &PackFiles,
    file: &str,
    spec: &PictureTowerSpec,
    embedding_dim: usize,
    weights: &mut Weights,
) -> Result<PictureTower, PackError> {
    let model = read_model(files, &spec.file, weights)?;
    let contract = contract::picture_tower(file, &model.file, spec, &model.graph, embedding_dim)?;
    let shape = contract.input_shape();
    let given = Given { name: &spec.input, element: Element::FLOAT32, shape: &shape, values: None };
    sizes::check(&model.file, &model.bytes, &[given])?;
    Ok(PictureTower { model, contract, spec: spec.clone() })
}

/// Whether what runs in the generator's place, by this field of the manifest, takes and gives what the generator does.
fn check_twin(
    file: &str,
    field: &str,
    twin: &Model,
    of_twin: &GeneratorContract,
    contract: &GeneratorContract,
) -> Result<(), PackError> {
    if of_twin == contract {
        return Ok(());
    }
    Err(PackError::Mismatch {
        file: file.to_owned(),
        field: format!("generator.{field}, {}", twin.file),
        expected: "the inputs and outputs of generator.file, in the same order".to_owned(),
        found: "others".to_owned(),
        cure: "make it from that file, or take the line out".to_owned(),
    })
}

fn check_bridge(file: &str, bridge: &Matrix, encoder_dim: Option<usize>) -> Result<(), PackError> {
    match encoder_dim {
        Some(encoder_dim) if encoder_dim != bridge.columns() => Err(PackError::Mismatch {
            file: file.to_owned(),
            field: "bridge.from".to_owned(),
            expected: format!("{encoder_dim}, the encoder's embedding"),
            found: bridge.columns().to_string(),
            cure: "use the matrix that was made for this encoder".to_owned(),
        }),
        _ => Ok(()),
    }
}

fn note_oddities(file: &str, manifest: &Manifest, found: &mut Examination) {
    let mut warn = |warning: &str| found.warnings.push(format!("{file}: {warning}"));
    if manifest.thumbnail.is_none() {
        warn("no thumbnail: lists show the pack without a picture");
    }
    if manifest.authors.is_empty() {
        warn("no authors: say who made it");
    }
    if manifest.description.trim().is_empty() {
        warn("no description: say in a sentence what it paints");
    }
    let unknown = |name: &&String| !Look::NAMES.contains(&name.as_str());
    for name in manifest.look.iter().flat_map(|look| look.names.iter().filter(unknown)) {
        warn(&format!(
            "look.names: {name:?} is no number of a look and is passed over; there are {}",
            Look::NAMES.join(", ")
        ));
    }
    if manifest.licence == "unknown" {
        warn("the licence is unknown: nobody may share the pack until it says one");
    }
    if manifest.licence.to_ascii_lowercase().contains("-nc") {
        warn("the licence forbids commercial use of the weights");
    }
}

fn describe(model: &Model) -> String {
    let graph = &model.graph;
    let parameters = match graph.parameters {
        count if count >= 1_000_000 => format!("{:.1} M", count as f64 / 1e6),
        count => format!("{:.1} k", count as f64 / 1e3),
    };
    let producer = if graph.producer.is_empty() { "unknown" } else { &graph.producer };
    format!("opset {}, {} nodes, {parameters} weights, made by {producer}", graph.opset, graph.nodes)
}

/// What was read of a pack's models.
#[derive(Debug, Default)]
pub struct Weights {
    /// Files of weights by their names in the pack: graphs may share one, which is then read once and kept once.
    files: HashMap<String, Arc<[u8]>>,
    /// Bytes of all that was read.
    total: u64,
}

impl Weights {
    /// Takes the bytes of `file` into account.
    fn add(&mut self, file: &str, bytes: usize) -> Result<(), PackError> {
        self.total = self.total.saturating_add(bytes as u64);
        if self.total <= limits::PACK_BYTES {
            return Ok(());
        }
        Err(PackError::TooLarge {
            file: file.to_owned(),
            what: "what the pack's models take so far, with their weights,".to_owned(),
            found: format!("{} bytes", self.total),
            limit: "4 GiB".to_owned(),
        })
    }
}

/// Reads and checks one ONNX file and the files that it keeps its weights in.
pub fn read_model(files: &PackFiles, name: &str, weights: &mut Weights) -> Result<Model, PackError> {
    let file = files.display(name);
    let bytes: Arc<[u8]> = files.read(name, limits::FILE_BYTES)?.into();
    let graph = Graph::read(&file, &bytes)?;
    let mut external: Vec<(String, Arc<[u8]>)> = Vec::new();
    weights.add(&file, bytes.len())?;
    for part in &graph.external {
        let stored = match external.iter().position(|(location, _)| *location == part.location) {
            Some(place) => &external[place].1,
            None => {
                // Weights lie beside the model, wherever in the pack that is.
                let beside = match name.rsplit_once('/') {
                    Some((folder, _)) => format!("{folder}/{}", part.location),
                    None => part.location.clone(),
                };
                let bytes = match weights.files.get(&beside) {
                    Some(bytes) => Arc::clone(bytes),
                    None => {
                        let bytes: Arc<[u8]> = files.read(&beside, limits::FILE_BYTES)?.into();
                        weights.add(&file, bytes.len())?;
                        weights.files.insert(beside, Arc::clone(&bytes));
                        bytes
                    }
                };
                external.push((part.location.clone(), bytes));
                &external[external.len() - 1].1
            }
        };
        let end = part.offset.checked_add(part.length);
        if end.is_none_or(|end| end > stored.len() as u64) {
            return Err(PackError::Mismatch {
                file,
                field: format!("weights in {:?}", part.location),
                expected: format!("{} bytes from byte {}", part.length, part.offset),
                found: format!("a file of {} bytes", stored.len()),
                cure: "copy both files of the export again".to_owned(),
            });
        }
    }
    let is_foreign = !matches!(files, PackFiles::BuiltIn(_));
    Ok(Model { file, bytes, external, graph, on_processor: None, half: None, is_foreign })
}

fn read_thumbnail(files: &PackFiles, name: &str) -> Result<Arc<[u8]>, PackError> {
    let bytes = files.read(name, limits::THUMBNAIL_BYTES)?;
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(bytes.into());
    }
    let message = "it does not start as one".to_owned();
    Err(PackError::Corrupt { file: files.display(name), kind: "PNG", message })
}
