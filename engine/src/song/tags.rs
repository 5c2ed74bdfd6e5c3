//! Title, artist and album, wherever a format keeps them.

use symphonia::core::meta::{MetadataRevision, StandardTag};

/// What people call the song.
#[derive(Default)]
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
                Some(StandardTag::TrackTitle(text)) => self.title = Some(text.to_string()),
                Some(StandardTag::Artist(text)) => self.artist = Some(text.to_string()),
                Some(StandardTag::Album(text)) => self.album = Some(text.to_string()),
                _ => {}
            }
        }
    }
}
