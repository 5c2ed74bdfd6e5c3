//! What a stranger's pack may do wrong, and what it is then told.

mod built_in;
mod hostile;
mod memory;
mod mutations;
mod size;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::tiny::{self, MANIFEST};
use super::wire::Writer;
use super::*;

/// Files by name.
type Files = Vec<(String, Vec<u8>)>;

fn tiny_pack() -> Files {
    vec![
        ("pack.toml".to_owned(), MANIFEST.into()),
        ("encoder.onnx".to_owned(), tiny::encoder(100, 8).model()),
        ("generator.onnx".to_owned(), tiny::generator(4, 16).model()),
    ]
}

fn set(files: &mut Files, name: &str, bytes: impl Into<Vec<u8>>) {
    files.retain(|(known, _)| known != name);
    files.push((name.to_owned(), bytes.into()));
}

/// The tiny pack with `from` in its manifest replaced.
fn with_manifest(from: &str, to: &str) -> Files {
    assert!(MANIFEST.contains(from), "{from}");
    let mut files = tiny_pack();
    set(&mut files, "pack.toml", MANIFEST.replace(from, to));
    files
}

fn folder(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn load(files: &Files) -> Result<Pack, PackError> {
    let folder = folder(files);
    Pack::load(folder.path().to_str().unwrap())
}

/// Loading fails with one line that says all of `parts`.
fn assert_error(result: Result<Pack, PackError>, parts: &[&str]) {
    let error = result.expect_err("the pack should be refused").to_string();
    assert!(!error.contains('\n'), "{error}");
    for part in parts {
        assert!(error.contains(part), "no {part:?} in: {error}");
    }
}

fn write_zip(path: &Path, files: &Files) {
    let mut zip = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn load_zip(files: &Files) -> Result<Pack, PackError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.zip");
    write_zip(&path, files);
    Pack::load(path.to_str().unwrap())
}

#[test]
fn a_folder_and_a_zip_of_it_give_the_same_pack() {
    let files = tiny_pack();
    let one = load(&files).unwrap();
    assert_eq!(one.generator_contract.latent_dim, 4);
    assert_eq!(one.generator_contract.embedding_dim, 0);
    let other = load_zip(&files).unwrap();
    assert_eq!((&one.manifest, &one.generator.graph), (&other.manifest, &other.generator.graph));
    let inside: Files = files.iter().map(|(name, bytes)| (format!("tiny/{name}"), bytes.clone())).collect();
    assert_eq!(load_zip(&inside).unwrap().manifest, one.manifest);
}

#[test]
fn the_processor_may_run_a_graph_of_its_own() {
    let file = "file = \"generator.onnx\"";
    let mut files = with_manifest(file, &format!("{file}\non_processor = \"small.onnx\""));
    assert_error(load(&files), &["small.onnx"]);
    set(&mut files, "small.onnx", tiny::generator(4, 16).model());
    let pack = load(&files).unwrap();
    assert!(pack.generator.on_processor.as_ref().is_some_and(|twin| twin.file.ends_with("small.onnx")));
    // One that paints another size is no stand-in.
    set(&mut files, "small.onnx", tiny::generator(4, 8).model());
    assert_error(load(&files), &["on_processor", "small.onnx", "generator.file"]);
}

#[test]
fn the_generator_may_come_in_half_precision_too() {
    let file = "file = \"generator.onnx\"";
    let mut files = with_manifest(file, &format!("{file}\nhalf = \"half.onnx\""));
    assert_error(load(&files), &["half.onnx"]);
    set(&mut files, "half.onnx", tiny::generator(4, 16).model());
    let pack = load(&files).unwrap();
    let half = pack.generator.half.as_ref().unwrap();
    assert!(half.model.file.ends_with("half.onnx") && half.range == [-1.0, 1.0]);
    assert_eq!(pack.generator.contents(), [&*pack.generator.bytes, &*half.model.bytes]);
    set(&mut files, "half.onnx", tiny::generator(4, 8).model());
    assert_error(load(&files), &["generator.half", "half.onnx", "generator.file"]);
}

#[test]
fn an_unknown_name_says_what_there_is() {
    assert_error(Pack::load("no-such-pack"), &["no-such-pack", DEFAULT, "klangbild pack list"]);
}

#[test]
fn a_manifest_with_mistakes_names_line_field_and_cure() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("latent = \"z\"", "latnet = \"z\"", &["pack.toml", "line 19", "latnet", "expected"]),
        ("licence = \"CC0-1.0\"", "", &["pack.toml", "licence"]),
        ("format = 1", "format = 2", &["format", "expected 1", "found 2"]),
        ("name = \"tiny\"", "name = \"../tiny\"", &["name", "lower-case", "../tiny"]),
        ("window_s = 0.0125", "window_s = 61.0", &["encoder.window_s", "at most 60", "61"]),
        ("window_s = 0.0125", "window_s = nan", &["encoder.window_s"]),
        (
            "sample_rate_hz = 8000",
            "sample_rate_hz = 0",
            &["encoder.sample_rate_hz", "4000 to 192000", "found 0"],
        ),
        ("range = [-1.0, 1.0]", "range = [1.0, 1.0]", &["generator.range", "black < white"]),
        (
            "input = \"audio\"",
            "input = \"sound\"",
            &["encoder.input", "\"audio\" (float32 [1, 100])", "\"sound\""],
        ),
        ("window_s = 0.0125", "window_s = 0.025", &["encoder.onnx", "audio", "[1, 200]", "[1, 100]"]),
        ("latent = \"z\"", "", &["generator.latent", "none of them"]),
        ("image = \"image\"", "image = \"z\"", &["generator.image", "\"image\" (float32 [1, 3, 16, 16])"]),
        ("image = \"image\"", "image = \"image\"\nwidth_px = 32", &["generator.width_px", "16", "found 32"]),
        ("latent = \"z\"", "latent = \"z\"\nlatent_dim = 5", &["[1, 5]", "float32 [1, 4]", "latent_dim"]),
        ("generator.onnx", "paint.onnx", &["paint.onnx", "no such file"]),
        ("title = \"Tiny\"", "title = ", &["pack.toml", "line 4"]),
    ];
    for (from, to, parts) in cases {
        assert_error(load(&with_manifest(from, to)), parts);
    }
}

