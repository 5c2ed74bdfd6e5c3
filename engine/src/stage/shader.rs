//! WGSL sources: built in, or read from a folder while a scene is being written.

use std::{borrow::Cow, path::Path};

use super::{Gpu, StageError, gpu::one_line, moment};

macro_rules! built_in {
    ($($name:literal),*) => { [$(($name, include_str!(concat!("../../../shaders/", $name)))),*] };
}

const BUILT_IN: [(&str, &str); 11] = built_in![
    "prelude.wgsl",
    "tween.wgsl",
    "field.wgsl",
    "ambience.wgsl",
    "weave.wgsl",
    "picture.wgsl",
    "flow.wgsl",
    "kaleidoscope.wgsl",
    "bloom.wgsl",
    "carry.wgsl",
    "finish.wgsl"
];

/// One full set of the stage's shaders.
#[derive(Clone, Debug)]
pub struct Shaders {
    files: Vec<(&'static str, Cow<'static, str>)>,
}

impl Default for Shaders {
    fn default() -> Self {
        Self { files: BUILT_IN.iter().map(|&(name, text)| (name, Cow::Borrowed(text))).collect() }
    }
}

impl Shaders {
    /// Reads the whole set from a folder, for work on a scene without building again.
    ///
    /// # Errors
    /// [`StageError::ShaderFile`] for the first file that cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, StageError> {
        let read = |&(name, _): &(&'static str, &str)| {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|reason| StageError::ShaderFile {
                file: path.display().to_string(),
                reason: reason.to_string(),
            })?;
            Ok((name, Cow::Owned(text)))
        };
        Ok(Self { files: BUILT_IN.iter().map(read).collect::<Result<_, StageError>>()? })
    }

    /// The set with one file's text replaced; a name that is not in the set changes nothing.
    #[must_use]
    pub fn with(mut self, name: &str, text: String) -> Self {
        if let Some(file) = self.files.iter_mut().find(|file| file.0 == name) {
            file.1 = Cow::Owned(text);
        }
        self
    }

    /// Compiles the named files, one after the other, as one module.
    pub(super) fn compile(&self, gpu: &Gpu, names: &[&str]) -> Result<wgpu::ShaderModule, StageError> {
        let generated = ("what the tables declare", Cow::Owned(moment::declarations()));
        let files = self.files.iter().filter(|file| names.contains(&file.0));
        let parts: Vec<_> = std::iter::once(&generated).chain(files).collect();
        let source: String = parts.iter().flat_map(|(_, text)| [text.as_ref(), "\n"]).collect();
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: parts.last().map(|file| file.0),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let Some(error) = pollster::block_on(scope.pop()) else { return Ok(module) };

        // The compiler counts lines in the joined text; people edit files.
        let info = pollster::block_on(module.get_compilation_info());
        let failed = info.messages.iter().find(|m| m.message_type == wgpu::CompilationMessageType::Error);
        let mut line = failed.and_then(|m| m.location).map_or(1, |place| place.line_number as usize);
        let message = one_line(&failed.map_or_else(|| error.to_string(), |m| m.message.clone()));
        for (name, text) in &parts {
            let lines = text.matches('\n').count() + 1;
            if line <= lines {
                return Err(StageError::Shader { file: (*name).to_owned(), line: line as u32, message });
            }
            line -= lines;
        }
        Err(StageError::Shader { file: names.join("+"), line: line as u32, message })
    }
}
