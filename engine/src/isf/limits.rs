//! The bounds that every ISF file must keep, so that a stranger's file cannot starve its host.

/// Largest `.fs` or `.vs` file.
pub const FILE_BYTES: usize = 1 << 20;
/// Most inputs.
pub const INPUTS: usize = 256;
/// Most passes.
pub const PASSES: usize = 32;
/// Most imported images.
pub const IMPORTED: usize = 32;
/// Most choices of a `long`.
pub const CHOICES: usize = 1024;
/// Longest name of an input, a target or an imported image, in bytes.
pub const NAME_BYTES: usize = 128;
/// Longest expression for a pass's size, in bytes.
pub const EXPRESSION_BYTES: usize = 1024;
/// How deep parentheses may nest in an expression, or objects and lists in the head.
pub const DEPTH: usize = 64;
/// Largest side of a pass's target, in pixels.
pub const SIDE_PX: u32 = 8192;
/// Most samples or bins that an audio input may ask for.
pub const SAMPLES: u32 = 8192;
/// Most tokens of a shader when its macros are expanded.
pub const TOKENS: usize = 200_000;
/// Most steps of expanding them: macros that name macros grow without bound.
pub const EXPANSIONS: usize = 500_000;
/// How deep brackets and blocks may nest in a shader: compilers walk them with the stack.
pub const NESTING: usize = 96;
/// Most operators of one expression between commas, and most branches of one chain: the same.
pub const CHAIN: usize = 1000;
/// Most memory that a shader's own variables may take for each pixel, in bytes.
pub const VARIABLE_BYTES: u64 = 1 << 20;