#[test]
fn no_path_leaves_the_pack() {
    for name in
        ["../encoder.onnx", "/etc/passwd", "a/../../encoder.onnx", "C:\\\\models\\\\a.onnx", "..\\\\a.onnx"]
    {
        assert_error(load(&with_manifest("encoder.onnx", name)), &["refused", "may not leave the pack"]);
    }
}

#[test]
#[cfg(unix)]
fn no_link_leaves_the_pack() {
    let folder = folder(&tiny_pack());
    let outside = tempfile::NamedTempFile::new().unwrap();
    fs::remove_file(folder.path().join("encoder.onnx")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("encoder.onnx")).unwrap();
    assert_error(Pack::load(folder.path().to_str().unwrap()), &["encoder.onnx", "a link that leaves"]);
}

#[test]
fn a_zip_that_leaves_its_folder_is_refused_before_anything_is_unpacked() {
    for name in ["../evil.txt", "/evil.txt", "a\\..\\evil.txt"] {
        let mut files = tiny_pack();
        set(&mut files, name, "evil");
        assert_error(load_zip(&files), &["tiny.zip", "evil.txt", "may not leave the pack"]);
    }
}

#[test]
fn a_zip_bomb_is_refused() {
    let mut files = tiny_pack();
    set(&mut files, "weights.bin", vec![0; 32 << 20]);
    assert_error(load_zip(&files), &["weights.bin", "times its packed size", "limit of 200"]);
    let mut files = tiny_pack();
    files.extend((0..1000).map(|place| (format!("{place}.txt"), Vec::new())));
    assert_error(load_zip(&files), &["entries", "1003", "limit of 1000"]);
}

#[test]
fn a_file_that_is_no_zip_or_has_no_manifest_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.zip");
    fs::write(&path, "text named .zip").unwrap();
    assert_error(Pack::load(path.to_str().unwrap()), &["tiny.zip", "not a readable .zip"]);
    let mut files = tiny_pack();
    files.remove(0);
    assert_error(load_zip(&files), &["pack.toml", "top of the archive"]);
    assert_error(load(&files), &["pack.toml", "klangbild pack new"]);
}

