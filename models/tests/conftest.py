"""One exported pack and its sessions, shared by all tests."""

import onnxruntime
import pytest
import torch

from models.starter_pack.__main__ import make_pack
from models.starter_pack.encoder import Encoder
from models.starter_pack.generator import Generator


@pytest.fixture(scope="session")
def pack(tmp_path_factory):
    """The folder of a freshly made pack."""
    folder = tmp_path_factory.mktemp("starter")
    make_pack(folder)
    return folder


def open_session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="session")
def encode(pack):
    """audio tensor [1, 48000] -> (embedding, controls) by ONNX Runtime."""
    session = open_session(pack / "encoder.onnx")
    return lambda audio: [torch.from_numpy(v) for v in session.run(["embedding", "controls"], {"audio": audio.numpy()})]


@pytest.fixture(scope="session")
def generate(pack):
    """embedding, z -> image [1, 3, 256, 256] by ONNX Runtime."""
    session = open_session(pack / "generator.onnx")
    return lambda e, z: torch.from_numpy(session.run(["image"], {"embedding": e.numpy(), "z": z.numpy()})[0])


@pytest.fixture(scope="session")
def encoder():
    return Encoder().eval()


@pytest.fixture(scope="session")
def generator():
    return Generator().eval()
