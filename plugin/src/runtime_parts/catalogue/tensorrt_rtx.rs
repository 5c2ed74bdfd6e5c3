//! The provider of TensorRT for RTX, a plugin for an ONNX Runtime that is there already.
//!
//! On Linux its wheel names libraries by their full versions, but they ask for each other by what stands here.

use super::{Wheel, keep, named};

/// For Linux on x86-64.
pub(super) const LINUX: &[Wheel] = &[Wheel {
    package: "onnxruntime-ep-nv-tensorrt-rtx-cu13",
    version: "0.5.0",
    folder: "6b/ea/033a6d73b74a443cbf67247e3700b2a2f5076b37af4b00e433fbbd46fa6d",
    file: "onnxruntime_ep_nv_tensorrt_rtx_cu13-0.5.0-py3-none-manylinux_2_28_x86_64.whl",
    bytes: 146_476_965,
    sha256: "32f575c633d171b4edf4b53d3bb22b72a6c9c0a850d2982ce9a788a5d40d3298",
    members: &[
        named(
            "onnxruntime_ep_nv_tensorrt_rtx/Acknowledgements.txt",
            "tensorrt-rtx-acknowledgements.txt",
            105_200,
        ),
        named("onnxruntime_ep_nv_tensorrt_rtx/README.txt", "tensorrt-rtx-readme.txt", 1_466),
        named("onnxruntime_ep_nv_tensorrt_rtx/libcudart.so.13.4.36", "libcudart.so.13", 798_496),
        keep("onnxruntime_ep_nv_tensorrt_rtx/libonnxruntime_providers_nv_tensorrt_rtx.so", 5_113_208),
        named(
            "onnxruntime_ep_nv_tensorrt_rtx/libtensorrt_onnxparser_rtx.so.1.7.1",
            "libtensorrt_onnxparser_rtx.so.1",
            4_097_984,
        ),
        keep("onnxruntime_ep_nv_tensorrt_rtx/libtensorrt_plugins.so", 69_706_480),
        named("onnxruntime_ep_nv_tensorrt_rtx/libtensorrt_rtx.so.1.7.1", "libtensorrt_rtx.so.1", 234_013_248),
        keep("onnxruntime_ep_nv_tensorrt_rtx/libtensorrt_shim.so", 1_530_568),
        named(
            "onnxruntime_ep_nv_tensorrt_rtx_cu13-0.5.0.dist-info/METADATA",
            "tensorrt-rtx-licence.txt",
            3_501,
        ),
    ],
}];

/// For Windows on x86-64.
pub(super) const WINDOWS: &[Wheel] = &[Wheel {
    package: "onnxruntime-ep-nv-tensorrt-rtx-cu13",
    version: "0.5.0",
    folder: "ef/64/6a704b972f2c6806b3a13abce3e0d827deb0e4192e7f4240ffdafa8d099c",
    file: "onnxruntime_ep_nv_tensorrt_rtx_cu13-0.5.0-py3-none-win_amd64.whl",
    bytes: 110_875_664,
    sha256: "609b19f7236c8522ef005a9f763003a78f492e5d871afad39fe1b247760eb3c7",
    members: &[
        named(
            "onnxruntime_ep_nv_tensorrt_rtx/TRTRTX_Acknowledgements.txt",
            "tensorrt-rtx-acknowledgements.txt",
            107_164,
        ),
        named("onnxruntime_ep_nv_tensorrt_rtx/TRTRTX_README.txt", "tensorrt-rtx-readme.txt", 1_484),
        keep("onnxruntime_ep_nv_tensorrt_rtx/cudart64_13.dll", 551_024),
        keep("onnxruntime_ep_nv_tensorrt_rtx/onnxruntime_providers_nv_tensorrt_rtx.dll", 2_392_176),
        keep("onnxruntime_ep_nv_tensorrt_rtx/tensorrt_onnxparser_rtx_1_7.dll", 2_329_200),
        keep("onnxruntime_ep_nv_tensorrt_rtx/tensorrt_plugins.dll", 51_289_200),
        keep("onnxruntime_ep_nv_tensorrt_rtx/tensorrt_rtx_1_7.dll", 229_312_112),
        named(
            "onnxruntime_ep_nv_tensorrt_rtx_cu13-0.5.0.dist-info/METADATA",
            "tensorrt-rtx-licence.txt",
            3_595,
        ),
    ],
}];
