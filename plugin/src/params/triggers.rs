//! What is done at a moment: another picture, a still, a recording, a bounce.
//!
//! A user asks for it in the window, by a note, or by a parameter that is turned on. But a host that sets all parameters to
//! something ("randomize", a scene that is recalled, a validator) turns these on too, and means nothing by it; and one that opens
//! a project only brings back how they were. So a parameter counts when it is turned on in a block of sound in which few others
//! change; where some do, the attendant looks whether the host plays in real time.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::Relaxed};

use klangbild_engine::controls::{ByHand, Correction};
use klangbild_engine::knobs::KnobId;
use klangbild_engine::scene::{Scene, slots};

/// The note that chooses the first scene: C1 where middle C is C3.
const FIRST_NOTE: u8 = 36;
/// The notes from C0 on put the beat right, in this order; the one after them locks it.
const FIRST_CORRECTION: u8 = 24;
const LOCK_NOTE: u8 = FIRST_CORRECTION + Correction::ALL.len() as u8;
/// Knobs that may move in the same block without a doubt: automation moves a few at a time.
const FEW: usize = 3;
/// More than this is everything at once.
const MANY: usize = 12;

/// While it lives, what parameters become is a project's, and nothing is done about it.
pub struct Loading<'a>(&'a AtomicBool);

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

/// What the parameter for recordings asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Begin.
    Begin,
    /// Begin, if the host plays in real time.
    BeginIfItPlays,
    /// End.
    End,
}

/// The row that does this.
pub fn act_of(correction: Correction) -> KnobId {
    match correction {
        Correction::Tap => KnobId::TapTempo,
        Correction::Half => KnobId::HalfTempo,
        Correction::Double => KnobId::DoubleTempo,
        Correction::Earlier => KnobId::NudgeEarlier,
        Correction::Later => KnobId::NudgeLater,
        Correction::One => KnobId::ThisIsOne,
    }
}

/// A switch that a host has turned since the last block.
#[derive(Debug, Default)]
struct Turned(AtomicU8);

impl Turned {
    fn turn(&self, on: bool) {
        self.0.store(1 + u8::from(on), Relaxed);
    }

    fn take(&self) -> Option<bool> {
        // A look first: nearly always there is nothing, and a look is cheaper.
        match self.0.load(Relaxed) {
            0 => None,
            _ => self.0.swap(0, Relaxed).checked_sub(1).map(|on| on == 1),
        }
    }
}

/// Counts what was asked for, from any thread: each reader remembers what it has seen.
#[derive(Debug, Default)]
pub struct Triggers {
    pictures: AtomicU32,
    captures: AtomicU32,
    /// What was put right about the beat.
    corrections: [AtomicU32; Correction::ALL.len()],
    /// Whether a note has turned the metronome lock the other way.
    lock_flipped: AtomicBool,
    /// One more than the index of the scene that a note has chosen; 0 while the parameter decides.
    scene: AtomicU32,
    /// Whether a project is brought back just now. (Not for the thread alone: to look at what a thread has of its own
    /// allocates, the first time, where a library is loaded late.)
    loading: AtomicBool,
    next_turned: AtomicU32,
    capture_turned: AtomicU32,
    corrections_turned: [AtomicU32; Correction::ALL.len()],
    record_turned: Turned,
    bounce_turned: Turned,
    /// Stills in doubt.
    doubtful: AtomicU32,
    /// One more than the [`Ask`]; 0 for none.
    record: AtomicU8,
    /// Whether the last change of the parameter for bounces came with everything else.
    bounce_unmeant: AtomicBool,
}

impl Triggers {
    /// Asks for another picture.
    pub fn next_picture(&self) {
        self.pictures.fetch_add(1, Relaxed);
    }

    /// Pictures asked for so far.
    pub fn pictures(&self) -> u32 {
        self.pictures.load(Relaxed)
    }

    /// Asks for a still.
    pub fn capture(&self) {
        self.captures.fetch_add(1, Relaxed);
    }

    /// Stills asked for so far.
    pub fn captures(&self) -> u32 {
        self.captures.load(Relaxed)
    }

    /// Puts the beat right.
    pub fn correct(&self, correction: Correction) {
        self.corrections[correction as usize].fetch_add(1, Relaxed);
    }

    /// What was put right so far.
    pub fn by_hand(&self) -> ByHand {
        let mut by_hand = ByHand::default();
        for correction in Correction::ALL {
            by_hand.set(correction, self.corrections[correction as usize].load(Relaxed));
        }
        by_hand
    }

    /// Whether the beat is locked, where the parameter says `locked`.
    pub fn is_locked(&self, locked: bool) -> bool {
        locked != self.lock_flipped.load(Relaxed)
    }

