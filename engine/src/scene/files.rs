//! A scene's files, read and bounded.

use std::borrow::Cow;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::{IsfFile, Scene, SceneError, head::Head, image, limits};

/// A scene as it was read. Nothing of it has been compiled yet.
#[derive(Clone, Debug)]
pub struct SceneFile {
    /// By which name it is known.
    pub scene: Scene,
    /// What its head says.
    pub head: Head,
    /// Its WGSL, in the order in which it is joined.
    pub parts: Vec<Part>,
    /// Its textures: bytes of a PNG or JPEG each, in the head's order.
    pub images: Vec<Cow<'static, [u8]>>,
    /// What it plays if it is in the Interactive Shader Format; then all above is what stands around that.
    pub isf: Option<Arc<IsfFile>>,
}

/// One file of WGSL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called in messages.
    pub file: String,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// A file as it lies there.
pub(super) type Found = (String, Cow<'static, [u8]>);

impl SceneFile {
    /// Reads a folder with a `scene.toml`, a `NAME.wgsl`, or a `NAME.fs` in the Interactive Shader Format.
    ///
    /// # Errors
    /// What is missing, too large or wrong, and where.
    pub fn open(path: &Path) -> Result<Self, SceneError> {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if is_isf(path) {
            return Self::open_isf(path, false);
        }
        if !path.is_dir() {
            let text = text(name_of(path), Cow::Owned(read(path)?))?;
            return Self::from_wgsl(&name_of(path), &text);
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(name);
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error.to_string()))?;
        let mut paths: Vec<_> =
            entries.take(10 * limits::FILES).filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.retain(|path| path.is_file() && wanted(path));
        if paths.len() > limits::FILES {
            let (found, limit) = (paths.len() as u64, limits::FILES as u64);
            let (file, what) = (path.display().to_string(), "the number of files".to_owned());
            return Err(SceneError::Limit { file, what, found, limit });
        }
        let root = path.canonicalize().map_err(|error| unreadable(path, &error.to_string()))?;
        let found = paths.iter().map(|path| Ok((name_of(path), Cow::Owned(read_within(&root, path)?))));
        Self::of_files(name, found.collect::<Result<_, _>>()?)
    }

    /// Reads a scene of one file: the head is its first comment.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_wgsl(file: &str, text: &str) -> Result<Self, SceneError> {
        let name = file.strip_suffix(".wgsl").unwrap_or(file);
        let begin = text.find("/*").map(|at| at + 2);
        let end = begin.and_then(|begin| Some(begin + text.get(begin..)?.find("*/")?));
        let head = match begin.zip(end) {
            Some((begin, end)) if text[..begin - 2].trim().is_empty() => {
                let before = text[..begin].matches('\n').count() as u32;
                Head::read(file, &text[begin..end], before)?
            }
            _ => {
                let is_open = begin.is_some_and(|begin| end.is_none() && text[..begin - 2].trim().is_empty());
                let message = match is_open {
                    true => "the comment that the scene begins with does not end: */ is missing",
                    false => "a scene begins with a comment /* ... */ that says at least name = \"...\"",
                };
                let message = message.to_owned();
                return Err(SceneError::Place { file: file.to_owned(), line: 1, column: 1, message });
            }
        };
        if let Some(texture) = head.textures.first() {
            let message = format!("texture {}: a scene with textures has to be a folder", texture.name);
            return Err(SceneError::Head { file: file.to_owned(), message });
        }
        let parts = vec![Part { file: file.to_owned(), text: Cow::Owned(text.to_owned()) }];
        Ok(Self { scene: Scene::of(name), head, parts, images: Vec::new(), isf: None })
    }

    /// A scene of these files.
    pub(super) fn of_files(name: &str, mut found: Vec<Found>) -> Result<Self, SceneError> {
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        let head = match found.iter().position(|(file, _)| file == "scene.toml") {
            Some(at) => found.remove(at),
            None => {
                let reason = "a scene's folder needs it; `klangbild scene new NAME` writes one".to_owned();
                return Err(SceneError::File { file: format!("{name}/scene.toml"), reason });
            }
        };
        let head = Head::read("scene.toml", &text(head.0, head.1)?, 0)?;
        let images = head.textures.iter().map(|texture| {
            let image = found.iter().find(|(file, _)| *file == texture.file);
            image.map(|(_, bytes)| bytes.clone()).ok_or_else(|| SceneError::File {
                file: format!("{name}/{}", texture.file),
                reason: "there is no such picture in the scene's folder".to_owned(),
            })
        });
        let images = images.collect::<Result<_, _>>()?;
        let shaders = found.into_iter().filter(|(file, _)| file.ends_with(".wgsl"));
        let parts = shaders.map(|(file, bytes)| Ok(Part { text: text(file.clone(), bytes)?, file }));
        let parts = parts.collect::<Result<_, SceneError>>()?;
        Ok(Self { scene: Scene::of(name), head, parts, images, isf: None })
    }
}

/// Whether a file may belong to a scene: editors leave others beside it.
fn wanted(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let hidden = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with('.'));
    !hidden && (matches!(end, "toml" | "wgsl") || image::is_picture(path))
}

/// Whether a file is in the Interactive Shader Format, by its name.
pub(super) fn is_isf(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("fs")) && !path.is_dir()
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn unreadable(path: &Path, reason: &str) -> SceneError {
    SceneError::File { file: path.display().to_string(), reason: reason.to_owned() }
}

/// As [`read_within`], for a folder by any of its names.
pub(super) fn read_beside(folder: &Path, path: &Path) -> Result<Vec<u8>, SceneError> {
    let root = folder.canonicalize().map_err(|error| unreadable(folder, &error.to_string()))?;
    read_within(&root, path)
}

/// Reads a file that has to lie in this folder, whatever links lead to: a stranger's scene reads nothing else.
pub(super) fn read_within(root: &Path, path: &Path) -> Result<Vec<u8>, SceneError> {
    let real = path.canonicalize().map_err(|error| unreadable(path, &error.to_string()))?;
    if !real.starts_with(root) {
        return Err(unreadable(path, "it leads out of the scene's folder; copy what it links to"));
    }
    read(&real)
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, SceneError> {
    // Pictures may be larger than text.
    let limit = if image::is_picture(path) { limits::PICTURE_BYTES } else { limits::FILE_BYTES };
    let about = fs::metadata(path).map_err(|error| unreadable(path, &error.to_string()))?;
    // A pipe or a device may have no end, and nothing to read.
    if !about.is_file() {
        return Err(unreadable(path, "it is no file"));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| unreadable(path, &error.to_string()))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error.to_string()))?;
    let found = about.len().max(bytes.len() as u64);
    if found > limit {
        let (file, what) = (path.display().to_string(), "the number of bytes".to_owned());
        return Err(SceneError::Limit { file, what, found, limit });
    }
    Ok(bytes)
}

/// Text in UTF-8; in Latin-1 what is none, as old files are.
pub(super) fn lenient(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

fn text(file: String, bytes: Cow<'static, [u8]>) -> Result<Cow<'static, str>, SceneError> {
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| file),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| file),
    };
    text.map_err(|file| SceneError::File { file, reason: "it is no text in UTF-8".to_owned() })
}
