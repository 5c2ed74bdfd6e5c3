//! The packs that are compiled into the program.

/// A pack whose files are part of the program.
#[derive(Debug)]
pub struct BuiltIn {
    /// What `--pack` takes.
    pub name: &'static str,
    /// Its files.
    pub files: &'static [File],
}

/// Name and contents of a file.
pub type File = (&'static str, &'static [u8]);

/// A file of the folder `models/PACK`.
macro_rules! file {
    ($pack:literal, $name:literal) => {
        ($name, include_bytes!(concat!("../../../models/", $pack, "/", $name)))
    };
}

/// The encoder of both trained packs: one file, so that it is in the program once.
static ENCODER: File = file!("default", "encoder.onnx");

/// All of them. The first one is used when none is asked for.
///
/// A static and no constant: its bytes are in the program once, however often it is named.
pub static BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "default",
        files: &[
            file!("default", "pack.toml"),
            ENCODER,
            file!("default", "generator.onnx"),
            file!("default", "generator.8bit.onnx"),
            file!("default", "generator.half.onnx"),
            file!("default", "generator.288x512.onnx"),
            file!("default", "generator.288x512.8bit.onnx"),
            file!("default", "generator.288x512.half.onnx"),
            file!("default", "generator.384x384.onnx"),
            file!("default", "generator.384x384.8bit.onnx"),
            file!("default", "generator.384x384.half.onnx"),
            file!("default", "generator.1024x576.onnx"),
            file!("default", "generator.1024x576.8bit.onnx"),
            file!("default", "generator.1024x576.half.onnx"),
            file!("default", "generator.weights"),
            file!("default", "words.safetensors"),
            file!("default", "picture_tower.onnx"),
            file!("default", "thumbnail.png"),
        ],
    },
    BuiltIn {
        name: "music2image",
        files: &[
            file!("music2image", "pack.toml"),
            ENCODER,
            file!("music2image", "generator.onnx"),
            file!("music2image", "thumbnail.png"),
        ],
    },
    BuiltIn {
        name: "starter",
        files: &[
            file!("starter", "pack.toml"),
            file!("starter", "encoder.onnx"),
            file!("starter", "generator.onnx"),
            file!("starter", "thumbnail.png"),
        ],
    },
];

/// Name of the pack that is used when none is asked for.
pub const DEFAULT: &str = BUILT_IN[0].name;

/// The built-in pack of that name.
pub fn built_in(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|pack| pack.name == name)
}