    /// The parameter decides again about the lock.
    pub fn lock_turned(&self) {
        self.lock_flipped.store(false, Relaxed);
    }

    /// Takes a MIDI note: C0 and up (24 to 30) put the beat right and lock it; C1 and up (36, 37, ...) choose scenes; every other
    /// one asks for another picture. The scene stays until one is chosen by the parameter, be it the one that it has; the lock,
    /// until its parameter moves.
    pub fn note(&self, note: u8) {
        if note == LOCK_NOTE {
            self.lock_flipped.fetch_xor(true, Relaxed);
            return;
        }
        let correction =
            note.checked_sub(FIRST_CORRECTION).and_then(|at| Correction::ALL.get(usize::from(at)));
        if let Some(correction) = correction {
            return self.correct(*correction);
        }
        let place = note.checked_sub(FIRST_NOTE).filter(|place| slots::of_slot((*place).into()).is_some());
        match place {
            Some(place) => self.scene.store(u32::from(place) + 1, Relaxed),
            None => self.next_picture(),
        }
    }

    /// The scene that a note has chosen, while the parameter does not decide.
    pub fn scene_of_note(&self) -> Option<Scene> {
        self.scene.load(Relaxed).checked_sub(1).and_then(|place| slots::of_slot(place as usize))
    }

    /// The parameter decides again.
    pub fn scene_chosen(&self) {
        self.scene.store(0, Relaxed);
    }

    /// From now on a project is brought back.
    pub fn loading(&self) -> Loading<'_> {
        self.loading.store(true, Relaxed);
        Loading(&self.loading)
    }

    fn is_loading(&self) -> bool {
        self.loading.load(Relaxed)
    }

    pub(super) fn next_turned(&self, on: bool) {
        if on && !self.is_loading() {
            self.next_turned.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn capture_turned(&self, on: bool) {
        if on && !self.is_loading() {
            self.capture_turned.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn correction_turned(&self, correction: Correction, on: bool) {
        if on && !self.is_loading() {
            self.corrections_turned[correction as usize].fetch_add(1, Relaxed);
        }
    }

    pub(super) fn record_turned(&self, on: bool) {
        if !self.is_loading() {
            self.record_turned.turn(on);
        }
    }

    pub(super) fn bounce_turned(&self, on: bool) {
        if self.is_loading() {
            self.bounce_unmeant.store(false, Relaxed);
        } else {
            self.bounce_turned.turn(on);
        }
    }

    /// Grants what has been turned on since the last block, in which so many knobs have moved. Once a block, on the audio
    /// thread: a few looks.
    pub fn settle(&self, moved: usize) {
        let take = |count: &AtomicU32| if count.load(Relaxed) == 0 { 0 } else { count.swap(0, Relaxed) };
        let pictures = take(&self.next_turned);
        if pictures > 0 && moved <= MANY {
            self.pictures.fetch_add(pictures, Relaxed);
        }
        for (turned, done) in self.corrections_turned.iter().zip(&self.corrections) {
            let times = take(turned);
            if times > 0 && moved <= MANY {
                done.fetch_add(times, Relaxed);
            }
        }
        let captures = take(&self.capture_turned);
        if captures > 0 && moved <= MANY {
            let granted = if moved <= FEW { &self.captures } else { &self.doubtful };
            granted.fetch_add(captures, Relaxed);
        }
        match self.record_turned.take() {
            Some(false) => self.record.store(Ask::End as u8 + 1, Relaxed),
            Some(true) if moved <= FEW => self.record.store(Ask::Begin as u8 + 1, Relaxed),
            Some(true) if moved <= MANY => self.record.store(Ask::BeginIfItPlays as u8 + 1, Relaxed),
            _ => {}
        }
        if let Some(on) = self.bounce_turned.take() {
            self.bounce_unmeant.store(on && moved > MANY, Relaxed);
        }
    }

    /// Whether a bounce is meant where its parameter is on.
    pub fn bounce_is_meant(&self) -> bool {
        !self.bounce_unmeant.load(Relaxed)
    }

    /// Takes the newest that the parameter for recordings asks for.
    pub fn take_record(&self) -> Option<Ask> {
        match self.record.swap(0, Relaxed) {
            1 => Some(Ask::Begin),
            2 => Some(Ask::BeginIfItPlays),
            3 => Some(Ask::End),
            _ => None,
        }
    }

    /// Takes the stills that are in doubt.
    pub fn take_doubtful(&self) -> u32 {
        self.doubtful.swap(0, Relaxed)
    }

    /// Grants stills that were in doubt.
    pub fn grant(&self, captures: u32) {
        self.captures.fetch_add(captures, Relaxed);
    }
}
