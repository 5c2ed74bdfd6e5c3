//! A torn MP4 file that looks whole.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};

use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::{MediaSource, MediaSourceStream, ReadBytes};
use symphonia::default::formats::IsoMp4Reader;

/// Opens an MP4 file that ends before its last box does. The demuxer refuses such a file; told that the file is as
/// long as its boxes say, it plays up to the tear.
pub(super) fn open_mp4(
    file: File,
    announced_end: u64,
) -> std::result::Result<Box<dyn FormatReader>, DecoderError> {
    let mut stream = MediaSourceStream::new(Box::new(TornFile { file, announced_end }), Default::default());
    stream.ignore_bytes(4)?; // the reader expects to stand at the `ftyp` marker
    Ok(Box::new(IsoMp4Reader::try_new(stream, FormatOptions::default())?))
}

struct TornFile {
    file: File,
    announced_end: u64,
}

impl Read for TornFile {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for TornFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        match to {
            SeekFrom::End(offset) => {
                self.file.seek(SeekFrom::Start(self.announced_end.saturating_add_signed(offset)))
            }
            other => self.file.seek(other),
        }
    }
}

impl MediaSource for TornFile {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.announced_end)
    }
}
