//! What to do about what a provider or a driver says: read from its own words.

use klangbild_engine::inference::Provider;

/// The oldest driver of NVIDIA's that knows CUDA 13 (NVIDIA, "CUDA Toolkit Release Notes", table of driver versions).
pub const OLDEST_NVIDIA: u32 = 580;
/// The oldest DirectML that ONNX Runtime's provider is built for.
#[cfg(any(windows, test))]
const OLDEST_DIRECTML: [u16; 2] = [1, 15];
/// What `klangbild runtime install nvidia` brings.
const CUDA_MAJOR: u32 = 13;
const CUDNN_MAJOR: u32 = 9;

/// The major version of NVIDIA's driver, in what the kernel's module (`/proc/driver/nvidia/version`), Vulkan (`580.82.07`) or Direct3D
/// (`32.0.15.8129`, which is 581.29) says of it.
pub fn nvidia_driver(text: &str) -> Option<u32> {
    let numbers = |word: &str| word.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    let found = text.lines().next()?.split_whitespace().filter_map(numbers).find(|found| found.len() >= 2)?;
    match found.as_slice() {
        // The last digit of the third number and the four of the last are the driver's own version.
        [_, _, third, last] => Some(third % 10 * 100 + last / 100),
        [major, ..] => Some(*major),
        [] => None,
    }
}

/// What to do about an NVIDIA driver of this version; none where it is new enough.
pub fn of_nvidia_driver(major: u32) -> Option<String> {
    (major < OLDEST_NVIDIA).then(|| {
        let how = if cfg!(windows) {
            "get one from https://www.nvidia.com/drivers"
        } else {
            "Ubuntu: `sudo ubuntu-drivers install`; else https://www.nvidia.com/drivers"
        };
        format!(
            "update the driver to {OLDEST_NVIDIA} or newer ({how}); until then WebGPU runs the models on the card: \
             `klangbild runtime remove nvidia`"
        )
    })
}

