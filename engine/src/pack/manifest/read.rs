//! Reading `pack.toml`, and what it must say whatever the graphs are.

use serde::Deserialize;

use super::{FORMAT, Manifest, SizeSpec};
use crate::pack::contract::Section;
use crate::pack::error::PackError;
use crate::pack::files::PackFiles;
use crate::pack::limits;

impl Manifest {
    /// Reads `pack.toml`, and says on which line it is wrong.
    ///
    /// # Errors
    /// It is missing, over 64 KiB, no TOML, or has a field that is missing, unknown or of the wrong type.
    pub fn read(files: &PackFiles) -> Result<Self, PackError> {
        let bytes = files.read("pack.toml", limits::MANIFEST_BYTES)?;
        Self::parse(&files.display("pack.toml"), bytes)
    }

    /// The same from the bytes of the file that messages call `file`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(file: &str, bytes: Vec<u8>) -> Result<Self, PackError> {
        let wrong = |message: String| PackError::Manifest { file: file.to_owned(), message };
        let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text".to_owned()))?;
        let explain = |error: &toml::de::Error, field: &str| {
            // A pack of another format may have other fields: then its format is what there is to say.
            if let Ok(Format { format }) = toml::from_str(&text)
                && format != FORMAT
            {
                return wrong(format!(
                    "format is {format}, expected {FORMAT}; another Klangbild may read it"
                ));
            }
            let line = error
                .span()
                .map(|span| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
            let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
            // The root's path is a dot: a message about it names its field itself.
            let field = if field == "." { String::new() } else { format!("{field}: ") };
            wrong(format!("{place}{field}{}", error.message().trim().replace('\n', ", ")))
        };
        let toml = toml::Deserializer::parse(&text).map_err(|error| explain(&error, "."))?;
        serde_path_to_error::deserialize(toml)
            .map_err(|error| explain(error.inner(), &error.path().to_string()))
    }

    /// Checks the fields that need no graph; `file` is how messages name the manifest.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn check(&self, file: &str) -> Result<(), PackError> {
        let top = Section { manifest: file, graph: "", name: "" };
        let name = &self.name;
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if i64::from(self.format) != FORMAT {
            return Err(top.field(
                "format",
                FORMAT,
                self.format,
                "this pack needs another version of Klangbild",
            ));
        }
        if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
            let expected = "1 to 64 lower-case letters, digits and hyphens";
            return Err(top.field("name", expected, format!("{name:?}"), "rename the pack"));
        }
        for (field, text) in [("title", &self.title), ("version", &self.version), ("licence", &self.licence)]
        {
            if text.trim().is_empty() {
                return Err(top.field(field, "some text", "nothing", "fill it in"));
            }
        }
        let (encoder, generator) = (&self.encoder, &self.generator);
        let section = Section { manifest: file, graph: "", name: "encoder" };
        if !limits::SAMPLE_RATE_HZ.contains(&encoder.sample_rate_hz) {
            let range = limits::SAMPLE_RATE_HZ;
            let expected = format!("{} to {} Hz", range.start(), range.end());
            return Err(section.field("sample_rate_hz", expected, encoder.sample_rate_hz, "correct it"));
        }
        if !(encoder.window_s > 0.0 && encoder.window_s <= limits::WINDOW_S) {
            let expected = format!("over 0 and at most {} s", limits::WINDOW_S);
            return Err(section.field("window_s", expected, encoder.window_s, "correct it"));
        }
        let section = Section { manifest: file, graph: "", name: "generator" };
        let [black, white] = generator.range;
        if !(black.is_finite() && white.is_finite() && black < white) {
            let found = format!("[{black}, {white}]");
            return Err(section.field("range", "[black, white] with black < white", found, "correct it"));
        }
        for (field, value) in
            [("embedding_norm", generator.embedding_norm), ("latent_scale", generator.latent_scale)]
        {
            if !(value.is_finite() && value > 0.0) {
                return Err(section.field(field, "a number over 0", value, "correct it"));
            }
        }
        let sizes = &generator.sizes;
        if sizes.len() > limits::SIZES {
            let expected = format!("at most {} further sizes", limits::SIZES);
            return Err(section.field("size", expected, sizes.len(), "leave some out"));
        }
        for (place, size) in sizes.iter().enumerate() {
            let (width, height) = (size.width_px, size.height_px);
            let same = |other: &SizeSpec| (other.width_px, other.height_px) == (width, height);
            let is_own = (generator.width_px, generator.height_px) == (Some(width), Some(height));
            if is_own || sizes[..place].iter().any(same) {
                let found = format!("{width}x{height} twice");
                return Err(section.field("size", "each size once", found, "leave one out"));
            }
        }
        Ok(())
    }
}

/// The one field that every format of the manifest has.
#[derive(Deserialize)]
struct Format {
    format: i64,
}
