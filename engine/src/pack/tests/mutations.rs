//! Every small change to a pack's files ends in a pack or in one line, and never in a panic or a full memory.

use super::memory::peak_of;
use super::*;
use crate::pack::sizes;

/// More than any file of the tiny pack can call for.
const MOST_BYTES: usize = 4 << 20;

/// Systematic changes of `bytes`: each bit turned, each cut, each byte at its extremes, runs left out and doubled.
fn changes(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let changed = move |place: usize, change: &dyn Fn(&mut Vec<u8>, usize)| {
        let mut changed = bytes.to_vec();
        change(&mut changed, place);
        changed
    };
    let bits =
        (0..bytes.len() * 8).map(move |bit| changed(bit / 8, &|bytes, place| bytes[place] ^= 1 << (bit % 8)));
    let cuts = (0..bytes.len()).map(move |place| changed(place, &|bytes, place| bytes.truncate(place)));
    let extremes = (0..bytes.len())
        .flat_map(|place| [0x00, 0x7f, 0x80, 0xff].map(|value| (place, value)))
        .map(move |(place, value)| changed(place, &|bytes, place| bytes[place] = value));
    let runs = (0..bytes.len()).flat_map(|place| [1, 2, 7, 40].map(|length| (place, length)));
    let gone = runs.clone().map(move |(place, length)| {
        changed(place, &|bytes, place| drop(bytes.drain(place..(place + length).min(bytes.len()))))
    });
    let doubled = runs.map(move |(place, length)| {
        changed(place, &|bytes, place| {
            let run = bytes[place..(place + length).min(bytes.len())].to_vec();
            bytes.splice(place..place, run);
        })
    });
    bits.chain(cuts).chain(extremes).chain(gone).chain(doubled)
}

/// Runs `read` on every change, and holds it to one line and little memory; some changes must be read, and some refused.
fn sweep(what: &str, bytes: &[u8], read: impl Fn(Vec<u8>) -> Result<(), PackError>) {
    let (mut good, mut bad) = (0, 0);
    for changed in changes(bytes) {
        let shown = changed.clone();
        let (done, peak) = peak_of(|| read(changed));
        assert!(peak < MOST_BYTES, "{what}: {peak} bytes for {shown:?}");
        match done {
            Ok(()) => good += 1,
            Err(error) => {
                let line = error.to_string();
                assert!(!line.contains('\n') && line.len() > 10, "{what}: {line:?}");
                bad += 1;
            }
        }
    }
    assert!(good > 0 && bad > 0, "{what}: {good} good, {bad} bad");
}

#[test]
fn of_a_graph() {
    for (model, given) in [(tiny::encoder(100, 8), [1, 100]), (tiny::generator(4, 2), [1, 4])] {
        let inputs = ["audio", "z"].map(|name| sizes::Given {
            name,
            element: graph::Element::FLOAT32,
            shape: &given,
            values: None,
        });
        sweep("a graph", &model.model(), |bytes| {
            Graph::read("a.onnx", &bytes)?;
            sizes::check("a.onnx", &bytes, &inputs).map(|_| ())
        });
    }
}

#[test]
fn of_a_manifest() {
    sweep("a manifest", MANIFEST.as_bytes(), |bytes| Manifest::parse("pack.toml", bytes)?.check("pack.toml"));
}

#[test]
fn of_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.zip");
    let files = vec![
        ("pack.toml".to_owned(), MANIFEST.into()),
        ("encoder.onnx".to_owned(), vec![1; 40]),
        ("generator.onnx".to_owned(), Vec::new()),
    ];
    write_zip(&path, &files);
    let whole = fs::read(&path).unwrap();
    sweep("an archive", &whole, |bytes| {
        fs::write(&path, bytes).unwrap();
        let files = PackFiles::open(&path)?;
        for name in ["pack.toml", "encoder.onnx", "generator.onnx"] {
            files.look_at(name, limits::FILE_BYTES)?;
            files.read(name, limits::FILE_BYTES)?;
        }
        Ok(())
    });
}