/// What to do where a provider does not work for this reason; none where the reason says it, or nobody knows.
pub fn of_refusal(provider: Provider, reason: &str) -> Option<String> {
    let has = |words: &[&str]| {
        let reason = reason.to_ascii_lowercase();
        words.iter().any(|word| reason.contains(word))
    };
    match provider {
        Provider::Cuda | Provider::TensorRtRtx if has(&["driver version is insufficient", "cuda failure 35", "error 35"]) => {
            of_nvidia_driver(0)
        }
        Provider::Cuda | Provider::TensorRtRtx if has(&["no cuda-capable device", "cuda failure 100"]) => Some(
            "NVIDIA's driver sees no card: `nvidia-smi` must list it; in a container start it with the card (`--gpus all`)"
                .to_owned(),
        ),
        Provider::Cuda if has(&["no kernel image", "cuda failure 209"]) => {
            Some("the card is too old for CUDA 13: `klangbild runtime remove nvidia`, and WebGPU runs the models on it".to_owned())
        }
        Provider::Cuda => missing_library(reason).map(|library| of_cuda_library(&library)).or_else(|| {
            has(&["cudnn_status_version_mismatch", "cudnn version mismatch", "cudnn_status_sublibrary"]).then(|| {
                format!(
                    "another cuDNN than the installed one is loaded: take its folder out of {}, or `klangbild runtime install nvidia` again",
                    search_path()
                )
            })
        }),
        Provider::DirectMl if has(&["887a0004", "80004002", "dmlcreatedevice", "feature level"]) => Some(
            "the card or its driver has no DirectX 12 that suffices, or an old DirectML.dll came first: update the driver, \
             and `klangbild runtime install directml`"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The library that a loader misses: "libcudnn.so.9: cannot open shared object file", or "which depends on \"cudnn64_9.dll\" which
/// is missing".
fn missing_library(reason: &str) -> Option<String> {
    if let Some((before, _)) = reason.split_once(": cannot open shared object file") {
        return before.rsplit([' ', '"', '\'']).next().map(str::to_owned);
    }
    let (_, after) = reason.split_once("depends on ")?;
    let name = after.trim_start_matches(['"', '\'']).split(['"', '\'', ' ']).next()?;
    after.contains("missing").then(|| name.to_owned())
}

/// What to do where a library of CUDA's or cuDNN's is missing, by its name: `libcudart.so.12`, `cublas64_13.dll`.
fn of_cuda_library(library: &str) -> String {
    let is_cudnn = library.contains("cudnn");
    let version = match library.split_once(".so.") {
        Some((_, version)) => version.split('.').next(),
        None => library.trim_end_matches(".dll").rsplit('_').next(),
    };
    let (what, ours) = if is_cudnn { ("cuDNN", CUDNN_MAJOR) } else { ("CUDA", CUDA_MAJOR) };
    match version.and_then(|version| version.parse::<u32>().ok()) {
        Some(wanted) if wanted != ours => format!(
            "this ONNX Runtime is made for {what} {wanted}, and {library} is not there: install {what} {wanted}, or \
             `klangbild runtime install nvidia`, which brings one for {what} {ours}"
        ),
        _ => format!("{library} is not there: `klangbild runtime install nvidia` brings {what} {ours}"),
    }
}

fn search_path() -> &'static str {
    if cfg!(windows) { "PATH" } else { "LD_LIBRARY_PATH" }
}

/// What to do about the system's DirectML.dll of this version, where no newer one was installed; none where it is new enough.
#[cfg(any(windows, test))]
pub fn of_directml(version: [u16; 2]) -> Option<&'static str> {
    (version < OLDEST_DIRECTML).then_some(
        "`klangbild runtime install directml` brings a newer one, beside an ONNX Runtime of its own",
    )
}

/// What draws nothing on this machine though it is there, by the PCI vendors of its cards: how to get a driver for it.
pub fn of_idle_card(vendors: &[u32], has_vulkan: bool) -> Option<&'static str> {
    const LOADER: &str =
        "there is a card, but no Vulkan loader: Debian, Ubuntu: `apt install libvulkan1 mesa-vulkan-drivers`";
    let drivers = vendors.iter().find_map(|vendor| match vendor {
        0x10de => {
            Some("there is an NVIDIA card: install NVIDIA's driver (Ubuntu: `sudo ubuntu-drivers install`)")
        }
        0x1002 | 0x8086 => {
            Some("there is a card that nothing drives: Debian, Ubuntu: `apt install mesa-vulkan-drivers`")
        }
        _ => None,
    })?;
    Some(if has_vulkan { drivers } else { LOADER })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_read_from_the_kernel_vulkan_and_direct3d() {
        let closed = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n\
                      GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)\n";
        let open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder@U22)";
        assert_eq!((nvidia_driver(closed), nvidia_driver(open)), (Some(535), Some(580)));
        assert_eq!((nvidia_driver("580.82.07"), nvidia_driver("32.0.15.8129")), (Some(580), Some(581)));
        assert_eq!((nvidia_driver("31.0.15.3623"), nvidia_driver("")), (Some(536), None));
        assert!(of_nvidia_driver(535).is_some_and(|cure| cure.contains("580 or newer")));
        assert_eq!(of_nvidia_driver(580), None);
    }

    #[test]
    fn a_missing_library_is_named_with_what_brings_it() {
        let cure = |reason| of_refusal(Provider::Cuda, reason).unwrap_or_default();
        let linux = "Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object \
                     file: No such file or directory";
        assert_eq!(
            cure(linux),
            "libcudnn.so.9 is not there: `klangbild runtime install nvidia` brings cuDNN 9"
        );
        let windows = "Error loading \"C:\\onnxruntime_providers_cuda.dll\" which depends on \"cublasLt64_12.dll\" which is missing. \
                       (Error 126: \"The specified module could not be found.\")";
        assert!(
            cure(windows).contains("made for CUDA 12, and cublasLt64_12.dll is not there"),
            "{}",
            cure(windows)
        );
        let old = "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1";
        assert!(cure(old).contains("580 or newer"), "{}", cure(old));
        assert!(cure("CUDA failure 100: no CUDA-capable device is detected").contains("nvidia-smi"));
        assert!(
            cure("CUDNN failure 1002: CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH").contains("another cuDNN")
        );
        assert_eq!(of_refusal(Provider::Cuda, "slower: 12.0 ms a run, CPU takes 9.0 ms"), None);
        assert_eq!(of_refusal(Provider::WebGpu, linux), None);
    }

    #[test]
    fn directml_and_cards_without_a_driver_have_their_cures() {
        assert!(
            of_directml([1, 8]).is_some() && of_directml([1, 15]).is_none() && of_directml([2, 0]).is_none()
        );
        assert!(of_idle_card(&[0x1a03, 0x10de], true).is_some_and(|cure| cure.contains("NVIDIA")));
        assert!(of_idle_card(&[0x1002], false).is_some_and(|cure| cure.contains("libvulkan1")));
        assert_eq!(of_idle_card(&[0x1a03], false), None);
    }
}
