//! An ONNX Runtime of its own with the provider for DirectML, which the common one lacks.

use super::{Wheel, keep, named};

/// For Windows on x86-64.
pub(super) const WINDOWS: &[Wheel] = &[Wheel {
    package: "onnxruntime-directml",
    version: "1.24.4",
    folder: "88/ea/33814eb0ec96775eda4c1d30b0d86e91d7d2cd0d84c66d3915aef0e06fa3",
    file: "onnxruntime_directml-1.24.4-cp312-cp312-win_amd64.whl",
    bytes: 25_111_930,
    sha256: "f2ecb68b7b7b259d2ef3112ae760149f9b5a1e7c0fbb73d539da6250a648a614",
    members: &[
        keep("onnxruntime/capi/onnxruntime.dll", 21_111_832),
        keep("onnxruntime/capi/onnxruntime_providers_shared.dll", 21_576),
        keep("onnxruntime/capi/DirectML.dll", 18_527_776),
        named("onnxruntime/LICENSE", "onnxruntime-licence.txt", 1_094),
        named("onnxruntime/ThirdPartyNotices.txt", "onnxruntime-third-party-notices.txt", 331_175),
    ],
}];
