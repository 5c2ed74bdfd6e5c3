//! What a song has for a picture to go with.

use std::path::Path;

use anyhow::Result;
use klangbild_engine::hearing::{Heard, Hearing};
use klangbild_engine::inference::beat_sense;
use klangbild_engine::score::Music;
use klangbild_engine::song::Song;

/// What there is between two times of a song.
///
/// # Errors
/// The song cannot be read.
pub fn of(song: &Path, start_s: f64, end_s: Option<f64>) -> Result<Music> {
    let mut song = Song::open(song)?;
    let mut hearing = Hearing::new(song.sample_rate_hz()).with_sense(beat_sense());
    let mut block = vec![[0.0; 2]; 4096];
    let (mut music, mut last) = (Music::default(), Heard::default());
    let end_s = end_s.unwrap_or(f64::INFINITY);
    while last.time_s < end_s {
        let read = song.read(&mut block)?;
        if read == 0 {
            break;
        }
        hearing.listen(&block[..read], None, |heard| {
            if (start_s..end_s).contains(&heard.time_s) {
                let at_s = heard.time_s - start_s;
                if heard.kick.count > last.kick.count || heard.snare.count > last.snare.count {
                    music.hits_s.push(at_s);
                }
                if heard.beat_count > last.beat_count {
                    music.beats_s.push(at_s);
                }
                let rise = heard.bands.iter().zip(&last.bands).map(|(now, before)| (now - before).max(0.0));
                music.flux.push((at_s, rise.sum()));
            }
            last = *heard;
        });
    }
    Ok(music)
}
