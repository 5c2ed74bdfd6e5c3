//! A score that is read: sound that waits to be taken, and a voice that dreams to it at once. Nothing is ever left out.

use super::{Cue, Dreamt, Event, Listener, Score, Stretch, Voice, What};
use crate::render::{AudioSource, RenderError};
use crate::tap::Block;

/// Reads a source of sound; hears and dreams on the way.
pub(crate) struct Reading {
    source: Box<dyn AudioSource>,
    listener: Listener,
    voice: Voice,
    /// Of the frames read last.
    block: Block,
    sound: Vec<[f32; 2]>,
}

impl Reading {
    /// Stands where `listener` does. `block` is what holds where the source says nothing else.
    pub(crate) fn new(source: Box<dyn AudioSource>, listener: Listener, voice: Voice, block: Block) -> Self {
        Self { source, listener, voice, block, sound: Vec::new() }
    }

    pub(crate) fn source(&self) -> &dyn AudioSource {
        self.source.as_ref()
    }

    pub(crate) fn voice(&self) -> &Voice {
        &self.voice
    }

    /// The next stretch, of at most `frames` frames; `None` where the sound is over.
    fn stretch(&mut self, frames: usize) -> Result<Option<Stretch>, RenderError> {
        let mut sound = vec![[0.0; 2]; frames];
        let read = self.source.read(&mut sound)?;
        if read == 0 {
            return Ok(None);
        }
        sound.truncate(read);
        self.block.transport = self.source.transport();
        self.block.controls = self.source.controls().unwrap_or(self.block.controls);
        Ok(Some(self.listener.hear(sound, &self.block, true)))
    }
}

impl Score for Reading {
    fn sample_rate_hz(&self) -> u32 {
        self.source.sample_rate_hz()
    }

    fn go_on(
        &mut self,
        frames: usize,
        each: &mut dyn FnMut(Event<'_>) -> Result<(), RenderError>,
    ) -> Result<&[[f32; 2]], RenderError> {
        self.sound.clear();
        while self.sound.len() < frames {
            let Some(stretch) = self.stretch(frames - self.sound.len())? else { break };
            let mut pictures = Vec::new();
            self.voice.play(&stretch, |_| true, |dreamt| pictures.push(dreamt))?;
            tell(&stretch, &pictures, each)?;
            each(Event::Sound(&stretch.frames, stretch.sample_rate_hz))?;
            self.sound.extend_from_slice(&stretch.frames);
        }
        Ok(&self.sound)
    }

    fn time_s(&self) -> f64 {
        self.listener.position() as f64 / f64::from(self.sample_rate_hz())
    }
}

/// Tells the events of a stretch, in their order, with the pictures that were dreamt to it.
fn tell(
    stretch: &Stretch,
    pictures: &[Dreamt],
    each: &mut dyn FnMut(Event<'_>) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    for Cue { at, what } in &stretch.cues {
        match what {
            What::Turn(controls) => each(Event::Turn(controls))?,
            What::Hop(heard, _) => each(Event::Hop(heard))?,
            What::Embed => {}
            What::Paint => {
                let dreamt = pictures.iter().find(|dreamt| dreamt.at == *at);
                dreamt.map_or(Ok(()), |dreamt| dreamt.tell(stretch.sample_rate_hz, each))?;
            }
        }
    }
    Ok(())
}
