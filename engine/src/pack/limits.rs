//! The bounds that every pack must keep, checked before memory is taken.

use std::time::Duration;

/// Largest file of a pack: protobuf itself ends there.
pub const FILE_BYTES: u64 = 2 << 30;
/// Largest pack, all files together.
pub const PACK_BYTES: u64 = 4 << 30;
/// Largest `pack.toml`.
pub const MANIFEST_BYTES: u64 = 64 << 10;
/// Largest thumbnail.
pub const THUMBNAIL_BYTES: u64 = 1 << 20;
/// Largest table of words.
pub const WORDS_BYTES: u64 = 64 << 20;
/// Most entries of a folder of packs that are looked at.
pub const LISTED_PACKS: usize = 1000;
/// Most entries of a .zip.
pub const ZIP_ENTRIES: usize = 1000;
/// Most bytes that may be read to find out what a .zip holds.
pub const ZIP_TABLE_BYTES: u64 = 4 << 20;
/// A .zip entry over [`ZIP_BOMB_BYTES`] may unpack to at most this many times its packed size.
pub const ZIP_RATIO: u64 = 200;
/// Below this size the ratio does not matter.
pub const ZIP_BOMB_BYTES: u64 = 16 << 20;
/// Largest side of a picture.
pub const IMAGE_SIDE_PX: u32 = 4096;
/// Most further sizes of a generator.
pub const SIZES: usize = 8;
/// Longest latent or embedding.
pub const VECTOR_DIM: usize = 16384;
/// Most entries of a constant input.
pub const CONSTANT_ENTRIES: u64 = 1 << 20;
/// Longest window of the encoder.
pub const WINDOW_S: f64 = 60.0;
/// Sample rates that an encoder may ask for.
pub const SAMPLE_RATE_HZ: std::ops::RangeInclusive<u32> = 4000..=192_000;
/// Versions of the ONNX file format that ONNX Runtime reads.
pub const IR_VERSIONS: std::ops::RangeInclusive<u64> = 1..=13;
/// Versions of the standard operator set that ONNX Runtime knows.
pub const OPSETS: std::ops::RangeInclusive<u64> = 7..=26;
/// Most messages, texts and listed numbers of an ONNX file: each takes some hundred bytes when it is unpacked, and may take
/// two in the file.
pub const PARTS: u64 = 1_000_000;
/// Most bytes that an ONNX file's packed numbers may take when they are unpacked, besides twice the file's own size.
pub const UNPACKED_BYTES: u64 = 256 << 20;
/// Most nodes of a graph, with its subgraphs and functions.
pub const NODES: usize = 100_000;
/// Most stored tensors of a graph, with its subgraphs.
pub const TENSORS: usize = 100_000;
/// Deepest subgraph.
pub const DEPTH: usize = 16;
/// Deepest call of a function by a function, or of a subgraph in a subgraph.
pub const CALL_DEPTH: usize = 32;
/// Most attributes of a node.
pub const ATTRIBUTES: usize = 64;
/// Largest value that a graph may make while it runs.
pub const VALUE_BYTES: u64 = 1 << 30;
/// Most memory that all values of a graph may take that are needed at one time.
pub const WORKING_BYTES: u64 = 2 << 30;
/// Most memory for what a graph makes of its own weights alone, besides four times their size: ONNX Runtime works that out
/// when it loads the graph, and keeps it.
pub const FOLDED_BYTES: u64 = 256 << 20;
/// Most steps that it may take to find the size of all values, where loops make it long.
pub const SIZING_STEPS: usize = 4_000_000;
/// Most inputs or outputs of a graph.
pub const PORTS: usize = 64;
/// Most dimensions of a tensor.
pub const RANK: usize = 16;
/// How long building a session may take, and with it the folding of constants.
pub const LOAD_TIME: Duration = Duration::from_secs(60);
/// Most entries of the made-up map from an embedding to a latent: more would take seconds to make.
pub const PROJECTION_ENTRIES: usize = 1 << 21;
