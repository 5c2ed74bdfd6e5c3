//! When something is hit in a song.

use std::path::Path;

use anyhow::Result;
use klangbild_engine::hearing::{Heard, Hearing};
use klangbild_engine::song::Song;

/// Kicks and snares between two times, in seconds from the first of them.
///
/// # Errors
/// The song cannot be read.
pub fn of(song: &Path, start_s: f64, end_s: Option<f64>) -> Result<Vec<f64>> {
    let mut song = Song::open(song)?;
    let mut hearing = Hearing::new(song.sample_rate_hz());
    let mut block = vec![[0.0; 2]; 4096];
    let (mut hits_s, mut last) = (Vec::new(), Heard::default());
    let end_s = end_s.unwrap_or(f64::INFINITY);
    while last.time_s < end_s {
        let read = song.read(&mut block)?;
        if read == 0 {
            break;
        }
        hearing.listen(&block[..read], None, |heard| {
            let hit = heard.kick.count > last.kick.count || heard.snare.count > last.snare.count;
            if hit && (start_s..end_s).contains(&heard.time_s) {
                hits_s.push(heard.time_s - start_s);
            }
            last = *heard;
        });
    }
    Ok(hits_s)
}
