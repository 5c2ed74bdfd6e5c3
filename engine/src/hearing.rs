//! What a listener notices, every 5 ms.

mod heard;

pub use heard::{BANDS, Drum, Heard};
