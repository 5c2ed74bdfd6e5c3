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
/// Most entries of a .zip.
pub const ZIP_ENTRIES: usize = 1000;
/// A .zip entry over [`ZIP_BOMB_BYTES`] may unpack to at most this many times its packed size.
pub const ZIP_RATIO: u64 = 200;
/// Below this size the ratio does not matter.
pub const ZIP_BOMB_BYTES: u64 = 16 << 20;
/// Largest side of a picture.
pub const IMAGE_SIDE_PX: u32 = 4096;
/// Longest latent or embedding.
pub const VECTOR_DIM: usize = 16384;
/// Most entries of a constant input.
pub const CONSTANT_ENTRIES: u64 = 1 << 20;
/// Longest window of the encoder.
pub const WINDOW_S: f64 = 60.0;
/// Sample rates that an encoder may ask for.
pub const SAMPLE_RATE_HZ: std::ops::RangeInclusive<u32> = 4000..=192_000;
/// Most nodes of a graph, with its subgraphs.
pub const NODES: usize = 100_000;
/// Most stored tensors of a graph, with its subgraphs.
pub const TENSORS: usize = 100_000;
/// Deepest subgraph.
pub const DEPTH: usize = 16;
/// Most inputs or outputs of a graph.
pub const PORTS: usize = 64;
/// Most dimensions of a tensor.
pub const RANK: usize = 16;
/// How long building a session may take, and with it the folding of constants.
pub const LOAD_TIME: Duration = Duration::from_secs(60);
/// Most entries of the made-up map from an embedding to a latent: more would take seconds to make.
pub const PROJECTION_ENTRIES: usize = 1 << 21;
