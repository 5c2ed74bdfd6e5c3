//! What there is to install, file by file. A new release is a change of this table.

mod directml;
mod nvidia;
mod openvino;
mod tensorrt_rtx;

/// Something to install on one platform.
#[derive(Debug)]
pub struct Part {
    /// What users call it; also its folder's name.
    pub name: &'static str,
    /// Which cards it is for.
    pub purpose: &'static str,
    /// What users agree to.
    pub licence: &'static str,
    /// `std::env::consts::OS` and `ARCH`.
    pub platform: (&'static str, &'static str),
    /// Where its files come from; the first wheel's version is the part's.
    pub wheels: &'static [Wheel],
}

/// A file on PyPI: a zip.
#[derive(Debug)]
pub struct Wheel {
    /// The package's name on PyPI.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// The folder on PyPI's host, below `packages`.
    pub folder: &'static str,
    /// The file's name there.
    pub file: &'static str,
    /// The file's size.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: &'static str,
    /// What is unpacked of it: libraries, and licences.
    pub members: &'static [Member],
}

/// A file in a wheel.
#[derive(Debug)]
pub struct Member {
    /// Its name in the zip.
    pub path: &'static str,
    /// Its name in the part's folder, where that is not the last one of `path`.
    pub other_name: Option<&'static str>,
    /// Its size when unpacked.
    pub bytes: u64,
}

const NVIDIA_LICENCES: &str = "NVIDIA Software License / CUDA EULA, not free; ONNX Runtime: MIT";
const TENSORRT_LICENCES: &str =
    "NVIDIA's licence agreement for TensorRT RTX, not free; the provider itself: Apache-2.0";

/// All parts for all platforms.
pub const PARTS: &[Part] = &[
    Part {
        name: "nvidia",
        purpose: "NVIDIA cards, by CUDA 13 (driver 580 or newer); holds an ONNX Runtime of its own",
        licence: NVIDIA_LICENCES,
        platform: ("linux", "x86_64"),
        wheels: nvidia::LINUX,
    },
    Part {
        name: "nvidia",
        purpose: "NVIDIA cards, by CUDA 13 (driver 580 or newer); holds an ONNX Runtime of its own",
        licence: NVIDIA_LICENCES,
        platform: ("windows", "x86_64"),
        wheels: nvidia::WINDOWS,
    },
    Part {
        name: "tensorrt-rtx",
        purpose: "NVIDIA RTX cards from the 30 series on, by TensorRT for RTX",
        licence: TENSORRT_LICENCES,
        platform: ("linux", "x86_64"),
        wheels: tensorrt_rtx::LINUX,
    },
    Part {
        name: "tensorrt-rtx",
        purpose: "NVIDIA RTX cards from the 30 series on, by TensorRT for RTX",
        licence: TENSORRT_LICENCES,
        platform: ("windows", "x86_64"),
        wheels: tensorrt_rtx::WINDOWS,
    },
    Part {
        name: "openvino",
        purpose: "Intel processors, graphics and NPUs, by OpenVINO",
        licence: "MIT; OpenVINO: Apache-2.0",
        platform: ("linux", "x86_64"),
        wheels: openvino::LINUX,
    },
    Part {
        name: "openvino",
        purpose: "Intel processors, graphics and NPUs, by OpenVINO",
        licence: "MIT; OpenVINO: Apache-2.0",
        platform: ("windows", "x86_64"),
        wheels: openvino::WINDOWS,
    },
    Part {
        name: "directml",
        purpose: "any card with DirectX 12; holds an ONNX Runtime of its own",
        licence: "MIT; DirectML.dll: Microsoft's licence terms, not free",
        platform: ("windows", "x86_64"),
        wheels: directml::WINDOWS,
    },
];

impl Part {
    /// Its version.
    pub fn version(&self) -> &'static str {
        self.wheels.first().map_or("", |wheel| wheel.version)
    }

    /// Bytes to fetch.
    pub fn download_bytes(&self) -> u64 {
        self.wheels.iter().map(|wheel| wheel.bytes).sum()
    }

    /// Bytes on disk once it is installed.
    pub fn disk_bytes(&self) -> u64 {
        self.members().map(|member| member.bytes).sum()
    }

    /// All its files.
    pub fn members(&self) -> impl Iterator<Item = &'static Member> {
        self.wheels.iter().flat_map(|wheel| wheel.members)
    }
}

impl Member {
    /// Its name in the part's folder.
    pub fn name(&self) -> &'static str {
        self.other_name.unwrap_or_else(|| self.path.rsplit('/').next().unwrap_or(self.path))
    }
}

/// A file that keeps its name.
const fn keep(path: &'static str, bytes: u64) -> Member {
    Member { path, other_name: None, bytes }
}

/// A file that gets another name.
const fn named(path: &'static str, name: &'static str, bytes: u64) -> Member {
    Member { path, other_name: Some(name), bytes }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::runtime_parts::disk::is_plain_name;

    #[test]
    fn the_table_holds_what_it_says() {
        let mut parts = HashSet::new();
        for part in PARTS {
            assert!(parts.insert((part.name, part.platform)), "{} is there twice", part.name);
            assert!(is_plain_name(part.name) && !part.wheels.is_empty(), "{}", part.name);
            let mut names = HashSet::new();
            for wheel in part.wheels {
                assert!(is_plain_name(wheel.file) && wheel.file.contains(wheel.version), "{}", wheel.file);
                assert!(wheel.sha256.len() == 64 && wheel.bytes > 0, "{}", wheel.file);
                assert!(wheel.sha256.bytes().all(|digit| digit.is_ascii_hexdigit()), "{}", wheel.file);
                let licence = |member: &Member| member.name().contains("licence");
                assert!(wheel.members.iter().any(licence), "{} brings no licence", wheel.file);
                // What a zip's table of contents says of sizes of nothing would be a mistake here.
                assert!(wheel.members.iter().all(|member| member.bytes > 0), "{}", wheel.file);
            }
            for member in part.members() {
                assert!(is_plain_name(member.name()), "{:?}", member.name());
                assert!(names.insert(member.name().to_lowercase()), "{} is there twice", member.name());
            }
        }
    }

    #[test]
    fn libraries_are_found_under_the_names_that_others_ask_for() {
        let find = |part: &str, os: &str, name: &str| {
            let part = PARTS.iter().find(|one| one.name == part && one.platform.0 == os).unwrap();
            part.members().any(|member| member.name() == name)
        };
        for name in ["libonnxruntime.so.1.31.1", "libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10"] {
            assert!(find("nvidia", "linux", name), "{name}");
        }
        for name in ["libcudart.so.13", "libcufft.so.12", "libcudnn.so.9", "libnvrtc.so.13"] {
            assert!(find("nvidia", "linux", name), "{name}");
        }
        for name in ["libcudart.so.13", "libtensorrt_rtx.so.1", "libtensorrt_onnxparser_rtx.so.1"] {
            assert!(find("tensorrt-rtx", "linux", name), "{name}");
        }
        assert!(find("openvino", "linux", "libonnxruntime_providers_openvino_plugin.so"));
        for name in ["onnxruntime.dll", "onnxruntime_providers_shared.dll", "DirectML.dll"] {
            assert!(find("directml", "windows", name), "{name}");
        }
    }
}
