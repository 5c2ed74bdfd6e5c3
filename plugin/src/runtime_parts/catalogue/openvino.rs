//! OpenVINO's provider, a plugin for an ONNX Runtime that is there already.
//!
//! Its wheel holds the plugin's library under three names, of which one is enough.

use super::{Wheel, keep, named};

/// For Linux on x86-64.
pub(super) const LINUX: &[Wheel] = &[Wheel {
    package: "onnxruntime-ep-openvino",
    version: "1.8.1",
    folder: "88/01/4e72a8a65b584f01d6e59eb453bae397b82b2e51df1b5c94efa05e17800b",
    file: "onnxruntime_ep_openvino-1.8.1-py3-none-manylinux_2_28_x86_64.whl",
    bytes: 52_587_628,
    sha256: "3832643158c8c187fcab6db661cde2a8c06a2b3559d95d0f2411ac0e51c5e924",
    members: &[
        keep("onnxruntime_ep_openvino/cache.json", 8_840_377),
        keep("onnxruntime_ep_openvino/libhwloc.so.15", 473_321),
        keep("onnxruntime_ep_openvino/libonnxruntime_providers_openvino_plugin.so", 3_069_280),
        keep("onnxruntime_ep_openvino/libopenvino.so.2641", 20_526_937),
        keep("onnxruntime_ep_openvino/libopenvino_auto_batch_plugin.so", 265_129),
        keep("onnxruntime_ep_openvino/libopenvino_auto_plugin.so", 685_129),
        keep("onnxruntime_ep_openvino/libopenvino_hetero_plugin.so", 559_265),
        keep("onnxruntime_ep_openvino/libopenvino_intel_cpu_plugin.so", 63_691_929),
        keep("onnxruntime_ep_openvino/libopenvino_intel_gpu_plugin.so", 41_732_569),
        keep("onnxruntime_ep_openvino/libopenvino_intel_npu_plugin.so", 10_595_337),
        keep("onnxruntime_ep_openvino/libopenvino_ir_frontend.so.2641", 640_313),
        keep("onnxruntime_ep_openvino/libopenvino_onnx_frontend.so.2641", 6_827_321),
        keep("onnxruntime_ep_openvino/libtbb.so.12", 369_313),
        keep("onnxruntime_ep_openvino/libtbbbind_2_5.so.3", 33_025),
        keep("onnxruntime_ep_openvino/libtbbmalloc.so.2", 159_729),
        keep("onnxruntime_ep_openvino/libtbbmalloc_proxy.so.2", 28_377),
        named(
            "onnxruntime_ep_openvino/third-party-programs.txt",
            "openvino-third-party-programs.txt",
            13_680,
        ),
        named("onnxruntime_ep_openvino-1.8.1.dist-info/METADATA", "openvino-licence.txt", 4_298),
    ],
}];

/// For Windows on x86-64.
pub(super) const WINDOWS: &[Wheel] = &[Wheel {
    package: "onnxruntime-ep-openvino",
    version: "1.8.1",
    folder: "75/98/224ead07344390258ae0515ed285ba2951e9c1405f4507443a03bb7dd5c7",
    file: "onnxruntime_ep_openvino-1.8.1-py3-none-win_amd64.whl",
    bytes: 75_824_318,
    sha256: "1acd878be173b02bb8b953460f2f59b121e5f6e47ebc6aad490c0590cf6718fb",
    members: &[
        keep("onnxruntime_ep_openvino/cache.json", 8_840_377),
        keep("onnxruntime_ep_openvino/onnxruntime_providers_openvino_plugin.dll", 1_744_664),
        keep("onnxruntime_ep_openvino/openvino.dll", 16_655_640),
        keep("onnxruntime_ep_openvino/openvino_auto_batch_plugin.dll", 321_304),
        keep("onnxruntime_ep_openvino/openvino_auto_plugin.dll", 840_984),
        keep("onnxruntime_ep_openvino/openvino_hetero_plugin.dll", 643_864),
        keep("onnxruntime_ep_openvino/openvino_intel_cpu_plugin.dll", 46_512_408),
        keep("onnxruntime_ep_openvino/openvino_intel_gpu_plugin.dll", 34_999_064),
        keep("onnxruntime_ep_openvino/openvino_intel_npu_compiler.dll", 100_346_648),
        keep("onnxruntime_ep_openvino/openvino_intel_npu_compiler_loader.dll", 532_760),
        keep("onnxruntime_ep_openvino/openvino_intel_npu_plugin.dll", 8_104_728),
        keep("onnxruntime_ep_openvino/openvino_intel_npu_vm_runtime.dll", 565_016),
        keep("onnxruntime_ep_openvino/openvino_ir_frontend.dll", 807_192),
        keep("onnxruntime_ep_openvino/openvino_onnx_frontend.dll", 5_524_248),
        keep("onnxruntime_ep_openvino/openvino_runtime.manifest", 1_287),
        keep("onnxruntime_ep_openvino/tbb12.dll", 439_064),
        keep("onnxruntime_ep_openvino/tbbbind_2_5.dll", 239_896),
        keep("onnxruntime_ep_openvino/tbbmalloc.dll", 143_128),
        keep("onnxruntime_ep_openvino/tbbmalloc_proxy.dll", 71_448),
        named(
            "onnxruntime_ep_openvino/third-party-programs.txt",
            "openvino-third-party-programs.txt",
            13_789,
        ),
        named("onnxruntime_ep_openvino-1.8.1.dist-info/METADATA", "openvino-licence.txt", 4_446),
    ],
}];
