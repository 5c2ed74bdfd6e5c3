//! What a scene may ask for: a stranger's scene must not starve a host.

/// Bytes of a head or a shader.
pub const FILE_BYTES: u64 = 1 << 20;
/// Bytes of a picture's file.
pub const PICTURE_BYTES: u64 = 64 << 20;
/// Files of one scene.
pub const FILES: usize = 64;
/// Passes.
pub const PASSES: usize = 32;
/// Targets that passes write.
pub const TARGETS: usize = 24;
/// Textures of its own, and the longest side of one.
pub const TEXTURES: usize = 8;
pub const TEXTURE_SIDE_PX: u32 = 4096;
/// Buffers, and the bytes of one, which every device can bind.
pub const BUFFERS: usize = 8;
pub const BUFFER_BYTES: u64 = 128 << 20;
/// Bytes of everything that a scene keeps on the GPU.
pub const BYTES: u64 = 768 << 20;
/// Controls.
pub const CONTROLS: usize = 8;
/// How often a pass is repeated in a frame.
pub const REPEATS: u32 = 64;
/// How often a pass is repeated in a second.
pub const RATE_HZ: f32 = 1000.0;
/// Points or vertices of a pass.
pub const COUNT: u32 = 4_000_000;
/// Longest side of a target, in pixels.
pub const TARGET_SIDE_PX: u32 = 8192;
/// A target's share of the frame.
pub const SHARE: f32 = 2.0;
/// Tiers.
pub const TIERS: usize = 4;
/// Scenes that are looked for in a folder.
pub const SCENES: usize = 4096;
/// So many points, and things in a buffer, are never made fewer.
pub const FEW: u32 = 1024;