#[test]
fn a_damaged_onnx_file_is_an_error_wherever_it_is_cut() {
    let whole = tiny::generator(4, 16).model();
    for cut in (0..whole.len()).step_by(7) {
        let mut files = tiny_pack();
        set(&mut files, "generator.onnx", &whole[..cut]);
        assert_error(load(&files), &["generator.onnx"]);
    }
}

#[test]
fn random_bytes_never_panic() {
    use rand::{Rng, SeedableRng};
    let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(7);
    let whole = tiny::encoder(100, 8).model();
    for _ in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..1 + random.next_u32() % 4 {
            let place = random.next_u32() as usize % bytes.len();
            bytes[place] = random.next_u32() as u8;
        }
        // Most of these are errors; what counts is that each returns.
        let _ = Graph::read("random", &bytes);
    }
    let noise: Vec<u8> = (0..4096).map(|_| random.next_u32() as u8).collect();
    assert!(Graph::read("noise", &noise).is_err());
}

#[test]
fn huge_declared_sizes_take_no_memory() {
    let mut generator = tiny::generator(4, 16);
    generator.tensors.push(tiny::tensor("huge", &[1 << 40], &[1.0]));
    let mut files = tiny_pack();
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["generator.onnx", "\"huge\"", "2 GiB"]);

    let mut generator = tiny::generator(4, 16);
    generator.tensors.push(tiny::tensor("overflow", &[1 << 40, 1 << 40], &[1.0]));
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"overflow\"", "2 GiB"]);

    let mut generator = tiny::generator(4, 16);
    generator.tensors.push(tiny::tensor("short", &[1000], &[1.0]));
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"short\"", "4000 bytes", "4 bytes are there"]);

    let mut generator = tiny::generator(4, 16);
    generator.outputs = vec![tiny::port("image", &[1, 3, 8192, 8192])];
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["1 to 4096 px", "8192"]);

    let mut generator = tiny::generator(4, 16);
    generator.inputs = vec![tiny::port("z", &[1, 20_000])];
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"z\"", "20000", "16384"]);
}

#[test]
fn shapes_and_types_that_do_not_fit_are_named() {
    let mut files = tiny_pack();
    let mut generator = tiny::generator(4, 16);
    generator.outputs = vec![tiny::typed_port("image", 10, &[1, 3, 16, 16])];
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"image\"", "expected float32", "found float16"]);

    let mut generator = tiny::generator(4, 16);
    generator.outputs = vec![tiny::port("image", &[1, 5, 16, 16])];
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"image\"", "[1, 3, height, width]", "[1, 5, 16, 16]"]);

    let mut generator = tiny::generator(4, 16);
    generator.inputs.push(tiny::port("truncation", &[1]));
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"truncation\"", "generator.constants"]);

    let mut files = with_manifest("latent = \"z\"", "embedding = \"z\"");
    assert_error(
        load(&files),
        &["generator.embedding", "expected 4", "found 8", "[bridge]", "from = 8 and to = 4"],
    );
    let bridged = format!("{MANIFEST}\n[bridge]\nfile = \"bridge.f32\"\nfrom = 8\nto = 4\n");
    set(&mut files, "pack.toml", bridged.replace("latent = \"z\"", "embedding = \"z\""));
    set(&mut files, "bridge.f32", vec![0; 8 * 4 * 4]);
    assert_eq!(load(&files).unwrap().generator_contract.embedding_dim, 4);
    set(&mut files, "bridge.f32", vec![0; 5]);
    assert_error(load(&files), &["bridge.f32", "expected 128 bytes", "found 5 bytes"]);
}

#[test]
fn open_shapes_need_the_manifest_and_follow_it() {
    let mut files = with_manifest("image = \"image\"", "image = \"image\"\nwidth_px = 16\nheight_px = 16");
    let mut generator = tiny::generator(4, 16);
    generator.inputs = vec![tiny::port("z", &[-1, -1])];
    generator.outputs = vec![tiny::port("image", &[-1, 3, -1, -1])];
    set(&mut files, "generator.onnx", generator.model());
    assert_error(load(&files), &["\"z\"", "[open, open]", "write generator.latent_dim"]);
    let text =
        String::from_utf8(files.iter().find(|(name, _)| name == "pack.toml").unwrap().1.clone()).unwrap();
    set(&mut files, "pack.toml", text.replace("latent = \"z\"", "latent = \"z\"\nlatent_dim = 4"));
    let pack = load(&files).unwrap();
    assert_eq!(pack.generator_contract.image_shape, [1, 3, 16, 16]);
    assert_eq!(pack.generator_contract.vectors[0].shape, [1, 4]);
}

