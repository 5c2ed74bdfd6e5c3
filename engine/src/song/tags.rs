//! Title, artist and album, wherever a format keeps them.

use symphonia::core::meta::{MetadataRevision, StandardTag};

use crate::text;

/// What people call the song.
#[derive(Clone, Default)]
pub(super) struct Tags {
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
}

impl Tags {
    /// Takes over what `revision` says; later revisions win.
    pub fn read(&mut self, revision: &MetadataRevision) {
        let of_tracks = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
        for tag in of_tracks.chain(&revision.media.tags) {
            match &tag.std {
                Some(StandardTag::TrackTitle(text)) => self.set_title(text),
                Some(StandardTag::Artist(text)) => self.set_artist(text),
                Some(StandardTag::Album(text)) => self.set_album(text),
                Some(_) => {}
                // Several values in one tag, as ID3v2.4 has them between zero bytes, are left to us.
                None => match tag.raw.key.as_str() {
                    "TIT2" | "TT2" => self.set_title(&tag.raw.value.to_string()),
                    "TPE1" | "TP1" => self.set_artist(&tag.raw.value.to_string()),
                    "TALB" | "TAL" => self.set_album(&tag.raw.value.to_string()),
                    _ => {}
                },
            }
        }
    }

    pub fn set_title(&mut self, text: &str) {
        set(&mut self.title, text);
    }

    pub fn set_artist(&mut self, text: &str) {
        set(&mut self.artist, text);
    }

    pub fn set_album(&mut self, text: &str) {
        set(&mut self.album, text);
    }
}

/// Text that is nothing but blanks says nothing.
fn set(tag: &mut Option<String>, text: &str) {
    let text = text::plain(text);
    if !text.is_empty() {
        *tag = Some(text);
    }
}
