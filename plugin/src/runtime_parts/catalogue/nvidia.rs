//! ONNX Runtime with its provider for CUDA, and the libraries of NVIDIA's that the provider loads.
//!
//! By `readelf -d` the provider needs the CUDA runtime, cuBLAS and cuRAND. It opens cuDNN and cuFFT as a model asks for them, and
//! cuDNN opens NVRTC. Versions are those that pip takes for `onnxruntime-gpu[cuda,cudnn]`.

use super::{Wheel, keep, named};

/// For Linux on x86-64.
pub(super) const LINUX: &[Wheel] = &[
    Wheel {
        package: "onnxruntime-gpu",
        version: "1.31.1",
        folder: "22/97/9531b4d9e566cf2a0f04b4b5c26a3bc0ef2e2e0b6bc943a02c0eead98cf7",
        file: "onnxruntime_gpu-1.31.1-cp312-cp312-manylinux_2_28_x86_64.whl",
        bytes: 255_569_273,
        sha256: "05d548956197b9d01f59b625de740e0d6be3593f874e241a12dc0362650ecdf7",
        members: &[
            keep("onnxruntime/capi/libonnxruntime.so.1.31.1", 29_421_832),
            keep("onnxruntime/capi/libonnxruntime_providers_shared.so", 14_632),
            keep("onnxruntime/capi/libonnxruntime_providers_cuda.so", 284_014_752),
            named("onnxruntime/LICENSE", "onnxruntime-licence.txt", 1_073),
            named("onnxruntime/ThirdPartyNotices.txt", "onnxruntime-third-party-notices.txt", 338_088),
        ],
    },
    Wheel {
        package: "nvidia-cuda-runtime",
        version: "13.5.37",
        folder: "0b/7c/14b8f5518f8951e9dca57ea80f44f8ea8bcc8671812e6cc38009f3205e57",
        file: "nvidia_cuda_runtime-13.5.37-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        bytes: 2_504_024,
        sha256: "df2b79a8852f10d1fef8c848489c49eebb5754051bf870202a862831412b179d",
        members: &[
            keep("nvidia/cu13/lib/libcudart.so.13", 806_720),
            named(
                "nvidia_cuda_runtime-13.5.37.dist-info/licenses/License.txt",
                "nvidia-cuda-runtime-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cublas",
        version: "13.10.0.20",
        folder: "b4/12/16628161ed8c109c8c73b38167df50cbc630a8a6e6548e2534d461526c3c",
        file: "nvidia_cublas-13.10.0.20-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl",
        bytes: 444_289_903,
        sha256: "dcc6d63884c53d07e267ce7e6feac17b2538cebaafec5db865736c3e28e4dc84",
        members: &[
            keep("nvidia/cu13/lib/libcublas.so.13", 57_282_152),
            keep("nvidia/cu13/lib/libcublasLt.so.13", 551_653_208),
            named(
                "nvidia_cublas-13.10.0.20.dist-info/licenses/License.txt",
                "nvidia-cublas-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-curand",
        version: "10.4.5.25",
        folder: "12/63/636e5dc9afb2959bfc0042a357d5567358df829b66c96d9fc36d77dc0596",
        file: "nvidia_curand-10.4.5.25-py3-none-manylinux_2_27_x86_64.whl",
        bytes: 77_113_015,
        sha256: "22bb226a857e5888fe6b54ae465fc4371296bcff13a35f79e19691bcf454f529",
        members: &[
            keep("nvidia/cu13/lib/libcurand.so.10", 104_860_296),
            named(
                "nvidia_curand-10.4.5.25.dist-info/licenses/License.txt",
                "nvidia-curand-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cufft",
        version: "12.5.0.14",
        folder: "c6/8f/f909edaadf9a7acf1b92f805a384b6984193bd595b45005f8e320d4170cf",
        file: "nvidia_cufft-12.5.0.14-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        bytes: 165_072_555,
        sha256: "b8be26837a5abad2b5b74f3e92dd29f622a42934b355be0961a48712cbba23ad",
        members: &[
            keep("nvidia/cu13/lib/libcufft.so.12", 236_983_152),
            named(
                "nvidia_cufft-12.5.0.14.dist-info/licenses/License.txt",
                "nvidia-cufft-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cudnn-cu13",
        version: "9.28.1.4",
        folder: "ef/6f/94535c450d44a68ef0b43d7a5e54c0e5ecda2ca3db7daec5d54c8d94e0d8",
        file: "nvidia_cudnn_cu13-9.28.1.4-py3-none-manylinux_2_27_x86_64.whl",
        bytes: 516_817_937,
        sha256: "a54f205b1db1f2895d99f398754db1369816f0569dd459731f925635cf7b65ec",
        members: &[
            keep("nvidia/cudnn/lib/libcudnn.so.9", 137_432),
            keep("nvidia/cudnn/lib/libcudnn_adv.so.9", 92_392_360),
            keep("nvidia/cudnn/lib/libcudnn_cnn.so.9", 4_204_144),
            keep("nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9", 260_072_128),
            keep("nvidia/cudnn/lib/libcudnn_engines_runtime_compiled.so.9", 41_978_752),
            keep("nvidia/cudnn/lib/libcudnn_engines_tensor_ir.so.9", 249_581_552),
            keep("nvidia/cudnn/lib/libcudnn_ext.so.9", 10_492_592),
            keep("nvidia/cudnn/lib/libcudnn_graph.so.9", 149_118_552),
            keep("nvidia/cudnn/lib/libcudnn_heuristic.so.9", 96_473_968),
            keep("nvidia/cudnn/lib/libcudnn_ops.so.9", 35_661_648),
            named(
                "nvidia_cudnn_cu13-9.28.1.4.dist-info/licenses/License.txt",
                "nvidia-cudnn-cu13-licence.txt",
                18_174,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cuda-nvrtc",
        version: "13.5.37",
        folder: "a9/54/db4e7f650746265f61c05cf1f8f556dd8c6739b58c823fbc9a7d6fda3247",
        file: "nvidia_cuda_nvrtc-13.5.37-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        bytes: 58_185_930,
        sha256: "86b4d68058807988b7d9af5b44917a0601e9c337f35ccd657bfb3c759ff8d8bc",
        members: &[
            keep("nvidia/cu13/lib/libnvrtc-builtins.so.13.5", 7_268_296),
            keep("nvidia/cu13/lib/libnvrtc.so.13", 141_163_664),
            named(
                "nvidia_cuda_nvrtc-13.5.37.dist-info/licenses/License.txt",
                "nvidia-cuda-nvrtc-licence.txt",
                59_262,
            ),
        ],
    },
];

/// For Windows on x86-64.
pub(super) const WINDOWS: &[Wheel] = &[
    Wheel {
        package: "onnxruntime-gpu",
        version: "1.31.1",
        folder: "05/ec/fe99397c6d6582fe26502b608f132a1c7748381fa72523c8b7a0686b9b14",
        file: "onnxruntime_gpu-1.31.1-cp312-cp312-win_amd64.whl",
        bytes: 168_098_228,
        sha256: "2bb1e9373baba88f6415257f5b6a589d23e23c16004f7d89adf4344eada5749e",
        members: &[
            keep("onnxruntime/capi/onnxruntime.dll", 18_881_336),
            keep("onnxruntime/capi/onnxruntime_providers_shared.dll", 21_816),
            keep("onnxruntime/capi/onnxruntime_providers_cuda.dll", 194_399_072),
            named("onnxruntime/LICENSE", "onnxruntime-licence.txt", 1_094),
            named("onnxruntime/ThirdPartyNotices.txt", "onnxruntime-third-party-notices.txt", 344_457),
        ],
    },
    Wheel {
        package: "nvidia-cuda-runtime",
        version: "13.5.37",
        folder: "35/99/e07dd9565d2e0317c1a62ff39ae9fc0542c048f74bcfc777c8be97710347",
        file: "nvidia_cuda_runtime-13.5.37-py3-none-win_amd64.whl",
        bytes: 2_780_254,
        sha256: "f225d3fa5ea6bfbb58fc4979ef72375cbe661d9107f0d8a4ff22cc151525e4a9",
        members: &[
            keep("nvidia/cu13/bin/x86_64/cudart64_13.dll", 551_024),
            named(
                "nvidia_cuda_runtime-13.5.37.dist-info/licenses/License.txt",
                "nvidia-cuda-runtime-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cublas",
        version: "13.10.0.20",
        folder: "12/39/e1b1b4adb8b171894d9a89035df0596d448cf73dc403802d24dbe30cc0be",
        file: "nvidia_cublas-13.10.0.20-py3-none-win_amd64.whl",
        bytes: 427_284_863,
        sha256: "c310b749eea855b88fafb906de08d6819b87216c6711640771764fea5dcd8546",
        members: &[
            keep("nvidia/cu13/bin/x86_64/cublas64_13.dll", 55_212_656),
            keep("nvidia/cu13/bin/x86_64/cublasLt64_13.dll", 499_102_832),
            named(
                "nvidia_cublas-13.10.0.20.dist-info/licenses/License.txt",
                "nvidia-cublas-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-curand",
        version: "10.4.5.25",
        folder: "ee/b6/5b38490991b6875ae60c4f41e190ac91cadd1e6a1324b152999cc4a3f580",
        file: "nvidia_curand-10.4.5.25-py3-none-win_amd64.whl",
        bytes: 77_330_709,
        sha256: "f6a02a70f5b9715235df31a164a4bf3237a45be1600a5f435f5e4a0d8682eb22",
        members: &[
            keep("nvidia/cu13/bin/x86_64/curand64_10.dll", 105_042_032),
            named(
                "nvidia_curand-10.4.5.25.dist-info/licenses/License.txt",
                "nvidia-curand-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cufft",
        version: "12.5.0.14",
        folder: "94/79/8f2a7125f560b86571c0be3dbf10e33041187bc4a8cf66107541fe8e5cce",
        file: "nvidia_cufft-12.5.0.14-py3-none-win_amd64.whl",
        bytes: 164_476_208,
        sha256: "78e7585159ecf37d73af1ce43a5dea7fd3360e1af71cde08f070c07966a336bc",
        members: &[
            keep("nvidia/cu13/bin/x86_64/cufft64_12.dll", 236_194_928),
            named(
                "nvidia_cufft-12.5.0.14.dist-info/licenses/License.txt",
                "nvidia-cufft-licence.txt",
                59_262,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cudnn-cu13",
        version: "9.28.1.4",
        folder: "48/9c/26e6bdd31c97c389aa565b49c916be0dec17dd61dad6cd33fee286d1b946",
        file: "nvidia_cudnn_cu13-9.28.1.4-py3-none-win_amd64.whl",
        bytes: 407_065_099,
        sha256: "73d874c6bd8a1c75ca040228f77c4e163efe9bab3b65bd85914e2b7334ac68ee",
        members: &[
            keep("nvidia/cudnn/bin/cudnn64_9.dll", 272_496),
            keep("nvidia/cudnn/bin/cudnn_adv64_9.dll", 89_196_656),
            keep("nvidia/cudnn/bin/cudnn_cnn64_9.dll", 1_462_384),
            keep("nvidia/cudnn/bin/cudnn_engines_precompiled64_9.dll", 219_385_456),
            keep("nvidia/cudnn/bin/cudnn_engines_runtime_compiled64_9.dll", 38_390_896),
            keep("nvidia/cudnn/bin/cudnn_engines_tensor_ir64_9.dll", 156_784),
            keep("nvidia/cudnn/bin/cudnn_ext64_9.dll", 130_160),
            keep("nvidia/cudnn/bin/cudnn_graph64_9.dll", 125_943_920),
            keep("nvidia/cudnn/bin/cudnn_heuristic64_9.dll", 94_795_376),
            keep("nvidia/cudnn/bin/cudnn_ops64_9.dll", 33_099_376),
            named(
                "nvidia_cudnn_cu13-9.28.1.4.dist-info/licenses/LICENSE",
                "nvidia-cudnn-cu13-licence.txt",
                29_574,
            ),
        ],
    },
    Wheel {
        package: "nvidia-cuda-nvrtc",
        version: "13.5.37",
        folder: "9f/6c/241c5155199a6de55bad8862213ed64b487dc9526aae817e4af31afea1a4",
        file: "nvidia_cuda_nvrtc-13.5.37-py3-none-win_amd64.whl",
        bytes: 49_248_991,
        sha256: "e8e6c10b251385707ae3abd7b4ee118de6736fd7678d0f0f4eab4d759f679c21",
        members: &[
            keep("nvidia/cu13/bin/x86_64/nvrtc-builtins64_135.dll", 7_407_216),
            keep("nvidia/cu13/bin/x86_64/nvrtc64_130_0.dll", 111_767_152),
            named(
                "nvidia_cuda_nvrtc-13.5.37.dist-info/licenses/License.txt",
                "nvidia-cuda-nvrtc-licence.txt",
                59_262,
            ),
        ],
    },
];