#[test]
fn operators_that_need_foreign_code_are_refused() {
    let mut files = tiny_pack();
    for (operator, domain) in [("Evil", "com.example"), ("EPContext", "com.microsoft")] {
        let mut generator = tiny::generator(4, 16);
        generator.nodes.push(Writer::default().bytes(4, operator).bytes(7, domain).finish());
        set(&mut files, "generator.onnx", generator.model());
        assert_error(load(&files), &["generator.onnx", operator, "refused"]);
    }
}

#[test]
fn weights_beside_the_model_stay_inside_the_pack_and_have_the_declared_size() {
    let external = |location: &str| {
        let mut generator = tiny::generator(4, 16);
        let entry = |key: &str, value: &str| Writer::default().bytes(1, key).bytes(2, value).finish();
        let tensor = Writer::default().number(1, 4).number(2, 1).bytes(8, "beside");
        let tensor = tensor.bytes(13, entry("location", location)).bytes(13, entry("length", "16"));
        generator.tensors.push(tensor.number(14, 1).finish());
        generator.model()
    };
    let mut files = tiny_pack();
    set(&mut files, "weights.bin", vec![0; 16]);
    set(&mut files, "generator.onnx", external("weights.bin"));
    assert_eq!(load(&files).unwrap().generator.external.len(), 1);
    set(&mut files, "weights.bin", vec![0; 15]);
    assert_error(load(&files), &["weights.bin", "16 bytes", "15 bytes"]);
    for location in ["../weights.bin", "/etc/passwd"] {
        set(&mut files, "generator.onnx", external(location));
        assert_error(load(&files), &["refused", "may not leave the pack"]);
    }
}

#[test]
fn check_lists_everything_that_is_wrong() {
    let mut files = with_manifest("format = 1", "format = 3");
    set(&mut files, "encoder.onnx", "no model");
    let folder = folder(&files);
    let missing = crate::inference::RuntimeError::Missing { folders: Vec::new() };
    let report = check(folder.path().to_str().unwrap(), Err(&missing));
    assert_eq!(report.count(Severity::Error), 2);
    let text = report.to_string();
    assert!(text.contains("found 3") && text.contains("encoder.onnx") && text.contains("2 errors"), "{text}");
}

#[test]
fn a_pack_from_two_models_checks_out_and_is_not_overwritten() {
    let models = folder(&tiny_pack());
    let out = tempfile::tempdir().unwrap();
    let mut draft = Draft {
        encoder: models.path().join("encoder.onnx"),
        generator: models.path().join("generator.onnx"),
        folder: out.path().join("My Pack"),
        sample_rate_hz: Some(8000),
        ..Draft::default()
    };
    let guesses = new(&draft).unwrap();
    assert!(guesses.iter().any(|guess| guess.contains("Tanh")), "{guesses:?}");
    let pack = draft.load().unwrap();
    assert_eq!((pack.manifest.name.as_str(), pack.manifest.encoder.window_s), ("my-pack", 0.0125));
    assert_eq!(pack.manifest.generator.latent.as_deref(), Some("z"));
    let error = new(&draft).unwrap_err().to_string();
    assert!(error.contains("pack.toml exists already") && error.contains("--force"), "{error}");
    draft.force = true;
    new(&draft).unwrap();
    std::mem::swap(&mut draft.encoder, &mut draft.generator);
    let error = new(&draft).unwrap_err().to_string();
    assert!(error.contains("ENCODER GENERATOR"), "{error}");
}

#[test]
fn two_exports_that_name_their_weights_alike_become_one_pack() {
    let entry = |key: &str, value: &str| Writer::default().bytes(1, key).bytes(2, value).finish();
    let beside = |mut tiny: tiny::Tiny| {
        let stored = Writer::default().number(1, 4).number(2, 1).bytes(8, "beside");
        tiny.tensors.push(stored.bytes(13, entry("location", "model.onnx_data")).number(14, 1).finish());
        tiny.model()
    };
    let models = tempfile::tempdir().unwrap();
    for (name, model, weights) in [
        ("encoder", beside(tiny::encoder(100, 8)), [1u8; 16]),
        ("generator", beside(tiny::generator(4, 16)), [2u8; 16]),
    ] {
        let folder = models.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("model.onnx"), model).unwrap();
        fs::write(folder.join("model.onnx_data"), weights).unwrap();
    }
    let draft = Draft {
        encoder: models.path().join("encoder/model.onnx"),
        generator: models.path().join("generator/model.onnx"),
        folder: models.path().join("both"),
        sample_rate_hz: Some(8000),
        ..Draft::default()
    };
    new(&draft).unwrap();
    let pack = draft.load().unwrap();
    assert_eq!(pack.manifest.generator.file, "generator/model.onnx");
    let first = |model: &Model| {
        model.external.iter().map(|(name, bytes)| (name.clone(), bytes[0])).collect::<Vec<_>>()
    };
    assert_eq!(first(&pack.encoder), [("model.onnx_data".to_owned(), 1)]);
    assert_eq!(first(&pack.generator), [("model.onnx_data".to_owned(), 2)]);
}

#[test]
fn an_input_for_labels_that_there_are_none_of_is_filled_with_nothing() {
    let models = folder(&tiny_pack());
    let mut generator = tiny::generator(4, 16);
    generator.inputs.extend([tiny::port("c", &[1, 0]), tiny::port("psi", &[])]);
    fs::write(models.path().join("generator.onnx"), generator.model()).unwrap();
    let draft = Draft {
        encoder: models.path().join("encoder.onnx"),
        generator: models.path().join("generator.onnx"),
        folder: models.path().join("drafted"),
        sample_rate_hz: Some(8000),
        ..Draft::default()
    };
    new(&draft).unwrap();
    let constants = draft.load().unwrap().generator_contract.constants;
    let values = |name: &str| constants.iter().find(|constant| constant.name == name).unwrap().values.clone();
    assert_eq!((values("c"), values("psi")), (vec![], vec![0.7]));
}

#[test]
fn a_list_reads_manifests_and_no_models() {
    let files = with_manifest("image = \"image\"", "image = \"image\"\nwidth_px = 16\nheight_px = 8");
    let folder = folder(&files);
    // Nothing in there is a model, and it is larger than memory; only its name and size are looked at.
    fs::File::create(folder.path().join("encoder.onnx")).unwrap().set_len(limits::FILE_BYTES).unwrap();
    let (summary, peak) = memory::peak_of(|| PackSummary::at("tiny", folder.path()));
    assert_eq!((summary.error, summary.size_px, summary.title.as_str()), (None, Some((16, 8)), "Tiny"));
    assert!(peak < 1 << 20, "{peak} bytes");
    fs::remove_file(folder.path().join("encoder.onnx")).unwrap();
    let error = PackSummary::at("tiny", folder.path()).error.unwrap();
    assert!(error.contains("encoder.onnx") && error.contains("no such file"), "{error}");
    let asked = std::cell::Cell::new(0);
    let listed = Pack::list_while(|| asked.replace(asked.get() + 1) > 0);
    assert_eq!(listed.len(), BUILT_IN.len());
}

#[test]
fn a_fingerprint_changes_with_the_pack_and_not_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("tiny");
    let reference = place.to_str().unwrap();
    let missing = Pack::fingerprint(reference);
    assert_eq!(missing, Pack::fingerprint(reference));
    fs::create_dir(&place).unwrap();
    for (name, bytes) in tiny_pack() {
        fs::write(place.join(name), bytes).unwrap();
    }
    let whole = Pack::fingerprint(reference);
    assert_ne!(missing, whole);
    assert_eq!(whole, Pack::fingerprint(reference));
    fs::write(place.join("generator.onnx"), "broken").unwrap();
    assert_ne!(whole, Pack::fingerprint(reference));
    assert_ne!(Pack::fingerprint("default"), Pack::fingerprint("starter"));
}
